// When people are there to begin a repair: the same hours every week, and how long a fault waits for them.
#pragma once

#include "sim/base/time.hpp"

namespace nines::failure {

inline constexpr Duration week = 168h;

// The first `days` days of the week from Monday on, from one full hour to another.
struct Shift {
  int days = 7;
  int from_hour = 0;
  int to_hour = 24;

  bool always() const { return days == 7 && from_hour == 0 && to_hour == 24; }
  bool operator==(const Shift&) const = default;
};

// From an instant of the week, counted from Monday's midnight, to the next at which somebody is there; nothing while somebody is.
Duration wait_for(const Shift& shift, Duration into_week);
// Its mean over the week, the sum of gap^2 / 2 over the week: what the repair of a fault that comes at any time waits.
Duration mean_wait(const Shift& shift);
Duration longest_wait(const Shift& shift);

}  // namespace nines::failure
