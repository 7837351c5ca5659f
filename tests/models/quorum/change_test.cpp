#include "models/quorum/change.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "sim/base/random.hpp"

namespace nines::quorum {
namespace change_test {

using Kind = Change::Kind;

constexpr Configuration three_voters{.incoming = 0b0111};

constexpr Changed simple(Configuration from, std::initializer_list<Change> changes) {
  return simple_change(from, std::span<const Change>(changes.begin(), changes.size()));
}
constexpr Changed joint(Configuration from, std::initializer_list<Change> changes) {
  return enter_joint(from, true, std::span<const Change>(changes.begin(), changes.size()));
}

static_assert(simple(three_voters, {{Kind::voter, 3}}).configuration == Configuration{.incoming = 0b1111}, "usable at compile time");

TEST(Change, OneVoterJoinsOrLeavesAtATime) {
  EXPECT_EQ(simple(three_voters, {{Kind::remove, 0}}).configuration, (Configuration{.incoming = 0b0110}));
  const Changed swap = simple(three_voters, {{Kind::voter, 3}, {Kind::remove, 0}});
  EXPECT_EQ(swap.refusal, Refusal::more_than_one_voter);
  EXPECT_EQ(swap.configuration, three_voters) << "a refused change changes nothing";
}

TEST(Change, LearnersMayComeManyAtATimeAndAreNeverCounted) {
  const Changed changed = simple(three_voters, {{Kind::learner, 3}, {Kind::learner, 4}, {Kind::learner, 5}});
  ASSERT_TRUE(changed.granted());
  EXPECT_EQ(changed.configuration.learners, 0b111000);
  EXPECT_FALSE(has_quorum(0b111001, changed.configuration));
  EXPECT_TRUE(has_quorum(0b000011, changed.configuration));
  EXPECT_EQ(vote_result(0b111001, 0b000110, changed.configuration), Vote::lost);
  const std::array<std::uint64_t, 6> match{9, 2, 1, 9, 9, 9};
  EXPECT_EQ(committed_index(match, changed.configuration), 2u);
}

TEST(Change, TheLastVoterCannotLeave) {
  EXPECT_EQ(simple({.incoming = 0b1}, {{Kind::remove, 0}}).refusal, Refusal::all_voters_removed);
  EXPECT_EQ(simple({.incoming = 0b1}, {{Kind::learner, 0}}).refusal, Refusal::all_voters_removed);
  EXPECT_EQ(joint({.incoming = 0b1}, {{Kind::remove, 0}}).refusal, Refusal::all_voters_removed);
  EXPECT_EQ(joint({}, {{Kind::voter, 0}}).refusal, Refusal::no_voters);
}

TEST(Change, NobodyIsLeftAlone) {
  EXPECT_EQ(simple(three_voters, {{Kind::remove, max_members}, {Kind::update, 0}, {Kind::remove, 9}}).configuration, three_voters);
}

TEST(Change, AJointConfigurationIsEnteredOnceAndLeftOnce) {
  const Changed entered = joint(three_voters, {{Kind::voter, 3}, {Kind::remove, 0}});
  ASSERT_TRUE(entered.granted());
  EXPECT_EQ(entered.configuration, (Configuration{.incoming = 0b1110, .outgoing = 0b0111, .auto_leave = true}));
  EXPECT_EQ(joint(entered.configuration, {}).refusal, Refusal::already_joint);
  EXPECT_EQ(simple(entered.configuration, {{Kind::learner, 5}}).refusal, Refusal::joint);
  const Changed left = leave_joint(entered.configuration);
  EXPECT_EQ(left.configuration, (Configuration{.incoming = 0b1110}));
  EXPECT_EQ(leave_joint(left.configuration).refusal, Refusal::not_joint);
}

// Raft thesis 4.3: during the change neither the old voters nor the new decide alone, so no leader of the one half can overlook the other.
TEST(Change, NeitherHalfDecidesAlone) {
  const Configuration c = joint(three_voters, {{Kind::voter, 3}, {Kind::voter, 4}, {Kind::voter, 5}, {Kind::remove, 0}, {Kind::remove, 1}}).configuration;
  ASSERT_EQ(c.incoming, 0b111100);
  EXPECT_FALSE(has_quorum(0b000111, c)) << "the old voters alone";
  EXPECT_FALSE(has_quorum(0b111000, c)) << "three of the four new ones, with no majority of the old";
  EXPECT_TRUE(has_quorum(0b111001 | 0b000010, c));
}

// A demoted voter votes in the outgoing half to the end: only then is it a learner.
TEST(Change, ADemotedVoterBecomesALearnerWhenTheOldHalfIsLeft) {
  const Configuration c = joint(three_voters, {{Kind::learner, 0}, {Kind::voter, 3}}).configuration;
  EXPECT_EQ(c, (Configuration{.incoming = 0b1110, .outgoing = 0b0111, .learners_next = 0b0001, .auto_leave = true}));
  EXPECT_EQ(leave_joint(c).configuration, (Configuration{.incoming = 0b1110, .learners = 0b0001}));
  // Promoted again before that, it never was one.
  EXPECT_EQ(joint(three_voters, {{Kind::learner, 0}, {Kind::voter, 0}}).configuration.learners_next, 0);
}

TEST(Change, AWitnessIsAVoterWithoutDataUntilItStopsVoting) {
  const Configuration c = simple(three_voters, {{Kind::witness, 3}}).configuration;
  EXPECT_EQ(c, (Configuration{.incoming = 0b1111, .witnesses = 0b1000}));
  EXPECT_EQ(c.with_data(), 0b0111);
  EXPECT_FALSE(has_quorum(0b0011, c));
  EXPECT_TRUE(has_quorum(0b1011, c));
  EXPECT_EQ(simple(c, {{Kind::voter, 3}}).configuration, c) << "a voter stays as it is";
  EXPECT_EQ(simple(c, {{Kind::learner, 3}}).configuration, (Configuration{.incoming = 0b0111, .learners = 0b1000}));
  const Configuration leaving = joint(c, {{Kind::remove, 3}}).configuration;
  EXPECT_EQ(leaving.witnesses, 0b1000) << "it still votes in the outgoing half";
  EXPECT_EQ(leave_joint(leaving).configuration, three_voters);
}

// etcd raft.proto, ConfChangeTransition: what a request asks for decides how it is carried out.
TEST(Change, ARequestChoosesItsWay) {
  ChangeRequest one;
  one.add({Kind::voter, 3});
  EXPECT_FALSE(apply(three_voters, one).configuration.joint());
  ChangeRequest two = one;
  two.add({Kind::voter, 4});
  EXPECT_EQ(apply(three_voters, two).configuration, (Configuration{.incoming = 0b11111, .outgoing = 0b00111, .auto_leave = true}));
  ChangeRequest by_hand = one;
  by_hand.transition = Transition::joint_explicit;
  const Configuration entered = apply(three_voters, by_hand).configuration;
  EXPECT_EQ(entered, (Configuration{.incoming = 0b1111, .outgoing = 0b0111}));
  EXPECT_EQ(apply(entered, ChangeRequest{}).configuration, (Configuration{.incoming = 0b1111}));
}

Configuration drawn_configuration(const Words& words) {
  Configuration c;
  c.incoming = static_cast<Members>(1u + words[0] % 31u);
  c.learners = static_cast<Members>((words[0] >> 8) & 0b11111u & ~unsigned{c.incoming});
  return c;
}

std::vector<Change> drawn_changes(std::uint64_t word) {
  std::vector<Change> changes(word % 6);
  for (Change& change : changes) {
    word >>= 8;
    change = {static_cast<Kind>(word % 5), static_cast<std::uint8_t>((word >> 3) % 6)};
  }
  return changes;
}

bool every_pair_of_quorums_meets(const Configuration& a, const Configuration& b) {
  for (unsigned first = 0; first < 64; ++first) {
    if (!has_quorum(static_cast<Members>(first), a)) continue;
    // Its complement holds everybody else: if that is a quorum of the other, the two never met.
    if (has_quorum(static_cast<Members>(~first & 63u), b)) return false;
  }
  return true;
}

// The safety of every way from one configuration to the next: two decisions, one in each, have a voter in common (thesis 4.1 and 4.3).
TEST(Change, QuorumsBeforeAndAfterAnyGrantedChangeMeet) {
  const Streams streams(11);
  const Stream draws = streams.of(0, Purpose::test);
  int granted = 0;
  for (std::uint64_t round = 0; round < 5'000; ++round) {
    const Words words = draws.words({.index = round});
    const Configuration from = drawn_configuration(words);
    const std::vector<Change> changes = drawn_changes(words[1]);
    for (const Changed& changed : {simple_change(from, changes), enter_joint(from, false, changes)}) {
      ASSERT_TRUE(consistent(changed.configuration)) << round;
      if (!changed.granted()) continue;
      ++granted;
      ASSERT_TRUE(every_pair_of_quorums_meets(from, changed.configuration)) << round;
      if (!changed.configuration.joint()) continue;
      const Configuration left = leave_joint(changed.configuration).configuration;
      ASSERT_TRUE(consistent(left)) << round;
      ASSERT_TRUE(every_pair_of_quorums_meets(changed.configuration, left)) << round;
    }
  }
  EXPECT_GT(granted, 5'000);
}

// Why more than one voter at a time needs the joint way: here two majorities never meet.
TEST(Change, TwoVotersAtOnceCouldDecideTwice) { EXPECT_FALSE(every_pair_of_quorums_meets({.incoming = 0b0111}, {.incoming = 0b11111})); }

}  // namespace change_test
}  // namespace nines::quorum
