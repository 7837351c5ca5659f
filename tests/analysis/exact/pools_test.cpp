// Nodes of two pools in one partition, against the sum over all states by hand.
#include <algorithm>

#include <gtest/gtest.h>

#include "analysis/exact/gaps.hpp"
#include "analysis/exact/kind.hpp"
#include "analysis/exact/quorum.hpp"

namespace nines::analysis {
namespace pools_test {

using failure::Effect;
using failure::Scope;

failure::Mode mode(std::string name, Scope scope, std::vector<std::string> pools, double unavailability) {
  failure::Mode made;
  made.name = std::move(name);
  made.scope = scope;
  made.pools = std::move(pools);
  made.up_time = Law::exponential(from_seconds(1000 * (1 - unavailability)));
  made.duration = Law::exponential(from_seconds(1000 * unavailability));
  return made;
}

// Three steady nodes in a zone each, and two spot nodes that share the first zone: five replicas of one partition.
world::Options five_replicas() {
  world::Options options;
  options.topology.regions = {{"r"}};
  for (const char* zone : {"r/a", "r/b", "r/c"}) options.topology.zones.push_back({zone, RegionId{std::size_t{0}}});
  world::Cluster cluster;
  cluster.partitions.emplace_back();
  for (std::size_t b = 0; b < 5; ++b) {
    options.topology.nodes.push_back({"n-" + std::to_string(b), ZoneId{b < 3 ? b : 0}, {}, b < 3 ? "steady" : "spot"});
    options.brokers.push_back({"c/" + std::to_string(b), NodeId{b}, {}});
    cluster.partitions[0].push_back({BrokerId{b}});
  }
  options.clusters = {cluster};
  return options;
}

TEST(QuorumSolver, TellsPoolsApart) {
  constexpr double steady = 0.01, spot = 0.1, evicted = 0.05;
  world::Options options = five_replicas();
  options.modes = {mode("node-loss", Scope::node, {"steady"}, steady), mode("spot/node-loss", Scope::node, {"spot"}, spot),
                   mode("spot/eviction", Scope::pool_in_zone, {"spot"}, evicted)};
  const Model model = *model_of(options);
  ASSERT_EQ(model.atoms.size(), 6u) << "three steady nodes, two spot nodes, and one place from which spot nodes are taken";
  double lost = 0;
  for (unsigned state = 0; state < 64; ++state) {
    double probability = (state >> 5 & 1) != 0 ? evicted : 1 - evicted;
    int down = 0;
    for (unsigned n = 0; n < 5; ++n) {
      const double u = n < 3 ? steady : spot;
      const bool itself = (state >> n & 1) != 0;
      probability *= itself ? u : 1 - u;
      down += itself || (n >= 3 && (state >> 5 & 1) != 0) ? 1 : 0;
    }
    lost += down >= 3 ? probability : 0;
  }
  EXPECT_NEAR(QuorumSolver(model, 0).some_lost(laws_of(model)).fraction, lost, 1e-14);
}

TEST(GapSampler, CountsTheFaultsOfAModesOwnPools) {
  world::Options options = five_replicas();
  options.modes = {mode("node-loss", Scope::node, {"steady"}, 0.1), mode("spot/node-loss", Scope::node, {"spot"}, 0.1),
                   mode("spot/eviction", Scope::pool_in_zone, {"spot"}, 0.1)};
  const GapSampler sampler(std::make_shared<const world::Plan>(options), 1);
  EXPECT_NEAR(sampler.per_s(0), 3 / 1000.0, 1e-12);
  EXPECT_NEAR(sampler.per_s(1), 2 / 1000.0, 1e-12);
  EXPECT_NEAR(sampler.per_s(2), 1 / 1000.0, 1e-12);
}

TEST(Kind, TakesDesignsThatDifferInTheirPoolsForDifferent) {
  world::Options options = five_replicas();
  options.modes = {mode("node-loss", Scope::node, {"steady"}, 0.1)};
  const std::string before = content_of(options, options.modes);
  options.modes[0].pools = {"spot"};
  EXPECT_NE(content_of(options, options.modes), before);
  options.modes[0].pools = {"steady"};
  EXPECT_EQ(content_of(options, options.modes), before);
  options.topology.nodes[4].pool = "steady";
  EXPECT_NE(content_of(options, options.modes), before);
}

}  // namespace pools_test
}  // namespace nines::analysis
