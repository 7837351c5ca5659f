#include "scenarios/run/expect.hpp"

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace expect_test {

using analysis::Verdict;

analysis::Metric metric(std::string name, std::optional<double> value, std::optional<double> low, std::optional<double> high) {
  return {.name = std::move(name), .value = value, .low = low, .high = high, .unit = "1", .method = "test", .exact = false};
}

Expectation at_least(std::string name, double value) {
  Expectation expected;
  expected.text = name + " >= " + std::to_string(value);
  expected.metric = std::move(name);
  expected.value = value;
  return expected;
}

Verdict verdict(const Expectation& expected, const analysis::Metrics& metrics) {
  const auto judged = judge({expected}, metrics);
  EXPECT_EQ(judged.size(), 1u);
  EXPECT_FALSE(judged.at(0).because.empty());
  EXPECT_EQ(judged.at(0).text, expected.text);
  EXPECT_EQ(worst(judged), judged.at(0).verdict);
  return judged.at(0).verdict;
}

TEST(Expect, TheWholeIntervalDecides) {
  const analysis::Metrics metrics{metric("uptime.all", 0.9995, 0.9993, 0.9997)};
  EXPECT_EQ(verdict(at_least("uptime.all", 0.9993), metrics), Verdict::passed);
  EXPECT_EQ(verdict(at_least("uptime.all", 0.9995), metrics), Verdict::undecided);
  EXPECT_EQ(verdict(at_least("uptime.all", 0.9998), metrics), Verdict::failed);
}

TEST(Expect, ABoundOnOneSideDecidesOneWayOnly) {
  const analysis::Metrics metrics{metric("uptime.all", std::nullopt, 0.99999, std::nullopt)};
  EXPECT_EQ(verdict(at_least("uptime.all", 0.9999), metrics), Verdict::passed);
  EXPECT_EQ(verdict(at_least("uptime.all", 0.999999), metrics), Verdict::undecided);
}

TEST(Expect, EveryComparisonHasItsOwnEnds) {
  const analysis::Metrics metrics{metric("failover.p99", 5.0, 4.0, 6.0)};
  Expectation line = at_least("failover.p99", 6.0);
  const auto as = [&](Expectation::Comparison comparison, double value) {
    line.comparison = comparison;
    line.value = value;
    return verdict(line, metrics);
  };
  EXPECT_EQ(as(Expectation::Comparison::at_most, 6.0), Verdict::passed);
  EXPECT_EQ(as(Expectation::Comparison::less, 6.0), Verdict::undecided);
  EXPECT_EQ(as(Expectation::Comparison::at_least, 4.0), Verdict::passed);
  EXPECT_EQ(as(Expectation::Comparison::greater, 4.0), Verdict::undecided);
  EXPECT_EQ(as(Expectation::Comparison::at_most, 3.9), Verdict::failed);
}

TEST(Expect, WhatIsNotComputedIsUndecidedAndSaysSo) {
  const auto judged = judge({at_least("cost.month", 1)}, {metric("uptime.all", 1, 1, 1)});
  ASSERT_EQ(judged.size(), 1u);
  EXPECT_EQ(judged[0].verdict, Verdict::undecided);
  EXPECT_NE(judged[0].because.find("cost.month"), std::string::npos);
}

TEST(Expect, WithoutAClustersNameItIsExpectedOfAllAndTheWorstDecides) {
  const analysis::Metrics metrics{metric("orders.uptime.all", 0.9999, 0.9998, 0.99995), metric("billing.uptime.all", 0.99, 0.98, 0.995)};
  EXPECT_EQ(verdict(at_least("uptime.all", 0.999), metrics), Verdict::failed);
  EXPECT_EQ(verdict(at_least("orders.uptime.all", 0.999), metrics), Verdict::passed);
  EXPECT_EQ(verdict(at_least("uptime.all", 0.97), metrics), Verdict::passed);
}

TEST(Expect, TheWorstOfAllLinesIsTheVerdict) {
  const auto line = [](Verdict verdict) { return analysis::Expectation{.text = "", .verdict = verdict, .because = ""}; };
  EXPECT_EQ(worst({}), Verdict::passed);
  EXPECT_EQ(worst({line(Verdict::passed), line(Verdict::undecided)}), Verdict::undecided);
  EXPECT_EQ(worst({line(Verdict::undecided), line(Verdict::failed), line(Verdict::passed)}), Verdict::failed);
}

// Latency comes from a closed form: it has no interval, and more replications would not give it one.
TEST(Expect, LatencyIsComparedAsItIs) {
  EXPECT_EQ(verdict(at_least("latency.p99", 0.1), {metric("latency.p99", 0.2, {}, {})}), Verdict::passed);
  EXPECT_EQ(verdict(at_least("latency.p99", 0.3), {metric("latency.p99", 0.2, {}, {})}), Verdict::failed);
  EXPECT_EQ(verdict(at_least("orders.latency.p99", 0.3), {metric("orders.latency.p99", 0.2, {}, {})}), Verdict::failed);
  EXPECT_EQ(verdict(at_least("latency.p99", 0.3), {metric("latency.p99", {}, {}, {})}), Verdict::undecided);
  EXPECT_EQ(verdict(at_least("failover.mean", 0.3), {metric("failover.mean", 0.4, {}, {})}), Verdict::undecided);
}

}  // namespace expect_test
}  // namespace nines::scenarios
