// The result of a run as a file of labelled arrays: metrics, one row per replication, and every outage, loss of quorum, failover, change of a broker
// and loss of data; what users could not do and what people did where a scenario has capabilities and procedures. Opens with `xarray.open_dataset(f)`; the outages with `xarray.open_dataset(f, group="outages")`.
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
  // The same for what people did: one column a step.
  struct Steps {
    Events of;  // `where` is a cluster.
    std::vector<Column> at;
    Column entries{}, time{}, region{};
  };
  Events events(const std::string& group, const std::string& dimension, const std::string& title);
  void begin_event(Events& events, std::size_t where, Instant start);
  void declare_capabilities(const world::Options& options);
  void declare_procedures(const world::Options& options);
  void add_procedures(const world::Record& record);
  std::vector<const Events*> groups() const;

  LabelledFile file_;
  Reducer reducer_;
  std::uint64_t replications_ = 0;
  Column down_, beside_, down_by_mode_, blackout_, partition_down_, partition_quorum_, partition_failovers_, client_down_, faults_, history_;
  Events outages_, quorum_losses_, failovers_, changes_, data_losses_, capability_outages_;
  Steps procedures_, restorations_;
  Column mean_{};                      // capability_outages_
  std::vector<std::string> causes_;    // Of missing capabilities: what world::Record counts, without duplicates.
  std::vector<std::size_t> cause_of_;  // From a record's index to `causes_`.
};

}  // namespace nines::analysis
