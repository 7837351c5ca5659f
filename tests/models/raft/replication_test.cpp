// Replication by single steps. Sections are those of the Raft paper (Ongaro and Ousterhout 2014, extended version) unless said.
#include "models/raft/core.hpp"

#include <gtest/gtest.h>

#include "tests/models/raft/replica.hpp"

namespace nines::raft {
namespace replication_test {

using testing_worlds::etcd;
using testing_worlds::raft_paper;
using testing_worlds::zeebe;

// A window of four appends, no probing, the leader's disk beside replication.
Profile open_window() {
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  p.append_window = 4;
  p.probe_after_election = false;
  return p;
}

Profile probing() {
  Profile p = open_window();
  p.probe_after_election = true;
  return p;
}

std::vector<Message> to(const Replica& replica, Member member, Kind kind) {
  std::vector<Message> found;
  for (const Message& m : of_kind(replica.out().now, kind))
    if (m.to == member) found.push_back(m);
  return found;
}

// --- The leader ---

// Section 8: an entry of its own term tells a leader what is committed.
TEST(RaftReplication, ANewLeaderAppendsAnEmptyEntryOfItsTermAndSendsItToAll) {
  Replica replica(open_window(), 5);
  give_log(replica, {1, 1});
  elect(replica);
  ASSERT_EQ(replica->role(), Role::leader);
  EXPECT_EQ(replica->log().last_index(), 3u);
  EXPECT_EQ(replica->log().last_term(), 2u);
  const std::vector<Message> appends = of_kind(replica.out().now, Kind::append);
  ASSERT_EQ(appends.size(), 4u);
  for (const Message& m : appends) {
    EXPECT_EQ(m.index, 2u);
    EXPECT_EQ(m.log_term, 1u);
    EXPECT_EQ(m.entries, 1u);
    EXPECT_EQ(m.entries_term, 2u);
  }
}

// Figure 8 (c) to (d): after S1's restart the entry of term 2 reaches a majority; S5 with term 3 must still be able to win and replace it.
TEST(RaftReplication, Figure8) {
  Replica s1(probing(), 5);
  give_log(s1, {1, 2});
  s1.hears(heartbeat(4, 3));  // S5 was elected in term 3 and crashed.
  elect(s1);
  ASSERT_EQ(s1->term(), 4u);
  s1.writes_all();
  s1.hears(append_ack(1, 4, 2));
  s1.hears(append_ack(2, 4, 2));
  EXPECT_EQ(s1->commit(), 0u) << "the entry of term 2 is on three of five and not committed";

  Replica s2(probing(), 5);
  give_log(s2, {1, 2});
  s2.hears(vote_request(4, 5, {2, 3}));  // S5: its last entry is of term 3.
  EXPECT_EQ(s2->voted_for(), 4);
  s2.hears(append(4, 5, {1, 1}, 1, 3));
  EXPECT_EQ(s2->log().term_at(2), 3u);
}

// Thesis 10.2.1: the leader's own copy counts from when it is on its disk, and not before.
TEST(RaftReplication, ALeadersOwnCopyCountsOnceItIsOnDisk) {
  Replica replica(open_window(), 5);
  elect(replica);
  replica.hears(append_ack(1, 1, 1));
  replica.hears(append_ack(2, 1, 1));
  EXPECT_EQ(replica->commit(), 0u) << "two of five, and the leader's disk is busy";
  replica.hears(append_ack(3, 1, 1));
  EXPECT_EQ(replica->commit(), 1u) << "three followers are a majority without the leader";
}

// Zeebe RaftContext.setCommitIndex flushes before it tells anybody.
TEST(RaftReplication, WithTheLeadersFlushBeforeCommitTheQuorumComesFirst) {
  Replica replica(zeebe());
  elect(replica);
  replica.writes_all();
  EXPECT_FALSE(replica.has_to_write()) << "nothing to flush before a quorum holds it";
  replica.hears(append_ack(1, 1, 1));
  EXPECT_EQ(replica->commit(), 0u);
  ASSERT_TRUE(replica.has_to_write());
  replica.proposes();
  replica.hears(append_ack(2, 1, 1));  // Starts no second flush for the same entries.
  EXPECT_EQ(replica->commit(), 0u);
  replica.writes();
  EXPECT_EQ(replica->commit(), 1u);
  EXPECT_FALSE(replica.has_to_write());
  replica.hears(append_ack(2, 1, 2));
  ASSERT_TRUE(replica.has_to_write());
  replica.writes();
  EXPECT_EQ(replica->commit(), 2u);
}

TEST(RaftReplication, OnlyALeaderTakesProposals) {
  Replica replica(open_window());
  replica.proposes();
  EXPECT_EQ(replica->log().last_index(), 0u);
  EXPECT_FALSE(replica.out().persist);
}

// --- The follower ---

// Raft paper figure 2, AppendEntries 3: an old append that arrives late must not take away what came after it.
TEST(RaftReplication, ALateAppendTakesNothingAway) {
  Replica replica(open_window());
  replica.hears(append(1, 1, {}, 5, 1, 5));
  replica.hears(append(1, 1, {}, 2, 1));
  EXPECT_EQ(replica->log().last_index(), 5u);
}

TEST(RaftReplication, ReplacingACommittedEntryIsABrokenInvariant) {
  Replica replica(open_window());
  replica.hears(append(1, 1, {}, 2, 1, 2));
  EXPECT_THROW(replica.hears(append(2, 2, {1, 1}, 2, 2)), BrokenInvariant);
}

// Figure 2, AppendEntries 5: the smaller of the leader's commit index and the last new entry; a log may go on with entries of another leader.
TEST(RaftReplication, AFollowerCommitsNoFurtherThanTheLeaderVouchesFor) {
  Replica replica(open_window());
  give_log(replica, {1, 1, 1, 1});
  replica.hears(append(2, 2, {1, 1}, 1, 1, 4));
  EXPECT_EQ(replica->commit(), 2u);
  replica.hears(heartbeat(2, 2, {3, 1}, 9));
  EXPECT_EQ(replica->commit(), 3u);
  replica.hears(heartbeat(2, 2, {3, 1}, 1));
  EXPECT_EQ(replica->commit(), 3u) << "a commit index never falls";
}

// Figure 2: updated on stable storage before responding to RPCs.
TEST(RaftReplication, AFollowerAnswersOnceItsEntriesAreOnDisk) {
  Replica replica(open_window());
  replica.hears(append(1, 1, {}, 3, 1));
  EXPECT_TRUE(replica.out().now.empty());
  const std::vector<Message> answers = replica.writes();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].index, 3u);
  replica.hears(append(1, 1, {}, 3, 1));  // Again: it is on disk.
  ASSERT_EQ(replica.out().now.size(), 1u);
  EXPECT_EQ(replica.out().now[0].index, 3u);
}

