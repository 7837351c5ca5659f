// What is said that people have to do.
#include "scenarios/run/people.hpp"

#include <gtest/gtest.h>

#include "scenarios/run/translate.hpp"
#include "tests/scenarios/run/library.hpp"

namespace nines::scenarios {
namespace people_test {

const std::vector<Cell>* row_of(const Sheet& sheet, const std::string& what) {
  for (const auto& row : sheet.rows)
    if (row[0].text == what) return &row;
  return nullptr;
}

Sheet sheet_of(const Scenario& scenario) { return people_sheet(scenario, to_world(scenario)).value(); }

TEST(People, RepairsAndPlannedWorkAreCountedOverAllElements) {
  Scenario scenario = library("camunda-bare-metal");
  const world::Options world = to_world(scenario);
  const Sheet sheet = sheet_of(scenario);
  std::size_t expected = 0;
  for (const auto* modes : {&world.modes, &world.services.modes})
    for (const failure::Mode& mode : *modes)
      expected += mode.repair.people || !mode.repair.crew.empty() || mode.effect == failure::Effect::planned_stop ? 1u : 0u;
  EXPECT_EQ(sheet.rows.size(), expected);
  for (std::size_t i = 1; i < sheet.rows.size(); ++i) EXPECT_GE(sheet.rows[i - 1][2].value.value(), sheet.rows[i][2].value.value());
  // Three machines, by the mode's own rate.
  for (const failure::Mode& mode : world.modes) {
    if (!mode.repair.people || mode.scope != failure::Scope::node) continue;
    const auto* row = row_of(sheet, mode.name);
    ASSERT_NE(row, nullptr) << mode.name;
    const double nodes = static_cast<double>(world.topology.nodes.size());
    EXPECT_NEAR((*row)[2].value.value(), nodes * seconds(year) / (mode.up_time.sample_mean_s() + mode.duration.sample_mean_s()), 1e-9) << mode.name;
    EXPECT_NEAR((*row)[4].value.value(), (*row)[2].value.value() * (*row)[3].value.value() / 3600, 1e-9);
  }
}

TEST(People, ProceduresHaveTheirStepsAndAreAsFrequentAsTheirCauses) {
  const Sheet failover = sheet_of(library("camunda-two-regions-failover"));
  const auto* over = row_of(failover, "failover");
  const auto* back = row_of(failover, "failback");
  ASSERT_NE(over, nullptr);
  ASSERT_NE(back, nullptr);
  EXPECT_EQ((*over)[3].value, 15 * 60);
  EXPECT_EQ((*over)[5].text, "4");
  EXPECT_EQ((*back)[3].value, 35 * 60);
  EXPECT_GT((*over)[2].value.value(), 0);
  const Sheet backups = sheet_of(library("camunda-single-node-backups"));
  const auto* restore = row_of(backups, "restore");
  ASSERT_NE(restore, nullptr);
  EXPECT_NEAR((*restore)[3].value.value(), 300 + 300 + 37.2 + 172, 1e-6);
  EXPECT_NEAR((*restore)[2].value.value(), 0.096, 0.005);  // One machine: its replacements.
}

}  // namespace people_test
}  // namespace nines::scenarios
