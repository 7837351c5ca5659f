#include "sim/kernel/simulation.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/random.hpp"

namespace nines::sim {
namespace simulation_test {

constexpr Instant at(Duration t) { return Instant{t}; }

struct Tick {
  std::uint32_t index;
};
struct Letter {
  std::string to;  // Any copyable payload: the kernel never looks inside.
  int number = 0;
  void digest(Hash& hash) const { hash.add(static_cast<std::uint64_t>(number)); }
  std::string text() const { return "letter " + std::to_string(number) + " to " + to; }
};
struct Shout {
  int number = 0;
  static constexpr bool commutes = true;
};

// Writes down what it is told.
struct Diary {
  std::vector<std::pair<Instant, std::string>> entries;
  template <class Sim>
  void on(Instant now, Tick tick, Sim&) {
    entries.emplace_back(now, "tick " + std::to_string(tick.index));
  }
  template <class Sim>
  void on(Instant now, const Letter& letter, Sim&) {
    entries.emplace_back(now, letter.text());
  }
  template <class Sim>
  void on(Instant now, const Shout& shout, Sim&) {
    entries.emplace_back(now, "shout " + std::to_string(shout.number));
  }
  template <class Sim>
  void on(Instant now, Alarm alarm, Sim&) {
    entries.emplace_back(now, "alarm " + std::to_string(alarm.timer.value));
  }
  std::string words() const {
    std::string all;
    for (const auto& [when, what] : entries) all += (all.empty() ? "" : ", ") + what;
    return all;
  }
};

using Plain = BasicSimulation<true, 0, Tick, Letter, Shout>;
using Laned = BasicSimulation<true, 2, Tick, Letter, Shout>;

TEST(Simulation, DeliversInOrderOfTimeThenRank) {
  Plain sim;
  Diary diary;
  sim.at(at(2s), 0, Tick{0});
  sim.at(at(1s), 9, Tick{1});
  sim.at(at(1s), 3, Tick{2});
  sim.at(at(1s), 3, Tick{1});
  sim.run_until(at(1h), diary);
  EXPECT_EQ(diary.words(), "tick 1, tick 2, tick 1, tick 0");
  EXPECT_EQ(diary.entries.front().first, at(1s));
  EXPECT_EQ(sim.now(), at(1h));
  EXPECT_EQ(sim.events(), 4u);
  EXPECT_EQ(sim.pending(), 0u);
}

TEST(Simulation, OrderDoesNotDependOnWhenAnEventWasScheduled) {
  std::uint64_t fingerprint = 0;
  for (int turn = 0; turn < 3; ++turn) {
    Plain sim;
    Diary diary;
    for (int i = 0; i < 3; ++i) {
      const int who = (i + turn) % 3;
      sim.at(at(5s), make_rank(Class::arrival, 7, static_cast<std::uint64_t>(who)), Letter{"b", who});
    }
    sim.at(at(5s), make_rank(Class::fault, 7), Tick{4});
    sim.run_until(at(6s), diary);
    EXPECT_EQ(diary.words(), "tick 4, letter 0 to b, letter 1 to b, letter 2 to b");
    if (turn > 0) {
      EXPECT_EQ(sim.fingerprint(), fingerprint);
    }
    fingerprint = sim.fingerprint();
  }
}

TEST(Simulation, StopsBeforeTheEndInstantAndContinuesThere) {
  Plain sim;
  Diary diary;
  sim.at(at(1s), 0, Tick{1});
  sim.at(at(2s), 0, Tick{2});
  sim.run_until(at(2s), diary);
  EXPECT_EQ(diary.words(), "tick 1");
  EXPECT_EQ(sim.pending(), 1u);
  sim.run_until(at(2s) + 1ns, diary);
  EXPECT_EQ(diary.words(), "tick 1, tick 2");
}

TEST(Simulation, RefusesThePast) {
  Plain sim;
  Diary diary;
  sim.at(at(1s), 0, Tick{1});
  sim.run_until(at(2s), diary);
  EXPECT_THROW(sim.at(at(1s), 0, Tick{1}), BrokenInvariant);
  const TimerId timer = sim.add_timer(0);
  EXPECT_THROW(sim.arm(timer, at(1s)), BrokenInvariant);
}

// A place in the pool decides between two letters of one instant and rank, and that is an accident of history.
TEST(Simulation, FindsTwoEventsWhoseOrderWouldBeAnAccident) {
  Plain sim;
  Diary diary;
  sim.at(at(1s), 5, Letter{"a", 1});
  sim.at(at(1s), 5, Letter{"a", 2});
  EXPECT_THROW(sim.run_until(at(2s), diary), BrokenInvariant);

  Laned laned({1s, 2s});
  laned.after(0, 5, Letter{"a", 1});
  laned.at(at(1s), 5, Letter{"a", 2});
  EXPECT_THROW(laned.run_until(at(2s), diary), BrokenInvariant);
}

TEST(Simulation, LetsEventsThatCommuteShareARank) {
  Plain sim;
  Diary diary;
  sim.at(at(1s), 5, Shout{1});
  sim.at(at(1s), 5, Shout{2});
  EXPECT_NO_THROW(sim.run_until(at(2s), diary));
  EXPECT_EQ(diary.entries.size(), 2u);
}

TEST(Simulation, AnEventMayCauseItsLikeAtTheSameInstant) {
  struct Chain {
    int left = 3;
    void on(Instant now, const Letter& letter, Plain& sim) {
      if (left-- > 0) sim.at(now, 5, letter);
    }
    void on(Instant, Tick, Plain&) {}
    void on(Instant, const Shout&, Plain&) {}
  };
  Plain sim;
  Chain chain;
  sim.at(at(1s), 5, Letter{"a", 1});
  EXPECT_NO_THROW(sim.run_until(at(2s), chain));
  EXPECT_EQ(sim.events(), 4u);
}

TEST(Simulation, LanesDoNotChangeTheOrder) {
  Laned laned({10ms, 3ms});
  Plain plain;
  Diary by_lane, by_heap;
  const Stream draws = Streams(7).of(0, Purpose::test);
  std::uint64_t i = 0;
  for (int round = 0; round < 300; ++round) {
    for (int k = 0; k < 5; ++k) {
      const std::uint64_t word = draws.word({.index = i++});
      const auto rank = word % 64;  // Any order of ranks at one instant: the lane must pass some on to the heap.
      const std::size_t lane = (word >> 8) & 1;
      const Tick tick{static_cast<std::uint32_t>(word >> 40) & 0xfffff};
      laned.after(lane, rank, tick);
      plain.at(plain.now() + (lane == 0 ? 10ms : 3ms), rank, tick);
    }
    laned.run_until(laned.now() + (round % 3) * 1ms, by_lane);
    plain.run_until(plain.now() + (round % 3) * 1ms, by_heap);
  }
  laned.run_until(at(10s), by_lane);
  plain.run_until(at(10s), by_heap);
  EXPECT_EQ(by_lane.entries.size(), 1500u);
  EXPECT_EQ(by_lane.entries, by_heap.entries);
  EXPECT_EQ(laned.fingerprint(), plain.fingerprint());
}

TEST(Simulation, FingerprintSeesTimeRankKindAndPayload) {
  const auto run = [](auto schedule) {
    Plain sim;
    Diary diary;
    schedule(sim);
    sim.run_until(at(10s), diary);
    return sim.fingerprint();
  };
  const auto base = run([](Plain& sim) { sim.at(at(1s), 5, Letter{"a", 1}); });
  EXPECT_EQ(base, run([](Plain& sim) { sim.at(at(1s), 5, Letter{"b", 1}); }));  // `to` is not in its digest.
  EXPECT_NE(base, run([](Plain& sim) { sim.at(at(1s) + 1ns, 5, Letter{"a", 1}); }));
  EXPECT_NE(base, run([](Plain& sim) { sim.at(at(1s), 6, Letter{"a", 1}); }));
  EXPECT_NE(base, run([](Plain& sim) { sim.at(at(1s), 5, Letter{"a", 2}); }));
  EXPECT_NE(base, run([](Plain& sim) { sim.at(at(1s), 5, Shout{1}); }));
  EXPECT_NE(base, run([](Plain& sim) { sim.at(at(1s), 5, Tick{1}); }));
}

TEST(Simulation, FingerprintForgetsWhereInThePoolAPayloadLay) {
  Plain straight, crooked;
  Diary diary;
  straight.at(at(3s), 1, Letter{"a", 1});
  straight.at(at(4s), 1, Letter{"a", 2});
  crooked.at(at(4s), 1, Letter{"a", 2});
  crooked.at(at(3s), 1, Letter{"a", 1});
  straight.run_until(at(5s), diary);
  crooked.run_until(at(5s), diary);
  EXPECT_EQ(straight.fingerprint(), crooked.fingerprint());
}

TEST(Simulation, TracesReadably) {
  Plain sim;
  Diary diary;
  Trace trace(3);
  const TimerId timer = sim.add_timer(1);
  sim.at(at(1s), 5, Letter{"anna", 1});
  sim.at(at(61s) + 5ns, 7, Tick{3});
  sim.arm(timer, at(62s));
  sim.at(at(63s), 7, Tick{3});
  sim.run_until(at(2min), diary, trace);
  EXPECT_EQ(trace.text(),
            "     1.000000000  letter 1 to anna\n"
            "    61.000000005  event of kind 0 and rank 7\n"
            "    62.000000000  timer 0 is due\n");
  EXPECT_EQ(trace.dropped(), 1u);
}

TEST(Simulation, StopEndsTheRunAfterTheEvent) {
  struct Stopper {
    int seen = 0;
    void on(Instant, Tick, Plain& sim) {
      if (++seen == 2) sim.stop();
    }
    void on(Instant, const Letter&, Plain&) {}
    void on(Instant, const Shout&, Plain&) {}
  };
  Plain sim;
  Stopper stopper;
  for (int i = 1; i <= 4; ++i) sim.at(at(i * 1s), 0, Tick{0});
  sim.run_until(at(1min), stopper);
  EXPECT_EQ(stopper.seen, 2);
  EXPECT_EQ(sim.now(), at(2s));
  sim.run_until(at(1min), stopper);
  EXPECT_EQ(stopper.seen, 4);
}

TEST(Simulation, ADueTimerNeedsAModelThatHearsIt) {
  struct Deaf {
    void on(Instant, Tick, Plain&) {}
    void on(Instant, const Letter&, Plain&) {}
    void on(Instant, const Shout&, Plain&) {}
  };
  Plain sim;
  Deaf deaf;
  sim.arm(sim.add_timer(0), at(1s));
  EXPECT_THROW(sim.run_until(at(2s), deaf), BrokenInvariant);
}

// A random world: every event schedules others, arms and disarms timers and draws from keyed streams.
struct Restless {
  static constexpr std::uint32_t timers = 12;
  std::uint64_t draws = 0;
  std::uint64_t seen = 0;
  std::uint64_t seed = 0;

