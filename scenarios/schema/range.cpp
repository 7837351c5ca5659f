// Ranges of an axis as the list a user would write: decimal arithmetic, so that no 0.30000000000000004 comes out.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "scenarios/schema/sweep_document.hpp"

namespace nines::scenarios {

namespace {

// "2.50/s" is 250 hundredths of "/s".
struct Multiple {
  std::int64_t count = 0;
  int places = 0;
  std::string unit;  // With the blank before it, where there is one.
};

constexpr int most_digits = 15;    // Of a number.
constexpr int most_together = 20;  // Of two, from the largest to the smallest: by a million and by most_values, that fits 128 bits.

std::optional<Multiple> read_decimal(std::string_view text) {
  Multiple out;
  std::size_t at = 0, digits = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) ++at;
  bool point = false;
  const std::size_t first = at;
  for (; at < text.size() && ((text[at] >= '0' && text[at] <= '9') || (text[at] == '.' && !point)); ++at) {
    if (text[at] == '.') {
      point = true;
      continue;
    }
    if (++digits > most_digits) return std::nullopt;
    out.count = out.count * 10 + (text[at] - '0');
    out.places += point ? 1 : 0;
  }
  if (digits == 0 || text[first] == '.' || text[at - 1] == '.') return std::nullopt;
  if (digits > 1 && text[first] == '0' && text[first + 1] != '.') return std::nullopt;
  out.unit = text.substr(at);
  if (out.unit.find_first_of("0123456789.") != std::string::npos) return std::nullopt;  // An exponent, a date.
  if (negative) out.count = -out.count;
  return out;
}

int digits_before_the_point(const Multiple& value) {
  int digits = 0;
  for (std::int64_t left = value.count; left != 0; left /= 10) ++digits;
  return std::max(0, digits - value.places);
}

__int128 scaled(const Multiple& value, int places) {
  __int128 out = value.count;
  for (int i = value.places; i < places; ++i) out *= 10;
  return out;
}

std::string decimal_text(__int128 count, int places) {
  const bool negative = count < 0;
  if (negative) count = -count;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(count % 10)));
    count /= 10;
  } while (count > 0);
  const auto behind = static_cast<std::size_t>(places);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  if (places > 0) {
    digits.insert(digits.size() - behind, ".");
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return negative && digits != "0" ? '-' + digits : digits;
}

// Six significant digits, more before the point where there are more.
std::string rounded_text(double value) {
  if (std::fabs(value) >= 1e6) value = std::round(value);
  std::array<char, 64> buffer{};
  if (std::fabs(value) < 1e6) {
    std::snprintf(buffer.data(), buffer.size(), "%.5e", value);
    value = std::strtod(buffer.data(), nullptr);
  }
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return std::string(buffer.data(), end);
}

double real(const Multiple& value) { return static_cast<double>(value.count) / std::pow(10.0, value.places); }

std::vector<std::string> by_step(const Multiple& from, const Multiple& to, const Multiple& step) {
  const int places = std::max({from.places, to.places, step.places});
  const __int128 begin = scaled(from, places), end = scaled(to, places), by = scaled(step, places);
  std::vector<std::string> out;
  for (__int128 at = begin; by > 0 ? at <= end : at >= end; at += by) {
    if (out.size() > most_values) break;
    out.push_back(decimal_text(at, places));
  }
  return out;
}

std::vector<std::string> linear(const Multiple& from, const Multiple& to, int values) {
  constexpr int more_places = 6;
  const int places = std::max(from.places, to.places);
  const __int128 begin = scaled(from, places + more_places), end = scaled(to, places + more_places);
  std::vector<std::string> out;
  for (int i = 0; i < values; ++i) {
    const __int128 share = (end - begin) * i;
    const bool is_exact = share % (values - 1) == 0;
    out.push_back(is_exact ? decimal_text(begin + share / (values - 1), places + more_places)
                           : rounded_text(real(from) + (real(to) - real(from)) * i / (values - 1)));
  }
  return out;
}

