// The result of a sweep as a file of labelled arrays: a dimension an axis, a variable a metric. Opens with `xarray.open_dataset(f)`;
// `ds["uptime.all"].sel({"cluster.replication": 3})`. Written as rows come: memory does not grow with the points.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/export/labelled_file.hpp"
#include "analysis/export/sweep_shape.hpp"
#include "analysis/stats/provenance.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

class SweepFile {
 public:
  // Fails at once where `path` cannot be written, and where two axes or an axis and a metric would have one name in the file.
  static Result<SweepFile> create(const std::string& path, const SweepShape& shape, const FileOptions& options = {});

  // Points in increasing order. Every metric of a row is one of the shape's, by name and unit; a row may have fewer.
  void add(std::uint64_t point, const SweepRow& row);

  // `sweep_text`: the sweep as it was written. Equal rows give equal bytes only if `from` says nothing that differs: leave the number of
  // threads out of its command.
  Result<void> finish(const Provenance& from, const std::string& sweep_text);

  // The name that two things of the file would share, or nothing. Metrics that nobody knows yet may be left out.
  static std::optional<std::string> name_twice(const SweepShape& shape);
  // The metric whose limit or band would be called so: "uptime.all" of "uptime.all.low"; any other name as it is.
  static std::string_view without_suffix(std::string_view name);

  // The name of an axis or a metric in the file: netCDF has no "/" in names, CF no blanks. "client.r/a.uptime" is "client.r:a.uptime".
  static std::string name_in_file(const std::string& name);

 private:
  enum Limit : std::size_t { low, high, band_low, band_high };
  struct Series {
    SweepMetric metric;
    std::string name;  // In the file.
    LabelledFile::Grid values;
    std::array<std::optional<LabelledFile::Grid>, 4> limits{};  // By Limit; bands only from the first on.
    std::optional<std::string> method{};                        // Of all rows so far.
    bool methods_differ = false;
  };

  SweepFile(LabelledFile file, const SweepShape& shape);
  void add_dimension(const SweepDimension& dimension);
  void add_labels(const SweepDimension& labelled, const std::string& along, bool is_dimension);
  void add_metric(const SweepMetric& metric, bool has_several_units);
  Series& series_of(const Metric& metric);
  void put(std::uint64_t point, Series& series, Limit limit, const std::optional<double>& value);
  LabelledFile::Grid grid(const std::string& name, const std::string& long_name, const std::string& unit, Type type, std::vector<std::string> flags);

  LabelledFile file_;
  std::vector<std::size_t> lengths_;
  std::vector<std::string> dimensions_;  // Their names in the file.
  std::string coordinates_;              // CF: the auxiliary ones, with blanks between.
  std::vector<Series> series_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_name_;  // Name and unit.
  std::size_t next_series_ = 0;                                         // Rows have their metrics in the same order.
  LabelledFile::Grid included_, replications_, expectations_;
  std::uint64_t points_ = 0, rows_ = 0, all_replications_ = 0;
};

}  // namespace nines::analysis
