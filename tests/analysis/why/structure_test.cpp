#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "analysis/exact/quorum.hpp"
#include "analysis/exact/structure.hpp"
#include "analysis/why/cut_sets.hpp"
#include "analysis/why/importance.hpp"
#include "analysis/why/picture.hpp"
#include "analysis/why/sensitivity.hpp"
#include "analysis/why/survival.hpp"
#include "tests/analysis/why/random_model.hpp"
#include "tests/analysis/why/worlds.hpp"

namespace nines::analysis {
namespace structure_test {

using failure::Scope;
using test::RandomModel;

// Importance by the decision diagram of the cut sets, each unit failed by any of its places: a road that shares only the cut sets, and those are
// tested against all states.
TEST(ElementImportance, AgreesWithTheDecisionDiagramOfRandomModels) {
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const RandomModel random(seed);
    const Model& model = random.model;
    const CutSets cuts = cut_sets_of(model, 0);
    if (cuts.sets.empty()) continue;
    using Place = std::tuple<Scope, std::uint32_t, std::uint32_t, Atom::Effect>;
    std::map<Place, std::uint32_t> number;
    std::vector<std::vector<std::uint32_t>> atoms;
    const auto place = [&](std::uint32_t a) {
      const failure::Element& e = model.atoms[a].element;
      const auto [at, fresh] = number.try_emplace({e.scope, e.a, e.b, model.atoms[a].effect}, static_cast<std::uint32_t>(atoms.size()));
      if (fresh) atoms.emplace_back();
      return at->second;
    };
    std::vector<Structure> any;
    for (const Unit& unit : cuts.units)
      for (const std::uint32_t a : unit.atoms) atoms[place(a)].push_back(a);
    for (const auto& set : cuts.sets) {
      std::vector<Structure> all;
      for (const std::uint32_t u : set) {
        std::vector<Structure> places;
        for (const std::uint32_t a : cuts.units[u].atoms) places.push_back(Structure::element(place(a)));
        all.push_back(Structure::any_of(std::move(places)));
      }
      any.push_back(Structure::all_of(std::move(all)));
    }
    std::vector<double> failed;
    for (const auto& of : atoms) failed.push_back(unavailability_of(model, of));
    const std::vector<Importance> expected = Diagram::of(Structure::any_of(std::move(any)))->importance(failed);
    for (const ElementImportance& one : importance_of(model, 0)) {
      ASSERT_FALSE(one.taken_for_alike);
      std::vector<failure::Element> places = one.alike;
      places.push_back(one.element);
      for (const failure::Element& e : places) {
        const std::uint32_t i = number.at({e.scope, e.a, e.b, one.effect});
        ASSERT_NEAR(one.unavailability, failed[i], 1e-9) << "seed " << seed;
        ASSERT_NEAR(one.importance.birnbaum, expected[i].birnbaum, 1e-9) << "seed " << seed;
        ASSERT_NEAR(one.importance.criticality, expected[i].criticality, 1e-9) << "seed " << seed;
        ASSERT_NEAR(one.importance.diagnostic, expected[i].diagnostic, 1e-9) << "seed " << seed;
        ASSERT_NEAR(one.importance.achievement, expected[i].achievement, 1e-8) << "seed " << seed;
        if (std::isfinite(expected[i].reduction) || std::isfinite(one.importance.reduction)) {
          ASSERT_NEAR(one.importance.reduction / expected[i].reduction, 1, 1e-8) << "seed " << seed;
        }
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 500u);
}

TEST(ElementImportance, SolvesOneOfEachShapeWhereTimeIsShort) {
  Model model = test::model_of_places({0, 1, 2}, {0, 0, 0});
  for (std::uint32_t n = 0; n < 3; ++n) model.atoms.push_back(test::atom(Scope::node, n, 1e-3));
  const auto all = importance_of(model, 0), few = importance_of(model, 0, 0);
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(few.size(), 1u);
  EXPECT_FALSE(all[0].taken_for_alike);
  EXPECT_TRUE(few[0].taken_for_alike);
  EXPECT_EQ(few[0].alike.size(), 2u);
  EXPECT_DOUBLE_EQ(few[0].importance.birnbaum, all[0].importance.birnbaum);
  EXPECT_NEAR(all[0].importance.birnbaum, 2 * 1e-3 * (1 - 1e-3), 1e-15);  // One of the two others is down, and not both.
}

// Five brokers in zones a, a, b, b, c; five partitions over all of them, led by one broker each.
TEST(Survival, TellsWhoLosesAQuorumWhoseLeaderMovesAndWhoIsDegraded) {
  const world::Options options = test::world_of({0, 0, 1, 1, 2}, 3);
  std::map<std::string, std::vector<Survival>> rows;
  for (const Survival& one : survival_of(options, 0)) rows[one.what].push_back(one);
  ASSERT_EQ(rows["node"].size(), 1u);
  EXPECT_EQ(rows["node"][0].names.size(), 5u);
  EXPECT_EQ(rows["node"][0].toll, (Toll{0, 1, 4}));
  ASSERT_EQ(rows["zone"].size(), 2u);
  EXPECT_EQ(rows["zone"][0].toll, (Toll{0, 2, 3}));
  EXPECT_EQ(rows["zone"][1].names, (std::vector<std::string>{"r/c"}));
  EXPECT_EQ(rows["zone"][1].toll, (Toll{0, 1, 4}));
  ASSERT_EQ(rows["two zones"].size(), 1u);  // Four or three of five are gone.
  EXPECT_EQ(rows["two zones"][0].toll, (Toll{5, 0, 0}));
  EXPECT_EQ(rows["region"][0].toll, (Toll{5, 0, 0}));
}

TEST(BlastRadius, OfAFaultThatMayGrowIsWeighedByHowOftenItDoes) {
  world::Options options = test::world_of({0, 1, 2}, 3);
  options.modes = {test::mode_of("zone-outage", Scope::zone, 1e6, 1e3), test::mode_of("zone-partition", Scope::zone_pair, 1e6, 1e3),
                   test::mode_of("pause", Scope::broker, 1e6, 1)};
  options.modes[0].escalation = failure::Escalation{.to = Scope::region, .probability = 0.25, .range = {}};
  options.modes[1].effect = failure::Effect::cut;
  options.modes[2].effect = failure::Effect::pause;
  const std::vector<BlastRadius> radius = blast_radius_of(options, 0);
  EXPECT_NEAR(radius[0].mean.no_quorum, 0.25 * 3, 1e-12);
  EXPECT_NEAR(radius[0].mean.leader_moves, 0.75 * 1, 1e-12);
  EXPECT_EQ(radius[0].worst.no_quorum, 3);
  EXPECT_EQ(radius[1].mean.no_quorum, 0);
  EXPECT_EQ(radius[1].mean.leader_moves, 0);  // Whoever leads reaches the third zone, which makes a majority.
  EXPECT_NEAR(radius[1].mean.degraded, 2, 1e-12);
  EXPECT_FALSE(radius[2].stops);
  EXPECT_NEAR(radius[2].mean.leader_moves, 1, 1e-12);
}

double unavailability(double mean_up_s, double mean_down_s) { return mean_down_s / (mean_up_s + mean_down_s); }

// Three nodes and the cluster as a whole: U = c + (1 - c)(3 u^2 - 2 u^3), worked out here for every value that is tried.
class ThreeNodes : public testing::Test {
 protected:
  ThreeNodes() : options(test::world_of({0, 1, 2}, 3)) {
    options.modes = {test::mode_of("node-loss", Scope::node, 99'000, 1'000), test::mode_of("operator-error", Scope::cluster, 999'900, 100)};
    const double per_year = seconds(year) / 99'000;
    options.modes[0].rate_per_year = {per_year / 3, per_year * 2};
    options.modes[1].duration_factor = {0.5, 4};
  }
  static double lost(double node_up_s, double cluster_up_s, double cluster_down_s) {
    const double u = unavailability(node_up_s, 1'000), c = cluster_up_s > 0 ? unavailability(cluster_up_s, cluster_down_s) : 0;
    return c + (1 - c) * (3 * u * u - 2 * u * u * u);
  }
  world::Options options;
  std::vector<double> gaps{1e-5, 2e-6};
};

TEST_F(ThreeNodes, SwingAsTheirClosedFormDoes) {
  const auto answer = sensitivity_of(options, 0, gaps);
  ASSERT_TRUE(answer);
  EXPECT_NEAR(answer->base, lost(99'000, 999'900, 100) + 1.2e-5, 1e-15);
  ASSERT_EQ(answer->swings.size(), 2u);
  const Swing &rate = answer->swings[0], &duration = answer->swings[1];
  ASSERT_EQ(rate.of, Swing::Of::rate);
  ASSERT_EQ(duration.of, Swing::Of::duration);
  EXPECT_NEAR(rate.at_low, lost(3 * 99'000, 999'900, 100) + 1e-5 / 3 + 2e-6, 1e-12);
  EXPECT_NEAR(rate.at_high, lost(99'000 / 2.0, 999'900, 100) + 2e-5 + 2e-6, 1e-12);
  EXPECT_NEAR(duration.at_low, lost(99'000, 999'900, 50) + 1.2e-5, 1e-12);
  EXPECT_NEAR(duration.at_high, lost(99'000, 999'900, 400) + 1.2e-5, 1e-12);
}

TEST_F(ThreeNodes, BuyHalfANineAtTheRateThatWasFound) {
  const auto answer = sensitivity_of(options, 0, gaps);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->purchases.size(), 1u);  // The operator's 1e-4 are less than what is to be won.
  EXPECT_TRUE(answer->single);
  EXPECT_EQ(answer->purchases[0].modes, (std::vector<std::uint16_t>{0}));
  const double f = answer->purchases[0].factor;
  EXPECT_NEAR(lost(99'000 / f, 999'900, 100) + f * 1e-5 + 2e-6, answer->base / std::sqrt(10.0), 1e-9);
}

TEST_F(ThreeNodes, NeedBothModesWhereNeitherAloneIsEnough) {
  options.modes[1] = test::mode_of("operator-error", Scope::cluster, 999'700, 300);  // As much as the nodes lose.
  const auto answer = sensitivity_of(options, 0, gaps);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->single);
  ASSERT_EQ(answer->purchases.size(), 1u);
  EXPECT_EQ(answer->purchases[0].modes.size(), 2u);
  const double f = answer->purchases[0].factor;
  EXPECT_NEAR(lost(99'000 / f, 999'700 / f, 300) + f * 1.2e-5, answer->base / std::sqrt(10.0), 1e-9);
}

TEST(Picture, NestsPlacesAndCountsLeadersInBothLanguages) {
  world::Options options = test::world_of({0, 0, 1}, 3);
  options.topology.nodes[0].name = "n \"0\"]";
  for (const std::string& text : {mermaid(options), dot(options)}) {
    EXPECT_NE(text.find("region r"), std::string::npos);
    EXPECT_NE(text.find("zone r/b"), std::string::npos);
    EXPECT_NE(text.find("node n '0'_"), std::string::npos);
    EXPECT_NE(text.find("orders/2: leads 1, follows 2"), std::string::npos);
  }
  // Every box that is opened is closed, the outer one last.
  int depth = 0, deepest = 0;
  std::istringstream lines(mermaid(options));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "flowchart LR");
  while (std::getline(lines, line)) {
    const std::string word = line.substr(line.find_first_not_of(' '));
    if (word.starts_with("subgraph ")) {
      deepest = std::max(deepest, ++depth);
    } else if (word == "end") {
      --depth;
    } else {
      EXPECT_TRUE(word.ends_with("\"]")) << line;
    }
    EXPECT_GE(depth, 0);
  }
  EXPECT_EQ(depth, 0);
  EXPECT_EQ(deepest, 3);
}

}  // namespace structure_test
}  // namespace nines::analysis
