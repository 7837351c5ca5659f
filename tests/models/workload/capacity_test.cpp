// The bottleneck law against closed forms and published sizing rules.
#include "models/workload/capacity.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "models/workload/losses.hpp"
#include "tests/models/workload/deployments.hpp"

namespace nines::workload {
namespace capacity_test {

using testing_deployments::constant;
using testing_deployments::ring;

TEST(Capacity, ThreadAndCpuAreWorkedOutFromSecondsOfWork) {
  Deployment d = ring(3, 3, 3);
  d.service.processing_s = 1e-3;
  d.service.follower_s = 0.25e-3;
  for (Machine& machine : d.machines) machine.cores = 4;
  const Capacity answer = capacity(d, healthy(d));
  // One thread: 1000 a second in each of three partitions. CPU: 1 + 2 x 0.25 ms for each on four cores.
  EXPECT_EQ(answer.binding, (Limit{Resource::partition_thread, 0, 3000}));
  EXPECT_DOUBLE_EQ(answer.per_s, 3000);
  EXPECT_EQ(answer.next.resource, Resource::cpu);
  EXPECT_NEAR(answer.next.per_s, 3 * 4 / 1.5e-3, 1e-6);
}

TEST(Capacity, ASlowerMachineAndACapSlowThreadsAndCoresAlike) {
  Deployment d = ring(3, 3, 3);
  d.service.processing_s = 1e-3;
  for (Machine& machine : d.machines) machine.cap = 0.85;
  d.machines[1].speed = 0.5;
  const Capacity answer = capacity(d, healthy(d));
  EXPECT_EQ(answer.binding.where, 1);
  EXPECT_NEAR(answer.per_s, 3 * 0.5 * 0.85 * 1000, 1e-6);
}

TEST(Capacity, AGatewaysWorkIsWhereItRuns) {
  Deployment d = ring(3, 1, 3);
  d.service.gateway_s = 1e-3;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 3000, 1e-6);
  d.entrance = Entrance::leader;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 1000, 1e-6);
}

TEST(Capacity, WhatBrokersTakeWithoutLoadIsNotForCommands) {
  Deployment d = ring(3, 3, 3);
  d.service.leader_s = 1e-3;
  d.service.idle_cores = 0.25;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 3 * 750, 1e-6);
  d.service.processing_s = 1e-3;  // Four cores lose a sixteenth each: so does the thread.
  d.service.leader_s = 0;
  for (Machine& machine : d.machines) machine.cores = 4;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 3 * 1000 * 15 / 16.0, 1e-6);
}

// Three identical brokers, bound by their CPU, f = follower's CPU / leader's. One dies: the leaders are 2 and 1, both followers of the rest.
TEST(Capacity, WithThreePartitionsALostBrokerLeavesOnePlusTwoFOverTwoPlusF) {
  for (const double f : {0.0, 0.2, 0.3, 0.5, 1.0}) {
    Deployment d = ring(3, 3, 3);
    d.service.leader_s = 1e-3;
    d.service.follower_s = f * 1e-3;
    const double healthy_per_s = capacity(d, healthy(d)).per_s;
    EXPECT_NEAR(healthy_per_s, 3 * 1000 / (1 + 2 * f), 1e-6);
    EXPECT_NEAR(node_lost(d).left.per_s / healthy_per_s, (1 + 2 * f) / (2 + f), 1e-9) << f;
  }
}

// With six the leaders are 3 and 3: priorities alternate from one turn of the ring to the next.
TEST(Capacity, WithSixPartitionsALostBrokerLeavesTwoPlusFourFOverThreePlusThreeF) {
  for (const double f : {0.0, 0.2, 0.3, 0.5, 1.0}) {
    Deployment d = ring(3, 6, 3);
    for (std::size_t p = 3; p < 6; ++p) std::swap(d.partitions[p].brokers[1], d.partitions[p].brokers[2]);
    d.service.leader_s = 1e-3;
    d.service.follower_s = f * 1e-3;
    EXPECT_NEAR(node_lost(d).left.per_s / capacity(d, healthy(d)).per_s, (2 + 4 * f) / (3 + 3 * f), 1e-9) << f;
  }
}

