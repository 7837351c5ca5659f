// What a reader wants to know of an incident's timeline first: the longest gap, and when latency was as before.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/run/incident.hpp"

namespace nines::scenarios {

// The longest time in which commands were in work and none was completed, by whole intervals of the timeline.
struct Gap {
  Instant from{}, to{};
  Duration blur{0};  // It may have begun earlier and ended later by so much together: the intervals at its ends.
  Duration length() const { return to - from; }
};
Gap longest_gap(const workload::Timeline& timeline);

// When commands are as fast as before the first fault: from then on, for ten seconds, nine tenths of each interval's commands take no longer than 99 %
// did before.
struct Normality {
  std::size_t fault = 0;        // Of Played::faults.
  bool at_its_end = false;      // After the fault ended, not after it began.
  std::optional<Instant> from;  // Nothing: not before the end, or before the next that happens.
};
std::optional<Duration> usual_latency(const Played& played);  // The 99th percentile before the first fault; nothing where too few commands came before.
std::vector<Normality> normal_again(const Played& played);    // One for each beginning and each end of a fault inside the incident.

}  // namespace nines::scenarios
