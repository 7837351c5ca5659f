// The timeline of an incident as a file of labelled arrays: along time, partitions, reasons of rejection and stations. Opens with
// `xarray.open_dataset(f)`.
#pragma once

#include <string>

#include "analysis/export/labelled_file.hpp"
#include "analysis/stats/provenance.hpp"
#include "models/workload/pipeline.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

class TimelineFile {
 public:
  // Fails at once where `path` cannot be written, before anything is simulated.
  static Result<TimelineFile> create(const std::string& path);
  Result<void> finish(const workload::Deployment& deployment, const workload::Timeline& timeline, const Provenance& provenance);

 private:
  explicit TimelineFile(LabelledFile file) : file_(std::move(file)) {}
  void add_times(const workload::Timeline& timeline);
  void add_partitions(const workload::Timeline& timeline, std::size_t partitions);
  void add_stations(const workload::Deployment& deployment, const workload::Timeline& timeline);
  LabelledFile file_;
};

}  // namespace nines::analysis
