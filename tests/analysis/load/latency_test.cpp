#include "analysis/load/latency.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/load/closed_network.hpp"
#include "analysis/load/order_statistic.hpp"
#include "analysis/load/queue.hpp"
#include "models/workload/capacity.hpp"
#include "tests/models/workload/deployments.hpp"

namespace nines::analysis {
namespace latency_test {

using workload::LeaderFlush;
using workload::testing_deployments::constant;
using workload::testing_deployments::ring;

TEST(Latency, OfOneThreadAloneIsThatOfTheTextbookQueue) {
  workload::Deployment d = ring(1, 1, 1);
  d.service.processing_s = 1e-3;
  d.replication.leader_flush = LeaderFlush::none;
  for (const double load : {0.1, 0.5, 0.9}) {
    const Latency at = latency_at(d, healthy(d), load * 1000);
    EXPECT_NEAR(at.mean_s, mm1_time_s(load * 1000, 1e-3), 1e-9);
    EXPECT_NEAR(at.p50_s, mm1_time_quantile_s(load * 1000, 1e-3, 0.5), 1e-8);
    EXPECT_NEAR(at.p99_s, mm1_time_quantile_s(load * 1000, 1e-3, 0.99), 1e-7);
  }
  d.service.variability = workload::Service::Variability::fixed;
  EXPECT_NEAR(latency_at(d, healthy(d), 800).mean_s, md1_time_s(800, 1e-3), 1e-9);
  EXPECT_TRUE(std::isinf(latency_at(d, healthy(d), 1000).p50_s));
}

// Zeebe: followers write before they acknowledge, then the leader before it tells; one round trip and two fsyncs a round.
TEST(Latency, WithTheLeadersFsyncAfterTheFollowersACommitTakesBoth) {
  workload::Deployment d = ring(3, 3, 3, 5ms);
  d.client_link = constant(1ms);
  for (workload::Machine& machine : d.machines) machine.flush = Law::fixed(2ms);
  d.replication.leader_flush = LeaderFlush::after;
  const double ways = 2e-3 + 2.0 / 3 * 10e-3;  // To the gateway and back; two of three gateways are not the leader.
  EXPECT_NEAR(latency_at(d, healthy(d), 1e-5).mean_s, ways + 10e-3 + 4e-3, 1e-6);
  d.replication.leader_flush = LeaderFlush::beside;
  EXPECT_NEAR(latency_at(d, healthy(d), 1e-5).mean_s, ways + 10e-3 + 2e-3, 1e-6);
  d.service.rounds = 5;
  EXPECT_NEAR(latency_at(d, healthy(d), 1e-5).mean_s, ways + 5 * 12e-3, 1e-6);
}

TEST(Latency, WithoutOneFollowerTheQuorumWaitsForTheOther) {
  workload::Deployment d = ring(3, 1, 3, 1ms);
  d.links[0 * 3 + 2] = d.links[2 * 3 + 0] = constant(35ms);
  for (workload::Machine& machine : d.machines) machine.flush = Law::exponential(2ms);
  d.client_link = constant(0ms);
  const std::vector<Ack> acks = {{.fixed_s = 0, .flush = Law::exponential(2ms), .jitter_s = {}},
                                 {.fixed_s = 2e-3, .flush = Law::exponential(2ms), .jitter_s = {}},
                                 {.fixed_s = 70e-3, .flush = Law::exponential(2ms), .jitter_s = {}}};
  const double gateways = (2e-3 + 70e-3) / 3;
  EXPECT_NEAR(latency_at(d, healthy(d), 1e-4).mean_s, gateways + quorum_time(acks, 2).mean_s, 2e-6);
  EXPECT_NEAR(latency_at(d, without(d, {1}), 1e-4).mean_s, 70e-3 / 2 + 70e-3 + 2e-3, 1e-4);
}

TEST(Latency, GrowsWithTheLoadAndHasNoEndAtCapacity) {
  workload::Deployment d = ring(3, 3, 3, 500us);
  d.service.processing_s = 2e-3;
  d.service.follower_s = 0.5e-3;
  for (workload::Machine& machine : d.machines) {
    machine.cores = 4;
    machine.flush = Law::lognormal(1ms, 0.5);
  }
  const std::vector<double> shares = {0.1, 0.5, 0.8, 0.95, 1};
  const std::vector<Latency> curve = latency_curve(d, healthy(d), shares);
  for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
    EXPECT_LT(curve[i].mean_s, curve[i + 1].mean_s);
    EXPECT_LT(curve[i].p50_s, curve[i].p90_s);
    EXPECT_LT(curve[i].p90_s, curve[i].p99_s);
  }
  EXPECT_TRUE(std::isinf(curve.back().mean_s));
}

// Schweitzer's approximation is furthest off near the knee.
TEST(Latency, AClosedLoopIsWhatMeanValueAnalysisSaysWithinFivePerCent) {
  workload::Deployment d = ring(1, 1, 1);
  d.service.leader_s = 1e-3;
  d.replication.leader_flush = LeaderFlush::none;
  d.client_link = constant(5ms);
  const ClosedNetwork network{.stations = {{1e-3}}, .think_s = 10e-3};
  for (const int clients : {1, 2, 8, 20, 200}) {
    const double exact = mean_value_analysis(network, clients).per_s;
    const Latency loop = closed_loop(d, healthy(d), clients);
    EXPECT_NEAR(loop.per_s, exact, 0.05 * exact) << clients;
    EXPECT_NEAR(loop.per_s * loop.mean_s, clients, 1e-3 * clients);
  }
}

TEST(Latency, ManyClientsReachTheCapacityAndOneDoesNotQueue) {
  workload::Deployment d = ring(3, 3, 3, 500us);
  d.service.processing_s = 2e-3;
  for (workload::Machine& machine : d.machines) {
    machine.cores = 4;
    machine.flush = Law::fixed(1ms);
  }
  const Latency one = closed_loop(d, healthy(d), 1);
  EXPECT_NEAR(one.mean_s, latency_at(d, healthy(d), 1e-6).mean_s, 1e-6);
  const Latency many = closed_loop(d, healthy(d), 1000);
  EXPECT_NEAR(many.per_s, capacity(d, healthy(d)).per_s, 0.01 * many.per_s);
  // Clients also wait at limits that have no queue of their own.
  d.workers_per_s = 100;
  const Latency held = closed_loop(d, healthy(d), 1000);
  EXPECT_NEAR(held.per_s, 100, 1e-3);
  EXPECT_NEAR(held.mean_s, 10, 1e-3);
}

}  // namespace latency_test
}  // namespace nines::analysis
