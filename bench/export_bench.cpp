// The result of a sweep as a file: rows of fifteen metrics with both limits, so 45 variables, compressed as `nines sweep` does. An "event"
// is a row. The limits and values are random, which is the worst for compression.
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/export/sweep_file.hpp"
#include "analysis/export/sweep_table.hpp"
#include "bench/bounds.hpp"
#include "sim/base/check.hpp"
#include "sim/base/random.hpp"

namespace nines::bench {
namespace {

using namespace nines::analysis;

SweepShape shape_of(const std::vector<std::size_t>& lengths) {
  SweepShape shape;
  for (const std::size_t length : lengths) {
    SweepDimension& dimension = shape.dimensions.emplace_back();
    dimension.name = "axis." + std::to_string(shape.dimensions.size());
    dimension.unit = "1";
    for (std::size_t at = 0; at < length; ++at) {
      dimension.labels.push_back(std::to_string(at));
      dimension.numbers.push_back(static_cast<double>(at));
    }
  }
  for (int m = 0; m < 15; ++m) shape.metrics.push_back({"metric." + std::to_string(m), "s"});
  return shape;
}

// Calls `add` with every row.
template <class Add>
void rows(const SweepShape& shape, Add add) {
  SweepRow row;
  row.replications = 100;
  for (const SweepMetric& metric : shape.metrics) row.metrics.push_back({metric.name, {}, {}, {}, metric.unit, "gamma interval", false});
  const Stream draws = Streams(1, 0).of(0, Purpose::test);
  std::uint64_t index = 0;
  for (std::uint64_t point = 0; point < shape.points(); ++point) {
    for (Metric& metric : row.metrics) {
      const double value = 1e-3 * draws.uniform({.index = index++});
      metric.value = 1 - value;
      metric.low = 1 - 1.2 * value;
      metric.high = 1 - 0.8 * value;
    }
    add(point, row);
  }
}

std::string scratch(const std::string& name) { return (std::filesystem::temp_directory_path() / name).string(); }

void hdf5(benchmark::State& state, const std::vector<std::size_t>& lengths, int gzip) {
  const SweepShape shape = shape_of(lengths);
  const std::string path = scratch("nines-export-bench.h5");
  for (auto _ : state) {
    auto file = SweepFile::create(path, shape, {.gzip = gzip});
    SIM_CHECK(file.has_value(), "the folder for temporary files can be written to");
    rows(shape, [&](std::uint64_t point, const SweepRow& row) { file->add(point, row); });
    SIM_CHECK(file->finish({}, "").has_value(), "there is room for the file");
  }
  std::filesystem::remove(path);
  report(state, shape.points(), shape.points());
}

void table(benchmark::State& state, const std::vector<std::size_t>& lengths, SweepLines::Format format) {
  const SweepShape shape = shape_of(lengths);
  const std::string path = scratch("nines-export-bench.txt");
  for (auto _ : state) {
    auto file = SweepTable::create(path, shape, format);
    SIM_CHECK(file.has_value(), "the folder for temporary files can be written to");
    rows(shape, [&](std::uint64_t point, const SweepRow& row) { file->add(point, row); });
    SIM_CHECK(file->finish().has_value(), "there is room for the file");
  }
  std::filesystem::remove(path);
  report(state, shape.points(), shape.points());
}

// The rows themselves: what is no export's.
void nothing(benchmark::State& state, const std::vector<std::size_t>& lengths) {
  const SweepShape shape = shape_of(lengths);
  for (auto _ : state) rows(shape, [&](std::uint64_t, const SweepRow& row) { benchmark::DoNotOptimize(row.metrics.data()); });
  report(state, shape.points(), shape.points());
}

template <class Run>
bool declare(const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(), run)->Iterations(1)->Unit(benchmark::kMillisecond);
  return true;
}

const std::vector<std::size_t> one_axis{100'000}, cube{100, 100, 10};
const bool declared[] = {
    declare("export/100000", [](benchmark::State& s) { hdf5(s, one_axis, 4); }),
    declare("export/100000/three-axes", [](benchmark::State& s) { hdf5(s, cube, 4); }),
    declare("export/100000/not-compressed", [](benchmark::State& s) { hdf5(s, cube, 0); }),
    declare("export/100000/csv", [](benchmark::State& s) { table(s, one_axis, SweepLines::Format::csv); }),
    declare("export/100000/jsonl", [](benchmark::State& s) { table(s, one_axis, SweepLines::Format::jsonl); }),
    declare("export/100000/floor", [](benchmark::State& s) { nothing(s, one_axis); }),
    at_least_per_second("export/100000", 30'000, "rows"),
    at_least_per_second("export/100000/csv", 10'000, "rows"),
};

}  // namespace
}  // namespace nines::bench
