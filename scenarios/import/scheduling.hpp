// What values ask of Kubernetes' scheduler: what keeps brokers apart, and in which zones they may stand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/import/values.hpp"
#include "scenarios/schema/chart.hpp"

namespace nines::scenarios {

enum class Wish : std::uint8_t { none, soft, hard };

struct Scheduling {
  struct Apart {
    Wish wish = Wish::none;
    std::string how;
    Place place;
    bool is_given = false;
  };
  Apart host, zone;
  bool one_a_zone = false;         // By anti-affinity: never two in one.
  int skew = 1;                    // By how many brokers zones may differ.
  std::vector<std::string> zones;  // Those that nodes are restricted to; empty: none is named.
  std::string zones_how, region;   // region: of the zones' names, where they have one.
};

// `base` is the section of the brokers. A chart that does not read topologySpreadConstraints is not asked for them; that is a warning.
Scheduling read_scheduling(Asked& asked, const std::string& base, const ChartDefaults& chart, const std::string& version, Errors& warnings);

}  // namespace nines::scenarios
