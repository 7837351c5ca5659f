#include "scenarios/sweep/result.hpp"

#include <bit>
#include <map>
#include <set>
#include <utility>

#include "analysis/export/sweep_file.hpp"
#include "analysis/export/sweep_table.hpp"
#include "analysis/report/format.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/run/gate.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace nines::scenarios {
namespace {

analysis::SweepDimension dimension_of(const Dimension& from) {
  analysis::SweepDimension to{.name = from.name, .long_name = "", .unit = from.unit, .labels = from.labels, .numbers = from.numbers};
  for (const Dimension& also : from.also) to.also.push_back(dimension_of(also));
  return to;
}

analysis::SweepVerdict verdict_of(const Row& row) {
  if (row.expectations.empty()) return analysis::SweepVerdict::none;
  switch (worst(row.expectations)) {
    case analysis::Verdict::failed: return analysis::SweepVerdict::failed;
    case analysis::Verdict::undecided: return analysis::SweepVerdict::undecided;
    case analysis::Verdict::passed: break;
  }
  return analysis::SweepVerdict::passed;
}

analysis::SweepRow row_of(Row&& row) {
  const analysis::SweepVerdict verdict = verdict_of(row);
  return {.metrics = std::move(row.metrics), .replications = row.replications, .expectations = verdict};
}

void add(Hash& hash, const std::string& text) {
  hash.add(text.size());
  for (const char c : text) hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
}

void add(Hash& hash, const Row& row) {
  hash.add(row.point);
  hash.add(row.replications);
  add(hash, row.fingerprint);
  hash.add(row.metrics.size());
  for (const analysis::Metric& metric : row.metrics) {
    add(hash, metric.name);
    add(hash, metric.unit);
    // Nothing is not zero.
    for (const std::optional<double>& number : {metric.value, metric.low, metric.high}) {
      hash.add(std::uint64_t{number.has_value()});
      if (number) hash.add(std::bit_cast<std::uint64_t>(*number));
    }
  }
}

}  // namespace

std::optional<std::string> taken_name(const Space& space, ResultKind kind) {
  if (kind != ResultKind::hdf5) return std::nullopt;
  analysis::SweepShape shape;
  for (const Dimension& dimension : space.dimensions()) shape.dimensions.push_back(dimension_of(dimension));
  // Which metrics there will be shows with the rows; what any of them is called is known.
  for (const Dimension& dimension : space.dimensions()) {
    std::vector<std::string> names{dimension.name};
    for (const Dimension& also : dimension.also) names.push_back(also.name);
    for (const std::string& name : names) {
      const std::string_view metric = analysis::SweepFile::without_suffix(name);
      if (!analysis::meaning(metric).empty() || can_get_worse(metric)) return name;
    }
  }
  return analysis::SweepFile::name_twice(shape);
}

SweepResult::SweepResult(const Space& space, const SweepRows& rows) : rows_(&rows), overview_(space) {
  for (const Dimension& dimension : space.dimensions()) shape_.dimensions.push_back(dimension_of(dimension));
  std::set<std::pair<std::string, std::string>> known;
  Hash hash;
  rows.each([&](Row&& row) {
    overview_.add(row);
    add(hash, row);
    for (const analysis::Metric& metric : row.metrics)
      if (known.emplace(metric.name, metric.unit).second) shape_.metrics.push_back({.name = metric.name, .unit = metric.unit});
  });
  fingerprint_ = analysis::hexadecimal(hash.value());
}

Result<void> SweepResult::write(const std::string& path, ResultKind kind, const analysis::Provenance& from, const std::string& sweep_text) const {
  if (kind == ResultKind::hdf5) {
    auto file = analysis::SweepFile::create(path, shape_);
    if (!file) return fail(std::move(file.error()));
    rows_->each([&](Row&& row) {
      const std::uint64_t point = row.point;
      file->add(point, row_of(std::move(row)));
    });
    return file->finish(from, sweep_text);
  }
  auto table = analysis::SweepTable::create(path, shape_, kind == ResultKind::csv ? analysis::SweepLines::Format::csv : analysis::SweepLines::Format::jsonl);
  if (!table) return fail(std::move(table.error()));
  rows_->each([&](Row&& row) {
    const std::uint64_t point = row.point;
    table->add(point, row_of(std::move(row)));
  });
  return table->finish();
}

void SweepResult::print(ResultKind kind, const std::function<void(const std::string&)>& to) const {
  SIM_CHECK(kind != ResultKind::hdf5, "HDF5 is not text");
  const analysis::SweepLines lines(shape_, kind == ResultKind::csv ? analysis::SweepLines::Format::csv : analysis::SweepLines::Format::jsonl);
  to(lines.head());
  rows_->each([&](Row&& row) {
    const std::uint64_t point = row.point;
    to(lines.lines(point, row_of(std::move(row))));
  });
}

}  // namespace nines::scenarios
