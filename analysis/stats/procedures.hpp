// How long it took people to bring clusters back after the loss of a region, or from a backup, and what was lost on the way: world::Record::procedures and
// restorations, summed up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/stats/event_sum.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/replication.hpp"
#include "analysis/stats/sketch.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/bytes.hpp"

namespace nines::analysis {

class ProcedureSums {
 public:
  // `layout`: of the same options; it must outlive this one's construction only.
  ProcedureSums(const world::Options& options, const Layout& layout);

  void add(const world::Record& record, const Layout& layout);
  void merge(const ProcedureSums& later);
  void write(ByteWriter& out) const;
  void read(ByteReader& in);

  // Of the cluster, by the fault that took the region: "rto.FAULT" and "rto.FAULT.p95", from the loss of the quorums until every partition could be
  // written again, whoever brought that about; "rto.FAULT.failback", from the region's return until every replica was back; "rpo.FAULT", how much of
  // the time before the loss was lost with it. Where there are backups: "rto.backup" and "rto.backup.p95", from the loss of data until every partition
  // could be written again; "rpo.backup", what the partition loses on average that lost its data, and "rpo.backup.max". Seconds. `at`: what names begin with.
  void put_into(Metrics& out, std::size_t cluster, const std::string& at) const;

 private:
  void put_restorations_into(Metrics& out, std::size_t cluster, const std::string& at) const;

  struct One {
    Sketch recoveries;
    EventRatio recovery, failback, loss;  // The last: of each forced removal.
    std::uint64_t with_loss = 0;
    Duration most_lost{0};
  };
  struct Cluster {
    bool may_lose = false, is_loaded = false;
    std::vector<One> by_mode;       // By the layout's modes; empty where nobody operates the cluster.
    std::vector<bool> is_expected;  // Such a fault takes regions: it is told of although it was never seen.
    bool is_backed_up = false;
    Duration every{0}, takes{0};  // Backups.
    Sketch restorations;
    EventRatio restoration;
  };
  std::vector<Cluster> clusters_;
  std::vector<std::string> modes_;
};

}  // namespace nines::analysis
