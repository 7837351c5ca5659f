// What a run says about load and cost, beside availability.
#include "scenarios/run/load_answer.hpp"

#include <gtest/gtest.h>

#include "analysis/report/report.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/answer.hpp"
#include "scenarios/run/cost_answer.hpp"
#include "scenarios/run/translate.hpp"
#include "tests/scenarios/run/library.hpp"

namespace nines::scenarios {
namespace load_answer_test {

Answer answer_of(const Scenario& scenario, std::uint64_t replications) {
  Question question;
  question.scenario = &scenario;
  question.world = to_world(scenario);
  question.provenance.seed = 1;
  question.replications = replications;
  return answer(question);
}

double value(const analysis::Metrics& metrics, const std::string& name) {
  const analysis::Metric* metric = analysis::find(metrics, name);
  EXPECT_TRUE(metric != nullptr && metric->value) << name;
  return metric == nullptr ? 0 : metric->value.value_or(0);
}

TEST(LoadAnswer, ARunShowsNinesThroughputLatencyAndCostTogether) {
  const Scenario scenario = library("camunda-three-zones", {{"operations.downtimeCost", "5000 USD/h"}});
  const Answer answer = answer_of(scenario, 40);
  const analysis::Metrics& metrics = answer.report.metrics;
  const double healthy = value(metrics, "throughput.healthy");
  EXPECT_GT(healthy, value(metrics, "throughput.long_run"));  // Leaders do not come back by themselves.
  EXPECT_GT(value(metrics, "throughput.long_run"), value(metrics, "throughput.node_lost") * 0.9);
  EXPECT_EQ(value(metrics, "throughput.node_lost"), value(metrics, "throughput.zone_lost"));  // One broker a zone.
  EXPECT_EQ(analysis::find(metrics, "throughput.region_lost"), nullptr);                      // There is one.
  EXPECT_LE(value(metrics, "demand_met"), value(metrics, "uptime.all"));
  EXPECT_LT(value(metrics, "latency.p50"), value(metrics, "latency.p99"));
  EXPECT_NEAR(value(metrics, "cost.month"), 652.39, 0.005);
  EXPECT_NEAR(value(metrics, "cost.downtime"), (1 - value(metrics, "uptime.all")) * 730 * 5000, 1e-6);
  const analysis::Metric *up = analysis::find(metrics, "uptime.all"), *downtime = analysis::find(metrics, "cost.downtime");
  ASSERT_TRUE(up->band_low && downtime->band_high);
  EXPECT_NEAR(*downtime->band_high, (1 - *up->band_low) * 730 * 5000, 1e-6);
  const std::string table = analysis::table(answer.report, analysis::Color::off);
  for (const char* words : {"nines", "carries 292 a second (partition thread", "over the years", "without a node", "without a zone",
                            "answered within", "costs 652.39 USD a month", "expected"})
    EXPECT_NE(table.find(words), std::string::npos) << words;
}

// Zeebe up to 8.6 keeps two appends of 32 KiB on their way: 640 KiB/s a partition over 100 ms. Six of 8.7 and later leave the partition's thread to bind.
TEST(LoadAnswer, AStretchedClusterIsBoundByItsReplicationWindow) {
  const std::vector<Setting> far{{"cluster.profile", "zeebe-8.9"}, {"topology.distances", "[{between: [eu-west-2, eu-west-3], rtt: {p50: 100ms}}]"}};
  const auto healthy = [&](const std::string& window) {
    std::vector<Setting> settings = far;
    settings.push_back({"cluster.raft.appendWindow", window});
    const Scenario scenario = library("camunda-two-regions", settings);
    analysis::Metrics metrics;
    LoadAnswer(scenario, to_world(scenario)).put_into(metrics);
    const analysis::Metric* metric = analysis::find(metrics, "throughput.healthy");
    return metric == nullptr ? analysis::Metric{} : *metric;
  };
  const analysis::Metric two = healthy("2"), six = healthy("6");
  EXPECT_TRUE(two.method.starts_with("replication window")) << two.method;
  const double bytes = 20 * 512, ceiling = 8 * 640 * 1024 / bytes;  // Eight partitions, process instances of 20 records.
  EXPECT_LT(*two.value, ceiling);                                   // The follower's own work and fsync come on top of the round trip.
  EXPECT_GT(*two.value, 0.75 * ceiling);
  EXPECT_FALSE(six.method.starts_with("replication window")) << six.method;
  EXPECT_GT(*six.value, *two.value);
}

TEST(LoadAnswer, DemandBeyondTheCapacityIsNeverMet) {
  const Scenario scenario = library("camunda-three-zones", {{"cluster.load.processInstances", "1000/s"}});
  const Answer answer = answer_of(scenario, 5);
  EXPECT_LT(value(answer.report.metrics, "demand_met"), 1e-6);
  const analysis::Metric* latency = analysis::find(answer.report.metrics, "latency.p99");
  ASSERT_NE(latency, nullptr);
  EXPECT_FALSE(latency->value);
}

TEST(LoadAnswer, DemandThatOnlyBalancedLeadersMeetIsMetSometimes) {
  const Scenario scenario = library("camunda-three-zones", {{"cluster.load.processInstances", "200/s"}});
  const Answer answer = answer_of(scenario, 40);
  const double met = value(answer.report.metrics, "demand_met");
  EXPECT_GT(met, 0.001);
  EXPECT_LT(met, 0.5);
  const analysis::Metric* metric = analysis::find(answer.report.metrics, "demand_met");
  ASSERT_TRUE(metric->low);
  EXPECT_LT(*metric->low, met);
}

TEST(LoadAnswer, WithoutALoadThereIsCapacityAndNoDemand) {
  const Scenario scenario = library("etcd-three-zones", {{"cluster.load", "none"}});
  const Answer answer = answer_of(scenario, 2);
  EXPECT_GT(value(answer.report.metrics, "throughput.healthy"), 1000);
  EXPECT_EQ(analysis::find(answer.report.metrics, "demand_met"), nullptr);
  EXPECT_EQ(analysis::find(answer.report.metrics, "latency.p50"), nullptr);
}

TEST(CostAnswer, WhatCannotBePricedIsSaid) {
  const Scenario scenario = library("camunda-three-zones", {{"topology.nodePools.brokers.type", "z9.huge"}});
  analysis::Metrics metrics;
  const CostAnswer costs(scenario);
  costs.put_into(metrics);
  const std::vector<std::string>& warnings = costs.warnings();
  EXPECT_EQ(analysis::find(metrics, "cost.month"), nullptr);
  ASSERT_FALSE(warnings.empty());
  EXPECT_NE(warnings[0].find("z9.huge"), std::string::npos) << warnings[0];
}

}  // namespace load_answer_test
}  // namespace nines::scenarios
