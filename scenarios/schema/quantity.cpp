#include "scenarios/schema/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace nines::scenarios {

namespace {

// Splits "2.5s" or "2.5 s" behind its number. Nothing when there is no number in front.
struct Split {
  double number = 0;
  std::string_view unit;
};
std::optional<Split> split(std::string_view text) {
  std::size_t end = 0;
  if (end < text.size() && (text[end] == '-' || text[end] == '+')) ++end;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  // An exponent only where digits follow: "1e3s" has one, "1eur" has none.
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t digits = end + 1;
    if (digits < text.size() && (text[digits] == '-' || text[digits] == '+')) ++digits;
    if (digits < text.size() && is_digit(text[digits])) {
      while (digits < text.size() && is_digit(text[digits])) ++digits;
      end = digits;
    }
  }
  const auto number = read_number(text.substr(0, end));
  if (!number) return std::nullopt;
  std::string_view unit = text.substr(end);
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  return Split{*number, unit};
}

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double day = 86400;
constexpr double year_s = 365.25 * day;
constexpr std::array<Unit, 27> durations{{{"ns", 1e-9},
                                          {"us", 1e-6},
                                          {"\xc2\xb5s", 1e-6},
                                          {"ms", 1e-3},
                                          {"s", 1},
                                          {"sec", 1},
                                          {"second", 1},
                                          {"seconds", 1},
                                          {"min", 60},
                                          {"mins", 60},
                                          {"minute", 60},
                                          {"minutes", 60},
                                          {"h", 3600},
                                          {"hour", 3600},
                                          {"hours", 3600},
                                          {"d", day},
                                          {"day", day},
                                          {"days", day},
                                          {"w", 7 * day},
                                          {"week", 7 * day},
                                          {"weeks", 7 * day},
                                          {"month", year_s / 12},
                                          {"months", year_s / 12},
                                          {"y", year_s},
                                          {"yr", year_s},
                                          {"year", year_s},
                                          {"years", year_s}}};
constexpr double kibi = 1024;
constexpr std::array<Unit, 22> sizes{{{"B", 1},
                                      {"kB", 1e3},
                                      {"KB", 1e3},
                                      {"MB", 1e6},
                                      {"GB", 1e9},
                                      {"TB", 1e12},
                                      {"PB", 1e15},
                                      {"k", 1e3},
                                      {"M", 1e6},
                                      {"G", 1e9},
                                      {"T", 1e12},
                                      {"P", 1e15},
                                      {"Ki", kibi},
                                      {"Mi", kibi* kibi},
                                      {"Gi", kibi* kibi* kibi},
                                      {"Ti", kibi* kibi* kibi* kibi},
                                      {"Pi", kibi* kibi* kibi* kibi* kibi},
                                      {"KiB", kibi},
                                      {"MiB", kibi* kibi},
                                      {"GiB", kibi* kibi* kibi},
                                      {"TiB", kibi* kibi* kibi* kibi},
                                      {"PiB", kibi* kibi* kibi* kibi* kibi}}};

template <std::size_t N>
std::optional<double> factor_of(const std::array<Unit, N>& units, std::string_view name) {
  const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  if (found == units.end()) return std::nullopt;
  return found->factor;
}

}  // namespace

std::optional<double> read_number(std::string_view text) {
  std::string_view digits = text;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || !is_digit(digits.front())) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return std::nullopt;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::general);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> read_whole(std::string_view text) {
  const std::string_view digits = !text.empty() && text.front() == '-' ? text.substr(1) : text;
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> seconds_of(std::string_view unit) { return factor_of(durations, unit); }

std::optional<double> read_seconds(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  const auto unit = seconds_of(parts->unit);
  if (!unit) return std::nullopt;
  return parts->number * *unit;
}

std::optional<double> read_rate(std::string_view text) {
  const auto parts = split(text);
  if (!parts || parts->unit.empty() || parts->unit.front() != '/') return std::nullopt;
  const auto unit = seconds_of(parts->unit.substr(1));
  if (!unit) return std::nullopt;
  return parts->number / *unit;
}

std::optional<double> read_bytes(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  const auto unit = factor_of(sizes, parts->unit);
  if (!unit) return std::nullopt;
  return parts->number * *unit;
}

std::optional<double> read_fraction(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  if (parts->unit.empty()) return parts->number;
  if (parts->unit == "%") return parts->number / 100;
  return std::nullopt;
}

std::optional<double> read_byte_rate(std::string_view text) {
  if (text.size() < 3 || text.substr(text.size() - 2) != "/s") return std::nullopt;
  text.remove_suffix(2);
  if (const auto bytes = read_bytes(text)) return bytes;
  if (text.size() < 4 || text.substr(text.size() - 3) != "bit") return std::nullopt;
  text.remove_suffix(3);
  const auto bits = read_bytes(std::string(text) + 'B');
  if (!bits) return std::nullopt;
  return *bits / 8;
}

std::optional<MoneyPer> read_money(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("-0123456789."), text.size());
  const auto amount = cost::read_millionths(text.substr(0, end));
  if (!amount) return std::nullopt;
  std::string_view unit = text.substr(end);
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  const auto slash = unit.find('/');
  const std::string_view currency = unit.substr(0, slash);
  const bool is_currency = currency.size() == 3 && std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_currency) return std::nullopt;
  MoneyPer read{.money = {*amount, std::string(currency)}, .per = {}};
  if (slash != std::string_view::npos) {
    read.per = unit.substr(slash + 1);
    if (!seconds_of(read.per)) return std::nullopt;
  }
  return read;
}

}  // namespace nines::scenarios
