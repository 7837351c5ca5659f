#include "models/cost/money.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/base/check.hpp"

namespace nines::cost {

namespace {

using Wide = __int128;

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> narrow(Wide value) {
  if (value > largest || value < -Wide{largest}) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

// Half to even; divisor > 0.
Wide divided(Wide value, Wide divisor) {
  Wide quotient = value / divisor;
  const Wide rest = value % divisor;
  const Wide twice = (rest < 0 ? -rest : rest) * 2;
  if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += value < 0 ? -1 : 1;
  return quotient;
}

constexpr int most_decimals = 6;

}  // namespace

std::optional<std::int64_t> read_millionths(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view before = text.substr(0, point), after = point < text.size() ? text.substr(point + 1) : std::string_view{};
  if (before.empty() || (point < text.size() && after.empty()) || after.size() > most_decimals) return std::nullopt;
  if (before.size() > 1 && before.front() == '0') return std::nullopt;  // Other readers take it for octal.
  Wide value = 0;
  const auto add = [&](std::string_view digits) {
    for (const char c : digits) {
      if (c < '0' || c > '9' || value > largest) return false;
      value = value * 10 + (c - '0');
    }
    return true;
  };
  if (!add(before) || !add(after)) return std::nullopt;
  for (std::size_t i = after.size(); i < most_decimals; ++i) value *= 10;
  return narrow(negative ? -value : value);
}

std::optional<std::int64_t> to_millionths(double value) {
  const double scaled = value * static_cast<double>(millionths_of_one);
  if (!(std::abs(scaled) < 9.2e18)) return std::nullopt;
  const double floor = std::floor(scaled), rest = scaled - floor;
  const auto whole = static_cast<std::int64_t>(floor);
  return rest > 0.5 || (rest == 0.5 && whole % 2 != 0) ? whole + 1 : whole;
}

std::string decimal(std::int64_t millionths, int least_decimals) {
  const bool negative = millionths < 0;
  const Wide size = negative ? -Wide{millionths} : Wide{millionths};
  std::string after = std::to_string(static_cast<std::uint64_t>(size % millionths_of_one));
  after.insert(0, most_decimals - after.size(), '0');
  while (after.size() > static_cast<std::size_t>(least_decimals) && after.back() == '0') after.pop_back();
  return (negative ? "-" : "") + std::to_string(static_cast<std::uint64_t>(size / millionths_of_one)) + (after.empty() ? "" : "." + after);
}

std::string rounded(std::int64_t millionths, int decimals) {
  std::int64_t step = 1;
  for (int i = decimals; i < most_decimals; ++i) step *= 10;
  const Wide value = divided(millionths, step) * step;
  const bool negative = value < 0;
  const auto size = static_cast<std::uint64_t>(negative ? -value : value);
  std::string before = std::to_string(size / millionths_of_one);
  for (std::size_t at = before.size(); at > 3;) before.insert(at -= 3, ",");
  std::string after = std::to_string(size % millionths_of_one);
  after.insert(0, most_decimals - after.size(), '0');
  after.resize(static_cast<std::size_t>(decimals));
  return (negative ? "-" : "") + before + (after.empty() ? "" : "." + after);
}

double value_of(std::int64_t millionths) { return static_cast<double>(millionths) / static_cast<double>(millionths_of_one); }

std::optional<Money> plus(const Money& a, const Money& b) {
  SIM_CHECK(a.currency == b.currency, "a sum of two currencies");
  const auto sum = narrow(Wide{a.micros} + b.micros);
  if (!sum) return std::nullopt;
  return Money{*sum, a.currency};
}

std::optional<Money> times(const Money& price, Quantity quantity, int parts) {
  SIM_CHECK(parts > 0, "a price is of at least one part");
  const auto product = narrow(divided(Wide{price.micros} * quantity.millionths, Wide{millionths_of_one} * parts));
  if (!product) return std::nullopt;
  return Money{*product, price.currency};
}

std::optional<Money> convert(const Money& money, const Exchange& exchange) {
  SIM_CHECK(money.currency == exchange.from, "a rate of another currency");
  auto converted = times(money, exchange.rate);
  if (converted) converted->currency = exchange.to;
  return converted;
}

}  // namespace nines::cost