// Redpanda documentation, sizing: W MB/s written to n nodes with replication RF are W RF / n on each node's disk: 500, 300, 215 and 358 MB/s.
TEST(Capacity, EachNodeOfAClusterWritesItsShareOfAllCopies) {
  struct Case {
    int nodes, replicas;
    double disk_mb_per_s;
  };
  for (const Case& c : {Case{3, 3, 500}, Case{5, 3, 300}, Case{7, 3, 500 * 3 / 7.0}, Case{7, 5, 500 * 5 / 7.0}}) {
    Deployment d = ring(c.nodes, c.nodes, c.replicas);
    d.service.bytes = 1'000'000;
    for (Machine& machine : d.machines) machine.disk_bytes_per_s = c.disk_mb_per_s * 1e6;
    const Capacity answer = capacity(d, healthy(d));
    EXPECT_EQ(answer.binding.resource, Resource::disk_bytes);
    EXPECT_NEAR(answer.per_s, 500, 1e-6) << c.nodes;
  }
}

// The same page, low tier: 75 MB/s with three copies on three nodes make 150 MB/s of replication between them, and 225 with what clients send.
TEST(Capacity, ANetworkCarriesCopiesRequestsAndAnswers) {
  Deployment d = ring(3, 3, 3);
  d.service.bytes = 1'000'000;
  for (Machine& machine : d.machines) machine.network_bytes_per_s = 50e6;
  EXPECT_EQ(capacity(d, healthy(d)).binding.resource, Resource::network_bytes);
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 75, 1e-6);  // 150 / 3 on each.
  // Requests as large as entries: a node sends 2 copies, answers a third of all clients, forwards two thirds of those it took in, and answers
  // two thirds of its own commands to another gateway: 25 x (2 + 1 + 2/3 + 2/3).
  d.service.request_bytes = 1'000'000;
  for (Machine& machine : d.machines) machine.network_bytes_per_s = 25e6 * (2 + 1 + 4.0 / 3);
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 75, 1e-6);
  // Clients that know the leaders need nobody to forward.
  d.entrance = Entrance::leader;
  for (Machine& machine : d.machines) machine.network_bytes_per_s = 25e6 * (2 + 1);
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 75, 1e-6);
}

// Two appends of 32 KiB in flight over a round trip of 100 ms (Zeebe up to 8.6) are 640 KiB/s; with six (since 8.7) something else is used up.
TEST(Capacity, AcrossRegionsTheWindowBindsAndAWiderOneMovesTheBottleneck) {
  Deployment d = ring(3, 1, 3, 50ms);
  d.service.bytes = 1024;
  d.service.processing_s = 1e-3;
  d.replication = {.window = 2, .batch_bytes = 32 * 1024, .leader_flush = LeaderFlush::none, .follower_flush = false};
  const Capacity narrow = capacity(d, healthy(d));
  EXPECT_EQ(narrow.binding.resource, Resource::replication_window);
  EXPECT_NEAR(narrow.per_s, 640, 1e-6);
  EXPECT_EQ(narrow.next.resource, Resource::partition_thread);
  d.replication.window = 6;
  const Capacity wide = capacity(d, healthy(d));
  EXPECT_EQ(wide.binding.resource, Resource::partition_thread);
  EXPECT_NEAR(wide.per_s, 1000, 1e-6);
  EXPECT_EQ(wide.next.resource, Resource::cpu);
}

TEST(Capacity, TheFollowerThatCompletesTheQuorumDecidesAndASlowerOneLags) {
  Deployment d = ring(3, 1, 3, 1ms);
  d.replication = {.window = 1, .batch_bytes = 1024, .leader_flush = LeaderFlush::none, .follower_flush = false};
  d.links[0 * 3 + 2] = d.links[2 * 3 + 0] = constant(50ms);
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 500, 1e-6);
  // Ten entries a second are all that the far follower's machine has to write.
  d.machines[2].disk_bytes_per_s = 11 * 1024;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 500, 1e-6);
  // Without the near one it is the far one's window.
  EXPECT_NEAR(capacity(d, without(d, {1})).per_s, 10, 1e-6);
}

