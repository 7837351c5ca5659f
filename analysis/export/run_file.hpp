// The result of a run as a file of labelled arrays: metrics, one row per replication, and every outage, loss of quorum, failover and change
// of a broker. Opens with `xarray.open_dataset(f)`; the outages with `xarray.open_dataset(f, group="outages")`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/export/labelled_file.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/provenance.hpp"
#include "analysis/stats/replication.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/result.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {

class RunFile {
 public:
  // Fails at once where `path` cannot be written, before anything is simulated.
  static Result<RunFile> create(const std::string& path, const world::Options& options);

  // In the order of the replications' indices. Goes to the disk as chunks fill.
  void add(const world::Record& record);

  // Equal runs give equal bytes only if `provenance` says nothing that differs between them: leave the number of threads out of its command.
  Result<void> finish(const Provenance& provenance, const Metrics& metrics);

 private:
  using Column = LabelledFile::Column;
  RunFile(LabelledFile file, const world::Options& options);
  void add_totals(const world::Record& record);
  void add_events(const world::Record& record);

  // A group with a row for each event of a kind: in which replication, at what, when, why.
  struct Events {
    std::string group, dimension, title;
    std::uint64_t rows = 0;
    Column replication{}, where{}, start{}, end{}, code{}, mode{};  // What a kind does not have is not used.
  };
  Events events(const std::string& group, const std::string& dimension, const std::string& title);
  void begin_event(Events& events, std::size_t where, Instant start);

  LabelledFile file_;
  Reducer reducer_;
  std::uint64_t replications_ = 0;
  Column down_, beside_, down_by_mode_, blackout_, partition_down_, partition_quorum_, partition_failovers_, client_down_, faults_, history_;
  Events outages_, quorum_losses_, failovers_, changes_;
};

}  // namespace nines::analysis
