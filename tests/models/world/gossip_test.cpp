// Silent groups, and the news that their leader is gone.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/worlds.hpp"

namespace nines::world {
namespace gossip_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::jittered_delay;
using testing_worlds::scripted;
using testing_worlds::seed_led_by;
using testing_worlds::Stage;
using testing_worlds::zeebe;

constexpr Duration told_after = 3s;

// Silent from about 1 s on. A wait of its timers, 1 to 1.9 s, is told from the news by its length.
raft::Profile silent() {
  raft::Profile p = etcd(raft::PreVote::freshness);
  p.name = "silent";
  p.quiesce_after = 500ms;
  p.leader_gone_after = told_after;
  return p;
}

Options group_of(std::size_t members, const raft::Profile& profile, std::vector<failure::ScriptedFault> script = {}) {
  Options o = cluster(members, members, 1, members, profile);
  o.fidelity = Fidelity::full;
  o.script = std::move(script);
  o.horizon = 1000s;
  return o;
}

const Group& group(const Stage& stage) { return stage.world.group(PartitionId{0u}); }

Stage led_by_0(const Options& options) { return Stage(options, seed_led_by(options, 0)); }

std::vector<Outage> outages(const Options& options) {
  Stage stage = led_by_0(options);
  stage.run_until(at(options.horizon));
  return stage.world.finish(at(options.horizon), 0).outages;
}

bool silent_but_for(const Group& g, Members others) {
  for (raft::Member m = 0; m < count(g.around().alive | others); ++m)
    if (!has(others, m) && !g.core(m).quiescent()) return false;
  return true;
}

// --- Silence ---

TEST(Silence, ASilentGroupExecutesNoEventInAYear) {
  for (const Fidelity fidelity : {Fidelity::full, Fidelity::sleep}) {
    Options o = group_of(3, silent());
    o.fidelity = fidelity;
    Stage stage(o);
    stage.run_until(at(10s));
    EXPECT_TRUE(silent_but_for(group(stage), 0));
    const std::uint64_t before = group(stage).events();
    stage.run_until(at(year));
    EXPECT_EQ(group(stage).events(), before);
    EXPECT_EQ(group(stage).next().at, never);
    EXPECT_TRUE(group(stage).writable());
  }
}

TEST(Silence, IsTimeAsleepOnlyForWhoMaySleep) {
  Options o = group_of(3, silent());
  for (const Fidelity fidelity : {Fidelity::full, Fidelity::sleep}) {
    o.fidelity = fidelity;
    Stage stage(o);
    stage.run_until(at(1000s));
    EXPECT_EQ(group(stage).calm_time() > 990s, fidelity == Fidelity::sleep);
  }
}

TEST(Silence, AProposalEndsItAndItReturns) {
  Stage stage(group_of(3, silent()));
  stage.run_until(at(10s));
  Group& g = stage.world.group(PartitionId{0u});
  const raft::Member leader = g.writer();
  ASSERT_NE(g.propose(*stage.plan, at(10s), leader, 100, stage.world.scratch()), 0u);
  stage.run_until(at(10400ms));
  for (raft::Member m = 0; m < 3; ++m) {
    EXPECT_FALSE(g.core(m).quiescent()) << int{m};
    EXPECT_EQ(g.core(m).commit(), g.core(leader).log().last_index());
  }
  stage.run_until(at(12s));
  EXPECT_TRUE(silent_but_for(g, 0));
  EXPECT_EQ(g.core(leader).term(), 1u);
}

TEST(Silence, IsKeptBetweenProposalsThatAreFarApartAndNeverBetweenOthers) {
  for (const double rate : {0.2, 20.0}) {
    Options o = group_of(3, silent());
    o.clusters[0].load = {rate, 100};
    Stage stage(o);
    int seen = 0;
    for (Duration t = 20s; t < 30s; t += 100ms) {
      stage.run_until(at(t));
      seen += silent_but_for(group(stage), 0) ? 1 : 0;
    }
    EXPECT_EQ(seen > 60, rate < 1);
    EXPECT_EQ(seen == 0, rate > 1);
  }
}

// CockroachDB replica_raft_quiesce.go: nobody falls silent while a follower lacks something.
TEST(Silence, IsNotFallenIntoWhileAMemberIsMissingThatLacksSomething) {
  Options o = group_of(3, silent(), {scripted(100s, "stop", {"b0"}, 500s)});
  for (const Fidelity fidelity : {Fidelity::full, Fidelity::sleep}) {
    o.fidelity = fidelity;
    Stage stage = led_by_0(o);
    for (const Duration t : {200s, 300s, 599s}) {
      stage.run_until(at(t));
      EXPECT_TRUE(group(stage).writable());
      EXPECT_FALSE(group(stage).core(group(stage).writer()).quiescent()) << "the lost leader has not the new one's first entry";
    }
    stage.run_until(at(620s));
    EXPECT_TRUE(silent_but_for(group(stage), 0));
    EXPECT_EQ(group(stage).calm_time() > 550s, fidelity == Fidelity::sleep) << "awake, it is calm";
  }
}

TEST(Silence, AMemberThatIsMissingButLacksNothingDoesNotEndIt) {
  Stage stage = led_by_0(group_of(3, silent(), {scripted(100s, "stop", {"b1"}, 500s)}));
  stage.run_until(at(599s));
  EXPECT_TRUE(silent_but_for(group(stage), only(1)));
  EXPECT_EQ(group(stage).next().at, never);
}

// It knows no leader and asks; that wakes the others, and the leader's answer ends it.
TEST(Silence, AMemberThatComesBackWakesTheGroupOnce) {
  Stage stage = led_by_0(group_of(3, silent(), {scripted(100s, "stop", {"b1"}, 5s)}));
  stage.run_until(at(105500ms));
  EXPECT_TRUE(silent_but_for(group(stage), only(1)));
  EXPECT_FALSE(group(stage).core(1).quiescent());
  EXPECT_EQ(group(stage).core(1).leader(), raft::nobody);
  stage.run_until(at(115s));
  EXPECT_TRUE(silent_but_for(group(stage), 0));
  EXPECT_EQ(group(stage).writer(), 0);
  EXPECT_EQ(group(stage).core(1).leader(), 0);
  EXPECT_EQ(group(stage).core(0).term(), 1u);
  EXPECT_TRUE(stage.world.finish(at(115s), 0).outages.empty());
}

TEST(Silence, ALeaderHandsOverAlsoFromSilence) {
  failure::ScriptedFault stop = scripted(100s, "planned-stop", {"b0"}, 50s);
  const std::vector<Outage> found = outages(group_of(3, silent(), {stop}));
  for (const Outage& outage : found) EXPECT_LT(outage.end - outage.start, 100ms) << "nobody had to hear of it";
}

// --- Gossip ---

// At a member's first tick after the news; the second of two to be told is elected by the first, unless both ticks come at once.
TEST(Gossip, ASilentGroupReplacesALostLeaderWhenItIsToldAndNotBefore) {
  int lost = 0, at_once = 0;
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    Options o = group_of(3, silent(), {scripted(100s + from_seconds(0.017 * static_cast<double>(seed)), "stop", {"b0"}, 500s)});
    Stage stage(o, seed);
    if (group(stage).writer() != 0) continue;
    stage.run_until(at(o.horizon));
    const std::vector<Outage> found = stage.world.finish(at(o.horizon), 0).outages;
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].phase, Phase::election);
    const Duration lasted = found[0].end - found[0].start, tick = o.clusters[0].profile.tick;
    EXPECT_GE(lasted, told_after);
    EXPECT_LT(lasted, told_after + tick + 2 * o.clusters[0].profile.election_timeout);
    ++lost;
    at_once += lasted < told_after + tick + 10ms ? 1 : 0;
  }
  EXPECT_GT(lost, 40);
  EXPECT_GE(at_once, lost * 9 / 10);
}

