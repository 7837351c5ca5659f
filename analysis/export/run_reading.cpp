#include "analysis/export/run_reading.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include <hdf5.h>

#include "analysis/export/hdf5_handle.hpp"

namespace nines::analysis {
namespace {

using hdf5::Handle;

constexpr hsize_t most_values = 100'000'000;  // Of one array: a file that claims more is none of ours.
constexpr std::size_t most_text = std::size_t{64} << 20;

// Reads by name; what is not there or of another kind leaves `missing`.
class Reader {
 public:
  explicit Reader(hid_t file) : file_(file) {}
  const std::string& missing() const { return missing_; }

  std::string text(const char* name) {
    if (const auto found = optional_text(name)) return *found;
    lack(name);
    return {};
  }

  std::optional<std::string> optional_text(const char* name) {
    if (H5Aexists(file_, name) <= 0) return std::nullopt;
    const Handle attribute(H5Aopen(file_, name, H5P_DEFAULT), H5Aclose);
    if (!attribute.good()) return std::nullopt;
    const Handle stored(H5Aget_type(attribute.get()), H5Tclose), space(H5Aget_space(attribute.get()), H5Sclose);
    if (!stored.good() || H5Tis_variable_str(stored.get()) <= 0 || H5Sget_simple_extent_npoints(space.get()) != 1) return std::nullopt;
    char* pointer = nullptr;
    const Handle memory = strings();
    if (H5Aread(attribute.get(), memory.get(), &pointer) < 0 || pointer == nullptr) return std::nullopt;
    std::string out(pointer, ::strnlen(pointer, most_text));
    H5free_memory(pointer);
    return out;
  }

  template <class T>
  T number(const char* name, hid_t type) {
    T value{};
    const Handle attribute(H5Aexists(file_, name) > 0 ? H5Aopen(file_, name, H5P_DEFAULT) : -1, H5Aclose);
    const Handle space(attribute.good() ? H5Aget_space(attribute.get()) : -1, H5Sclose);
    if (!attribute.good() || H5Sget_simple_extent_npoints(space.get()) != 1 || H5Aread(attribute.get(), type, &value) < 0) lack(name);
    return value;
  }

  // By rows; `shape` has as many dimensions as the array.
  std::vector<double> numbers(const char* name, std::vector<hsize_t>& shape) {
    const Handle dataset = open(name);
    if (!dataset.good() || !has_shape(dataset, shape)) return lack(name), std::vector<double>();
    std::vector<double> values(count(shape));
    if (!values.empty() && H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) lack(name);
    return values;
  }

  bool has(const char* name) const { return H5Lexists(file_, name, H5P_DEFAULT) > 0; }

  std::vector<std::string> texts(const char* name) {
    const Handle dataset = open(name);
    std::vector<hsize_t> shape(1);
    if (!dataset.good() || !has_shape(dataset, shape)) return lack(name), std::vector<std::string>();
    const Handle stored(H5Dget_type(dataset.get()), H5Tclose), space(H5Dget_space(dataset.get()), H5Sclose);
    if (H5Tis_variable_str(stored.get()) <= 0) return lack(name), std::vector<std::string>();
    std::vector<char*> pointers(count(shape), nullptr);
    std::vector<std::string> out;
    if (pointers.empty()) return out;
    const Handle memory = strings();
    if (H5Dread(dataset.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) return lack(name), out;
    for (const char* pointer : pointers) out.emplace_back(pointer == nullptr ? "" : pointer);
    H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, pointers.data());
    return out;
  }

  void lack(const char* name) {
    if (missing_.empty()) missing_ = name;
  }

 private:
  static Handle strings() {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
  }
  static std::size_t count(const std::vector<hsize_t>& shape) {
    std::size_t values = 1;
    for (const hsize_t length : shape) values *= static_cast<std::size_t>(length);
    return values;
  }
  Handle open(const char* name) const { return {H5Lexists(file_, name, H5P_DEFAULT) > 0 ? H5Dopen2(file_, name, H5P_DEFAULT) : -1, H5Dclose}; }
  static bool has_shape(const Handle& dataset, std::vector<hsize_t>& shape) {
    const Handle space(H5Dget_space(dataset.get()), H5Sclose);
    if (!space.good() || H5Sget_simple_extent_ndims(space.get()) != static_cast<int>(shape.size())) return false;
    H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr);
    hsize_t values = 1;
    for (const hsize_t length : shape) {
      if (length > most_values || values * length > most_values) return false;
      values *= length;
    }
    return true;
  }

