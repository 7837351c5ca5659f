#include "analysis/stats/exact_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace exact_sum_test {

using test::Draws;

double sum_of(const std::vector<double>& values) {
  ExactSum sum;
  for (const double value : values) sum.add(value);
  return sum.value();
}

TEST(ExactSum, RoundsOnceAtTheEnd) {
  EXPECT_EQ(sum_of({}), 0);
  EXPECT_EQ(sum_of({0.1}), 0.1);
  EXPECT_EQ(sum_of({-0.1, -0.2}), -(0.1 + 0.2));
  EXPECT_EQ(sum_of({1e20, 1, -1e20}), 1);
  EXPECT_EQ(sum_of({0x1p100, 0x1p-70, -0x1p100}), 0x1p-70);
  EXPECT_EQ(sum_of(std::vector<double>(10, 0.1)), 1.0) << "a tenth is not one in binary, yet ten of them round to it";
  // Half-way between two doubles the even one, unless anything at all lies beyond.
  EXPECT_EQ(sum_of({1, 0x1p-53}), 1);
  EXPECT_EQ(sum_of({1, 0x1p-53, 0x1p-120}), 1 + 0x1p-52);
  EXPECT_EQ(sum_of({1, 0x1p-52, 0x1p-53}), 1 + 0x1p-51);
  EXPECT_EQ(sum_of({-1, -0x1p-53, -0x1p-120}), -1 - 0x1p-52);
}

TEST(ExactSum, DoesNotDependOnOrderOrParts) {
  Draws draws(61, 0);
  std::vector<double> values;
  for (int n = 0; n < 2000; ++n) values.push_back(std::exp(60 * (draws.uniform() - 0.5)) * (draws.uniform() < 0.3 ? -1 : 1));
  const double sum = sum_of(values);
  long double plain = 0;
  for (const double value : values) plain += value;
  EXPECT_NEAR(sum, static_cast<double>(plain), 1e-15 * std::abs(sum));
  for (int shuffle = 0; shuffle < 20; ++shuffle) {
    for (std::size_t n = values.size() - 1; n > 0; --n)
      std::swap(values[n], values[static_cast<std::size_t>(draws.uniform() * static_cast<double>(n + 1))]);
    ASSERT_EQ(sum_of(values), sum);
    ExactSum merged, part;
    for (const double value : values) {
      part.add(value);
      if (draws.uniform() > 0.1) continue;
      merged.merge(part);
      part = {};
    }
    merged.merge(part);
    ASSERT_EQ(merged.value(), sum);
  }
}

TEST(ExactSum, KnowsWhatItsValueIsOffBy) {
  ExactSum sum;
  sum.add(1), sum.add(0x1p-60), sum.add(0x1p-61);
  EXPECT_EQ(sum.value(), 1);
  EXPECT_EQ(sum.rest(), 0x1.8p-60);
  sum.add(-2);
  EXPECT_EQ(sum.value(), -1);
  EXPECT_EQ(sum.rest(), 0x1.8p-60);
}

TEST(ExactSum, WhatIsTooSmallIsCutOffAndWhatIsTooLargeIsInfinite) {
  EXPECT_EQ(sum_of({0x1p-128}), 0x1p-128);
  EXPECT_EQ(sum_of({0x1p-129, 0x1p-129}), 0);
  EXPECT_EQ(sum_of({0x1.8p-128}), 0x1p-128);
  EXPECT_EQ(sum_of({std::numeric_limits<double>::denorm_min(), 5}), 5);
  EXPECT_EQ(sum_of({0x1p125, 0x1p125}), 0x1p126);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {0x1p126, infinity, -infinity, std::numeric_limits<double>::quiet_NaN()}) EXPECT_EQ(sum_of({1, value, 1}), infinity);
}

TEST(ExactSum, IsReadBackAsItWasWritten) {
  Draws draws(62, 0);
  for (int n = 0; n < 500; ++n) {
    ExactSum sum;
    for (std::uint64_t terms = draws.poisson(3); terms > 0; --terms)
      sum.add(std::exp(150 * (draws.uniform() - 0.5)) * (draws.uniform() < 0.5 ? -1 : 1));
    if (n % 100 == 0) sum.add(1e300);
    ByteWriter out;
    sum.write(out);
    ByteReader in(out.bytes());
    ExactSum copy;
    copy.add(7);
    copy.read(in);
    EXPECT_TRUE(in.finished());
    EXPECT_EQ(copy, sum);
  }
}

// Also where deviations drown in the mean, as the squares of such numbers do in a double.
TEST(Spread, IsThatOfTheNumbers) {
  for (const double mean : {0.0, 1.0, 1e6}) {
    for (const double deviation : {1e3, 1.0, 1e-6}) {
      Draws draws(63, 0);
      Spread spread, first, second;
      std::vector<double> values;
      for (int n = 1; n <= 1000; ++n) {
        const double value = mean + deviation * draws.normal();
        spread.add(value);
        (n < 300 ? first : second).add(value);
        values.push_back(value);
      }
      long double about = 0, squares = 0;
      for (const double value : values) about += value / 1000.0L;
      for (const double value : values) squares += (value - about) * (value - about);
      EXPECT_NEAR(spread.mean(), static_cast<double>(about), 1e-15 * (mean + deviation));
      EXPECT_NEAR(spread.squares(), static_cast<double>(squares), 1e-13 * spread.squares() + 1e-31 * 1000 * mean * mean) << mean << ' ' << deviation;
      first.merge(second);
      EXPECT_EQ(first.number(), 1000u);
      EXPECT_EQ(first.mean(), spread.mean());
      EXPECT_EQ(first.squares(), spread.squares());
    }
  }
  Spread same;
  for (int n = 0; n < 30; ++n) same.add(0.1);
  EXPECT_LT(same.squares(), 1e-30) << "numbers that do not differ have no spread";
}

}  // namespace exact_sum_test
}  // namespace nines::analysis
