#include "sim/base/law.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/weibull.hpp>

#include "sim/base/check.hpp"

namespace nines {
namespace law_test {

const std::vector<double> probabilities = {1e-15, 1e-9, 1e-4, 0.01, 0.074, 0.076, 0.3, 0.5, 0.7, 0.924, 0.926, 0.99, 0.9999, 1 - 1e-9};

template <class Distribution>
void expect_quantiles(const Law& law, const Distribution& reference) {
  for (const double p : probabilities) {
    const double expected = boost::math::quantile(reference, p);
    EXPECT_NEAR(law.quantile_s(p) / expected, 1, 1e-11) << law.text() << " at " << p;
  }
  EXPECT_NEAR(law.mean_s() / boost::math::mean(reference), 1, 1e-12) << law.text();
}

TEST(Law, HasTheQuantilesOfItsDistribution) {
  expect_quantiles(Law::exponential(30s), boost::math::exponential(1 / 30.0));
  expect_quantiles(Law::weibull(100s, 0.7), boost::math::weibull(0.7, 100));
  expect_quantiles(Law::weibull(100s, 3.5), boost::math::weibull(3.5, 100));
  expect_quantiles(Law::lognormal(9000s, 1.2), boost::math::lognormal(std::log(9000.0), 1.2));
  expect_quantiles(Law::gamma(10s, 2.5), boost::math::gamma_distribution<double>(2.5, 4));
  expect_quantiles(Law::pareto(2s, 1.5), boost::math::pareto(2, 1.5));
}

TEST(Law, InvertsTheNormalDistributionToTheLastDigits) {
  for (int i = 1; i < 4000; ++i) {
    const double p = i / 4000.0;
    const double z = std::log(Law::lognormal(1s, 1).quantile_s(p));
    EXPECT_NEAR(z, boost::math::quantile(boost::math::normal(), p), 4e-15 * std::max(1.0, std::abs(z))) << p;
  }
  for (const double p : {1e-300, 1e-100, 1e-20}) {
    const double z = std::log(Law::lognormal(1s, 1).quantile_s(p));
    EXPECT_NEAR(z / boost::math::quantile(boost::math::normal(), p), 1, 1e-14) << p;
  }
}

TEST(Law, FixedIsItsValueAndUniformIsLinear) {
  EXPECT_EQ(Law::fixed(250ms).sample(0.3), 250ms);
  EXPECT_EQ(Law::uniform(150ms, 300ms).sample(0.5), 225ms);
  EXPECT_DOUBLE_EQ(Law::uniform(150ms, 300ms).mean_s(), 0.225);
}

TEST(Law, FindsWeibullByItsMean) {
  const Law law = Law::weibull_with_mean(std::chrono::hours{2000}, 0.8);
  EXPECT_NEAR(law.mean_s(), 2000 * 3600.0, 1e-6);
  EXPECT_EQ(law.b, 0.8);
}

TEST(Law, FindsLognormalByMeanAndP99) {
  const Law law = Law::lognormal_with_mean_and_p99(10min, 60min);
  EXPECT_NEAR(law.mean_s(), 600, 1e-8);
  EXPECT_NEAR(law.quantile_s(0.99), 3600, 1e-7);
  // Both sigma and 2 z99 - sigma solve the equations; the smaller one is the sensible one.
  EXPECT_LT(law.b, 2.3263);
}

TEST(Law, RefusesAP99ThatNoLognormalReaches) {
  EXPECT_NO_THROW(Law::lognormal_with_mean_and_p99(1s, 14960ms));
  EXPECT_THROW(Law::lognormal_with_mean_and_p99(1s, 14980ms), BrokenInvariant);
}

TEST(Law, ParetoWithoutAMeanSaysSo) {
  EXPECT_EQ(Law::pareto(1s, 1).mean_s(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(Law::pareto(1s, 2).mean_s(), 2);
  EXPECT_THROW(Law::pareto(1s, 1).sample_residual(0.5, 0.5), BrokenInvariant);
}

TEST(Law, EmpiricalInterpolatesBetweenSortedSamples) {
  const Law law = Law::empirical({4, 1, 2});
  EXPECT_EQ(law.quantile_s(0.0), 1);
  EXPECT_EQ(law.quantile_s(0.25), 1.5);
  EXPECT_EQ(law.quantile_s(0.5), 2);
  EXPECT_EQ(law.quantile_s(0.75), 3);
  EXPECT_EQ(law.quantile_s(1.0), 4);
  EXPECT_EQ(law.mean_s(), 2.25);
  EXPECT_EQ(Law::empirical({7}).sample(0.9), 7s);
  EXPECT_THROW(Law::empirical({}), BrokenInvariant);
}

TEST(Law, ClampsSamplesToItsBounds) {
  const Law law = Law::exponential(10s).truncated(1s, 20s);
  EXPECT_EQ(law.sample(1e-6), 1s);
  EXPECT_EQ(law.sample(0.9999), 20s);
  EXPECT_EQ(law.sample(0.5), from_seconds(10 * std::log(2.0)));
}

TEST(Law, SamplesGrowWithTheDraw) {
  for (const Law& law :
       {Law::exponential(10s), Law::weibull(10s, 0.5), Law::lognormal(1s, 2), Law::gamma(3s, 0.4), Law::pareto(1s, 1.1), Law::empirical({1, 2, 2, 5})}) {
    Duration last{0};
    for (int i = 1; i < 1000; ++i) {
      const Duration sample = law.sample(i / 1000.0);
      EXPECT_GE(sample, last) << law.text();
      last = sample;
    }
  }
}

std::vector<Law> every_kind_of_law() {
  std::vector<Law> laws;
  const std::vector<Law> bare = {Law::fixed(7s),          Law::exponential(10s), Law::weibull(10s, 0.6), Law::weibull(10s, 3),
                                 Law::lognormal(8s, 1.2), Law::lognormal(8s, 0), Law::uniform(3s, 12s),  Law::uniform(5s, 5s),
                                 Law::gamma(9s, 0.5),     Law::gamma(9s, 4),     Law::pareto(4s, 2.5),   Law::empirical({1, 2, 2, 5, 30, 31}),
                                 Law::empirical({6})};
  for (const Law& law : bare) {
    laws.push_back(law);
    laws.push_back(law.truncated(5s, 15s));
    laws.push_back(law.truncated(0s, 9s));
    laws.push_back(law.truncated(6s, Duration::max()));
  }
  laws.push_back(Law::pareto(4s, 1).truncated(0s, 50s));
  laws.push_back(Law::pareto(4s, 0.7).truncated(0s, 50s));
  return laws;
}

// The midpoint rule over the quantile function is an independent road to every moment.
TEST(Law, KnowsTheMeanOfItsClampedSamples) {
  for (const Law& law : every_kind_of_law()) {
    constexpr int steps = 100'000;
    double sum = 0;
    for (int i = 0; i < steps; ++i) sum += seconds(law.sample((i + 0.5) / steps));
    EXPECT_NEAR(law.sample_mean_s() / (sum / steps), 1, 6e-3) << law.text();
  }
}

// Cox, Renewal Theory (1962), 5.1: the stationary residual has the density S(x) / mean, so that its distribution function is the
// integrated tail over the mean: P(R <= x) = E[min(X, x)] / E[X].
TEST(Law, ResidualsFollowTheIntegratedTail) {
  constexpr int side = 300;
  for (const Law& law : every_kind_of_law()) {
    std::vector<double> lives, residuals;
    for (int i = 0; i < 20'000; ++i) lives.push_back(seconds(law.sample((i + 0.5) / 20'000)));
    for (int i = 0; i < side; ++i) {
      for (int j = 0; j < side; ++j) residuals.push_back(seconds(law.sample_residual((i + 0.5) / side, (j + 0.5) / side)));
    }
    std::sort(residuals.begin(), residuals.end());
    double mean = 0;
    for (const double life : lives) mean += life / static_cast<double>(lives.size());
    for (const double x : {0.5, 2.0, 4.0, 5.5, 8.0, 12.0, 20.0, 60.0}) {
      double integrated_tail = 0;
      for (const double life : lives) integrated_tail += std::min(life, x) / static_cast<double>(lives.size());
      const auto below = std::upper_bound(residuals.begin(), residuals.end(), x) - residuals.begin();
      EXPECT_NEAR(static_cast<double>(below) / (side * side), integrated_tail / mean, 0.008) << law.text() << " at " << x;
    }
  }
}

TEST(Law, AnExponentialResidualIsTheLawItself) {
  const Law law = Law::exponential(10s);
  EXPECT_EQ(law.sample_residual(0.37, 0.9), law.sample(0.37));
  EXPECT_TRUE(law.memoryless());
  EXPECT_FALSE(Law::weibull(10s, 1).memoryless());
}

TEST(Law, PrintsAsAReportWouldSayIt) {
  EXPECT_EQ(Law::lognormal(150min, 1.2).text(), "lognormal(median 2.5 h, sigma 1.2)");
  EXPECT_EQ(Law::fixed(2500ms).text(), "fixed(2.5 s)");
  EXPECT_EQ(Law::uniform(150ms, 300ms).text(), "uniform(150 ms to 300 ms)");
  EXPECT_EQ(Law::exponential(year).text(), "exponential(mean 1 year)");
  EXPECT_EQ(Law::fixed(0s).text(), "fixed(0 s)");
  EXPECT_EQ(Law::exponential(10s).truncated(1s, 1min).text(), "exponential(mean 10 s), at least 1 s, at most 1 min");
}

}  // namespace law_test
}  // namespace nines
