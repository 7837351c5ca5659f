// The simulated world: every heartbeat executed, beside the bare loop that only counts them; and sleeping groups, in cluster-years a CPU second.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/bounds.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::bench {
namespace {

using world::Fidelity;
using world::Options;

// `brokers` brokers on nodes of their own in three zones of one region.
std::string scenario(int brokers, int partitions, const std::string& faults) {
  return "apiVersion: nines/v1\nkind: Scenario\nmetadata: {name: bench, question: \"How fast?\"}\n"
         "topology:\n  regions: [{name: us-east-1, zones: [a, b, c]}]\n"
         "  nodePools: {brokers: {zones: us-east-1/*, nodes: " +
         std::to_string(brokers) +
         ", type: m6i.xlarge, disk: {type: gp3, size: 64Gi}}}\n"
         "cluster: {profile: zeebe-8.9, nodePool: brokers, brokers: " +
         std::to_string(brokers) + ", partitions: " + std::to_string(partitions) + ", replication: 3, load: none}\n" + faults;
}

Options options_of(const std::string& text) {
  const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
  SIM_CHECK(catalogs.has_value(), "the built-in catalogues can be read");
  const auto read = scenarios::read_scenario(text, "bench", *catalogs);
  SIM_CHECK(read.has_value(), read ? "" : read.error().front().what.c_str());
  return scenarios::to_world(*read);
}

failure::Mode exponential(const char* name, failure::Scope scope, Duration up, Duration down) {
  failure::Mode mode;
  mode.name = name;
  mode.scope = scope;
  mode.up_time = Law::exponential(up);
  mode.duration = Law::exponential(down);
  return mode;
}

constexpr std::chrono::hours hour{1};

// Node MTBF 30 days, MTTR 1 h; zone 1 year, 4 h.
Options nodes_and_zones(int brokers, int partitions) {
  Options options = options_of(scenario(brokers, partitions, ""));
  options.modes = {exponential("node", failure::Scope::node, 720 * hour, hour), exponential("zone", failure::Scope::zone, 8766 * hour, 4 * hour)};
  return options;
}

// Every heartbeat of `groups` calm groups for `seconds`: ticks, heartbeats and acknowledgements, as the bare loop counts them.
void full(benchmark::State& state, int groups, int seconds) {
  Options options = options_of(scenario(3, groups, ""));
  options.modes.clear();
  options.fidelity = Fidelity::full;
  options.horizon = std::chrono::seconds{seconds};
  const auto plan = std::make_shared<const world::Plan>(options);
  const Streams streams(1);
  world::World world(plan, streams, {});
  std::uint64_t events = 0;
  for (auto _ : state) {                                                           // Once; building the world is not counted.
    for (Instant t{}; t < Instant{} + options.horizon; t += 1s) world.advance(t);  // As when something happens every second.
    events = world.finish(Instant{} + options.horizon, 0).events;
  }
  report(state, events, 0);
}

// Cluster-years, one a replication.
void years(benchmark::State& state, const Options& options, std::uint64_t count) {
  const auto plan = std::make_shared<const world::Plan>(options);
  std::uint64_t history = 0;
  for (auto _ : state)
    for (std::uint64_t r = 0; r < count; ++r) history += world::simulate(plan, 1, r).history;
  report(state, count, history & 0xffff'ffff);
}

#define NINES_BENCH(name, ...) \
  const auto* const registered_##name [[maybe_unused]] = benchmark::RegisterBenchmark(__VA_ARGS__)->Iterations(1)->Unit(benchmark::kMillisecond)

NINES_BENCH(full_64, "world-full/64", [](benchmark::State& s) { full(s, 64, 1400); });
NINES_BENCH(full_4096, "world-full/4096", [](benchmark::State& s) { full(s, 4096, 25); });
const bool full_64_bound = at_most("world-full/64", "heartbeat/64/floor", 3);
const bool full_4096_bound = at_most("world-full/4096", "heartbeat/4096/floor", 3);

NINES_BENCH(nine, "world-years/nine-nodes", [](benchmark::State& s) { years(s, nodes_and_zones(9, 12), 600); });
const bool nine_bound = at_least_per_second("world-years/nine-nodes", 1000, "cluster-years");

NINES_BENCH(cloud, "world-years-with/public-cloud",
            [](benchmark::State& s) { years(s, options_of(scenario(9, 12, "catalogs: {prices: aws, distances: aws, faults: public-cloud}\n")), 100); });
const bool cloud_bound = at_least_per_second("world-years-with/public-cloud", 150, "cluster-years");

NINES_BENCH(one, "world-years-of/one-partition", [](benchmark::State& s) {
  Options options = options_of(scenario(3, 1, ""));
  options.modes = {exponential("node", failure::Scope::node, 2000 * hour, hour)};
  years(s, options, 10'000);
});
const bool one_bound = at_least_per_second("world-years-of/one-partition", 30'000, "cluster-years");

// A year of more and more brokers with ten partitions each; an "event" is a replica-year, so equal figures are linear cost.
void scale(benchmark::State& state, int brokers) {
  const int partitions = 10 * brokers, count = 3000 / brokers;
  const auto plan = std::make_shared<const world::Plan>(nodes_and_zones(brokers, partitions));
  std::uint64_t history = 0;
  for (auto _ : state)
    for (int r = 0; r < count; ++r) history += world::simulate(plan, 1, static_cast<std::uint64_t>(r)).history;
  report(state, static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(partitions) * 3, history & 0xffff'ffff);
}
NINES_BENCH(scale_30, "world-size/30-brokers", [](benchmark::State& s) { scale(s, 30); });
NINES_BENCH(scale_100, "world-size-100/100-brokers", [](benchmark::State& s) { scale(s, 100); });
NINES_BENCH(scale_300, "world-size-300/300-brokers", [](benchmark::State& s) { scale(s, 300); });
NINES_BENCH(scale_1000, "world-size-1000/1000-brokers", [](benchmark::State& s) { scale(s, 1000); });
const bool linear = at_most("world-size-1000/1000-brokers", "world-size/30-brokers", 2);

// The work of 33 worlds of 30 brokers in the memory of one of 1,000: they take turns by the hour. What a large world costs beyond this is work.
void in_turns(benchmark::State& state) {
  const auto plan = std::make_shared<const world::Plan>(nodes_and_zones(30, 300));
  const Options& options = plan->options;
  const Instant horizon = Instant{} + options.horizon;
  struct Life {
    failure::Timeline timeline;
    world::World world;
    failure::Change upcoming;
  };
  std::uint64_t history = 0;
  constexpr std::uint64_t worlds = 33;
  for (auto _ : state) {
    std::vector<Life> lives;
    for (std::uint64_t r = 0; r < worlds; ++r) {
      const Streams streams(1, r);
      failure::Timeline timeline(options.modes, options.script, world::site_of(options), streams);
      world::World world(plan, streams, timeline.active());
      const failure::Change first = timeline.next(Instant{});
      lives.push_back({std::move(timeline), std::move(world), first});
    }
    for (Instant t = Instant{} + hour; t < horizon + hour; t += hour)
      for (Life& life : lives)
        for (; life.upcoming.at < std::min(t, horizon); life.upcoming = life.timeline.next(life.upcoming.at)) life.world.apply(life.upcoming);
    for (Life& life : lives) history += life.world.finish(horizon, life.timeline.faults()).history;
  }
  report(state, worlds * 300 * 3, history & 0xffff'ffff);
}
NINES_BENCH(turns, "world-size-in-turns/33-times-30-brokers", in_turns);
const bool no_more_work = at_most("world-size-1000/1000-brokers", "world-size-in-turns/33-times-30-brokers", 1.25);

}  // namespace
}  // namespace nines::bench
