// The result of a run as a file of labelled arrays: metrics, one row per replication, and every outage. Opens with
// `xarray.open_dataset(f)`; the outages with `xarray.open_dataset(f, group="outages")`.
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

namespace nines::analysis {

class RunFile {
 public:
  // Fails at once where `path` cannot be written, before anything is simulated.
  static Result<RunFile> create(const std::string& path, const world::Options& options);

  // In the order of the replications' indices. What is kept is compressed: about 15 bytes an outage.
  void add(const world::Record& record);

  // Equal runs give equal bytes only if `provenance` says nothing that differs between them: leave the number of threads out of its command.
  Result<void> finish(const Provenance& provenance, const Metrics& metrics);

 private:
  using Column = LabelledFile::Column;
  RunFile(LabelledFile file, const world::Options& options);
  void add_totals(const world::Record& record);
  void add_outages(const world::Record& record);

  LabelledFile file_;
  Reducer reducer_;
  std::uint64_t replications_ = 0;
  std::uint64_t outages_ = 0;
  Column down_, down_by_mode_, blackout_, partition_down_, partition_quorum_, partition_failovers_, client_down_, faults_, history_;
  Column outage_replication_, outage_partition_, outage_start_, outage_end_, outage_phase_, outage_mode_;
};

}  // namespace nines::analysis
