// The command-level simulation in deployments so poor that queueing theory knows the answer. Time is in service times: one is a millisecond.
// Intervals are 99.9 % by batch means of 40 batches; with the 27 of them here and fixed seeds, a right simulator would fail a fresh choice of seeds in
// at most 2.7 % of all choices.
#include <cmath>

#include <gtest/gtest.h>

#include "models/workload/pipeline.hpp"

namespace nines::workload {
namespace command_ladder_test {

constexpr double unit_s = 1e-3;
constexpr int batches = 40;

// `replicas` brokers on a machine each, links without delay, one partition; nothing costs anything.
Deployment bare(int replicas) {
  Deployment d;
  d.service.variability = Service::Variability::fixed;
  d.replication = {.window = 1'000'000, .leader_flush = LeaderFlush::none, .follower_flush = false};
  for (int b = 0; b < replicas; ++b) {
    Machine& machine = d.machines.emplace_back();
    machine.cores = 64;
    machine.cap = 1;
    for (auto* list : {&d.machine_of, &d.zone_of, &d.region_of}) list->push_back(static_cast<std::uint16_t>(b));
  }
  d.links.resize(static_cast<std::size_t>(replicas * replicas));
  Partition partition;
  for (int b = 0; b < replicas; ++b) partition.brokers.push_back(static_cast<std::uint16_t>(b));
  d.partitions.push_back(partition);
  return d;
}

// `load` commands in a service time, warm-up first, then `batches` of `per_batch` commands each.
PipelineOptions offered(double load, double per_batch, std::uint64_t seed = 1) {
  PipelineOptions o;
  o.load.rates = {{Instant{}, load / unit_s}};
  const Duration batch = from_seconds(per_batch / load * unit_s);
  for (int i = 0; i <= batches; ++i) o.edges.push_back(Instant{batch / 4 + i * batch});
  o.seed = seed;
  return o;
}

struct Estimate {
  double mean = 0, half = 0;
};
template <class Value>
Estimate over_batches(const Timeline& timeline, Value value) {
  double sum = 0, squares = 0;
  for (const Interval& i : timeline.intervals) {
    const double x = value(i);
    sum += x;
    squares += x * x;
  }
  constexpr double t = 3.558;  // Student, 39 degrees of freedom, 99.9 % between.
  const double n = batches;
  const double mean = sum / n;
  return {mean, t * std::sqrt(std::max(0.0, squares / n - mean * mean) / (n - 1))};
}
Estimate mean(const Timeline& timeline) {
  return over_batches(timeline, [](const Interval& i) { return i.latency.mean_s / unit_s; });
}
Estimate p99(const Timeline& timeline) {
  return over_batches(timeline, [](const Interval& i) { return seconds(i.latency.p99) / unit_s; });
}
Estimate p50(const Timeline& timeline) {
  return over_batches(timeline, [](const Interval& i) { return seconds(i.latency.p50) / unit_s; });
}

// Inside the interval, which is narrow enough to say something. `resolution`: of the histogram that quantiles come from.
void expect(const Estimate& estimate, double known, double narrow = 0.04, double resolution = 0) {
  EXPECT_NEAR(estimate.mean, known, estimate.half + resolution * known);
  EXPECT_LT(estimate.half, narrow * known);
}
constexpr double histogram = 1.0 / 256;

// Kleinrock, Queueing Systems I, 3.2: T = S / (1 - rho), exponential; its 99th percentile is T ln 100.
TEST(CommandLadder, AnExponentialThreadIsAnMM1Queue) {
  Deployment d = bare(1);
  d.service.processing_s = unit_s;
  d.service.variability = Service::Variability::exponential;
  const struct { double rho, mean, p99, per_batch; } rows[] = {{0.5, 2, 9.2103, 20'000}, {0.8, 5, 23.0259, 50'000}, {0.9, 10, 46.0517, 200'000}};
  for (const auto& row : rows) {
    const Timeline t = simulate(d, offered(row.rho, row.per_batch));
    expect(mean(t), row.mean);
    expect(p99(t), row.p99, 0.06, histogram);
  }
}

// Pollaczek and Khinchine: half of the waiting of M/M/1.
TEST(CommandLadder, AThreadOfFixedWorkIsAnMD1Queue) {
  Deployment d = bare(1);
  d.service.processing_s = unit_s;
  const struct { double rho, mean; } rows[] = {{0.5, 1.5}, {0.8, 3.0}, {0.9, 5.5}};
  for (const auto& row : rows) expect(mean(simulate(d, offered(row.rho, 40'000))), row.mean);
}

// Erlang C: T = S + C S / (c - a). With 4,096 partitions two commands hardly ever want one thread.
TEST(CommandLadder, CoresSharedByManyThreadsAreAnMMcQueue) {
  const struct {
    int cores;
    double load, erlang_c;
  } rows[] = {{2, 1.6, 0.7111}, {4, 3.2, 0.5964}};
  for (const auto& row : rows) {
    Deployment d = bare(1);
    d.machines[0].cores = row.cores;
    d.service.processing_s = unit_s;
    d.service.variability = Service::Variability::exponential;
    d.partitions.resize(4096, d.partitions[0]);
    PipelineOptions o = offered(row.load, 50'000);
    o.load.routing = Routing::even;
    expect(mean(simulate(d, o)), 1 + row.erlang_c / (row.cores - row.load));
  }
}

// E[T] = E[S] + l E[S2] / (2 (l E[S] + E[exp(-l S)])): a renewal cycle is one fsync and, if nobody came meanwhile, an idle time.
TEST(CommandLadder, AnFsyncTakesAllThatWait) {
  const struct {
    bool exponential;
    double load, mean;
  } rows[] = {{false, 0.5, 1.2259}, {false, 2, 1.4683}, {false, 20, 1.5}, {true, 0.5, 1.428571}, {true, 2, 1.857143}};
  for (const auto& row : rows) {
    Deployment d = bare(1);
    d.replication.leader_flush = LeaderFlush::beside;
    d.machines[0].flush = row.exponential ? Law::exponential(1ms) : Law::fixed(1ms);
    expect(mean(simulate(d, offered(row.load, 20'000))), row.mean, 0.02);
  }
}

// The same queue in front of the leader's fsync where that comes after the followers'.
TEST(CommandLadder, AnFsyncAfterTheFollowersTakesAllThatWaitToo) {
  Deployment d = bare(1);
  d.replication.leader_flush = LeaderFlush::after;
  d.machines[0].flush = Law::exponential(1ms);
  expect(mean(simulate(d, offered(2, 20'000))), 1.857143, 0.02);
}

// Bailey (1954): M/D/1 with bulk service of at most K, by the embedded chain. One batch at a time on its way to the one follower, which takes one time unit.
TEST(CommandLadder, ABatchThatIsFullLeavesTheRestWaiting) {
  const struct {
    double load;
    int entries;
    double mean;
  } rows[] = {{0.8, 1, 3.0}, {3.2, 4, 1.8795}, {7.2, 8, 1.9499}, {2, 4, 1.5170}};
  for (const auto& row : rows) {
    Deployment d = bare(2);
    d.service.bytes = 1024;
    d.replication = {.window = 1, .batch_bytes = 1024 * row.entries, .leader_flush = LeaderFlush::none, .follower_flush = true};
    d.machines[1].flush = Law::fixed(1ms);
    expect(mean(simulate(d, offered(row.load, 40'000))), row.mean);
  }
}

// Order statistics of exponential times: the k-th of n is the sum of 1/i for i from n - k + 1 to n. Commands far apart do not meet.
TEST(CommandLadder, AQuorumIsAnOrderStatistic) {
  const struct {
    int replicas;
    LeaderFlush leader;
    double mean;
  } rows[] = {{3, LeaderFlush::beside, 0.8333}, {4, LeaderFlush::beside, 1.0833}, {5, LeaderFlush::beside, 0.7833},
              {3, LeaderFlush::none, 0.5},      {5, LeaderFlush::none, 0.5833},   {7, LeaderFlush::none, 0.6167}};
  for (const auto& row : rows) {
    Deployment d = bare(row.replicas);
    d.replication.leader_flush = row.leader;
    d.replication.follower_flush = true;
    for (Machine& machine : d.machines) machine.flush = Law::exponential(1ms);
    PipelineOptions o = offered(0.02, 4'000);
    o.load.kind = Load::Kind::spaced;  // 50 time units apart.
    expect(mean(simulate(d, o)), row.mean, 0.02);
  }
}

// Fsyncs of Exp(2 ms); the near follower is 1 ms away and back, the far one 70 ms: the second of three, by the Poisson-binomial law and quadrature.
TEST(CommandLadder, AFarFollowerHardlyCounts) {
  Deployment d = bare(3);
  d.replication.leader_flush = LeaderFlush::beside;
  d.replication.follower_flush = true;
  for (Machine& machine : d.machines) machine.flush = Law::exponential(2ms);
  for (const auto& [to, delay] : {std::pair<std::size_t, Duration>{1, 500us}, {2, 35ms}}) {
    for (const std::size_t link : {to, 3 * to}) d.links[link].minimum = d.links[link].maximum = delay;
  }
  PipelineOptions o = offered(0.005, 10'000);
  o.load.kind = Load::Kind::spaced;
  o.load.gateways = {0};
  const Timeline t = simulate(d, o);
  expect(mean(t), 3.6065, 0.01);
  expect(p50(t), 3.0421, 0.01, histogram);
  expect(p99(t), 11.1538, 0.03, histogram);
}

}  // namespace command_ladder_test
}  // namespace nines::workload
