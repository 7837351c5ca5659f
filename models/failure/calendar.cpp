#include "models/failure/calendar.hpp"

#include <chrono>

#include "sim/base/check.hpp"

namespace nines::failure {

namespace {

constexpr std::chrono::hours day{24};

// After an evening that another day of work follows, and after the last of the week.
Duration night(const Shift& shift) { return std::chrono::hours{24 - shift.to_hour + shift.from_hour}; }
Duration weekend(const Shift& shift) { return night(shift) + (7 - shift.days) * day; }

}  // namespace

Duration wait_for(const Shift& shift, Duration into_week) {
  SIM_CHECK(0ns <= into_week && into_week < week, "no instant of a week");
  const auto today = into_week / Duration{day};
  const Duration opens = today * day + std::chrono::hours{shift.from_hour};
  if (today < shift.days && into_week < opens) return opens - into_week;
  if (today < shift.days && into_week < today * day + std::chrono::hours{shift.to_hour}) return 0ns;
  if (today + 1 < shift.days) return opens + day - into_week;
  return week + std::chrono::hours{shift.from_hour} - into_week;
}

Duration mean_wait(const Shift& shift) {
  const double nights = seconds(night(shift)), last = seconds(weekend(shift));
  return from_seconds(((shift.days - 1) * nights * nights + last * last) / 2 / seconds(week));
}

Duration longest_wait(const Shift& shift) { return weekend(shift); }

}  // namespace nines::failure
