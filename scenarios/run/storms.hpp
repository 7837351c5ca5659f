// What befalls a design, and what it carries: on this rests whether two answers can be paired, and whether they are of one design.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/workload/deployment.hpp"
#include "models/world/options.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

struct Storms {
  double longest_s = 0;         // The largest mean length of an outage.
  double longest_beside_s = 0;  // Of one that the quorum count does not know.
  // A failure mode at an element, by their names: what random numbers are keyed by. Sorted.
  std::vector<std::string> sources{};
  std::string world{};  // Equal texts, equal worlds. Empty: not known.

  struct Carried {
    workload::Deployment deployment;
    double demand_per_s = 0;
    bool operator==(const Carried&) const = default;
  };
  std::vector<Carried> load{};  // By cluster.
};

// `world` is to_world(scenario).
Storms storms_of(const Scenario& scenario, const world::Options& world);

bool is_one_world(const Storms& a, const Storms& b);
std::size_t common_sources(const Storms& a, const Storms& b);

}  // namespace nines::scenarios