// It says how far the append went and not how far its own log goes: what lies beyond may be another leader's.
TEST(RaftReplication, AFollowerVouchesForTheAppendAndNotForItsOwnTail) {
  Replica replica(open_window());
  give_log(replica, {1, 1, 1, 1});
  replica.hears(append(2, 2, {1, 1}, 1, 1));
  EXPECT_EQ(replica.writes()[0].index, 2u);
}

TEST(RaftReplication, AHeartbeatsAnswerVouchesForWhatIsOnDisk) {
  Replica replica(open_window());
  replica.hears(append(1, 1, {}, 3, 1));
  replica.hears(heartbeat(1, 1, {3, 1}));
  EXPECT_EQ(replica.out().now[0].index, 0u);
  replica.writes();
  replica.hears(heartbeat(1, 1, {3, 1}));
  EXPECT_EQ(replica.out().now[0].index, 3u);
}

// --- Finding where a follower's log ends ---

// An old leader wrote on alone, and its tail is of a term that the new leader's log has left behind: one refusal finds where it begins.
TEST(RaftReplication, ALongTailOfAnOldTermIsSkippedAtOnce) {
  Replica leader(probing()), follower(probing());
  give_log(leader, {1, 1, 1});
  leader.hears(append(1, 2, {3, 1}, 1000, 2));
  leader.writes_all();
  elect(leader);
  give_log(follower, {1, 1, 1});
  follower.hears(append(1, 1, {3, 1}, 5000, 1));
  follower.writes_all();
  EXPECT_LE(converse(leader, follower), 4);
  EXPECT_EQ(follower->log(), leader->log());
}

