// Laws of random durations: a plain value that a catalogue can hold, print and truncate; sampled by inversion where a quantity is
// compared or inverted, so that one word gives one duration.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/base/time.hpp"

namespace nines {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

// All parameters are seconds unless said. Every sample is clamped to [minimum, maximum].
struct Law {
  enum class Kind : std::uint8_t { fixed, exponential, weibull, lognormal, uniform, gamma, pareto, empirical };
  Kind kind = Kind::fixed;
  double a = 0;  // fixed: value. exponential: mean. weibull: scale. lognormal: median. uniform: low. gamma: mean. pareto: least value.
  double b = 0;  // weibull: shape (1). lognormal: sigma of the logarithm (1). uniform: high. gamma: shape (1). pareto: tail index (1).
  Duration minimum{0};
  Duration maximum = Duration::max();
  std::vector<double> points;  // empirical: sorted samples, interpolated linearly between order statistics.

  static Law fixed(Duration value);
  static Law exponential(Duration mean);
  static Law weibull(Duration scale, double shape);
  static Law weibull_with_mean(Duration mean, double shape);
  static Law lognormal(Duration median, double sigma);
  static Law lognormal_with_mean_and_p99(Duration mean, Duration p99);  // The branch with the smaller sigma.
  static Law uniform(Duration low, Duration high);
  static Law gamma(Duration mean, double shape);
  static Law pareto(Duration least, double tail_index);
  static Law empirical(std::vector<double> samples_s);
  Law truncated(Duration low, Duration high) const;
  Law stretched(double by) const;  // Of durations `by` times as long; the clamping stays where it is.

  double mean_s() const;                        // Of the untruncated law; infinity where it has none. Seconds.
  double sample_mean_s() const;                 // Of the samples, that is with the clamping to [minimum, maximum]. Seconds.
  double mean_square_s2() const;                // Of the untruncated law's square; infinity where it has none. Seconds squared.
  double quantile_s(double probability) const;  // Of the untruncated law. Seconds.
  double survival(double s) const;              // P(more than s seconds) of the untruncated law; the far tail keeps its digits.
  Duration sample(double u) const;              // Inverse transform of u in (0, 1), clamped to [minimum, maximum].
  // The time that is left when a renewal process with this law is looked at at a random instant (its stationary residual).
  Duration sample_residual(double u, double v) const;
  bool memoryless() const { return kind == Kind::exponential; }
  std::string text() const;  // "lognormal(median 2.5 h, sigma 1.2)": as a report prints it.

  bool operator==(const Law&) const = default;
};

}  // namespace nines