TEST(Capacity, PartitionsShareTheBandwidthOfALink) {
  Deployment d = ring(2, 2, 2, 1ms);
  d.partitions[1].brokers = {0, 1};
  d.service.bytes = 1000;
  d.replication = {.window = 1000, .batch_bytes = 1000, .leader_flush = LeaderFlush::none, .follower_flush = false};
  d.links[0 * 2 + 1].bandwidth_bytes_per_s = 1e6;
  const Capacity answer = capacity(d, healthy(d));
  EXPECT_EQ(answer.binding.resource, Resource::replication_window);
  EXPECT_NEAR(answer.per_s, 1000, 1e-6);
}

TEST(Capacity, AnEntryLargerThanABatchGoesAlone) {
  Deployment d = ring(3, 1, 3, 50ms);
  d.service.bytes = 100 * 1024;
  d.replication = {.window = 2, .batch_bytes = 32 * 1024, .leader_flush = LeaderFlush::none, .follower_flush = false};
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 20, 1e-6);
}

TEST(Capacity, ACommandOfManyRoundsPassesTheWindowWithEach) {
  Deployment d = ring(3, 1, 3, 50ms);
  d.service.bytes = 10 * 1024;
  d.service.rounds = 10;
  d.replication = {.window = 2, .batch_bytes = 32 * 1024, .leader_flush = LeaderFlush::none, .follower_flush = false};
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 64, 1e-6);
}

TEST(Capacity, AFullBatchIsWrittenInOneFsync) {
  Deployment d = ring(3, 1, 3);
  d.replication = {.window = 1, .batch_bytes = 8 * 1024, .leader_flush = LeaderFlush::beside, .follower_flush = true};
  for (Machine& machine : d.machines) machine.flush = Law::fixed(2ms);
  const Capacity alone = capacity(d, healthy(d));
  EXPECT_NEAR(alone.per_s, 8 / 2e-3, 1e-6);
  // Of four batches in flight one is written while three wait: each fsync takes two on average.
  d.replication.window = 4;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 4 * 8 / 4e-3, 1e-6);
}

TEST(Capacity, ADisksIopsAreSharedByTheReplicasOnIt) {
  Deployment d = ring(3, 3, 3);
  d.replication = {.window = 1, .batch_bytes = 1024, .leader_flush = LeaderFlush::beside, .follower_flush = true};
  for (Machine& machine : d.machines) {
    machine.flush = Law::fixed(100us);
    machine.flushes_per_s = 300;
  }
  const Capacity answer = capacity(d, healthy(d));
  EXPECT_EQ(answer.binding.resource, Resource::flush_rate);
  EXPECT_NEAR(answer.per_s, 300, 1e-6);  // 100 fsyncs a second and one entry in each, in each of three partitions.
}

TEST(Capacity, BatchCostsAreSharedByTheEntriesOfAFullBatch) {
  Deployment d = ring(2, 1, 2);
  d.service.follower_s = 20e-6;
  d.service.follower_batch_s = 250e-6;
  d.replication.batch_bytes = 10 * 1024;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 1 / 45e-6, 1e-6);
}

TEST(Capacity, StorageAndWorkersLimitTheWholeCluster) {
  Deployment d = ring(3, 3, 3);
  d.service.exported = 16;
  d.storage.records_per_s = 1600;
  d.workers_per_s = 90;
  const Capacity answer = capacity(d, healthy(d));
  EXPECT_EQ(answer.binding, (Limit{Resource::workers, -1, 90}));
  EXPECT_EQ(answer.next, (Limit{Resource::secondary_storage, -1, 100}));
}

