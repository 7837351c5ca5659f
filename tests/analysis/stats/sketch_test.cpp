#include "analysis/stats/sketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/base/check.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace {

TEST(Sketch, IsExactWhileValuesAreFew) {
  Sketch sketch(3);
  for (const Duration value : {Duration{5s}, Duration{1s}, Duration{3s}}) sketch.add(value);
  EXPECT_TRUE(sketch.exact());
  EXPECT_EQ(sketch.at(1), 1s);
  EXPECT_EQ(sketch.at(2), 3s);
  EXPECT_EQ(sketch.at(3), 5s);
  EXPECT_THROW(sketch.at(0), BrokenInvariant);
  EXPECT_THROW(sketch.at(4), BrokenInvariant);
}

TEST(Sketch, CanBeAskedBetweenTwoValues) {
  Sketch sketch;
  sketch.add(9s);
  sketch.add(7s);
  EXPECT_EQ(sketch.at(1), 7s);
  sketch.add(8s);
  EXPECT_EQ(sketch.at(2), 8s);
  EXPECT_EQ(sketch.largest(), 9s);
}

// From nanoseconds to centuries, and across the switch from values to buckets.
TEST(Sketch, IsOffByLessThanATwentiethOfAPercentWhenTheyAreMany) {
  Sketch sketch(100);
  std::vector<Duration> values;
  test::Draws draws(31, 0);
  for (int n = 0; n < 5000; ++n) {
    values.push_back(Duration{static_cast<std::int64_t>(std::exp(43 * draws.uniform()))});
    sketch.add(values.back());
  }
  EXPECT_FALSE(sketch.exact());
  std::sort(values.begin(), values.end());
  for (std::size_t rank = 1; rank <= values.size(); ++rank) {
    const auto truth = static_cast<double>(values[rank - 1].count());
    EXPECT_NEAR(static_cast<double>(sketch.at(rank).count()), truth, 0.0005 * truth) << rank;
  }
  EXPECT_EQ(sketch.at(1), values.front());
  EXPECT_EQ(sketch.at(values.size()), values.back());
}

TEST(Sketch, TheLongestTimeThereIsHasABucket) {
  Sketch sketch(1);
  for (int n = 0; n < 3; ++n) sketch.add(Duration::max());
  EXPECT_EQ(sketch.at(2), Duration::max());
  EXPECT_THROW(sketch.add(-1ns), BrokenInvariant);
}

}  // namespace
}  // namespace nines::analysis