std::vector<std::string> geometric(const Multiple& from, const Multiple& to, int values) {
  const bool is_whole = from.unit.empty() && from.places == 0 && to.places == 0;  // Counts stay counts where there are enough of them.
  std::vector<double> reals;
  for (int i = 0; i < values; ++i) reals.push_back(real(from) * std::pow(real(to) / real(from), static_cast<double>(i) / (values - 1)));
  std::vector<std::string> out, whole;
  for (const double value : reals) {
    out.push_back(rounded_text(value));
    whole.push_back(rounded_text(std::round(value)));
  }
  out.front() = decimal_text(from.count, from.places);
  out.back() = decimal_text(to.count, to.places);
  if (is_whole && std::adjacent_find(whole.begin(), whole.end()) == whole.end()) return whole;
  return out;
}

// Each beyond the one before it. Where values are closer than they are rounded to, two would be one point.
bool keep_apart(const std::vector<std::string>& numbers, bool rise) {
  const auto not_beyond = [&](const std::string& before, const std::string& after) {
    const double step = std::strtod(after.c_str(), nullptr) - std::strtod(before.c_str(), nullptr);
    return rise ? step <= 0 : step >= 0;
  };
  return std::adjacent_find(numbers.begin(), numbers.end(), not_beyond) == numbers.end();
}

std::optional<Multiple> end_of(const Written<std::string>& written, Context& context) {
  auto value = read_decimal(*written);
  if (!value)
    context.error(written.place, "expected a number with or without a unit, such as 3 or 0.5/s, of at most 15 digits, not '" + *written + "'");
  return value;
}

}  // namespace

bool write_out(const RangeDocument& range, const Place& place, std::vector<WrittenText>& out, Context& context) {
  if (!range.from.given || !range.to.given || range.step.given == range.values.given)
    return context.error(place, "expected {from, to, step} or {from, to, values}");
  if (range.step.given && range.spacing.given) return context.error(range.spacing.place, "spacing belongs to values; a step is what it is");
  const auto from = end_of(range.from, context), to = end_of(range.to, context);
  const auto step = range.step.given ? end_of(range.step, context) : std::optional<Multiple>(Multiple{});
  if (!from || !to || !step) return false;
  if (to->unit != from->unit)
    return context.error(range.to.place, "expected the unit of '" + *range.from + "', so that the values between are clear");
  if (range.step.given && step->unit != from->unit) return context.error(range.step.place, "expected the unit of '" + *range.from + "'");
  const int places = std::max(from->places, to->places);
  const __int128 distance = scaled(*to, places) - scaled(*from, places);
  if (distance == 0) return context.error(range.to.place, "from and to are the same");
  std::vector<std::string> numbers;
  if (range.step.given) {
    if (step->count == 0 || (step->count > 0) != (distance > 0))
      return context.error(range.step.place, "a step that does not lead from 'from' to 'to'");
    numbers = by_step(*from, *to, *step);
    if (numbers.size() > most_values) return context.error(range.step.place, "an axis of more than " + std::to_string(most_values) + " values");
  } else if (range.spacing.given && *range.spacing == Spacing::geometric) {
    if (from->count <= 0 || to->count <= 0) return context.error(range.spacing.place, "equal ratios need ends above zero");
    numbers = geometric(*from, *to, *range.values);
  } else if (places + std::max(digits_before_the_point(*from), digits_before_the_point(*to)) > most_together) {
    return context.error(range.to.place,
                         "from and to together have more than " + std::to_string(most_together) + " digits, from the largest to the smallest");
  } else {
    numbers = linear(*from, *to, *range.values);
  }
  if (range.values.given && !keep_apart(numbers, distance > 0))
    return context.error(range.values.place, "so many values would round to the same; fewer, or a step, would do");
  for (const auto& number : numbers) out.push_back({number + from->unit, range.from.place});
  return true;
}

}  // namespace nines::scenarios
