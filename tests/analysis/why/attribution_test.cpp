#include "analysis/why/attribution.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "analysis/exact/structure.hpp"
#include "analysis/why/losses.hpp"
#include "tests/analysis/why/random_model.hpp"

namespace nines::analysis {
namespace attribution_test {

using failure::Scope;
using test::atom;
using test::RandomModel;

// The same by going through all 2^atoms states, with nothing but the structure function: which units are down, which of their subsets are minimal,
// and in which orders the faults may have come. Durations are alike, so all orders are equally likely.
struct ByStates {
  double lost = 0;
  std::vector<double> trigger, shared;
};
ByStates by_states(const Model& model) {
  const std::size_t n = model.atoms.size();
  const std::vector<Unit> units = units_of(model, 0);
  std::vector<bool> lost_with(std::size_t{1} << n), of_units(std::size_t{1} << units.size());
  Watch watch(model);
  for (std::size_t state = 0; state < lost_with.size(); ++state) {
    for (std::uint32_t a = 0; a < n; ++a) watch.set(a, (state >> a & 1) != 0);
    lost_with[state] = watch.lost_of(0) > 0;
  }
  for (std::size_t set = 0; set < of_units.size(); ++set) {
    std::size_t state = 0;
    for (std::size_t u = 0; u < units.size(); ++u)
      if ((set >> u & 1) != 0) state |= std::size_t{1} << units[u].atoms.front();
    of_units[set] = lost_with[state];
  }
  const auto minimal = [&](std::size_t set) {
    if (!of_units[set]) return false;
    for (std::size_t u = 0; u < units.size(); ++u)
      if ((set >> u & 1) != 0 && of_units[set & ~(std::size_t{1} << u)]) return false;
    return true;
  };
  ByStates answer{.lost = 0, .trigger = std::vector<double>(RandomModel::modes), .shared = std::vector<double>(RandomModel::modes)};
  for (std::size_t state = 0; state < lost_with.size(); ++state) {
    if (!lost_with[state]) continue;
    double probability = 1;
    std::vector<std::uint32_t> down;
    for (std::uint32_t a = 0; a < n; ++a) {
      const bool is_down = (state >> a & 1) != 0;
      probability *= is_down ? model.atoms[a].unavailability : 1 - model.atoms[a].unavailability;
      if (is_down) down.push_back(a);
    }
    answer.lost += probability;
    std::size_t set = 0;
    for (std::size_t u = 0; u < units.size(); ++u)
      for (const std::uint32_t a : units[u].atoms)
        if ((state >> a & 1) != 0) set |= std::size_t{1} << u;
    std::vector<double> charge(units.size());
    double cuts = 0;
    for (std::size_t part = set; part > 0; part = (part - 1) & set) {
      if (!minimal(part)) continue;
      ++cuts;
      double size = 0;
      for (std::size_t u = 0; u < units.size(); ++u) size += static_cast<double>(part >> u & 1);
      for (std::size_t u = 0; u < units.size(); ++u) charge[u] += static_cast<double>(part >> u & 1) / size;
    }
    for (std::size_t u = 0; u < units.size(); ++u) {
      std::vector<std::uint16_t> holding;
      for (const std::uint32_t a : units[u].atoms)
        if ((state >> a & 1) != 0) holding.push_back(model.atoms[a].mode);
      for (const std::uint16_t mode : holding) answer.shared[mode] += probability * charge[u] / cuts / static_cast<double>(holding.size());
    }
    // The atom that completes the loss in a random order: by the sizes of the subsets before it.
    std::vector<double> factorial{1};
    for (std::size_t k = 1; k <= down.size(); ++k) factorial.push_back(factorial.back() * static_cast<double>(k));
    for (std::size_t before = state;; before = (before - 1) & state) {
      if (!lost_with[before]) {
        std::size_t size = 0;
        for (const std::uint32_t a : down) size += before >> a & 1;
        for (const std::uint32_t a : down)
          if ((before >> a & 1) == 0 && lost_with[before | std::size_t{1} << a])
            answer.trigger[model.atoms[a].mode] += probability * factorial[size] * factorial[down.size() - size - 1] / factorial[down.size()];
      }
      if (before == 0) break;
    }
  }
  return answer;
}

double sum(const std::vector<Blame>& modes, double Blame::*field) {
  return std::accumulate(modes.begin(), modes.end(), 0.0, [&](double s, const Blame& blame) { return s + blame.*field; });
}

TEST(Attribution, SharesCutsAsAllStatesOfRandomModelsDo) {
  int lossy = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const RandomModel random(seed);
    const ByStates all = by_states(random.model);
    const CutSets cuts = cut_sets_of(random.model, 0);
    const Attribution answer = attribute(random.model, 0, random.options, cuts, std::vector<double>(RandomModel::modes), 1, 100);
    ASSERT_TRUE(cuts.complete);
    ASSERT_NEAR(answer.lost.fraction, all.lost, 1e-12) << "seed " << seed;
    if (all.lost == 0) continue;
    ++lossy;
    for (std::size_t m = 0; m < RandomModel::modes; ++m)
      ASSERT_NEAR(answer.modes[m].shared, all.shared[m] / all.lost, 1e-10) << "seed " << seed << " mode " << m;
  }
  EXPECT_GT(lossy, 200);
}

// 60 models of 4 modes at 4.5 standard errors: a false alarm in 600 sets of seeds; where everything falls to one mode, no error at all.
TEST(Attribution, ChargesTheLastStrawAsAllOrdersOfFaultsDo) {
  int checked = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomModel random(seed, 8);
    const ByStates all = by_states(random.model);
    if (all.lost == 0) continue;
    const Attribution answer = attribute(random.model, 0, random.options, cut_sets_of(random.model, 0), std::vector<double>(RandomModel::modes), 1, 4000);
    for (std::size_t m = 0; m < RandomModel::modes; ++m) {
      ASSERT_NEAR(answer.modes[m].trigger, all.trigger[m] / all.lost, 4.5 * answer.modes[m].trigger_error + 1e-9) << "seed " << seed << " mode " << m;
      checked += answer.modes[m].trigger_error > 0 ? 1 : 0;
    }
  }
  EXPECT_GT(checked, 50);
}

