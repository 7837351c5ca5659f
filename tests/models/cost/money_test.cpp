#include "models/cost/money.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace nines::cost {
namespace money_test {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

TEST(Money, IsReadToTheMillionthOrNotAtAll) {
  EXPECT_EQ(read_millionths("0.192"), 192'000);
  EXPECT_EQ(read_millionths("0.000001"), 1);
  EXPECT_EQ(read_millionths("-3"), -3'000'000);
  EXPECT_EQ(read_millionths("9223372036854.775807"), largest);
  EXPECT_FALSE(read_millionths("9223372036854.775808").has_value());
  for (const char* text : {"", "-", ".5", "5.", "0.0000001", "1e3", "1,000", "01", "0x1", "1.2.3", "99999999999999999999", "+1", " 1"})
    EXPECT_FALSE(read_millionths(text).has_value()) << text;
}

// 4,380 hours at 0.192, the first line of a bill.
TEST(Money, APriceTimesAQuantityIsExact) {
  EXPECT_EQ(times({192'000, "USD"}, whole(6 * 730)), (Money{840'960'000, "USD"}));
  EXPECT_EQ(times({20'000, "USD"}, whole(5256)), (Money{105'120'000, "USD"}));
}

TEST(Money, AHalfMillionthGoesToTheEvenSide) {
  const Quantity half{500'000};
  EXPECT_EQ(times({1, "USD"}, half)->micros, 0);
  EXPECT_EQ(times({3, "USD"}, half)->micros, 2);
  EXPECT_EQ(times({5, "USD"}, half)->micros, 2);
  EXPECT_EQ(times({-1, "USD"}, half)->micros, 0);
  EXPECT_EQ(times({-3, "USD"}, half)->micros, -2);
  EXPECT_EQ(times({1, "USD"}, {500'001})->micros, 1);
}

// A price of a year, by the month: rounded once and not twice.
TEST(Money, ATwelfthOfAYearIsRoundedOnce) {
  EXPECT_EQ(times({107'167'000'000, "USD"}, whole(1), 12)->micros, 8'930'583'333);
  EXPECT_EQ(times({321'500'000'000, "USD"}, whole(1), 12)->micros, 26'791'666'667);
}

TEST(Money, WhatDoesNotFitIsSaidAndNotWrapped) {
  EXPECT_FALSE(times({largest, "USD"}, whole(2)).has_value());
  EXPECT_FALSE(times({-largest, "USD"}, whole(2)).has_value());
  EXPECT_TRUE(times({largest, "USD"}, whole(1)).has_value());
  EXPECT_FALSE(plus({largest, "USD"}, {1, "USD"}).has_value());
  EXPECT_EQ(plus({largest - 1, "USD"}, {1, "USD"})->micros, largest);
  EXPECT_FALSE(to_millionths(1e13).has_value());
}

TEST(Money, IsShownInGroupsAndRoundedHalfToEven) {
  EXPECT_EQ(rounded(1'213'160'000, 2), "1,213.16");
  EXPECT_EQ(rounded(125'000, 2), "0.12");
  EXPECT_EQ(rounded(135'000, 2), "0.14");
  EXPECT_EQ(rounded(-1'234'567'895'000, 2), "-1,234,567.90");
  EXPECT_EQ(rounded(999'999, 0), "1");
  EXPECT_EQ(decimal(192'000, 2), "0.192");
  EXPECT_EQ(decimal(73'000'000, 2), "73.00");
  EXPECT_EQ(decimal(-500'000, 2), "-0.50");
  EXPECT_EQ(decimal(6'000'000, 0), "6");
}

TEST(Money, IsConvertedByTheRateThatIsGiven) {
  const Exchange rate{"USD", "EUR", {920'000}, {2026, 7, 1}, "a bank"};
  EXPECT_EQ(convert({1'213'160'000, "USD"}, rate), (Money{1'116'107'200, "EUR"}));
}

TEST(Money, AQuantityMeasuredInDoublesIsRoundedToTheNearestMillionth) {
  EXPECT_EQ(to_millionths(5256), 5'256'000'000);
  EXPECT_EQ(to_millionths(0.1), 100'000);
  EXPECT_EQ(to_millionths(-0.25), -250'000);
}

TEST(Dates, AreDaysThatThereAre) {
  EXPECT_EQ(read_date("2026-07-20"), (Date{2026, 7, 20}));
  EXPECT_EQ(text(Date{2026, 7, 2}), "2026-07-02");
  EXPECT_TRUE(read_date("2024-02-29").has_value());
  for (const char* wrong : {"2026-02-29", "2026-13-01", "2026-7-20", "20260720", "2026-07", "2026-07-20T00:00", "1969-12-31"})
    EXPECT_FALSE(read_date(wrong).has_value()) << wrong;
  EXPECT_EQ(day_number({1970, 1, 2}), 1);
  EXPECT_EQ(date_of(day_number({2026, 7, 20})), (Date{2026, 7, 20}));
}

}  // namespace money_test
}  // namespace nines::cost
