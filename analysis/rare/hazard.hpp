// A law of durations as a hazard: how likely it is that something ends within the next while when it has lasted so long.
#pragma once

#include "sim/base/law.hpp"

namespace nines::analysis {

class Hazard {
 public:
  explicit Hazard(const Law& law);

  // Minus the logarithm of P(longer than `s` seconds); infinity from where none is longer.
  double cumulative(double s) const;
  // The duration at which the cumulative hazard passes y. Seconds.
  double inverse(double y) const;
  // What is left after `age` seconds, for u in (0, 1).
  double left(double age, double u) const;

  bool memoryless() const { return memoryless_; }
  double mean() const { return mean_; }  // Of the samples, that is with the clamping. Seconds.

  double sample(double u) const;
  // How long ago a duration began that is going on at a random instant; also how long it still lasts.
  double stationary_age(double u, double v) const;
  // A duration picked by a random instant: long ones are hit more often. Its density is that of the law times duration / mean.
  double length_biased(double u, double v) const;

 private:
  Law law_;
  double minimum_, maximum_, mean_;
  bool memoryless_;
};

}  // namespace nines::analysis
