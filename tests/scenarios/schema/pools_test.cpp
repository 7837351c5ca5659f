// What fails on one node pool and not, or not so, on the others.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace pools_test {

constexpr const char* two_pools = R"(apiVersion: nines/v1
kind: Scenario
metadata: {name: two-pools}
topology:
  regions: [{name: us-east-1, zones: [a, b, c]}]
  nodePools:
    steady: {zones: us-east-1/*, nodes: 3}
    spot:
      zones: us-east-1/*
      nodes: 2
      faults:
        node-loss: {rate: 20/year}
        node-replacement: off
        eviction: {scope: pool-in-zone, effect: stop, rate: 6/year, duration: 20min, source: assumption}
cluster: {profile: zeebe-8.9, nodePool: [steady, spot], brokers: 5, partitions: 5, replication: 3, load: none}
)";

Scenario read(const std::string& text, const std::vector<Setting>& settings = {}) {
  auto scenario = read_scenario(text, "file.yaml", catalogs(), settings);
  EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : render(scenario.error(), text));
  return scenario ? *scenario : Scenario{};
}

const failure::Mode* mode(const Scenario& scenario, const std::string& name) {
  const auto found = std::find_if(scenario.faults.begin(), scenario.faults.end(), [&](const failure::Mode& one) { return one.name == name; });
  return found == scenario.faults.end() ? nullptr : &*found;
}

using Names = std::vector<std::string>;

TEST(PoolFaults, LieOverTheScenariosAndLeaveItToTheOtherPools) {
  const Scenario scenario = read(two_pools);
  ASSERT_NE(mode(scenario, "node-loss"), nullptr);
  ASSERT_NE(mode(scenario, "spot/node-loss"), nullptr);
  EXPECT_EQ(mode(scenario, "node-loss")->pools, Names{"steady"});
  EXPECT_EQ(mode(scenario, "spot/node-loss")->pools, Names{"spot"});
  EXPECT_NEAR(mode(scenario, "spot/node-loss")->up_time.mean_s(), seconds(year) / 20, 1);
  EXPECT_EQ(mode(scenario, "spot/node-loss")->duration, mode(scenario, "node-loss")->duration) << "what the pool leaves out is as everywhere";
  EXPECT_TRUE(mode(scenario, "zone-outage")->pools.empty());
}

TEST(PoolFaults, AreSwitchedOffForOnePool) {
  const Scenario scenario = read(two_pools);
  EXPECT_EQ(mode(scenario, "node-replacement")->pools, Names{"steady"});
  EXPECT_EQ(mode(scenario, "spot/node-replacement"), nullptr);
}

TEST(PoolFaults, AreGoneEverywhereWhenNoPoolIsLeft) {
  const Scenario scenario = read(two_pools, {{"topology.nodePools.steady.faults.node-replacement", "off"}});
  EXPECT_EQ(mode(scenario, "node-replacement"), nullptr);
}

TEST(PoolFaults, MayBringBackWhatTheScenarioSwitchesOff) {
  const Scenario scenario = read(two_pools, {{"faults.node-loss", "off"}});
  EXPECT_EQ(mode(scenario, "node-loss"), nullptr);
  ASSERT_NE(mode(scenario, "spot/node-loss"), nullptr);
  EXPECT_EQ(mode(scenario, "spot/node-loss")->scope, failure::Scope::node);
}

TEST(PoolFaults, MayTakeAWholePoolInAZone) {
  const Scenario scenario = read(two_pools);
  ASSERT_NE(mode(scenario, "spot/eviction"), nullptr);
  EXPECT_EQ(mode(scenario, "spot/eviction")->scope, failure::Scope::pool_in_zone);
  EXPECT_EQ(scenario.topology.pools[1].occupied, (Names{"us-east-1/a", "us-east-1/b"}));
  EXPECT_EQ(scenario.clusters[0].pools, (Names{"steady", "spot"}));
  EXPECT_EQ(read(std::string(two_pools) + "script: [{at: 1h, fault: stop, on: spot/us-east-1/b, for: 1h}]\n").script.size(), 1u);
}

TEST(PoolFaults, AreExplainedWhereTheyStand) {
  const Scenario scenario = read(two_pools);
  const auto found = std::find_if(scenario.explanations.begin(), scenario.explanations.end(),
                                  [](const Explanation& one) { return one.path == "topology.nodePools.spot.faults.eviction"; });
  ASSERT_NE(found, scenario.explanations.end());
  EXPECT_EQ(found->value, "stop of a pool-in-zone, up exponential(mean 60.875 d), down fixed(20 min), on nodes of spot");
  EXPECT_EQ(found->source, "assumption");
}

TEST(Budget, IsWarnedOfWhereNothingIsPlanned) {
  const auto warned = [](const Scenario& scenario) {
    return std::count_if(scenario.warnings.begin(), scenario.warnings.end(),
                         [](const Error& warning) { return warning.what == "nothing is planned here: no failure mode has the effect planned-stop"; });
  };
  EXPECT_EQ(warned(read(two_pools, {{"operations.maxUnavailable", "1"}})), 0);
  EXPECT_EQ(warned(read(two_pools, {{"operations.maxUnavailable", "1"}, {"faults.rolling-upgrade", "off"}, {"faults.node-patching", "off"}})), 1);
}

}  // namespace pools_test
}  // namespace nines::scenarios
