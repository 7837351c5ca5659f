#include "models/broker/spread.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

#include "sim/base/check.hpp"

namespace nines::broker {

std::vector<ZoneId> zones_matching(const topology::Topology& topology, std::string_view pattern) {
  std::string_view region = pattern;
  if (region.ends_with("/*")) region.remove_suffix(2);
  std::vector<ZoneId> zones;
  for (std::size_t i = 0; i < topology.zones.size(); ++i) {
    const topology::Zone& zone = topology.zones[i];
    if (pattern == "*" || zone.name == pattern || topology.regions[zone.region.index()].name == region) zones.push_back(ZoneId{i});
  }
  return zones;
}

std::vector<ZoneId> deal(const topology::Topology& topology, const std::vector<ZoneId>& zones, int count) {
  SIM_CHECK(!zones.empty(), "nothing can be dealt over no zones");
  std::vector<std::vector<ZoneId>> regions;  // The zones of each region, regions in the order in which `zones` first names them.
  std::vector<RegionId> ids;
  for (const ZoneId zone : zones) {
    const RegionId region = topology.zones[zone.index()].region;
    const auto found = std::find(ids.begin(), ids.end(), region);
    if (found == ids.end()) {
      ids.push_back(region);
      regions.push_back({zone});
    } else {
      regions[static_cast<std::size_t>(found - ids.begin())].push_back(zone);
    }
  }
  std::vector<ZoneId> order;
  order.reserve(static_cast<std::size_t>(count));
  for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
    const auto& region = regions[k % regions.size()];
    order.push_back(region[k / regions.size() % region.size()]);
  }
  return order;
}

std::vector<NodeId> add_nodes(topology::Topology& topology, std::string_view pool, const std::vector<ZoneId>& zones, int count) {
  std::vector<std::vector<RackId>> racks(topology.zones.size());
  for (std::size_t i = 0; i < topology.racks.size(); ++i) racks[topology.racks[i].zone.index()].push_back(RackId{i});
  std::vector<std::size_t> dealt(topology.zones.size(), 0);
  std::vector<NodeId> nodes;
  for (const ZoneId zone : deal(topology, zones, count)) {
    const auto& here = racks[zone.index()];
    const std::size_t turn = dealt[zone.index()]++;
    nodes.push_back(NodeId{topology.nodes.size()});
    topology.nodes.push_back({.name = std::string(pool) + '-' + std::to_string(nodes.size() - 1),
                              .zone = zone,
                              .rack = here.empty() ? RackId{} : here[turn % here.size()],
                              .pool = std::string(pool)});
  }
  return nodes;
}

std::vector<NodeId> spread_brokers(const topology::Topology& topology, const std::vector<NodeId>& nodes, int brokers, Spread spread) {
  SIM_CHECK(!nodes.empty(), "brokers need a node");
  const auto count = static_cast<std::size_t>(brokers);
  if (spread == Spread::none) return std::vector<NodeId>(count, nodes.front());

  std::vector<ZoneId> zones;  // In the order in which the pool's nodes were dealt over them.
  std::map<ZoneId, std::vector<NodeId>> in_zone;
  for (const NodeId node : nodes) {
    const ZoneId zone = topology.nodes[node.index()].zone;
    if (in_zone.find(zone) == in_zone.end()) zones.push_back(zone);
    in_zone[zone].push_back(node);
  }
  std::vector<NodeId> where;
  where.reserve(count);
  if (spread == Spread::node) {
    std::vector<NodeId> by_zone;
    for (const auto& [zone, here] : in_zone) by_zone.insert(by_zone.end(), here.begin(), here.end());
    for (std::size_t b = 0; b < count; ++b) where.push_back(by_zone[b % by_zone.size()]);
    return where;
  }
  std::sort(zones.begin(), zones.end());
  std::map<ZoneId, std::size_t> placed;
  for (const ZoneId zone : deal(topology, zones, brokers)) {
    const auto& here = in_zone[zone];
    where.push_back(here[placed[zone]++ % here.size()]);
  }
  return where;
}

}  // namespace nines::broker
