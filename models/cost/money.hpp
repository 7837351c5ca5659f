// Money that adds up: integer millionths of a currency, multiplied by integer millionths of what is bought. Nothing is rounded but each product,
// half to even; what does not fit is said, never wrapped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/cost/date.hpp"

namespace nines::cost {

inline constexpr std::int64_t millionths_of_one = 1'000'000;

struct Money {
  std::int64_t micros = 0;
  std::string currency;  // "USD"
  bool operator==(const Money&) const = default;
};

// How much is bought: hours, GB, engineers.
struct Quantity {
  std::int64_t millionths = 0;
  bool operator==(const Quantity&) const = default;
};

constexpr Quantity whole(std::int64_t count) { return {count * millionths_of_one}; }

// "0.192", "-3", exactly; nothing where it has more than six decimals, is no plain decimal number or does not fit.
std::optional<std::int64_t> read_millionths(std::string_view text);

// The nearest millionth, ties to even; nothing where it does not fit.
std::optional<std::int64_t> to_millionths(double value);

// "840.96", "0.1945": at least so many decimals, and as many as it has.
std::string decimal(std::int64_t millionths, int least_decimals);
// To so many decimals, half to even, with groups of three: "1,213.16".
std::string rounded(std::int64_t millionths, int decimals);
double value_of(std::int64_t millionths);

// The currencies must be the same. Nothing where the sum does not fit.
std::optional<Money> plus(const Money& a, const Money& b);

// price x quantity / parts: a price of a year makes, by the month, twelve parts. Rounded once, half to even. Nothing where it does not fit.
std::optional<Money> times(const Money& price, Quantity quantity, int parts = 1);

// What one unit of `from` was worth in `to`, on a day, by somebody's word. There is no conversion without one.
struct Exchange {
  std::string from, to;
  Quantity rate;
  Date date;
  std::string source;
};
std::optional<Money> convert(const Money& money, const Exchange& exchange);  // money.currency must be exchange.from.

}  // namespace nines::cost
