// What people did in an incident is told by instant, and in a sentence.
#include "scenarios/run/incident_people.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scenarios/run/incident_report.hpp"
#include "tests/scenarios/run/library.hpp"

namespace nines::scenarios {
namespace incident_people_test {

Played played(const std::string& name, std::vector<failure::ScriptedFault> faults, Duration length, double per_s) {
  const Scenario scenario = library(name);
  Incident incident;
  incident.name = "test";
  incident.script = std::move(faults);
  incident.length = length;
  incident.load = default_load(scenario.clusters[0]);
  incident.load.rates = {{Instant{}, per_s}};
  auto out = play(scenario, incident, 1);
  EXPECT_TRUE(out);
  return std::move(*out);
}

std::string told(const Sheet& sheet) {
  std::string all;
  for (const auto& row : sheet.rows) all += row[1].text + '\n';
  return all;
}

void expect_in_order(const Sheet& sheet) {
  for (std::size_t r = 1; r < sheet.rows.size(); ++r) EXPECT_LE(*sheet.rows[r - 1][0].value, *sheet.rows[r][0].value);
}

TEST(IncidentPeople, GoBackToABackup) {
  const Played story = played("camunda-single-node-backups", {{.at = 60s, .mode = "replace", .on = {"us-east-1/a"}, .duration = 60s}}, 25min, 2);
  const auto sheet = steps_sheet(story);
  ASSERT_TRUE(sheet);
  expect_in_order(*sheet);
  ASSERT_EQ(sheet->rows.size(), 6u) << told(*sheet);
  EXPECT_NEAR(*sheet->rows[0][0].value, 60, 1e-6);
  EXPECT_NEAR(*sheet->rows[1][0].value, 60 + 300, 1e-6);  // Detection and decision of five minutes each.
  EXPECT_NEAR(*sheet->rows[2][0].value, 60 + 600, 1e-6);
  EXPECT_NE(sheet->rows[2][1].text.find("has decided to go back to the backup of"), std::string::npos);
  EXPECT_EQ(sheet->rows[5][1].text, "every partition can be written again");
  const auto lines = people_lines(story);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("before the loss: decided at"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("all written again at"), std::string::npos) << lines[0];
  const Played short_story = played("camunda-single-node-backups", {{.at = 60s, .mode = "replace", .on = {"us-east-1/a"}, .duration = 60s}}, 5min, 2);
  EXPECT_EQ(people_lines(short_story), (std::vector<std::string>{"Data are lost, and nobody has decided to go back to a backup before the end."}));
}

TEST(IncidentPeople, GiveUpARegionAndTakeItBack) {
  const Played story = played("camunda-two-regions-failover", {{.at = 60s, .mode = "stop", .on = {"eu-west-2"}, .duration = 25min}}, 75min, 1);
  const auto sheet = steps_sheet(story);
  ASSERT_TRUE(sheet);
  expect_in_order(*sheet);
  const std::string all = told(*sheet);
  for (const char* step : {"quorums are lost with region eu-west-2", "has decided to go on without it", "removed by force", "can be written again",
                           "run again, empty", "hold everything, and vote"})
    EXPECT_NE(all.find(step), std::string::npos) << step << " in\n" << all;
  const auto lines = people_lines(story);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].rfind("People give up region eu-west-2: its brokers removed by force at", 0), 0u) << lines[0];
  const Played brief = played("camunda-two-regions-failover", {{.at = 60s, .mode = "stop", .on = {"eu-west-2"}, .duration = 2min}}, 10min, 1);
  ASSERT_EQ(people_lines(brief).size(), 1u);
  EXPECT_NE(people_lines(brief)[0].find("the quorums were back"), std::string::npos) << people_lines(brief)[0];
}

TEST(IncidentPeople, DoNothingWhereNothingIsTheirs) {
  const Played story = played("camunda-three-zones", {{.at = 10s, .mode = "stop", .on = {"us-east-1/a"}, .duration = 10s}}, 40s, 1);
  EXPECT_FALSE(steps_sheet(story));
  EXPECT_TRUE(people_lines(story).empty());
}

}  // namespace incident_people_test
}  // namespace nines::scenarios
