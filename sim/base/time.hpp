// Simulated time: integer nanoseconds, so that equal instants compare equal and sums are exact.
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstdint>

namespace nines {

using namespace std::chrono_literals;

// A span of simulated time. 64 bits of nanoseconds reach about 292 years.
using Duration = std::chrono::nanoseconds;

// The simulated clock names a time line and has no now(): time arrives as an argument.
struct Clock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<Clock, Duration>;
  static constexpr bool is_steady = true;
};

// A point on the simulated time line. The run starts at Instant{}.
using Instant = Clock::time_point;

inline constexpr Instant never = Instant::max();                  // Later than everything that happens.
inline constexpr Instant long_ago = Instant{-(1LL << 62) * 1ns};  // Earlier than everything that happens; differences to it do not overflow.
inline constexpr Duration year = std::chrono::hours{8766};        // 365.25 days.

constexpr std::int64_t count_ns(Duration d) { return d.count(); }
constexpr std::int64_t count_ns(Instant t) { return t.time_since_epoch().count(); }
constexpr double seconds(Duration d) { return static_cast<double>(d.count()) * 1e-9; }
inline constexpr double minutes_a_year = seconds(year) / 60;
constexpr double years(Duration d) { return static_cast<double>(d.count()) / static_cast<double>(year.count()); }

// `d` after `t`, or never where that lies beyond the time line. 0 <= d.
constexpr Instant after(Instant t, Duration d) { return d < never - std::max(t, Instant{}) ? t + d : never; }

// Rounds to the nearest nanosecond; saturates at the ends of the time line instead of overflowing.
constexpr Duration from_seconds(double s) {
  constexpr double limit = 9.2e9;  // Seconds in about 291 years.
  if (s >= limit) return Duration{static_cast<std::int64_t>(limit * 1e9)};
  if (s <= -limit) return -Duration{static_cast<std::int64_t>(limit * 1e9)};
  return Duration{static_cast<std::int64_t>(s * 1e9 + (s < 0 ? -0.5 : 0.5))};
}

}  // namespace nines
