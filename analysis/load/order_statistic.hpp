// When a quorum has written: the k-th of several unlike acknowledgements, exactly, as if they were independent. Replicas that share their arrivals are
// not quite (queue.hpp, fork-join): this is the lower side.
#pragma once

#include <span>
#include <vector>

#include "models/topology/topology.hpp"
#include "sim/base/law.hpp"

namespace nines::analysis {

// One acknowledgement: fixed_s + an fsync + what the way there and back adds to its least.
struct Ack {
  double fixed_s = 0;
  Law flush = Law::fixed(Duration{0});
  std::vector<double> jitter_s;  // Ascending; equally likely slices of the way's random part, each at its middle. Empty: none.
};
// The fixed part is that of the two links and `more_s`.
Ack acknowledgement(const topology::LinkLaw& there, const topology::LinkLaw& back, double more_s, const Law& flush);

// P(not later than t).
double acknowledged_by(const Ack& ack, double t);
// P(at least k of them not later than t): the tail of a Poisson-binomial law, by dynamic programming.
double quorum_by(std::span<const Ack> acks, int k, double t);

struct TimeSpread {
  double least_s = 0;  // It never takes less.
  double mean_s = 0;
  double variance_s2 = 0;
};
TimeSpread quorum_time(std::span<const Ack> acks, int k);
double quorum_quantile_s(std::span<const Ack> acks, int k, double p);

}  // namespace nines::analysis