TEST(Capacity, APartitionWithoutALeaderStopsKeyedCommandsAndFreeOnesGoElsewhere) {
  Deployment d = ring(4, 4, 3);
  d.service.processing_s = 1e-3;
  const State state = without(d, {0, 1});  // Partitions 0 and 3 keep one or two of three brokers.
  const auto led = std::count_if(state.leader.begin(), state.leader.end(), [](std::int16_t leader) { return leader >= 0; });
  ASSERT_EQ(led, 2);
  const Capacity keyed = capacity(d, state);
  EXPECT_EQ(keyed.per_s, 0);
  EXPECT_EQ(keyed.binding.resource, Resource::no_leader);
  // Broker 2 leads both.
  EXPECT_NEAR(capacity(d, state, Routing::free).per_s, 1000, 1e-6);
  EXPECT_EQ(capacity(d, without(d, {0, 1, 2, 3}), Routing::free).binding.resource, Resource::no_leader);
}

TEST(Capacity, FreeCommandsFillTheFasterPartitionsToo) {
  Deployment d = ring(3, 3, 1);
  d.service.processing_s = 1e-3;
  d.machines[0].speed = 0.1;
  EXPECT_NEAR(capacity(d, healthy(d)).per_s, 300, 1e-6);
  const Capacity free = capacity(d, healthy(d), Routing::free);
  EXPECT_NEAR(free.per_s, 2100, 1e-6);
  EXPECT_NEAR(free.binding.per_s, 2100, 1e-6);
}

TEST(Capacity, NothingThatLimitsIsNoLimit) {
  const Deployment d = ring(3, 3, 3);
  for (const Routing routing : {Routing::even, Routing::free}) EXPECT_TRUE(std::isinf(capacity(d, healthy(d), routing).per_s));
}

TEST(Losses, TheWorstZoneIsFound) {
  Deployment d = ring(6, 6, 3);
  d.service.leader_s = 1e-3;
  d.zone_of = {0, 0, 0, 0, 1, 2};  // Four brokers in zone 0.
  const Loss loss = zone_lost(d);
  EXPECT_EQ(loss.which, 0);
  EXPECT_EQ(loss.left.binding.resource, Resource::no_leader);
  d.zone_of = {0, 1, 2, 0, 1, 2};
  EXPECT_GT(zone_lost(d).left.per_s, 0);
  EXPECT_EQ(zone_lost(d).left.per_s, capacity(d, without(d, {0, 3})).per_s);
}

TEST(Losses, HeadroomIsWhatIsLeftWithoutTheWorstNode) {
  Deployment d = ring(3, 3, 3);
  d.service.leader_s = 1e-3;
  EXPECT_NEAR(headroom_without_a_node(d, 1000), 1.5, 1e-9);  // Two leaders on one of the others: 3 x 500.
}

TEST(Losses, AFollowerCatchesUpWithWhatItsWindowHasLeft) {
  Deployment d = ring(3, 1, 3, 50ms);
  d.replication = {.window = 6, .batch_bytes = 32 * 1024, .leader_flush = LeaderFlush::none, .follower_flush = false};
  // The window carries 1920 a second, 400 of them are new.
  const CatchUp answer = catch_up(d, healthy(d), 1, 400, 300);
  EXPECT_NEAR(answer.seconds, 400 * 300 / 1520.0, 1e-6);
}

TEST(Losses, CatchingUpTakesNetworkFromTheLoad) {
  Deployment d = ring(3, 1, 3, 50ms);
  d.replication = {.window = 60, .batch_bytes = 32 * 1024, .leader_flush = LeaderFlush::none, .follower_flush = false};
  for (Machine& machine : d.machines) machine.network_bytes_per_s = 2000 * 1024;
  const double before = capacity(d, healthy(d)).per_s;
  EXPECT_NEAR(before, 1000, 1e-6);  // Two copies.
  const CatchUp answer = catch_up(d, healthy(d), 1, 400, 300);
  // 2000 - 2 x 400 are left for it.
  EXPECT_NEAR(answer.seconds, 400 * 300 / 1200.0, 1e-6);
  EXPECT_NEAR(answer.meanwhile.per_s, 400, 1e-6);
  EXPECT_TRUE(std::isinf(catch_up(d, healthy(d), 1, 1000, 300).seconds));
}

}  // namespace capacity_test
}  // namespace nines::workload
