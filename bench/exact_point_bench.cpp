// Points of a sweep answered exactly: from a scenario's values and its world to every metric, in CPU time. Kinds that are known, kinds that have to be
// measured, and worlds that differ in prices only.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/bounds.hpp"
#include "scenarios/run/exact_point.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/check.hpp"

namespace nines::bench {
namespace {

struct Shape {
  int brokers, partitions, replication;
};

scenarios::Scenario three_zones(const Shape& shape) {
  const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
  SIM_CHECK(catalogs.has_value(), "the built-in catalogues can be read");
  const auto file = scenarios::library_file("camunda-three-zones");
  const auto read = scenarios::read_scenario(file->text, file->name, *catalogs,
                                             {{"topology.nodePools.brokers.nodes", std::to_string(shape.brokers)},
                                              {"cluster.brokers", std::to_string(shape.brokers)},
                                              {"cluster.partitions", std::to_string(shape.partitions)},
                                              {"cluster.replication", std::to_string(shape.replication)}});
  SIM_CHECK(read.has_value(), "the library's scenarios can be read");
  return *read;
}

double ask(const scenarios::ExactPoints& points, const scenarios::Scenario& scenario) {
  return *points(scenario, scenarios::to_world(scenario))->metrics[0].low;
}

enum class Vary : std::uint8_t { rates, nothing };

// The kind is known; every point has rates of its own, or is the same world again.
void points(benchmark::State& state, const Shape& shape, std::uint64_t count, Vary vary) {
  const scenarios::Scenario base = three_zones(shape);
  const scenarios::ExactPoints known(scenarios::to_world(base), 1);
  double sum = ask(known, base);
  std::uint64_t point = 0;
  for (auto _ : state) {
    for (std::uint64_t i = 0; i < count; ++i, ++point) {
      scenarios::Scenario scenario = base;
      for (failure::Mode& mode : scenario.faults)
        if (vary == Vary::rates) mode.up_time.a *= 0.5 + static_cast<double>(point % 9973) / 9973;
      sum += ask(known, scenario);
    }
  }
  report(state, count, 0);
  benchmark::DoNotOptimize(sum);
}

// Kinds that nobody has measured.
void kinds(benchmark::State& state, const Shape& shape) {
  const scenarios::Scenario base = three_zones(shape);
  double sum = 0;
  for (auto _ : state) sum += ask(scenarios::ExactPoints(scenarios::to_world(base), 1), base);
  report(state, 1, 0);
  benchmark::DoNotOptimize(sum);
}

// A sweep: ten kinds from three to fifteen brokers, rates that differ from point to point.
void sweep(benchmark::State& state, std::uint64_t count) {
  const std::vector<Shape> shapes{{3, 3, 3}, {5, 5, 3}, {5, 5, 5}, {6, 6, 3}, {6, 12, 3}, {9, 9, 3}, {9, 12, 3}, {9, 9, 5}, {12, 12, 3}, {15, 15, 3}};
  std::vector<scenarios::Scenario> bases;
  for (const Shape& shape : shapes) bases.push_back(three_zones(shape));
  double sum = 0;
  for (auto _ : state) {
    const scenarios::ExactPoints fresh(scenarios::to_world(bases[0]), 1);
    for (std::uint64_t i = 0; i < count; ++i) {
      scenarios::Scenario scenario = bases[i % shapes.size()];
      for (failure::Mode& mode : scenario.faults) mode.up_time.a *= 0.5 + static_cast<double>(i % 997) / 997;
      sum += ask(fresh, scenario);
    }
  }
  report(state, count, 0);
  benchmark::DoNotOptimize(sum);
}

constexpr Shape small{3, 3, 3}, large{9, 12, 3};
const auto once = [](auto* benchmark) { return benchmark->Iterations(1)->MeasureProcessCPUTime(); };
const auto small_points =
    once(benchmark::RegisterBenchmark("exact-point/three-brokers", [](benchmark::State& state) { points(state, small, 1000, Vary::rates); }));
const auto large_points =
    once(benchmark::RegisterBenchmark("exact-point-nine/nine-brokers", [](benchmark::State& state) { points(state, large, 1000, Vary::rates); }));
const auto prices =
    once(benchmark::RegisterBenchmark("exact-point-again/nine-brokers", [](benchmark::State& state) { points(state, large, 10'000, Vary::nothing); }));
const auto small_kind = once(benchmark::RegisterBenchmark("exact-kind/three-brokers", [](benchmark::State& state) { kinds(state, small); }));
const auto large_kind = once(benchmark::RegisterBenchmark("exact-kind-nine/nine-brokers", [](benchmark::State& state) { kinds(state, large); }));
const auto whole = once(benchmark::RegisterBenchmark("exact-sweep/100000-points", [](benchmark::State& state) { sweep(state, 100'000); }));
const bool small_fast = at_least_per_second("exact-point/three-brokers", 1000, "points");
const bool large_fast = at_least_per_second("exact-point-nine/nine-brokers", 400, "points");
const bool fast = at_least_per_second("exact-sweep/100000-points", 100'000.0 / 60, "points");

}  // namespace
}  // namespace nines::bench
