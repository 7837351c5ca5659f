// Small worlds and records for the tests of analysis/: records are made up here, not simulated, so that every answer is known.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis::test {

inline Instant at(Duration since_start) { return Instant{} + since_start; }

inline failure::Mode mode(std::string name, Law duration) {
  failure::Mode made;
  made.name = std::move(name);
  made.up_time = Law::exponential(year);
  made.duration = std::move(duration);
  made.source = "assumption";
  return made;
}

// One cluster in zones a, b and c, with broker crashes of a minute (mode 0) and zone outages of an hour (mode 1).
inline world::Options three_zones(std::size_t partitions) {
  world::Options options;
  options.topology.regions = {{"r"}};
  for (const char* zone : {"r/a", "r/b", "r/c"}) options.topology.zones.push_back({zone, RegionId{std::size_t{0}}});
  world::Cluster cluster;
  cluster.name = "orders";
  cluster.profile.election_timeout = cluster.profile.election_timeout_max = 2500ms;
  cluster.partitions.resize(partitions);
  options.clusters = {cluster};
  options.modes = {mode("broker-crash", Law::fixed(60s)), mode("zone-outage", Law::fixed(1h))};
  return options;
}

inline world::Options two_clusters() {
  world::Options options = three_zones(2);
  options.clusters.push_back(options.clusters[0]);
  options.clusters[1].name = "billing";
  return options;
}

inline world::Record quiet_year() {
  world::Record record;
  record.horizon = year;
  return record;
}

inline world::Outage outage(std::size_t partition, Duration start, Duration end, std::uint16_t by = 0, world::Phase phase = world::Phase::election) {
  return {.partition = PartitionId{partition}, .start = at(start), .end = at(end), .phase = phase, .mode = by};
}

inline world::QuorumLoss quorum_loss(std::size_t partition, Duration start, Duration end, std::uint16_t by = 1) {
  return {.partition = PartitionId{partition}, .start = at(start), .end = at(end), .mode = by};
}

inline world::Failover failover(std::size_t partition, Duration start, Duration length, std::uint16_t by = 0) {
  return {.partition = PartitionId{partition}, .start = at(start), .duration = length, .mode = by};
}

inline world::ClientOutage client_outage(std::size_t zone, std::size_t partition, Duration start, Duration end) {
  return {.zone = ZoneId{zone}, .partition = PartitionId{partition}, .start = at(start), .end = at(end)};
}

// Keyed uniform numbers in a row.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t replication) : stream_(Streams(seed, replication).of(0, Purpose::test)) {}
  double uniform() { return stream_.uniform({.index = next_++}); }
  double exponential() { return -std::log(uniform()); }
  double normal() { return std::sqrt(2 * exponential()) * std::cos(2 * 3.14159265358979323846 * uniform()); }
  std::uint64_t poisson(double mean) {
    std::uint64_t events = 0;
    for (double left = mean - exponential(); left > 0; left -= exponential()) ++events;
    return events;
  }

 private:
  Stream stream_;
  std::uint64_t next_ = 0;
};

// A year in which anything happens, some of it to all partitions at once. Lengths are not round, so that sums of them round.
inline world::Record random_year(std::uint64_t seed, std::uint64_t replication, std::size_t partitions, std::size_t zones, double events = 6) {
  Draws draws(seed, replication);
  world::Record record = quiet_year();
  const auto each = [&](double mean_s, const auto& add) {
    for (std::size_t p = 0; p < partitions; ++p) {
      Duration next{0};
      for (std::uint64_t left = draws.poisson(events); left > 0; --left) {
        const Duration start = next + from_seconds(4e5 * draws.exponential()), end = start + from_seconds(mean_s * draws.exponential());
        if (end >= year) break;
        add(p, start, end, static_cast<std::uint16_t>(draws.uniform() < 0.5));
        next = end;
      }
    }
  };
  each(60, [&](std::size_t p, Duration start, Duration end, std::uint16_t by) {
    record.outages.push_back(outage(p, start, end, by, by == 0 ? world::Phase::election : world::Phase::quorum));
    if (by == 1) record.quorum_losses.push_back(quorum_loss(p, start, start + (end - start) / 2, by));
  });
  each(5, [&](std::size_t p, Duration start, Duration end, std::uint16_t by) { record.failovers.push_back(failover(p, start, end - start, by)); });
  for (std::size_t z = 0; z < zones; ++z)
    each(30, [&](std::size_t p, Duration start, Duration end, std::uint16_t) { record.client_outages.push_back(client_outage(z, p, start, end)); });
  if (draws.uniform() < 0.3) record.data_losses.push_back({PartitionId{0u}, at(100s), 7, 1});
  record.faults = draws.poisson(20);
  record.events = draws.poisson(1000);
  record.wakes = draws.poisson(30);
  record.group_time = year * static_cast<std::int64_t>(partitions);
  record.calm_time = from_seconds(1e7 * draws.uniform());
  record.history = draws.poisson(1e3) * 0x9e3779b97f4a7c15;
  record.trace = draws.poisson(1e3) * 0xd6e8feb86659fd93;
  return record;
}

// How to share out so many replications: the sizes of blocks, some of them empty.
inline std::vector<std::uint64_t> random_blocks(std::uint64_t seed, std::uint64_t replications) {
  Draws draws(seed, replications);
  std::vector<std::uint64_t> blocks;
  while (replications > 0) {
    blocks.push_back(std::min(replications, draws.poisson(9)));
    replications -= blocks.back();
  }
  return blocks;
}

}  // namespace nines::analysis::test
