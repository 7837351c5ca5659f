#include "analysis/why/attribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/why/losses.hpp"

namespace nines::analysis {
namespace {

constexpr std::size_t most_units_solved = 20;
constexpr double most_steps_solved = 2e8;
constexpr double most_atoms_drawn = 3e7;
constexpr std::uint64_t fewest_instants = 1'000;

using Shares = std::vector<double>;

// Of the time in which a listed cut set is down, the seconds a second that each unit answers for: all states of the units.
Shares solve_shared(const Model& model, const CutSets& cuts) {
  const std::size_t n = cuts.units.size();
  std::vector<std::uint32_t> masks;
  for (const auto& set : cuts.sets) {
    std::uint32_t mask = 0;
    for (const std::uint32_t u : set) mask |= 1u << u;
    masks.push_back(mask);
  }
  std::vector<double> probability{1};
  for (std::size_t u = 0; u < n; ++u) {
    const double down = unavailability_of(model, cuts.units[u].atoms);
    const std::size_t half = probability.size();
    probability.resize(2 * half);
    for (std::size_t state = 0; state < half; ++state) {
      probability[half + state] = probability[state] * down;
      probability[state] *= 1 - down;
    }
  }
  Shares shares(n, 0.0), here(n);
  for (std::uint32_t state = 0; state < probability.size(); ++state) {
    std::fill(here.begin(), here.end(), 0.0);
    std::size_t held = 0;
    for (std::size_t c = 0; c < masks.size(); ++c) {
      if ((masks[c] & ~state) != 0) continue;
      ++held;
      for (const std::uint32_t u : cuts.sets[c]) here[u] += 1 / static_cast<double>(cuts.sets[c].size());
    }
    if (held == 0) continue;
    for (std::size_t u = 0; u < n; ++u) shares[u] += probability[state] * here[u] / static_cast<double>(held);
  }
  return shares;
}

// Sums of weights by what they are charged to, and the error of each one's share of the total: that of a ratio.
class Charged {
 public:
  explicit Charged(std::size_t to) : sum_(to, 0.0), squares_(to, 0.0), with_all_(to, 0.0) {}
  void add(std::size_t to, double weight, double of_all) {
    sum_[to] += weight;
    squares_[to] += weight * weight;
    with_all_[to] += weight * of_all;
  }
  void add_all(double weight) {
    all_ += weight;
    all_squares_ += weight * weight;
  }
  double share(std::size_t to) const { return all_ > 0 ? sum_[to] / all_ : 0; }
  double error(std::size_t to) const {
    if (all_ <= 0) return 0;
    const double r = share(to);
    return std::sqrt(std::max(0.0, squares_[to] - 2 * r * with_all_[to] + r * r * all_squares_)) / all_;
  }

 private:
  Shares sum_, squares_, with_all_;
  double all_ = 0, all_squares_ = 0;
};

void normalise(Shares& shares) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (total <= 0) return;
  for (double& share : shares) share /= total;
}

}  // namespace

std::vector<Dual> laws_without(const Model& model, std::span<const std::uint16_t> modes) {
  std::vector<Dual> laws = laws_of(model);
  for (std::size_t a = 0; a < laws.size(); ++a)
    if (std::find(modes.begin(), modes.end(), model.atoms[a].mode) != modes.end()) laws[a] = {0, 0};
  return laws;
}

