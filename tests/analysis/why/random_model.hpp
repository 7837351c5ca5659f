// Random models with several modes, small enough that every state can be gone through.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "models/world/options.hpp"
#include "tests/analysis/exact/models.hpp"

namespace nines::analysis::test {

// Brokers dealt over nodes, zones and regions; atoms of four modes, each of which stops, or cuts, whatever it hits.
struct RandomModel {
  static constexpr std::uint16_t modes = 4;

  explicit RandomModel(std::uint64_t seed, std::uint32_t most_atoms = 10) : stream(seed, 0, 0, Purpose::test) {
    const std::uint32_t zones = 1 + below(3), regions = 1 + below(2);
    for (std::uint32_t z = 0; z < zones; ++z) model.zone_region.push_back(z == 0 ? 0 : below(regions));
    model.regions = regions;
    const std::uint32_t brokers = 1 + below(5);
    ModelCluster cluster{.name = "cluster", .brokers = {}, .partitions = {}};
    for (std::uint32_t b = 0; b < brokers; ++b) {
      if (model.nodes == 0 || below(4) > 0) {
        const std::uint32_t zone = below(zones);
        model.brokers.push_back({.node = model.nodes++, .zone = zone, .region = model.zone_region[zone], .rack = -1});
      } else {
        model.brokers.push_back(model.brokers.back());
      }
      cluster.brokers.push_back(b);
    }
    for (std::uint32_t p = 0, partitions = 1 + below(3); p < partitions; ++p) {
      std::vector<std::uint32_t> voters = cluster.brokers;
      const std::uint32_t replicas = 1 + below(brokers);
      for (std::uint32_t i = 0; i < replicas; ++i) std::swap(voters[i], voters[i + below(brokers - i)]);
      voters.resize(replicas);
      cluster.partitions.push_back(voters);
    }
    model.clusters = {cluster};
    for (std::uint16_t m = 0; m < modes; ++m) {
      model.modes.push_back("mode-" + std::to_string(m));
      failure::Mode mode;
      mode.name = model.modes.back();
      mode.duration = Law::exponential(100s);
      options.modes.push_back(mode);
    }
    for (std::uint32_t a = 0, atoms = 1 + below(most_atoms); a < atoms; ++a) add_atom();
  }

  void add_atom() {
    const double u = 0.02 + 0.3 * unit();
    const auto effect = below(3) == 0 ? Atom::Effect::cuts : Atom::Effect::stops;
    const auto zones = static_cast<std::uint32_t>(model.zone_region.size());
    Atom made;
    switch (below(7)) {
      case 0: made = atom(failure::Scope::broker, below(static_cast<std::uint32_t>(model.brokers.size())), u, effect); break;
      case 1:
      case 2: made = atom(failure::Scope::node, below(model.nodes), u, effect); break;
      case 3: made = atom(failure::Scope::zone, below(zones), u, effect); break;
      case 4: made = atom(failure::Scope::region, below(model.regions), u, effect); break;
      case 5:
        if (zones < 2) return;
        made = atom(failure::Scope::zone_pair, below(zones - 1), u, Atom::Effect::cuts, zones - 1);
        break;
      default: made = atom(failure::Scope::cluster, 0, u / 10);
    }
    made.mode = static_cast<std::uint16_t>(below(modes));
    model.atoms.push_back(made);
  }

  double unit() { return stream.uniform({.index = drawn++}); }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(unit() * n); }

  Stream stream;
  std::uint64_t drawn = 0;
  Model model;
  world::Options options;
};

}  // namespace nines::analysis::test
