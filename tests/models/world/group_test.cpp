// A group in its surroundings: pauses, disks, orderly stops, and what a return does to a leader in office.
#include <gtest/gtest.h>

#include "tests/support/worlds.hpp"

namespace nines::world {
namespace group_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::raft_paper;
using testing_worlds::scripted;
using testing_worlds::seed_led_by;
using testing_worlds::Stage;
using testing_worlds::without_delays;
using testing_worlds::zeebe;

Options three(const raft::Profile& profile) {
  Options o = cluster(3, 3, 1, 3, profile);
  o.fidelity = Fidelity::full;
  o.horizon = 60s;
  return o;
}

const Group& group(const Stage& stage) { return stage.world.group(PartitionId{0u}); }

// --- Pauses ---

// What arrived while the process stood still is read first, so its leader's heartbeats are heard before the timer.
TEST(Pause, WithMessagesFirstAFollowerHearsItsLeaderBeforeItsTimerRuns) {
  for (const raft::AfterPause order : {raft::AfterPause::messages_first, raft::AfterPause::timers_first}) {
    raft::Profile profile = zeebe();
    profile.pre_vote = raft::PreVote::off;
    profile.after_pause = order;
    Options o = three(profile);
    o.script = {scripted(10s, "pause", {"b1"}, 8s)};  // Longer than its patience: 2.5 s and once more for its priority.
    Stage stage(o, seed_led_by(o, 0));
    stage.run_until(at(17s));
    EXPECT_EQ(group(stage).core(1).role(), raft::Role::follower) << "it stands still";
    stage.run_until(at(18s) + 1ns);
    stage.run_until(at(30s));
    const bool unseated = group(stage).core(0).term() > 1;
    EXPECT_EQ(unseated, false) << "a lower priority waits once more, and hears its leader meanwhile";
    o.clusters[0].profile.priority_election = false;
    Stage impatient(o, seed_led_by(o, 0));
    impatient.run_until(at(30s));
    EXPECT_EQ(group(impatient).core(0).term() > 1, order == raft::AfterPause::timers_first);
  }
}

TEST(Pause, MessagesAreHeldAndNotLost) {
  Options o = three(zeebe());
  o.clusters[0].load = {20, 100};
  o.script = {scripted(10s, "pause", {"b1"}, 200ms)};
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(10s));
  const raft::Index before = group(stage).core(1).log().last_index();
  stage.run_until(at(10199ms));
  EXPECT_EQ(group(stage).core(1).log().last_index(), before);
  stage.run_until(at(10200ms) + 1ns);
  EXPECT_GE(group(stage).core(1).log().last_index(), before + 3) << "20 a second for 0.2 s";
  EXPECT_FALSE(group(stage).core(0).progress(1).probing);
}

TEST(Pause, EndsWithACrashAndTheHeldMessagesAreGone) {
  Options o = three(zeebe());
  o.clusters[0].load = {20, 100};
  o.script = {scripted(10s, "pause", {"b1"}, 2s), scripted(11s, "stop", {"b1"}, 500ms)};
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(10s));
  const raft::Index before = group(stage).core(1).log().last_index();
  stage.run_until(at(11600ms));
  EXPECT_LE(group(stage).core(1).log().last_index(), before + 1) << "back, and standing still again";
  stage.run_until(at(20s));
  EXPECT_GT(group(stage).core(1).log().last_index(), before + 100) << "and it catches up";
}

TEST(Pause, OfALeaderBeyondEverybodysPatienceCostsItItsOffice) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::freshness), raft_paper()}) {
    Options o = three(profile);
    const std::uint64_t seed = seed_led_by(o, 0);
    o.script = {scripted(10s, "pause", {"b0"}, 20s)};
    Stage stage(o, seed);
    stage.run_until(at(29s));
    EXPECT_TRUE(group(stage).writable()) << profile.name;
    EXPECT_NE(group(stage).writer(), 0) << profile.name;
    stage.run_until(at(35s));
    EXPECT_NE(group(stage).core(0).role(), raft::Role::leader) << profile.name;
    EXPECT_EQ(group(stage).core(0).term(), group(stage).core(group(stage).writer()).term()) << profile.name;
  }
}

// --- Disks ---

