// Replication by fetching, as Kafka's KRaft does it (KIP-595).
#include "models/raft/core.hpp"

#include <gtest/gtest.h>

#include "tests/models/raft/circle.hpp"
#include "tests/models/raft/replica.hpp"

namespace nines::raft {
namespace pull_test {

Profile kraft() {
  Profile p;
  p.name = "kraft";
  p.heartbeat = 500ms;
  p.election_timeout = 2s;
  p.check_quorum = {3s, 0ns};
  p.vote_timeout_min = 1s;
  p.vote_timeout_max = 2s;
  p.replication = Replication::pull;
  p.announce_commit = true;
  return p;
}

TEST(RaftPull, FollowersFetchAndTheirNextFetchAcknowledges) {
  Circle group(kraft(), 3, voters({0, 1, 2}));
  group.campaign(0);
  ASSERT_EQ(group[0].role(), Role::leader);
  for (int i = 0; i < 5; ++i) group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), 6u);
  EXPECT_EQ(group.sent(Kind::append_ack), 0u);
  EXPECT_GE(group.sent(Kind::fetch), 12u);
  for (Member m = 1; m < 3; ++m) {
    EXPECT_EQ(group[m].log(), group[0].log());
    EXPECT_EQ(group[m].commit(), 6u);
  }
}

// controller.quorum.fetch.max.wait: an idle fetch is answered after a while, and that is all the traffic there is.
TEST(RaftPull, AnIdleFetchIsAnsweredOnceAHeartbeat) {
  Circle group(kraft(), 3, voters({0, 1, 2}));
  group.campaign(0);
  const std::uint64_t before = group.sent(Kind::fetch);
  group.pass(10s);
  EXPECT_EQ(group.sent(Kind::fetch) - before, 40u);
  EXPECT_EQ(group.leader(), 0);
}

// It resigns when no majority has fetched for one and a half fetch time-outs; the others elect without it.
TEST(RaftPull, ALeaderFromWhomNoMajorityFetchesResigns) {
  Circle group(kraft(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.cut_off(0);
  group.pass(2900ms);
  EXPECT_EQ(group[0].role(), Role::leader);
  group.pass(1s);
  EXPECT_NE(group[0].role(), Role::leader);
  group.pass(10s);
  const Member next = group.leader();
  ASSERT_TRUE(next == 1 || next == 2);
  group.heal();
  group.step(next, Propose{});
  group.pass(3s);
  const Member now = group.leader();
  ASSERT_NE(now, nobody);
  for (Member m = 0; m < 3; ++m) EXPECT_EQ(group[m].log(), group[now].log()) << int{m};
}

// Figure 7's followers: what a fetch offers is not in the leader's log, and the answer names where they may agree.
TEST(RaftPull, ADivergedLogIsTruncatedWhereItDiverges) {
  Circle group(kraft(), 3, voters({0, 1, 2}));
  group.campaign(0);
  for (int i = 0; i < 3; ++i) group.step(0, Propose{});
  group.cut_off(0);
  for (int i = 0; i < 50; ++i) group.step(0, Propose{});  // Nobody hears these.
  group.pass(8s);
  const Member next = group.leader();
  ASSERT_TRUE(next == 1 || next == 2);
  for (int i = 0; i < 3; ++i) group.step(next, Propose{});
  group.heal();
  group.pass(4s);
  EXPECT_EQ(group[0].log(), group[group.leader()].log());
}

// An answer was lost: after half of the time-out the follower asks again, and nobody campaigns.
TEST(RaftPull, ALostFetchIsSentAgainBeforeAnElection) {
  Circle group(kraft(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.pass(700ms);
  group.cut(0, 2);
  group.pass(500ms);
  group.heal();
  const Term before = group[0].term();
  group.pass(5s);
  EXPECT_EQ(group[0].term(), before);
  group.step(0, Propose{});
  EXPECT_EQ(group[2].log(), group[0].log());
}

TEST(RaftPull, ASnapshotIsFetchedToo) {
  Circle group(kraft(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.cut_off(2);
  for (int i = 0; i < 20; ++i) group.step(0, Propose{});
  group.pass(500ms);
  group.step(0, TakeSnapshot{});
  group.heal();
  group.pass(10s);
  const Member leader = group.leader();
  ASSERT_NE(leader, nobody);
  group.step(leader, Propose{});
  group.pass(3s);
  EXPECT_EQ(group[2].log().last_index(), group[leader].log().last_index());
  EXPECT_GE(group[2].commit(), 21u);
}

// BeginQuorumEpoch goes to those who do not fetch from this leader yet. Whoever does, and has nothing in common with it so far, would begin anew with
// each heartbeat, and a snapshot of several chunks would never be whole.
TEST(RaftPull, WhoFetchesAlreadyIsNotCalledBack) {
  Replica leader(kraft());
  elect(leader);
  ASSERT_EQ(leader->role(), Role::leader);
  Message fetch = message(Kind::fetch, 1, leader->term());
  fetch.index = 7;
  fetch.log_term = 1;
  fetch.round = 1;
  leader.hears(fetch);
  ASSERT_EQ(of_kind(leader.out().now, Kind::append).size(), 1u) << "it is told where they may agree";
  leader.times_out();
  const std::vector<Message> called = of_kind(leader.out().now, Kind::heartbeat);
  ASSERT_EQ(called.size(), 1u);
  EXPECT_EQ(called[0].to, 2);
}

}  // namespace pull_test
}  // namespace nines::raft
