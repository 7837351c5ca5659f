// Designs screened exactly: from a scenario's values to the downtime of each, quorums solved, gaps measured once for each kind of design.
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/exact/screen.hpp"
#include "bench/bounds.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::bench {
namespace {

// Three to fifteen brokers, three or five replicas, with all of public-cloud, whose rates differ from design to design.
void screen(benchmark::State& state, std::uint64_t designs, bool gaps_too) {
  const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
  SIM_CHECK(catalogs.has_value(), "the built-in catalogues can be read");
  const auto file = scenarios::library_file("camunda-three-zones");
  const auto read = scenarios::read_scenario(file->text, file->name, *catalogs);
  SIM_CHECK(read.has_value(), "the library's scenarios can be read");
  struct Shape {
    int brokers, partitions, replication;
  };
  const std::vector<Shape> shapes{{3, 3, 3}, {5, 5, 3}, {5, 5, 5}, {6, 6, 3}, {6, 12, 3}, {9, 9, 3}, {9, 12, 3}, {9, 9, 5}, {12, 12, 3}, {15, 15, 3}};
  double sum = 0;
  analysis::Screen known(1);
  const auto one = [&](analysis::Screen& each, std::uint64_t i) {
    scenarios::Scenario design = *read;
    const Shape& shape = shapes[i % shapes.size()];
    scenarios::Cluster& cluster = design.clusters[0];
    design.topology.pools[0].nodes = cluster.brokers = shape.brokers;
    cluster.partitions = shape.partitions;
    cluster.replication = shape.replication;
    for (failure::Mode& mode : design.faults) mode.up_time.a *= 0.5 + static_cast<double>(i % 997) / 997;
    sum += (*each(scenarios::to_world(design)))[0].fraction();
  };
  for (std::uint64_t i = 0; i < shapes.size() && !gaps_too; ++i) one(known, i);
  for (auto _ : state) {
    analysis::Screen fresh(1);
    for (std::uint64_t i = 0; i < designs; ++i) one(gaps_too ? fresh : known, i);
  }
  report(state, designs, 0);
  benchmark::DoNotOptimize(sum);
}

const auto small = benchmark::RegisterBenchmark("screening/10000-designs", [](benchmark::State& state) { screen(state, 10'000, false); })
                       -> Iterations(1) -> MeasureProcessCPUTime();
const auto large = benchmark::RegisterBenchmark("screening-more/100000-designs", [](benchmark::State& state) { screen(state, 100'000, false); })
                       -> Iterations(1) -> MeasureProcessCPUTime();
// With the gaps of ten kinds of designs, each measured when it comes first.
const auto whole = benchmark::RegisterBenchmark("screening-with-gaps/100000-designs", [](benchmark::State& state) { screen(state, 100'000, true); })
                       -> Iterations(1) -> MeasureProcessCPUTime();
const bool linear = at_most("screening-more/100000-designs", "screening/10000-designs", 1.25);
const bool fast = at_least_per_second("screening-with-gaps/100000-designs", 100'000.0 / 60, "designs");

}  // namespace
}  // namespace nines::bench
