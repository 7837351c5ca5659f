// What users could not do: the outages of capabilities, summed up over replications.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/stats/event_sum.hpp"
#include "analysis/stats/exact_sum.hpp"
#include "analysis/stats/metric.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/bytes.hpp"

namespace nines::analysis {

class CapabilitySums {
 public:
  explicit CapabilitySums(const world::Options& options);

  // `few`: there are fewer replications than EventSum::enough_replications so far.
  void add(const world::Record& record, bool few);
  void merge(const CapabilitySums& later);
  void write(ByteWriter& out) const;
  void read(ByteReader& in);
  bool empty() const { return all_.empty(); }

  // "capability.NAME.uptime", and "capability.NAME.share.CAUSE" of what was seen to begin its outages, the largest first; names begin with the cluster's
  // where there are several.
  // Those of one cluster, or of none: of the management cluster.
  void put_into(Metrics& out, std::optional<std::uint32_t> cluster, double exposure_s) const;

 private:
  struct One {
    std::optional<std::uint32_t> cluster;
    std::string name;  // With its cluster's, where that is needed, up to ".uptime".
    EventSum down;     // Seconds, averaged over the partitions where each user has one.
    std::vector<Weights> by_cause;
  };
  std::vector<One> all_;
  std::vector<std::string> causes_;      // Without duplicates.
  std::vector<std::uint32_t> cause_of_;  // By CapabilityOutage::mode, into causes_.
  std::vector<double> mean_s_;           // By the same: of repairs.
  double longest_s_ = 0, election_s_ = 0;
  std::string longest_words_;
  Duration horizon_{0};
};

}  // namespace nines::analysis
