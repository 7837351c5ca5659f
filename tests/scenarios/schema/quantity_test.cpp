#include "scenarios/schema/quantity.hpp"

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace quantity_test {

TEST(Quantities, DurationsHaveTheirUnits) {
  EXPECT_EQ(read_seconds("150ms"), 0.15);
  EXPECT_EQ(read_seconds("2.5s"), 2.5);
  EXPECT_EQ(read_seconds("10min"), 600);
  EXPECT_EQ(read_seconds("4h"), 4 * 3600);
  EXPECT_EQ(read_seconds("3days"), 3 * 86400);
  EXPECT_EQ(read_seconds("30d"), 30 * 86400);
  EXPECT_EQ(read_seconds("2 weeks"), 14 * 86400);
  EXPECT_EQ(read_seconds("1year"), 8766 * 3600);
  EXPECT_EQ(read_seconds("12months"), 8766 * 3600);
  EXPECT_DOUBLE_EQ(*read_seconds("50us"), 50e-6);
  EXPECT_DOUBLE_EQ(*read_seconds("50\xc2\xb5s"), 50e-6);
  EXPECT_EQ(read_seconds("1e3s"), 1000);
  EXPECT_EQ(read_seconds("-1s"), -1);
}

TEST(Quantities, NothingIsADurationWithoutAUnitThatIsKnown) {
  for (const char* text : {"", "5", "s", "5m", "5 parsec", "5  s", "5s ", " 5s", "five s", "5.s.", "0x5s", "05s", "--5s", "1e999s", ".5s", "5s5"})
    EXPECT_FALSE(read_seconds(text).has_value()) << text;
}

TEST(Quantities, RatesArePerUnitOfTime) {
  EXPECT_EQ(read_rate("100/s"), 100);
  EXPECT_EQ(read_rate("60/min"), 1);
  EXPECT_DOUBLE_EQ(*read_rate("0.15/year") * 8766 * 3600, 0.15);
  EXPECT_DOUBLE_EQ(*read_rate("4/month") * 8766 * 3600, 48);
  for (const char* text : {"100", "100s", "100/", "/s", "100/s/s", "100/parsec"}) EXPECT_FALSE(read_rate(text).has_value()) << text;
}

TEST(Quantities, SizesAreBinaryOrDecimalAsTheySay) {
  EXPECT_EQ(read_bytes("64Gi"), 64.0 * (1 << 30));
  EXPECT_EQ(read_bytes("64GiB"), 64.0 * (1 << 30));
  EXPECT_EQ(read_bytes("32GB"), 32e9);
  EXPECT_EQ(read_bytes("0.5KiB"), 512);
  EXPECT_EQ(read_bytes("7 B"), 7);
  for (const char* text : {"64", "64gb", "Gi", "64Gib"}) EXPECT_FALSE(read_bytes(text).has_value()) << text;
}

TEST(Quantities, FractionsAreOfOneOrInPercent) {
  EXPECT_EQ(read_fraction("0.15"), 0.15);
  EXPECT_EQ(read_fraction("15%"), 0.15);
  EXPECT_DOUBLE_EQ(*read_fraction("99.95%"), 0.9995);
  for (const char* text : {"%", "15 percent", "15%%"}) EXPECT_FALSE(read_fraction(text).has_value()) << text;
}

TEST(Quantities, BytesASecondAreInBytesOrBits) {
  EXPECT_EQ(read_byte_rate("125MB/s"), 125e6);
  EXPECT_EQ(read_byte_rate("10Gbit/s"), 1.25e9);
  EXPECT_EQ(read_byte_rate("0B/s"), 0);
  for (const char* text : {"125", "125MB", "125/s", "/s", "bit/s", "125MB/min"}) EXPECT_FALSE(read_byte_rate(text).has_value()) << text;
}

TEST(Quantities, MoneyHasACurrencyAndMayBePerTime) {
  const auto month = read_money("1500 USD");
  ASSERT_TRUE(month.has_value());
  EXPECT_EQ(month->money, (cost::Money{1'500'000'000, "USD"}));
  EXPECT_EQ(month->per, "");
  const auto hour = read_money("5000EUR/h");
  ASSERT_TRUE(hour.has_value());
  EXPECT_EQ(hour->money.currency, "EUR");
  EXPECT_EQ(hour->per, "h");
  EXPECT_EQ(read_money("0.192 USD/h")->money.micros, 192'000);
  for (const char* text : {"1500", "1500 $", "1500 usd", "1500 USDT", "USD", "1500 USD/", "1500 USD/parsec", "0.0000001 USD", "1e3 USD"})
    EXPECT_FALSE(read_money(text).has_value()) << text;
}

// A number that begins with zero is octal for readers of YAML 1.1.
TEST(Quantities, NumbersAreDecimalWithoutLeadingZeros) {
  EXPECT_EQ(read_number("0"), 0);
  EXPECT_EQ(read_number("0.5"), 0.5);
  EXPECT_EQ(read_number("+5"), 5);
  EXPECT_EQ(read_number("-5e2"), -500);
  for (const char* text : {"", "-", "012", "00", ".5", "0x10", "1_000", "inf", "nan", "1e999", "5e", "+-5"})
    EXPECT_FALSE(read_number(text).has_value()) << text;
}

TEST(Quantities, WholeNumbersAreWhole) {
  EXPECT_EQ(read_whole("42"), 42);
  EXPECT_EQ(read_whole("-42"), -42);
  EXPECT_EQ(read_whole("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "-", "4.0", "1e3", "042", "9223372036854775808", "4 ", "+4"}) EXPECT_FALSE(read_whole(text).has_value()) << text;
}

}  // namespace quantity_test
}  // namespace nines::scenarios
