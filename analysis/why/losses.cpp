#include "analysis/why/losses.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/base/check.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {

LossSampler::LossSampler(const Model& model, std::size_t cluster, const world::Options& options, const CutSets& cuts)
    : model_(&model), cluster_(cluster), options_(&options), cuts_(&cuts), of_unit_(cuts.units.size()) {
  unit_of_.assign(model.atoms.size(), static_cast<std::uint32_t>(cuts.units.size()));
  std::vector<double> down;
  for (std::uint32_t u = 0; u < cuts.units.size(); ++u) {
    down.push_back(unavailability_of(model, cuts.units[u].atoms));
    for (const std::uint32_t a : cuts.units[u].atoms) unit_of_[a] = u;
  }
  for (std::uint32_t c = 0; c < cuts.sets.size(); ++c) {
    double probability = 1;
    for (const std::uint32_t u : cuts.sets[c]) {
      probability *= down[u];
      of_unit_[u].push_back(c);
    }
    upto_.push_back(sum_ += probability);
  }
}

Loss LossSampler::draw(std::uint64_t i, std::uint64_t n, std::uint64_t seed) const {
  const Streams streams(seed, i);
  const auto uniform = [&](std::uint64_t atom, std::uint64_t term) { return streams.of(atom, Purpose::attribution).words({.term = term}); };
  // One offset for all, so that they stand evenly; what is left of it within a stratum is uniform there, and used up stratum by stratum.
  const double offset = Streams(seed).of(0, Purpose::attribution).uniform({.term = 2});
  const double at = std::fmod((static_cast<double>(i) + offset) / static_cast<double>(n), 1.0) * sum_;
  const auto set = std::min<std::size_t>(static_cast<std::size_t>(std::upper_bound(upto_.begin(), upto_.end(), at) - upto_.begin()), upto_.size() - 1);
  const double before = set > 0 ? upto_[set - 1] : 0;
  double left = std::clamp((at - before) / (upto_[set] - before), 0.0, 1.0);

  std::vector<std::uint8_t> down(model_->atoms.size(), 0), given(model_->atoms.size(), 0);
  for (const std::uint32_t u : cuts_->sets[set]) {
    const std::vector<std::uint32_t>& atoms = cuts_->units[u].atoms;
    const double total = unavailability_of(*model_, atoms);
    double until = 0, none = 1;
    for (std::size_t k = 0; k < atoms.size(); ++k) {
      const double first = none * model_->atoms[atoms[k]].unavailability / total;  // The first of them in their order that is down.
      none *= 1 - model_->atoms[atoms[k]].unavailability;
      given[atoms[k]] = 1;
      if (left >= until + first && k + 1 < atoms.size()) {
        until += first;
        continue;
      }
      left = first > 0 ? std::clamp((left - until) / first, 0.0, 1.0) : 0;
      down[atoms[k]] = 1;
      break;
    }
  }
  struct Fault {
    double age_s;
    std::uint32_t atom;
  };
  std::vector<Fault> faults;
  for (std::uint32_t a = 0; a < model_->atoms.size(); ++a) {
    if (unit_of_[a] == cuts_->units.size()) continue;
    if (given[a] == 0 && to_unit(uniform(a, 0)[0]) < model_->atoms[a].unavailability) down[a] = 1;
    if (down[a] == 0) continue;
    const Words words = uniform(a, 1);
    faults.push_back({seconds(options_->modes[model_->atoms[a].mode].duration.sample_residual(to_unit(words[0]), to_unit(words[1]))), a});
  }
  std::sort(faults.begin(), faults.end(), [](const Fault& x, const Fault& y) { return x.age_s != y.age_s ? x.age_s > y.age_s : x.atom < y.atom; });

  Loss loss;
  Watch watch(*model_);
  std::vector<std::uint8_t> unit_down(cuts_->units.size(), 0);
  bool lost = false;
  for (const Fault& fault : faults) {
    unit_down[unit_of_[fault.atom]] = 1;
    if (lost) continue;
    watch.set(fault.atom, true);
    lost = watch.lost_of(cluster_) > 0;
    loss.trigger = fault.atom;
  }
  SIM_CHECK(lost, "a cut set is down and every quorum is there");
  for (std::uint32_t u = 0; u < unit_down.size(); ++u) {
    if (unit_down[u] == 0) continue;
    for (const std::uint32_t c : of_unit_[u]) {
      const std::vector<std::uint32_t>& units = cuts_->sets[c];
      if (units.front() == u && std::all_of(units.begin(), units.end(), [&](std::uint32_t v) { return unit_down[v] != 0; })) loss.cuts.push_back(c);
    }
  }
  loss.weight = sum_ / static_cast<double>(loss.cuts.size());
  return loss;
}

}  // namespace nines::analysis
