// Small models by hand and at random, and the answer to them by going through every state: slow, and too simple to be wrong.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/exact/model.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis::test {

// One broker on a node of its own in each of the zones named by `zones`; zone z is in region `zone_region[z]`.
inline Model model_of_places(const std::vector<std::uint32_t>& zones, const std::vector<std::uint32_t>& zone_region) {
  Model model;
  model.zone_region = zone_region;
  model.regions = 1 + *std::max_element(zone_region.begin(), zone_region.end());
  model.nodes = static_cast<std::uint32_t>(zones.size());
  ModelCluster cluster{.name = "cluster", .brokers = {}, .partitions = {{}}};
  for (std::uint32_t b = 0; b < zones.size(); ++b) {
    model.brokers.push_back({.node = b, .zone = zones[b], .region = zone_region[zones[b]], .rack = -1});
    cluster.brokers.push_back(b);
    cluster.partitions[0].push_back(b);
  }
  model.clusters = {cluster};
  return model;
}

inline Atom atom(failure::Scope scope, std::uint32_t a, double unavailability, Atom::Effect effect = Atom::Effect::stops, std::uint32_t b = 0) {
  return {.mode = 0, .element = {scope, a, b}, .effect = effect, .unavailability = unavailability, .per_s = unavailability / 100};
}

struct ByStates {
  double some = 0, every = 0, some_per_s = 0;
  std::vector<double> partitions;
};

// All 2^atoms states. How often it begins: from each state in which it is not so, every atom that would make it so.
inline ByStates by_states(const Model& model, std::size_t cluster) {
  const std::size_t n = model.atoms.size();
  const std::size_t partitions = model.clusters[cluster].partitions.size();
  ByStates answer;
  answer.partitions.resize(partitions);
  Watch watch(model);
  for (std::size_t state = 0; state < std::size_t{1} << n; ++state) {
    double probability = 1;
    for (std::uint32_t a = 0; a < n; ++a) {
      const bool down = (state >> a & 1) != 0;
      watch.set(a, down);
      probability *= down ? model.atoms[a].unavailability : 1 - model.atoms[a].unavailability;
    }
    const std::size_t lost = watch.lost_of(cluster);
    if (lost > 0) answer.some += probability;
    if (lost == partitions) answer.every += probability;
    for (std::size_t p = 0; p < partitions; ++p)
      if (watch.lost(cluster, p)) answer.partitions[p] += probability;
    if (lost > 0) continue;
    for (std::uint32_t a = 0; a < n; ++a) {
      if (watch.down(a)) continue;
      watch.set(a, true);
      if (watch.lost_of(cluster) > 0) answer.some_per_s += probability * model.atoms[a].per_s / (1 - model.atoms[a].unavailability);
      watch.set(a, false);
    }
  }
  return answer;
}

}  // namespace nines::analysis::test
