// Changes of a group's members. Sections are those of the Raft paper (6) and of Ongaro's thesis (4).
#include "models/raft/core.hpp"

#include <gtest/gtest.h>

#include "models/quorum/change.hpp"
#include "tests/models/raft/circle.hpp"

namespace nines::raft {
namespace membership_test {

using quorum::contains;
using quorum::member;
using testing_worlds::etcd;
using testing_worlds::raft_paper;

Profile changing(Membership membership, ConfigurationCounts counts) {
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  p.membership = membership;
  p.configuration_counts = counts;
  return p;
}

Configuration joint(const Configuration& from, const Configuration& to) {
  Configuration c = to;
  c.outgoing = from.incoming;
  c.auto_leave = true;
  return c;
}

// Everything below holds whether a configuration counts from the log or from its application.
class RaftMembership : public testing::TestWithParam<ConfigurationCounts> {
 protected:
  Profile single() const { return changing(Membership::single, GetParam()); }
  Profile joint_changes() const { return changing(Membership::joint, GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(, RaftMembership, testing::Values(ConfigurationCounts::appended, ConfigurationCounts::applied),
                         [](const auto& each) { return each.param == ConfigurationCounts::appended ? "Appended" : "Applied"; });

// Thesis 4.1: one server at a time. The newcomer is sent the whole log and votes from then on.
TEST_P(RaftMembership, AVoterIsAddedAndCaughtUp) {
  Circle group(single(), 4, voters({0, 1, 2}));
  group.campaign(0);
  for (int i = 0; i < 5; ++i) group.step(0, Propose{});
  group.step(0, Reconfigure{voters({0, 1, 2, 3})});
  group.pass(1s);
  for (Member m = 0; m < 4; ++m) {
    EXPECT_EQ(group[m].configuration(), voters({0, 1, 2, 3})) << int{m};
    EXPECT_EQ(group[m].log().runs(), group[0].log().runs()) << int{m};
  }
  EXPECT_EQ(group[0].commit(), 7u);
  group.cut_off(1);
  group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), 8u) << "three of four agree";
  group.cut_off(2);
  group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), 8u) << "two of four do not";
}

// Thesis 4.1: two at once could decide without each other.
TEST_P(RaftMembership, TwoVotersAtOnceAreRefusedWithoutAJointConfiguration) {
  Circle group(single(), 5, voters({0, 1, 2}));
  group.campaign(0);
  const Index before = group[0].log().last_index();
  for (const Configuration& wish : {voters({0, 1, 2, 3, 4}), voters({0, 1, 3}), Configuration{}, joint(voters({0, 1, 2}), voters({0, 3, 4}))}) {
    group.step(0, Reconfigure{wish});
    EXPECT_EQ(group[0].log().last_index(), before);
  }
}

TEST_P(RaftMembership, IsFixedWhereTheProfileSaysSo) {
  Circle group(changing(Membership::fixed, GetParam()), 4, voters({0, 1, 2}));
  group.campaign(0);
  group.step(0, Reconfigure{voters({0, 1, 2, 3})});
  EXPECT_EQ(group[0].configuration(), voters({0, 1, 2}));
  EXPECT_EQ(group[0].log().last_index(), 1u);
}

// Section 6: both majorities must agree until the old one has been left, and the leader leaves it by itself. Who has been removed may not know
// it and campaigns; that voters do not listen while they hear a leader keeps it from harm.
TEST_P(RaftMembership, AJointChangeReplacesTheWholeGroup) {
  Profile p = joint_changes();
  p.vote_lease = VoteLease::ignore;
  Circle group(p, 6, voters({0, 1, 2}));
  group.campaign(0);
  group.step(0, Propose{});
  group.step(0, Reconfigure{joint(voters({0, 1, 2}), voters({3, 4, 5}))});
  group.pass(2s);
  const Member leader = group.leader();
  ASSERT_TRUE(leader >= 3 && leader != nobody) << "the old leader has stepped down, and one of the new members leads";
  for (Member m = 3; m < 6; ++m) {
    EXPECT_EQ(group[m].configuration(), voters({3, 4, 5}));
    EXPECT_EQ(group[m].log().runs(), group[leader].log().runs());
  }
  group.step(leader, Propose{});
  EXPECT_EQ(group[leader].commit(), group[leader].log().last_index());
}

TEST_P(RaftMembership, WhileItIsJointNeitherMajorityDecidesAlone) {
  Circle group(joint_changes(), 5, voters({0, 1, 2}));
  group.campaign(0);
  Configuration stay = joint(voters({0, 1, 2}), voters({0, 3, 4}));
  stay.auto_leave = false;
  group.step(0, Reconfigure{stay});
  group.pass(1s);
  ASSERT_TRUE(group[0].configuration().joint());
  const Index before = group[0].commit();
  group.cut_off(3), group.cut_off(4);
  group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), before) << "a majority of the old voters only";
  group.heal();
  group.pass(200ms);
  EXPECT_GT(group[0].commit(), before);
  const Index both = group[0].commit();
  group.cut_off(1), group.cut_off(2);
  group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), both) << "a majority of the new voters only";
  group.heal();
  group.pass(200ms);
  group.step(0, Reconfigure{quorum::leave_joint(stay).configuration});
  group.pass(200ms);
  EXPECT_EQ(group[0].configuration(), voters({0, 3, 4}));
}

