#include "models/workload/batching.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace nines::workload {
namespace batching_test {

// E[T] = E[S] + rate E[S^2] / 2(rate E[S] + a0), checked by simulation elsewhere: 1.2259, 1.4683, 1.5000 and 1.4286, 1.8571 in units of S.
TEST(Batching, AnEntryWaitsForTheFsyncThatIsRunning) {
  const Moments fixed = moments(Law::fixed(1s)), exponential = moments(Law::exponential(1s));
  EXPECT_NEAR(1 + flush_wait_s(0.5, fixed), 1.2259, 5e-5);
  EXPECT_NEAR(1 + flush_wait_s(2, fixed), 1.4683, 5e-5);
  EXPECT_NEAR(1 + flush_wait_s(20, fixed), 1.5, 5e-5);
  EXPECT_NEAR(1 + flush_wait_s(0.5, exponential), 1.4286, 5e-5);
  EXPECT_NEAR(1 + flush_wait_s(2, exponential), 1.8571, 5e-5);
}

TEST(Batching, FsyncsAreOneForEachEntryAtFirstAndOneAfterTheOtherAtLast) {
  const Moments s = moments(Law::fixed(1ms));
  EXPECT_NEAR(flushes_per_s(1, s), 1, 1e-3);
  EXPECT_NEAR(flushes_per_s(1e6, s), 1000, 1);
}

TEST(Batching, AWindowOfOneIsGroupCommit) {
  const double ack_s = 0.01;
  const Moments s = moments(Law::exponential(from_seconds(ack_s)));
  for (const double rate : {10.0, 100.0, 1000.0}) EXPECT_NEAR(batches(rate, 1, ack_s).per_s, flushes_per_s(rate, s), 1e-9 * rate);
}

TEST(Batching, AWiderWindowSendsSmallerBatchesUntilItIsFull) {
  EXPECT_NEAR(batches(10, 6, 0.01).per_s, 10, 1e-3);
  EXPECT_NEAR(batches(1e6, 6, 0.01).per_s, 600, 1);
  EXPECT_GT(batches(300, 6, 0.01).per_s, batches(300, 2, 0.01).per_s);
  EXPECT_NEAR(batches(1e5, 512, 0.1).per_s, 512 / 0.1, 60);  // No overflow on the way.
}

}  // namespace batching_test
}  // namespace nines::workload
