// Every command through gateway, leader, log, followers, fsyncs, thread, answer: an "event" is a command that completed.
#include "bench/bounds.hpp"
#include "models/workload/pipeline.hpp"

namespace nines::bench {
namespace {

using namespace nines::workload;

// Three brokers, three partitions, everybody has everything; `window` batches of at most `entries` are on their way to a follower.
Deployment three(int window, int entries) {
  Deployment d;
  for (std::uint16_t b = 0; b < 3; ++b) {
    Machine& machine = d.machines.emplace_back();
    machine.cores = 8;
    machine.flush = Law::exponential(500us);
    d.machine_of.push_back(b);
    d.zone_of.push_back(b);
    d.region_of.push_back(0);
    d.partitions.push_back({{b, static_cast<std::uint16_t>((b + 1) % 3), static_cast<std::uint16_t>((b + 2) % 3)}});
  }
  d.links.resize(9);
  for (auto& link : d.links) link.minimum = link.maximum = 200us;
  d.client_link.minimum = d.client_link.maximum = 200us;
  d.service = {.bytes = 1024, .processing_s = 15e-6, .leader_s = 10e-6, .follower_s = 5e-6, .gateway_s = 5e-6};
  d.replication = {.window = window, .batch_bytes = 1024 * entries, .leader_flush = LeaderFlush::after};
  return d;
}

void commands(benchmark::State& state, const Deployment& deployment, const PipelineOptions& options) {
  Pipeline pipeline(deployment, options);
  pipeline.run_until(options.edges.front());
  const std::uint64_t before = pipeline.timeline().total.completed;
  const std::uint64_t batches = pipeline.timeline().batches, entries = pipeline.timeline().replicated;
  for (auto _ : state) pipeline.run_until(options.edges.back());
  const Timeline timeline = pipeline.timeline();
  state.counters["entries_a_batch"] = static_cast<double>(timeline.replicated - entries) / static_cast<double>(timeline.batches - batches);
  report(state, timeline.total.completed - before, timeline.fingerprint & 0xffff'ffff);
}

PipelineOptions from_second(int first, int last) {
  PipelineOptions o;
  o.edges = {Instant{first * 1s}, Instant{last * 1s}};
  return o;
}

// Alone on the way: every command is a batch of its own.
void one_by_one(benchmark::State& state) {
  PipelineOptions o = from_second(2, 22);
  o.load.rates = {{Instant{}, 30'000}};
  commands(state, three(64, 1), o);
}

// As many as fill batches.
void batched(benchmark::State& state) {
  PipelineOptions o = from_second(1, 21);
  o.load.kind = Load::Kind::closed;
  o.load.outstanding = 4'000;
  commands(state, three(2, 32), o);
}

// Ten minutes of an ordinary cluster.
void ten_minutes(benchmark::State& state) {
  PipelineOptions o = from_second(0, 600);
  o.load.rates = {{Instant{}, 100}};
  commands(state, three(6, 32), o);
}

const auto* const first [[maybe_unused]] = benchmark::RegisterBenchmark("pipeline-single/batches-of-1", [](benchmark::State& s) { one_by_one(s); })
                                               -> Iterations(1) -> Unit(benchmark::kMillisecond);
const auto* const second [[maybe_unused]] = benchmark::RegisterBenchmark("pipeline-full/batches-of-32", [](benchmark::State& s) { batched(s); })
                                                -> Iterations(1) -> Unit(benchmark::kMillisecond);
const auto* const third [[maybe_unused]] = benchmark::RegisterBenchmark("pipeline-calm/ten-minutes", [](benchmark::State& s) { ten_minutes(s); })
                                               -> Iterations(1) -> Unit(benchmark::kMillisecond);
const bool bounds =
    at_least_per_second("pipeline-single/batches-of-1", 0.7e6, "commands") && at_least_per_second("pipeline-full/batches-of-32", 3e6, "commands");

}  // namespace
}  // namespace nines::bench
