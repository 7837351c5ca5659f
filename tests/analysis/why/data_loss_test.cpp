#include "analysis/why/data_loss.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/why/worlds.hpp"

namespace nines::analysis {
namespace data_loss_test {

// Disks of nodes are empty for 1,000 s and as long as the data takes to come; nodes also stop, which empties none.
world::Options disks_of(std::size_t nodes) {
  world::Options options = test::world_of(std::vector<std::uint32_t>(nodes, 0), 1);
  options.modes = {test::mode_of("disk", failure::Scope::node, 1e6, 1e3), test::mode_of("node-loss", failure::Scope::node, 1e4, 1e3)};
  options.modes[0].effect = failure::Effect::replace;
  return options;
}

// How often k of n independent elements come to be down at once: each of the n may be the k-th, next to k - 1 that are down.
double per_s(double n, double k, double up_s, double down_s) {
  const double u = down_s / (up_s + down_s);
  double ways = 1;
  for (double i = 0; i < k - 1; ++i) ways *= (n - 1 - i) / (i + 1);
  return n * ways * std::pow(u, k - 1) * std::pow(1 - u, n - k) / (up_s + down_s);
}

TEST(DataLoss, IsTheRateAtWhichAMajorityOfDisksIsEmptyAtOnce) {
  for (const std::size_t nodes : {1u, 2u, 3u, 4u, 5u, 6u}) {
    const auto answer = data_loss_of(disks_of(nodes), 0);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->modes, (std::vector<std::uint16_t>{0}));
    ASSERT_GT(answer->reseed_s, 0);
    const double majority = std::floor(static_cast<double>(nodes) / 2) + 1;
    const double expected = per_s(static_cast<double>(nodes), majority, 1e6, 1e3 + answer->reseed_s);
    EXPECT_NEAR(answer->lost.per_s / expected, 1, 1e-8) << nodes << " nodes";
    EXPECT_NEAR(answer->within_a_year(), 1 - std::exp(-expected * seconds(year)), 1e-9) << nodes << " nodes";
  }
}

TEST(DataLoss, IsNoneWhereNothingEmptiesADisk) {
  world::Options options = disks_of(3);
  options.modes[0].effect = failure::Effect::stop;
  const auto answer = data_loss_of(options, 0);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->modes.empty());
  EXPECT_EQ(answer->lost.per_s, 0);
}

}  // namespace data_loss_test
}  // namespace nines::analysis
