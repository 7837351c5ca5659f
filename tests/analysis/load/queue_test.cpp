#include "analysis/load/queue.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace nines::analysis {
namespace queue_test {

TEST(Queue, OneServerWithExponentialServiceTakesServiceOverOneMinusLoad) {
  EXPECT_NEAR(mm1_time_s(0.5, 1), 2, 1e-12);
  EXPECT_NEAR(mm1_time_s(0.8, 1), 5, 1e-12);
  EXPECT_NEAR(mm1_time_s(0.9, 1), 10, 1e-12);
  EXPECT_NEAR(mm1_time_quantile_s(0.5, 1, 0.99), 9.2103, 1e-4);
  EXPECT_NEAR(mm1_time_quantile_s(0.8, 1, 0.99), 23.0259, 1e-4);
  EXPECT_NEAR(mm1_time_quantile_s(0.9, 1, 0.99), 46.0517, 1e-4);
  EXPECT_TRUE(std::isinf(mm1_time_s(1, 1)));
}

TEST(Queue, ConstantServiceWaitsHalfAsLong) {
  EXPECT_NEAR(md1_time_s(0.5, 1), 1.5, 1e-12);
  EXPECT_NEAR(md1_time_s(0.8, 1), 3.0, 1e-12);
  EXPECT_NEAR(md1_time_s(0.9, 1), 5.5, 1e-12);
}

TEST(Queue, AnyServiceWaitsByItsMeanSquare) {
  EXPECT_NEAR(mg1_wait_s(0.8, 1, 2), mm1_time_s(0.8, 1) - 1, 1e-12);
  // Of M/M/1 the wait is 0 with probability 1 - load, else exponential with the mean of the whole time: variance (2 - load) load / (1 - load)^2.
  EXPECT_NEAR(mg1_wait_variance_s2(0.8, 1, 2, 6), (2 - 0.8) * 0.8 / 0.04, 1e-9);
  EXPECT_NEAR(mg1_wait_quantile_s(0.8, 1, 2, 0.99), 5 * std::log(80.0), 1e-9);
  EXPECT_EQ(mg1_wait_quantile_s(0.1, 1, 2, 0.5), 0);
}

TEST(Queue, ManyServersWaitAsErlangsSecondFormulaSays) {
  EXPECT_NEAR(erlang_c(2, 1.6), 0.7111, 5e-5);
  EXPECT_NEAR(erlang_c(4, 3.2), 0.5964, 5e-5);
  EXPECT_NEAR(erlang_c(1, 0.7), 0.7, 1e-12);
  EXPECT_NEAR(mmc_wait_s(1.6, 1, 2), erlang_c(2, 1.6) / 0.4, 1e-12);
  EXPECT_NEAR(mmc_wait_quantile_s(1.6, 1, 2, 0.9), std::log(erlang_c(2, 1.6) / 0.1) / 0.4, 1e-12);
}

TEST(Queue, WaitingForBothOfTwoIsAForkAndAJoin) {
  EXPECT_NEAR(fork_join_of_two_s(0.5, 1), 2.875, 1e-12);
  EXPECT_NEAR(fork_join_of_two_s(0.8, 1), 7.0, 1e-12);
}

}  // namespace queue_test
}  // namespace nines::analysis
