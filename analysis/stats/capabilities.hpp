// What users could not do: the outages of capabilities, summed up over replications.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/stats/event_sum.hpp"
#include "analysis/stats/exact_sum.hpp"
#include "analysis/stats/metric.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/bytes.hpp"

namespace nines::analysis {

// "start-process-instance" after `family`, with the cluster's name before it where there are several.
std::string name_of(const world::Options& options, const services::Capability& capability, std::string_view family = {});

// What keeps users from something, and how much of the time without it that is.
struct Cause {
  std::string mode;
  double share = 0;
};
std::string three_of(const std::vector<Cause>& causes);  // "zone-outage 46 %, node-loss 26 %, ...": the first three.
// What a method says before them.
inline constexpr std::string_view most_by = "; most by ";

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
