// Points of a sweep in milliseconds: the same answers as the exact method's, whoever asked before and on whatever thread.
#include "scenarios/run/exact_point.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/run/exact_answer.hpp"
#include "scenarios/run/translate.hpp"
#include "tests/scenarios/run/library.hpp"
#include "tests/support/watched.hpp"

namespace nines::scenarios {
namespace exact_point_test {

// With few partitions: what takes time is measuring each cause at each of them.
const std::vector<std::pair<std::string, std::vector<Setting>>>& scenarios() {
  static const std::vector<std::pair<std::string, std::vector<Setting>>> all{
      {"camunda-single-node", {}},
      {"camunda-three-zones", {{"cluster.partitions", "2"}}},
      {"camunda-two-regions", {{"cluster.partitions", "1"}, {"cluster.brokers", "4"}, {"topology.nodePools.brokers.nodes", "4"}}}};
  return all;
}

// One look: as many lives as a point's.
analysis::Report exact_report(const Scenario& scenario) {
  Question question;
  question.scenario = &scenario;
  question.world = to_world(scenario);
  question.provenance.seed = 1;
  question.relative_error = 100;
  return exact_answer(question)->report;
}

Scenario with_rates(Scenario scenario, double times) {
  for (failure::Mode& mode : scenario.faults) mode.up_time = mode.up_time.stretched(1 / times);
  return scenario;
}

using testing_worlds::watched;

TEST(ExactPoints, AnswerAScenarioAsTheExactMethodDoes) {
  if (watched) GTEST_SKIP() << testing_worlds::figures_elsewhere;
  for (const auto& [name, settings] : scenarios()) {
    const Scenario scenario = library(name, settings);
    const analysis::Report whole = exact_report(scenario);
    const analysis::Report point = *ExactPoints(to_world(scenario), 1)(scenario, to_world(scenario));
    EXPECT_EQ(point.metrics, whole.metrics) << name;
    EXPECT_EQ(point.warnings, whole.warnings) << name;
    ASSERT_EQ(point.expectations.size(), whole.expectations.size()) << name;
    for (std::size_t i = 0; i < point.expectations.size(); ++i) {
      EXPECT_EQ(point.expectations[i].verdict, whole.expectations[i].verdict) << name;
      EXPECT_EQ(point.expectations[i].because, whole.expectations[i].because) << name;
    }
    EXPECT_EQ(point.provenance.replications, whole.provenance.replications);
  }
}

// Points of two axes that matter for availability in different ways, and one that does not. With few causes: what each one's faults cost is measured.
std::vector<Scenario> points() {
  std::vector<Scenario> all;
  for (const char* profile : {"etcd-3.5", "zeebe-8.9"})
    for (const double times : {1.0, 0.8, 1.25})
      for (const char* type : {"m6i.large", "m6i.xlarge"})
        all.push_back(with_rates(library("etcd-three-zones", {{"cluster.profile", profile}, {"topology.nodePools.members.type", type}}), times));
  for (Scenario& scenario : all) scenario.faults.resize(watched ? 2 : 6);
  return all;
}

TEST(ExactPoints, TheAnswerDependsOnNeitherOrderNorThreadNorMemory) {
  const std::vector<Scenario> all = points();
  const world::Options base = to_world(all[0]);
  const ExactPoints in_order(base, 7), backwards(base, 7), together(base, 7), forgetful(base, 7, 0);
  std::vector<analysis::Metrics> expected(all.size()), by_threads(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) expected[i] = in_order(all[i], to_world(all[i]))->metrics;
  for (std::size_t i = all.size(); i-- > 0;) EXPECT_EQ(backwards(all[i], to_world(all[i]))->metrics, expected[i]) << i;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < all.size(); i += 4) by_threads[i] = together(all[i], to_world(all[i]))->metrics;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(by_threads, expected);
  EXPECT_EQ(together.counts().kinds, 2u) << "two profiles";
  EXPECT_EQ(together.counts().worlds, 6u) << "under three rates each; a machine's price moves no leader";
  EXPECT_EQ(together.counts().points, 12u);
  for (const std::size_t i : {std::size_t{0}, std::size_t{7}}) EXPECT_EQ(forgetful(all[i], to_world(all[i]))->metrics, expected[i]);
  EXPECT_EQ(*ExactPoints(base, 7)(all[11], to_world(all[11]))->metrics.begin(), *expected[11].begin()) << "alone";
}

// Where faults of one cause come as much more often, or more rarely, than those that were measured as a point's may, leaders stand elsewhere: in regular
// upgrades most of all. What the limits have been moved by covers that beside the sampling errors of both measurements. Seeds are fixed.
TEST(ExactPoints, LimitsCoverThatRatesMoveLeaders) {
  if (watched) GTEST_SKIP() << testing_worlds::figures_elsewhere;
  Scenario base = library("camunda-three-zones", {{"cluster.partitions", "2"}});
  std::erase_if(base.faults, [](const failure::Mode& mode) {
    return mode.name != "rolling-upgrade" && mode.name != "node-patching" && mode.name != "broker-crash" && mode.name != "zone-outage";
  });
  ASSERT_EQ(base.faults.size(), 4u);
  const ExactPoints known(to_world(base), 1);
  double furthest = 0;
  for (std::size_t moved = 0; moved < base.faults.size(); ++moved) {
    for (const double times : {0.71, 1.41}) {
      Scenario point = base;
      point.faults[moved].up_time = point.faults[moved].up_time.stretched(1 / times);
      const analysis::Report near = *known(point, to_world(point)), own = exact_report(point);
      for (const std::string metric : {"downtime.minutes_per_year", "failover.per_year"}) {
        const analysis::Metric nearly = *analysis::find(near.metrics, metric), truly = *analysis::find(own.metrics, metric);
        SCOPED_TRACE(base.faults[moved].name + ' ' + std::to_string(times) + ' ' + metric);
        EXPECT_LE(*nearly.low, *truly.value);
        EXPECT_GE(*nearly.high, *truly.value);
        furthest = std::max(furthest, std::abs(*nearly.value / *truly.value - 1));
      }
      EXPECT_NE(near.metrics[0].method.find("under other rates"), std::string::npos);
      EXPECT_EQ(own.metrics[0].method.find("under other rates"), std::string::npos);
    }
  }
  std::printf("values differ by at most %.1f %%\n", 100 * furthest);
}

TEST(ExactPoints, WhatTheExactMethodCannotExpressIsAnError) {
  Scenario scenario = library("etcd-three-zones");
  const ExactPoints known(to_world(scenario), 1);
  scenario.script.push_back({.at = 1h, .mode = "stop", .on = {"cluster/0"}, .duration = 1h});
  const auto answer = known(scenario, to_world(scenario));
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error()[0].what.find("scripted faults"), std::string::npos);
}

}  // namespace exact_point_test
}  // namespace nines::scenarios
