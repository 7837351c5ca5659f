#include "models/topology/delay.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/law.hpp"

namespace nines::topology {

Duration sample_delay(const LinkLaw& law, double u) {
  const Duration longest = greatest_delay(law);
  if (longest == law.minimum) return law.minimum;
  return std::min(longest, law.minimum + Law::lognormal(law.jitter_median, law.jitter_sigma).truncated(Duration{0}, longest - law.minimum).sample(u));
}

double mean_delay_s(const LinkLaw& law) {
  const Duration longest = greatest_delay(law);
  if (longest == law.minimum) return seconds(law.minimum);
  return seconds(law.minimum) + Law::lognormal(law.jitter_median, law.jitter_sigma).truncated(Duration{0}, longest - law.minimum).sample_mean_s();
}

LinkLaw link_law(Duration p50, Duration p99, double fixed_share, Duration maximum) {
  LinkLaw law;
  if (p99 <= p50 || fixed_share >= 1) {
    law.minimum = law.maximum = p50;
    return law;
  }
  constexpr double z99 = 2.3263478740408408;  // The standard normal's 99th percentile.
  const double fixed_s = seconds(p50) * std::clamp(fixed_share, 0.0, 1.0);
  law.minimum = from_seconds(fixed_s);
  law.jitter_median = p50 - law.minimum;
  law.jitter_sigma = std::log((seconds(p99) - fixed_s) / (seconds(p50) - fixed_s)) / z99;
  law.maximum = std::max(maximum, p99);
  return law;
}

Duration resend_delay(double loss, Duration first_timeout, double u) {
  Duration total{0};
  Duration timeout = first_timeout;
  double lost = loss;  // The probability that the first k + 1 copies are all lost.
  for (int k = 0; k < 10 && u < lost; ++k, lost *= loss, timeout *= 2) total += timeout;
  return total;
}

}  // namespace nines::topology
