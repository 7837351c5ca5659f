// Days of the calendar: when a price was read, when a rate of exchange held.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nines::cost {

struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;
  auto operator<=>(const Date&) const = default;
};

std::optional<Date> read_date(std::string_view text);  // "2026-07-20", a day that there is.
std::string text(const Date& date);
std::int64_t day_number(const Date& date);  // Days since 1970-01-01.
Date date_of(std::int64_t day_number);

}  // namespace nines::cost