TEST(Gossip, WithoutItASilentGroupMissesItsLeaderForAsLongAsItIsAway) {
  raft::Profile profile = silent();
  profile.leader_gone_after = 0s;
  const std::vector<Outage> found = outages(group_of(3, profile, {scripted(100s, "stop", {"b0"}, 500s)}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GT(found[0].end, at(600s));
}

// TiKV and CockroachDB: the news ends a silence; who is awake has a timer.
TEST(Gossip, WhereGroupsFallSilentWhoIsAwakeWaitsForItsOwnTimer) {
  raft::Profile profile = silent();
  profile.leader_gone_after = 100ms;
  Options o = group_of(3, profile, {scripted(100s, "stop", {"b0"}, 500s)});
  o.clusters[0].load = {20, 100};
  const std::vector<Outage> found = outages(o);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GE(found[0].end - found[0].start, 800ms);
}

// Zeebe FollowerRole.java, handleClusterEvent: whoever waits for the lost leader polls at once, whatever its priority.
TEST(Gossip, WhereNobodyFallsSilentItTellsEverybody) {
  raft::Profile profile = zeebe();
  profile.election_timeout = 10s;
  profile.leader_gone_after = told_after;
  const std::vector<Outage> found = outages(group_of(3, profile, {scripted(100s, "stop", {"b0"}, 500s)}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GE(found[0].end - found[0].start, told_after);
  EXPECT_LT(found[0].end - found[0].start, told_after + profile.vote_timeout_max + 1s) << "both poll, and may split the vote";
  EXPECT_LT(found[0].end - found[0].start, profile.election_timeout) << "sooner than any timer";
}

TEST(Gossip, SaysNothingOfALeaderThatIsBackInTime) {
  Options o = group_of(3, silent(), {scripted(100s, "stop", {"b0"}, told_after - 100ms)});
  Stage stage = led_by_0(o);
  stage.world.group(PartitionId{0u}).keep_roles(true);
  stage.run_until(at(110s));
  const std::vector<RoleChange>& roles = group(stage).roles();
  const auto first = std::find_if(roles.begin(), roles.end(), [](const RoleChange& c) { return c.at > at(100s) && c.role != raft::Role::follower; });
  ASSERT_NE(first, roles.end());
  EXPECT_EQ(first->member, 0) << "which asks because it has forgotten that it led";
  EXPECT_GT(first->at, at(100s + told_after + 500ms));
  stage.run_until(at(130s));
  EXPECT_TRUE(silent_but_for(group(stage), 0));
}

TEST(Gossip, CountsFromTheLastLossOfALeaderThatComesAndGoes) {
  const std::vector<Outage> found = outages(group_of(3, silent(), {scripted(100s, "stop", {"b0"}, 2s), scripted(102s + 500ms, "stop", {"b0"}, 500s)}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GE(found[0].end, at(102s + 500ms + told_after));
  EXPECT_LT(found[0].end, at(102s + 500ms + told_after + 200ms));
}

TEST(Gossip, APauseIsNoCrash) {
  Options o = group_of(3, silent(), {scripted(100s, "pause", {"b0"}, 60s)});
  Stage stage = led_by_0(o);
  stage.run_until(at(200s));
  EXPECT_EQ(group(stage).core(0).term(), 1u);
  EXPECT_EQ(group(stage).writer(), 0);
  const std::vector<Outage> found = stage.world.finish(at(200s), 0).outages;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].phase, Phase::pause);
  EXPECT_EQ(found[0].end, at(160s));
}

TEST(Gossip, WhoStandsStillHearsItWhenItMovesOn) {
  const std::vector<Outage> found =
      outages(group_of(3, silent(), {scripted(100s, "stop", {"b0"}, 500s), scripted(101s, "pause", {"b1"}, 30s), scripted(101s, "pause", {"b2"}, 30s)}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GE(found[0].end, at(131s));
  EXPECT_LT(found[0].end, at(131s + 4s)) << "both at once: they may split the vote";
}

// CockroachDB: a liveness record ends when its node reaches no majority. TiKV: a store is reported when its connections break.
TEST(Gossip, ALeaderThatIsCutOffIsGone) {
  const std::vector<Outage> found = outages(group_of(3, silent(), {scripted(100s, "cut", {"n0"}, 500s)}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GE(found[0].end - found[0].start, told_after);
  EXPECT_LT(found[0].end - found[0].start, told_after + 200ms);
}

// SWIM asks others to probe: who is reached by a third is there.
TEST(Gossip, ALeaderThatOthersReachIsNotGone) {
  Stage stage = led_by_0(group_of(3, silent(), {scripted(100s, "cut", {"b0", "b1"}, 500s)}));
  stage.run_until(at(599s));
  EXPECT_EQ(group(stage).around().reaches[0], 0b101);
  EXPECT_TRUE(silent_but_for(group(stage), 0));
  EXPECT_EQ(group(stage).core(0).term(), 1u);
  EXPECT_TRUE(group(stage).writable());
}

// The heartbeat that says "silent now" is on its way when its leader crashes.
TEST(Gossip, WhoFallsSilentByALateLastWordHearsThatItsLeaderIsGone) {
  Options o = group_of(3, silent());
  o.topology.same_region = testing_worlds::constant_delay(20ms);
  const std::uint64_t seed = seed_led_by(o, 0);
  Stage before(o, seed);
  Duration t = 10ms;
  for (; !group(before).core(0).quiescent(); t += 10ms) before.run_until(at(t));
  ASSERT_FALSE(group(before).core(1).quiescent() || group(before).core(2).quiescent());
  o.script = {scripted(t, "stop", {"b0"}, 500s)};
  Stage stage(o, seed);
  stage.run_until(at(t + 100ms));
  EXPECT_TRUE(silent_but_for(group(stage), only(0)));
  stage.run_until(at(o.horizon));
  const std::vector<Outage> found = stage.world.finish(at(o.horizon), 0).outages;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LT(found[0].end - found[0].start, told_after + 300ms);
}

TEST(Gossip, IsAnEventThatCanBeSeenCopiedAndTakenOneByOne) {
  Options o = group_of(3, silent(), {scripted(100s, "stop", {"b0"}, 500s)});
  Stage stage = led_by_0(o);
  stage.run_until(at(101s));
  const Group::Next next = group(stage).next();
  EXPECT_EQ(next.event, Group::Event::gossip);
  EXPECT_NE(next.member, 0);
  EXPECT_GE(next.at, at(100s + told_after));
  EXPECT_LT(next.at, at(100s + told_after + 100ms));
  Stage copy = stage;
  EXPECT_EQ(copy.world.digest(), stage.world.digest());
  Stage unaware = led_by_0(group_of(3, silent(), {scripted(100s, "stop", {"b0"}, 500s)}));
  unaware.run_until(at(100s));
  copy.run_until(at(120s));
  Group& g = stage.world.group(PartitionId{0u});
  g.advance_by_one(*stage.plan, stage.world.scratch());
  EXPECT_EQ(g.core(next.member).role(), raft::Role::pre_candidate);
  while (g.next().at < at(120s)) g.advance_by_one(*stage.plan, stage.world.scratch());
  stage.run_until(at(120s));
  EXPECT_EQ(copy.world.digest(), stage.world.digest());
  EXPECT_EQ(group(copy).history(), g.history());
}

// --- Asleep it is the same ---

struct Told {
  Duration asleep{0};
  std::uint64_t absorbed = 0;
};

// Runs it asleep and awake; they must agree at every tenth of a second.
Told run_both_ways(Options o, Duration until) {
  o.topology.same_region = jittered_delay(700us);
  Options awake = o;
  awake.fidelity = Fidelity::full;
  o.fidelity = Fidelity::sleep;
  const std::uint64_t seed = seed_led_by(o, 0);
  Stage sleeping(o, seed), full(awake, seed);
  for (Duration t = 0s; t < until; t += 100ms) {
    for (; sleeping.upcoming.at < at(t); sleeping.upcoming = sleeping.timeline.next(Instant{})) sleeping.world.apply(sleeping.upcoming);
    full.run_until(at(t));
    World woken = sleeping.world;
    woken.advance(at(t));
    EXPECT_EQ(woken.digest(), full.world.digest()) << seconds(t);
    if (woken.digest() != full.world.digest()) break;
  }
  const Record slept = sleeping.world.finish(at(until), 0), ran = full.world.finish(at(until), 0);
  EXPECT_EQ(slept.history, ran.history);
  return {slept.calm_time, slept.absorbed};
}

TEST(SilenceAsleep, BeginsAtTheSameHeartbeatAfterWhateverHappened) {
  for (const Duration t : {0ms, 300ms, 600ms, 900ms, 1200ms})
    for (const char* effect : {"stop", "pause"})
      for (const char* whom : {"b0", "b1"}) {
        Options o = group_of(3, silent(), {scripted(10s, "stop", {"b2"}, 5s), scripted(15s + 2s + t, effect, {whom}, 700ms)});
        run_both_ways(o, 40s);
      }
}

// A heartbeat every 100 ms for four fifths of what it takes to fall silent: a proposal lost on a leader that stood still leaves it idle for longer.
TEST(SilenceAsleep, ALeaderThatMissedAProposalMayFallSilentBeforeTheNext) {
  raft::Profile profile = silent();
  profile.quiesce_after = 2s;
  Options o = group_of(3, profile);
  o.clusters[0].load = {1 / 1.6, 100};
  for (const Duration pause : {150ms, 300ms, 600ms}) {
    o.script.clear();
    for (int i = 0; i < 12; ++i) o.script.push_back(scripted(20s + i * 10170ms, "pause", {"b0"}, pause));
    EXPECT_GT(run_both_ways(o, 150s).asleep, 50s);
  }
}

// Nobody answers, and it polls again and again; the first time it had not waited for its turn, and its target was the highest priority still.
TEST(SilenceAsleep, WhoPollsInVainBecauseItWasToldToDidNotWaitForItsTurnFirst) {
  raft::Profile profile = zeebe();
  profile.quiesce_after = 500ms;
  for (const Duration told : {7s, 8s, 9s, 10s}) {
    profile.leader_gone_after = told + 500ms;
    Options o = group_of(2, profile, {scripted(50800ms, "cut", {"b0", "b1"}, 60s)});
    o.clusters[0].load = {0.257, 100};  // The leader wakes, finds no quorum, and polls in vain while the other is told.
    run_both_ways(o, 110s);
  }
}

// The calm began between a pause that the group was told of and a second one that would have been absorbed.
TEST(SilenceAsleep, ALeaderThatMissedAProposalMayFallSilentAfterTheNextPause) {
  raft::Profile profile = silent();
  profile.quiesce_after = 3s;
  Options o = group_of(2, profile);
  o.clusters[0].load = {1 / 0.9, 100};
  for (int i = 0; i < 100; ++i) {
    o.script.push_back(scripted(20s + i * 7170ms, "pause", {"b0"}, 1400ms));
    o.script.push_back(scripted(20s + i * 7170ms + 1600ms + i * 7ms, "pause", {"b0"}, 150ms));
  }
  run_both_ways(o, 750s);
}

TEST(SilenceAsleep, UnderLoadTheCalmIsJumpedOverAndChangesAreAbsorbed) {
  raft::Profile profile = silent();
  profile.quiesce_after = 2s;
  Options o = group_of(3, profile, {scripted(20s, "pause", {"b0"}, 150ms), scripted(60s, "stop", {"b1"}, 20s)});
  o.clusters[0].load = {5, 100};
  const Told told = run_both_ways(o, 150s);
  EXPECT_GT(told.asleep, 120s);
  EXPECT_EQ(told.absorbed, 4u);
}

}  // namespace gossip_test
}  // namespace nines::world
