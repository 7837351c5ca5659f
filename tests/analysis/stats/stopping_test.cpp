#include "analysis/stats/stopping.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace nines::analysis {
namespace stopping_test {

TEST(Stopping, LooksAtInstantsThatAreFixedBeforehand) {
  Stopping stopping(0.05, 1000);
  std::vector<std::uint64_t> looks;
  do looks.push_back(stopping.next_look());
  while (!stopping.stop(std::nullopt));
  EXPECT_EQ(looks, (std::vector<std::uint64_t>{100, 150, 225, 338, 507, 761, 1000}));
}

TEST(Stopping, StopsWhereTheErrorIsReached) {
  Stopping stopping(0.05, 1'000'000);
  EXPECT_FALSE(stopping.stop(std::nullopt));
  EXPECT_FALSE(stopping.stop(0.06));
  EXPECT_TRUE(stopping.stop(0.05));
}

TEST(Stopping, ASmallBudgetIsLookedAtOnce) {
  Stopping stopping(0.05, 30);
  EXPECT_EQ(stopping.next_look(), 30u);
  EXPECT_TRUE(stopping.stop(0.5));
}

}  // namespace stopping_test
}  // namespace nines::analysis
