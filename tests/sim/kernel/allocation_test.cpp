// Counts every allocation of the test program: a warm kernel makes none.
#include <gtest/gtest.h>

#include "sim/base/random.hpp"
#include "sim/kernel/histogram.hpp"
#include "sim/kernel/recorder.hpp"
#include "sim/kernel/simulation.hpp"
#include "tests/support/allocations.hpp"

namespace nines::sim {
namespace allocation_test {

using testing_allocations::allocations;

struct Tick {
  std::uint32_t index;
};
struct Message {
  std::uint64_t words[6];
};
using Sim = Simulation<2, Tick, Message>;

// A steady population of events of all three kinds, and timers that move.
struct Steady {
  std::uint64_t draws = 0;
  Histogram delays;
  TimeInState busy{2, 0, Instant{}};

  void start(Sim& sim) {
    for (std::uint32_t i = 0; i < 200; ++i) {
      sim.add_timer(make_rank(Class::alarm, i));
      sim.at(Instant{i * 1us}, make_rank(Class::arrival, i), Tick{i});
      sim.at(Instant{i * 1us}, make_rank(Class::arrival, i, 1), Message{{i}});
    }
  }
  Duration draw() {
    const Duration delay{static_cast<std::int64_t>(Streams(5).of(0, Purpose::test).word({.index = draws++}) % 1'000'000)};
    delays.add(delay);
    return delay;
  }
  void on(Instant now, Tick tick, Sim& sim) {
    busy.enter(tick.index % 2, now);
    sim.arm(TimerId{tick.index}, now + draw());
    if (tick.index % 2 == 0) return sim.after(0, make_rank(Class::arrival, tick.index), tick);
    sim.at(now + draw(), make_rank(Class::arrival, tick.index), tick);
  }
  void on(Instant now, const Message& message, Sim& sim) {
    if (message.words[0] % 2 == 0) return sim.after(1, make_rank(Class::arrival, message.words[0], 1), message);
    sim.at(now + draw(), make_rank(Class::arrival, message.words[0], 1), message);
  }
  void on(Instant, Alarm, Sim&) {}
};

TEST(Allocation, AWarmKernelAllocatesNothing) {
  Sim sim({100us, 30us});
  Steady model;
  model.start(sim);
  model.delays.add(1ms);
  sim.run_until(Instant{100ms}, model);
  const std::uint64_t events = sim.events();
  const unsigned long before = allocations.load();
  sim.run_until(Instant{300ms}, model);
  EXPECT_EQ(allocations.load(), before);
  EXPECT_GT(sim.events(), events + 100'000);
}

TEST(Allocation, AssigningAWorldOverAnEquallyLargeOneAllocatesNothing) {
  Sim sim({100us, 30us});
  Steady model;
  model.start(sim);
  sim.run_until(Instant{100ms}, model);
  Sim other = sim;
  sim.run_until(Instant{101ms}, model);
  const unsigned long before = allocations.load();
  other = sim;
  EXPECT_EQ(allocations.load(), before);
  EXPECT_EQ(other.fingerprint(), sim.fingerprint());
}

TEST(Allocation, TheCounterCounts) {
  const unsigned long before = allocations.load();
  const Heap heap(100);
  EXPECT_EQ(allocations.load(), before + 1);
  EXPECT_GE(heap.capacity(), 100u);
}

}  // namespace allocation_test
}  // namespace nines::sim
