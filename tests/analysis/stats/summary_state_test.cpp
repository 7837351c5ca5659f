// Summaries of blocks of replications, merged and moved as bytes.
#include <gtest/gtest.h>

#include <string>

#include "analysis/stats/summary.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace summary_state_test {

using namespace test;

std::string bytes(const Summary& summary) {
  ByteWriter out;
  summary.write(out);
  return out.take();
}

bool read(Summary& summary, std::string_view from) {
  ByteReader in(from);
  summary.read(in);
  return in.finished();
}

world::Options world_with_losses() {
  world::Options options = two_clusters();
  options.modes[1].effect = failure::Effect::replace;
  return options;
}

Summary summed_up(const world::Options& options, std::uint64_t first, std::uint64_t number) {
  Summary summary(options);
  for (std::uint64_t r = first; r < first + number; ++r) summary.add(random_year(71, r, 4, 3));
  return summary;
}

void expect_same(const Summary& one, const Summary& other) {
  EXPECT_EQ(one.metrics(), other.metrics());  // Every digit of every value and limit, and every method.
  EXPECT_EQ(bytes(one), bytes(other));
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_EQ(one.downtime_s(c), other.downtime_s(c));
    EXPECT_EQ(one.excess_by_mode(c), other.excess_by_mode(c));
    EXPECT_EQ(one.excess(c).all.high, other.excess(c).all.high);
    EXPECT_EQ(one.quorum_time(c).variance, other.quorum_time(c).variance);
  }
  EXPECT_EQ(one.totals().history, other.totals().history);
  EXPECT_EQ(one.totals().trace, other.totals().trace);
  EXPECT_EQ(one.totals().years, other.totals().years);
  EXPECT_EQ(one.totals().calm_years, other.totals().calm_years);
  EXPECT_EQ(one.totals().faults, other.totals().faults);
}

// Also below 30 replications, where their batches count, and across that number.
TEST(SummaryState, BlocksMergedInOrderAreTheWhole) {
  const world::Options options = world_with_losses();
  for (const std::uint64_t replications : {3u, 29u, 30u, 31u, 80u}) {
    const Summary whole = summed_up(options, 0, replications);
    for (std::uint64_t split = 0; split < 5; ++split) {
      Summary merged(options);
      std::uint64_t next = 0;
      for (const std::uint64_t block : random_blocks(72 + split, replications)) {
        Summary part(options);
        ASSERT_TRUE(read(part, bytes(summed_up(options, next, block))));
        merged.merge(part);
        next += block;
      }
      ASSERT_NO_FATAL_FAILURE(expect_same(merged, whole)) << replications;
    }
  }
}

TEST(SummaryState, MergingIsAssociative) {
  const world::Options options = world_with_losses();
  const Summary a = summed_up(options, 0, 11), b = summed_up(options, 11, 25), c = summed_up(options, 36, 4);
  Summary left = a, right = b, all = a;
  left.merge(b);
  left.merge(c);
  right.merge(c);
  all.merge(right);
  expect_same(left, all);
}

TEST(SummaryState, TheFingerprintIsThatOfTheReplicationsInOrder) {
  const world::Options options = world_with_losses();
  const Summary a = summed_up(options, 0, 5), b = summed_up(options, 5, 5);
  Summary forth = a, back = b;
  forth.merge(b);
  back.merge(a);
  EXPECT_NE(forth.totals().history, back.totals().history);
  EXPECT_NE(forth.downtime_s(0), back.downtime_s(0));
  EXPECT_EQ(*find(forth.metrics(), "orders.uptime.all"), *find(back.metrics(), "orders.uptime.all")) << "sums have no order";
}

TEST(SummaryState, ASummaryOfOtherPartsIsNotRead) {
  const std::string from = bytes(summed_up(world_with_losses(), 0, 3));
  Summary same(world_with_losses()), fewer_clusters(three_zones(4));
  world::Options more = world_with_losses();
  more.modes.push_back(mode("region-outage", Law::fixed(1h)));
  Summary more_modes(more);
  EXPECT_TRUE(read(same, from));
  EXPECT_FALSE(read(fewer_clusters, from));
  EXPECT_FALSE(read(more_modes, from));
}

// No checksum watches over these bytes: the reader itself must stand anything.
TEST(SummaryState, DamagedBytesAreReadWithoutACrash) {
  const world::Options options = world_with_losses();
  const std::string good = bytes(summed_up(options, 0, 12));
  Summary summary(options);
  for (std::size_t length = 0; length < good.size(); length += length < 2000 ? 1 : 13)
    ASSERT_FALSE(read(summary, std::string_view(good).substr(0, length))) << length;
  EXPECT_FALSE(read(summary, good + '\0'));
  Draws draws(73, 0);
  int failed = 0;
  for (int flip = 0; flip < 10'000; ++flip) {
    std::string bad = good;
    for (std::uint64_t more = draws.poisson(0.5) + 1; more > 0; --more)
      bad[static_cast<std::size_t>(draws.uniform() * static_cast<double>(bad.size()))] ^= static_cast<char>(1 + static_cast<int>(254 * draws.uniform()));
    failed += !read(summary, bad);
  }
  EXPECT_GT(failed, 1000) << "damage of what is counted is seen";
  EXPECT_TRUE(read(summary, good));
  EXPECT_EQ(bytes(summary), good);
}

}  // namespace summary_state_test
}  // namespace nines::analysis
