// Balanced failure biasing: once something has failed, more is made to fail until the quorum is lost, and the likelihood ratio says how
// much rarer that is in truth (Shahabuddin, Management Science 40, 1994; Nicola, Shahabuddin and Nakayama, IEEE Transactions on
// Reliability 50, 2001). After the loss nothing is biased any more.
#pragma once

#include "analysis/rare/system.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {

enum class Bias : std::uint8_t {
  none,      // Plain simulation of excursions, for comparison.
  balanced,  // Before the loss, a failure comes before the next repair with probability `failure_first`.
};

// More than the customary one half: what is wanted is a run of failures with no repair in between. A repair's likelihood ratio is at most
// 1 / (1 - failure_first).
inline constexpr double failure_first = 0.8;

// One excursion of a system of exponential laws, jump by jump; each visit counts with its expected length. `watch` is all up, before and
// after. One stream an excursion.
Path excursion_by_jumps(const System& system, Watch& watch, const Stream& stream, Bias bias);

// The same for any laws, clock by clock. Repairs keep their law. With T left until the next repair, failures' hazards are scaled, by a factor
// that follows from T and the ages of what is up, such that one comes before T with probability `failure_first`: the ratio of densities is
// that of the true probability of failing within T, which is bounded. (A constant factor has no bounded ratio, and with heavy-tailed repairs no
// variance: the ratio grows exponentially in T.) Half of the durations drawn before the loss are length-biased, since a long one is
// what others fail in.
Path excursion_by_clocks(const System& system, Watch& watch, const Stream& stream, Bias bias);

}  // namespace nines::analysis
