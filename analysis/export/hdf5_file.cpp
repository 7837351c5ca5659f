#include "analysis/export/hdf5_file.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include <hdf5.h>
#include <hdf5_hl.h>

#include "analysis/export/hdf5_driver.hpp"
#include "analysis/export/utf8.hpp"

namespace nines::analysis::hdf5 {
namespace {

// Integers travel as std::int64_t; unsigned ones keep their bits, which HDF5's conversion of negative values would not.
hid_t memory_type(Type type) { return type == Type::float64 ? H5T_NATIVE_DOUBLE : type == Type::uint64 ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64; }
hid_t file_type(Type type) {
  switch (type) {
    case Type::int8: return H5T_STD_I8LE;
    case Type::int16: return H5T_STD_I16LE;
    case Type::int32: return H5T_STD_I32LE;
    case Type::int64: return H5T_STD_I64LE;
    case Type::uint64: return H5T_STD_U64LE;
    case Type::float64: break;
  }
  return H5T_IEEE_F64LE;
}

// HDF5 prints a stack of messages when a call fails; this is not for people. Each thread has its own setting.
void silence() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

Handle string_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

// Groups and attributes keep the order in which they were made (netCDF-4 asks for it), and no object a time.
void track_order(hid_t properties) {
  H5Pset_link_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_attr_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(properties, 0);
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}
std::string name_of(const std::string& path) { return path.substr(folder_of(path).size()); }

std::vector<hsize_t> lengths(std::span<const std::size_t> shape) { return {shape.begin(), shape.end()}; }

Handle space_of(std::span<const hsize_t> size, std::span<const hsize_t> most) {
  if (size.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  return {H5Screate_simple(static_cast<int>(size.size()), size.data(), most.data()), H5Sclose};
}

}  // namespace

File::File(PendingFile pending, const FileOptions& options)
    : pending_(std::move(pending)), disk_(pending_.descriptor(), options.fault), gzip_(options.gzip) {
  silence();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  driver_ = use(access.get(), disk_);
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  track_order(creation.get());
  if (driver_.good()) file_ = Handle(H5Fcreate("nines", H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose);
  expect(file_.good(), "a file");
}

File::~File() { disk_.give_up(); }  // Before the file closes and writes what it still holds.

// Beside a failing disk, only a lack of memory or a mistake of ours gets here.
void File::expect(bool ok, const std::string& what) {
  if (!ok && trouble_.empty()) trouble_ = "HDF5 refused to make " + what;
}

void File::group(const std::string& path) {
  if (!good()) return;
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  track_order(creation.get());
  const Handle group(H5Gcreate2(file_.get(), path.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose);
  expect(group.good(), "the group " + path);
}

void File::write_text(Identifier object, const std::string& name, std::string_view text) {
  const Handle type = string_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle attribute(H5Acreate2(object, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const std::string valid = valid_utf8(text);
  const char* pointer = valid.c_str();
  expect(attribute.good() && H5Awrite(attribute.get(), type.get(), &pointer) >= 0, "the attribute " + name);
}

void File::write_numbers(Identifier object, const std::string& name, Type type, const void* values, std::size_t number) {
  const hsize_t length = number;
  const Handle space(number == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &length, nullptr), H5Sclose);
  const Handle attribute(H5Acreate2(object, name.c_str(), file_type(type), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  expect(attribute.good() && H5Awrite(attribute.get(), memory_type(type), values) >= 0, "the attribute " + name);
}

void File::attributes(const std::string& path, const Attributes& attributes) {
  if (!good()) return;
  const Handle object(H5Oopen(file_.get(), path.c_str(), H5P_DEFAULT), H5Oclose);
  expect(object.good(), "attributes of " + path);
  for (const Attribute& attribute : attributes) {
    if (!good()) return;
    if (const auto* text = std::get_if<std::string>(&attribute.value)) write_text(object.get(), attribute.name, *text);
    if (const auto* real = std::get_if<double>(&attribute.value)) write_numbers(object.get(), attribute.name, Type::float64, real, 1);
    if (const auto* whole = std::get_if<std::int64_t>(&attribute.value)) write_numbers(object.get(), attribute.name, Type::int64, whole, 1);
    if (const auto* word = std::get_if<std::uint64_t>(&attribute.value)) write_numbers(object.get(), attribute.name, Type::uint64, word, 1);
  }
}

void File::describe(const Handle& dataset, const Variable& variable, Type type) {
  if (!variable.long_name.empty()) write_text(dataset.get(), "long_name", variable.long_name);
  if (!variable.units.empty()) write_text(dataset.get(), "units", variable.units);
  if (variable.flags.empty()) return;
  std::vector<std::int64_t> codes;
  std::string meanings;
  for (const std::string& flag : variable.flags) {
    codes.push_back(static_cast<std::int64_t>(codes.size()));
    std::string word = flag;
    std::replace(word.begin(), word.end(), ' ', '_');
    meanings += (meanings.empty() ? "" : " ") + word;
  }
  // CF: of the variable's own type.
  write_numbers(dataset.get(), "flag_values", type, codes.data(), codes.size());
  write_text(dataset.get(), "flag_meanings", meanings);
}

Handle File::make(const Variable& variable, Identifier stored, const Extent& extent) {
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_attr_creation_order(properties.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(properties.get(), 0);
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const bool real = stored == H5T_IEEE_F64LE;
  if (real) H5Pset_fill_value(properties.get(), H5T_NATIVE_DOUBLE, &missing);
  const std::vector<hsize_t> size = lengths(extent.shape);
  std::vector<hsize_t> most = size;
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  if (!extent.chunk.empty()) {
    if (extent.grows) most.front() = H5S_UNLIMITED;
    const std::vector<hsize_t> chunk = lengths(extent.chunk);
    H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
    // It helps columns and results (half of the time, as small a file) and hurts growing tables, which are mostly zeros.
    if (!real || chunk.size() == 1 || !extent.grows) H5Pset_shuffle(properties.get());
    if (gzip_ > 0) H5Pset_deflate(properties.get(), static_cast<unsigned>(gzip_));
    H5Pset_chunk_cache(access.get(), 0, 0, H5D_CHUNK_CACHE_W0_DEFAULT);  // Every chunk is written once and whole: nothing to keep.
  }
  const Handle space = space_of(size, most);
  Handle dataset(H5Dcreate2(file_.get(), variable.path.c_str(), stored, space.get(), H5P_DEFAULT, properties.get(), access.get()), H5Dclose);
  expect(dataset.good(), variable.path);
  return dataset;
}

Handle File::make(const Variable& variable, Type type, const Extent& extent) {
  if (!good()) return {};
  Handle dataset = make(variable, file_type(type), extent);
  if (!dataset.good()) return dataset;
  describe(dataset, variable, type);
  const double missing = std::numeric_limits<double>::quiet_NaN();
  if (type == Type::float64) write_numbers(dataset.get(), "_FillValue", Type::float64, &missing, 1);
  return dataset;
}

Handle File::make_texts(const Variable& variable, std::span<const std::string> values) {
  if (!good()) return {};
  std::vector<std::string> valid;
  std::vector<const char*> pointers;
  valid.reserve(values.size());
  pointers.reserve(values.size());
  for (const std::string& value : values) valid.push_back(valid_utf8(value));
  for (const std::string& value : valid) pointers.push_back(value.c_str());
  const Handle type = string_type();
  Handle dataset = make(variable, type.get(), {.shape = {values.size()}});
  if (!dataset.good()) return dataset;
  describe(dataset, variable, Type::int8);
  expect(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) >= 0, variable.path);
  return dataset;
}

void File::make_scale(const Handle& dataset, const std::string& path) {
  if (!good()) return;
  expect(dataset.good() && H5DSset_scale(dataset.get(), name_of(path).c_str()) >= 0, "the dimension " + path);
  scales_.push_back(path);
}

// netCDF-4 knows a dimension without values by this sentence and the length behind it (netCDF-C, file_format_specifications.md).
void File::make_dimension(const std::string& path, std::size_t length) {
  if (!good()) return;
  std::string digits = std::to_string(length);
  digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, ' ');
  // Unlimited, because a limited dimension of length 0 means "unlimited" to netCDF-C.
  const Handle dataset = make({.path = path, .dimensions = {}, .long_name = {}, .units = {}, .flags = {}}, H5T_IEEE_F32BE,
                              {.shape = {length}, .chunk = {1024}, .grows = true});
  const std::string name = "This is a netCDF dimension but not a netCDF variable." + digits;
  expect(dataset.good() && H5DSset_scale(dataset.get(), name.c_str()) >= 0, "the dimension " + path);
  scales_.push_back(path);
}

void File::attach(const std::string& path, const std::vector<std::string>& dimensions) {
  if (!good()) return;
  const Handle dataset(H5Dopen2(file_.get(), path.c_str(), H5P_DEFAULT), H5Dclose);
  for (unsigned axis = 0; axis < dimensions.size() && good(); ++axis) {
    const std::string near = folder_of(path) + dimensions[axis];
    const bool is_near = std::find(scales_.begin(), scales_.end(), near) != scales_.end();
    const Handle scale(H5Dopen2(file_.get(), (is_near ? near : dimensions[axis]).c_str(), H5P_DEFAULT), H5Dclose);
    expect(dataset.good() && scale.good() && H5DSattach_scale(dataset.get(), scale.get(), axis) >= 0, "the dimension " + dimensions[axis] + " of " + path);
  }
}

void File::write(const Handle& dataset, const std::string& path, Type type, const void* values) {
  if (!good()) return;
  expect(dataset.good() && H5Dwrite(dataset.get(), memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0, path);
}

void File::write(const Handle& dataset, const std::string& path, Type type, const void* values, std::span<const std::size_t> offset,
                 std::span<const std::size_t> count) {
  if (!good()) return;
  const std::vector<hsize_t> from = lengths(offset), many = lengths(count);
  const Handle target(H5Dget_space(dataset.get()), H5Sclose);
  const Handle source = space_of(many, many);
  const bool ok = H5Sselect_hyperslab(target.get(), H5S_SELECT_SET, from.data(), nullptr, many.data(), nullptr) >= 0 &&
                  H5Dwrite(dataset.get(), memory_type(type), source.get(), target.get(), H5P_DEFAULT, values) >= 0;
  expect(ok, path);
}

void File::extend(const Handle& dataset, const std::string& path, std::span<const std::size_t> shape) {
  if (!good()) return;
  expect(H5Dset_extent(dataset.get(), lengths(shape).data()) >= 0, path);
}

Result<void> File::finish() {
  silence();
  if (!good()) disk_.give_up();
  const bool closed = file_.reset();
  const int error = disk_.error();  // Behind any refusal of HDF5 there may be one of the disk.
  if (!trouble_.empty() && error != 0 && error != ECANCELED) trouble_.clear();
  if (!trouble_.empty()) return pending_.refusal(trouble_);
  if (error != 0) return pending_.refusal(error);
  if (!closed) return pending_.refusal("HDF5 refused to close it");
  return pending_.commit();
}

}  // namespace nines::analysis::hdf5
