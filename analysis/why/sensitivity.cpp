#include "analysis/why/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "analysis/exact/quorum.hpp"
#include "analysis/why/attribution.hpp"

namespace nines::analysis {
namespace {

class Trial {
 public:
  Trial(const world::Options& options, const Model& model, const QuorumSolver& solver, std::span<const double> gaps)
      : options_(options), solver_(&solver), gaps_(gaps.begin(), gaps.end()), acts_(options.modes.size(), 0), base_(solver.some_lost(laws_of(model)).fraction) {
    for (const Atom& atom : model.atoms) acts_[atom.mode] = 1;
  }
  bool can_cost_a_quorum(std::uint16_t mode) const { return acts_[mode] != 0; }

  // With these modes' rates (of up-time) and durations multiplied.
  double with(const std::vector<std::uint16_t>& modes, double rate, double duration) const {
    double gaps = std::accumulate(gaps_.begin(), gaps_.end(), 0.0);
    for (const std::uint16_t m : modes) gaps += (rate - 1) * gaps_[m];
    if (std::none_of(modes.begin(), modes.end(), [&](std::uint16_t m) { return can_cost_a_quorum(m); })) return base_ + gaps;
    world::Options other = options_;
    for (const std::uint16_t m : modes) {
      failure::Mode& mode = other.modes[m];
      mode.duration = mode.duration.stretched(duration);
      if (rate > 0) mode.up_time = mode.up_time.stretched(1 / rate);
    }
    const Model model = *model_of(other);
    return solver_->some_lost(rate > 0 ? laws_of(model) : laws_without(model, modes)).fraction + gaps;
  }

 private:
  const world::Options& options_;
  const QuorumSolver* solver_;
  std::vector<double> gaps_;
  std::vector<std::uint8_t> acts_;
  double base_;
};

constexpr std::size_t most_together = 6;

// The largest factor that meets the aim: the unavailability grows with it.
double factor_for(const Trial& trial, const std::vector<std::uint16_t>& modes, double aim) {
  double low = 0, high = 1;
  for (int step = 0; step < 30; ++step) {
    const double middle = (low + high) / 2;
    (trial.with(modes, middle, 1) <= aim ? low : high) = middle;
  }
  return low;
}

}  // namespace

Result<Sensitivity> sensitivity_of(const world::Options& options, std::size_t cluster, std::span<const double> gaps, double most_work) {
  const auto model = model_of(options);
  if (!model) return fail(model.error());
  const QuorumSolver solver(*model, cluster);
  const Trial trial(options, *model, solver, gaps);
  Sensitivity result;
  result.base = trial.with({}, 1, 1);
  result.aim = result.base * std::pow(10, -0.5);
  if (result.base <= 0) return result;

  // By what each could win at most.
  std::vector<std::pair<double, std::uint16_t>> never;
  for (std::uint16_t m = 0; m < options.modes.size(); ++m) never.emplace_back(trial.with({m}, 0, 1), m);
  std::stable_sort(never.begin(), never.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto affordable = static_cast<std::size_t>(std::max(4.0, most_work / std::max(1.0, 34.0 * static_cast<double>(solver.work()))));
  std::size_t solved = 0;
  std::erase_if(never, [&](const auto& one) {
    if (!trial.can_cost_a_quorum(one.second) || ++solved <= affordable) return false;
    if (one.first < result.base) ++result.left_out;
    return true;
  });
  for (const auto& one : never) {
    const double least = one.first;
    const std::uint16_t m = one.second;
    const failure::Mode& mode = options.modes[m];
    const auto add = [&](Swing::Of of, double low, double high) {
      if (!(low > 0) || !(high > low)) return;
      const bool rate = of == Swing::Of::rate;
      Swing swing{.mode = m, .of = of, .low_factor = low, .high_factor = high, .at_low = trial.with({m}, rate ? low : 1, rate ? 1 : low), .at_high = 0};
      swing.at_high = trial.with({m}, rate ? high : 1, rate ? 1 : high);
      if (swing.width() > 1e-12 * result.base) result.swings.push_back(swing);
    };
    const double per_year = seconds(year) / mode.up_time.mean_s();
    add(Swing::Of::rate, mode.rate_per_year.low / per_year, mode.rate_per_year.high / per_year);
    add(Swing::Of::duration, mode.duration_factor.low, mode.duration_factor.high);
    if (least <= result.aim) result.purchases.push_back({{m}, factor_for(trial, {m}, result.aim)});
  }
  std::stable_sort(result.swings.begin(), result.swings.end(), [](const Swing& a, const Swing& b) { return a.width() > b.width(); });

  // The fewest together: pairs of the best, then one more after the other.
  result.single = !result.purchases.empty();
  constexpr std::size_t best = 5;
  for (std::size_t i = 0; i < std::min(best, never.size()) && !result.single; ++i) {
    for (std::size_t j = i + 1; j < std::min(best, never.size()); ++j) {
      const std::vector<std::uint16_t> pair{never[i].second, never[j].second};
      if (trial.with(pair, 0, 1) <= result.aim) result.purchases.push_back({pair, factor_for(trial, pair, result.aim)});
    }
  }
  for (std::size_t k = 3; k <= std::min(most_together, never.size()) && result.purchases.empty(); ++k) {
    std::vector<std::uint16_t> modes;
    for (std::size_t i = 0; i < k; ++i) modes.push_back(never[i].second);
    if (trial.with(modes, 0, 1) <= result.aim) result.purchases.push_back({modes, factor_for(trial, modes, result.aim)});
  }
  std::stable_sort(result.purchases.begin(), result.purchases.end(), [](const Purchase& a, const Purchase& b) { return a.factor > b.factor; });
  return result;
}

}  // namespace nines::analysis
