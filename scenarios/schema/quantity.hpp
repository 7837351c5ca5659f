// Quantities as people write them: "2.5s", "0.15/year", "64Gi", "99.95%", "1500 USD". Nothing is accepted without its unit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/cost/money.hpp"
#include "sim/base/time.hpp"

namespace nines::scenarios {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }  // Whatever the locale.

// A decimal number, all of the text. No leading zeros (other readers take them for octal), no hexadecimal, no infinity.
std::optional<double> read_number(std::string_view text);
std::optional<std::int64_t> read_whole(std::string_view text);

// Seconds of a unit's name ("ms", "min", "days", "year" = 365.25 days, "month" = a twelfth of it), or nothing. "m" is none: minutes or months?
std::optional<double> seconds_of(std::string_view unit);

std::optional<double> read_seconds(std::string_view text);    // "2.5s", "10 min", "3days". Rounded to nanoseconds by whoever stores it.
std::optional<double> read_rate(std::string_view text);       // "0.15/year", "100/s". Per second.
std::optional<double> read_bytes(std::string_view text);      // "64Gi", "0.5KiB", "32GB".
std::optional<double> read_byte_rate(std::string_view text);  // "125MB/s", "10Gbit/s". Bytes per second.
std::optional<double> read_fraction(std::string_view text);   // "99.95%", "0.15". Not bounded here.

// Money and what it is paid for: "5000 USD/h", "1500 USD". Exact to the millionth; what has more decimals is refused.
struct MoneyPer {
  cost::Money money;
  std::string per;  // "h" of "5000 USD/h"; empty when there is none.
};
std::optional<MoneyPer> read_money(std::string_view text);

}  // namespace nines::scenarios
