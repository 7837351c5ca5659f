// Rare events at the level of elements: three of five nodes, MTTF 2,000 h or 60 h, MTTR 1 h. An "event" is one unit of precision, the work after
// which the relative standard error is 1: excursions over the relative variance of one. So the ratio of times per event is the ratio of work-normalised
// variances, in processor time. At 60 h both variances are measured; plain simulation's at 2,000 h, where two excursions in a million lose a quorum, is what
// the biased paths predict for it, E[(rate x time lost)^2]; its time per excursion is measured. The checksum is the number of elements.
#include <algorithm>
#include <memory>

#include "analysis/rare/rare.hpp"
#include "bench/bounds.hpp"

namespace nines::bench {
namespace {

struct Five {
  explicit Five(Duration mttf) {
    failure::Mode mode;
    mode.name = "node-loss";
    mode.scope = failure::Scope::node;
    mode.up_time = Law::exponential(mttf);
    mode.duration = Law::exponential(1h);
    options.modes = {mode};
    model.zone_region = {0};
    model.regions = 1;
    model.nodes = 5;
    analysis::ModelCluster& cluster = model.clusters.emplace_back();
    cluster.partitions.emplace_back();
    for (std::uint32_t i = 0; i < model.nodes; ++i) {
      model.brokers.push_back({.node = i});
      cluster.brokers.push_back(i);
      cluster.partitions[0].push_back(i);
      model.atoms.push_back({.element = {failure::Scope::node, i, 0}});
    }
    system = std::make_unique<analysis::System>(model, options, 0);
  }
  world::Options options;  // Only its modes matter here.
  analysis::Model model;
  std::unique_ptr<analysis::System> system;
};

analysis::Tally simulate(const Five& five, analysis::Bias bias, std::uint64_t batches) {
  analysis::Tally tally;
  for (std::uint64_t i = 0; i < batches; ++i) tally.merge(analysis::one_batch(*five.system, {}, i, bias));
  return tally;
}

void precision(benchmark::State& state, Duration mttf, analysis::Bias bias) {
  const Five five(mttf);
  const std::uint64_t batches = bias == analysis::Bias::none ? 400 : 50;
  analysis::Tally tally;
  for (auto _ : state) tally = simulate(five, bias, batches);
  const double variance = bias == analysis::Bias::none && mttf > 100h
                              ? simulate(five, analysis::Bias::balanced, 50).plain_relative_variance(five.system->excursions_per_s)
                              : tally.relative_variance();
  report(state, static_cast<std::uint64_t>(std::max(1.0, 1e6 * static_cast<double>(tally.paths()) / variance)), 5);  // Millionths, to be whole.
}

bool declare(Duration mttf, double bound) {
  const std::string name = "rare/" + std::to_string(mttf / 1h) + "-hours";
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& s) { precision(s, mttf, analysis::Bias::balanced); })->Iterations(1)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark((name + "/plain").c_str(), [=](benchmark::State& s) { precision(s, mttf, analysis::Bias::none); })->Iterations(1)->Unit(benchmark::kMillisecond);
  return at_least_faster(name, name + "/plain", bound);
}
const bool declared[] = {declare(std::chrono::hours{60}, 100), declare(std::chrono::hours{2000}, 1e5)};

}  // namespace
}  // namespace nines::bench
