// Simulation and solution together: the solved term in place of the simulated one, and whether the two agree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/exact/quorum.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/self_check.hpp"
#include "analysis/stats/summary.hpp"

namespace nines::analysis {

// The unavailability simulated, less the quorum's part of it, plus that part solved: in uptime.all, uptime.mean, uptime.any, nines and downtime;
// quorum_loss.* as solved. `prefix`: the cluster's, as its metrics' names bear it.
void put_solved(const QuorumAnswer& solved, const Summary::Excess& excess, const std::string& prefix, Metrics& metrics);

// The p-value, two-sided, of a sum with this variance where `expected` was expected: a sum of equal weights behind a Poisson count, as in the
// interval of Fay and Feuer. For a plain count the exact Poisson test.
double p_of_sum(double sum, double variance, double expected);

// Gaps that were measured by themselves: a share of time and its standard error.
struct MeasuredGaps {
  double value = 0;
  double error = 0;
  std::uint64_t faults = 0;
};

// How much the summed length of the losses of some quorum scatters: its variance per second, at most. Each loss is charged the mean square of the
// duration of the fault that completed it, which it cannot outlast. A sample without the rare long ones would not know.
double variance_of_losses(const Model& model, std::size_t cluster, const std::vector<failure::Mode>& modes);

// Counts and lengths of the losses of some quorum against the solution, and the time lost beside them against gaps measured one by one. Lengths
// count where a hundred losses of equal length would scatter as much or more. Replications started in the stationary state.
SelfCheck self_check(const QuorumAnswer& solved, double variance_per_s, const Summary& summary, std::size_t cluster, const std::string& name,
                     const std::optional<MeasuredGaps>& gaps);

}  // namespace nines::analysis