TEST(Disk, ARestartForgetsWhatWasNotFlushed) {
  Options o = three(etcd(raft::PreVote::freshness));
  for (Broker& b : o.brokers) b.flush = Law::fixed(20ms);
  o.clusters[0].load = {20, 100};
  const std::uint64_t seed = seed_led_by(o, 0);
  Stage probe(o, seed);
  Instant t = at(10s);
  const auto unflushed = [&] { return group(probe).core(1).log().last_index() > group(probe).core(1).durable(); };
  for (probe.run_until(t); !unflushed(); probe.run_until(t)) t += 1ms;
  const raft::Index on_disk = group(probe).core(1).durable();
  o.script = {scripted(t - Instant{}, "stop", {"b1"}, 100ms)};
  Stage stage(o, seed);
  stage.run_until(t + 100ms);
  EXPECT_GT(group(stage).core(1).log().last_index(), on_disk);
  stage.run_until(t + 100ms + 1ns);
  EXPECT_EQ(group(stage).core(1).log().last_index(), on_disk);
  stage.run_until(t + 5s);
  EXPECT_GT(group(stage).core(1).commit(), on_disk + 50) << "the leader sends it again";
}

TEST(Disk, AFlushDelaysTheCommit) {
  for (const Duration flush : {0ms, 5ms}) {
    Options o = three(zeebe());
    without_delays(o);
    for (Broker& b : o.brokers) b.flush = Law::fixed(flush);
    o.clusters[0].load = {1, 100};
    Stage stage(o, 1);
    stage.run_until(at(10s));
    const raft::Member leader = group(stage).writer();
    const raft::Index last = group(stage).core(leader).log().last_index();
    Instant t = at(10s);
    for (; group(stage).core(leader).log().last_index() == last; stage.run_until(t)) t += 100us;
    const Instant appended = t;
    for (; group(stage).core(leader).commit() == last; stage.run_until(t)) t += 100us;
    // The follower's flush, and then the leader's own.
    EXPECT_NEAR(seconds(t - appended), seconds(2 * flush), 2e-4);
  }
}

// --- Links ---

TEST(Link, ANarrowOneDelaysAnAppendByItsSize) {
  for (const double bytes_per_s : {0.0, 1e6}) {
    Options o = three(zeebe());
    without_delays(o);
    o.topology.same_region.bandwidth_bytes_per_s = bytes_per_s;
    o.clusters[0].load = {1, 10'000};
    Stage stage(o, 1);
    stage.run_until(at(10s));
    const raft::Member leader = group(stage).writer();
    const raft::Index last = group(stage).core(leader).log().last_index();
    Instant t = at(10s);
    for (; group(stage).core(leader).log().last_index() == last; stage.run_until(t)) t += 100us;
    const Instant appended = t;
    for (; group(stage).core(leader).commit() == last; stage.run_until(t)) t += 100us;
    EXPECT_NEAR(seconds(t - appended), bytes_per_s > 0 ? 0.01 : 0, 2e-4) << "10 kB at 1 MB/s";
  }
}

// A hundred times what the link takes goes over it a batch at a time, as fast as it can, and the log stays a function of time.
TEST(Link, AnOverloadedOneIsKeptBusyAndNotSwamped) {
  Options o = three(zeebe());
  o.topology.same_region.bandwidth_bytes_per_s = 1e5;
  o.clusters[0].load = {10'000, 1'000};
  Stage stage(o, 1);
  stage.run_until(at(60s));
  const raft::Core& leader = group(stage).core(group(stage).writer());
  const raft::Core& follower = group(stage).core(group(stage).writer() == 0 ? 1 : 0);
  EXPECT_TRUE(group(stage).outages().empty());
  EXPECT_LE(leader.log().last_index() - follower.log().last_index(), 2 * stage.plan->groups[0].arrival_entries);
}

// Ten resends of TCP would last 204.6 s, with everything behind the lost packet waiting; a new connection is there after 15 s.
TEST(Link, AConnectionThatHearsNothingIsGivenUp) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Options o = three(zeebe());
    o.horizon = 200s;
    o.modes = {testing_worlds::exponential_mode("storm", failure::Scope::cluster, failure::Effect::lossy, year, 1s)};
    o.modes[0].loss = 0.98;
    o.script = {scripted(10s, "storm", {o.clusters[0].name}, 50s)};
    Stage stage(o, seed);
    stage.run_until(at(60s + reconnect_after + 20s));
    const raft::Member writer = group(stage).writer();
    ASSERT_NE(writer, raft::nobody) << "seed " << seed;
    for (raft::Member m = 0; m < 3; ++m) EXPECT_EQ(group(stage).core(m).leader(), writer) << "seed " << seed;
  }
}

