// Which changes a calm group is not told of, and that it is then the group that was told of everything.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/worlds.hpp"

namespace nines::world {
namespace absorb_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::jittered_delay;
using testing_worlds::raft_paper;
using testing_worlds::scripted;
using testing_worlds::seed_led_by;
using testing_worlds::Stage;
using testing_worlds::zeebe;

Options calm_group(const raft::Profile& profile, std::size_t members, std::vector<failure::ScriptedFault> script) {
  Options o = cluster(members, members, 1, members, profile);
  o.topology.same_region = jittered_delay(700us);
  o.script = std::move(script);
  o.horizon = 1000s;
  return o;
}

struct Told {
  std::uint64_t absorbed = 0;  // By 1000 s, nothing having been looked at before.
  std::vector<Outage> outages;
};

// Runs it asleep and awake; they must agree whenever one looks. Member 0 leads at the start.
Told run_both_ways(Options o) {
  const std::uint64_t seed = seed_led_by(o, 0);
  Options awake = o;
  awake.fidelity = Fidelity::full;
  Stage sleeping(o, seed), full(awake, seed);
  for (const Duration t : {100s, 101s, 104s, 110s, 150s, 200s, 203s, 300s, 301s, 400s, 500s, 700s, 1000s}) {
    for (; sleeping.upcoming.at < at(t); sleeping.upcoming = sleeping.timeline.next(Instant{})) sleeping.world.apply(sleeping.upcoming);
    full.run_until(at(t));
    World woken = sleeping.world;
    woken.advance(at(t));
    EXPECT_EQ(woken.digest(), full.world.digest()) << o.clusters[0].profile.name << " at " << seconds(t);
  }
  const Record slept = sleeping.world.finish(at(1000s), 0), ran = full.world.finish(at(1000s), 0);
  EXPECT_EQ(slept.history, ran.history);
  EXPECT_EQ(ran.absorbed, 0u);
  return {slept.absorbed, slept.outages};
}

const std::vector<raft::Profile>& profiles() {
  static const std::vector<raft::Profile> all{zeebe(), etcd(raft::PreVote::off), etcd(raft::PreVote::freshness), raft_paper()};
  return all;
}

// Its ticks come at another phase afterwards, and where timeouts are drawn per term it waits by another one.
TEST(Absorb, AFollowersLossAndReturnWakesNobody) {
  for (const raft::Profile& profile : profiles()) {
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, {scripted(100s, "stop", {"b1"}, 50s)})).absorbed, 2u) << profile.name;
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, {scripted(100s, "stop", {"b1"}, 10ms)})).absorbed, 2u) << profile.name;
  }
}

TEST(Absorb, AFollowersLossIsToldWhenTheLeaderIsLostMeanwhile) {
  for (const raft::Profile& profile : profiles()) {
    const Told told = run_both_ways(calm_group(profile, 5, {scripted(100s, "stop", {"b1"}, 300s), scripted(200s, "stop", {"b0"}, 20s)}));
    EXPECT_EQ(told.absorbed, 0u) << profile.name;
    ASSERT_EQ(told.outages.size(), 1u) << profile.name;
    EXPECT_EQ(told.outages[0].start, at(200s));
  }
}

TEST(Absorb, ATimeoutDrawnAtAReturnDecidesTheNextElection) {
  const auto unseated_after = [](const raft::Profile& profile, std::vector<failure::ScriptedFault> before) {
    before.push_back(scripted(200s, "stop", {"b0"}, 20s));
    return run_both_ways(calm_group(profile, 3, before));
  };
  for (const raft::Profile& profile : profiles()) {
    const Told told = unseated_after(profile, {scripted(100s, "stop", {"b1"}, 3s), scripted(130s, "stop", {"b2"}, 40ms)});
    EXPECT_EQ(told.absorbed, 4u) << profile.name;
    EXPECT_EQ(told.outages.size(), 1u) << profile.name;
  }
}

TEST(Absorb, LosingTheQuorumOrTheLeaderIsTold) {
  for (const raft::Profile& profile : profiles()) {
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, {scripted(100s, "stop", {"b0"}, 50s)})).absorbed, 0u) << profile.name;
    EXPECT_EQ(run_both_ways(calm_group(profile, 2, {scripted(100s, "stop", {"b1"}, 50s)})).absorbed, 0u) << profile.name;
    EXPECT_EQ(run_both_ways(calm_group(profile, 1, {scripted(100s, "stop", {"b0"}, 50s)})).absorbed, 0u) << profile.name;
  }
}

TEST(Absorb, ASecondFollowersLossIsToldWhereItCostsTheQuorum) {
  const std::vector<failure::ScriptedFault> script{scripted(100s, "stop", {"b1"}, 300s), scripted(200s, "stop", {"b2"}, 100s)};
  for (const raft::Profile& profile : profiles()) {
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, script)).absorbed, 0u) << profile.name;
    EXPECT_EQ(run_both_ways(calm_group(profile, 5, script)).absorbed, 4u) << profile.name;
  }
}

