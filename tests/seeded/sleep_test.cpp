// Sleeping is exact: a world that jumps over its calm stretches is, at any instant, the world that executed every heartbeat.
#include <algorithm>
#include <initializer_list>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tests/seeded/catalogue.hpp"
#include "tests/support/random_world.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/worlds.hpp"

namespace nines {
namespace sleep_test {

using seeded::random_world;
using seeded::silent_world;
using testing_worlds::Dice;
using testing_worlds::RandomWorld;
using testing_worlds::seeds;
using testing_worlds::Stage;
using world::Fidelity;
using world::Record;

std::vector<Instant> random_instants(std::uint64_t seed, Duration horizon, int count) {
  Dice dice(seed, 2);
  std::vector<Instant> instants;
  for (int i = 0; i < count; ++i) instants.push_back(Instant{} + from_seconds(dice.uniform() * seconds(horizon)));
  std::sort(instants.begin(), instants.end());
  return instants;
}

world::Options in(Fidelity fidelity, world::Options options) {
  options.fidelity = fidelity;
  return options;
}

// Applies the next change; returns how many groups it touched.
std::uint64_t apply_next(Stage& stage) {
  std::vector<world::Around> before;
  for (std::size_t g = 0; g < stage.world.groups(); ++g) before.push_back(stage.world.group(PartitionId{g}).around());
  stage.world.apply(stage.upcoming);
  stage.upcoming = stage.timeline.next(stage.upcoming.at);
  std::uint64_t touched = 0;
  for (std::size_t g = 0; g < stage.world.groups(); ++g) touched += before[g] == stage.world.group(PartitionId{g}).around() ? 0u : 1u;
  return touched;
}

void expect_same_story(const Record& a, const Record& b, const std::string& text) {
  EXPECT_EQ(a.history, b.history) << text;
  ASSERT_EQ(a.outages.size(), b.outages.size()) << text;
  for (std::size_t i = 0; i < a.outages.size(); ++i) {
    EXPECT_EQ(a.outages[i].start, b.outages[i].start) << text;
    EXPECT_EQ(a.outages[i].end, b.outages[i].end) << text;
    EXPECT_EQ(a.outages[i].phase, b.outages[i].phase) << text;
    EXPECT_EQ(a.outages[i].mode, b.outages[i].mode) << text;
    EXPECT_EQ(a.outages[i].recovery, b.outages[i].recovery) << text;
  }
  EXPECT_EQ(a.majorities_lost, b.majorities_lost) << text;
  ASSERT_EQ(a.data_losses.size(), b.data_losses.size()) << text;
  for (std::size_t i = 0; i < a.data_losses.size(); ++i) EXPECT_EQ(a.data_losses[i].entries, b.data_losses[i].entries) << text;
}

struct Sums {
  Duration calm{0}, all{0};
  std::uint64_t changes = 0;   // Around a group.
  std::uint64_t absorbed = 0;  // Of them, those that it was never told.
};

// Every group's digest: role, term, vote, log, progress, last contacts, absolute deadlines, messages in flight with arrival instants.
void expect_equal_digests(const RandomWorld& random, std::uint64_t seed, Sums& sums) {
  Stage sleeping(in(Fidelity::sleep, random.options), seed), full(in(Fidelity::full, random.options), seed);
  const Instant horizon = Instant{} + random.options.horizon;
  for (const Instant t : random_instants(seed, random.options.horizon, 20)) {
    while (sleeping.upcoming.at < t) sums.changes += apply_next(sleeping);
    full.run_until(t);
    world::World woken = sleeping.world;  // The sleeper itself sleeps on.
    woken.advance(t);
    for (std::size_t g = 0; g < woken.groups(); ++g)
      ASSERT_EQ(woken.group(PartitionId{g}).digest(), full.world.group(PartitionId{g}).digest())
          << random.text << "; group " << g << " at " << seconds(t - Instant{}) << " s";
  }
  sleeping.run_until(horizon);
  full.run_until(horizon);
  const Record slept = sleeping.world.finish(horizon, sleeping.timeline.faults()), ran = full.world.finish(horizon, full.timeline.faults());
  expect_same_story(slept, ran, random.text);
  EXPECT_LE(slept.events, ran.events) << random.text;
  sums.calm += slept.calm_time;
  sums.all += slept.group_time;
  sums.absorbed += slept.absorbed;
}

TEST(Sleep, ADigestAtAnyInstantEqualsThatOfTheWorldThatNeverSlept) {
  Sums sums;
  const std::uint64_t count = seeds(2000);
  for (std::uint64_t seed = 0; seed < count && !HasFailure(); ++seed) expect_equal_digests(random_world(seed), seed, sums);
  // A test of sleeping that never sleeps would prove nothing.
  EXPECT_GT(seconds(sums.calm), 0.3 * seconds(sums.all));
  EXPECT_GT(sums.absorbed, sums.changes / 50);
  RecordProperty("calm_share", std::to_string(seconds(sums.calm) / seconds(sums.all)));
}

RandomWorld far_apart(std::uint64_t seed) {
  RandomWorld random = random_world(seed);
  for (failure::Mode& mode : random.options.modes) mode.up_time.a *= 10;
  random.options.horizon = 1000s;
  random.text += ", ten times as far apart";
  return random;
}

// Far apart enough that most changes are over, and forgotten, before the next one comes.
TEST(Sleep, WhatAGroupIsNotToldOfLeavesNoTrace) {
  Sums sums;
  const std::uint64_t count = seeds(200);
  for (std::uint64_t seed = 0; seed < count && !HasFailure(); ++seed) expect_equal_digests(far_apart(seed), seed, sums);
  EXPECT_GT(sums.absorbed, sums.changes / 6);
  RecordProperty("absorbed_share", std::to_string(static_cast<double>(sums.absorbed) / static_cast<double>(sums.changes)));
}

// A group without its data, or whose disk hangs, stays awake; slow disks it sleeps over.
TEST(Sleep, DisksThatFailLeaveADigestThatEqualsTheOneThatNeverSlept) {
  Sums sums;
  const std::uint64_t count = seeds(1000);
  for (std::uint64_t seed = 0; seed < count && !HasFailure(); ++seed) {
    RandomWorld random = random_world(seed);
    testing_worlds::let_disks_fail(random, seed);
    expect_equal_digests(random, seed, sums);
  }
  EXPECT_GT(seconds(sums.calm), 0.1 * seconds(sums.all));
  RecordProperty("calm_share", std::to_string(seconds(sums.calm) / seconds(sums.all)));
}

// Groups that fall silent, are woken, and hear that their leader is gone.
TEST(Sleep, SilenceAndWhatEndsItAreTheSameForTheSleeper) {
  Sums sums;
  const std::uint64_t count = seeds(1000);
  for (std::uint64_t seed = 0; seed < count && !HasFailure(); ++seed) expect_equal_digests(silent_world(seed), seed, sums);
  EXPECT_GT(seconds(sums.calm), 0.3 * seconds(sums.all));
  RecordProperty("calm_share", std::to_string(seconds(sums.calm) / seconds(sums.all)));
}

// What came late to a follower that is still writing it is answered later than what is looked at for losses: nobody may sleep on that.
TEST(Sleep, AnswersThatWaitForADiskMayBeLostToo) {
  Sums sums;
  expect_equal_digests(far_apart(358), 358, sums);
}

void expect_equal_digests_in(std::initializer_list<std::uint64_t> seeds_once_wrong) {
  Sums sums;
  for (const std::uint64_t seed : seeds_once_wrong) expect_equal_digests(random_world(seed), seed, sums);
}

// A member that cannot reach its leader kept the refusal of a voter that had just come back and knew no leader; at the next poll that voter
// trusts the leader and is silent.
TEST(Sleep, RefusalsInAPollAreThoseOfWhoAnswersNow) { expect_equal_digests_in({12631}); }

// etcd: while an append is late, each answer to a heartbeat brings on an empty append of the same slot, as late as the first, and so do their
// answers: the exchange of one proposal outlasted the look-back window.
TEST(Sleep, AppendsThatAnswersBringOnAreLateWithTheOneThatWasLost) {
  expect_equal_digests_in({2469, 2703, 4768, 4843, 11373, 11614, 12393, 13639, 14617});
}

// etcd, no losses: where an exchange is longer than proposals are apart, its empty appends hold up what comes after them, for ever.
TEST(Sleep, AppendsThatAnswersBringOnAreOverBeforeTheNextProposal) { expect_equal_digests_in({14813}); }

// Kafka: a leader that stood still answers the fetches that wait; its next heartbeat was due a millisecond later, before anybody fetched again.
TEST(Sleep, AHeartbeatRightAfterALateOneAnswersNoFetch) { expect_equal_digests_in({2725}); }

TEST(Sleep, TheWindowForgetsWhichOfThePossibleStatesAJumpAssumed) {
  for (std::uint64_t seed = 0; seed < seeds(400); ++seed) {
    const RandomWorld random = random_world(seed);
    Stage early(random.options, seed), late(random.options, seed);
    for (std::size_t g = 0; g < early.world.groups(); ++g) early.world.group(PartitionId{g}).jump_to_edge(raft::Core::Edge::earliest);
    for (const Instant t : random_instants(seed, random.options.horizon, 20)) {
      early.run_until(t);
      late.run_until(t);
      for (std::size_t g = 0; g < early.world.groups(); ++g)
        ASSERT_EQ(early.world.group(PartitionId{g}).digest(), late.world.group(PartitionId{g}).digest())
            << random.text << "; group " << g << " at " << seconds(t - Instant{}) << " s";
    }
  }
}

// A thousand years under the failure rates of real clusters, as ten worlds of a hundred years; woken 200 times each for no reason.
TEST(Sleep, BeingWokenForNoReasonChangesNothingInAThousandYears) {
  for (std::uint64_t replication = 0; replication < 10; ++replication) {
    world::Options options =
        testing_worlds::cluster(9, 3, 2, 3, replication % 2 == 0 ? testing_worlds::zeebe() : testing_worlds::etcd(raft::PreVote::freshness));
    options.modes = {testing_worlds::exponential_mode("node", failure::Scope::node, failure::Effect::stop, std::chrono::hours{720}, std::chrono::hours{1}),
                     testing_worlds::exponential_mode("zone", failure::Scope::zone, failure::Effect::stop, std::chrono::hours{8766}, std::chrono::hours{4}),
                     testing_worlds::exponential_mode("pause", failure::Scope::broker, failure::Effect::pause, std::chrono::hours{168}, 1s)};
    options.horizon = 100 * year;
    Stage left_alone(options, 7, replication), woken(options, 7, replication);
    const Instant horizon = Instant{} + options.horizon;
    left_alone.run_until(horizon);
    EXPECT_GT(left_alone.world.group(PartitionId{0u}).absorbed(), 5000u);
    for (const Instant t : random_instants(replication, options.horizon, 200)) woken.run_until(t);
    woken.run_until(horizon);
    const Record a = left_alone.world.finish(horizon, left_alone.timeline.faults()), b = woken.world.finish(horizon, woken.timeline.faults());
    EXPECT_GT(a.outages.size(), 1000u);
    EXPECT_GT(b.wakes, a.wakes);
    expect_same_story(a, b, "replication " + std::to_string(replication));
  }
}

TEST(Sleep, ACopyTakenMidRunContinuesIdentically) {
  for (std::uint64_t seed = 0; seed < seeds(500); ++seed) {
    const RandomWorld random = random_world(seed);
    Stage original(random.options, seed);
    const Instant middle = random_instants(seed, random.options.horizon, 1).front(), horizon = Instant{} + random.options.horizon;
    original.run_until(middle);
    Stage copy = original;
    original.run_until(horizon);
    copy.run_until(horizon);
    ASSERT_EQ(original.world.digest(), copy.world.digest()) << random.text;
    const Record a = original.world.finish(horizon, original.timeline.faults()), b = copy.world.finish(horizon, copy.timeline.faults());
    ASSERT_EQ(a.trace, b.trace) << random.text;
    expect_same_story(a, b, random.text);
  }
}

}  // namespace sleep_test
}  // namespace nines