// What is sampled where the units are too many to go through all of their states, held against the states of few. As above.
TEST(Attribution, SamplesCutsAsItSolvesThem) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel random(seed);
    const ByStates all = by_states(random.model);
    if (all.lost == 0) continue;
    const CutSets cuts = cut_sets_of(random.model, 0);
    const LossSampler sampler(random.model, 0, random.options, cuts);
    constexpr std::uint64_t n = 4000;
    double lost = 0, squares = 0;
    std::vector<double> shared(RandomModel::modes), shared_squares(RandomModel::modes);
    for (std::uint64_t i = 0; i < n; ++i) {
      const Loss loss = sampler.draw(i, n, 7);
      lost += loss.weight / n;
      squares += loss.weight * loss.weight / n;
      std::vector<double> here(RandomModel::modes);
      for (const std::uint32_t c : loss.cuts) {
        for (const std::uint32_t u : cuts.sets[c]) {
          const std::vector<double> within = shares_within(random.model, cuts.units[u]);
          for (std::size_t k = 0; k < within.size(); ++k)
            here[random.model.atoms[cuts.units[u].atoms[k]].mode] +=
                loss.weight * within[k] / static_cast<double>(loss.cuts.size()) / static_cast<double>(cuts.sets[c].size());
        }
      }
      for (std::size_t m = 0; m < here.size(); ++m) {
        shared[m] += here[m] / n;
        shared_squares[m] += here[m] * here[m] / n;
      }
    }
    EXPECT_NEAR(lost, all.lost, 4.5 * std::sqrt(std::max(0.0, squares - lost * lost) / n + 1e-18)) << "seed " << seed;
    for (std::size_t m = 0; m < shared.size(); ++m)
      EXPECT_NEAR(shared[m], all.shared[m], 4.5 * std::sqrt(std::max(0.0, shared_squares[m] - shared[m] * shared[m]) / n + 1e-18))
          << "seed " << seed << " mode " << m;
  }
}

TEST(Attribution, AddsUpToOneInBothViewsAndKeepsEveryLoss) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RandomModel random(seed);
    const std::vector<double> gaps{0.001, 0, 0.0003, 1e-7};
    const Attribution answer = attribute(random.model, 0, random.options, cut_sets_of(random.model, 0), gaps, 1, 200);
    ASSERT_NEAR(sum(answer.modes, &Blame::trigger), 1, 1e-9) << "seed " << seed;
    ASSERT_NEAR(sum(answer.modes, &Blame::shared), 1, 1e-9) << "seed " << seed;
    ASSERT_NEAR(sum(answer.modes, &Blame::losses_per_s), answer.lost.per_s, 1e-12 * answer.lost.per_s + 1e-18) << "seed " << seed;
  }
}