  void start(Laned& sim) {
    for (std::uint64_t i = 0; i < timers; ++i) sim.add_timer(make_rank(Class::alarm, i));
    for (std::uint32_t i = 0; i < 8; ++i) sim.at(at(i * 1ms), make_rank(Class::arrival, i), Tick{i});
  }
  void act(Instant now, Laned& sim, bool reproduce) {
    const Words words = Streams(seed).of(1, Purpose::test).words({.index = draws++});
    const TimerId timer{words[0] % timers};
    if (words[0] >> 63) {
      sim.arm(timer, now + Duration{static_cast<std::int64_t>(words[1] % 50'000'000)});
    } else {
      sim.disarm(timer);
    }
    if (!reproduce) return;
    const auto index = static_cast<std::uint32_t>(draws & 0xffff);
    switch (words[2] % 4) {
      case 0: return sim.at(now + Duration{static_cast<std::int64_t>(words[3] % 30'000'000)}, make_rank(Class::arrival, index), Tick{index});
      case 1: return sim.after(0, make_rank(Class::arrival, index), Tick{index});
      case 2: return sim.after(1, make_rank(Class::durable, index), Letter{"x", static_cast<int>(index)});
      default: return sim.at(now + 1ms, make_rank(Class::durable, index, 1), Letter{"y", static_cast<int>(index)});
    }
  }
  void on(Instant now, Tick tick, Laned& sim) { seen = seen * 31 + tick.index, act(now, sim, true); }
  void on(Instant now, const Letter& letter, Laned& sim) { seen = seen * 31 + static_cast<std::uint64_t>(letter.number), act(now, sim, true); }
  void on(Instant, const Shout&, Laned&) {}
  void on(Instant now, Alarm alarm, Laned& sim) { seen = seen * 31 + alarm.timer.value, act(now, sim, false); }
};

TEST(Simulation, ACopyTakenMidRunContinuesIdentically) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Laned sim({7ms, 2ms});
    Restless model{.seed = seed};
    model.start(sim);
    sim.run_until(at(150ms), model);
    Laned copied = sim;
    Restless copied_model = model;
    sim.run_until(at(400ms), model);
    EXPECT_GT(sim.events(), copied.events() + 100);
    copied.run_until(at(200ms), copied_model);
    Laned again({1ms, 1ms});
    again.at(at(0s), 1, Tick{0});
    again = copied;  // Also over a world that is already under way.
    copied.run_until(at(400ms), copied_model);
    ASSERT_EQ(copied.fingerprint(), sim.fingerprint()) << "seed " << seed;
    ASSERT_EQ(copied_model.seen, model.seen) << "seed " << seed;
    EXPECT_EQ(copied.pending(), sim.pending());
    EXPECT_EQ(again.now(), at(200ms));
  }
}

