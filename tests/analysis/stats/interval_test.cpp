#include "analysis/stats/interval.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace interval_test {

using test::Draws;

// Of 4,000 experiments whose interval covers with exactly 95 %, fewer than 93.6 % cover with probability below 3e-5 (4 standard errors).
constexpr int experiments = 4000;
constexpr double least_coverage = 0.95 - 4 * 0.00345;

// Garwood, Biometrika 28 (1936), table of fiducial limits.
TEST(Interval, GarwoodLimitsAreThoseOfTheTable) {
  EXPECT_EQ(garwood(0, 0.95).low, 0);
  EXPECT_NEAR(garwood(0, 0.95).high, 3.689, 5e-4);
  EXPECT_NEAR(garwood(1, 0.95).low, 0.0253, 5e-5);
  EXPECT_NEAR(garwood(1, 0.95).high, 5.572, 5e-4);
  EXPECT_NEAR(garwood(10, 0.95).low, 4.795, 5e-4);
  EXPECT_NEAR(garwood(10, 0.95).high, 18.39, 5e-3);
}

TEST(Interval, NoEventMeansTheRuleOfThree) {
  EXPECT_NEAR(garwood(0, 0.95, Sides::upper_only).high, -std::log(0.05), 1e-9);
  EXPECT_NEAR(fay_feuer(0, 0, 7, 0.95, Sides::upper_only).high, -7 * std::log(0.05), 1e-8);
}

TEST(Interval, FayFeuerOfEqualWeightsIsGarwood) {
  for (const std::uint64_t events : {1u, 4u, 50u, 100000u}) {
    WeightedSum sum;
    for (std::uint64_t e = 0; e < events; ++e) sum.add(2.5);
    const Interval weighted = fay_feuer(sum.sum, sum.squares, sum.largest, 0.95);
    const Interval counted = garwood(events, 0.95);
    EXPECT_NEAR(weighted.low, 2.5 * counted.low, 1e-6 * weighted.high);
    EXPECT_NEAR(weighted.high, 2.5 * counted.high, 1e-6 * weighted.high);
  }
}

// A schedule's downtime hardly varies: the interval closes on it instead of failing.
TEST(Interval, AVanishingVarianceClosesTheInterval) {
  for (const double variance : {1e-3, 1e-6, 1e-12, 1e-30, 1e-300, 0.0}) {
    const Interval interval = fay_feuer(1000, variance, 0, 0.95);
    EXPECT_LE(interval.low, 1000);
    EXPECT_GE(interval.high, 1000);
    EXPECT_NEAR(interval.low, 1000 - 1.96 * std::sqrt(variance), 1e-3 * std::sqrt(variance) + 1e-9) << variance;
    EXPECT_NEAR(interval.high, 1000 + 1.96 * std::sqrt(variance), 1e-3 * std::sqrt(variance) + 1e-9) << variance;
  }
}

TEST(Interval, GarwoodCoversRareEvents) {
  for (const double mean : {0.3, 1.0, 3.0, 10.0}) {
    int covered = 0;
    for (int e = 0; e < experiments; ++e) {
      const Interval interval = garwood(Draws(11, static_cast<std::uint64_t>(e)).poisson(mean), 0.95);
      covered += interval.low <= mean && mean <= interval.high;
    }
    EXPECT_GE(covered, least_coverage * experiments) << "mean " << mean;
  }
}

// Weights known before the events: partitions lost at once, one to twelve.
TEST(Interval, FayFeuerCoversSumsOfUnequalWeights) {
  for (const double mean : {1.0, 5.0, 40.0}) {
    int covered = 0;
    for (int e = 0; e < experiments; ++e) {
      Draws draws(12, static_cast<std::uint64_t>(e));
      WeightedSum sum;
      for (const double weight : {1.0, 3.0, 12.0}) {
        for (std::uint64_t left = draws.poisson(mean / weight); left > 0; --left) sum.add(weight);
      }
      const Interval interval = fay_feuer(sum.sum, sum.squares, 12, 0.95);
      covered += interval.low <= 3 * mean && 3 * mean <= interval.high;
    }
    EXPECT_GE(covered, least_coverage * experiments) << "mean " << mean;
  }
}

