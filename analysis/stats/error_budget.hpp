// An error budget: the downtime that a service level leaves to each period, and how likely it is spent.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/stats/compound_poisson.hpp"
#include "analysis/stats/event_sum.hpp"
#include "analysis/stats/replication.hpp"
#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {

class ErrorBudget {
 public:
  // `level` of 0.999 leaves 43.2 minutes to a period of 30 days.
  ErrorBudget(Duration period, double level);

  // One replication: the outages of the cluster, of which whole periods are taken from the start.
  void add(std::span<const Episode> down, Duration horizon);
  void merge(const ErrorBudget& later);  // The replications that follow.
  void write(ByteWriter& out) const;
  void read(ByteReader& in);
  // Faults by a script are no Poisson stream.
  void set_scheduled();

  // P(a period's downtime exceeds the budget). By compound Poisson from the outages that were `seen`, which needs no period that was over; by the
  // share of the periods that were where there are many, or where the two contradict each other, as they do when outages follow a calendar.
  Estimate exhausted(const std::vector<CompoundPoisson::Outages>& seen, double exposure_s) const;

 private:
  Duration period_;
  double level_;
  double budget_s_;
  EventSum over_;
  std::uint64_t periods_ = 0;
  bool scheduled_ = false;
  std::vector<double> down_s_;  // Scratch, by period.
};

}  // namespace nines::analysis
