#include "analysis/export/sweep_table.hpp"

#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "analysis/export/utf8.hpp"
#include "analysis/stats/text.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 16;

bool is_there(const std::optional<double>& value) { return value && std::isfinite(*value); }
std::string csv_number(const std::optional<double>& value) { return is_there(value) ? shortest(*value) : std::string(); }
std::string json_number(const std::optional<double>& value) { return is_there(value) ? shortest(*value) : "null"; }

std::string json_text(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char letter : valid_utf8(text)) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\')
      (out += '\\') += letter;
    else if (letter == '\n')
      out += "\\n";
    else if (code < 0x20)
      ((out += "\\u00") += digits[code >> 4]) += digits[code & 15];
    else
      out += letter;
  }
  return out += '"';
}

// Every dimension, and what varies along with it.
template <class Do>
void for_each_axis(const SweepShape& shape, Do act) {
  for (std::size_t d = 0; d < shape.dimensions.size(); ++d) {
    act(d, shape.dimensions[d]);
    for (const SweepDimension& other : shape.dimensions[d].also) act(d, other);
  }
}

}  // namespace

SweepLines::SweepLines(const SweepShape& shape, Format format) : format_(format), shape_{.dimensions = shape.dimensions, .metrics = {}} {
  shape_.lengths();  // Whether it is one.
  for_each_axis(shape_, [&](std::size_t, const SweepDimension& axis) { is_text_.push_back(axis.numbers.empty() || axis.labels_say_more()); });
}

std::string SweepLines::head() const {
  if (format_ == Format::jsonl) return {};
  std::string out = "point,";
  for_each_axis(shape_, [&](std::size_t, const SweepDimension& axis) { out += csv_field(axis.name) + ','; });
  return out + "metric,value,low,high,unit,method,band_low,band_high,replications,expectations\n";
}

std::string SweepLines::lines(std::uint64_t point, const SweepRow& row) const { return format_ == Format::csv ? csv(point, row) : json(point, row); }

std::string SweepLines::csv(std::uint64_t point, const SweepRow& row) const {
  const std::vector<std::size_t> at = shape_.coordinates(point);
  std::string begin = std::to_string(point) + ',';
  for_each_axis(shape_, [&](std::size_t d, const SweepDimension& axis) { begin += csv_field(axis.labels[at[d]]) + ','; });
  const std::string end = ',' + std::to_string(row.replications) + ',' + word(row.expectations) + '\n';
  std::string out;
  for (const Metric& metric : row.metrics) {
    out += begin + csv_field(metric.name) + ',' + csv_number(metric.value) + ',' + csv_number(metric.low) + ',' + csv_number(metric.high) + ',' +
           csv_field(metric.unit) + ',' + csv_field(metric.method) + ',' + csv_number(metric.band_low) + ',' + csv_number(metric.band_high) + end;
  }
  return out;
}

std::string SweepLines::json(std::uint64_t point, const SweepRow& row) const {
  const std::vector<std::size_t> at = shape_.coordinates(point);
  std::string out = "{\"point\":" + std::to_string(point) + ",\"axes\":{";
  std::string comma;
  std::size_t number = 0;
  for_each_axis(shape_, [&](std::size_t d, const SweepDimension& axis) {
    out += std::exchange(comma, ",") + json_text(axis.name) + ':' + (is_text_[number++] ? json_text(axis.labels[at[d]]) : json_number(axis.numbers[at[d]]));
  });
  out += "},\"replications\":" + std::to_string(row.replications) + ",\"expectations\":" + json_text(word(row.expectations)) + ",\"metrics\":{";
  comma.clear();
  for (const Metric& metric : row.metrics) {
    out += std::exchange(comma, ",") + json_text(metric.name) + ":{\"value\":" + json_number(metric.value) + ",\"low\":" + json_number(metric.low) +
           ",\"high\":" + json_number(metric.high) + ",\"unit\":" + json_text(metric.unit) + ",\"method\":" + json_text(metric.method) +
           ",\"band_low\":" + json_number(metric.band_low) + ",\"band_high\":" + json_number(metric.band_high) + '}';
  }
  return out + "}}\n";
}

SweepTable::SweepTable(PendingFile file, SweepLines lines) : file_(std::move(file)), lines_(std::move(lines)), buffer_(lines_.head()) {}

Result<SweepTable> SweepTable::create(const std::string& path, const SweepShape& shape, SweepLines::Format format) {
  Result<PendingFile> file = PendingFile::open(path);
  if (!file) return fail(std::move(file.error()));
  return SweepTable(std::move(*file), SweepLines(shape, format));
}

void SweepTable::write() {
  if (written_) written_ = file_.write(std::as_bytes(std::span<const char>(buffer_)));
  buffer_.clear();
}

void SweepTable::add(std::uint64_t point, const SweepRow& row) {
  SIM_CHECK(point >= next_, "a table's rows come in the order of their points");
  next_ = point + 1;
  if (!written_) return;
  buffer_ += lines_.lines(point, row);
  if (buffer_.size() >= buffer_bytes) write();
}

Result<void> SweepTable::finish() {
  write();
  if (!written_) return fail(std::move(written_.error()));
  return file_.commit();
}

}  // namespace nines::analysis