// --- Orderly stops ---

TEST(PlannedStop, WithATransferNobodyWaitsForAnElection) {
  Options o = three(etcd(raft::PreVote::freshness));
  const std::uint64_t seed = seed_led_by(o, 0);
  o.script = {scripted(10s, "planned-stop", {"b0"}, 30s)};
  Stage stage(o, seed);
  stage.run_until(at(10s + 20ms));
  EXPECT_TRUE(group(stage).writable());
  EXPECT_NE(group(stage).writer(), 0) << "it has handed over and runs on until it stops";
  EXPECT_TRUE(has(group(stage).around().alive, 0));
  stage.run_until(at(10s + failure::notice + 1ms));
  EXPECT_FALSE(has(group(stage).around().alive, 0));
  EXPECT_TRUE(group(stage).writable());
  for (const Outage& outage : group(stage).outages()) EXPECT_LE(outage.end - outage.start, 20ms);
}

// camunda issue 13708: a graceful stop costs an election, like a crash.
TEST(PlannedStop, WithoutATransferItCostsAnElection) {
  Options o = three(zeebe());
  const std::uint64_t seed = seed_led_by(o, 0);
  o.script = {scripted(10s, "planned-stop", {"b0"}, 30s)};
  Stage stage(o, seed);
  stage.run_until(at(30s));
  ASSERT_EQ(group(stage).outages().size(), 1u);
  EXPECT_EQ(group(stage).outages()[0].start, at(10s + failure::notice));
  EXPECT_GT(group(stage).outages()[0].end, at(15s));
}

// --- What heals can hurt ---

// An isolated follower counts terms; when the cut heals, its term unseats the leader, unless it had to ask before it counted.
TEST(Healing, OfAnIsolatedFollowerUnseatsTheLeaderWithoutPreVoteAndNotWithIt) {
  struct Case {
    raft::Profile profile;
    bool unseats;
  };
  for (const Case& c : {Case{raft_paper(), true}, Case{etcd(raft::PreVote::off), true}, Case{etcd(raft::PreVote::freshness), false}}) {
    Options o = three(c.profile);
    o.script = {scripted(10s, "cut", {"n1"}, 20s)};
    Stage stage(o, seed_led_by(o, 0));
    stage.run_until(at(29s));
    EXPECT_EQ(group(stage).core(1).term() > 1, c.unseats) << c.profile.name;
    EXPECT_EQ(group(stage).core(0).term(), 1u) << c.profile.name;
    EXPECT_TRUE(group(stage).writable());
    stage.run_until(at(45s));
    EXPECT_EQ(group(stage).core(0).term() > 1, c.unseats) << c.profile.name;
    EXPECT_EQ(!group(stage).outages().empty(), c.unseats) << c.profile.name;
    EXPECT_TRUE(group(stage).writable()) << c.profile.name;
  }
}

// Zeebe's poll asks for the log alone: with nothing new in it a returning follower may take the office over, under load it may not (camunda issue 7175).
TEST(Healing, OfAZeebeFollowerUnderLoadLeavesTheLeaderInOffice) {
  Options o = three(zeebe());
  o.clusters[0].load = {20, 100};
  o.script = {scripted(10s, "cut", {"n1"}, 20s)};
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(45s));
  EXPECT_EQ(group(stage).core(0).term(), 1u);
  EXPECT_TRUE(group(stage).outages().empty());
  EXPECT_EQ(group(stage).core(1).role(), raft::Role::follower);
}

