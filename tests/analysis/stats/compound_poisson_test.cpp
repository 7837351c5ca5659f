#include "analysis/stats/compound_poisson.hpp"

#include <cmath>
#include <vector>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <gtest/gtest.h>

#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace compound_poisson_test {

using test::Draws;

// `number` lengths that stand for an exponential law of mean 1.
std::vector<CompoundPoisson::Outages> exponential(int number) {
  std::vector<CompoundPoisson::Outages> seen;
  for (int i = 0; i < number; ++i) seen.push_back({-std::log((i + 0.5) / number), 1});
  return seen;
}

// A Poisson number of exponential lengths: gamma laws, weighted.
double exponential_tail(double events, double budget) {
  double tail = 0;
  for (int n = 1; n < 10 * events + 50; ++n)
    tail += boost::math::pdf(boost::math::poisson_distribution<double>(events), n) *
            boost::math::cdf(boost::math::complement(boost::math::gamma_distribution<double>(n, 1), budget));
  return tail;
}

TEST(CompoundPoisson, SumsOfExponentialOutagesHaveAKnownLaw) {
  for (const double events : {0.01, 0.5, 3.0, 40.0}) {
    const CompoundPoisson sums(exponential(20000), 20000 / events, 1);
    for (const double budget : {0.3, 2.0, 10.0, 60.0}) {
      const double exact = exponential_tail(events, budget);
      if (exact < 1e-4) continue;  // The law's 20,000 representatives end at ten times its mean.
      EXPECT_NEAR(*sums.exceeds(budget).value, exact, 6e-3 * exact + 1e-5) << events << " events, budget " << budget;
    }
  }
}

TEST(CompoundPoisson, OutagesOfOneLengthAreCounted) {
  const CompoundPoisson sums({{5, 200}}, 100, 1);  // Two a period.
  for (const int most : {0, 1, 2, 5})
    EXPECT_NEAR(*sums.exceeds(5 * most + 2.5).value, 1 - boost::math::cdf(boost::math::poisson_distribution<double>(2), most), 2e-3) << most;
  EXPECT_NEAR(*sums.exceeds(0).value, 1 - std::exp(-2), 1e-12);
}

// Thousands of short ones and a rare long one: neither underflow nor the width of the cells may show.
TEST(CompoundPoisson, ManyShortOutagesAddUpToTheirMean) {
  const CompoundPoisson sums({{1, 100000}, {50000, 2}}, 20, 1);  // 5,000 s of short ones a period, deviation 71 s.
  EXPECT_NEAR(*sums.exceeds(4500).value, 1, 1e-3);
  EXPECT_NEAR(*sums.exceeds(5500).value, 1 - std::exp(-0.1), 1e-3);
  EXPECT_NEAR(*sums.exceeds(49000).value, 1 - std::exp(-0.1), 1e-3);
}

TEST(CompoundPoisson, NothingSeenHasABoundAndNoValue) {
  const CompoundPoisson sums({}, 1000, 1);
  const Estimate spent = sums.exceeds(10);
  EXPECT_FALSE(spent.value);
  EXPECT_FALSE(spent.low);
  EXPECT_NEAR(*spent.high, 2.9957e-3, 1e-6);
  EXPECT_FALSE(CompoundPoisson({}, 2, 1).exceeds(10).high) << "a bound of 100 % says nothing";
  EXPECT_FALSE(sums.quantile(0.9).value);
}

// Ten short outages in a thousand periods do not show that there are no long ones.
TEST(CompoundPoisson, AnOutageTooRareToBeSeenMaySpendTheBudget) {
  const Estimate spent = CompoundPoisson({{1, 10}}, 1000, 1).exceeds(100);
  EXPECT_LT(*spent.value, 1e-6);
  EXPECT_GT(*spent.high, 2e-3);
  EXPECT_LT(*spent.high, 4e-3);
}

// A budget that only one outage in ten exceeds: as good as a count of those.
TEST(CompoundPoisson, RareExceedancesHaveTheLimitsOfACount) {
  const CompoundPoisson sums({{1, 81}, {100, 9}}, 100000, 1);
  const Estimate spent = sums.exceeds(50);
  const Interval count = garwood(9, 0.95);
  EXPECT_NEAR(*spent.value, 9e-5, 1e-6);
  EXPECT_NEAR(*spent.low, count.low / 100000, 1e-6);
  EXPECT_NEAR(*spent.high, count.high / 100000, 1e-6);
}

TEST(CompoundPoisson, ItsLimitsCoverWhateverTheRateAndTheBudget) {
  constexpr int experiments = 250;
  const double least = 0.95 - 4 * std::sqrt(0.95 * 0.05 / experiments);  // False alarm below 3e-5 each.
  for (const double rate : {0.05, 0.5, 3.0}) {                           // Outages a period; lognormal with sigma 1.4 and mean 1; 200 periods seen.
    for (const double budget : {0.5, 3.0, 10.0}) {
      const auto length = [](Draws& draws) { return std::exp(1.4 * draws.normal() - 0.98); };
      Draws many(71, 0);
      constexpr int periods = 200000;
      int over = 0;
      for (int period = 0; period < periods; ++period) {
        double sum = 0;
        for (std::uint64_t left = many.poisson(rate); left > 0; --left) sum += length(many);
        over += sum > budget;
      }
      const double truth = static_cast<double>(over) / periods;
      int covered = 0;
      for (int e = 1; e <= experiments; ++e) {
        Draws draws(72, static_cast<std::uint64_t>(e));
        std::vector<CompoundPoisson::Outages> seen;
        for (std::uint64_t left = draws.poisson(200 * rate); left > 0; --left) seen.push_back({length(draws), 1});
        const Estimate spent = CompoundPoisson(seen, 200, 1).exceeds(budget);
        covered += spent.low.value_or(0) <= truth && truth <= *spent.high;
      }
      EXPECT_GE(covered, least * experiments) << "rate " << rate << ", budget " << budget << ", truth " << truth;
    }
  }
}

TEST(CompoundPoisson, PercentilesAreThoseOfTheSum) {
  const CompoundPoisson sums(exponential(20000), 20000 / 3.0, 1);
  for (const double p : {0.5, 0.9, 0.99}) {
    const Estimate found = sums.quantile(p);
    EXPECT_NEAR(exponential_tail(3, *found.value), 1 - p, 0.01 * (1 - p) + 1e-4) << p;
    EXPECT_LT(*found.low, *found.value);
    EXPECT_GT(*found.high, *found.value);
    EXPECT_LT(*found.high - *found.low, 0.2 * *found.value);
  }
  // Half of the periods pass without an outage, and a hundred are too few to bound the worst of a hundred.
  const CompoundPoisson rare(exponential(50), 100, 1);
  EXPECT_EQ(*rare.quantile(0.5).value, 0);
  EXPECT_TRUE(rare.quantile(0.99).value);
  EXPECT_FALSE(rare.quantile(0.99).high);
}

}  // namespace compound_poisson_test
}  // namespace nines::analysis