  hid_t file_;
  std::string missing_;
};

std::optional<double> or_absent(double value) { return std::isnan(value) ? std::nullopt : std::optional<double>(value); }

}  // namespace

bool is_hdf5(const std::string& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  return H5Fis_hdf5(path.c_str()) > 0;
}

bool reads_as_exact(const Metric& metric) {
  if (!metric.value) return false;
  if (metric.low && metric.high) return *metric.low == *metric.value && *metric.high == *metric.value;
  return !metric.low && !metric.high && metric.method.starts_with("exact");
}

Result<RunReading> read_run(const std::string& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const auto cannot = [&](const std::string& why) { return fail(Place{}, "cannot read " + path + ": " + why); };
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file.good()) return cannot("it is no HDF5 file, or damaged");
  Reader reader(file.get());
  RunReading out;
  Provenance& from = out.provenance;
  from.scenario = reader.text("scenario");
  from.scenario_text = reader.text("scenario_text");
  from.scenario_hash = reader.text("scenario_hash");
  from.fingerprint = reader.text("fingerprint");
  from.stop_reason = reader.text("stop_reason");
  from.seed = reader.number<std::uint64_t>("seed", H5T_NATIVE_UINT64);
  from.replications = reader.number<std::uint64_t>("replications", H5T_NATIVE_UINT64);
  from.years = reader.number<double>("simulated_years", H5T_NATIVE_DOUBLE);
  from.command = reader.optional_text("command").value_or("");
  const std::string source = reader.text("source");  // "nines 0.1.0"
  from.version = source.substr(std::min(source.size(), source.find(' ') + 1));
  out.horizon_s = reader.number<double>("horizon_s", H5T_NATIVE_DOUBLE);

  const std::vector<std::string> names = reader.texts("metric"), units = reader.texts("unit"), methods = reader.texts("method");
  std::vector<hsize_t> length{names.size()};
  std::vector<std::vector<double>> columns;
  for (const char* column : {"value", "low", "high", "band_low", "band_high"}) {
    columns.push_back(reader.numbers(column, length));
    if (columns.back().size() != names.size()) reader.lack(column);
  }
  if (units.size() != names.size() || methods.size() != names.size()) reader.lack("metric");
  const std::vector<std::string> clusters = reader.texts("cluster");
  std::vector<hsize_t> shape(2);
  const std::vector<double> down = reader.numbers("downtime_s", shape);
  if (shape[1] != clusters.size()) reader.lack("downtime_s");
  constexpr const char* beside_name = "downtime_beside_quorum_loss_s";
  std::vector<hsize_t> beside_shape = shape;
  const std::vector<double> beside = reader.has(beside_name) ? reader.numbers(beside_name, beside_shape) : std::vector<double>();
  if (beside_shape != shape) reader.lack(beside_name);
  if (!reader.missing().empty()) return cannot("it is not the file of a run: '" + reader.missing() + "' is not there, or not as nines run writes it");

  for (std::size_t m = 0; m < names.size(); ++m) {
    Metric metric{
        .name = names[m], .value = or_absent(columns[0][m]), .low = or_absent(columns[1][m]), .high = or_absent(columns[2][m]), .unit = units[m], .method = methods[m]};
    metric.band_low = or_absent(columns[3][m]);
    metric.band_high = or_absent(columns[4][m]);
    metric.exact = reads_as_exact(metric);
    out.metrics.push_back(std::move(metric));
  }
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    out.clusters.push_back({clusters[c], {}, {}});
    for (std::size_t r = 0; r < static_cast<std::size_t>(shape[0]); ++r) out.clusters[c].down_s.push_back(down[r * clusters.size() + c]);
    for (std::size_t i = c; i < beside.size(); i += clusters.size()) out.clusters[c].beside_s.push_back(beside[i]);
  }
  return out;
}

}  // namespace nines::analysis
