#include "models/raft/log.hpp"

#include <gtest/gtest.h>

namespace nines::raft {
namespace log_test {

// Three entries of term 1, two of term 3, one of term 4.
Log three_terms() {
  Log log;
  log.append(1, 3, 100);
  log.append(3, 2, 100);
  log.append(4, 1, 0);
  return log;
}

TEST(RaftLog, AnEmptyLogEndsAtZeroOfTermZero) {
  const Log log;
  EXPECT_EQ(log.last_index(), 0u);
  EXPECT_EQ(log.last_term(), 0u);
  EXPECT_TRUE(log.matches(0, 0));
  EXPECT_FALSE(log.matches(1, 0));
  EXPECT_EQ(log.slice(1, 1000).count, 0u);
}

TEST(RaftLog, KnowsTheTermOfEveryEntryAndNoneBeyond) {
  const Log log = three_terms();
  constexpr Term expected[] = {0, 1, 1, 1, 3, 3, 4, 0};
  for (Index index = 0; index <= 7; ++index) EXPECT_EQ(log.term_at(index), expected[index]) << index;
}

TEST(RaftLog, AMillionEntriesOfOneTermAreOneRun) {
  Log log;
  for (int i = 0; i < 1000; ++i) log.append(2, 1000, 512);
  EXPECT_EQ(log.runs().size(), 1u);
  EXPECT_EQ(log.last_index(), 1'000'000u);
}

TEST(RaftLog, EntriesOfAnotherSizeBeginARun) {
  Log log;
  log.append(2, 1, 0);
  log.append(2, 5, 512);
  EXPECT_EQ(log.runs().size(), 2u);
  EXPECT_EQ(log.last_index(), 6u);
  log.append(2, 0, 7);
  EXPECT_EQ(log.last_index(), 6u);
}

TEST(RaftLog, TermsNeverFall) {
  Log log = three_terms();
  EXPECT_THROW(log.append(3, 1, 0), BrokenInvariant);
}

TEST(RaftLog, TruncatesInsideARunAndOverSeveral) {
  Log log = three_terms();
  log.truncate_after(6);
  EXPECT_EQ(log, three_terms());
  log.truncate_after(4);
  EXPECT_EQ(log.last_index(), 4u);
  EXPECT_EQ(log.last_term(), 3u);
  log.truncate_after(3);
  EXPECT_EQ(log.runs().size(), 1u);
  log.truncate_after(0);
  EXPECT_EQ(log.last_index(), 0u);
}

// Raft paper 5.4.1: the later last term wins, and of one term the longer log.
TEST(RaftLog, ComparesByLastTermBeforeLength) {
  const Log log = three_terms();  // Ends with (6, 4).
  EXPECT_TRUE(log.up_to_date(6, 4));
  EXPECT_TRUE(log.up_to_date(7, 4));
  EXPECT_TRUE(log.up_to_date(1, 5));
  EXPECT_FALSE(log.up_to_date(5, 4));
  EXPECT_FALSE(log.up_to_date(100, 3));
}

TEST(RaftLog, FindsWhereToTryAfterAMismatch) {
  const Log log = three_terms();
  EXPECT_EQ(log.last_not_above(6, 4), 6u);
  EXPECT_EQ(log.last_not_above(6, 3), 5u);
  EXPECT_EQ(log.last_not_above(6, 2), 3u);
  EXPECT_EQ(log.last_not_above(2, 2), 2u);
  EXPECT_EQ(log.last_not_above(6, 0), 0u);
}

TEST(RaftLog, ASliceStaysInOneRunAndWithinItsBytesButHoldsAtLeastOneEntry) {
  const Log log = three_terms();
  EXPECT_EQ(log.slice(1, 1'000'000), (raft::Run{1, 1, 3, 100}));
  EXPECT_EQ(log.slice(2, 200), (raft::Run{2, 1, 2, 100}));
  EXPECT_EQ(log.slice(2, 199), (raft::Run{2, 1, 1, 100}));
  EXPECT_EQ(log.slice(2, 1), (raft::Run{2, 1, 1, 100}));
  EXPECT_EQ(log.slice(6, 1), (raft::Run{6, 4, 1, 0}));
}

TEST(RaftLog, CountsHowManyOfAnAppendsEntriesItHolds) {
  const Log log = three_terms();
  EXPECT_EQ(log.held(1, 3, 1), 3u);
  EXPECT_EQ(log.held(2, 5, 1), 2u);  // Entry 4 is of term 3.
  EXPECT_EQ(log.held(4, 1, 1), 0u);
  EXPECT_EQ(log.held(4, 9, 3), 2u);
  EXPECT_EQ(log.held(7, 1, 4), 0u);
  Log two_sizes;
  two_sizes.append(1, 2, 0);
  two_sizes.append(1, 2, 9);
  EXPECT_EQ(two_sizes.held(1, 4, 1), 4u);
}

}  // namespace log_test
}  // namespace nines::raft
