// A user's own measurements become the costs of a scenario: as analysis/load fits them, over the profile's and under what `service:` says.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/load/calibrate.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace calibration_test {

using namespace std::chrono_literals;

Scenario read(const std::string& text, const std::vector<Setting>& settings = {}) {
  auto scenario = read_scenario(text, "file.yaml", catalogs(), settings);
  EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : render(scenario.error(), text));
  return scenario ? *scenario : Scenario{};
}

std::string scenario_with(const std::string& profile, const std::string& type, const std::string& load, const std::string& more = "") {
  return "apiVersion: nines/v1\n"
         "kind: Scenario\n"
         "metadata: {name: measured}\n"
         "topology:\n"
         "  regions: [{name: us-east-1, zones: [a, b, c]}]\n"
         "  nodePools: {brokers: {zones: us-east-1/*, nodes: 3, type: " +
         type +
         "}}\n"
         "cluster:\n"
         "  profile: " +
         profile +
         "\n"
         "  brokers: 3\n"
         "  replication: 3\n"
         "  load:\n" +
         load + more;
}

// camunda/zeebe-chaos, 2025-07-11: three of the four rates.
std::string zeebe(const std::string& beside = "", const std::string& more = "", const std::string& type = "m6i.xlarge") {
  return scenario_with("zeebe-8.9", type,
                       "    processInstances: 210/s\n"
                       "    calibrate:\n"
                       "      cpu: [{rate: 150/s, cores: 1.25}, {rate: 180/s, cores: 1.33}, {rate: 240/s, cores: 1.78}]\n" +
                           beside,
                       more);
}

// etcd-io/website, op-guide/performance.md, etcd 3.2.0; round trip and fsync are assumptions.
std::string etcd(const std::string& rows = "{clients: 1, throughput: 583/s, latency: 1.6ms}, {clients: 1000, throughput: 44341/s, latency: 22ms}",
                 const std::string& more = "", const std::string& type = "m6i.xlarge") {
  return scenario_with("etcd-3.5", type,
                       "    appends: 100/s\n"
                       "    size: 256B\n"
                       "    calibrate:\n"
                       "      closedLoop: {rtt: 0.3ms, flush: 1ms, rows: [" +
                           rows + "]}\n",
                       more);
}

const Explanation& explanation(const Scenario& scenario, const std::string& path) {
  static const Explanation none;
  const auto found = std::find_if(scenario.explanations.begin(), scenario.explanations.end(), [&](const Explanation& one) { return one.path == path; });
  EXPECT_NE(found, scenario.explanations.end()) << path;
  return found == scenario.explanations.end() ? none : *found;
}

bool is_warned(const Scenario& scenario, const std::string& of) {
  return std::any_of(scenario.warnings.begin(), scenario.warnings.end(), [&](const Error& one) { return one.what.find(of) != std::string::npos; });
}

analysis::CpuFit zeebes_fit(double speed = 1, int brokers = 3, bool exporting = true) {
  const std::vector<double> rates = {150, 180, 240};
  std::vector<double> cores = {1.25, 1.33, 1.78};
  for (double& one : cores) one *= speed;
  workload::Service shape = catalogs().profile("zeebe-8.9")->costs.service;
  if (!exporting) shape.exporter_s = 0;
  return analysis::fit_cpu(rates, cores, brokers, 3, shape);
}

TEST(Calibration, CoresAtSeveralRatesAreTheCostsThatTheFitGives) {
  const workload::Service service = read(zeebe()).clusters[0].costs.service;
  const analysis::CpuFit fit = zeebes_fit();
  // A process instance is six appends.
  EXPECT_DOUBLE_EQ(6 * service.processing_s, fit.service.processing_s);
  EXPECT_DOUBLE_EQ(6 * service.leader_s, fit.service.leader_s);
  EXPECT_DOUBLE_EQ(6 * service.follower_s, fit.service.follower_s);
  EXPECT_DOUBLE_EQ(6 * service.gateway_s, fit.service.gateway_s);
  EXPECT_DOUBLE_EQ(6 * service.exporter_s, fit.service.exporter_s);
  EXPECT_DOUBLE_EQ(service.idle_cores, fit.idle_cores);
  EXPECT_NEAR(6 * (service.processing_s + service.leader_s + service.exporter_s + service.gateway_s + 2 * service.follower_s), fit.command_s, 1e-12);
}

TEST(Calibration, WhatTheScenarioSaysItselfIsNotFitted) {
  const Scenario scenario = read(zeebe("", "  service: {processing: 2ms, idleCores: 0.1}\n"));
  EXPECT_DOUBLE_EQ(scenario.clusters[0].costs.service.processing_s, 2e-3);
  EXPECT_DOUBLE_EQ(scenario.clusters[0].costs.service.idle_cores, 0.1);
  EXPECT_DOUBLE_EQ(6 * scenario.clusters[0].costs.service.leader_s, zeebes_fit().service.leader_s);
  EXPECT_EQ(explanation(scenario, "cluster.service.processing").source, "file.yaml:15");
}

