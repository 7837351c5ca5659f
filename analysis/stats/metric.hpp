// One number of an answer: its name, its value, how sure it is, and by which method it was found.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nines::analysis {

inline constexpr double largest_below_one = 0x1.fffffffffffffp-1;

// Of a share of time that is down. What is too small for a double must not read as 100 %.
inline double uptime_of(double down) { return std::clamp(1 - down, 0.0, largest_below_one); }
inline double nines_of(double down) { return std::max(0.0, -std::log10(std::min(1.0, down))); }  // down > 0
inline constexpr double confidence = 0.95;                                                       // Of every interval and bound that is printed.

// What the limits of a metric say. Never guessed from the method's text.
enum class Bound : std::uint8_t {
  none,       // A value without limits; the method says why.
  two_sided,  // low <= truth <= high with 95 %.
  at_least,   // truth >= low with 95 %; there is no upper limit.
  at_most,    // truth <= high with 95 %; there is no lower limit.
  exact,      // Computed, not estimated.
};

struct Metric {
  std::string name;             // As in `expect:`, JSON and HDF5, for example "uptime.all"; prefixed by the cluster where there are several.
  std::optional<double> value;  // Absent where an estimate would mislead: what was never seen has a bound, not a value.
  std::optional<double> low;
  std::optional<double> high;
  std::string unit;    // "1" for fractions, "s", "1/year", "min/year", "nines".
  std::string method;  // A phrase: "gamma interval (Fay-Feuer) over 1204 outages".
  bool exact = false;
  // Where the value moves when the catalogue's rates and durations move between their low and high ends. No confidence interval: more replications
  // do not narrow it. Both or none.
  std::optional<double> band_low{};
  std::optional<double> band_high{};

  Bound bound() const {
    if (exact) return Bound::exact;
    if (low && high) return Bound::two_sided;
    if (low) return Bound::at_least;
    if (high) return Bound::at_most;
    return Bound::none;
  }
  bool operator==(const Metric&) const = default;
};

using Metrics = std::vector<Metric>;

// The metric of this name, or nothing.
const Metric* find(const Metrics& metrics, std::string_view name);

}  // namespace nines::analysis
