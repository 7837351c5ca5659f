#include "models/cost/date.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace nines::cost {

namespace {

std::optional<int> read_digits(std::string_view text) {
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  int value = 0;
  if (!digits) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::chrono::year_month_day calendar(const Date& date) {
  return std::chrono::year(date.year) / std::chrono::month(static_cast<unsigned>(date.month)) / std::chrono::day(static_cast<unsigned>(date.day));
}

std::string two(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

std::optional<Date> read_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = read_digits(text.substr(0, 4)), month = read_digits(text.substr(5, 2)), day = read_digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const Date date{*year, *month, *day};
  if (date.year < 1970 || !calendar(date).ok()) return std::nullopt;
  return date;
}

std::string text(const Date& date) { return std::to_string(date.year) + '-' + two(date.month) + '-' + two(date.day); }

std::int64_t day_number(const Date& date) { return std::chrono::sys_days(calendar(date)).time_since_epoch().count(); }

Date date_of(std::int64_t day_number) {
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(day_number))};
  return {static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())), static_cast<int>(static_cast<unsigned>(day.day()))};
}

}  // namespace nines::cost
