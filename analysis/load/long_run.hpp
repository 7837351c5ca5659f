// How much a cluster carries over the years: its capacity integrated over who ran and who led, and the time in which demand was not met although
// every partition was writable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/stats/event_sum.hpp"
#include "analysis/stats/exact_sum.hpp"
#include "models/workload/capacity.hpp"
#include "models/world/record.hpp"
#include "sim/base/bytes.hpp"

namespace nines::analysis {

// Where a cluster stands in the world's records.
struct ClusterPlace {
  std::size_t first_broker = 0, first_partition = 0;
};

class LongRun {
 public:
  // `demand_per_s`: commands; 0: none is asked for. A partition that is not writable carries nothing, and with commands spread evenly the cluster then
  // carries nothing that lasts.
  LongRun(workload::Deployment deployment, ClusterPlace place, double demand_per_s);

  void add(const world::Record& record);  // In the order of the replications' indices.

  // The replications that follow, of the same cluster: the same bits as if their records had been added here.
  void merge(const LongRun& later);
  void write(ByteWriter& out) const;
  void read(ByteReader& in);  // In place of what is there.

  // Commands a second, over all replications; limits by Student's t from 30 replications on. `longest_s`: as of shortfall(), for where none of them saw
  // it carry less.
  Estimate throughput(double longest_s) const;
  // Seconds of shortfall per second while every partition is writable. `longest_s`: the mean of the longest repair, which no replication may have seen.
  Estimate shortfall(double longest_s, const std::string& longest_words) const;
  double shortfall_s() const { return shortfall_.seen().sum; }
  std::size_t states() const { return capacities_.size(); }  // Different ones that were met.

 private:
  struct Event {
    Instant at;
    enum class What : std::uint8_t { stops, starts, leads } what;
    std::uint32_t subject;  // A broker, or a partition.
    std::int16_t leader;
  };
  struct Span {
    Instant start, end;
  };
  void collect(const world::Record& record);
  double capacity();

  workload::Deployment deployment_;
  ClusterPlace place_;
  double demand_per_s_;
  workload::State state_;
  std::unordered_map<std::string, double> capacities_;  // Of states, by their bytes; only looked up.
  std::vector<Event> events_;                           // Of one record; scratch.
  std::vector<Span> outages_;                           // The same: of some partition, joined.
  EventSum shortfall_;
  ExactSum exposure_s_, capacity_s_;
  Spread carried_;  // Commands a second, by replication.
};

}  // namespace nines::analysis
