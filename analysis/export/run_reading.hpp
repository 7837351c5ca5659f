// The file of a run (run_file.hpp), read back: what it answered, each replication's downtime, and what is needed to run it again.
#pragma once

#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"
#include "analysis/stats/provenance.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

struct RunReading {
  Provenance provenance;
  Metrics metrics;  // A value beside equal limits, or whose method says so, is exact.
  struct Cluster {
    std::string name;
    std::vector<double> down_s;    // By replication.
    std::vector<double> beside_s;  // Of it, what the quorum count alone does not say; empty in files of programs that did not keep it.
  };
  std::vector<Cluster> clusters;
  double horizon_s = 0;  // Of a replication.
};

// Whether the file begins as HDF5 does; false where it cannot be read.
bool is_hdf5(const std::string& path);

// An error has no place in the file; it names the path and what is missing.
Result<RunReading> read_run(const std::string& path);

// What read_run() takes for exact, of metrics that were written down without saying so.
bool reads_as_exact(const Metric& metric);

}  // namespace nines::analysis
