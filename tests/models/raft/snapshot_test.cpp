// Snapshots and compaction: Raft paper 7, etcd raft/raft.go, Zeebe LeaderAppender.
#include "models/raft/core.hpp"

#include <gtest/gtest.h>

#include "tests/models/raft/circle.hpp"

namespace nines::raft {
namespace snapshot_test {

using testing_worlds::raft_paper;

Profile patient() {
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  return p;
}

// A group of three in which member 2 misses `missed` entries and the others then take snapshots.
struct Behind {
  Behind(const Profile& profile, int missed, std::int64_t bytes = 0) : group(profile, 3, voters({0, 1, 2})) {
    group.campaign(0);
    group.cut_off(2);
    for (int i = 0; i < missed; ++i) group.step(0, Propose{});
    group.pass(75ms);
    for (const Member m : {Member{0}, Member{1}}) group.step(m, TakeSnapshot{bytes});
  }
  Circle group;
};

TEST(RaftSnapshot, DropsTheLogBeforeItAndKeepsWhatTheProfileKeeps) {
  for (const std::uint64_t keep : {0u, 3u, 100u}) {
    Profile p = patient();
    p.snapshots.keep = keep;
    Behind behind(p, 20);
    const Core& leader = behind.group[0];
    ASSERT_EQ(leader.commit(), 21u);
    EXPECT_EQ(leader.snapshot().index, 21u);
    EXPECT_EQ(leader.log().base(), keep >= 21 ? 0 : 21 - keep);
    EXPECT_EQ(leader.log().last_index(), 21u);
    EXPECT_EQ(leader.log().term_at(21), 1u);
  }
}

// Section 7: a follower that lacks what was dropped is sent the snapshot, and then what comes after it.
TEST(RaftSnapshot, AFollowerThatLacksWhatWasDroppedIsSentIt) {
  Behind behind(patient(), 20);
  behind.group.step(0, Propose{});
  behind.group.heal();
  behind.group.pass(1s);
  const Core& follower = behind.group[2];
  EXPECT_GE(behind.group.sent(Kind::snapshot), 1u);
  EXPECT_EQ(follower.snapshot().index, 21u);
  EXPECT_EQ(follower.log().base(), 21u);
  EXPECT_EQ(follower.log().last_index(), behind.group[0].log().last_index());
  EXPECT_EQ(follower.commit(), behind.group[0].commit());
  EXPECT_FALSE(behind.group[0].progress(2).probing);
}

// etcd raft.go maybeSendSnapshot: it is too large to be sent to nobody.
TEST(RaftSnapshot, GoesOnlyToAFollowerThatAnswers) {
  Behind behind(patient(), 20);
  behind.group.step(0, Unreachable{2});  // It is tried again from what it is known to hold, which has been dropped.
  behind.group.pass(400ms);
  const std::uint64_t while_it_was_awaited = behind.group.sent(Kind::snapshot);
  behind.group.step(0, Propose{});
  behind.group.pass(10s);
  EXPECT_EQ(behind.group.sent(Kind::snapshot), while_it_was_awaited);
  behind.group.heal();
  behind.group.pass(1s);
  EXPECT_EQ(behind.group[2].commit(), behind.group[0].commit());
}

TEST(RaftSnapshot, AFollowerThatLacksOnlyWhatIsStillThereIsSentEntries) {
  Profile p = patient();
  p.snapshots.keep = 100;
  Behind behind(p, 20);
  behind.group.heal();
  behind.group.pass(1s);
  EXPECT_EQ(behind.group.sent(Kind::snapshot), 0u);
  EXPECT_EQ(behind.group[2].log(), [&] { return behind.group[0].log(); }());
}

// Zeebe LeaderAppender.shouldReplicateSnapshot: more than so many entries behind it the snapshot is sent although the entries are there.
TEST(RaftSnapshot, IsPreferredToManyEntriesWhereTheProfileSaysSo) {
  for (const int missed : {5, 20}) {
    Profile p = patient();
    p.snapshots.keep = 100;
    p.snapshots.prefer = 10;
    Behind behind(p, missed);
    behind.group.heal();
    behind.group.pass(1s);
    EXPECT_EQ(behind.group.sent(Kind::snapshot) > 0, missed > 10) << missed;
    EXPECT_EQ(behind.group[2].commit(), behind.group[0].commit());
  }
}

TEST(RaftSnapshot, GoesInChunksOneAfterTheOther) {
  Profile p = patient();
  p.snapshots.chunk_bytes = 100;
  Behind behind(p, 20, 950);
  behind.group.heal();
  behind.group.pass(1s);
  EXPECT_EQ(behind.group.sent(Kind::snapshot), 10u);
  EXPECT_EQ(behind.group.sent(Kind::snapshot_ack), 9u);
  EXPECT_EQ(behind.group[2].snapshot().index, 21u);
}

// A chunk was lost: nothing but time can tell.
TEST(RaftSnapshot, AChunkWithoutAnAnswerIsSentAgain) {
  Profile p = patient();
  p.snapshots.timeout = 400ms;
  Behind behind(p, 20);
  behind.group.heal();
  Replica leader(p);
  elect(leader);
  leader.writes_all();
  for (int i = 0; i < 5; ++i) leader.proposes();
  leader.writes_all();
  leader.hears(append_ack(1, 1, 6));
  ASSERT_EQ(leader->commit(), 6u);
  leader.does(TakeSnapshot{});
  leader.hears(append_refused(2, 1, 0, 0));
  int snapshots = static_cast<int>(of_kind(leader.out().now, Kind::snapshot).size());
  EXPECT_EQ(snapshots, 1);
  for (int beat = 0; beat < 14; ++beat) {  // 1,050 ms: two time-outs of 400 ms, seen at heartbeats 75 ms apart.
    leader.times_out();
    snapshots += static_cast<int>(of_kind(leader.out().now, Kind::snapshot).size());
    leader.hears(heartbeat_refused(2, 1, 0, 0));
  }
  EXPECT_EQ(snapshots, 3);
}

// What had come of it was in memory only.
TEST(RaftSnapshot, BeginsAgainWhereTheFollowerWasRestarted) {
  const auto chunk = [](std::uint64_t slot) {
    Message m = message(Kind::snapshot, 1, 1);
    m.index = 20;
    m.log_term = 1;
    m.change = Change{20, voters({0, 1, 2})};
    m.slot = slot;
    m.entries = 3;
    return m;
  };
  Replica follower(patient());
  follower.hears(chunk(0));
  follower.restarts(at(1s));
  follower.hears(chunk(1));
  ASSERT_EQ(follower.out().now.size(), 1u);
  EXPECT_EQ(follower.out().now[0].kind, Kind::snapshot_ack);
  EXPECT_TRUE(follower.out().now[0].reject);
  EXPECT_EQ(follower.out().now[0].slot, 0u);
  for (std::uint64_t slot = 0; slot < 3; ++slot) follower.hears(chunk(slot));
  EXPECT_EQ(follower->snapshot().index, 20u);

  Profile p = patient();
  p.snapshots.chunk_bytes = 10;
  Replica leader(p);
  elect(leader);
  leader.proposes(20);
  leader.writes_all();
  leader.hears(append_ack(1, 1, 1));
  leader.hears(append_ack(1, 1, 21));
  leader.does(TakeSnapshot{30});
  leader.hears(append_refused(2, 1, 0, 0));
  const auto answer = [&](std::uint64_t slot, bool reject) {
    Message m = message(Kind::snapshot_ack, 2, 1);
    m.index = 21;
    m.slot = slot;
    m.reject = reject;
    leader.hears(m);
    return leader.out().now.empty() ? std::uint64_t{99} : leader.out().now[0].slot;
  };
  ASSERT_EQ(leader.out().now[0].kind, Kind::snapshot);
  EXPECT_EQ(answer(0, false), 1u);
  EXPECT_EQ(answer(0, true), 0u) << "it goes back to the chunk that is missing";
  EXPECT_EQ(answer(0, false), 1u);
  EXPECT_EQ(answer(0, false), 99u) << "a late answer";
  EXPECT_EQ(answer(2, true), 99u) << "a late refusal";
}

// Section 7: until it is on disk, a crash comes back to the log that was there before.
TEST(RaftSnapshot, ThatIsNotOnDiskIsForgottenByACrash) {
  Replica replica(patient());
  give_log(replica, {1, 1, 1});
  Message m = message(Kind::snapshot, 1, 2);
  m.index = 9;
  m.log_term = 2;
  m.entries = 1;
  m.change = Change{9, voters({0, 1, 2})};
  replica.hears(m);
  EXPECT_EQ(replica->log().base(), 9u);
  EXPECT_TRUE(replica.out().now.empty()) << "nothing is acknowledged before";
  replica.restarts(replica.now());
  EXPECT_EQ(replica->log().base(), 0u);
  EXPECT_EQ(replica->log().last_index(), 3u);
  replica.hears(m);
  EXPECT_EQ(replica.writes().at(0).index, 9u);
  replica.restarts(replica.now());
  EXPECT_EQ(replica->log().base(), 9u);
  EXPECT_EQ(replica->commit(), 9u);
}

// A newer one may come before an older one is on disk, which then replaces the log there: a crash must come back to what was acknowledged.
TEST(RaftSnapshot, ASecondOneWaitsUntilTheFirstIsOnDisk) {
  Replica replica(patient());
  give_log(replica, {1, 1, 1});
  const auto snapshot_at = [&](Index index) {
    Message m = message(Kind::snapshot, 1, 2);
    m.index = index;
    m.log_term = 2;
    m.entries = 1;
    m.change = Change{index, voters({0, 1, 2})};
    return m;
  };
  replica.hears(snapshot_at(5));
  replica.hears(snapshot_at(9));
  EXPECT_EQ(replica->log().base(), 5u);
  EXPECT_EQ(replica.writes().at(0).index, 5u);
  replica.hears(snapshot_at(9));
  EXPECT_EQ(replica->log().base(), 9u);
  replica.restarts(replica.now());
  EXPECT_EQ(replica->log().base(), 5u) << "entry 5 was acknowledged";
}

// Figure 13, step 6: entries after the snapshot's end that agree with it stay; and one that is older than what is committed changes nothing.
TEST(RaftSnapshot, OfWhatIsThereAlreadyChangesNothing) {
  Replica replica(patient());
  give_log(replica, {1, 1, 1, 1, 1});
  Message m = message(Kind::snapshot, 1, 1);
  m.index = 3;
  m.log_term = 1;
  m.entries = 1;
  m.change = Change{3, voters({0, 1, 2})};
  replica.hears(m);
  EXPECT_EQ(replica->log().last_index(), 5u);
  EXPECT_EQ(replica->commit(), 3u);
  replica.hears(heartbeat(1, 1, {5, 1}, 5));
  ASSERT_EQ(replica->commit(), 5u);
  replica.hears(m);
  EXPECT_EQ(replica->commit(), 5u);
  ASSERT_EQ(replica.out().now.size(), 1u);
  EXPECT_EQ(replica.out().now[0].index, 5u);
}

TEST(RaftSnapshot, CarriesTheConfigurationToANewcomer) {
  Profile p = patient();
  p.membership = Membership::single;
  Circle group(p, 4, voters({0, 1, 2}));
  group.campaign(0);
  for (int i = 0; i < 10; ++i) group.step(0, Propose{});
  for (Member m = 0; m < 3; ++m) group.step(m, TakeSnapshot{});
  group.step(0, Reconfigure{voters({0, 1, 2, 3})});
  group.pass(1s);
  EXPECT_GE(group.sent(Kind::snapshot), 1u);
  EXPECT_EQ(group[3].configuration(), voters({0, 1, 2, 3}));
  EXPECT_EQ(group[3].log().last_index(), group[0].log().last_index());
}

TEST(RaftLog, CompactionKeepsTermsAndConfigurationsOfWhatRemains) {
  Log log;
  log.begin_with(voters({0}));
  log.append(1, 4, 10);
  log.append_change(2, voters({0, 1}), 0);
  log.append(2, 3, 10);
  log.append_change(3, voters({0, 1, 2}), 0);
  log.compact(6);
  EXPECT_EQ(log.base(), 6u);
  EXPECT_EQ(log.base_term(), 2u);
  EXPECT_EQ(log.last_index(), 9u);
  EXPECT_EQ(log.term_at(6), 2u);
  EXPECT_EQ(log.term_at(5), 0u);
  EXPECT_EQ(log.term_at(9), 3u);
  EXPECT_EQ(log.change_at_or_before(6).configuration, voters({0, 1}));
  EXPECT_EQ(log.change_at_or_before(9).configuration, voters({0, 1, 2}));
  EXPECT_EQ(log.next_change_after(6), 9u);
  EXPECT_THROW(log.truncate_after(5), BrokenInvariant);
  log.truncate_after(6);
  EXPECT_EQ(log.last_index(), 6u);
  EXPECT_EQ(log.last_term(), 2u);
}

}  // namespace snapshot_test
}  // namespace nines::raft
