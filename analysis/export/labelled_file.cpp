#include "analysis/export/labelled_file.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "analysis/export/blocks.hpp"
#include "analysis/export/hdf5_file.hpp"
#include "analysis/export/pending_file.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr std::size_t column_values = 16384;  // 128 KiB of doubles.
constexpr std::size_t grid_values = 8192;     // 64 KiB: a sweep has hundreds of them open.

struct Growing {
  hdf5::Handle dataset;
  std::string path;
  Type type = Type::float64;
  std::vector<std::size_t> extent;  // Written so far.
  std::size_t row = 1;
  std::size_t rows_per_chunk = 1;
  std::vector<double> doubles;  // Not written yet.
  std::vector<std::int64_t> integers;
};

struct Filling {
  hdf5::Handle dataset;
  std::string path;
  Type type = Type::float64;
  Blocks blocks;
  Blocks::Block block{};  // The one that fills; empty before the first value.
  std::uint64_t next = 0;
  std::vector<double> doubles{};
  std::vector<std::int64_t> integers{};
};

struct Attachment {  // Scales may be made after the variables along them.
  std::string path;
  std::vector<std::string> dimensions;
};

}  // namespace

struct LabelledFile::State {
  State(PendingFile pending, const FileOptions& options) : file(std::move(pending), options) {}

  hdf5::File file;  // Outlives what is open in it.
  std::vector<Growing> growing;
  std::vector<Filling> filling;
  std::vector<Attachment> attachments;

  void flush(Growing& column) {
    const bool real = column.type == Type::float64;
    const std::size_t rows = (real ? column.doubles.size() : column.integers.size()) / column.row;
    if (rows == 0 || !file.good()) return;
    std::vector<std::size_t> offset(column.extent.size(), 0), count = column.extent;
    offset[0] = column.extent[0];
    count[0] = rows;
    column.extent[0] += rows;
    file.extend(column.dataset, column.path, column.extent);
    const void* data = real ? static_cast<const void*>(column.doubles.data()) : static_cast<const void*>(column.integers.data());
    file.write(column.dataset, column.path, column.type, data, offset, count);
    column.doubles.clear();
    column.integers.clear();
  }

  template <class T>
  void append(Growing& column, std::vector<T>& buffer, std::span<const T> values) {
    SIM_CHECK(values.size() % column.row == 0, "a column grows by whole rows");
    const std::size_t full = column.rows_per_chunk * column.row;
    while (!values.empty() && file.good()) {
      const std::size_t take = std::min(values.size(), full - buffer.size());
      buffer.insert(buffer.end(), values.begin(), values.begin() + static_cast<std::ptrdiff_t>(take));
      values = values.subspan(take);
      if (buffer.size() == full) flush(column);  // Every chunk is compressed once, when it is full.
    }
  }

  // A block that got no value is not written at all: readers see it as missing.
  void flush(Filling& grid) {
    if (grid.block.end == 0) return;
    const bool real = grid.type == Type::float64;
    const void* data = real ? static_cast<const void*>(grid.doubles.data()) : static_cast<const void*>(grid.integers.data());
    if (grid.blocks.shape().empty())
      file.write(grid.dataset, grid.path, grid.type, data);
    else
      file.write(grid.dataset, grid.path, grid.type, data, grid.block.offset, grid.block.count);
    grid.block = {};
  }

  template <class T>
  void put(Filling& grid, std::vector<T>& buffer, T missing, std::uint64_t position, T value) {
    SIM_CHECK(position >= grid.next && position < grid.blocks.size(), "a grid is filled in the order of its positions");
    grid.next = position + 1;
    if (position >= grid.block.end) {
      flush(grid);
      grid.block = grid.blocks.at(position);
      buffer.assign(static_cast<std::size_t>(grid.block.end - grid.block.begin), missing);
    }
    buffer[static_cast<std::size_t>(position - grid.block.begin)] = value;
  }
};

LabelledFile::LabelledFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
LabelledFile::LabelledFile(LabelledFile&&) noexcept = default;
LabelledFile& LabelledFile::operator=(LabelledFile&&) noexcept = default;
LabelledFile::~LabelledFile() = default;

Result<LabelledFile> LabelledFile::create(const std::string& path, const FileOptions& options) {
  Result<PendingFile> pending = PendingFile::open(path);
  if (!pending) return fail(std::move(pending.error()));
  auto state = std::make_unique<State>(std::move(*pending), options);
  if (!state->file.good()) return fail(state->file.finish().error());
  return LabelledFile(std::move(state));
}

void LabelledFile::group(const std::string& name) { state_->file.group(name); }

void LabelledFile::attributes(const std::string& path, const Attributes& attributes) { state_->file.attributes(path, attributes); }

void LabelledFile::coordinate(const Variable& variable, std::span<const std::int64_t> values, Type type) {
  hdf5::File& file = state_->file;
  const hdf5::Handle dataset = file.make(variable, type, {.shape = {values.size()}});
  file.write(dataset, variable.path, type, values.data());
  file.make_scale(dataset, variable.path);
}

