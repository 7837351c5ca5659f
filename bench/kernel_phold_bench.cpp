// PHOLD on our kernel, on the bare heap and on other engines.
#include "bench/bounds.hpp"
#include "bench/peers/bare_heap.hpp"
#include "bench/peers/workload.hpp"
#include "sim/kernel/simulation.hpp"

namespace nines::bench {
namespace {

struct Job {
  std::uint32_t index;
};
using Kernel = sim::Simulation<0, Job>;

struct Model {
  Phold phold;
  std::uint64_t until = 0;

  void on(Instant now, Job job, Kernel& kernel) {
    phold.touch(count_ns(now), job.index);
    if (phold.seen == until) kernel.stop();
    const Duration delay{phold.draws.exponential_ns()};
    const std::uint32_t destination = phold.destination();
    kernel.at(now + delay, destination, Job{destination});
  }
};

void ours(benchmark::State& state, std::uint32_t pending) {
  Kernel kernel;
  Model model{.phold = Phold(pending)};
  for (std::uint32_t job = 0; job < pending; ++job) kernel.at(Instant{Duration{model.phold.draws.exponential_ns()}}, job, Job{job});
  model.until = Phold::warm_up;
  kernel.run_until(never, model);
  for (auto _ : state) {
    model.until += Phold::events;
    kernel.run_until(never, model);
  }
  benchmark::DoNotOptimize(kernel.fingerprint());
  report(state, Phold::events, model.phold.checksum);
}

void floor(benchmark::State& state, std::uint32_t pending) {
  BareHeap heap(pending + 1);
  Phold phold(pending);
  std::uint64_t order = 0;
  for (std::uint32_t job = 0; job < pending; ++job) heap.push(bare_key(phold.draws.exponential_ns(), order++, job));
  const auto run = [&](std::uint64_t until) {
    for (;;) {
      const BareKey key = heap.pop();
      const std::int64_t now = bare_time(key);
      phold.touch(now, bare_payload(key));
      const std::int64_t delay = phold.draws.exponential_ns();
      heap.push(bare_key(now + delay, order++, phold.destination()));
      if (phold.seen == until) return;
    }
  };
  run(Phold::warm_up);
  for (auto _ : state) run(Phold::warm_up + Phold::events);
  report(state, Phold::events, phold.checksum);
}

void ns3(benchmark::State& state, std::uint32_t pending) { run_peer(state, "peer_ns3", "ns3::PriorityQueueScheduler " + std::to_string(pending)); }
void simgrid(benchmark::State& state, std::uint32_t pending) { run_peer(state, "peer_simgrid", std::to_string(pending)); }

const bool declared = [] {
  for (const std::uint32_t pending : {64u, 4096u}) {
    const std::string name = "phold/" + std::to_string(pending);
    const auto add = [&](const char* suffix, auto function) {
      return benchmark::RegisterBenchmark((name + suffix).c_str(), function, pending)->Iterations(1);
    };
    add("", ours)->MeasureProcessCPUTime();
    add("/floor", floor)->MeasureProcessCPUTime();
    add("/ns3", ns3)->UseManualTime();
    add("/simgrid", simgrid)->UseManualTime();
    at_most(name, name + "/floor", 1.25);
    at_least_faster(name, name + "/ns3", 2.2);
    at_least_faster(name, name + "/simgrid", 6);
  }
  return true;
}();

}  // namespace
}  // namespace nines::bench