// The first append of a new leader was lost with a restart, and the follower holds another entry at that place, left by an old leader.
TEST(RaftReplication, AHeartbeatsRefusalStepsBackThoughTheTermThereWouldDo) {
  Replica leader(zeebe(), 5, 5);
  give_log(leader, {1, 1});
  leader.hears(heartbeat(2, 2));
  elect(leader);
  ASSERT_EQ(leader->term(), 3u);
  ASSERT_EQ(leader->log().last_index(), 3u);  // Its empty entry went out and was lost.
  Replica follower(zeebe(), 5, 1);
  give_log(follower, {1, 1, 2});
  for (int beat = 0; beat < 40 && follower->log().term_at(3) != 3; ++beat) {
    leader.times_out();
    converse(leader, follower);
  }
  EXPECT_EQ(follower->log().term_at(3), 3u) << "the follower never got the new leader's entry";
}

// --- Windows and probes ---

TEST(RaftWindow, NoMoreAppendsAreInFlightThanTheWindowHolds) {
  Replica replica(open_window());
  elect(replica);
  int sent = static_cast<int>(to(replica, 1, Kind::append).size());
  for (int i = 0; i < 10; ++i) {
    replica.proposes();
    sent += static_cast<int>(to(replica, 1, Kind::append).size());
  }
  EXPECT_EQ(sent, 4);
  EXPECT_EQ(replica->progress(1).in_flight, 4u);
  replica.hears(append_ack(1, 1, 1));  // One comes back: what waited goes out as one append.
  const std::vector<Message> next = to(replica, 1, Kind::append);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].index, 4u);
  EXPECT_EQ(next[0].entries, 7u);
}

TEST(RaftWindow, AnAppendHoldsNoMoreBytesThanABatch) {
  Profile small = open_window();
  small.append_batch_bytes = 1000;
  Replica replica(small);
  elect(replica);
  replica.hears(append_ack(1, 1, 1));
  replica.proposes(25, 100);
  const std::vector<Message> sent = to(replica, 1, Kind::append);
  ASSERT_FALSE(sent.empty());
  for (const Message& m : sent) EXPECT_EQ(m.entries, 10u);
  EXPECT_EQ(sent[0].bytes, 100);
}

TEST(RaftWindow, WhenEverythingIsAnsweredNothingIsInFlight) {
  Replica replica(open_window());
  elect(replica);
  for (int i = 0; i < 3; ++i) replica.proposes();
  EXPECT_EQ(replica->progress(1).in_flight, 4u);
  replica.hears(append_ack(1, 1, 4));  // The last answer stands for those that were lost.
  EXPECT_EQ(replica->progress(1).in_flight, 0u);
  EXPECT_EQ(replica->progress(1).match, 4u);
}

// etcd raft/tracker/progress.go: one append until the follower's log is known.
TEST(RaftWindow, AProbeIsAloneOnItsWay) {
  Replica replica(probing());
  elect(replica);
  EXPECT_EQ(to(replica, 1, Kind::append).size(), 1u);
  replica.proposes();
  replica.proposes();
  EXPECT_TRUE(to(replica, 1, Kind::append).empty());
  replica.hears(append_ack(1, 1, 1));
  EXPECT_FALSE(replica->progress(1).probing);
  EXPECT_EQ(to(replica, 1, Kind::append).size(), 1u);
}

