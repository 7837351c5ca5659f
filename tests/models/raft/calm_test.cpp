// Who is calm, and the states a jump over a calm stretch arrives at. That jumps are exact is proved in tests/seeded.
#include "models/raft/core.hpp"

#include <gtest/gtest.h>

#include "tests/models/raft/replica.hpp"

namespace nines::raft {
namespace calm_test {

using testing_worlds::etcd;
using testing_worlds::zeebe;

// A leader of three in office and one of its followers, as a group begins its life.
struct Pair {
  explicit Pair(const Profile& given) : profile(given), leader(profile, identity(0), 0ns), follower(profile, identity(1), 0ns) {
    leader.begin_as_leader(at(0s), 1);
    follower.begin_as_follower(at(0s), 1, 0);
  }
  static Identity identity(Member self) {
    Identity id;
    id.self = self;
    id.members = 3;
    id.priority = id.target_priority = 3;
    return id;
  }
  Profile profile;
  Core leader, follower;
  Output out;
};

constexpr std::uint16_t all = 0b111;

TEST(RaftCalm, AGroupBeginsItsLifeInTheMiddleOfACalmStretch) {
  for (const Profile& profile : {zeebe(), etcd(PreVote::freshness)}) {
    const Pair pair(profile);
    EXPECT_TRUE(pair.leader.leads_calmly(at(0s), all, false));
    EXPECT_TRUE(pair.follower.follows_calmly(pair.leader, at(500ms)));
    EXPECT_EQ(pair.leader.commit(), 1u);
    EXPECT_TRUE(pair.leader.committed_in_term());
    EXPECT_EQ(pair.follower.voted_for(), 0);
    EXPECT_EQ(pair.follower.durable_term(), 1u);
  }
}

TEST(RaftCalm, ALeaderWithSomethingToReplicateIsNotCalm) {
  Pair pair(zeebe());
  pair.leader.step(at(10ms), Propose{}, pair.out);
  EXPECT_FALSE(pair.leader.leads_calmly(at(10ms), all, false));
}

TEST(RaftCalm, ALeaderThatALiveFollowerHasNotAnsweredForLongIsNotCalm) {
  const Pair pair(zeebe());
  EXPECT_TRUE(pair.leader.leads_calmly(at(1250ms), all, false));
  EXPECT_FALSE(pair.leader.leads_calmly(at(1251ms), all, false));
}

TEST(RaftCalm, ALeaderMissesNobodyWhoIsNotThere) {
  Pair pair(zeebe());
  constexpr std::uint16_t without_the_third = 0b011;
  EXPECT_TRUE(pair.leader.leads_calmly(at(100ms), without_the_third, false));
  // What it has sent to the third waits until that one is taken for gone; under load more would follow.
  pair.leader.step(at(110ms), Propose{}, pair.out);
  Message ack = append_ack(1, 1, 2);
  pair.leader.step(at(120ms), Received{ack}, pair.out);
  pair.leader.step(at(121ms), Durable{1, 0, 2, 1}, pair.out);
  ASSERT_EQ(pair.leader.commit(), 2u);
  EXPECT_TRUE(pair.leader.leads_calmly(at(130ms), without_the_third, false));
  EXPECT_FALSE(pair.leader.leads_calmly(at(130ms), without_the_third, true));
}

TEST(RaftCalm, AnIdleLeaderMayFallSilentUnlessSomebodyWhoIsNotThereLacksSomething) {
  Profile quiet = etcd(PreVote::freshness);
  quiet.quiesce_after = 2s;
  Pair pair(quiet);
  constexpr std::uint16_t without_the_third = 0b011;
  EXPECT_FALSE(Pair(etcd(PreVote::freshness)).leader.may_fall_silent(never, all));
  EXPECT_TRUE(pair.leader.may_fall_silent(never, all));
  EXPECT_TRUE(pair.leader.may_fall_silent(never, without_the_third)) << "it has everything";
  pair.leader.step(at(110ms), Propose{}, pair.out);
  EXPECT_FALSE(pair.leader.may_fall_silent(never, without_the_third));
  EXPECT_TRUE(pair.leader.may_fall_silent(never, all)) << "once all have answered";
  EXPECT_FALSE(pair.leader.may_fall_silent(at(110ms), all)) << "it took the last proposal";
  EXPECT_TRUE(pair.leader.may_fall_silent(at(111ms), all)) << "it missed the last one";
}

TEST(RaftCalm, AFollowerThatIsSilentDoesNotFollowCalmly) {
  Profile quiet = etcd(PreVote::freshness);
  quiet.quiesce_after = 2s;
  Pair pair(quiet);
  Message last_words = heartbeat(0, 1, {}, 1, 1);
  last_words.transfer = true;
  pair.follower.step(at(100ms), Received{last_words}, pair.out);
  ASSERT_TRUE(pair.follower.quiescent());
  EXPECT_FALSE(pair.follower.follows_calmly(pair.leader, at(500ms)));
}

TEST(RaftCalm, ANewLeaderIsNotCalmBeforeItsFirstCommit) {
  Replica replica(zeebe());
  elect(replica);
  ASSERT_EQ(replica->role(), Role::leader);
  EXPECT_FALSE(replica->leads_calmly(replica.now(), all, false));
}

TEST(RaftCalm, AFollowerWhoseTimerFiresBeforeTheNextContactIsNotCalm) {
  const Pair pair(zeebe());
  ASSERT_EQ(pair.follower.deadline(), at(2500ms));
  EXPECT_TRUE(pair.follower.follows_calmly(pair.leader, at(2499ms)));
  EXPECT_FALSE(pair.follower.follows_calmly(pair.leader, at(2500ms)));
}

TEST(RaftCalm, AFollowerOfAnotherTermOrLeaderIsNotCalm) {
  Pair pair(zeebe());
  Core another = pair.follower;
  another.step(at(1ms), Received{heartbeat(2, 2, {1, 1})}, pair.out);
  EXPECT_FALSE(another.follows_calmly(pair.leader, at(10ms)));
  Core campaigner = pair.follower;
  campaigner.step(at(2500ms), TimedOut{}, pair.out);
  EXPECT_FALSE(campaigner.follows_calmly(pair.leader, at(10ms)));
}

TEST(RaftCalm, AJumpArrivesWhereTheHeartbeatsWouldHave) {
  Pair pair(zeebe());
  Core::Jump jump;
  jump.to = at(1h + 100ms);
  jump.live = all;
  jump.contact = at(1h);
  const Core before = pair.leader;
  pair.leader.jump_as_leader(jump);
  pair.follower.jump_as_follower(pair.leader, jump);
  EXPECT_EQ(pair.leader.deadline(), at(1h + 250ms));
  EXPECT_EQ(pair.leader.progress(1).last_ack, at(1h + 100ms));
  EXPECT_EQ(pair.follower.deadline(), at(1h + 100ms + 2500ms));
  EXPECT_EQ(pair.leader.term(), before.term());
  EXPECT_EQ(pair.leader.log(), before.log());
  EXPECT_TRUE(pair.leader.leads_calmly(at(1h + 100ms), all, false));
  EXPECT_TRUE(pair.follower.follows_calmly(pair.leader, at(1h + 500ms)));
}

TEST(RaftCalm, AJumpAppendsWhatArrivedMeanwhile) {
  Pair pair(zeebe());
  Core::Jump jump;
  jump.to = at(10s);
  jump.live = all;
  jump.contact = at(10s);
  jump.arrivals = 1'000'000;
  jump.bytes_each = 512;
  pair.leader.jump_as_leader(jump);
  pair.follower.jump_as_follower(pair.leader, jump);
  for (const Core* core : {&pair.leader, &pair.follower}) {
    EXPECT_EQ(core->log().last_index(), 1'000'001u);
    EXPECT_EQ(core->commit(), 1'000'001u);
    EXPECT_EQ(core->durable(), 1'000'001u);
    EXPECT_EQ(core->log().runs().size(), 2u);
  }
  EXPECT_EQ(pair.leader.progress(2).match, 1'000'001u);
}

}  // namespace calm_test
}  // namespace nines::raft
