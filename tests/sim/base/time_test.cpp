#include "sim/base/time.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace nines {
namespace time_test {

TEST(Time, AYearIs365AndAQuarterDays) {
  EXPECT_EQ(year, 365 * 24h + 6h);
  EXPECT_EQ(years(10 * year), 10);
}

TEST(Time, SecondsRoundToTheNearestNanosecond) {
  EXPECT_EQ(from_seconds(2.5), 2500ms);
  EXPECT_EQ(from_seconds(1.6e-9), 2ns);
  EXPECT_EQ(from_seconds(-1.6e-9), -2ns);
  EXPECT_EQ(seconds(1500ms), 1.5);
}

TEST(Time, SaturatesInsteadOfOverflowing) {
  EXPECT_EQ(from_seconds(1e300), from_seconds(9.2e9));
  EXPECT_EQ(from_seconds(-1e300), -from_seconds(9.2e9));
  EXPECT_EQ(from_seconds(std::numeric_limits<double>::infinity()), from_seconds(9.2e9));
  EXPECT_GT(from_seconds(1e300), 291 * year);
}

}  // namespace time_test
}  // namespace nines
