// Small worlds and records for the tests of analysis/: records are made up here, not simulated, so that every answer is known.
#pragma once

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

}  // namespace nines::analysis::test
