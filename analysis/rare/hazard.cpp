#include "analysis/rare/hazard.hpp"

#include <algorithm>
#include <cmath>

namespace nines::analysis {

Hazard::Hazard(const Law& law)
    : law_(law),
      minimum_(std::max(0.0, seconds(law.minimum))),
      maximum_(law.maximum == Duration::max() ? infinity : seconds(law.maximum)),
      mean_(law.sample_mean_s()),
      memoryless_(law.memoryless() && minimum_ <= 0 && std::isinf(maximum_)) {}

double Hazard::cumulative(double s) const {
  if (s < minimum_ || s <= 0) return 0;
  if (s >= maximum_) return infinity;
  switch (law_.kind) {
    case Law::Kind::exponential: return s / law_.a;
    case Law::Kind::weibull: return std::pow(s / law_.a, law_.b);
    default: return std::max(0.0, -std::log(law_.survival(s)));
  }
}

double Hazard::inverse(double y) const {
  double s = 0;
  switch (law_.kind) {
    case Law::Kind::exponential: s = y * law_.a; break;
    case Law::Kind::weibull: s = law_.a * std::pow(y, 1 / law_.b); break;
    default: s = law_.quantile_s(-std::expm1(-y));
  }
  return std::clamp(s, minimum_, maximum_);
}

double Hazard::left(double age, double u) const {
  if (memoryless_) return -law_.a * std::log(u);
  return std::max(0.0, inverse(cumulative(age) - std::log(u)) - age);
}

double Hazard::sample(double u) const { return std::clamp(law_.quantile_s(u), minimum_, maximum_); }

double Hazard::stationary_age(double u, double v) const { return memoryless_ ? sample(u) : seconds(law_.sample_residual(u, v)); }

double Hazard::length_biased(double u, double v) const {
  if (memoryless_) return sample(u) + sample(v);  // What has passed and what is left are independent.
  return seconds(law_.sample_residual(u, 1));
}

}  // namespace nines::analysis