void LabelledFile::coordinate(const Variable& variable, std::span<const double> values) {
  hdf5::File& file = state_->file;
  const hdf5::Handle dataset = file.make(variable, Type::float64, {.shape = {values.size()}});
  file.write(dataset, variable.path, Type::float64, values.data());
  file.make_scale(dataset, variable.path);
}

void LabelledFile::coordinate(const Variable& variable, std::span<const std::string> values) {
  const hdf5::Handle dataset = state_->file.make_texts(variable, values);
  state_->file.make_scale(dataset, variable.path);
}

void LabelledFile::dimension(const std::string& path, std::size_t length) { state_->file.make_dimension(path, length); }

void LabelledFile::variable(const Variable& variable, std::span<const double> values) {
  const hdf5::Handle dataset = state_->file.make(variable, Type::float64, {.shape = {values.size()}});
  state_->file.write(dataset, variable.path, Type::float64, values.data());
  state_->attachments.push_back({variable.path, variable.dimensions});
}

void LabelledFile::variable(const Variable& variable, std::span<const std::int64_t> values, Type type) {
  const hdf5::Handle dataset = state_->file.make(variable, type, {.shape = {values.size()}});
  state_->file.write(dataset, variable.path, type, values.data());
  state_->attachments.push_back({variable.path, variable.dimensions});
}

void LabelledFile::variable(const Variable& variable, std::span<const std::string> values) {
  state_->file.make_texts(variable, values);
  state_->attachments.push_back({variable.path, variable.dimensions});
}

LabelledFile::Column LabelledFile::column(const Variable& variable, Type type, std::span<const std::size_t> row) {
  Column column;
  column.index = state_->growing.size();
  Growing& growing = state_->growing.emplace_back();
  growing.path = variable.path;
  growing.type = type;
  growing.extent.push_back(0);
  growing.extent.insert(growing.extent.end(), row.begin(), row.end());
  growing.row = std::accumulate(row.begin(), row.end(), std::size_t{1}, std::multiplies<>());
  SIM_CHECK(growing.row > 0 && growing.extent.size() == variable.dimensions.size(), "a column has one dimension more than its rows");
  growing.rows_per_chunk = std::max<std::size_t>(1, column_values / growing.row);
  hdf5::Extent extent{.shape = growing.extent, .chunk = growing.extent, .grows = true};
  extent.chunk[0] = growing.rows_per_chunk;
  growing.dataset = state_->file.make(variable, type, extent);
  state_->attachments.push_back({variable.path, variable.dimensions});
  return column;
}

void LabelledFile::append(Column column, std::span<const double> values) {
  Growing& growing = state_->growing[column.index];
  SIM_CHECK(growing.type == Type::float64, "doubles go into columns of doubles");
  state_->append(growing, growing.doubles, values);
}

void LabelledFile::append(Column column, std::span<const std::int64_t> values) {
  Growing& growing = state_->growing[column.index];
  SIM_CHECK(growing.type != Type::float64, "integers go into columns of integers");
  state_->append(growing, growing.integers, values);
}

LabelledFile::Grid LabelledFile::grid(const Variable& variable, Type type, std::span<const std::size_t> shape) {
  SIM_CHECK(shape.size() == variable.dimensions.size(), "a grid has a length for each of its dimensions");
  Grid grid;
  grid.index = state_->filling.size();
  Filling& filling =
      state_->filling.emplace_back(Filling{.dataset = {}, .path = variable.path, .type = type, .blocks = Blocks({shape.begin(), shape.end()}, grid_values)});
  filling.dataset = state_->file.make(variable, type, {.shape = filling.blocks.shape(), .chunk = filling.blocks.chunk()});
  state_->attachments.push_back({variable.path, variable.dimensions});
  return grid;
}

void LabelledFile::put(Grid grid, std::uint64_t position, double value) {
  Filling& filling = state_->filling[grid.index];
  SIM_CHECK(filling.type == Type::float64, "doubles go into grids of doubles");
  state_->put(filling, filling.doubles, std::numeric_limits<double>::quiet_NaN(), position, value);
}

void LabelledFile::put(Grid grid, std::uint64_t position, std::int64_t value) {
  Filling& filling = state_->filling[grid.index];
  SIM_CHECK(filling.type != Type::float64, "integers go into grids of integers");
  state_->put(filling, filling.integers, std::int64_t{0}, position, value);
}

Result<void> LabelledFile::finish() {
  const std::unique_ptr<State> state = std::move(state_);
  for (Growing& column : state->growing) state->flush(column);
  for (Filling& grid : state->filling) state->flush(grid);
  state->growing.clear();
  state->filling.clear();
  for (const Attachment& attachment : state->attachments) state->file.attach(attachment.path, attachment.dimensions);
  return state->file.finish();
}

}  // namespace nines::analysis
