#include "analysis/exact/quorum.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/exact/models.hpp"

namespace nines::analysis {
namespace quorum_test {

using failure::Scope;
using test::atom;

// Node, zone and region atoms with the unavailabilities of the table below.
Model placed(const std::vector<std::uint32_t>& zones, const std::vector<std::uint32_t>& zone_region) {
  Model model = test::model_of_places(zones, zone_region);
  for (std::uint32_t n = 0; n < model.nodes; ++n) model.atoms.push_back(atom(Scope::node, n, 5e-4));
  for (std::uint32_t z = 0; z < zone_region.size(); ++z) model.atoms.push_back(atom(Scope::zone, z, 1e-4));
  for (std::uint32_t r = 0; r < model.regions; ++r) model.atoms.push_back(atom(Scope::region, r, 2e-5));
  return model;
}

double lost(const Model& model) { return QuorumSolver(model, 0).some_lost(laws_of(model)).fraction; }

// Nodes fail with probability 5e-4, zones with 1e-4, regions with 2e-5; worked out by conditioning on regions and zones and convolving the rest.
TEST(QuorumSolver, GivesTheKnownUnavailabilityOfSixPlacements) {
  EXPECT_NEAR(lost(placed({0}, {0})), 6.199380010e-04, 5e-14);
  EXPECT_NEAR(lost(placed({0, 0, 0}, {0})), 1.207476600e-04, 5e-14);
  EXPECT_NEAR(lost(placed({0, 1, 2}, {0, 0, 0})), 2.107936653e-05, 5e-15);
  EXPECT_NEAR(lost(placed({0, 0, 1, 1, 2}, {0, 0, 0})), 2.033117999e-05, 5e-15);
  EXPECT_NEAR(lost(placed({0, 1, 2, 3}, {0, 0, 1, 1})), 4.215742652e-05, 5e-15);
  EXPECT_NEAR(lost(placed({0, 1, 2}, {0, 1, 2})), 1.152492862e-06, 5e-16);
}

TEST(QuorumSolver, KeepsItsPrecisionWhereUnavailabilityIsTiny) {
  Model model = test::model_of_places({0, 0, 0, 0, 0}, {0});
  for (std::uint32_t n = 0; n < 5; ++n) model.atoms.push_back(atom(Scope::node, n, 1e-7));
  EXPECT_NEAR(lost(model) / (10e-21 * (1 - 1.5e-7)), 1, 1e-12);  // 10 u^3 - 15 u^4 + 6 u^5
}

// Brokers dealt at random over nodes, racks, zones and regions; every kind of stop and cut.
struct RandomModel {
  explicit RandomModel(std::uint64_t seed) : stream(seed, 0, 0, Purpose::initial_state) {
    const std::uint32_t zones = 1 + below(3), regions = 1 + below(2);
    for (std::uint32_t z = 0; z < zones; ++z) model.zone_region.push_back(z == 0 ? 0 : below(regions));
    model.regions = regions;
    model.racks = below(3);
    const std::uint32_t brokers = 1 + below(6);
    ModelCluster cluster{.name = "cluster", .brokers = {}, .partitions = {}};
    std::vector<BrokerPlace> nodes;
    for (std::uint32_t b = 0; b < brokers; ++b) {
      if (nodes.empty() || below(4) > 0) {
        const std::uint32_t zone = below(zones);
        std::int32_t rack = -1;
        if (model.racks > 0 && below(2) == 0) {
          const std::uint32_t r = below(model.racks);  // A rack stands in one zone: that of its first node.
          bool fits = true;
          for (const BrokerPlace& n : nodes) fits = fits && (n.rack != static_cast<std::int32_t>(r) || n.zone == zone);
          if (fits) rack = static_cast<std::int32_t>(r);
        }
        nodes.push_back({.node = static_cast<std::uint32_t>(nodes.size()), .zone = zone, .region = model.zone_region[zone], .rack = rack});
      }
      model.brokers.push_back(nodes[below(static_cast<std::uint32_t>(nodes.size()))]);
      cluster.brokers.push_back(b);
    }
    model.nodes = static_cast<std::uint32_t>(nodes.size());
    for (std::uint32_t p = 0, partitions = 1 + below(4); p < partitions; ++p) {
      std::vector<std::uint32_t> voters = cluster.brokers;
      const std::uint32_t replicas = 1 + below(brokers);
      for (std::uint32_t i = 0; i < replicas; ++i) std::swap(voters[i], voters[i + below(brokers - i)]);
      voters.resize(replicas);
      cluster.partitions.push_back(voters);
    }
    model.clusters = {cluster};
    for (std::uint32_t a = 0, atoms = 1 + below(10); a < atoms; ++a) add_atom();
  }

