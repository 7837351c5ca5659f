// One cluster on steady and on spot nodes: dealt over both, and simulated and solved alike.
#include <gtest/gtest.h>

#include "scenarios/run/answer.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace {

constexpr const char* two_pools = R"(apiVersion: nines/v1
kind: Scenario
metadata: {name: two-pools}
catalogs: {faults: none}
topology:
  regions: [{name: us-east-1, zones: [a, b, c]}]
  nodePools:
    steady: {zones: us-east-1/*, nodes: 3}
    spot:
      zones: us-east-1/*
      nodes: 4
      disk: {fsync: {fixed: 5ms}}
      faults:
        node-loss: {rate: 40/year}
        eviction: {scope: pool-in-zone, effect: stop, rate: 60/year, duration: {lognormal: {median: 20min, sigma: 1}}, source: assumption}
cluster: {profile: zeebe-8.9, nodePool: [steady, spot], brokers: 7, partitions: 7, replication: 3, load: none}
faults:
  node-loss: {scope: node, effect: stop, rate: 10/year, duration: 2h}
simulation: {years: 1, replications: 400}
)";

Scenario scenario_of(const std::vector<Setting>& settings = {}) {
  const auto catalogs = read_catalogs(embedded_files("catalog"));
  const auto scenario = read_scenario(two_pools, "test.yaml", *catalogs, settings);
  EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : render(scenario.error(), two_pools));
  return scenario ? *scenario : Scenario{};
}

TEST(PoolsOfACluster, TakeItsBrokersZoneByZoneTheFirstPoolFirst) {
  const world::Options world = to_world(scenario_of());
  std::vector<std::string> nodes;
  for (const world::Broker& broker : world.brokers) nodes.push_back(world.topology.nodes[broker.node.index()].name);
  EXPECT_EQ(nodes, (std::vector<std::string>{"steady-0", "steady-1", "steady-2", "spot-0", "spot-1", "spot-2", "spot-3"}));
  EXPECT_EQ(world.brokers[3].flush.mean_s(), 0.005) << "its disk is its own node's";
  EXPECT_NE(world.brokers[0].flush.mean_s(), 0.005);
}

// With an alarm at p < 1e-4, one seed in 10,000 would fail by chance.
TEST(PoolsOfACluster, LoseTheirQuorumsInSimulationAsOftenAsSolved) {
  const Scenario scenario = scenario_of();
  Question question;
  question.scenario = &scenario;
  question.world = to_world(scenario);
  question.replications = 400;
  question.provenance.seed = 1;
  const Answer got = answer(question);
  ASSERT_EQ(got.report.self_checks.size(), 1u);
  ASSERT_TRUE(got.report.self_checks[0].quorum.has_value());
  EXPECT_FALSE(got.report.self_checks[0].flagged()) << got.report.self_checks[0].quorum_over;
}

}  // namespace
}  // namespace nines::scenarios
