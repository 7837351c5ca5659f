// What a scenario costs, beside how available it is: the bill of a month, and what downtime is expected to cost on top.
#pragma once

#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

class CostAnswer {
 public:
  explicit CostAnswer(const Scenario& scenario);  // The scenario must outlive it.

  // Behind the other metrics, in place of what an earlier call put there. Where the scenario names a price catalogue: cost.month and its parts; and where
  // it names `downtimeCost`, cost.downtime, from uptime.all of the cluster that is down most, with its limits and band.
  void put_into(analysis::Metrics& metrics) const;
  const std::vector<std::string>& warnings() const { return warnings_; }  // What cannot be priced. Sentences.

 private:
  const Scenario& scenario_;
  analysis::Metrics bill_;
  std::vector<std::string> warnings_;
};

}  // namespace nines::scenarios
