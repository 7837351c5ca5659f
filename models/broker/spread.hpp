// Where a pool's nodes and a cluster's brokers stand: nodes dealt over zones, brokers over nodes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/topology/topology.hpp"
#include "sim/base/id.hpp"

namespace nines::broker {

// What keeps brokers apart. Zeebe's Helm chart by default forbids two brokers on one host and says nothing about zones (camunda-platform-helm
// values.yaml, podAntiAffinity on kubernetes.io/hostname); the Kubernetes scheduler's own defaults prefer, but do not force, an even number a
// zone (Kubernetes documentation, "Built-in default constraints": maxSkew 3 a host and 5 a zone, ScheduleAnyway), and never look at broker ids.
enum class Spread : std::uint8_t {
  zone,  // Broker b in zone b mod zones, on that zone's nodes in turn: consecutive ids, hence a partition's replicas, in different zones.
         // With several regions, region b mod regions first: Zeebe's parity of ids (nodeId = ordinal x regions + regionId).
  node,  // Broker b on node b mod nodes, nodes ordered zone by zone: neighbours in id share a zone, the worst that the chart's default admits.
  none,  // Nothing keeps them apart: all on the first node.
};

// The zones that one pattern names, in the order of the topology: "us-east-1/a" itself, "us-east-1/*" and "us-east-1" all of a region, "*" all.
std::vector<ZoneId> zones_matching(const topology::Topology& topology, std::string_view pattern);

// The order in which things are dealt over zones: one of each region in turn, and in each region one of each zone in turn. Element k of a
// deal stands in zone deal_order[k]. A single region: zone k mod zones.
std::vector<ZoneId> deal(const topology::Topology& topology, const std::vector<ZoneId>& zones, int count);

// Appends `count` nodes named `pool`-0, `pool`-1, ... to the topology, dealt over `zones` and in each zone over its racks in turn. Returns
// them in order.
std::vector<NodeId> add_nodes(topology::Topology& topology, std::string_view pool, const std::vector<ZoneId>& zones, int count);

// The node of each of `brokers` brokers. `zones` are the pool's; every one of them holds at least one of `nodes`, or brokers that would stand
// there are dealt over the zones that do.
std::vector<NodeId> spread_brokers(const topology::Topology& topology, const std::vector<NodeId>& nodes, int brokers, Spread spread);

}  // namespace nines::broker
