// Heartbeats of many Raft groups, without Raft: on our kernel with its lanes and deadline timers, and on the bare heap with deadline timers.
#include <vector>

#include "bench/bounds.hpp"
#include "bench/peers/bare_heap.hpp"
#include "bench/peers/workload.hpp"
#include "sim/kernel/simulation.hpp"

namespace nines::bench {
namespace {

[[noreturn]] void election() { broken_invariant("no election", "an election in a healthy run", __FILE__, __LINE__); }

struct Tick {
  std::uint32_t index;  // A group.
};
struct Beat {
  std::uint32_t index;  // A follower: two for each group.
};
struct Acknowledgement {
  std::uint32_t index;
};
constexpr std::size_t tick_lane = 0;
constexpr std::size_t network_lane = 1;
constexpr Duration delays[] = {Duration{Heartbeat::tick_ns}, Duration{Heartbeat::network_ns}};

// With lanes, or with every event through the heap, as where the network jitters.
template <std::size_t lanes>
struct Model {
  using Kernel = sim::Simulation<lanes, Tick, Beat, Acknowledgement>;
  Heartbeat work;

  template <class Event>
  static void send(Kernel& kernel, std::size_t lane, std::uint64_t rank, Event event) {
    if constexpr (lanes == 0) {
      kernel.at(kernel.now() + delays[lane], rank, event);
    } else {
      kernel.after(lane, rank, event);
    }
  }

  void start(Kernel& kernel) {
    const auto groups = static_cast<std::uint32_t>(work.acknowledged.size());
    for (std::uint32_t group = 0; group < groups; ++group) {
      kernel.at(Instant{Duration{group * Heartbeat::tick_ns / groups}}, sim::make_rank(sim::Class::alarm, group), Tick{group});
      for (std::uint32_t follower : {1u, 2u}) {
        kernel.arm(kernel.add_timer(sim::make_rank(sim::Class::alarm, group, follower)), Instant{Duration{Heartbeat::election_ns}});
      }
    }
  }
  void on(Instant, Tick tick, Kernel& kernel) {
    ++work.events;
    for (std::uint32_t follower : {1u, 2u}) {
      send(kernel, network_lane, sim::make_rank(sim::Class::arrival, tick.index, follower), Beat{2 * tick.index + follower - 1});
    }
    send(kernel, tick_lane, sim::make_rank(sim::Class::alarm, tick.index), tick);
  }
  void on(Instant now, Beat beat, Kernel& kernel) {
    ++work.events;
    ++work.resets;
    kernel.arm(sim::TimerId{beat.index}, now + Duration{Heartbeat::election_ns});
    send(kernel, network_lane, sim::make_rank(sim::Class::arrival, beat.index / 2, 0, 1 + beat.index % 2), Acknowledgement{beat.index});
  }
  void on(Instant now, Acknowledgement acknowledgement, Kernel&) {
    ++work.events;
    work.acknowledged[acknowledgement.index / 2] += static_cast<std::uint64_t>(count_ns(now));
  }
  void on(Instant, sim::Alarm, Kernel&) { election(); }
};

template <std::size_t lanes>
void ours(benchmark::State& state, std::uint32_t groups) {
  typename Model<lanes>::Kernel kernel = [] {
    if constexpr (lanes == 0) {
      return typename Model<lanes>::Kernel();
    } else {
      return typename Model<lanes>::Kernel({delays[tick_lane], delays[network_lane]});
    }
  }();
  Model<lanes> model{.work = Heartbeat(groups)};
  model.start(kernel);
  Instant end{std::chrono::seconds{Heartbeat::warm_up_s}};
  kernel.run_until(end, model);
  const std::uint64_t before = model.work.events;
  for (auto _ : state) {
    end += std::chrono::seconds{Heartbeat::simulated_s(groups)};
    kernel.run_until(end, model);
  }
  benchmark::DoNotOptimize(kernel.fingerprint());
  report(state, model.work.events - before, model.work.checksum());
}

// One entry a timer: a reset stores the new deadline only, and the entry that surfaces early is pushed again.
void floor(benchmark::State& state, std::uint32_t groups) {
  enum Kind : std::uint32_t { tick, beat, acknowledgement, timer };
  constexpr std::uint32_t index_bits = 22;
  BareHeap heap(8 * std::size_t{groups});
  Heartbeat work(groups);
  std::vector<std::int64_t> deadlines(2 * std::size_t{groups}, Heartbeat::election_ns);
  std::uint64_t order = 0;
  const auto push = [&](std::int64_t time, Kind kind, std::uint32_t index) { heap.push(bare_key(time, order++, (kind << index_bits) | index)); };
  for (std::uint32_t group = 0; group < groups; ++group) {
    push(group * Heartbeat::tick_ns / groups, tick, group);
    push(Heartbeat::election_ns, timer, 2 * group);
    push(Heartbeat::election_ns, timer, 2 * group + 1);
  }
  const auto run = [&](std::int64_t end) {
    for (;;) {
      const BareKey key = heap.pop();
      const std::int64_t now = bare_time(key);
      if (now >= end) return heap.push(key);
      const std::uint32_t index = bare_payload(key) & ((1u << index_bits) - 1);
      switch (bare_payload(key) >> index_bits) {
        case tick:
          ++work.events;
          push(now + Heartbeat::network_ns, beat, 2 * index);
          push(now + Heartbeat::network_ns, beat, 2 * index + 1);
          push(now + Heartbeat::tick_ns, tick, index);
          break;
        case beat:
          ++work.events;
          ++work.resets;
          deadlines[index] = now + Heartbeat::election_ns;
          push(now + Heartbeat::network_ns, acknowledgement, index);
          break;
        case acknowledgement:
          ++work.events;
          work.acknowledged[index / 2] += static_cast<std::uint64_t>(now);
          break;
        default:
          if (deadlines[index] == now) election();
          push(deadlines[index], timer, index);
      }
    }
  };
  run(Heartbeat::warm_up_s * 1'000'000'000);
  const std::uint64_t before = work.events;
  for (auto _ : state) run((Heartbeat::warm_up_s + Heartbeat::simulated_s(groups)) * 1'000'000'000);
  report(state, work.events - before, work.checksum());
}

const bool declared = [] {
  for (const std::uint32_t groups : {64u, 4096u}) {
    const std::string name = "heartbeat/" + std::to_string(groups);
    benchmark::RegisterBenchmark(name.c_str(), ours<2>, groups)->Iterations(1)->MeasureProcessCPUTime();
    benchmark::RegisterBenchmark((name + "/no-lanes").c_str(), ours<0>, groups)->Iterations(1)->MeasureProcessCPUTime();
    benchmark::RegisterBenchmark((name + "/floor").c_str(), floor, groups)->Iterations(1)->MeasureProcessCPUTime();
    at_most(name, name + "/floor", 1.25);
    at_most(name + "/no-lanes", name + "/floor", 1.25);
  }
  return true;
}();

}  // namespace
}  // namespace nines::bench
