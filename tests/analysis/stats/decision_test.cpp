#include "analysis/stats/decision.hpp"

#include <gtest/gtest.h>

namespace nines::analysis {
namespace {

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

TEST(Decision, PrecisionOfAnUptimeIsThatOfItsDowntime) {
  EXPECT_NEAR(*relative_error(interval(0.9994, 0.9996)), 0.2, 1e-9);
  EXPECT_FALSE(relative_error(interval(0.9994, std::nullopt)));
  EXPECT_NEAR(*relative_error({.name = "failover.mean", .value = 4, .low = 3, .high = 5, .unit = "s", .method = ""}), 0.25, 1e-9);
}

}  // namespace
}  // namespace nines::analysis
