#include "sim/kernel/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/random.hpp"

namespace nines::sim {
namespace histogram_test {

TEST(Histogram, EmptyHoldsNothing) {
  const Histogram histogram;
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.quantile(0.5), 0s);
  EXPECT_EQ(histogram.mean_s(), 0);
  EXPECT_EQ(histogram.max(), 0s);
}

TEST(Histogram, OneValueIsEveryQuantile) {
  for (const Duration value : {Duration{0}, Duration{1}, Duration{127}, Duration{128}, Duration{12345678}, Duration{3h}, Duration::max()}) {
    Histogram histogram;
    histogram.add(value);
    EXPECT_EQ(histogram.quantile(0), value);
    EXPECT_EQ(histogram.quantile(0.5), value);
    EXPECT_EQ(histogram.quantile(1), value);
    EXPECT_EQ(histogram.min(), value);
    EXPECT_EQ(histogram.max(), value);
  }
}

// Values over 16 powers of ten.
std::vector<Duration> values(std::uint64_t seed, std::size_t count) {
  std::vector<Duration> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(Duration{static_cast<std::int64_t>(std::pow(10.0, 16 * Streams(seed).of(0, Purpose::test).uniform({.index = i})))});
  }
  return all;
}

TEST(Histogram, QuantilesAreRightWithin1In256) {
  Histogram histogram;
  std::vector<Duration> all = values(1, 30'000);
  for (const Duration value : all) histogram.add(value);
  std::sort(all.begin(), all.end());
  for (const double p : {0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(all.size()))) - 1;
    const double expected = static_cast<double>(all[rank].count());
    EXPECT_NEAR(static_cast<double>(histogram.quantile(p).count()), expected, 1 + expected / 256) << p;
  }
  EXPECT_EQ(histogram.quantile(0), all.front());
  EXPECT_LE(histogram.quantile(1), all.back());
}

TEST(Histogram, TheMeanIsOfTheExactValues) {
  Histogram histogram;
  histogram.add(1ns, 3);
  histogram.add(1s + 1ns);
  EXPECT_DOUBLE_EQ(histogram.mean_s(), 1.000000004 / 4);
  Histogram large;  // 1000 outages of 100 years: their sum does not fit into 64 bits.
  large.add(100 * year, 1000);
  EXPECT_NEAR(large.mean_s() / seconds(100 * year), 1, 1e-15);
}

TEST(Histogram, MergingIsAddingInAnyOrder) {
  Histogram a, b, c, all;
  for (const Duration value : values(2, 500)) a.add(value), all.add(value);
  for (const Duration value : values(3, 5)) b.add(value), all.add(value);
  for (const Duration value : values(4, 2000)) c.add(value), all.add(value);
  Histogram forward = a, backward = c;
  forward.merge(b);
  forward.merge(c);
  backward.merge(Histogram{});
  backward.merge(b);
  backward.merge(a);
  EXPECT_EQ(forward, all);
  EXPECT_EQ(backward, all);
}

TEST(Histogram, BucketsAreAdjacentAndHoldTheirValues) {
  Histogram histogram;
  for (std::int64_t value = 0; value < 5000; ++value) histogram.add(Duration{value});
  Duration end{0};
  std::uint64_t sum = 0;
  histogram.for_each([&](Duration low, Duration high, std::uint64_t count) {
    EXPECT_EQ(low, end);
    if (high <= Duration{5000}) {
      EXPECT_EQ(static_cast<std::int64_t>(count), (high - low).count());
    }
    EXPECT_LE((high - low).count(), std::max<std::int64_t>(1, low.count() / 128));
    end = high;
    sum += count;
  });
  EXPECT_EQ(sum, 5000u);
}

TEST(Histogram, RefusesNegativeDurations) {
  Histogram histogram;
  EXPECT_THROW(histogram.add(-1ns), BrokenInvariant);
}

}  // namespace histogram_test
}  // namespace nines::sim
