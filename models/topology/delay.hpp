// The one-way delay of one message, from one keyed uniform, and the two ends that every sample keeps to.
#pragma once

#include "models/topology/topology.hpp"
#include "sim/base/time.hpp"

namespace nines::topology {

constexpr Duration least_delay(const LinkLaw& law) { return law.minimum; }
constexpr Duration greatest_delay(const LinkLaw& law) {
  return law.jitter_median > Duration{0} && law.maximum > law.minimum ? law.maximum : law.minimum;
}

// minimum + lognormal(jitter_median, jitter_sigma), inverted at u in (0, 1) and cut off at `maximum`. Non-decreasing in u.
Duration sample_delay(const LinkLaw& law, double u);

// Its mean, without losses. Seconds.
double mean_delay_s(const LinkLaw& law);

// The law whose least delay is `fixed_share` of p50, whose median is p50 and whose 99th percentile is p99, all of one way. `maximum` truncates.
// p99 <= p50 gives a law without jitter at p50.
LinkLaw link_law(Duration p50, Duration p99, double fixed_share, Duration maximum);

// How often TCP sends a packet that is lost with probability `loss`, and what that adds to the delay: the k-th resend follows after a time-out
// that starts at `first_timeout` and doubles (RFC 6298 5.5). u in (0, 1) decides how many are lost; at most 10 doublings.
Duration resend_delay(double loss, Duration first_timeout, double u);

}  // namespace nines::topology
