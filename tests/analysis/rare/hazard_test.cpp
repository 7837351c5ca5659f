#include "analysis/rare/hazard.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "sim/base/random.hpp"

namespace nines::analysis {
namespace hazard_test {

const std::vector<Law>& laws() {
  static const std::vector<Law> all{Law::exponential(2000h),
                                    Law::weibull_with_mean(500h, 0.7),
                                    Law::weibull(100h, 2.5),
                                    Law::lognormal(1h, 1.4),
                                    Law::gamma(10h, 0.4),
                                    Law::uniform(1h, 4h),
                                    Law::pareto(1h, 2.5),
                                    Law::empirical({60, 600, 7200}),
                                    Law::exponential(3h).truncated(1h, 9h),
                                    Law::lognormal(1h, 1.4).truncated(0s, 48h)};
  return all;
}

double mean_of(const std::function<double(Words)>& draw) {
  const Stream stream(5, 0, 0, Purpose::test);
  double sum = 0;
  for (std::uint64_t i = 0; i < 40'000; ++i) sum += draw(stream.words({0, i}));
  return sum / 40'000;
}

TEST(Hazard, OfEveryLawIsInvertedByItsInverse) {
  for (const Law& law : laws()) {
    const Hazard hazard(law);
    for (const double p : {1e-6, 0.01, 0.2, 0.5, 0.9, 0.999}) {
      const double s = hazard.sample(p);
      const double y = hazard.cumulative(s);
      if (std::isinf(y) || y == 0) continue;  // At a bound of the clamping, where the law has an atom.
      EXPECT_NEAR(hazard.inverse(y) / s, 1, 1e-8) << law.text() << " at " << p;
      if (s > seconds(law.minimum)) {
        EXPECT_NEAR(-std::expm1(-y) / p, 1, 1e-7) << law.text();
      }
    }
  }
}

// The mean of what is left at an age, and that of the whole, agree in the only way that they can: E[X] = E[min(X, a)] + P(X > a) E[left at a].
// Each mean misses by less than five standard errors in all but one of 10^6 seeds, of the laws here.
TEST(Hazard, LeavesAtAnAgeWhatTheLawHasBeyondIt) {
  for (const Law& law : laws()) {
    const Hazard hazard(law);
    const double age = hazard.sample(0.6);
    const double beyond = std::exp(-hazard.cumulative(age));
    if (beyond == 0) continue;
    const double left = mean_of([&](const Words& w) { return hazard.left(age, to_unit(w[0])); });
    const double up_to = mean_of([&](const Words& w) { return std::min(hazard.sample(to_unit(w[0])), age); });
    EXPECT_NEAR((up_to + beyond * left) / hazard.mean(), 1, 0.06) << law.text();
  }
}

// E over the length-biased law of mean / X is 1, and a renewal process's age is as long as what is left: half the mean of the length-biased law.
TEST(Hazard, FindsLongDurationsMoreOften) {
  for (const Law& law : laws()) {
    const Hazard hazard(law);
    EXPECT_NEAR(mean_of([&](const Words& w) { return hazard.mean() / hazard.length_biased(to_unit(w[0]), to_unit(w[1])); }), 1, 0.05) << law.text();
    const Law capped = law.truncated(law.minimum, std::min(law.maximum, from_seconds(5 * hazard.mean())));  // A mean that can be sampled.
    const Hazard short_tail(capped);
    const double whole = mean_of([&](const Words& w) { return short_tail.length_biased(to_unit(w[0]), to_unit(w[1])); });
    const double age = mean_of([&](const Words& w) { return short_tail.stationary_age(to_unit(w[2]), to_unit(w[3])); });
    EXPECT_NEAR(2 * age / whole, 1, 0.05) << law.text();
  }
}

}  // namespace hazard_test
}  // namespace nines::analysis