  void add_atom() {
    const bool cuts = below(2) == 0;
    const double u = 0.02 + 0.3 * unit();
    const auto effect = cuts ? Atom::Effect::cuts : Atom::Effect::stops;
    const auto zones = static_cast<std::uint32_t>(model.zone_region.size());
    switch (below(8)) {
      case 0: return model.atoms.push_back(atom(Scope::broker, below(static_cast<std::uint32_t>(model.brokers.size())), u, effect));
      case 1: return model.atoms.push_back(atom(Scope::node, below(model.nodes), u, effect));
      case 2:
        if (model.racks > 0) model.atoms.push_back(atom(Scope::rack, below(model.racks), u, effect));
        return;
      case 3: return model.atoms.push_back(atom(Scope::zone, below(zones), u, effect));
      case 4: return model.atoms.push_back(atom(Scope::region, below(model.regions), u, effect));
      case 5:
        for (std::uint32_t a = 0; a < zones; ++a)
          for (std::uint32_t b = a + 1; b < zones; ++b)
            if (model.zone_region[a] == model.zone_region[b] && below(2) == 0)
              return model.atoms.push_back(atom(Scope::zone_pair, a, u, Atom::Effect::cuts, b));
        return;
      case 6:
        if (model.regions > 1) model.atoms.push_back(atom(Scope::region_pair, 0, u, Atom::Effect::cuts, 1));
        return;
      default: return model.atoms.push_back(atom(Scope::cluster, 0, u / 10));
    }
  }

  double unit() { return stream.uniform({0, drawn++}); }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(unit() * n); }

  Stream stream;
  std::uint64_t drawn = 0;
  Model model;
};

TEST(QuorumSolver, AgreesWithAllStatesOfRandomModels) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const RandomModel random(seed);
    const Model& model = random.model;
    const QuorumSolver solver(model, 0);
    const QuorumAnswer answer = solver.solve(laws_of(model));
    const test::ByStates all = test::by_states(model, 0);
    ASSERT_NEAR(answer.some.fraction, all.some, 1e-12) << "seed " << seed;
    ASSERT_NEAR(answer.some.per_s, all.some_per_s, 1e-13) << "seed " << seed;
    ASSERT_NEAR(answer.every.fraction, all.every, 1e-12) << "seed " << seed;
    ASSERT_EQ(answer.some.unexamined, 0) << "seed " << seed;
    for (std::size_t p = 0; p < all.partitions.size(); ++p) ASSERT_NEAR(answer.partitions[p].fraction, all.partitions[p], 1e-12) << "seed " << seed;
  }
}