TEST(Interval, StudentCoversTheMeanOfTwelveNormals) {
  int covered = 0;
  for (int e = 0; e < experiments; ++e) {
    Draws draws(13, static_cast<std::uint64_t>(e));
    double sum = 0, squares = 0;
    for (int n = 0; n < 12; ++n) {
      const double x = draws.normal();
      sum += x;
      squares += x * x;
    }
    const double mean = sum / 12;
    const Interval interval = student(mean, std::sqrt((squares - 12 * mean * mean) / 11), 12, 0.95);
    covered += interval.low <= 0 && 0 <= interval.high;
  }
  EXPECT_GE(covered, least_coverage * experiments);
  EXPECT_LE(covered, (0.95 + 4 * 0.00345) * experiments);
}

TEST(Interval, StudentIsWiderWhenValuesAreFew) {
  EXPECT_NEAR(student(0, 1, 4, 0.95).high * 2, 3.182, 1e-3);  // t with 3 degrees of freedom.
  EXPECT_NEAR(student(0, 1, 1000000, 0.95).high * 1000, 1.960, 1e-3);
}

// Six values are the least that bound a median from both sides: 2 / 2^6 = 3.1 % outside.
TEST(Interval, SixValuesBoundAMedian) {
  EXPECT_EQ(quantile_ranks(6, 0.5, 0.95).low, 1u);
  EXPECT_EQ(quantile_ranks(6, 0.5, 0.95).high, 6u);
  EXPECT_FALSE(quantile_ranks(5, 0.5, 0.95).low && quantile_ranks(5, 0.5, 0.95).high);
  EXPECT_EQ(quantile_ranks(100, 0.5, 0.95).low, 40u);
  EXPECT_EQ(quantile_ranks(100, 0.5, 0.95).high, 61u);
}

// 0.99^367 > 2.5 % >= 0.99^368.
TEST(Interval, AHundredYearsDoNotBoundTheWorstOfAHundredFromAbove) {
  EXPECT_TRUE(quantile_ranks(100, 0.99, 0.95).low);
  EXPECT_FALSE(quantile_ranks(100, 0.99, 0.95).high);
  EXPECT_FALSE(quantile_ranks(367, 0.99, 0.95).high);
  EXPECT_EQ(quantile_ranks(368, 0.99, 0.95).high, 368u);
  EXPECT_FALSE(quantile_ranks(0, 0.5, 0.95).low);
}

TEST(Interval, OrderStatisticsCoverAQuantileOfAnyLaw) {
  constexpr std::uint64_t n = 400;
  const Ranks ranks = quantile_ranks(n, 0.9, 0.95);
  ASSERT_TRUE(ranks.low && ranks.high);
  int covered = 0;
  std::vector<double> values(n);
  for (int e = 0; e < experiments; ++e) {
    Draws draws(14, static_cast<std::uint64_t>(e));
    for (double& value : values) value = std::exp(2 * draws.normal());
    std::sort(values.begin(), values.end());
    const double truth = std::exp(2 * 1.2815515655446004);  // The normal's 0.9 quantile.
    covered += values[*ranks.low - 1] <= truth && truth <= values[*ranks.high - 1];
  }
  EXPECT_GE(covered, least_coverage * experiments);
}

TEST(Interval, AQuantilesRankIsTheLeastThatReachesItsShare) {
  EXPECT_EQ(quantile_rank(10, 0.5), 5u);
  EXPECT_EQ(quantile_rank(10, 0.9), 9u);
  EXPECT_EQ(quantile_rank(10, 0.99), 10u);
  EXPECT_EQ(quantile_rank(1, 0.01), 1u);
}

}  // namespace interval_test
}  // namespace nines::analysis