Attribution attribute(const Model& model, std::size_t cluster, const world::Options& options, const CutSets& cuts, std::span<const double> gaps,
                      std::uint64_t seed, std::uint64_t instants) {
  const std::size_t modes = model.modes.size();
  const QuorumSolver solver(model, cluster);
  const std::vector<Dual> laws = laws_of(model);
  Attribution result;
  result.lost = solver.some_lost(laws);
  result.gaps = std::accumulate(gaps.begin(), gaps.end(), 0.0);
  result.modes.resize(modes);

  // What is linear in each atom's own is solved mode by mode.
  std::vector<std::uint8_t> acts(modes, 0);
  for (const Unit& unit : cuts.units)
    for (const std::uint32_t a : unit.atoms) acts[model.atoms[a].mode] = 1;
  for (std::uint16_t m = 0; m < modes; ++m) {
    Blame& blame = result.modes[m];
    blame.gaps = blame.but_for = gaps[m];
    if (acts[m] == 0) continue;
    std::vector<Dual> along = laws;
    for (std::size_t a = 0; a < along.size(); ++a)
      if (model.atoms[a].mode != m) along[a].slope = 0;
    blame.losses_per_s = solver.some_lost(along).per_s;
    blame.but_for += std::max(0.0, result.lost.fraction - solver.some_lost(laws_without(model, std::span(&m, 1))).fraction);
  }

  Shares trigger(modes, 0.0), shared(modes, 0.0);
  if (!cuts.sets.empty() && result.lost.fraction > 0) {
    const LossSampler sampler(model, cluster, options, cuts);
    const double affordable = most_atoms_drawn / static_cast<double>(model.atoms.size());
    result.drawn = std::clamp(static_cast<std::uint64_t>(affordable), std::min(fewest_instants, instants), instants);
    const double steps = std::exp2(static_cast<double>(cuts.units.size())) * static_cast<double>(cuts.units.size() + cuts.sets.size());
    result.shared_solved = cuts.complete && cuts.units.size() <= most_units_solved && steps <= most_steps_solved;
    std::vector<Shares> of_unit;  // Per unit by mode.
    for (const Unit& unit : cuts.units) {
      const std::vector<double> within = shares_within(model, unit);
      of_unit.emplace_back(modes, 0.0);
      for (std::size_t i = 0; i < within.size(); ++i) of_unit.back()[model.atoms[unit.atoms[i]].mode] += within[i];
    }
    Charged triggers(modes), cut(modes);
    double seen = 0;
    for (std::uint64_t i = 0; i < result.drawn; ++i) {
      const Loss loss = sampler.draw(i, result.drawn, seed);
      seen += loss.weight;
      triggers.add_all(loss.weight);
      triggers.add(model.atoms[loss.trigger].mode, loss.weight, loss.weight);
      if (result.shared_solved) continue;
      cut.add_all(loss.weight);
      Shares here(modes, 0.0);
      for (const std::uint32_t c : loss.cuts) {
        const double each = loss.weight / static_cast<double>(loss.cuts.size()) / static_cast<double>(cuts.sets[c].size());
        for (const std::uint32_t u : cuts.sets[c])
          for (std::size_t m = 0; m < modes; ++m) here[m] += each * of_unit[u][m];
      }
      for (std::size_t m = 0; m < modes; ++m) cut.add(m, here[m], loss.weight);
    }
    if (result.shared_solved) {
      const Shares by_unit = solve_shared(model, cuts);
      for (std::size_t u = 0; u < by_unit.size(); ++u)
        for (std::size_t m = 0; m < modes; ++m) shared[m] += by_unit[u] * of_unit[u][m];
    } else if (!cuts.complete) {
      result.covered = std::min(1.0, seen / static_cast<double>(result.drawn) / result.lost.fraction);
    }
    for (std::size_t m = 0; m < modes; ++m) {
      trigger[m] = triggers.share(m);
      result.modes[m].trigger_error = triggers.error(m);
      if (result.shared_solved) continue;
      shared[m] = cut.share(m);
      result.modes[m].shared_error = cut.error(m);
    }
    normalise(shared);
  }
  const double total = result.fraction();
  if (total <= 0) return result;
  const double of_quorum = result.lost.fraction / total;
  for (std::size_t m = 0; m < modes; ++m) {
    Blame& blame = result.modes[m];
    blame.trigger = of_quorum * trigger[m] + gaps[m] / total;
    blame.shared = of_quorum * shared[m] + gaps[m] / total;
    blame.trigger_error *= of_quorum;
    blame.shared_error *= of_quorum;
  }
  return result;
}

}  // namespace nines::analysis
