// Sweeps and incidents that stand in files of their own.
#include "scenarios/schema/standalone.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace standalone_test {

std::string headed(const std::string& kind, const std::string& more) {
  return "apiVersion: nines/v1\nkind: " + kind + "\nmetadata: {name: mine, question: \"What then?\"}\nscenario: three-zones\n" + more;
}

std::string refusal_of_sweep(const std::string& text) {
  const auto sweep = read_sweep_file(text, "sweep.yaml");
  return sweep ? "accepted" : lines(sweep.error());
}
std::string refusal_of_incident(const std::string& text) {
  const auto incident = read_incident_file(text, "incident.yaml");
  return incident ? "accepted" : lines(incident.error());
}

TEST(StandaloneFile, IsKnownByItsKind) {
  EXPECT_EQ(kind_of(headed("Sweep", "")), FileKind::sweep);
  EXPECT_EQ(kind_of(headed("Incident", "")), FileKind::incident);
  EXPECT_EQ(kind_of(three_zones()), FileKind::scenario);
  EXPECT_EQ(kind_of("[1, 2"), FileKind::scenario);
  EXPECT_EQ(kind_of("Sweep"), FileKind::scenario);
}

TEST(StandaloneSweep, NamesItsScenarioAndWhatVaries) {
  const auto read = read_sweep_file(
      headed("Sweep",
             "set: {cluster.partitions: 9}\naxes: {cluster.brokers: [3, 5]}\nwhere: brokers > 3\nrepeats: 2\nmethod: exact\nexpect: nines >= 3\n"),
      "sweep.yaml");
  ASSERT_TRUE(read.has_value()) << render(read.error(), "");
  EXPECT_EQ(read->beside.metadata.name, "mine");
  EXPECT_EQ(read->beside.scenario.text, "three-zones");
  EXPECT_EQ(read->beside.scenario.place.line, 4);
  ASSERT_EQ(read->beside.settings.size(), 1u);
  EXPECT_EQ(read->beside.settings[0].path, "cluster.partitions");
  EXPECT_EQ(read->beside.settings[0].value, "9");
  EXPECT_EQ(read->beside.settings[0].place.line, 5);
  EXPECT_EQ(read->sweep.axes.size(), 1u);
  EXPECT_EQ(read->sweep.where.text, "brokers > 3");
  EXPECT_EQ(read->sweep.repeats, 2);
  EXPECT_EQ(read->sweep.method, Sweep::Method::exact);
  EXPECT_EQ(read->sweep.expect.size(), 1u);
}

TEST(StandaloneSweep, IsReadAsStrictlyAsAScenario) {
  EXPECT_EQ(refusal_of_sweep("apiVersion: nines/v1\nkind: Sweep\nmetadata: {name: mine}\naxes: {cluster.brokers: [3]}\n"),
            "1:1: 'scenario' is missing: The scenario it is about: a path beside this file, or a name of the library.\n");
  EXPECT_EQ(refusal_of_sweep(headed("Sweep", "axis: {cluster.brokers: [3]}\n")), "5:1: unknown key 'axis'; did you mean 'axes'?\n");
  EXPECT_EQ(refusal_of_sweep(headed("Sweep", "axes: {cluster.brokers: []}\nrepeats: x\n")),
            "5:8: an axis needs a list of values\n6:10: expected a whole number such as '3', without quotes, not 'x'\n");
  EXPECT_EQ(refusal_of_sweep(headed("Sweep", "set: {cluster.brokers: }\naxes: {cluster.brokers: [3]}\n")), "5:7: 'cluster.brokers' has no value\n");
}

TEST(StandaloneIncident, IsTheOnlyIncidentOfItsScenario) {
  const auto file = read_incident_file(
      headed("Incident", "set: {cluster.load.appends: 200/s}\nlength: 9min\nscript: [{at: 1min, fault: zone-outage, on: us-east-1/b, for: 2min}]\n"),
      "incident.yaml");
  ASSERT_TRUE(file.has_value()) << render(file.error(), "");
  const std::string text = three_zones("incidents: {other: [{at: 0s, fault: stop, on: broker-0, for: 1s}]}\n");
  const auto scenario = read_incident_scenario(*file, text, "three.yaml", catalogs(), {{"incidents.mine.length", "8min"}});
  ASSERT_TRUE(scenario.has_value()) << render(scenario.error(), text);
  ASSERT_EQ(scenario->incidents.size(), 1u);
  EXPECT_EQ(scenario->incidents[0].name, "mine");
  EXPECT_EQ(scenario->incidents[0].length, 8min);
  EXPECT_EQ(scenario->incidents[0].script.size(), 1u);
  EXPECT_EQ(scenario->clusters[0].load.appends_per_s, 200);
}

TEST(StandaloneIncident, IsWrongAtItsOwnPlace) {
  EXPECT_EQ(refusal_of_incident(headed("Incident", "script: []\n")), "5:9: expected at least 1 element\n");
  EXPECT_EQ(refusal_of_incident(headed("Incident", "scrip: [{at: 0s, fault: stop, on: broker-0, for: 1s}]\n")),
            "5:1: unknown key 'scrip'; did you mean 'script'?\n");
  const auto file = read_incident_file(headed("Incident", "script: [{at: 0s, fault: stop, on: brokr-0, for: 1s}]\n"), "incident.yaml");
  ASSERT_TRUE(file.has_value());
  const auto scenario = read_incident_scenario(*file, three_zones(), "three.yaml", catalogs(), {});
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(scenario.error()[0].place.file, "incident.yaml");
  EXPECT_EQ(scenario.error()[0].place.line, 5);
}

}  // namespace standalone_test
}  // namespace nines::scenarios
