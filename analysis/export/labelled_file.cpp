#include "analysis/export/labelled_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include <hdf5.h>
#include <hdf5_hl.h>

#include "analysis/export/pending_file.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

// An HDF5 identifier and how it is closed.
class Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, -1);
      closer_ = other.closer_;
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { reset(); }

  hid_t get() const { return id_; }
  bool good() const { return id_ >= 0; }
  bool reset() { return id_ < 0 || closer_(std::exchange(id_, -1)) >= 0; }

 private:
  hid_t id_ = -1;
  Closer closer_ = nullptr;
};

constexpr std::size_t chunk_values = 16384;  // 128 KiB of doubles: well inside HDF5's cache of 1 MiB per dataset.
constexpr unsigned gzip_level = 4;           // On two million downtimes, level 9 saved 1 % more in a hundred times the time.
constexpr std::size_t memory_step = std::size_t{4} << 20;

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

// The length of the UTF-8 sequence at the start of `text`, or 0 when it is not one.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = length > 1 ? byte(1) : 0;
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate_or_beyond = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
  return overlong || surrogate_or_beyond ? 0 : length;
}

// Readers decode every string; one bad byte from a scenario must not make the file unreadable. A zero byte would end the string.
std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = text.front() == '\0' ? 0 : sequence_length(text);
    if (length == 0)
      out += "\xef\xbf\xbd";
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
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

std::vector<hsize_t> extents(std::span<const std::size_t> shape) { return {shape.begin(), shape.end()}; }

}  // namespace

struct LabelledFile::State {
  struct Growing {
    Handle dataset;
    std::string path;
    Type type = Type::float64;
    std::vector<hsize_t> extent;  // Written so far.
    std::size_t row = 1;
    std::size_t rows_per_chunk = 1;
    std::vector<double> doubles;  // Not written yet.
    std::vector<std::int64_t> integers;
  };
  struct Attachment {  // Scales may be made after the variables along them.
    std::string path;
    std::vector<std::string> dimensions;
  };

  explicit State(PendingFile opened) : pending(std::move(opened)) {}
  ~State() {
    growing.clear();  // Before the file they live in.
    file.reset();
  }

  PendingFile pending;
  Handle file;
  std::string path;
  std::string trouble;  // The first one.
  std::vector<Growing> growing;
  std::vector<Attachment> attachments;
  std::vector<std::string> scales;

  bool good() const { return trouble.empty(); }
  // Only out of memory or a mistake of ours gets here: the file lives in memory.
  void expect(bool ok, const std::string& what) {
    if (!ok && trouble.empty()) trouble = "HDF5 refused to make " + what;
  }

