#include "analysis/load/operating_point.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "analysis/load/queue.hpp"
#include "models/workload/capacity.hpp"
#include "tests/models/workload/deployments.hpp"

namespace nines::analysis {
namespace operating_point_test {

using workload::testing_deployments::ring;

TEST(OperatingPoint, CpuGrowsWithTheRateFromWhatAnIdleBrokerTakes) {
  workload::Deployment d = ring(3, 3, 3);
  d.service.processing_s = 4e-3;
  d.service.follower_s = 2e-3;
  d.service.gateway_s = 1e-3;
  d.service.idle_cores = 0.3;
  for (workload::Machine& machine : d.machines) machine.cores = 2;
  for (const double rate : {1.0, 50.0, 150.0}) {
    const OperatingPoint point = operating_point(d, healthy(d), rate);
    ASSERT_TRUE(point.carried);
    for (const MachineLoad& machine : point.machines) EXPECT_NEAR(machine.cores_busy, 0.3 + rate / 3 * (4 + 2 * 2 + 1) * 1e-3, 1e-9);
  }
  EXPECT_FALSE(operating_point(d, healthy(d), 570).carried);  // 3 x 1.7 / 9 ms are 567.
}

TEST(OperatingPoint, ALoadedMachineStretchesWorkAsErlangSays) {
  workload::Deployment d = ring(1, 1, 1);
  d.service.leader_s = 1e-3;
  EXPECT_NEAR(operating_point(d, healthy(d), 800).machines[0].stretch, 5, 1e-6);
  d.machines[0].cores = 2;
  EXPECT_NEAR(operating_point(d, healthy(d), 1600).machines[0].stretch, 1 + erlang_c(2, 1.6) / 0.4, 1e-6);
}

TEST(OperatingPoint, BatchesGrowWithTheLoadSoThatCpuGrowsLess) {
  workload::Deployment d = ring(1, 1, 1);
  d.service.leader_s = 50e-6;
  d.service.leader_batch_s = 400e-6;
  d.replication.batch_bytes = 1 << 20;
  const OperatingPoint low = operating_point(d, healthy(d), 10), high = operating_point(d, healthy(d), 10'000);
  EXPECT_NEAR(low.machines[0].cores_busy / 10, 450e-6, 5e-6);
  ASSERT_TRUE(high.carried);
  EXPECT_LT(high.machines[0].cores_busy, 1);
  // Entries in a batch: a cycle is one batch's work, stretched.
  const double batch = 10'000 / high.partitions[0].replicas[0].batches_per_s;
  EXPECT_NEAR(batch, 10'000 * 400e-6 * high.machines[0].stretch, 0.05 * batch);
  // The law says where it ends.
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 1 / (50e-6 + 400e-6 / 1024), 1);
  EXPECT_TRUE(operating_point(d, healthy(d), 19'000).carried);
  EXPECT_FALSE(operating_point(d, healthy(d), 20'000).carried);
}

TEST(OperatingPoint, FsyncsArePerReplicaAndShareAFewIops) {
  workload::Deployment d = ring(3, 3, 3);
  for (workload::Machine& machine : d.machines) {
    machine.flush = Law::fixed(1ms);
    machine.flushes_per_s = 1000;
  }
  const OperatingPoint low = operating_point(d, healthy(d), 30);
  EXPECT_NEAR(low.machines[0].flushes_per_s, 30, 1);  // Ten for its own partition, ten for each of two others.
  EXPECT_LT(low.machines[0].flush_queue_s, 0.1e-3);
  const OperatingPoint high = operating_point(d, healthy(d), 3000);
  EXPECT_NEAR(high.machines[0].flushes_per_s, 1000, 1e-9);
  EXPECT_NEAR(high.machines[0].flush_queue_s, 3e-3, 1e-9);
}

}  // namespace operating_point_test
}  // namespace nines::analysis
