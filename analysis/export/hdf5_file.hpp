// An HDF5 file that follows the netCDF-4 conventions, object by object; buffers and rows are LabelledFile's. The only file that knows HDF5
// is its .cpp, beside the driver's. After the first failure every call does nothing.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/export/forgiving_file.hpp"
#include "analysis/export/hdf5_handle.hpp"
#include "analysis/export/labelled_file.hpp"
#include "analysis/export/pending_file.hpp"

namespace nines::analysis::hdf5 {

struct Extent {
  std::vector<std::size_t> shape;
  std::vector<std::size_t> chunk{};  // Empty: in one piece, not compressed.
  bool grows = false;                // Without limit along the first dimension.
};

class File {
 public:
  File(PendingFile pending, const FileOptions& options);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();  // Without finish(), nothing is left on the disk.

  bool good() const { return trouble_.empty() && disk_.error() == 0; }
  void group(const std::string& path);
  void attributes(const std::string& path, const Attributes& attributes);  // Of a group or a variable.

  Handle make(const Variable& variable, Type type, const Extent& extent);
  Handle make_texts(const Variable& variable, std::span<const std::string> values);  // Written, too.
  void make_scale(const Handle& dataset, const std::string& path);                   // A coordinate.
  void make_dimension(const std::string& path, std::size_t length);                  // Without values.
  void attach(const std::string& path, const std::vector<std::string>& dimensions);  // Of a variable; the scales are there by then.

  // The values of `type` as double or std::int64_t: all of them, or the block at `offset`, behind an extension where that is one.
  void write(const Handle& dataset, const std::string& path, Type type, const void* values);
  void write(const Handle& dataset, const std::string& path, Type type, const void* values, std::span<const std::size_t> offset, std::span<const std::size_t> count);
  void extend(const Handle& dataset, const std::string& path, std::span<const std::size_t> shape);

  Result<void> finish();  // No handle is open any more.

 private:
  void expect(bool ok, const std::string& what);
  void write_text(Identifier object, const std::string& name, std::string_view text);
  void write_numbers(Identifier object, const std::string& name, Type type, const void* values, std::size_t number);
  void describe(const Handle& dataset, const Variable& variable, Type type);
  Handle make(const Variable& variable, Identifier stored, const Extent& extent);

  PendingFile pending_;
  ForgivingFile disk_;
  int gzip_;
  Handle driver_;
  Handle file_;
  std::string trouble_;  // The first one.
  std::vector<std::string> scales_;
};

}  // namespace nines::analysis::hdf5