// The old leader wrote into its own log alone; what it could not replicate is replaced.
TEST(Healing, AnIsolatedLeadersOwnEntriesAreReplaced) {
  Options o = three(raft_paper());  // No check-quorum: it leads on alone.
  o.clusters[0].load = {20, 100};
  o.script = {scripted(10s, "cut", {"n0"}, 10s)};
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(20s));
  EXPECT_EQ(group(stage).core(0).role(), raft::Role::leader);
  EXPECT_GT(group(stage).core(1).term(), 1u);
  stage.run_until(at(25s));
  const raft::Member leader = group(stage).writer();
  ASSERT_NE(leader, raft::nobody);
  EXPECT_NE(leader, 0);
  EXPECT_EQ(group(stage).core(0).log().runs().size(), group(stage).core(leader).log().runs().size());
  for (std::size_t run = 0; run + 1 < group(stage).core(leader).log().runs().size(); ++run)
    EXPECT_EQ(group(stage).core(0).log().runs()[run], group(stage).core(leader).log().runs()[run]);
}

// A leader knows nothing of a member that was down when it was elected; it must not send it the whole log again.
TEST(Return, OfTheOldLeaderCostsAsManyAppendsAsItMissed) {
  Options o = three(zeebe());
  o.clusters[0].load = {20, 100};
  o.horizon = 2h;
  const std::uint64_t seed = seed_led_by(o, 0);
  o.script = {scripted(1h, "stop", {"b0"}, 60s)};
  Stage stage(o, seed);
  stage.run_until(at(1h + 59s));
  const std::uint64_t before = group(stage).events();
  stage.run_until(at(1h + 70s));
  EXPECT_EQ(group(stage).core(0).log().last_term(), group(stage).core(1).log().last_term());
  EXPECT_LT(group(stage).events() - before, 4000u) << "eleven seconds of load and some 1200 entries of a minute, not 72000 of an hour";
}

// --- A connection ---

// RFC 6298: what was lost is sent again after a time-out that doubles; what was sent to a process that died is gone with its connection.
TEST(Connection, ARestartedProcessDoesNotWaitForWhatItsFormerConnectionResends) {
  failure::Mode gray = testing_worlds::exponential_mode("gray", failure::Scope::node, failure::Effect::lossy, std::chrono::hours{8766}, 1s);
  gray.loss = 0.9;
  Options o = three(zeebe());
  o.modes = {gray};
  o.script = {scripted(10s, "gray", {"n1"}, 5s), scripted(15s, "stop", {"b1"}, 1s)};
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    Stage stage(o, seed);
    stage.run_until(at(15s + 900ms));
    const raft::Member leader = group(stage).writer();
    if (leader == raft::nobody || leader == 1) continue;
    stage.run_until(at(16s + 600ms));
    if (group(stage).writer() != leader) continue;
    EXPECT_EQ(group(stage).core(1).leader(), leader) << "seed " << seed << ": two heartbeats were sent to it since it is back";
  }
}

// --- Requests and orders from outside, one by one ---

TEST(Request, IsTakenByTheLeaderOnlyAndCommittedByTheQuorum) {
  const Options o = three(etcd(raft::PreVote::off));
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(2s));
  Group& g = stage.world.group(PartitionId{0u});
  const raft::Index before = g.core(0).log().last_index();
  EXPECT_EQ(g.propose(*stage.plan, at(2s), 1, 100, stage.world.scratch()), 0u);
  EXPECT_EQ(g.propose(*stage.plan, at(2s), 0, 100, stage.world.scratch()), before + 1);
  EXPECT_EQ(g.propose(*stage.plan, at(2s), 0, 100, stage.world.scratch()), before + 2);
  stage.run_until(at(2s) + 10ms);
  for (raft::Member m = 0; m < 3; ++m) EXPECT_EQ(g.core(m).commit(), before + 2);
}

TEST(HandOver, GoesToWhomItIsAskedFor) {
  const Options o = three(etcd(raft::PreVote::off));
  for (const raft::Member target : {raft::Member{1}, raft::Member{2}}) {
    Stage stage(o, seed_led_by(o, 0));
    stage.run_until(at(2s));
    Group& g = stage.world.group(PartitionId{0u});
    g.hand_over(*stage.plan, at(2s), 0, no_mode, stage.world.scratch(), target);
    EXPECT_EQ(g.propose(*stage.plan, at(2s), 0, 100, stage.world.scratch()), 0u) << "no requests meanwhile";
    stage.run_until(at(2s) + 20ms);
    EXPECT_EQ(g.writer(), target);
  }
}

}  // namespace group_test
}  // namespace nines::world
