#include "analysis/exact/count.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace nines::analysis {
namespace count_test {

TEST(UpCount, OfUnlikeElementsIsTheSumOverAllTheirStates) {
  const std::vector<double> down{0.5, 0.01, 0.3, 1e-3, 0.9, 0};
  const std::vector<double> law = law_of_up_count(down);
  std::vector<double> expected(down.size() + 1, 0.0);
  for (unsigned state = 0; state < 1u << down.size(); ++state) {
    double p = 1;
    std::size_t up = 0;
    for (std::size_t i = 0; i < down.size(); ++i) {
      const bool works = (state >> i & 1) != 0;
      p *= works ? 1 - down[i] : down[i];
      up += works ? 1 : 0;
    }
    expected[up] += p;
  }
  for (std::size_t k = 0; k < law.size(); ++k) EXPECT_NEAR(law[k], expected[k], 1e-15) << k;
  EXPECT_NEAR(fewer_than_up(down, 3) + at_least_up(down, 3), 1, 1e-15);
  EXPECT_EQ(law[0], 0);  // One is always up.
}

TEST(UpCount, KeepsTheDigitsOfAProbabilityFarBelowRoundingErrorsOfOne) {
  const std::vector<double> down{1e-6, 2e-6, 3e-6};
  EXPECT_DOUBLE_EQ(law_of_up_count(down)[0], 6e-18);
  EXPECT_DOUBLE_EQ(fewer_than_up(down, 1), 6e-18);
}

TEST(UpCount, OfNothingIsNothing) {
  EXPECT_EQ(fewer_than_up({}, 0), 0);
  EXPECT_EQ(fewer_than_up({}, 1), 1);
  EXPECT_EQ(at_least_up({}, 0), 1);
  EXPECT_EQ(at_least_up(std::vector<double>{0.5}, 2), 0);
}

}  // namespace count_test
}  // namespace nines::analysis
