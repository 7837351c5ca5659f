#include "analysis/load/closed_network.hpp"

#include <gtest/gtest.h>

namespace nines::analysis {
namespace closed_network_test {

const ClosedNetwork loop{.stations = {{0.5}, {0.3}, {0.2}}, .think_s = 4};

TEST(ClosedNetwork, OneCustomerNeverWaits) {
  const Loop one = mean_value_analysis(loop, 1);
  EXPECT_NEAR(one.time_s, 1, 1e-12);
  EXPECT_NEAR(one.per_s, 0.2, 1e-12);
}

TEST(ClosedNetwork, BalancedStationsServeNOverNPlusMMinusOne) {
  const ClosedNetwork balanced{.stations = {{1}, {1}, {1}}, .think_s = 0};
  for (const int n : {1, 2, 5, 40}) {
    EXPECT_NEAR(mean_value_analysis(balanced, n).per_s, n / (n + 2.0), 1e-12);
    EXPECT_NEAR(balanced_bounds(balanced, n).least_per_s, n / (n + 2.0), 1e-12);
    EXPECT_NEAR(balanced_bounds(balanced, n).most_per_s, n / (n + 2.0), 1e-12);
  }
}

TEST(ClosedNetwork, BoundsHoldTheExactAnswerAndTheTighterOnesLieInsideTheOthers) {
  for (int n = 1; n < 40; ++n) {
    const Loop exact = mean_value_analysis(loop, n);
    const LoopBounds wide = asymptotic_bounds(loop, n), tight = balanced_bounds(loop, n);
    EXPECT_LE(wide.least_per_s, tight.least_per_s + 1e-12);
    EXPECT_LE(tight.least_per_s, exact.per_s + 1e-12);
    EXPECT_LE(exact.per_s, tight.most_per_s + 1e-12);
    EXPECT_LE(tight.most_per_s, wide.most_per_s + 1e-12);
    EXPECT_LE(tight.least_time_s, exact.time_s + 1e-12);
    EXPECT_LE(exact.time_s, tight.most_time_s + 1e-12);
  }
}

// The machine repairman: 3 customers, one exponential server, think time 2: the probabilities of 0 to 3 present are 1, 1.5, 1.5 and 0.75 parts.
TEST(ClosedNetwork, AreTheMachineRepairman) {
  const Loop repair = mean_value_analysis({.stations = {{1}}, .think_s = 2}, 3);
  EXPECT_NEAR(repair.per_s, 1 - 1 / 4.75, 1e-12);
  EXPECT_NEAR(repair.present[0], (1.5 + 3 + 2.25) / 4.75, 1e-12);
}

TEST(ClosedNetwork, TheKneeIsWhereTheAsymptotesMeet) {
  EXPECT_NEAR(knee(loop), 10, 1e-12);
  const LoopBounds at = asymptotic_bounds(loop, 10);
  EXPECT_NEAR(at.most_per_s, 2, 1e-12);
  EXPECT_NEAR(at.least_time_s, 1, 1e-12);
}

// Two servers and no thinking: exact is the truncated Erlang chain. Seidmann's approximation is within 5 % here, and exact at both ends.
TEST(ClosedNetwork, ManyServersAreOneFastOneAndADelay) {
  const ClosedNetwork two{.stations = {{1, 2}}, .think_s = 2};
  EXPECT_NEAR(mean_value_analysis(two, 1).per_s, 1.0 / 3, 1e-12);
  EXPECT_NEAR(mean_value_analysis(two, 400).per_s, 2, 1e-3);
  // Four customers: parts of 0 to 4 present are 1, 2, 1.5, 0.75 and 0.1875.
  const double exact = (2 * 1 + (1.5 + 0.75 + 0.1875) * 2) / 5.4375;
  EXPECT_NEAR(mean_value_analysis(two, 4).per_s, exact, 0.07 * exact);
}

}  // namespace closed_network_test
}  // namespace nines::analysis
