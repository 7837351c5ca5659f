#include "analysis/load/group_commit.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace nines::analysis {
namespace group_commit_test {

// The formula and a simulation of 3e5 entries, in units of the fsync: 1.2259, 1.4683 | 1.4684, 1.5000 | 1.4995; 1.4286 | 1.4278, 1.8571 | 1.8727.
TEST(GroupCommit, TakesFromOneFsyncUpToOneAndTheRestOfTheRunningOne) {
  EXPECT_NEAR(group_commit(0.5, Law::fixed(1s)).time_s, 1.2259, 5e-5);
  EXPECT_NEAR(group_commit(2, Law::fixed(1s)).time_s, 1.4683, 5e-5);
  EXPECT_NEAR(group_commit(20, Law::fixed(1s)).time_s, 1.5, 5e-5);
  EXPECT_NEAR(group_commit(0.5, Law::exponential(1s)).time_s, 1.4286, 5e-5);
  EXPECT_NEAR(group_commit(2, Law::exponential(1s)).time_s, 1.8571, 5e-5);
  EXPECT_NEAR(group_commit(1e-6, Law::exponential(1s)).time_s, 1, 1e-5);
  EXPECT_NEAR(group_commit(1e6, Law::exponential(1s)).time_s, 2, 1e-5);
}

TEST(GroupCommit, FsyncsAreNeverMoreThanEntriesAndNeverMoreThanOneAfterTheOther) {
  const Law law = Law::lognormal(1ms, 0.5);
  double before = 0;
  for (const double rate : {1.0, 100.0, 1000.0, 10'000.0, 100'000.0}) {
    const GroupCommit at = group_commit(rate, law);
    EXPECT_LE(at.flushes_per_s, rate);
    EXPECT_LE(at.flushes_per_s, 1 / law.mean_s());
    EXPECT_GT(at.flushes_per_s, before);
    EXPECT_NEAR(at.batch * at.flushes_per_s, rate, 1e-9 * rate);
    before = at.flushes_per_s;
  }
}

TEST(GroupCommit, TheTransformOfALawIsThatOfItsSamples) {
  EXPECT_NEAR(nobody_arrives_during(Law::gamma(1s, 2), 3), std::pow(1 + 1.5, -2), 1e-12);
  EXPECT_NEAR(nobody_arrives_during(Law::uniform(0s, 2s), 1), (1 - std::exp(-2)) / 2, 1e-6);
  // Cut off at one mean.
  const Law cut = Law::exponential(1s).truncated(0s, 1s);
  EXPECT_NEAR(nobody_arrives_during(cut, 1), (1 - std::exp(-2)) / 2 + std::exp(-2), 1e-4);
}

// Beside a simulation of the same: 2.976, 1.875, 1.945, 1.516.
TEST(GroupCommit, WithALimitOfTheBatchItIsBaileysBulkQueue) {
  EXPECT_NEAR(bulk_queue(0.8, 1, 1).time_s, 3.0, 1e-6);  // M/D/1.
  EXPECT_NEAR(bulk_queue(3.2, 1, 4).time_s, 1.8795, 5e-5);
  EXPECT_NEAR(bulk_queue(7.2, 1, 8).time_s, 1.9499, 5e-5);
  EXPECT_NEAR(bulk_queue(2, 1, 4).time_s, 1.5170, 5e-5);
}

TEST(GroupCommit, ALargeLimitIsNone) {
  EXPECT_NEAR(bulk_queue(2, 1, 40).time_s, group_commit(2, Law::fixed(1s)).time_s, 1e-6);
  EXPECT_NEAR(bulk_queue(2000, 1e-3, 40).time_s, 1e-3 * bulk_queue(2, 1, 40).time_s, 1e-12);
}

TEST(GroupCommit, TheChainIsALawAndAtTheLimitThereIsNone) {
  const BulkQueue queue = bulk_queue(7.2, 1, 8);
  EXPECT_NEAR(std::accumulate(queue.after_each.begin(), queue.after_each.end(), 0.0), 1, 1e-10);
  EXPECT_TRUE(std::isinf(bulk_queue(8, 1, 8).time_s));
}

}  // namespace group_commit_test
}  // namespace nines::analysis
