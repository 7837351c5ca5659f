#include "analysis/exact/chain.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "analysis/exact/count.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {
namespace chain_test {

// A product of two repairmen: a with 60 like elements, b with 20, in one chain of 61 * 21 states.
Chain two_repairmen(std::size_t a, std::size_t b) {
  Chain chain((a + 1) * (b + 1));
  const auto at = [b](std::size_t i, std::size_t j) { return i * (b + 1) + j; };
  for (std::size_t i = 0; i <= a; ++i) {
    for (std::size_t j = 0; j <= b; ++j) {
      if (i < a) chain.add(at(i, j), at(i + 1, j), static_cast<double>(a - i) * 0.01);
      if (i < a) chain.add(at(i + 1, j), at(i, j), static_cast<double>(i + 1));
      if (j < b) chain.add(at(i, j), at(i, j + 1), static_cast<double>(b - j) * 0.002);
      if (j < b) chain.add(at(i, j + 1), at(i, j), static_cast<double>(j + 1) * 0.5);
    }
  }
  return chain;
}

TEST(Chain, WithIndependentRepairHasTheBinomialLawDownToTheLeastProbability) {
  const std::vector<double> law = repairman(12, 12, 1e-3, 1).stationary();
  const std::vector<double> binomial = law_of_up_count(std::vector<double>(12, 1e-3 / 1.001));
  for (std::size_t down = 0; down <= 12; ++down) EXPECT_NEAR(law[down] / binomial[12 - down], 1, 1e-13) << down;
  EXPECT_LT(law[12], 1e-35);
}

TEST(Chain, KeepsAnUnavailabilityOf1eMinus18) {
  const double u = 1e-6;
  const double lost = repairman(3, 3, u, 1).stationary_of([](std::size_t down) { return down == 3; });
  EXPECT_NEAR(lost / std::pow(u / (1 + u), 3), 1, 1e-14);
}

// The two solvers on one chain of 1,281 states, and the sparse one on a larger one than the dense takes.
TEST(Chain, IsSolvedAlikeByEliminationAndBySparseFactors) {
  const Chain chain = two_repairmen(60, 20);
  const std::vector<double> dense = chain.stationary_dense(), sparse = chain.stationary_sparse(0);
  for (std::size_t s = 0; s < dense.size(); ++s) {
    if (dense[s] > 1e-30) {
      EXPECT_NEAR(sparse[s] / dense[s], 1, 1e-9) << s << " " << dense[s];
    }
  }
}

TEST(Chain, BeyondTheDenseLimitIsTheProductOfItsIndependentParts) {
  const std::size_t a = 120, b = 40;
  const Chain chain = two_repairmen(a, b);
  ASSERT_GT(chain.states(), Chain::dense_limit);
  const std::vector<double> law = chain.stationary();
  const std::vector<double> first = law_of_up_count(std::vector<double>(a, 0.01 / 1.01));
  const std::vector<double> second = law_of_up_count(std::vector<double>(b, 0.002 / 0.502));
  for (std::size_t i = 0; i <= a; ++i) {
    for (std::size_t j = 0; j <= b; ++j) {
      const double expected = first[a - i] * second[b - j];
      if (expected > 1e-18) {
        EXPECT_NEAR(law[i * (b + 1) + j] / expected, 1, 1e-9) << i << " " << j;
      }
    }
  }
}

TEST(Chain, OfTwoStatesRelaxesExponentially) {
  Chain chain(2);
  chain.add(0, 1, 0.3);
  chain.add(1, 0, 2);
  for (const double t : {0.0, 1e-6, 0.5, 3.0, 200.0}) {
    const double expected = 0.3 / 2.3 * -std::expm1(-2.3 * t);
    EXPECT_NEAR(chain.transient(std::vector<double>{1, 0}, t)[1], expected, 1e-14 * (expected > 0 ? 1 : 0) + 1e-15) << t;
  }
}

TEST(Chain, ThatOnlyGrowsHasThePoissonLaw) {
  Chain chain(400);
  for (std::size_t k = 0; k + 1 < 400; ++k) chain.add(k, k + 1, 1);
  std::vector<double> start(400, 0.0);
  start[0] = 1;
  const std::vector<double> law = chain.transient(start, 100);
  for (const std::size_t k : {40u, 100u, 180u})
    EXPECT_NEAR(law[k] / std::exp(-100.0 + static_cast<double>(k) * std::log(100.0) - std::lgamma(static_cast<double>(k) + 1)), 1, 1e-11) << k;
}

TEST(Chain, IsAbsorbedAfterTheSumOfItsHoldingTimes) {
  Chain line(4);
  line.add(0, 1, 0.5);
  line.add(1, 2, 4);
  line.add(2, 3, 0.1);
  line.add(3, 0, 7);  // Not before absorption.
  EXPECT_DOUBLE_EQ(line.mean_time_to(0, [](std::size_t s) { return s == 3; }), 2 + 0.25 + 10);
  EXPECT_EQ(line.mean_time_to(3, [](std::size_t s) { return s == 3; }), 0);
}

// From all up until both are down: (3 l + m) / (2 l^2).
TEST(Chain, AbsorbedOnlyAfterTenToTheTwentyKeepsItsDigits) {
  const double l = 1e-10;
  EXPECT_DOUBLE_EQ(repairman(2, 2, l, 1).mean_time_to(0, [](std::size_t down) { return down == 2; }) / ((3 * l + 1) / (2 * l * l)), 1);
}

}  // namespace chain_test
}  // namespace nines::analysis