TEST(Calibration, EveryFittedValueSaysOnWhat) {
  const Scenario scenario = read(zeebe());
  const std::string source = "fitted on 3 measurements at file.yaml:14, residuals up to 4.7 %";
  for (const char* key : {"processing", "leader", "leaderBatch", "follower", "followerBatch", "gateway", "exporter", "idleCores"})
    EXPECT_EQ(explanation(scenario, std::string("cluster.service.") + key).source, source) << key;
  EXPECT_EQ(scenario.clusters[0].calibration->source, source);
  EXPECT_EQ(explanation(scenario, "cluster.service.cpuShare").source.substr(0, 10), "assumption");
  EXPECT_NE(explanation(read(three_zones()), "cluster.service.processing").source.find("zeebe-chaos"), std::string::npos);
}

TEST(Calibration, NothingIsExplainedTwice) {
  const Scenario scenario = read(text_of(source_tree() / "tests/fuzz/corpus/measurements.yaml"));
  std::vector<std::string> paths;
  for (const auto& one : scenario.explanations)
    if (one.path.rfind("clusters.", 0) == 0) paths.push_back(one.path);
  std::sort(paths.begin(), paths.end());
  EXPECT_EQ(std::adjacent_find(paths.begin(), paths.end()), paths.end()) << *std::adjacent_find(paths.begin(), paths.end());
  EXPECT_EQ(explanation(scenario, "clusters.orders.service.gateway").value, "0.3ms");
  EXPECT_EQ(explanation(scenario, "clusters.keys.client.roundTrip").value, "0.2ms");
  EXPECT_EQ(explanation(scenario, "clusters.keys.service.leader").source.substr(0, 41), "fitted on 3 measurements at file.yaml:31,");
}

TEST(Calibration, AFasterMachinesCoresAreMoreOfThoseOfSpeedOne) {
  double speed = 0;
  for (const MachineType& type : catalogs().machines)
    if (type.name == "m7i.xlarge") speed = type.speed;
  ASSERT_GT(speed, 1.1);
  const Scenario there = read(zeebe("", "", "m7i.xlarge"));
  EXPECT_NEAR(6 * there.clusters[0].costs.service.leader_s, zeebes_fit(speed).service.leader_s, 1e-12);
  EXPECT_NEAR(there.clusters[0].costs.service.idle_cores, zeebes_fit(speed).idle_cores, 1e-12);
  // What was measured elsewhere says nothing directly about the cores of this one.
  ASSERT_TRUE(there.clusters[0].calibration->line.has_value());
  EXPECT_NEAR(there.clusters[0].calibration->line->at(210), 1.57, 0.01);
  const Scenario elsewhere = read(zeebe("      type: m6i.xlarge\n", "", "m7i.xlarge"));
  EXPECT_DOUBLE_EQ(6 * elsewhere.clusters[0].costs.service.leader_s, zeebes_fit().service.leader_s);
  EXPECT_FALSE(elsewhere.clusters[0].calibration->line.has_value());
}

TEST(Calibration, AnotherClusterMayHaveBeenMeasured) {
  const Scenario scenario = read(zeebe("      brokers: 6\n      exporting: false\n"));
  const analysis::CpuFit fit = zeebes_fit(1, 6, false);
  EXPECT_DOUBLE_EQ(6 * scenario.clusters[0].costs.service.processing_s, fit.service.processing_s);
  // The exporter's cost is still the profile's.
  EXPECT_DOUBLE_EQ(scenario.clusters[0].costs.service.exporter_s, catalogs().profile("zeebe-8.9")->costs.service.exporter_s);
  EXPECT_NE(explanation(scenario, "cluster.service.exporter").source.find("zeebe-chaos"), std::string::npos);
  EXPECT_FALSE(scenario.clusters[0].calibration->line.has_value());
  // A cluster that exports nothing was measured so, unless it says otherwise.
  const Scenario without = read(zeebe("", "  components: {secondaryStorage: off}\n"));
  EXPECT_DOUBLE_EQ(6 * without.clusters[0].costs.service.processing_s, zeebes_fit(1, 3, false).service.processing_s);
}

