// One of several designs that are compared: its answer, and what is known of how it came about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"
#include "analysis/stats/paired.hpp"
#include "scenarios/run/storms.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

struct Side {
  std::string name;     // Of the scenario, or what was typed where several have one name.
  std::string operand;  // What was typed: the file that places speak of when there is no scenario.
  analysis::Metrics metrics;
  std::vector<analysis::Series::Cluster> series{};  // Empty: nothing is known of single replications.
  double horizon_s = 0;                             // Of a replication.
  std::uint64_t seed = 0;
  std::optional<Storms> storms{};      // Of the world that was simulated or solved; nothing where only its answer is known.
  const Scenario* scenario = nullptr;  // Null: only its answer is known.
};

}  // namespace nines::scenarios
