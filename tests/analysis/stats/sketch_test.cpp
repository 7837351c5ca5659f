#include "analysis/stats/sketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/base/check.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace sketch_test {

TEST(Sketch, IsExactWhileValuesAreFew) {
  Sketch sketch(3);
  for (const Duration value : {Duration{5s}, Duration{1s}, Duration{3s}}) sketch.add(value);
  EXPECT_TRUE(sketch.exact());
  EXPECT_EQ(sketch.ranked().at(1), 1s);
  EXPECT_EQ(sketch.ranked().at(2), 3s);
  EXPECT_EQ(sketch.ranked().at(3), 5s);
  EXPECT_THROW(sketch.ranked().at(0), BrokenInvariant);
  EXPECT_THROW(sketch.ranked().at(4), BrokenInvariant);
}

TEST(Sketch, CanBeAskedBetweenTwoValues) {
  Sketch sketch;
  sketch.add(9s);
  sketch.add(7s);
  EXPECT_EQ(sketch.ranked().at(1), 7s);
  sketch.add(8s);
  EXPECT_EQ(sketch.ranked().at(2), 8s);
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
  const Sketch::Ranked ranked = sketch.ranked();
  for (std::size_t rank = 1; rank <= values.size(); ++rank) {
    const auto truth = static_cast<double>(values[rank - 1].count());
    EXPECT_NEAR(static_cast<double>(ranked.at(rank).count()), truth, 0.0005 * truth) << rank;
  }
  EXPECT_EQ(sketch.ranked().at(1), values.front());
  EXPECT_EQ(sketch.ranked().at(values.size()), values.back());
}

TEST(Sketch, TheLongestTimeThereIsHasABucket) {
  Sketch sketch(1);
  for (int n = 0; n < 3; ++n) sketch.add(Duration::max());
  EXPECT_EQ(sketch.ranked().at(2), Duration::max());
  EXPECT_THROW(sketch.add(-1ns), BrokenInvariant);
}

// Whatever was in which part, and whether parts or the whole have room for their values.
TEST(Sketch, PartsAddUpToTheWhole) {
  for (const std::size_t capacity : {1u, 30u, 200u, 1000u}) {
    test::Draws draws(32, capacity);
    Sketch whole(capacity), merged(capacity);
    for (const std::uint64_t size : {0u, 7u, 500u, 20u, 1u, 90u}) {
      Sketch part(capacity);
      for (std::uint64_t n = 0; n < size; ++n) {
        const Duration value{static_cast<std::int64_t>(std::exp(30 * draws.uniform()))};
        whole.add(value);
        part.add(value);
      }
      merged.merge(part);
    }
    ASSERT_EQ(merged.count(), whole.count());
    EXPECT_EQ(merged.exact(), whole.exact());
    EXPECT_EQ(merged.exact(), capacity == 1000);
    for (std::uint64_t rank = 1; rank <= whole.count(); ++rank) ASSERT_EQ(merged.ranked().at(rank), whole.ranked().at(rank)) << capacity;
  }
}

Sketch copied(const Sketch& sketch, std::size_t capacity, const Sketch* like = nullptr) {
  ByteWriter out;
  sketch.write(out, like);
  ByteReader in(out.bytes());
  Sketch copy(capacity);
  copy.read(in, like);
  EXPECT_TRUE(in.finished());
  return copy;
}

TEST(Sketch, IsReadBackAsItWasWritten) {
  for (const std::size_t capacity : {10u, 1000u}) {
    test::Draws draws(33, capacity);
    Sketch sketch(capacity), like(capacity);
    for (int n = 0; n < 300; ++n) {
      const Duration value{static_cast<std::int64_t>(1e9 * draws.exponential())};
      sketch.add(value);
      if (n % 50 != 0) like.add(value);
      if (n % 70 == 0) like.add(value + 1s);
    }
    const Sketch alone = copied(sketch, capacity), beside = copied(sketch, capacity, &like), none = copied(Sketch(capacity), capacity, &like);
    ASSERT_EQ(alone.count(), 300u);
    ASSERT_EQ(beside.count(), 300u);
    EXPECT_EQ(none.count(), 0u);
    for (std::uint64_t rank = 1; rank <= 300; ++rank) {
      EXPECT_EQ(alone.ranked().at(rank), sketch.ranked().at(rank));
      EXPECT_EQ(beside.ranked().at(rank), sketch.ranked().at(rank));
    }
  }
}

// Clients of one zone mostly see what those of another see.
TEST(Sketch, CostsFewBytesBesideOneThatIsAlike) {
  test::Draws draws(34, 0);
  Sketch sketch, like;
  for (int n = 0; n < 3000; ++n) {
    const Duration value{static_cast<std::int64_t>(1e9 * draws.exponential())};
    sketch.add(value);
    if (n % 1000 != 0) like.add(value);
  }
  ByteWriter alone, beside;
  sketch.write(alone);
  sketch.write(beside, &like);
  EXPECT_LT(alone.bytes().size(), 3.2 * 3000) << "the distance to the next value, not the value";
  EXPECT_LT(beside.bytes().size(), 30u);
}

}  // namespace sketch_test
}  // namespace nines::analysis
