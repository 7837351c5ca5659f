// A file of labelled arrays: HDF5 that follows the netCDF-4 conventions, so that `xarray.open_dataset(f)` finds named dimensions,
// coordinates, units and long names without being told anything. The same calls give the same bytes.
//
// What is written goes to the disk as chunks fill, beside the final name: memory holds a chunk of every variable that is open, however large
// the file becomes. One thread at a time: HDF5's high-level library is not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analysis/export/forgiving_file.hpp"
#include "sim/base/result.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {

// Divided, not multiplied by 1e-9 as seconds() does: a year is 31557600, not 31557600.000000004.
constexpr double in_seconds(Duration time) { return static_cast<double>(time.count()) / 1e9; }
constexpr double in_seconds(Instant at) { return in_seconds(at - Instant{}); }

struct Attribute {
  std::string name;
  std::variant<std::string, double, std::int64_t, std::uint64_t> value;
};
using Attributes = std::vector<Attribute>;

enum class Type : std::uint8_t { int8, int16, int32, int64, uint64, float64 };

// What a variable is. Units as CF has them: "s", never "seconds", which xarray turns into another type; "1" for numbers.
struct Variable {
  std::string path;  // "downtime_s", or "outages/start" in a group. Its dimensions are looked up there, then in the root.
  std::vector<std::string> dimensions;
  std::string long_name;
  std::string units;               // Empty: none.
  std::vector<std::string> flags;  // Codes 0, 1, ... by name (CF flag_values and flag_meanings); words without blanks.
};

struct FileOptions {
  int gzip = 4;   // 0: not compressed. On two million downtimes, level 9 saved 1 % more in a hundred times the time.
  Fault fault{};  // Tests: a disk that fails.
};

class LabelledFile {
 public:
  // Opens `path`.tmp, so that a place that cannot be written to is known before the work begins. It becomes `path` in finish().
  static Result<LabelledFile> create(const std::string& path, const FileOptions& options = {});
  LabelledFile(LabelledFile&&) noexcept;
  LabelledFile& operator=(LabelledFile&&) noexcept;
  ~LabelledFile();  // Without finish(), nothing is left on the disk.

  // The first call that fails makes all later ones do nothing; finish() says why.
  void group(const std::string& name);
  void attributes(const std::string& path, const Attributes& attributes);  // Of a group or a variable; "/" is the root.

  // A coordinate: the values along the dimension of its name. Before or after the variables that lie along it.
  void coordinate(const Variable& variable, std::span<const std::int64_t> values, Type type);
  void coordinate(const Variable& variable, std::span<const double> values);
  void coordinate(const Variable& variable, std::span<const std::string> values);
  void dimension(const std::string& path, std::size_t length);  // Without values. May be 0.

  void variable(const Variable& variable, std::span<const double> values);  // NaN is missing.
  void variable(const Variable& variable, std::span<const std::int64_t> values, Type type);
  void variable(const Variable& variable, std::span<const std::string> values);

  // A variable that grows along its first dimension, in rows of `row` values (the product of the other dimensions). A chunk is buffered.
  class Column {
   private:
    friend class LabelledFile;
    std::size_t index = 0;
  };
  Column column(const Variable& variable, Type type, std::span<const std::size_t> row);
  void append(Column column, std::span<const double> values);        // Whole rows. float64
  void append(Column column, std::span<const std::int64_t> values);  // The integers.

  // A variable of a fixed shape that is filled in row-major order, the last dimension fastest. A chunk is buffered; what is left out is
  // missing: NaN, or 0 in integers. Dimensions of length 0 there are none.
  class Grid {
   private:
    friend class LabelledFile;
    std::size_t index = 0;
  };
  Grid grid(const Variable& variable, Type type, std::span<const std::size_t> shape);
  void put(Grid grid, std::uint64_t position, double value);        // Positions increase. float64
  void put(Grid grid, std::uint64_t position, std::int64_t value);  // The integers.

  // Writes, syncs and renames. After it, the object is empty.
  Result<void> finish();

 private:
  struct State;
  explicit LabelledFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nines::analysis
