// Latency against load: the closed form beside the simulation of every command, for a process engine bound by its threads and a store bound by its
// CPU and its batches. The bounds are how good the approximation is, not sampling error: 30,000 commands a point, fixed seeds.
#include <gtest/gtest.h>

#include "analysis/load/latency.hpp"
#include "models/workload/capacity.hpp"
#include "models/workload/pipeline.hpp"
#include "tests/models/workload/deployments.hpp"

namespace nines::analysis {
namespace curve_test {

using workload::LeaderFlush;
using workload::testing_deployments::constant;
using workload::testing_deployments::ring;

// Four rounds through the log, three partitions on three brokers of four cores; the leader's fsync after the followers'.
workload::Deployment engine() {
  workload::Deployment d = ring(3, 3, 3, 250us);
  d.client_link = constant(500us);
  d.service = {.rounds = 4, .bytes = 20 * 1024, .processing_s = 6e-3, .leader_s = 2e-3, .follower_s = 2e-3, .gateway_s = 1e-3, .exporter_s = 1e-3};
  d.service.idle_cores = 0.2;
  d.replication = {.window = 6, .batch_bytes = 32 * 1024, .leader_flush = LeaderFlush::after, .follower_flush = true};
  for (workload::Machine& machine : d.machines) {
    machine.cores = 4;
    machine.cap = 0.85;
    machine.flush = Law::lognormal(1ms, 0.4);
  }
  return d;
}

// One group over a round trip of 5 ms; batches cost several times what an entry does.
workload::Deployment store() {
  workload::Deployment d = ring(3, 1, 3, 2500us);
  d.client_link = constant(50us);
  d.service.bytes = 512;
  d.service.leader_s = 65e-6;
  d.service.leader_batch_s = 400e-6;
  d.service.follower_s = 20e-6;
  d.service.follower_batch_s = 250e-6;
  d.replication = {.window = 512, .batch_bytes = 1 << 20, .leader_flush = LeaderFlush::beside, .follower_flush = true};
  for (workload::Machine& machine : d.machines) {
    machine.cores = 2;
    machine.flush = Law::exponential(500us);
  }
  return d;
}

workload::Interval simulated(const workload::Deployment& d, workload::Load load, double per_s, double warm) {
  workload::PipelineOptions o;
  o.load = std::move(load);
  o.load.timeout = 1000s;
  o.load.routing = workload::Routing::even;
  o.edges = {Instant{from_seconds(warm / per_s)}, Instant{from_seconds((warm + 30'000) / per_s)}};
  return simulate(d, o).intervals[0];
}
workload::Interval open(const workload::Deployment& d, double per_s) {
  workload::Load load;
  load.rates = {{Instant{}, per_s}};
  return simulated(d, load, per_s, 2000);
}
workload::Interval closed(const workload::Deployment& d, int clients, double per_s) {
  workload::Load load;
  load.kind = workload::Load::Kind::closed;
  load.outstanding = clients;
  return simulated(d, load, per_s, 500 + 5.0 * clients);
}

void expect_near(const Latency& formula, const workload::Interval& every, double mean, double p50, double p99) {
  EXPECT_NEAR(formula.mean_s, every.latency.mean_s, mean * every.latency.mean_s);
  EXPECT_NEAR(formula.p50_s, seconds(every.latency.p50), p50 * seconds(every.latency.p50));
  EXPECT_NEAR(formula.p99_s, seconds(every.latency.p99), p99 * seconds(every.latency.p99));
}

TEST(LatencyCurve, OfAnEngineBoundByItsThreads) {
  const workload::Deployment d = engine();
  const double most = capacity(d, healthy(d)).per_s;
  for (const double share : {0.1, 0.3, 0.6, 0.8}) {
    SCOPED_TRACE(share);
    expect_near(latency_at(d, healthy(d), share * most), open(d, share * most), 0.08, 0.1, 0.2);
  }
}

TEST(LatencyCurve, OfAStoreBoundByItsCpu) {
  const workload::Deployment d = store();
  const double most = capacity(d, healthy(d)).per_s;
  for (const double share : {0.1, 0.3, 0.6}) {
    SCOPED_TRACE(share);
    expect_near(latency_at(d, healthy(d), share * most), open(d, share * most), 0.1, 0.05, 0.2);
  }
}

TEST(LatencyCurve, OfClientsInAClosedLoopIsTheirThroughput) {
  for (const workload::Deployment& d : {engine(), store()}) {
    for (const int clients : {1, 3, 10, 30, 100}) {
      const Latency loop = closed_loop(d, healthy(d), clients);
      const workload::Interval every = closed(d, clients, loop.per_s);
      const double per_s = every.per_s(every.counts.completed);
      EXPECT_NEAR(loop.per_s, per_s, 0.05 * per_s) << clients << " clients, " << d.service.rounds << " rounds";
    }
  }
}

}  // namespace curve_test
}  // namespace nines::analysis
