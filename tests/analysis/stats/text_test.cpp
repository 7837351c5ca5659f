#include "analysis/stats/text.hpp"

#include <gtest/gtest.h>

namespace nines::analysis {
namespace text_test {

TEST(Text, SignificantDigitsSurviveRounding) {
  EXPECT_EQ(significant(0.0123456, 3), "0.0123");
  EXPECT_EQ(significant(9.996, 3), "10.0");
  EXPECT_EQ(significant(12345.6, 3), "12346");
  EXPECT_EQ(significant(1.234e-7, 3), "1.23e-07");
  EXPECT_EQ(significant(0, 3), "0");
  EXPECT_EQ(significant(-2.5, 2), "-2.5");
}

TEST(Text, TimesTakeTheUnitTheyAreSpokenIn) {
  EXPECT_EQ(human_time(0.0502, 3), "50.2 ms");
  EXPECT_EQ(human_time(5.0, 3), "5.00 s");
  EXPECT_EQ(human_time(186, 3), "3.10 min");
  EXPECT_EQ(human_time(7200, 3), "2.00 h");
  EXPECT_EQ(human_time(86400 * 12, 3), "12.0 days");
  EXPECT_EQ(human_time(0, 3), "0 s");
}

TEST(Text, ThousandsAreGrouped) {
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1204), "1,204");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(Text, OneOfAThingIsSingular) {
  EXPECT_EQ(counted(1, "outages"), "1 outage");
  EXPECT_EQ(counted(1, "quorum losses"), "1 quorum loss");
  EXPECT_EQ(counted(0, "outages"), "0 outages");
}

TEST(Text, ShortestReadsBackTheSame) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(std::stod(shortest(1.0 / 3)), 1.0 / 3);
}

}  // namespace text_test
}  // namespace nines::analysis
