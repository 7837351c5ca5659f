// One cluster on steady and on spot nodes: dealt over both, and simulated and solved alike.
#include <gtest/gtest.h>

#include "analysis/exact/combine.hpp"
#include "analysis/exact/quorum.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "tests/support/watched.hpp"

namespace nines::scenarios {
namespace pools_test {

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
        node-loss: {rate: 120/year}
        eviction: {scope: pool-in-zone, effect: stop, rate: 200/year, duration: {lognormal: {median: 40min, sigma: 1}}, source: assumption}
cluster: {profile: zeebe-8.9, nodePool: [steady, spot], brokers: 7, partitions: 7, replication: 5, load: none}
faults:
  node-loss: {scope: node, effect: stop, rate: 40/year, duration: 4h}
simulation: {years: 1, replications: 60}
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

// Zone a holds two spot nodes, and some partitions have both: it matters that they go together. An alarm at p < 1e-4 is false for one seed in 10,000.
TEST(PoolsOfACluster, LoseTheirQuorumsInSimulationAsOftenAsSolved) {
  if (testing_worlds::watched) GTEST_SKIP() << testing_worlds::figures_elsewhere;
  const world::Options world = to_world(scenario_of());
  const auto plan = std::make_shared<const world::Plan>(world);
  analysis::Summary summary(world);
  for (std::uint64_t r = 0; r < 60; ++r) summary.add(world::simulate(plan, 1, r));
  const auto check_against = [&](const world::Options& solved) {
    const analysis::Model model = *analysis::model_of(solved);
    return analysis::self_check(analysis::QuorumSolver(model, 0).solve(analysis::laws_of(model)),
                                analysis::variance_of_losses(model, 0, solved.modes), summary, 0, "cluster", std::nullopt);
  };
  const analysis::SelfCheck right = check_against(world);
  ASSERT_TRUE(right.quorum.has_value());
  EXPECT_FALSE(right.flagged()) << right.quorum_over;

  world::Options one_by_one = world;
  for (failure::Mode& mode : one_by_one.modes)
    if (mode.name == "spot/eviction") mode.scope = failure::Scope::node;
  EXPECT_TRUE(check_against(one_by_one).flagged()) << "spot nodes that are taken each on its own";
  world::Options alike = world;
  for (failure::Mode& mode : alike.modes)
    if (mode.name == "spot/node-loss") mode.up_time = mode.up_time.stretched(3);
  EXPECT_TRUE(check_against(alike).flagged()) << "spot nodes that fail as rarely as steady ones";
}

}  // namespace pools_test
}  // namespace nines::scenarios