TEST(RaftWindow, ALostProbeGoesOutAgainAfterAnAnsweredHeartbeat) {
  Replica replica(probing());
  give_log(replica, {1});
  elect(replica);
  replica.times_out();
  replica.hears(heartbeat_ack(1, 2, 1, 0));
  const std::vector<Message> again = to(replica, 1, Kind::append);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].index, 1u);
}

TEST(RaftWindow, AnAnswerOlderThanTheProbeSaysNothingOfIt) {
  Replica replica(probing());
  elect(replica);
  replica.times_out();                        // Heartbeat 0.
  replica.hears(append_refused(1, 1, 9, 9));  // Not of this probe.
  EXPECT_TRUE(replica.out().now.empty());
  replica.times_out();
  replica.hears(append_refused(1, 1, 0, 0));
  EXPECT_EQ(replica->progress(1).next, 1u);
}

// A stale refusal never takes back what is known to match.
TEST(RaftWindow, WhatMatchesIsNotTakenBack) {
  Replica replica(open_window());
  elect(replica);
  replica.proposes();
  replica.hears(append_ack(1, 1, 2));
  for (const Message& late : {append_refused(1, 1, 1, 0), heartbeat_refused(1, 1, 1, 0), append_ack(1, 1, 1), heartbeat_ack(1, 1, 0)}) {
    replica.hears(late);
    EXPECT_EQ(replica->progress(1).match, 2u);
    EXPECT_GE(replica->progress(1).next, 3u);
  }
}

// Zeebe RaftMemberContext.canAppend: an empty append only with nothing in flight.
TEST(RaftHeartbeat, WaitsForAppendsInFlightWhereTheProfileSaysSoButNotForEver) {
  Replica replica(zeebe());
  elect(replica);
  const Instant elected = replica.now();
  for (Duration passed = 250ms; passed < 2500ms; passed += 250ms) {
    replica.times_out();
    EXPECT_TRUE(of_kind(replica.out().now, Kind::heartbeat).empty());
  }
  replica.times_out();
  EXPECT_EQ(replica.now(), elected + 2500ms);
  EXPECT_EQ(of_kind(replica.out().now, Kind::heartbeat).size(), 2u);
  replica.hears(append_ack(1, 1, 1));
  replica.times_out();
  EXPECT_FALSE(to(replica, 1, Kind::heartbeat).empty());
}

TEST(RaftHeartbeat, ASlotWhoseTimePassedDuringAPauseIsSkipped) {
  Replica replica(open_window());
  elect(replica);
  const Instant elected = replica.now();
  replica.times_out();                           // Beat 0.
  replica.times_out(elected + 75ms * 4 + 10ms);  // Beat 1; the times of 2 and 3 have passed.
  EXPECT_EQ(of_kind(replica.out().now, Kind::heartbeat)[0].slot, 1u);
  EXPECT_EQ(replica->deadline(), elected + 75ms * 5);
  replica.times_out();
  EXPECT_EQ(of_kind(replica.out().now, Kind::heartbeat)[0].slot, 4u);
}

// Of one that never answered this leader nothing is known: trying starts where the leader's own entries do, not at the log's beginning.
TEST(RaftHeartbeat, AFollowerThatIsGoneIsTriedWithOneAppendFromWhereItsLogIsKnown) {
  Replica replica(open_window());
  give_log(replica, {1, 1, 1, 1, 1});
  elect(replica);
  replica.hears(append_ack(1, 2, 6));
  for (int beat = 0; beat < 8; ++beat) {
    replica.proposes();
    replica.hears(append_ack(1, 2, replica->log().last_index()));
    replica.times_out();
    replica.hears(heartbeat_ack(1, 2, replica->log().last_index(), static_cast<std::uint64_t>(beat)));
  }
  EXPECT_TRUE(replica->progress(2).probing);
  EXPECT_EQ(replica->progress(2).next, 6u);
  EXPECT_EQ(replica->progress(2).in_flight, 0u);
  EXPECT_FALSE(replica->progress(1).probing);
}

