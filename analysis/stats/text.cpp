#include "analysis/stats/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace nines::analysis {
namespace {

template <class... Format>
std::string convert(double value, Format... format) {
  std::array<char, 400> buffer{};  // The largest double has 309 digits before its point.
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format...).ptr;
  return {buffer.data(), end};
}

}  // namespace

std::string fixed(double value, int decimals) { return convert(value, std::chars_format::fixed, decimals); }

std::string shortest(double value) { return convert(value); }

std::string significant(double value, int digits) {
  if (value == 0) return "0";
  std::string scientific = convert(value, std::chars_format::scientific, digits - 1);
  const auto mark = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(mark + 1));  // After rounding: 9.99 to two digits is 10.
  if (exponent < -4 || exponent > 9) return scientific;
  return fixed(value, std::max(0, digits - 1 - exponent));
}

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string counted(std::uint64_t number, std::string_view plural) {
  if (number == 1) plural.remove_suffix(plural.ends_with("sses") ? 2 : 1);
  return grouped(number) + ' ' + std::string(plural);
}

std::string human_time(double seconds, int digits) {
  static constexpr std::array<std::pair<double, const char*>, 4> units{{{86400 * 2, " days"}, {3600 * 2, " h"}, {120, " min"}, {1, " s"}}};
  static constexpr std::array<double, 4> lengths{86400, 3600, 60, 1};
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (std::fabs(seconds) >= units[u].first) return significant(seconds / lengths[u], digits) + units[u].second;
  }
  if (seconds == 0) return "0 s";
  return significant(seconds * 1e3, digits) + " ms";
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace nines::analysis
