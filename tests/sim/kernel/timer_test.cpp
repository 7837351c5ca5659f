#include "sim/kernel/timer.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/kernel/simulation.hpp"

namespace nines::sim {
namespace timer_test {

constexpr Instant at(Duration t) { return Instant{t}; }

struct Nudge {
  std::uint32_t index;
};
using Sim = BasicSimulation<true, 0, Nudge>;

struct Log {
  std::vector<Instant> alarms;
  void on(Instant, Nudge, Sim&) {}
  void on(Instant now, Alarm, Sim&) { alarms.push_back(now); }
};

TEST(Timer, FiresOnceAtItsDeadline) {
  Sim sim;
  Log log;
  const TimerId timer = sim.add_timer(3);
  EXPECT_EQ(sim.deadline(timer), never);
  sim.arm(timer, at(5s));
  EXPECT_EQ(sim.deadline(timer), at(5s));
  sim.run_until(at(1h), log);
  EXPECT_EQ(log.alarms, std::vector{at(5s)});
  EXPECT_EQ(sim.deadline(timer), never);
}

TEST(Timer, RearmingLaterQueuesNothing) {
  Sim sim;
  Log log;
  const TimerId timer = sim.add_timer(0);
  for (int i = 0; i < 100; ++i) {
    sim.run_until(at(i * 10ms), log);
    sim.arm(timer, sim.now() + 2500ms);
    EXPECT_EQ(sim.pending(), 1u);
  }
  sim.run_until(at(1h), log);
  EXPECT_EQ(log.alarms, std::vector{at(990ms + 2500ms)});
  EXPECT_EQ(sim.events(), 1u) << "early surfacings are no events";
}

TEST(Timer, RearmingEarlierFiresEarlier) {
  Sim sim;
  Log log;
  const TimerId timer = sim.add_timer(0);
  sim.arm(timer, at(10s));
  sim.arm(timer, at(4s));
  sim.run_until(at(1h), log);
  EXPECT_EQ(log.alarms, std::vector{at(4s)});
}

TEST(Timer, DisarmedDoesNotFire) {
  Sim sim;
  Log log;
  const TimerId timer = sim.add_timer(0);
  sim.arm(timer, at(1s));
  sim.disarm(timer);
  sim.run_until(at(2s), log);
  EXPECT_TRUE(log.alarms.empty());
  EXPECT_EQ(sim.pending(), 0u);
  sim.arm(timer, at(3s));
  sim.run_until(at(1h), log);
  EXPECT_EQ(log.alarms, std::vector{at(3s)});
}

// Entries that an earlier one had replaced surface at an instant at which the timer is armed again.
TEST(Timer, AnEntryLeftBehindFiresNothingTwice) {
  Sim sim;
  Log log;
  const TimerId timer = sim.add_timer(0);
  sim.arm(timer, at(10s));  // Left behind at 10 s.
  sim.arm(timer, at(2s));
  sim.run_until(at(5s), log);
  sim.arm(timer, at(10s));  // A second entry at 10 s.
  sim.run_until(at(1h), log);
  EXPECT_EQ(log.alarms, (std::vector{at(2s), at(10s)}));
}

TEST(Timer, MayRearmItselfForTheSameInstant) {
  struct Twice {
    int fired = 0;
    void on(Instant, Nudge, Sim&) {}
    void on(Instant now, Alarm alarm, Sim& sim) {
      if (++fired == 1) sim.arm(alarm.timer, now);
    }
  };
  Sim sim;
  Twice twice;
  const TimerId timer = sim.add_timer(0);
  sim.arm(timer, at(3s));
  sim.arm(timer, at(1s));
  sim.arm(timer, at(3s));
  sim.run_until(at(1h), twice);
  EXPECT_EQ(twice.fired, 2);
  EXPECT_EQ(sim.pending(), 0u);
}

// ns-3.37's heap scheduler loses events when one is removed, because it sifts the replacement down but never up.
// However timers move, each fires at exactly its last deadline.
TEST(Timer, MovingTimersNeverLosesOne) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    struct Checked {
      std::map<std::uint32_t, Instant> due;
      std::uint64_t fired = 0, wrong = 0;
      void on(Instant, Nudge, Sim&) {}
      void on(Instant now, Alarm alarm, Sim&) {
        ++fired;
        const auto found = due.find(alarm.timer.value);
        if (found == due.end() || found->second != now) ++wrong;
        if (found != due.end()) due.erase(found);
      }
    };
    Sim sim;
    Checked model;
    constexpr std::uint32_t timers = 40;
    for (std::uint32_t i = 0; i < timers; ++i) sim.add_timer(i);
    for (std::uint64_t i = 0; i < 400; ++i) {
      const Words words = Streams(seed).of(0, Purpose::test).words({.index = i});
      sim.run_until(sim.now() + Duration{static_cast<std::int64_t>(words[0] % 4)}, model);
      for (const auto& [timer, deadline] : model.due) ASSERT_GE(deadline, sim.now()) << "timer " << timer << " was lost, seed " << seed;
      const auto timer = static_cast<std::uint32_t>(words[1] % timers);
      if (words[2] % 3 == 0) {
        sim.disarm(TimerId{timer});
        model.due.erase(timer);
      } else {
        const Instant deadline = sim.now() + Duration{static_cast<std::int64_t>(words[3] % 50)};
        sim.arm(TimerId{timer}, deadline);
        model.due[timer] = deadline;
      }
    }
    sim.run_until(sim.now() + 1s, model);
    ASSERT_TRUE(model.due.empty()) << "seed " << seed;
    ASSERT_EQ(model.wrong, 0u) << "seed " << seed;
    ASSERT_GT(model.fired, 100u);
    ASSERT_EQ(sim.pending(), 0u);
  }
}

}  // namespace timer_test
}  // namespace nines::sim
