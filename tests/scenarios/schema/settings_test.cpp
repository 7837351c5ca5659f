// Settings of the command line: checked like the file, and blamed by their own name.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace settings_test {

Result<Scenario> with(const std::vector<Setting>& settings, const std::string& text = three_zones()) {
  return read_scenario(text, "file.yaml", catalogs(), settings);
}

std::string refusal(const Setting& setting) {
  const auto scenario = with({setting});
  return scenario ? "accepted" : render(scenario.error(), three_zones());
}

TEST(Settings, TakeThePlaceOfTheFilesValues) {
  const auto scenario = with({{"cluster.brokers", "5"}, {"cluster.replication", "5"}, {"metadata.name", "five"}});
  ASSERT_TRUE(scenario.has_value());
  EXPECT_EQ(scenario->clusters[0].replication, 5);
  EXPECT_EQ(scenario->metadata.name, "five");
}

TEST(Settings, ReachElementsOfListsByName) {
  const auto scenario = with({{"topology.regions.us-east-1.zones", "[a, b]"}});
  ASSERT_TRUE(scenario.has_value());
  EXPECT_EQ(scenario->topology.regions[0].zones.size(), 2u);
}

TEST(Settings, MakeWhatTheFileDoesNotSay) {
  const auto scenario =
      with({{"simulation.years", "0.5"}, {"faults.zone-outage.rate", "1/year"}, {"faults.region-outage", "off"}, {"cluster.load.appends", "5/s"}});
  ASSERT_TRUE(scenario.has_value()) << render(scenario.error(), "");
  EXPECT_EQ(scenario->simulation.years, 0.5);
  EXPECT_EQ(scenario->clusters[0].load.appends_per_s, 5);
}

TEST(Settings, OpenAShortForm) {
  const auto scenario = with({{"faults.zone-outage.rate", "1/year"}}, three_zones("faults: {zone-outage: off}\n"));
  ASSERT_TRUE(scenario.has_value()) << render(scenario.error(), "");
}

TEST(Settings, AreExplainedByTheirOwnName) {
  const auto scenario = with({{"cluster.partitions", "6"}});
  ASSERT_TRUE(scenario.has_value());
  const auto& all = scenario->explanations;
  const auto found = std::find_if(all.begin(), all.end(), [](const Explanation& one) { return one.path == "cluster.partitions"; });
  ASSERT_NE(found, all.end());
  EXPECT_EQ(found->source, "--set cluster.partitions=6");
}

TEST(Settings, AreBlamedByTheirOwnName) {
  EXPECT_EQ(refusal({"cluster.replication", "9"}), "--set cluster.replication=9: error: a replication of 9 needs as many brokers; there are 3\n");
  EXPECT_EQ(refusal({"cluster.brokrs", "3"}), "--set cluster.brokrs=3: error: unknown key 'brokrs'; did you mean 'brokers'?\n");
  EXPECT_EQ(refusal({"", "3"}), "--set =3: error: expected path=value, such as cluster.replication=5\n");
  EXPECT_EQ(refusal({"cluster.brokers", ""}), "--set cluster.brokers=: error: the value is empty or not valid YAML\n");
  EXPECT_EQ(refusal({"cluster.brokers", "[1"}), "--set cluster.brokers=[1: error: the value is empty or not valid YAML\n");
  EXPECT_EQ(refusal({"topology.regions.mars.zones", "[a]"}),
            "--set topology.regions.mars.zones=[a]: error: nothing is called 'mars' there; lists are addressed by their elements' names\n");
}

TEST(Settings, CannotTurnAScenarioThatIsNoneIntoOne) {
  const auto scenario = with({{"cluster.brokers", "5"}}, "just a word\n");
  ASSERT_FALSE(scenario.has_value());
  EXPECT_FALSE(scenario.error().empty());
}

}  // namespace settings_test
}  // namespace nines::scenarios