  void write_text(hid_t object, const std::string& name, std::string_view text) {
    const Handle type = string_type();
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(object, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const std::string valid = valid_utf8(text);
    const char* pointer = valid.c_str();
    expect(attribute.good() && H5Awrite(attribute.get(), type.get(), &pointer) >= 0, "the attribute " + name);
  }
  void write_numbers(hid_t object, const std::string& name, hid_t stored, hid_t native, const void* values, std::size_t number) {
    const hsize_t length = number;
    const Handle space(number == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &length, nullptr), H5Sclose);
    const Handle attribute(H5Acreate2(object, name.c_str(), stored, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    expect(attribute.good() && H5Awrite(attribute.get(), native, values) >= 0, "the attribute " + name);
  }
  void write(hid_t object, const Attribute& attribute) {
    if (const auto* text = std::get_if<std::string>(&attribute.value)) write_text(object, attribute.name, *text);
    if (const auto* real = std::get_if<double>(&attribute.value)) write_numbers(object, attribute.name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, real, 1);
    if (const auto* whole = std::get_if<std::int64_t>(&attribute.value))
      write_numbers(object, attribute.name, H5T_STD_I64LE, H5T_NATIVE_INT64, whole, 1);
    if (const auto* word = std::get_if<std::uint64_t>(&attribute.value))
      write_numbers(object, attribute.name, H5T_STD_U64LE, H5T_NATIVE_UINT64, word, 1);
  }
  void describe(hid_t dataset, const Variable& variable, Type type) {
    if (!variable.long_name.empty()) write_text(dataset, "long_name", variable.long_name);
    if (!variable.units.empty()) write_text(dataset, "units", variable.units);
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
    write_numbers(dataset, "flag_values", file_type(type), memory_type(type), codes.data(), codes.size());
    write_text(dataset, "flag_meanings", meanings);
  }

  // A dataset, described. `chunk` empty: contiguous; otherwise compressed, and unlimited along the first dimension.
  Handle make(const Variable& variable, hid_t stored, Type described_as, std::span<const std::size_t> shape, std::span<const hsize_t> chunk) {
    const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_attr_creation_order(properties.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(properties.get(), 0);
    const double missing = std::numeric_limits<double>::quiet_NaN();
    const bool real = stored == H5T_IEEE_F64LE;
    if (real) H5Pset_fill_value(properties.get(), H5T_NATIVE_DOUBLE, &missing);
    const std::vector<hsize_t> size = extents(shape);
    std::vector<hsize_t> most = size;
    if (!chunk.empty()) {
      most.front() = H5S_UNLIMITED;
      H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
      if (!real || chunk.size() == 1) H5Pset_shuffle(properties.get());  // It helps smooth columns and hurts tables of mostly zeros.
      H5Pset_deflate(properties.get(), gzip_level);
    }
    const Handle space(shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(size.size()), size.data(), most.data()), H5Sclose);
    Handle dataset(H5Dcreate2(file.get(), variable.path.c_str(), stored, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Dclose);
    expect(dataset.good(), variable.path);
    if (!dataset.good()) return dataset;
    describe(dataset.get(), variable, described_as);
    if (real) write_numbers(dataset.get(), "_FillValue", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &missing, 1);
    return dataset;
  }

  void make_scale(const Handle& dataset, const std::string& where, const std::string& label) {
    expect(dataset.good() && H5DSset_scale(dataset.get(), label.c_str()) >= 0, "the dimension " + where);
    scales.push_back(where);
  }

  void flush(Growing& column) {
    const std::size_t values = column.type == Type::float64 ? column.doubles.size() : column.integers.size();
    const std::size_t rows = values / column.row;
    if (rows == 0 || !good()) return;
    std::vector<hsize_t> offset(column.extent.size(), 0), count = column.extent;
    offset[0] = column.extent[0];
    count[0] = rows;
    column.extent[0] += rows;
    bool ok = H5Dset_extent(column.dataset.get(), column.extent.data()) >= 0;
    const Handle target(H5Dget_space(column.dataset.get()), H5Sclose);
    const Handle source(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
    ok = ok && H5Sselect_hyperslab(target.get(), H5S_SELECT_SET, offset.data(), nullptr, count.data(), nullptr) >= 0;
    const void* data = column.type == Type::float64 ? static_cast<const void*>(column.doubles.data()) : static_cast<const void*>(column.integers.data());
    ok = ok && H5Dwrite(column.dataset.get(), memory_type(column.type), source.get(), target.get(), H5P_DEFAULT, data) >= 0;
    expect(ok, column.path);
    column.doubles.clear();
    column.integers.clear();
  }

  template <class T>
  void append(Growing& column, std::vector<T>& buffer, std::span<const T> values) {
    SIM_CHECK(values.size() % column.row == 0, "a column grows by whole rows");
    const std::size_t full = column.rows_per_chunk * column.row;
    while (!values.empty() && good()) {
      const std::size_t take = std::min(values.size(), full - buffer.size());
      buffer.insert(buffer.end(), values.begin(), values.begin() + static_cast<std::ptrdiff_t>(take));
      values = values.subspan(take);
      if (buffer.size() == full) flush(column);  // Every chunk is compressed once, when it is full.
    }
  }

  void attach() {
    for (const Attachment& attachment : attachments) {
      const Handle dataset(H5Dopen2(file.get(), attachment.path.c_str(), H5P_DEFAULT), H5Dclose);
      for (unsigned axis = 0; axis < attachment.dimensions.size(); ++axis) {
        const std::string near = folder_of(attachment.path) + attachment.dimensions[axis];
        const bool is_near = std::find(scales.begin(), scales.end(), near) != scales.end();
        const std::string& scale_path = is_near ? near : attachment.dimensions[axis];
        const Handle scale(H5Dopen2(file.get(), scale_path.c_str(), H5P_DEFAULT), H5Dclose);
        expect(dataset.good() && scale.good() && H5DSattach_scale(dataset.get(), scale.get(), axis) >= 0,
               "the dimension " + attachment.dimensions[axis] + " of " + attachment.path);
      }
    }
  }
};

LabelledFile::LabelledFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
LabelledFile::LabelledFile(LabelledFile&&) noexcept = default;
LabelledFile& LabelledFile::operator=(LabelledFile&&) noexcept = default;
LabelledFile::~LabelledFile() = default;

Result<LabelledFile> LabelledFile::create(const std::string& path) {
  Result<PendingFile> pending = PendingFile::open(path);
  if (!pending) return fail(std::move(pending.error()));
  silence();
  auto state = std::make_unique<State>(std::move(*pending));
  state->path = path;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_core(access.get(), memory_step, 0);
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  track_order(creation.get());
  // HDF5 looks whether a file of the name exists even if it makes one in memory; below a file there is none.
  state->file = Handle(H5Fcreate((path + "/memory").c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose);
  if (!state->file.good()) return fail(Place{.file = path}, "cannot write '" + path + "': HDF5 refused to make a file in memory");
  return LabelledFile(std::move(state));
}

void LabelledFile::group(const std::string& name) {
  if (!state_->good()) return;
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  track_order(creation.get());
  const Handle group(H5Gcreate2(state_->file.get(), name.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose);
  state_->expect(group.good(), "the group " + name);
}

void LabelledFile::attributes(const std::string& group, const Attributes& attributes) {
  if (!state_->good()) return;
  const Handle object(H5Gopen2(state_->file.get(), group.c_str(), H5P_DEFAULT), H5Gclose);
  state_->expect(object.good(), "attributes of " + group);
  for (const Attribute& attribute : attributes) {
    if (state_->good()) state_->write(object.get(), attribute);
  }
}

void LabelledFile::coordinate(const Variable& variable, std::span<const std::int64_t> values, Type type) {
  if (!state_->good()) return;
  const std::size_t shape[] = {values.size()};
  const Handle dataset = state_->make(variable, file_type(type), type, shape, {});
  state_->expect(dataset.good() && H5Dwrite(dataset.get(), memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0, variable.path);
  state_->make_scale(dataset, variable.path, name_of(variable.path));
}

void LabelledFile::coordinate(const Variable& variable, std::span<const double> values) {
  if (!state_->good()) return;
  const std::size_t shape[] = {values.size()};
  const Handle dataset = state_->make(variable, H5T_IEEE_F64LE, Type::float64, shape, {});
  state_->expect(dataset.good() && H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0, variable.path);
  state_->make_scale(dataset, variable.path, name_of(variable.path));
}

void LabelledFile::coordinate(const Variable& made, std::span<const std::string> values) {
  if (!state_->good()) return;
  variable({made.path, {}, made.long_name, made.units, {}}, values);
  if (!state_->good()) return;
  const Handle dataset(H5Dopen2(state_->file.get(), made.path.c_str(), H5P_DEFAULT), H5Dclose);
  state_->make_scale(dataset, made.path, name_of(made.path));
}

// netCDF-4 knows a dimension without values by this sentence and the length behind it (netCDF-C, file_format_specifications.md).
void LabelledFile::dimension(const std::string& path, std::size_t length) {
  if (!state_->good()) return;
  std::string digits = std::to_string(length);
  digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, ' ');
  // Unlimited, because a limited dimension of length 0 means "unlimited" to netCDF-C.
  const std::size_t shape[] = {length};
  const hsize_t chunk[] = {1024};
  const Handle dataset = state_->make({.path = path, .dimensions = {}, .long_name = {}, .units = {}, .flags = {}}, H5T_IEEE_F32BE, Type::float64, shape, chunk);
  state_->make_scale(dataset, path, "This is a netCDF dimension but not a netCDF variable." + digits);
}

void LabelledFile::variable(const Variable& variable, std::span<const double> values) {
  const std::size_t row[] = {values.size()};
  if (!state_->good()) return;
  const Handle dataset = state_->make(variable, H5T_IEEE_F64LE, Type::float64, row, {});
  state_->expect(dataset.good() && H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0, variable.path);
  state_->attachments.push_back({variable.path, variable.dimensions});
}

void LabelledFile::variable(const Variable& variable, std::span<const std::int64_t> values, Type type) {
  if (!state_->good()) return;
  const std::size_t shape[] = {values.size()};
  const Handle dataset = state_->make(variable, file_type(type), type, shape, {});
  state_->expect(dataset.good() && H5Dwrite(dataset.get(), memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0, variable.path);
  state_->attachments.push_back({variable.path, variable.dimensions});
}

void LabelledFile::variable(const Variable& variable, std::span<const std::string> values) {
  if (!state_->good()) return;
  std::vector<std::string> valid;
  std::vector<const char*> pointers;
  valid.reserve(values.size());
  pointers.reserve(values.size());
  for (const std::string& value : values) valid.push_back(valid_utf8(value));
  for (const std::string& value : valid) pointers.push_back(value.c_str());
  const Handle type = string_type();
  const std::size_t shape[] = {values.size()};
  const Handle dataset = state_->make(variable, type.get(), Type::int8, shape, {});
  state_->expect(dataset.good() && H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) >= 0, variable.path);
  if (!variable.dimensions.empty()) state_->attachments.push_back({variable.path, variable.dimensions});
}

LabelledFile::Column LabelledFile::column(const Variable& variable, Type type, std::span<const std::size_t> row) {
  Column column;
  column.index = state_->growing.size();
  State::Growing& growing = state_->growing.emplace_back();
  growing.path = variable.path;
  growing.type = type;
  std::vector<std::size_t> shape{0};
  for (const std::size_t length : row) {
    shape.push_back(length);
    growing.row *= length;
  }
  SIM_CHECK(growing.row > 0 && shape.size() == variable.dimensions.size(), "a column has one dimension more than its rows");
  growing.extent = extents(shape);
  growing.rows_per_chunk = std::max<std::size_t>(1, chunk_values / growing.row);
  std::vector<hsize_t> chunk = growing.extent;
  chunk[0] = growing.rows_per_chunk;
  if (!state_->good()) return column;
  growing.dataset = state_->make(variable, file_type(type), type, shape, chunk);
  state_->attachments.push_back({variable.path, variable.dimensions});
  return column;
}

void LabelledFile::append(Column column, std::span<const double> values) {
  State::Growing& growing = state_->growing[column.index];
  SIM_CHECK(growing.type == Type::float64, "doubles go into columns of doubles");
  state_->append(growing, growing.doubles, values);
}

void LabelledFile::append(Column column, std::span<const std::int64_t> values) {
  State::Growing& growing = state_->growing[column.index];
  SIM_CHECK(growing.type != Type::float64, "integers go into columns of integers");
  state_->append(growing, growing.integers, values);
}

Result<void> LabelledFile::finish() {
  silence();
  const std::unique_ptr<State> state = std::move(state_);
  for (State::Growing& column : state->growing) state->flush(column);
  state->growing.clear();
  if (state->good()) state->attach();
  std::vector<std::byte> image;
  if (state->good()) {
    state->expect(H5Fflush(state->file.get(), H5F_SCOPE_GLOBAL) >= 0, "the file");
    const ssize_t size = H5Fget_file_image(state->file.get(), nullptr, 0);
    state->expect(size > 0, "the file's image");
    if (size > 0) image.resize(static_cast<std::size_t>(size));
    if (size > 0) state->expect(H5Fget_file_image(state->file.get(), image.data(), image.size()) == size, "the file's image");
  }
  state->file.reset();
  if (!state->good()) return fail(Place{.file = state->path}, "cannot write '" + state->path + "': " + state->trouble);
  if (auto written = state->pending.write(image); !written) return written;
  return state->pending.commit();
}

}  // namespace nines::analysis
