#include "analysis/choose/frontier.hpp"

#include <gtest/gtest.h>

namespace nines::analysis {
namespace frontier_test {

TEST(Frontier, PricesEachAvoidedMinuteAgainstTheNextCheaper) {
  const std::vector<Choice> choices{{.cost = 1000, .downtime = 100}, {.cost = 400, .downtime = 500}, {.cost = 2000, .downtime = 40}};
  const auto all = ranked(choices);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].index, 1u);
  EXPECT_FALSE(all[0].per_minute);
  EXPECT_EQ(all[1].index, 0u);
  EXPECT_EQ(all[1].against, 1u);
  EXPECT_DOUBLE_EQ(*all[1].per_minute, 12 * 600 / 400.0);
  EXPECT_EQ(all[2].against, 0u);
  EXPECT_DOUBLE_EQ(*all[2].per_minute, 12 * 1000 / 60.0);
}

TEST(Frontier, LeavesOutWhatCostsMoreAndIsDownLonger) {
  const std::vector<Choice> choices{{.cost = 400, .downtime = 50}, {.cost = 500, .downtime = 60}, {.cost = 600, .downtime = 40}};
  const auto all = ranked(choices);
  EXPECT_EQ(all[1].index, 1u);
  EXPECT_EQ(all[1].beaten, 0u);
  EXPECT_FALSE(all[1].per_minute);
  EXPECT_EQ(all[2].against, 0u);
  EXPECT_DOUBLE_EQ(*all[2].per_minute, 12 * 200 / 10.0);
}

TEST(Frontier, KeepsTheFirstOfEquals) {
  const std::vector<Choice> choices{{.cost = 1, .downtime = 1}, {.cost = 1, .downtime = 1}, {.cost = 1, .downtime = 2}};
  const auto all = ranked(choices);
  EXPECT_FALSE(all[0].beaten);
  EXPECT_EQ(all[1].beaten, 0u);
  EXPECT_EQ(all[2].beaten, 0u);
  EXPECT_TRUE(ranked({}).empty());
}

}  // namespace frontier_test
}  // namespace nines::analysis
