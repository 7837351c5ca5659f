// Deployments under load, by hand and at random, for the tests of this folder.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "models/workload/pipeline.hpp"
#include "sim/base/random.hpp"

namespace nines::workload {

// A source of small decisions for one random world.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : stream_(Streams(seed).of(0, Purpose::test)) {}
  double unit() { return stream_.uniform(Slot{.index = next_++}); }
  int below(int n) { return static_cast<int>(unit() * n); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool happens(double probability) { return unit() < probability; }

 private:
  Stream stream_;
  std::uint64_t next_ = 0;
};

// `brokers` on a machine each, links of `delay`, partitions round robin.
inline Deployment cluster(int brokers, int partitions, int replicas, Duration delay = 100us) {
  Deployment d;
  for (int b = 0; b < brokers; ++b) {
    Machine& machine = d.machines.emplace_back();
    machine.name = "node-" + std::to_string(b);
    machine.flush = Law::exponential(500us);
    d.machine_of.push_back(static_cast<std::uint16_t>(b));
    d.zone_of.push_back(static_cast<std::uint16_t>(b));
    d.region_of.push_back(0);
  }
  d.links.resize(static_cast<std::size_t>(brokers * brokers));
  for (auto& link : d.links) link.minimum = link.maximum = delay;
  d.client_link.minimum = d.client_link.maximum = 200us;
  for (int p = 0; p < partitions; ++p) {
    Partition& partition = d.partitions.emplace_back();
    for (int r = 0; r < replicas; ++r) partition.brokers.push_back(static_cast<std::uint16_t>((p + r) % brokers));
  }
  d.service.processing_s = 100e-6;
  d.service.leader_s = 100e-6;
  d.service.follower_s = 50e-6;
  d.service.gateway_s = 50e-6;
  return d;
}

// Anything that the values of a deployment can say; what is offered lies below what it carries.
inline Deployment random_deployment(Dice& dice) {
  const int brokers = dice.between(1, 6);
  Deployment d = cluster(brokers, dice.between(1, 6), std::min(brokers, dice.between(1, 5)));
  Service& s = d.service;
  s.rounds = dice.between(1, 4);
  s.bytes = dice.between(200, 20'000);
  s.leader_batch_s = dice.happens(0.3) ? 20e-6 : 0;
  s.follower_batch_s = dice.happens(0.5) ? 20e-6 : 0;
  s.exporter_s = dice.happens(0.6) ? 50e-6 : 0;
  s.exported = dice.happens(0.6) ? dice.between(1, 20) : 0;
  s.variability = dice.happens(0.5) ? Service::Variability::fixed : Service::Variability::exponential;
  d.replication.window = dice.between(1, 6);
  d.replication.leader_flush = static_cast<LeaderFlush>(dice.below(3));
  d.replication.follower_flush = dice.happens(0.8);
  const bool jitter = dice.happens(0.5);
  for (auto& link : d.links) {
    link.minimum = link.maximum = Duration{dice.between(20'000, 2'000'000)};
    if (!jitter) continue;
    link.jitter_median = 100us;
    link.jitter_sigma = 1;
    link.maximum = link.minimum + 5ms;
    link.loss = dice.happens(0.2) ? 0.001 : 0;
  }
  const bool network = dice.happens(0.5), iops = dice.happens(0.5), disk = dice.happens(0.5);
  for (Machine& machine : d.machines) {
    machine.cores = dice.between(1, 8);
    machine.flush = dice.happens(0.5) ? Law::exponential(400us) : Law::lognormal(500us, 0.5);
    if (network) machine.network_bytes_per_s = 1e8;
    if (iops) machine.flushes_per_s = 5'000;
    if (disk) machine.disk_bytes_per_s = 1e8;
  }
  if (brokers > 2 && dice.happens(0.3)) {  // Two brokers share a machine.
    d.machine_of[1] = 0;
    d.machines[0].cores = 8;
  }
  if (s.exported > 0 && dice.happens(0.5)) d.storage.records_per_s = 20'000;
  return d;
}

// A story that hangs together: who stops returns, and a partition with a quorum is led by somebody who runs, a moment later.
inline std::vector<Change> random_changes(Dice& dice, const Deployment& d, Duration span) {
  using Kind = Change::Kind;
  std::vector<Change> changes;
  const auto brokers = static_cast<int>(d.brokers());
  std::vector<std::uint8_t> up(d.brokers(), 1);
  const auto elect = [&](Instant at) {
    for (std::size_t p = 0; p < d.partitions.size(); ++p) {
      const auto& members = d.partitions[p].brokers;
      const auto alive = std::count_if(members.begin(), members.end(), [&](std::uint16_t b) { return up[b] != 0; });
      const auto partition = static_cast<std::uint16_t>(p);
      if (alive < d.partitions[p].quorum()) {
        changes.push_back({.at = at, .kind = Kind::leader_lost, .partition = partition});
        continue;
      }
      std::uint16_t leader = members[static_cast<std::size_t>(dice.below(static_cast<int>(members.size())))];
      while (up[leader] == 0) leader = members[static_cast<std::size_t>(dice.below(static_cast<int>(members.size())))];
      changes.push_back({.at = at, .kind = Kind::leader_serves, .broker = leader, .partition = partition});
    }
  };
  Instant at = Instant{1s};
  while (at < Instant{span}) {
    at += Duration{static_cast<std::int64_t>(dice.unit() * 1e9)};
    const auto broker = static_cast<std::uint16_t>(dice.below(brokers));
    const auto other = static_cast<std::uint16_t>(dice.below(brokers));
    switch (dice.below(6)) {
      case 0:
      case 1: {
        if (up[broker] != 0) {
          changes.push_back({.at = at, .kind = dice.happens(0.5) ? Kind::broker_stops : Kind::broker_vanishes, .broker = broker});
        } else {
          changes.push_back({.at = at, .kind = Kind::broker_returns, .broker = broker});
        }
        up[broker] = up[broker] != 0 ? 0 : 1;
        at += Duration{static_cast<std::int64_t>(dice.unit() * 1e9)};
        elect(at);
        break;
      }
      case 2: changes.push_back({.at = at, .kind = dice.happens(0.4) ? Kind::link_cut : Kind::link_heals, .broker = broker, .to = other}); break;
      case 3: changes.push_back({.at = at, .kind = dice.happens(0.4) ? Kind::broker_pauses : Kind::broker_resumes, .broker = broker}); break;
      case 4: changes.push_back({.at = at, .kind = dice.happens(0.4) ? Kind::disk_hangs : Kind::disk_recovers, .broker = broker}); break;
      default: changes.push_back({.at = at, .kind = dice.happens(0.4) ? Kind::export_stops : Kind::export_resumes}); break;
    }
  }
  return changes;
}

inline std::vector<Instant> every(Duration step, int intervals, Instant from = {}) {
  std::vector<Instant> edges;
  for (int i = 0; i <= intervals; ++i) edges.push_back(from + i * step);
  return edges;
}

inline std::uint64_t ends(const Counts& c) { return c.completed + c.rejected_in_all() + c.failed + c.timed_out; }

// `clients` wait for an answer all the time; measured over 100,000 commands, once the loop has gone round five times.
inline Timeline saturated(const Deployment& d, double expected_per_s, std::uint64_t seed, int clients) {
  PipelineOptions o;
  o.seed = seed;
  o.load.kind = Load::Kind::closed;
  o.load.outstanding = clients;
  o.load.timeout = 100'000s;
  const double warm_s = 5.0 * clients / expected_per_s;
  o.edges = {Instant{from_seconds(warm_s)}, Instant{from_seconds(warm_s + 100'000 / expected_per_s)}};
  return simulate(d, o);
}

}  // namespace nines::workload
