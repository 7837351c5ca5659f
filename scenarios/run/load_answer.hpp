// What a scenario's clusters carry, beside how available they are: capacity healthy, degraded and over the years, latency, and demand met.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/load/long_run.hpp"
#include "analysis/stats/metric.hpp"
#include "models/world/options.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/bytes.hpp"

namespace nines::scenarios {

class LoadAnswer {
 public:
  LoadAnswer(const Scenario& scenario, const world::Options& world);

  void add(const world::Record& record);  // In the order of the replications' indices.

  // The replications that follow, of the same scenario.
  void merge(const LoadAnswer& later);
  void write(ByteWriter& out) const;  // What records added.
  void read(ByteReader& in);          // In place of what is there.

  // Behind each cluster's other metrics. What integrates over the years is there when records were added; demand_met when uptime.all is known, of
  // which it takes off the time in which the capacity is too small.
  void put_into(analysis::Metrics& metrics) const;

 private:
  struct Cluster {
    std::string prefix;
    analysis::Metrics solved, latency;  // What no simulation changes.
    analysis::LongRun long_run;
    double demand_per_s = 0;
    bool integrates = true;  // Too many partitions make a state too dear to weigh at every change.
  };
  std::vector<Cluster> clusters_;
  double longest_s_ = 0;
  std::string longest_words_;
  bool records_ = false;
};

}  // namespace nines::scenarios
