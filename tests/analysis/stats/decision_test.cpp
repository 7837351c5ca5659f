#include "analysis/stats/decision.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "analysis/stats/interval.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace decision_test {

Metric interval(std::optional<double> low, std::optional<double> high) {
  return {.name = "uptime.all", .value = 0.9995, .low = low, .high = high, .unit = "1", .method = "as you like"};
}

Verdict of(const Metric& metric, Comparison comparison, double threshold) { return judge(metric, comparison, threshold).verdict; }

TEST(Decision, TheWholeIntervalMustMeetAnExpectation) {
  const Metric metric = interval(0.9990, 0.9998);
  EXPECT_EQ(of(metric, Comparison::at_least, 0.998), Verdict::passed);
  EXPECT_EQ(of(metric, Comparison::at_least, 0.9990), Verdict::passed);
  EXPECT_EQ(of(metric, Comparison::above, 0.9990), Verdict::undecided);
  EXPECT_EQ(of(metric, Comparison::at_least, 0.9995), Verdict::undecided);
  EXPECT_EQ(of(metric, Comparison::at_least, 0.9999), Verdict::failed);
  EXPECT_EQ(of(metric, Comparison::at_most, 0.9998), Verdict::passed);
  EXPECT_EQ(of(metric, Comparison::below, 0.9998), Verdict::undecided);
  EXPECT_EQ(of(metric, Comparison::at_most, 0.998), Verdict::failed);
}

// Three quiet months do not fail a promise of five nines, and do not keep it either.
TEST(Decision, ABoundDecidesOnOneSideOnly) {
  const Metric bound = interval(0.9999, std::nullopt);
  EXPECT_EQ(of(bound, Comparison::at_least, 0.999), Verdict::passed);
  EXPECT_EQ(of(bound, Comparison::at_least, 0.99999), Verdict::undecided);
  EXPECT_EQ(of(bound, Comparison::at_most, 0.999), Verdict::failed);
  EXPECT_EQ(judge(bound, Comparison::at_least, 0.999).because, "the bound meets it");
}

TEST(Decision, AValueWithoutLimitsDecidesNothing) {
  EXPECT_EQ(of(interval({}, {}), Comparison::at_least, 0.1), Verdict::undecided);
  EXPECT_EQ(judge(interval({}, {}), Comparison::at_least, 0.1).because, "there is no interval: as you like");
}

TEST(Decision, ExactValuesCompareDirectly) {
  Metric exact = interval({}, {});
  exact.exact = true;
  EXPECT_EQ(of(exact, Comparison::at_least, 0.9995), Verdict::passed);
  EXPECT_EQ(of(exact, Comparison::above, 0.9995), Verdict::failed);
}

// The truth lies on the line: every verdict is wrong. Six looks at a run that doubles, of which the first counts as it is.
TEST(Decision, LookingAgainDoesNotForceAVerdict) {
  constexpr int experiments = 2000;
  int plain = 0, careful = 0;
  for (int e = 0; e < experiments; ++e) {
    test::Draws draws(91, static_cast<std::uint64_t>(e));
    bool decided = false, carefully = false;
    std::uint64_t events = draws.poisson(128);
    for (int look = 0; look < 6; ++look) {
      const double mean = std::ldexp(128, look);
      const Interval limits = garwood(events, confidence);
      const Metric rate{
          .name = "failover.per_year", .value = static_cast<double>(events), .low = limits.low, .high = limits.high, .unit = "1/year", .method = ""};
      decided |= of(rate, Comparison::at_most, mean) != Verdict::undecided;
      carefully |= of(look == 0 ? rate : stretched(rate), Comparison::at_most, mean) != Verdict::undecided;
      events += draws.poisson(mean);
    }
    plain += decided;
    careful += carefully;
  }
  EXPECT_GT(plain, 0.14 * experiments) << "about 18 % is what this guards against";
  EXPECT_LT(careful, 0.08 * experiments) << "6 %; false alarm below 1e-3";
}

TEST(Decision, StretchingMovesWhatIsThereAndNothingElse) {
  EXPECT_DOUBLE_EQ(*stretched(interval(0.9993, {}), 2).low, 0.9991);
  EXPECT_FALSE(stretched(interval(0.9993, {})).high);
  Metric unseen = interval(0.999, {});
  unseen.value.reset();
  EXPECT_EQ(stretched(unseen), unseen);
}

TEST(Decision, PrecisionOfAnUptimeIsThatOfItsDowntime) {
  EXPECT_NEAR(*relative_error(interval(0.9994, 0.9996)), 0.2, 1e-9);
  EXPECT_FALSE(relative_error(interval(0.9994, std::nullopt)));
  EXPECT_NEAR(*relative_error({.name = "failover.mean", .value = 4, .low = 3, .high = 5, .unit = "s", .method = ""}), 0.25, 1e-9);
}

}  // namespace decision_test
}  // namespace nines::analysis