TEST(Attribution, ButForAModeIsTheWorldSolvedWithoutIt) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RandomModel random(seed);
    const std::vector<double> gaps{0.001, 0, 0.0003, 1e-7};
    const Attribution answer = attribute(random.model, 0, random.options, cut_sets_of(random.model, 0), gaps, 1, 1);
    for (std::uint16_t m = 0; m < RandomModel::modes; ++m) {
      Model without = random.model;
      std::erase_if(without.atoms, [&](const Atom& a) { return a.mode == m; });
      ASSERT_NEAR(answer.modes[m].but_for, answer.lost.fraction - test::by_states(without, 0).some + gaps[m], 1e-12) << "seed " << seed;
    }
  }
}

// Nodes fail with 1e-3 each, everything at once with 1e-5.
TEST(Attribution, SplitsAPairEvenlyAndASinglePointNotAtAll) {
  Model model = test::model_of_places({0, 1, 2}, {0, 0, 0});
  for (std::uint32_t n = 0; n < 3; ++n) model.atoms.push_back(atom(Scope::node, n, 1e-3));
  model.modes = {"node-loss", "operator-error"};
  world::Options options;
  options.modes.resize(2);
  for (failure::Mode& mode : options.modes) mode.duration = Law::exponential(100s);
  model.atoms.push_back(atom(Scope::cluster, 0, 1e-5));
  model.atoms.back().mode = 1;
  const Attribution answer = attribute(model, 0, options, cut_sets_of(model, 0), std::vector<double>(2), 1);
  const double pairs = 3e-6 - 2e-9;  // 3 u^2 - 2 u^3, next to the operator's 1e-5.
  EXPECT_NEAR(answer.modes[0].shared, pairs / (pairs + 1e-5), 1e-4);
  EXPECT_NEAR(answer.modes[1].but_for, 1e-5 * (1 - pairs), 1e-18);
  EXPECT_NEAR(answer.modes[0].trigger, pairs / (pairs + 1e-5), 4.5 * answer.modes[0].trigger_error);
}

// The sets, one by one, make a tree that fails as the model does: by a decision diagram over the units.
TEST(CutSets, RebuildTheUnavailabilityOfRandomModels) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const RandomModel random(seed);
    const CutSets cuts = cut_sets_of(random.model, 0);
    if (cuts.sets.empty()) continue;
    std::vector<Structure> any;
    for (const auto& set : cuts.sets) {
      std::vector<Structure> all;
      for (const std::uint32_t u : set) all.push_back(Structure::element(u));
      any.push_back(Structure::all_of(std::move(all)));
    }
    std::vector<double> failed;
    for (const Unit& unit : cuts.units) failed.push_back(unavailability_of(random.model, unit.atoms));
    const auto diagram = Diagram::of(Structure::any_of(std::move(any)));
    ASSERT_TRUE(diagram);
    ASSERT_NEAR(diagram->probability(failed), test::by_states(random.model, 0).some, 1e-12) << "seed " << seed;
    std::vector<CutSet> minimal = diagram->cut_sets(cuts.units.size()), found(cuts.sets.begin(), cuts.sets.end());
    std::sort(minimal.begin(), minimal.end());
    std::sort(found.begin(), found.end());
    ASSERT_EQ(minimal, found) << "seed " << seed;
  }
}

TEST(CutSets, AreEveryTwoOfThreeZones) {
  Model model = test::model_of_places({0, 1, 2}, {0, 0, 0});
  for (std::uint32_t z = 0; z < 3; ++z) {
    model.atoms.push_back(atom(Scope::zone, z, 1e-4));
    model.atoms.push_back(atom(Scope::node, z, 1e-3));
    model.atoms.push_back(atom(Scope::broker, z, 1e-3));
  }
  const CutSets cuts = cut_sets_of(model, 0);
  ASSERT_EQ(cuts.units.size(), 3u);  // A zone, its node and its broker are one thing to lose.
  EXPECT_EQ(cuts.sets, (std::vector<std::vector<std::uint32_t>>{{0, 1}, {0, 2}, {1, 2}}));
}

}  // namespace attribution_test
}  // namespace nines::analysis