// Three zones of a region, each up, down alone, or down with its region: all 27 states.
TEST(QuorumSolver, CountsFaultsThatGrowExactly) {
  world::Options options;
  options.topology.regions = {{"r"}};
  for (const char* zone : {"r/a", "r/b", "r/c"}) options.topology.zones.push_back({zone, RegionId{std::size_t{0}}});
  world::Cluster cluster;
  cluster.partitions.emplace_back();
  for (std::size_t b = 0; b < 3; ++b) {
    options.topology.nodes.push_back({"n-" + std::to_string(b), ZoneId{b}, {}});
    options.brokers.push_back({"c/" + std::to_string(b), NodeId{b}, {}});
    cluster.partitions[0].push_back({BrokerId{b}});
  }
  options.clusters = {cluster};
  failure::Mode mode;
  mode.scope = Scope::zone;
  mode.up_time = Law::exponential(900s);
  mode.duration = Law::exponential(100s);
  mode.escalation = failure::Escalation{.to = Scope::region, .probability = 0.3, .range = {}};
  options.modes = {mode};
  const Model model = *model_of(options);
  const double up = 0.9, alone = 0.1 * 0.7, with_region = 0.1 * 0.3;
  double lost = 0, per_s = 0;
  for (int state = 0; state < 27; ++state) {
    int zones_down = 0;
    bool region = false;
    double probability = 1;
    for (int z = 0, rest = state; z < 3; ++z, rest /= 3) {
      probability *= rest % 3 == 0 ? up : rest % 3 == 1 ? alone : with_region;
      zones_down += rest % 3 == 1 ? 1 : 0;
      region = region || rest % 3 == 2;
    }
    if (region || zones_down >= 2) {
      lost += probability;
    } else {  // From here each zone that is up fails every 900 s, and takes the quorum if it grows or is the second.
      per_s += probability * (3 - zones_down) / 900 * (zones_down == 1 ? 1 : 0.3);
    }
  }
  const Recurring answer = QuorumSolver(model, 0).some_lost(laws_of(model));
  EXPECT_NEAR(answer.fraction, lost, 1e-14);
  EXPECT_NEAR(answer.per_s, per_s, 1e-16);
}

TEST(QuorumSolver, PassesRoundARingOf999Brokers) {
  std::vector<std::uint32_t> zones;
  for (std::uint32_t b = 0; b < 999; ++b) zones.push_back(b % 3);
  Model model = test::model_of_places(zones, {0, 0, 0});
  model.clusters[0].partitions.clear();
  for (std::uint32_t b = 0; b < 999; ++b) model.clusters[0].partitions.push_back({b, (b + 1) % 999, (b + 2) % 999});
  for (std::uint32_t n = 0; n < 999; ++n) model.atoms.push_back(atom(Scope::node, n, 1e-3));
  const QuorumSolver solver(model, 0);
  // No two that are down stand one or two places apart. On a ring of n, k of them: n / (n - 2k) * C(n - 2k, k) ways.
  double alive = 0;
  for (int k = 0; k <= 333; ++k) {
    const double n = 999;
    alive += std::exp(std::log(n / (n - 2 * k)) + std::lgamma(n - 2 * k + 1) - std::lgamma(k + 1.0) - std::lgamma(n - 3 * k + 1) +
                      k * std::log(1e-3) + (n - k) * std::log1p(-1e-3));
  }
  EXPECT_NEAR(solver.some_lost(laws_of(model)).fraction, 1 - alive, 1e-11);
}

TEST(QuorumSolver, BoundsWhatItDoesNotLookAt) {
  // Forty racks of two brokers each: more subsets of racks than are looked at.
  Model model = test::model_of_places(std::vector<std::uint32_t>(80, 0), {0});
  model.racks = 40;
  model.clusters[0].partitions.clear();
  for (std::uint32_t b = 0; b < 80; ++b) {
    model.brokers[b].rack = static_cast<std::int32_t>(b % 40);
    model.clusters[0].partitions.push_back({b, (b + 1) % 80, (b + 2) % 80});
    model.atoms.push_back(atom(Scope::node, b, 1e-3));
  }
  for (std::uint32_t r = 0; r < 40; ++r) model.atoms.push_back(atom(Scope::rack, r, 1e-4));
  const Recurring answer = QuorumSolver(model, 0).some_lost(laws_of(model));
  EXPECT_GT(answer.unexamined, 0);
  EXPECT_LT(answer.unexamined, 1e-9);
  EXPECT_GT(answer.fraction, 1e-4);
}

}  // namespace quorum_test
}  // namespace nines::analysis
