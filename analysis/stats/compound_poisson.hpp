// How much downtime a period has when outages come in a Poisson stream with the lengths that were seen: the probability of spending more than
// a budget, and percentiles of the sum, also for periods that nobody simulated and for sums that no replication met.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/stats/event_sum.hpp"

namespace nines::analysis {

class CompoundPoisson {
 public:
  struct Outages {
    double length_s = 0;
    double number = 0;
  };
  // What was seen in `exposure_s` seconds; `period_s` is what one sum covers.
  CompoundPoisson(std::vector<Outages> seen, double exposure_s, double period_s);

  // P(downtime of a period > budget), with gamma limits (Fay and Feuer) of how it answers to each outage that was seen, and to one more that
  // spends the budget alone. No outage seen: no value, and the rule of three.
  Estimate exceeds(double budget_s) const;

  // The least downtime that a share `p` of the periods does not exceed, in seconds; limits by inversion of the above. An upper limit is absent
  // where an outage too rare to be seen could still decide it.
  Estimate quantile(double p) const;

 private:
  struct Tail {
    double value = 0, low = 0, high = 0;
  };
  struct Law {
    std::vector<double> at_most;  // P(sum <= k cells), k = 0, 1, ... up to the budget.
    double cell_s = 0;
  };
  Tail tail(double budget_s, std::size_t cells) const;
  Law law_up_to(double budget_s, std::size_t cells) const;

  std::vector<Outages> seen_;
  double period_per_exposure_ = 0;
  double events_ = 0;
  double longest_s_ = 0;
  double sum_s_ = 0;
};

}  // namespace nines::analysis