// Its predecessor was lost between the joint configuration and the way out of it.
TEST_P(RaftMembership, ANewLeaderLeavesTheJointConfigurationThatItFinds) {
  Circle group(joint_changes(), 5, joint(voters({0, 1, 2}), voters({0, 3, 4})));
  group.campaign(3);
  group.pass(100ms);
  ASSERT_EQ(group.leader(), 3);
  for (const int m : {0, 3, 4}) EXPECT_EQ(group[static_cast<Member>(m)].configuration(), voters({0, 3, 4})) << m;
}

// Its answers may still be on their way, and must not fetch it anything.
TEST_P(RaftMembership, WhoWasRemovedIsNotListenedTo) {
  Circle group(single(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.step(0, Propose{});
  group.step(0, Reconfigure{voters({0, 1})});
  group.pass(100ms);
  group.step(0, Propose{});
  ASSERT_EQ(group[0].log().last_index(), 4u);
  const std::uint64_t sent = group.sent(Kind::append);
  const Index match = group[0].progress(2).match;
  for (Message late : {append_ack(2, group[0].term(), 3), append_refused(2, group[0].term(), 3, 1), heartbeat_ack(2, group[0].term(), 3)}) {
    group.step(0, Received{late});
    EXPECT_EQ(group.sent(Kind::append), sent);
    EXPECT_EQ(group[0].progress(2).match, match);
  }
}

// Section 6: a leader that is not part of the new configuration steps down once that is committed.
TEST_P(RaftMembership, ALeaderThatRemovesItselfStepsDownAndTheOthersGoOn) {
  Circle group(single(), 3, voters({0, 1, 2}));
  group.campaign(0);
  group.step(0, Reconfigure{voters({1, 2})});
  group.pass(75ms);
  EXPECT_EQ(group[0].role(), Role::follower);
  group.pass(2s);
  const Member leader = group.leader();
  ASSERT_TRUE(leader == 1 || leader == 2);
  EXPECT_EQ(group[leader].configuration(), voters({1, 2}));
  EXPECT_EQ(group[0].role(), Role::follower) << "who has been removed does not campaign";
}

// Ongaro, raft-dev 2015-07-10: before an entry of its own term is committed a leader does not know which configuration counts.
TEST(RaftMembershipBug, NoChangeBeforeAnEntryOfTheOwnTermIsCommitted) {
  Replica alone(changing(Membership::single, ConfigurationCounts::appended));
  elect(alone);
  ASSERT_FALSE(alone->committed_in_term());
  alone.does(Reconfigure{voters({0, 1})});
  EXPECT_EQ(alone->log().last_index(), 1u);
  alone.writes_all();
  alone.hears(append_ack(1, 1, 1));
  ASSERT_TRUE(alone->committed_in_term());
  alone.does(Reconfigure{voters({0, 1})});
  EXPECT_EQ(alone->log().last_index(), 2u);
}

TEST_P(RaftMembership, OnlyOneChangeIsUnderWay) {
  Circle group(single(), 4, voters({0, 1, 2}));
  group.campaign(0);
  group.cut_off(1), group.cut_off(2);
  group.step(0, Reconfigure{voters({0, 1})});
  const Index first = group[0].log().last_index();
  group.step(0, Reconfigure{voters({0, 2})});
  EXPECT_EQ(group[0].log().last_index(), first);
}

// Raft paper 5.4: what was never committed can be replaced, and the configuration with it.
TEST(RaftConfigurationInTheLog, IsTakenBackWithItsEntry) {
  Circle group(changing(Membership::single, ConfigurationCounts::appended), 4, voters({0, 1, 2}));
  group.campaign(0);
  group.cut_off(0);
  group.step(0, Reconfigure{voters({0, 1, 2, 3})});
  EXPECT_EQ(group[0].configuration(), voters({0, 1, 2, 3})) << "it counts from the log";
  group.campaign(1);
  ASSERT_EQ(group[1].role(), Role::leader);
  group.step(1, Propose{});
  group.heal();
  group.pass(500ms);
  EXPECT_EQ(group[0].configuration(), voters({0, 1, 2}));
  EXPECT_EQ(group[0].log(), group[group.leader()].log());
}

// Thesis 4.2.1: it is sent the log and counted nowhere.
TEST_P(RaftMembership, ALearnerFollowsAndNeverCounts) {
  Configuration with = voters({0, 1, 2});
  with.learners = member(3);
  Circle group(single(), 4, voters({0, 1, 2}));
  group.campaign(0);
  group.step(0, Reconfigure{with});
  group.pass(200ms);
  group.step(0, Propose{});
  EXPECT_EQ(group[3].log().runs(), group[0].log().runs());
  const Index before = group[0].commit();
  group.cut_off(1), group.cut_off(2);
  group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), before) << "two hold it, of whom one votes";
  group.cut_off(0);
  group.pass(5s);
  EXPECT_EQ(group[3].role(), Role::follower) << "a learner does not campaign";
  EXPECT_EQ(group[3].term(), group[0].term());
}

