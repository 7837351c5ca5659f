// The Raft core alone: five replicas with pipelined appends, a queue with one constant delay, no network's and no disk's model. An "event" is a
// message that a core received.
#include "bench/bounds.hpp"
#include "tests/models/raft/flow.hpp"

namespace nines::bench {
namespace {

void messages(benchmark::State& state, const raft::Profile& profile) {
  raft::Flow flow(profile, 5, 20us);
  flow.run_until(Instant{1s});
  const std::uint64_t before = flow.messages();
  for (auto _ : state) flow.run_until(Instant{11s});
  report(state, flow.messages() - before, flow.fingerprint() & 0xffff'ffff);
}

// Up to 512 appends on their way to a follower, each follower's disk before its answer, the leader's beside replication.
raft::Profile pipelined() {
  raft::Profile p;
  p.name = "pipelined";
  p.heartbeat = 100ms;
  p.election_timeout = 1s;
  p.append_window = 512;
  p.append_batch_bytes = 1 << 20;
  return p;
}

const auto* const registered [[maybe_unused]] =
    benchmark::RegisterBenchmark("raft-core/5-replicas", [](benchmark::State& s) { messages(s, pipelined()); }) -> Iterations(1) -> Unit(benchmark::kMillisecond);
const bool bound = at_least_per_second("raft-core/5-replicas", 1e7, "messages");

}  // namespace
}  // namespace nines::bench
