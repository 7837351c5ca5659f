// Where a scenario departs from the reference architecture (three zones, three replicas a partition, brokers kept apart by zone, a secondary storage that
// survives a node), and what each departure costs in minutes a year.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

struct Departure {
  std::string cluster;
  std::string what;                      // "two replicas"
  std::string sentence;                  // Why it hurts.
  std::string instead;                   // "three replicas"
  std::string of;                        // What the price is of: "some partition cannot be written", "nobody sees Operate".
  std::optional<double> minutes_a_year;  // Less than now, everything else as it is: solved, quorums and components only. None: it cannot be solved.
};

// By cluster, in no order of importance.
std::vector<Departure> departures_of(const Scenario& scenario);

}  // namespace nines::scenarios