// TiKV: a witness votes and acknowledges, and is of no use as leader.
TEST_P(RaftMembership, AWitnessVotesAndNeverLeads) {
  Configuration with = voters({0, 1, 2});
  with.witnesses = member(2);
  Circle group(single(), 3, with);
  group.campaign(0);
  group.cut_off(1);
  group.step(0, Propose{});
  EXPECT_EQ(group[0].commit(), 2u) << "the witness makes the majority";
  group.step(0, HandOver{2});
  EXPECT_EQ(group.leader(), 0);
  group.cut_off(0);
  group.pass(5s);
  EXPECT_EQ(group[2].role(), Role::follower);
}

// etcd issue 7280: it would count votes by a configuration that the others have left.
TEST(RaftConfigurationApplied, WhoHasNotAppliedACommittedConfigurationDoesNotCampaign) {
  Replica replica(changing(Membership::single, ConfigurationCounts::applied));
  Message change = append(1, 1, {}, 1, 1, 1);
  change.change = Change{1, voters({0, 1})};
  replica.hears(change);
  replica.writes_all();
  ASSERT_EQ(replica->commit(), 1u);
  ASSERT_EQ(replica->applied(), 0u);
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::follower);
  replica.does(Applied{1});
  EXPECT_EQ(replica->configuration(), voters({0, 1}));
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::candidate);
}

TEST_P(RaftMembership, SurvivesARestart) {
  Circle group(single(), 4, voters({0, 1, 2}));
  group.campaign(0);
  group.step(0, Reconfigure{voters({0, 1, 2, 3})});
  group.pass(500ms);
  for (Member m = 0; m < 4; ++m) {
    group.restart(m);
    EXPECT_EQ(group[m].configuration(), voters({0, 1, 2, 3})) << int{m};
  }
  group.pass(2s);
  EXPECT_NE(group.leader(), nobody);
}

// Zeebe ForceConfigure, used when a region is lost: the survivors become the group, and their next leader writes that into the log.
TEST(RaftForcedConfiguration, LetsTheSurvivorsOfALostQuorumGoOn) {
  Circle group(changing(Membership::joint, ConfigurationCounts::appended), 4, voters({0, 1, 2, 3}));
  group.campaign(0);
  group.step(0, Propose{});
  group.cut_off(2), group.cut_off(3);
  group.step(0, Propose{});
  ASSERT_EQ(group[0].commit(), 2u) << "two of four decide nothing";
  for (const Member m : {Member{0}, Member{1}}) group.step(m, ForceConfiguration{voters({0, 1})});
  group.pass(2s);
  const Member leader = group.leader();
  ASSERT_TRUE(leader == 0 || leader == 1);
  EXPECT_EQ(group[leader].commit(), group[leader].log().last_index());
  EXPECT_EQ(group[leader].log().changes().back().configuration, voters({0, 1})) << "it stands in the log";
  for (const Member m : {Member{0}, Member{1}}) {
    group.restart(m);
    EXPECT_EQ(group[m].configuration(), voters({0, 1}));
  }
}

}  // namespace membership_test
}  // namespace nines::raft
