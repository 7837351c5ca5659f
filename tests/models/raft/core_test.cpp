// What survives a restart and a pause, and what a write on the disk vouches for.
#include "models/raft/core.hpp"

#include <gtest/gtest.h>

#include "tests/models/raft/replica.hpp"

namespace nines::raft {
namespace core_test {

using testing_worlds::etcd;
using testing_worlds::raft_paper;
using testing_worlds::zeebe;

Profile plain() {
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  return p;
}

// --- Restart: only what was durable ---

TEST(RaftRestart, TermAndVoteComeFromTheDisk) {
  Replica replica(plain());
  replica.hears(vote_request(1, 4));
  replica.writes();
  replica.restarts(at(1s));
  EXPECT_EQ(replica->term(), 4u);
  EXPECT_EQ(replica->voted_for(), 1);
  replica.hears(vote_request(2, 4));
  EXPECT_TRUE(replica.out().now[0].reject) << "a second vote in one term";
}

TEST(RaftRestart, AVoteThatWasNotOnDiskWasNeverGivenAndMayBeGivenAgain) {
  Replica replica(plain());
  replica.hears(vote_request(1, 4));
  replica.restarts(at(1s));
  EXPECT_EQ(replica->term(), 0u);
  EXPECT_EQ(replica->voted_for(), nobody);
  replica.hears(vote_request(2, 4));
  EXPECT_EQ(replica->voted_for(), 2);
}

TEST(RaftRestart, TheLogEndsWhereTheDiskEnds) {
  Replica replica(plain());
  replica.hears(append(1, 1, {}, 3, 1, 2));
  replica.writes();
  replica.hears(append(1, 1, {3, 1}, 5, 1, 3));
  EXPECT_EQ(replica->log().last_index(), 8u);
  EXPECT_EQ(replica->commit(), 3u);
  replica.restarts(at(1s));
  EXPECT_EQ(replica->log().last_index(), 3u);
  EXPECT_EQ(replica->commit(), 0u) << "the commit index is not kept";
  EXPECT_EQ(replica->leader(), nobody);
}

TEST(RaftRestart, ALeaderIsAFollowerAfterwards) {
  Replica replica(plain());
  elect(replica);
  replica.writes_all();
  replica.restarts(at(2s));
  EXPECT_EQ(replica->role(), Role::follower);
  EXPECT_FALSE(replica->committed_in_term());
  EXPECT_EQ(replica->deadline(), at(2s) + 150ms);
}

// A term that was only heard of is forgotten; that costs nothing, since nobody was told about it.
TEST(RaftRestart, ATermThatWasOnlyHeardOfIsForgotten) {
  Replica replica(plain());
  replica.hears(heartbeat(1, 9));
  replica.restarts(at(1s));
  EXPECT_EQ(replica->term(), 0u);
}

// An entry of the present term counts only where the term itself is on disk with it: a restart must not fall behind what it vouched for.
TEST(RaftRestart, WhatWasAcknowledgedInATermIsNotForgottenWithTheTerm) {
  Replica replica(plain());
  replica.hears(append(1, 1, {}, 2, 1));
  replica.writes();
  replica.hears(append(2, 5, {}, 2, 1));  // The same entries from a new leader: held, and the term is new.
  EXPECT_TRUE(replica.out().now.empty());
  EXPECT_TRUE(replica.out().persist);
  replica.writes();
  replica.restarts(at(1s));
  EXPECT_EQ(replica->term(), 5u);
}

// --- What a write vouches for ---

// etcd-io/raft testdata, async_storage_writes_append_aba_race: the same entries stand there again, but a write that takes them from the disk is still
// to come, and with a crash after it they would be gone.
TEST(RaftDisk, AWriteDoesNotVouchForEntriesThatWereReplacedAndCameBack) {
  Replica replica(plain());
  replica.hears(append(1, 1, {}, 3, 1));
  replica.hears(append(2, 2, {}, 3, 2));
  replica.hears(append(1, 3, {}, 3, 1));
  replica.writes();
  EXPECT_EQ(replica->durable(), 0u) << "the second write will take the entries of term 1 from the disk";
  replica.hears(heartbeat(1, 3, {3, 1}));
  EXPECT_EQ(replica.out().now[0].index, 0u);
  replica.writes();
  EXPECT_EQ(replica->durable(), 0u);
  replica.writes();
  EXPECT_EQ(replica->durable(), 3u);
}

// Whoever restarts in an earlier term than the one in which its log was cut has no such write on its way any more.
TEST(RaftDisk, ARestartForgetsThatItsLogWasCut) {
  Replica replica(plain());
  replica.hears(append(1, 1, {}, 3, 1));
  replica.writes();
  replica.hears(append(2, 5, {}, 3, 5));
  replica.restarts(at(1s));
  EXPECT_EQ(replica->term(), 1u);
  replica.hears(append(1, 2, {}, 4, 1));
  replica.writes();
  EXPECT_EQ(replica->durable(), 4u);
}

TEST(RaftDisk, AWriteOfEntriesThatWereReplacedMeanwhileVouchesForNothing) {
  Replica replica(plain());
  replica.hears(append(1, 1, {}, 3, 1));
  replica.hears(append(2, 2, {1, 1}, 2, 2));  // Entries 2 and 3 are others now.
  replica.writes();
  EXPECT_EQ(replica->durable(), 0u) << "entry 3 of term 1 is gone, and with it what the write said";
  replica.writes();
  EXPECT_EQ(replica->durable(), 3u);
}

TEST(RaftDisk, AnOldWriteDoesNotVouchForNewerEntries) {
  Replica replica(plain());
  replica.hears(append(1, 1, {}, 1, 1));
  replica.hears(append(1, 1, {1, 1}, 4, 1));
  replica.writes();
  EXPECT_EQ(replica->durable(), 1u);
}

TEST(RaftDisk, ReplacedEntriesLeaveTheDiskToo) {
  Replica replica(plain());
  give_log(replica, {1, 1, 1});
  EXPECT_EQ(replica->durable(), 3u);
  replica.hears(append(2, 2, {1, 1}, 1, 2));
  EXPECT_EQ(replica->durable(), 1u);
  replica.restarts(at(1s));
  EXPECT_EQ(replica->log().last_index(), 1u);
}

// --- Pauses ---

TEST(RaftPause, ContinuousTimersCountWhileTheProcessStandsStill) {
  Replica replica(plain());
  replica.hears(at(0ms), heartbeat(1, 1));
  replica.resumes(at(10s), 10s);
  EXPECT_EQ(replica->deadline(), at(150ms));
}

// time.NewTicker of Go keeps one tick for a slow reader and drops the others.
TEST(RaftPause, TicksOfAPauseAreLostButForOne) {
  Replica replica(etcd(PreVote::off));
  replica.hears(at(50ms), heartbeat(1, 1));
  const Instant before = replica->deadline();
  replica.resumes(at(5050ms), 5s);
  EXPECT_EQ(replica->deadline(), before + 49 * 100ms);
  Replica short_pause(etcd(PreVote::off));
  short_pause.hears(at(50ms), heartbeat(1, 1));
  const Instant unchanged = short_pause->deadline();
  short_pause.resumes(at(150ms), 100ms);
  EXPECT_EQ(short_pause->deadline(), unchanged);
}

TEST(RaftPause, AnAlarmThatComesTooEarlyDoesNothing) {
  Profile profile = plain();
  Identity identity;
  identity.members = 3;
  Core core(profile, identity, 0ns);
  Output out;
  core.restart(Instant{}, 0ns, out);
  core.step(at(149ms), TimedOut{}, out);
  EXPECT_EQ(core.role(), Role::follower);
  EXPECT_EQ(out.deadline, at(150ms));
}

// --- A value ---

TEST(RaftCore, ACopyContinuesIdenticallyAndAlone) {
  Profile profile = plain();
  Identity identity;
  identity.members = 3;
  Core original(profile, identity, 0ns);
  Output out;
  original.restart(Instant{}, 0ns, out);
  Core copy = original;
  const auto hash = [](const Core& core) {
    Hash h;
    core.add_to(h);
    return h.value();
  };
  const std::uint64_t before = hash(copy);
  original.step(at(150ms), TimedOut{}, out);
  EXPECT_EQ(hash(copy), before);
  EXPECT_NE(hash(original), before);
  copy.step(at(150ms), TimedOut{}, out);
  EXPECT_EQ(hash(copy), hash(original));
}

// What a step has to say fits its room, also for the largest group.
TEST(RaftCore, FifteenMembersFitIntoAStep) {
  for (const Profile& profile : {plain(), zeebe(), continuous(etcd(PreVote::freshness))}) {
    Replica replica(profile, 15, 15);
    elect(replica);
    ASSERT_EQ(replica->role(), Role::leader);
    for (int i = 0; i < 20; ++i) replica.proposes(100, 4096);
    replica.times_out();
    replica.writes_all();
    for (Member m = 1; m < 15; ++m) replica.hears(append_ack(m, 1, 1));
    replica.writes_all();
    EXPECT_GE(replica->commit(), 1u);
  }
}

}  // namespace core_test
}  // namespace nines::raft
