#include "scenarios/schema/measure.hpp"

#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {

std::string Measure::word() const {
  if (money == 0) {
    if (seconds == 0 && bytes == 0) return "a number";
    if (seconds == 1 && bytes == 0) return "a time";
    if (seconds == -1 && bytes == 0) return "a rate";
    if (seconds == 0 && bytes == 1) return "a size";
    if (seconds == -1 && bytes == 1) return "bytes a second";
  }
  if (money == 1 && bytes == 0 && seconds == 0) return "money in " + currency;
  if (money == 1 && bytes == 0 && seconds == -1) return "money in " + currency + " per time";
  return "a quantity in " + symbol();
}

std::string Measure::symbol() const {
  std::string above, below;
  const auto add = [&](const std::string& name, int exponent) {
    if (exponent == 0) return;
    std::string& part = exponent > 0 ? above : below;
    const int power = exponent > 0 ? exponent : -exponent;
    part += (part.empty() ? "" : " ") + name + (power > 1 ? std::to_string(power) : "");
  };
  add(currency, money);
  add("B", bytes);
  add("s", seconds);
  if (above.empty()) above = "1";
  return below.empty() ? above : above + '/' + below;
}

std::optional<Quantity> read_quantity(std::string_view text) {
  if (const auto number = read_fraction(text)) return Quantity{*number, {}};
  if (const auto time = read_seconds(text)) return Quantity{*time, {.seconds = 1, .currency = {}}};
  if (const auto rate = read_rate(text)) return Quantity{*rate, {.seconds = -1, .currency = {}}};
  if (const auto bytes = read_bytes(text)) return Quantity{*bytes, {.bytes = 1, .currency = {}}};
  if (const auto speed = read_byte_rate(text)) return Quantity{*speed, {.seconds = -1, .bytes = 1, .currency = {}}};
  if (const auto money = read_money(text)) {
    const auto per = money->per.empty() ? std::optional<double>(1) : seconds_of(money->per);
    if (!per) return std::nullopt;
    return Quantity{cost::value_of(money->money.micros) / *per, {.seconds = money->per.empty() ? 0 : -1, .money = 1, .currency = money->money.currency}};
  }
  return std::nullopt;
}

}  // namespace nines::scenarios
