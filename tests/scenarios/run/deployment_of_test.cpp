// What carries a cluster's load, out of a scenario.
#include "scenarios/run/deployment_of.hpp"

#include <gtest/gtest.h>

#include "analysis/load/latency.hpp"
#include "analysis/load/operating_point.hpp"
#include "scenarios/run/translate.hpp"
#include "tests/scenarios/run/library.hpp"

namespace nines::scenarios {
namespace deployment_of_test {

workload::Deployment deployment(const Scenario& scenario) { return deployment_of(scenario, to_world(scenario), 0); }

TEST(DeploymentOf, AProcessInstanceGoesThroughTheLogSixTimes) {
  const auto d = deployment(library("camunda-three-zones"));
  EXPECT_EQ(d.service.rounds, 6);
  EXPECT_NEAR(static_cast<double>(d.service.bytes), 20 * 512, 3);  // An append is rounded to bytes.
  EXPECT_NEAR(d.service.processing_s, 6 * 1.333e-3, 1e-9);
  EXPECT_NEAR(d.service.exported, 6 * 2.77, 1e-9);
  EXPECT_EQ(d.brokers(), 3u);
  EXPECT_EQ(d.machines.size(), 3u);
  EXPECT_EQ(d.machines[0].cores, 4);
  EXPECT_DOUBLE_EQ(d.machines[0].cap, 0.85);
  EXPECT_EQ(d.machines[0].flushes_per_s, 3000);
  EXPECT_EQ(d.replication.window, 6);
  EXPECT_EQ(d.replication.batch_bytes, 32 * 1024);
  EXPECT_EQ(d.replication.leader_flush, workload::LeaderFlush::after);
  ASSERT_EQ(d.partitions.size(), 3u);
  EXPECT_EQ(d.partitions[1].brokers, (std::vector<std::uint16_t>{1, 2, 0}));
  EXPECT_EQ(d.zone_of, (std::vector<std::uint16_t>{0, 1, 2}));
}

TEST(DeploymentOf, ACpuLimitIsAMachineOfItsOwn) {
  const auto d = deployment(library("camunda-three-zones", {{"cluster.resources.cpu", "1.5"}, {"cluster.spread", "none"}}));
  ASSERT_EQ(d.machines.size(), 3u);
  EXPECT_EQ(d.machines[0].cores, 2);
  EXPECT_DOUBLE_EQ(d.machines[0].cpu(), 1.5 * 0.85);
}

TEST(DeploymentOf, BrokersOfOneNodeShareItsMachine) {
  const auto d = deployment(library("camunda-three-zones", {{"cluster.spread", "none"}}));
  EXPECT_EQ(d.machines.size(), 1u);
  EXPECT_EQ(d.machine_of, (std::vector<std::uint16_t>{0, 0, 0}));
}

TEST(DeploymentOf, WithoutSecondaryStorageNothingIsExported) {
  const auto d = deployment(library("camunda-three-zones", {{"cluster.components.secondaryStorage", "off"}}));
  EXPECT_EQ(d.service.exporter_s, 0);
  EXPECT_EQ(d.service.exported, 0);
}

TEST(DeploymentOf, AnAppendOfEtcdIsOneRoundBesideTheLeadersOwnFsync) {
  const Scenario scenario = library("etcd-three-zones");
  const auto d = deployment(scenario);
  EXPECT_EQ(d.service.rounds, 1);
  EXPECT_EQ(d.service.bytes, 1024);
  EXPECT_EQ(d.replication.leader_flush, workload::LeaderFlush::beside);
  EXPECT_EQ(demand_of(scenario.clusters[0]), 100);
}

// camunda/zeebe-chaos, 2025-07-11: at 210 process instances a second each broker was busy with 1.58 cores; the three other rates are told.
TEST(DeploymentOf, CoresAtARateBetweenTheMeasuredOnesAreThoseMeasuredThere) {
  const Scenario scenario = library(
      "camunda-three-zones",
      {{"cluster.load",
        "{processInstances: 210/s, calibrate: {cpu: [{rate: 150/s, cores: 1.25}, {rate: 180/s, cores: 1.33}, {rate: 240/s, cores: 1.78}]}}"}});
  const workload::Deployment d = deployment(scenario);
  const analysis::OperatingPoint point = analysis::operating_point(d, healthy(d), demand_of(scenario.clusters[0]));
  ASSERT_TRUE(point.carried);
  ASSERT_EQ(point.machines.size(), 3u);
  for (std::size_t m = 0; m < 3; ++m)
    EXPECT_NEAR(point.machines[m].cores_busy * d.machines[m].cap, 1.58, 0.158);  // Of whole cores, as they were measured.
}

// etcd-io/website, op-guide/performance.md: 583 puts a second and 1.6 ms with one client, 44,341 a second with 1000.
TEST(DeploymentOf, AClosedLoopIsAnsweredAsItWasMeasured) {
  const Scenario scenario = library(
      "etcd-three-zones", {{"cluster.load",
                            "{appends: 100/s, size: 256B, calibrate: {closedLoop: {rtt: 0.3ms, flush: 1ms, rows: [{clients: 1, throughput: 583/s, "
                            "latency: 1.6ms}, {clients: 1000, throughput: 44341/s}]}}}"},
                           {"topology.nodePools.members.disk.fsync", "1ms"}});
  workload::Deployment d = deployment(scenario);
  for (const workload::Machine& machine : d.machines) EXPECT_DOUBLE_EQ(machine.cpu(), 1);
  // As it was measured: clients know the leader, replicas are 0.3 ms apart.
  d.entrance = workload::Entrance::leader;
  for (topology::LinkLaw& link : d.links) link = {.minimum = Duration{150'000}, .maximum = Duration{150'000}};
  EXPECT_NEAR(analysis::closed_loop(d, healthy(d), 1).mean_s, 1.6e-3, 0.05e-3);
  EXPECT_NEAR(analysis::closed_loop(d, healthy(d), 1000).per_s, 44'341, 0.05 * 44'341);
}

}  // namespace deployment_of_test
}  // namespace nines::scenarios
