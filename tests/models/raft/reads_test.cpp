// Reads (Ongaro 2014, 6.4) and quiescence.
#include "models/raft/core.hpp"

#include <gtest/gtest.h>

#include "tests/models/raft/circle.hpp"

namespace nines::raft {
namespace reads_test {

using testing_worlds::raft_paper;

Profile reading(Reads reads) {
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  p.reads = reads;
  p.lease = 100ms;
  p.vote_lease = VoteLease::ignore;
  return p;
}

TEST(RaftReads, AreConfirmedByARoundOfHeartbeats) {
  Circle group(reading(Reads::heartbeat), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.step(0, Read{});
  EXPECT_EQ(group.reads_served(), 1u);
  group.cut_off(1);
  group.step(0, Read{});
  EXPECT_EQ(group.reads_served(), 2u) << "two of three are a majority";
  group.cut_off(2);
  group.step(0, Read{});
  group.step(0, Read{});
  EXPECT_EQ(group.reads_served(), 2u);
  EXPECT_EQ(group[0].reads_waiting(), 1u) << "the second waits for a round that begins after it";
}

// An old leader that has been replaced would answer with old values.
TEST(RaftReads, OfALeaderThatHasBeenReplacedAreNotServed) {
  Circle group(reading(Reads::heartbeat), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.cut_off(0);
  group.pass(300ms);
  group.campaign(1);
  ASSERT_EQ(group[1].role(), Role::leader);
  ASSERT_EQ(group[0].role(), Role::leader);
  group.step(0, Read{});
  EXPECT_EQ(group.reads_served(), 0u);
  group.heal();
  group.pass(100ms);
  EXPECT_EQ(group.reads_served(), 0u);
  EXPECT_EQ(group[0].role(), Role::follower);
}

TEST(RaftReads, OfALeaderThatKnowsNotWhatIsCommittedAreRefused) {
  Replica replica(reading(Reads::heartbeat));
  elect(replica);
  replica.does(Read{});
  EXPECT_TRUE(replica.out().now.empty());
  EXPECT_EQ(replica.out().reads_served, 0u);
}

// 6.4.1: no messages while the lease lasts; afterwards a round of heartbeats as ever.
// A round for reads goes out between two heartbeats; the lease must not count from the later one.
TEST(RaftReads, ALeaseNeverCountsFromLaterThanItsHeartbeat) {
  Profile p = reading(Reads::lease);
  Circle group(p, 3, voters({0, 1, 2}));
  group.campaign(0);
  const Instant elected = group.now();
  group.step(0, Read{});  // No heartbeat has been answered yet: a round of its own, at once.
  ASSERT_EQ(group.reads_served(), 1u);
  for (Member m = 1; m < 3; ++m) EXPECT_LE(group[0].progress(m).lease_from, elected);
}

TEST(RaftReads, WithinTheLeaseCostNoMessages) {
  Circle group(reading(Reads::lease), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.pass(80ms);
  const std::uint64_t beats = group.sent(Kind::heartbeat);
  group.step(0, Read{});
  EXPECT_EQ(group.reads_served(), 1u);
  EXPECT_EQ(group.sent(Kind::heartbeat), beats);
  group.cut_off(0);
  group.pass(110ms);
  group.step(0, Read{});
  EXPECT_EQ(group.reads_served(), 1u) << "the lease has run out and nobody answers";
}

Profile quiet() {
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  p.pre_vote = PreVote::freshness;
  p.quiesce_after = 300ms;
  return p;
}

// CockroachDB replica_raft_quiesce.go: nothing is sent and no timer runs, until somebody has something to say.
TEST(RaftQuiescence, AGroupWithNothingToDoFallsSilent) {
  Circle group(quiet(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.pass(1s);
  for (Member m = 0; m < 3; ++m) {
    EXPECT_TRUE(group[m].quiescent()) << int{m};
    EXPECT_EQ(group[m].deadline(), never);
  }
  const std::uint64_t beats = group.sent(Kind::heartbeat);
  group.pass(24h);
  EXPECT_EQ(group.sent(Kind::heartbeat), beats);
  group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), group[0].log().last_index());
  EXPECT_FALSE(group[0].quiescent());
  group.pass(200ms);
  EXPECT_GT(group.sent(Kind::heartbeat), beats);
  EXPECT_EQ(group.leader(), 0);
}

TEST(RaftQuiescence, NotWhileAFollowerLacksSomething) {
  Circle group(quiet(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.cut_off(2);
  group.step(0, Propose{});
  group.pass(2s);
  EXPECT_FALSE(group[0].quiescent());
}

// A follower that restarts knows no leader and asks; that wakes the leader, which answers with a heartbeat.
TEST(RaftQuiescence, ARestartedFollowerWakesTheGroup) {
  Circle group(quiet(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.pass(1s);
  group.restart(2);
  group.pass(2s);
  EXPECT_EQ(group.leader(), 0);
  EXPECT_EQ(group[2].leader(), 0);
}

// Nobody was asked for hours, so nobody answered: that is no reason to step down.
TEST(RaftQuiescence, ALeaderThatWakesLooksForItsQuorumFromThenOn) {
  Profile p = quiet();
  p.check_quorum = {300ms, 0ns};
  Circle group(p, 3, voters({0, 1, 2}));
  group.campaign(0);
  group.pass(2h);
  const Term before = group[0].term();
  group.step(0, Propose{});
  group.pass(2s);
  EXPECT_EQ(group.leader(), 0);
  EXPECT_EQ(group[0].term(), before);
}

// Nobody would ever notice: the store's liveness record, or gossip, has to tell.
TEST(RaftQuiescence, ALostLeaderIsReplacedWhenItIsKnownToBeGone) {
  Circle group(quiet(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.pass(1s);
  group.cut_off(0);
  group.pass(10s);
  EXPECT_EQ(group.leader(), 0);
  group.step(1, Campaign{});
  group.step(2, Campaign{});
  group.pass(1s);
  EXPECT_NE(group.leader(), 0);
}

// hashicorp/raft issue 503: heartbeats go on while the disk hangs, and nobody replaces a leader that can write nothing.
TEST(RaftHungDisk, StopsHeartbeatsOnlyWhereTheyComeFromTheSameThread) {
  for (const bool same_thread : {false, true}) {
    Profile p = raft_paper();
    p.hung_disk_stops_heartbeats = same_thread;
    Replica leader(p);
    elect(leader);
    leader.writes_all();
    leader.proposes();  // Its write never ends.
    std::size_t beats = 0;
    for (int beat = 0; beat < 20; ++beat) {
      leader.times_out();
      beats = of_kind(leader.out().now, Kind::heartbeat).size();
      leader.hears(heartbeat_ack(1, 1, 1, static_cast<std::uint64_t>(beat)));
    }
    EXPECT_EQ(beats, same_thread ? 0u : 2u);
  }
}

// Zeebe asks its disk once a quorum has the entries: until then it is not the disk that is waited for.
TEST(RaftHungDisk, IsNotTakenForHungBeforeItIsAskedToWrite) {
  for (const bool quorum : {false, true}) {
    Profile p = testing_worlds::zeebe();
    p.check_quorum = {};
    p.hung_disk_stops_heartbeats = true;
    Replica leader(p);
    elect(leader);
    leader.hears(append_ack(1, 1, 1));
    leader.proposes();
    leader.writes_all();  // What had a quorum; the new entry has none.
    if (quorum) leader.hears(append_ack(1, 1, 2));
    std::size_t beats = 0;
    for (int beat = 0; beat < 20; ++beat) {
      leader.times_out();
      beats = of_kind(leader.out().now, Kind::heartbeat).size();
    }
    EXPECT_EQ(beats > 0, !quorum);
  }
}

// --- Hand-over and rebalancing ---

TEST(RaftTransfer, GoesToWhomItIsMeantFor) {
  Circle group(raft_paper(), 5, voters({0, 1, 2, 3, 4}));
  group.campaign(0);
  group.step(0, HandOver{3});
  EXPECT_EQ(group.leader(), 3);
  group.step(3, HandOver{3});
  EXPECT_EQ(group.leader(), 3) << "to itself is nothing";
  group.step(3, HandOver{9});
  EXPECT_EQ(group.leader(), 3);
}

// Zeebe RaftPartition.stepDownIfNotPrimary, up to 8.9.
TEST(RaftTransfer, ALeaderThatIsNotTheFirstChoiceStepsDownWhenAsked) {
  Circle group(testing_worlds::zeebe(), 3, voters({0, 1, 2}));
  group.campaign(1);
  ASSERT_EQ(group.leader(), 1);
  group.step(1, StepDown{});
  EXPECT_EQ(group.leader(), nobody);
  group.pass(4s);
  EXPECT_EQ(group.leader(), 0);
  group.step(0, StepDown{});
  EXPECT_EQ(group.leader(), 0);
}

}  // namespace reads_test
}  // namespace nines::raft