// Who went while the group was not calm has missed an election, and what it brings back is looked at.
TEST(Absorb, TheReturnOfALostLeaderIsTold) {
  const Told told = run_both_ways(calm_group(zeebe(), 3, {scripted(100s, "stop", {"b0"}, 100s), scripted(150s, "pause", {"b1"}, 1s)}));
  EXPECT_EQ(told.absorbed, 2u) << "the pause alone";
}

TEST(Absorb, ALeadersShortPauseIsAnOutageAndNothingElse) {
  for (const raft::Profile& profile : profiles()) {
    const Duration brief = profile.election_timeout / 5;
    const Told told = run_both_ways(calm_group(profile, 3, {scripted(100s, "pause", {"b0"}, brief), scripted(200s, "stop", {"b1"}, 50s)}));
    EXPECT_EQ(told.absorbed, 4u) << profile.name;
    ASSERT_EQ(told.outages.size(), 1u) << profile.name;
    EXPECT_EQ(told.outages[0].phase, Phase::pause);
    EXPECT_EQ(told.outages[0].start, at(100s));
    EXPECT_EQ(told.outages[0].end, at(100s + brief));
    EXPECT_EQ(told.outages[0].mode, 0);
  }
}

TEST(Absorb, APauseThatATimerCouldFeelIsTold) {
  for (const raft::Profile& profile : profiles()) {
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, {scripted(100s, "pause", {"b0"}, profile.election_timeout)})).absorbed, 0u) << profile.name;
    EXPECT_EQ(run_both_ways(calm_group(profile, 1, {scripted(100s, "pause", {"b0"}, profile.election_timeout / 5)})).absorbed, 2u) << profile.name;
  }
}

TEST(Absorb, AFollowersLongPauseIsToldOnlyWhereItsTimerRunsFirst) {
  for (raft::Profile profile : profiles()) {
    profile.after_pause = raft::AfterPause::messages_first;
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, {scripted(100s, "pause", {"b1"}, 30s)})).absorbed, 2u) << profile.name;
    profile.after_pause = raft::AfterPause::timers_first;
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, {scripted(100s, "pause", {"b1"}, 30s)})).absorbed, 0u) << profile.name;
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, {scripted(100s, "pause", {"b1"}, profile.election_timeout / 5)})).absorbed, 2u) << profile.name;
  }
}

TEST(Absorb, WhatFollowsTooSoonIsToldWithWhatItFollows) {
  for (const raft::Profile& profile : profiles()) {
    const std::vector<failure::ScriptedFault> script{scripted(100s, "stop", {"b1"}, 10ms), scripted(100s + 20ms, "stop", {"b2"}, 10ms)};
    EXPECT_EQ(run_both_ways(calm_group(profile, 3, script)).absorbed, 0u) << profile.name;
  }
}

TEST(Absorb, UnderLoadWhatALeaderMissedWhileItStoodStillIsNotInTheLog) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::freshness)}) {
    Options o = calm_group(profile, 3, {scripted(100s, "pause", {"b0"}, profile.election_timeout / 5), scripted(200s, "stop", {"b1"}, 50s)});
    o.clusters[0].load = {20, 100};
    EXPECT_EQ(run_both_ways(o).absorbed, 4u) << profile.name;
  }
}

// Its heartbeats wait for the answers to what was sent to it, and its timer may run first.
TEST(Absorb, UnderLoadAShortLossIsTold) {
  Options o = calm_group(zeebe(), 3, {scripted(100s, "stop", {"b1"}, 1s)});
  o.clusters[0].load = {20, 100};
  EXPECT_EQ(run_both_ways(o).absorbed, 0u);
}

TEST(Absorb, GroupsThatLosePacketsAreToldEverything) {
  Options o = calm_group(zeebe(), 3, {scripted(100s, "stop", {"b1"}, 50s)});
  o.topology.same_region.loss = 0.01;
  EXPECT_EQ(run_both_ways(o).absorbed, 0u);
}

// --- Hopeless groups ---

TEST(Hopeless, ALonelySurvivorsPollsAreCountedAndNotRun) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::freshness)}) {
    Options o = calm_group(profile, 3, {scripted(100s, "stop", {"b0"}, 500s), scripted(101s, "stop", {"b1"}, 500s)});
    EXPECT_EQ(run_both_ways(o).outages.back().phase, Phase::quorum);
    o.horizon = 600s;
    const Record slept = simulate(o, 1, 0);
    o.horizon = 200s;
    const Record sooner = simulate(o, 1, 0);
    EXPECT_LE(slept.events, sooner.events + 10) << profile.name;
  }
}

}  // namespace absorb_test
}  // namespace nines::world