TEST(Simulation, AnAssignedWorldContinuesIdentically) {
  Laned sim({7ms, 2ms}), other({1ms, 1ms});
  Restless model{.seed = 3}, other_model{.seed = 4};
  model.start(sim);
  other_model.start(other);
  sim.run_until(at(100ms), model);
  other.run_until(at(33ms), other_model);
  other = sim;
  other_model = model;
  sim.run_until(at(300ms), model);
  other.run_until(at(300ms), other_model);
  EXPECT_EQ(other.fingerprint(), sim.fingerprint());
  EXPECT_EQ(other_model.seen, model.seen);
}

// The whole kernel against the plainest one that could be right: an ordered map, and timers that are erased when they move.
TEST(Simulation, AgreesWithAnOrderedMapOnRandomWorlds) {
  struct Reference {
    struct What {
      int kind;  // 0: tick, 1: letter, 2: alarm.
      std::uint32_t index;
    };
    std::multimap<std::pair<Instant, std::uint64_t>, What> queue;
    std::map<std::uint32_t, decltype(queue)::iterator> armed;
    Instant clock{};
    Instant now() const { return clock; }
    void disarm(TimerId timer) {
      if (const auto found = armed.find(timer.value); found != armed.end()) queue.erase(found->second), armed.erase(found);
    }
    void arm(TimerId timer, Instant deadline) {
      disarm(timer);
      armed[timer.value] = queue.insert({{deadline, make_rank(Class::alarm, timer.value)}, {2, timer.value}});
    }
  };
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Laned sim({7ms, 2ms});
    Restless model{.seed = seed};
    model.start(sim);
    sim.run_until(at(300ms), model);

    Reference reference;
    std::uint64_t seen = 0, draws = 0, events = 0;
    for (std::uint32_t i = 0; i < 8; ++i) reference.queue.insert({{at(i * 1ms), make_rank(Class::arrival, i)}, {0, i}});
    while (!reference.queue.empty() && reference.queue.begin()->first.first < at(300ms)) {
      const auto [key, what] = *reference.queue.begin();
      if (what.kind == 2) reference.armed.erase(what.index);
      reference.queue.erase(reference.queue.begin());
      const Instant now = reference.clock = key.first;
      ++events;
      seen = seen * 31 + what.index;
      const Words words = Streams(seed).of(1, Purpose::test).words({.index = draws++});
      const TimerId timer{words[0] % Restless::timers};
      if (words[0] >> 63) {
        reference.arm(timer, now + Duration{static_cast<std::int64_t>(words[1] % 50'000'000)});
      } else {
        reference.disarm(timer);
      }
      if (what.kind == 2) continue;
      const auto index = static_cast<std::uint32_t>(draws & 0xffff);
      switch (words[2] % 4) {
        case 0:
          reference.queue.insert({{now + Duration{static_cast<std::int64_t>(words[3] % 30'000'000)}, make_rank(Class::arrival, index)}, {0, index}});
          break;
        case 1: reference.queue.insert({{now + 7ms, make_rank(Class::arrival, index)}, {0, index}}); break;
        case 2: reference.queue.insert({{now + 2ms, make_rank(Class::durable, index)}, {1, index}}); break;
        default: reference.queue.insert({{now + 1ms, make_rank(Class::durable, index, 1)}, {1, index}});
      }
    }
    ASSERT_EQ(sim.events(), events) << "seed " << seed;
    ASSERT_EQ(model.seen, seen) << "seed " << seed;
  }
}

}  // namespace simulation_test
}  // namespace nines::sim