TEST(Calibration, AClosedLoopIsTheCostsThatTheFitGives) {
  const Scenario scenario = read(etcd());
  const std::vector<analysis::ClosedLoopRow> rows = {{1, 583, 1.6e-3}, {1000, 44'341, 22e-3}};
  const analysis::ClosedLoopFit fit = fit_closed_loop(rows, {.replicas = 3, .rtt_s = 0.3e-3, .flush_s = 1e-3, .bytes = 256});
  const Cluster& cluster = scenario.clusters[0];
  EXPECT_DOUBLE_EQ(cluster.costs.service.leader_s, fit.each_s);
  EXPECT_EQ(cluster.costs.service.leader_batch_s, 0);
  EXPECT_EQ(cluster.costs.service.processing_s, 0);
  EXPECT_EQ(cluster.costs.service.follower_batch_s, 0);
  EXPECT_EQ(cluster.costs.service.idle_cores, 0);
  EXPECT_EQ(cluster.costs.cpu_share, 1);
  // What takes as long under every load.
  ASSERT_TRUE(cluster.client_round_trip.has_value());
  EXPECT_EQ(*cluster.client_round_trip, from_seconds(fit.rest_s));
  EXPECT_GT(fit.rest_s, 0.1e-3);
  EXPECT_EQ(explanation(scenario, "cluster.service.leader").source.substr(0, 41), "fitted on 2 measurements at file.yaml:15,");
  EXPECT_EQ(explanation(scenario, "cluster.client.roundTrip").source.substr(0, 41), "fitted on 2 measurements at file.yaml:15,");
  EXPECT_TRUE(scenario.warnings.empty());
}

TEST(Calibration, ThreeRowsOfAClosedLoopTellWhatABatchCosts) {
  const std::vector<analysis::ClosedLoopRow> rows = {{1, 500, 2e-3}, {8, 2'500, 0}, {64, 9'000, 0}};
  const analysis::ClosedLoopFit fit = fit_closed_loop(rows, {.replicas = 3, .rtt_s = 0.3e-3, .flush_s = 1e-3, .bytes = 256});
  const Scenario scenario =
      read(etcd("{clients: 1, throughput: 500/s, latency: 2ms}, {clients: 8, throughput: 2500/s}, {clients: 64, throughput: 9000/s}",
                "  service: {leader: 50us}\n  client: {roundTrip: 0.2ms}\n"));
  const Cluster& cluster = scenario.clusters[0];
  EXPECT_DOUBLE_EQ(cluster.costs.service.leader_batch_s, fit.batch_s);
  EXPECT_GT(fit.batch_s, 10e-6);
  EXPECT_DOUBLE_EQ(cluster.costs.service.leader_s, 50e-6);
  EXPECT_EQ(*cluster.client_round_trip, 200us);
  EXPECT_EQ(cluster.profile.client_timeout, read(etcd()).clusters[0].profile.client_timeout);
}

TEST(Calibration, WhatFitsBadlyOrIsOnlyAssumedIsWarnedOf) {
  EXPECT_TRUE(read(zeebe()).warnings.empty());
  EXPECT_TRUE(
      is_warned(read(zeebe(), {{"cluster.load.calibrate.cpu", "[{rate: 100/s, cores: 1}, {rate: 200/s, cores: 3}, {rate: 300/s, cores: 2}]"}}),
                "off what is fitted on them"));
  EXPECT_TRUE(
      is_warned(read(etcd("{clients: 1, throughput: 583/s, latency: 1.6ms}, {clients: 1000, throughput: 44341/s, latency: 40ms}")), "Little's law"));
  EXPECT_TRUE(is_warned(read(etcd(), {{"cluster.partitions", "3"}}), "3 groups share what it used up"));
  EXPECT_TRUE(is_warned(read(etcd(), {{"cluster.resources.cpu", "2"}}), "'resources.cpu' has no effect"));
}

TEST(Calibration, AProfileWhoseCommandsCostNothingIsNoShape) {
  Catalogs free = catalogs();
  for (ProfileEntry& entry : free.profiles) entry.costs.service = {};
  const auto scenario = read_scenario(zeebe(), "file.yaml", free);
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(lines(scenario.error()),
            "14:12: by the profile 'zeebe-8.9' a command costs nothing, so nothing says how the cores divide; write 'service:' instead\n");
}

// Whatever is measured, there is a fit or an error, and every cost is a number.
TEST(Calibration, AbsurdMeasurementsAreRefusedOrFitted) {
  const std::vector<std::string> rates = {"0.001/s", "1/year", "3/s", "44341/s", "1e9/s"};
  const auto check = [](const std::string& text) {
    const auto scenario = read_scenario(text, "file.yaml", catalogs());
    if (!scenario) return;
    const workload::Service& service = scenario->clusters[0].costs.service;
    for (const double cost : {service.processing_s, service.leader_s, service.leader_batch_s, service.follower_s, service.gateway_s, service.idle_cores})
      EXPECT_TRUE(cost >= 0 && cost < 1e12) << text << cost;
  };
  for (const auto& one : rates) {
    for (const auto& other : rates) {
      check(etcd("{clients: 1, throughput: " + one + "}, {clients: 1000000, throughput: " + other + "}"));
      check(etcd("{clients: 1, throughput: " + one + "}, {clients: 2, throughput: " + other + "}, {clients: 2, throughput: 7/s}"));
      for (const auto& cores : {"0.001", "1024"})
        check(scenario_with("zeebe-8.9", "m6i.xlarge",
                            "    processInstances: 210/s\n    calibrate: {cpu: [{rate: " + one + ", cores: 1}, {rate: " + other + ", cores: " + cores + "}]}\n"));
    }
  }
}

}  // namespace calibration_test
}  // namespace nines::scenarios