// --- Check-quorum ---

TEST(RaftCheckQuorum, ALeaderThatHearsFromNoQuorumStepsDown) {
  Profile window = open_window();
  window.check_quorum = {300ms, 0ns};
  Replica replica(window, 5);
  elect(replica);
  const Instant elected = replica.now();
  replica.at(elected + 100ms);
  replica.hears(append_ack(1, 1, 1));
  replica.hears(append_ack(2, 1, 1));
  while (replica->role() == Role::leader) replica.times_out();
  EXPECT_EQ(replica.now(), elected + 450ms);  // The first heartbeat at which the answers are 300 ms old.
  EXPECT_EQ(replica->leader(), nobody);
  EXPECT_EQ(replica->term(), 1u);
}

// etcd raft.go tickHeartbeat: looked at once each election timeout, at what answered since.
TEST(RaftCheckQuorum, EtcdLooksOnceEachElectionTimeout) {
  for (const Duration last_answer : {950ms, 1050ms}) {
    Replica replica(continuous(etcd(PreVote::off)));
    elect(replica);
    const Instant elected = replica.now();
    replica.at(elected + last_answer);
    replica.hears(append_ack(1, 1, 1));
    while (replica->role() == Role::leader && replica.now() < elected + 10s) replica.times_out();
    EXPECT_EQ(replica.now() - elected, last_answer == 950ms ? 2s : 3s);
  }
}

TEST(RaftCheckQuorum, WithoutItALeaderThatNobodyAnswersLeadsOn) {
  Replica replica(open_window());
  elect(replica);
  for (int beat = 0; beat < 1000; ++beat) replica.times_out();
  EXPECT_EQ(replica->role(), Role::leader);
}

// --- Hand-over (Ongaro 2014, 3.10) ---

TEST(RaftHandOver, GoesToTheFollowerThatIsClosest) {
  Replica replica(open_window(), 5);
  elect(replica);
  replica.proposes();
  replica.hears(append_ack(3, 1, 2));
  replica.hears(append_ack(1, 1, 1));
  replica.hands_over();
  ASSERT_EQ(replica.out().now.size(), 1u);
  EXPECT_EQ(replica.out().now[0].kind, Kind::timeout_now);
  EXPECT_EQ(replica.out().now[0].to, 3);
}

// An entry was on its way when the leader was told to go: its successor could not have won.
TEST(RaftHandOver, WaitsUntilTheNextLeaderHasTheWholeLogAndTakesNoRequestsMeanwhile) {
  Replica replica(open_window());
  elect(replica);
  replica.hears(append_ack(1, 1, 1));
  replica.proposes();
  replica.hands_over();
  EXPECT_TRUE(replica.out().now.empty());
  replica.proposes();
  EXPECT_EQ(replica->log().last_index(), 2u);
  replica.hears(append_ack(1, 1, 2));
  ASSERT_EQ(replica.out().now.size(), 1u);
  EXPECT_EQ(replica.out().now[0].kind, Kind::timeout_now);
  EXPECT_EQ(replica.out().now[0].to, 1);
}

TEST(RaftHandOver, IsGivenUpAfterAnElectionTimeout) {
  Replica replica(open_window());
  elect(replica);
  replica.proposes();
  replica.hands_over();
  const Instant told = replica.now();
  while (replica.now() < told + open_window().election_timeout) replica.times_out();
  replica.proposes();
  EXPECT_EQ(replica->log().last_index(), 3u);
}

TEST(RaftHandOver, IsNothingForAFollowerOrAGroupOfOne) {
  Replica follower(open_window());
  follower.hands_over();
  EXPECT_TRUE(follower.out().now.empty());
  Replica alone(open_window(), 1, 1);
  elect(alone);
  ASSERT_EQ(alone->role(), Role::leader);
  alone.hands_over();
  EXPECT_TRUE(alone.out().now.empty());
}

}  // namespace replication_test
}  // namespace nines::raft
