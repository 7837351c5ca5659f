// Points of a design space read: from an index to a scenario that is checked and resolved.
#include <cstdint>
#include <string>

#include "bench/bounds.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/schema/standalone.hpp"
#include "scenarios/sweep/space.hpp"
#include "sim/base/check.hpp"

namespace nines::bench {
namespace {

// camunda-three-zones with 4 x 3 x 10,000 combinations of brokers, replicas and seeds.
void points(benchmark::State& state, const std::string& where) {
  const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
  SIM_CHECK(catalogs.has_value(), "the built-in catalogues can be read");
  const auto file = scenarios::library_file("camunda-three-zones");
  const auto sweep = scenarios::read_sweep_file(
      "apiVersion: nines/v1\nkind: Sweep\nmetadata: {name: bench}\nscenario: camunda-three-zones\n"
      "axes: {cluster.brokers: [5, 7, 9, 11], cluster.replication: [1, 3, 5], simulation.seed: {from: 1, to: 10000, step: 1}}\n" +
          where,
      "bench.yaml");
  SIM_CHECK(sweep.has_value(), "the sweep can be read");
  const auto space = scenarios::Space::of({.text = file->text, .file = file->name, .sweep = sweep->sweep}, *catalogs);
  SIM_CHECK(space.has_value(), "the sweep fits its scenario");
  constexpr std::uint64_t every = 199;  // All parts of the space.
  std::uint64_t read = 0, sum = 0;
  for (auto _ : state) {
    const auto scenario = space->scenario(read++ * every % space->points());
    SIM_CHECK(scenario && *scenario, "every point is valid");
    sum += static_cast<std::uint64_t>((*scenario)->clusters[0].brokers);
  }
  benchmark::DoNotOptimize(sum);
  report(state, read, 0);
}

const auto* const all = benchmark::RegisterBenchmark("space/points", [](benchmark::State& state) { points(state, ""); });
const auto* const some =
    benchmark::RegisterBenchmark("space/points/where", [](benchmark::State& state) { points(state, "where: replication <= brokers\n"); });
const auto declared = at_least_per_second("space/points", 2000, "points");

}  // namespace
}  // namespace nines::bench
