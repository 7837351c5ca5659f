// Where things stand: regions ⊃ zones (⊃ racks) ⊃ nodes, and what a message between two of them costs in time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/id.hpp"
#include "sim/base/time.hpp"

namespace nines::topology {

// One-way delay of a message: minimum + the excess of a lognormal whose 99th percentile is p99, truncated at `maximum`.
struct LinkLaw {
  Duration minimum{0};               // The fixed part.
  Duration jitter_median{0};         // Median of the random part; 0: no jitter.
  double jitter_sigma = 0;           // Of the logarithm of the random part.
  Duration maximum{0};               // Truncation of minimum + jitter. Equals `minimum` without jitter.
  double loss = 0;                   // Of each packet; TCP resends after a time-out that doubles.
  double bandwidth_bytes_per_s = 0;  // 0: not a limit.
  bool operator==(const LinkLaw&) const = default;
};

struct Region {
  std::string name;
};
struct Zone {
  std::string name;  // "us-east-1/a"
  RegionId region;
};
struct Rack {
  std::string name;  // "us-east-1/c/r1"
  ZoneId zone;
};
struct Node {
  std::string name;
  ZoneId zone;
  RackId rack;            // May not exist.
  std::string pool = {};  // The name of its kind of machine; empty where all are alike.
};

// The least class two places fall into decides their link, unless `pairs` names them.
enum class Distance : std::uint8_t { same_node, same_zone, same_region, other_region };

struct LinkBetween {
  std::string from;  // A zone's or a region's name.
  std::string to;
  LinkLaw law;  // From `from` to `to`; both directions unless the reverse is given too.
};

struct Topology {
  std::vector<Region> regions;
  std::vector<Zone> zones;
  std::vector<Rack> racks;
  std::vector<Node> nodes;
  LinkLaw same_node;
  LinkLaw same_zone;
  LinkLaw same_region;   // Between zones of a region.
  LinkLaw other_region;  // Between regions that `between` does not name.
  std::vector<LinkBetween> between;

  RegionId region_of(NodeId node) const { return zones[nodes[node.index()].zone.index()].region; }
  Distance distance(NodeId from, NodeId to) const;
  LinkLaw link(NodeId from, NodeId to) const;  // By walking the names: for building tables, not for every message.
};

}  // namespace nines::topology
