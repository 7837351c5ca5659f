#include "models/quorum/quorum.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "sim/base/random.hpp"

namespace nines::quorum {
namespace quorum_test {

// Raft paper 5.2: a majority is more than half.
TEST(Quorum, AMajorityIsMoreThanHalf) {
  const int expected[] = {1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
  for (int n = 0; n < 10; ++n) EXPECT_EQ(majority(n), expected[n]) << n;
}

TEST(Quorum, FourVotersTolerateNoMoreLossesThanThree) {
  EXPECT_EQ(tolerated_failures(3), 1);
  EXPECT_EQ(tolerated_failures(4), 1);
  EXPECT_EQ(tolerated_failures(5), 2);
  EXPECT_EQ(tolerated_failures(1), 0);
  EXPECT_EQ(tolerated_failures(2), 0);
}

TEST(Quorum, OnlyVotersCount) {
  EXPECT_FALSE(has_quorum(0b1111'1000, 0b0000'0111));  // Five learners are no quorum of three voters.
  EXPECT_TRUE(has_quorum(0b1111'1011, 0b0000'0111));
}

// Any two quorums share a member: the property everything else stands on. All pairs of sets over five members.
TEST(Quorum, AnyTwoQuorumsShareAVoter) {
  for (unsigned voters = 1; voters < 32; ++voters)
    for (unsigned a = 0; a < 32; ++a)
      for (unsigned b = 0; b < 32; ++b) {
        const auto all = static_cast<Members>(voters);
        if (!has_quorum(static_cast<Members>(a), all) || !has_quorum(static_cast<Members>(b), all)) continue;
        EXPECT_NE(a & b & voters, 0u) << voters << ' ' << a << ' ' << b;
      }
}

TEST(Quorum, AVoteIsLostAsSoonAsItCannotBeWon) {
  const Members five = first_members(5);
  EXPECT_EQ(vote_result(0b00011, 0b00000, five), Vote::pending);
  EXPECT_EQ(vote_result(0b00111, 0b00000, five), Vote::won);
  EXPECT_EQ(vote_result(0b00011, 0b01100, five), Vote::pending);
  EXPECT_EQ(vote_result(0b00011, 0b11100, five), Vote::lost);
  EXPECT_EQ(vote_result(0b0001, 0b0110, first_members(4)), Vote::lost);  // Two of four left: no majority of four.
  EXPECT_EQ(vote_result(0, 0, Members{0}), Vote::won);
}

TEST(Quorum, AJointVoteNeedsBothMajorities) {
  const Configuration joint{.incoming = 0b000111, .outgoing = 0b111000};
  EXPECT_EQ(vote_result(0b000111, 0, joint), Vote::pending);
  EXPECT_EQ(vote_result(0b011111, 0, joint), Vote::won);
  EXPECT_EQ(vote_result(0b000111, 0b110000, joint), Vote::lost);
  EXPECT_TRUE(has_quorum(0b011110, joint));
  EXPECT_FALSE(has_quorum(0b111001, joint));
}

// The definition, counted the slow way: the largest index that at least a majority holds.
std::uint64_t committed_by_counting(const std::vector<std::uint64_t>& match, Members voters) {
  std::uint64_t best = 0;
  for (const std::uint64_t candidate : match) {
    int holders = 0;
    for (int i = 0; i < max_members; ++i)
      if (contains(voters, i) && static_cast<std::size_t>(i) < match.size() && match[static_cast<std::size_t>(i)] >= candidate) ++holders;
    if (holders >= majority(count(voters))) best = std::max(best, candidate);
  }
  return best;
}

TEST(Quorum, CommittedIndexAgreesWithCountingHolders) {
  const Streams streams(7);
  const Stream draws = streams.of(0, Purpose::test);
  for (std::uint64_t round = 0; round < 20'000; ++round) {
    const Words words = draws.words({.index = round});
    std::vector<std::uint64_t> match(1 + words[0] % 16);
    for (std::size_t i = 0; i < match.size(); ++i) match[i] = (words[1] >> (4 * i)) % 16;
    const auto voters = static_cast<Members>(words[2]);
    if (voters == 0) continue;
    ASSERT_EQ(committed_index(match, voters), committed_by_counting(match, voters)) << round;
  }
}

TEST(Quorum, CommittedIndexOfThreeIsTheMiddleOne) {
  const std::array<std::uint64_t, 3> match{101, 99, 0};
  EXPECT_EQ(committed_index(match, first_members(3)), 99u);
  EXPECT_EQ(committed_index(match, first_members(2)), 99u);  // Both of two.
  EXPECT_EQ(committed_index(match, first_members(4)), 0u);   // Three of four, one of them unheard of.
}

TEST(Quorum, AJointConfigurationCommitsWhatBothHalvesHold) {
  const std::array<std::uint64_t, 6> match{10, 10, 1, 5, 6, 1};
  EXPECT_EQ(committed_index(match, Configuration{.incoming = 0b000111, .outgoing = 0b111000}), 5u);
  EXPECT_EQ(committed_index(match, Configuration{.incoming = 0b000111}), 10u);
  EXPECT_EQ(committed_index(match, Configuration{}), everything);
}

TEST(Quorum, CountsTheLossesThatStopAGroup) {
  EXPECT_EQ(losses_to_stop(first_members(3), first_members(3)), 2);
  EXPECT_EQ(losses_to_stop(0b011, first_members(3)), 1);
  EXPECT_EQ(losses_to_stop(0b001, first_members(3)), 0);
  EXPECT_EQ(losses_to_stop(first_members(4), first_members(4)), 2);
}

static_assert(has_quorum(Members{0b011}, first_members(3)), "usable at compile time");

}  // namespace quorum_test
}  // namespace nines::quorum
