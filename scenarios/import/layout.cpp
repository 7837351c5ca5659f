#include "scenarios/import/layout.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "models/broker/spread.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

struct Places {
  topology::Topology topology;
  std::vector<NodeId> nodes;  // Of all pools, in their order.
};

Places places_of(const Deployment& deployment) {
  Places places;
  for (const auto& region : deployment.regions) {
    places.topology.regions.push_back({region.name});
    for (const auto& zone : region.zones) places.topology.zones.push_back({region.name + '/' + zone, RegionId{places.topology.regions.size() - 1}});
  }
  for (const auto& pool : deployment.pools) {
    if (pool.use != PoolUse::brokers) continue;
    std::vector<ZoneId> zones;
    for (const auto& pattern : pool.zones)
      for (const ZoneId zone : broker::zones_matching(places.topology, pattern)) zones.push_back(zone);
    for (const NodeId node : broker::add_nodes(places.topology, pool.name, zones, pool.nodes)) places.nodes.push_back(node);
  }
  return places;
}

broker::Spread spread_of(Spread spread) {
  return spread == Spread::zone ? broker::Spread::zone : spread == Spread::node ? broker::Spread::node : broker::Spread::none;
}

// Nodes of one pool in one zone are alike.
bool alike(const topology::Topology& topology, NodeId a, NodeId b) {
  const auto &left = topology.nodes[a.index()], &right = topology.nodes[b.index()];
  return left.zone == right.zone && left.pool == right.pool;
}

std::map<NodeId, std::vector<int>> brokers_by_node(const std::vector<NodeId>& where) {
  std::map<NodeId, std::vector<int>> by_node;
  for (std::size_t b = 0; b < where.size(); ++b) by_node[where[b]].push_back(static_cast<int>(b));
  return by_node;
}

// The same brokers on nodes that are alike, and the same ones together.
bool is_the_same(const topology::Topology& topology, const std::vector<NodeId>& a, const std::vector<NodeId>& b) {
  std::map<NodeId, NodeId> node_for;
  std::set<NodeId> taken;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!alike(topology, a[i], b[i])) return false;
    const auto [known, is_new] = node_for.emplace(a[i], b[i]);
    if (is_new ? !taken.insert(b[i]).second : known->second != b[i]) return false;
  }
  return true;
}

// For each broker of `target` one of `offered` on a node like its own, such that brokers of one node stay together; nothing where that cannot be.
std::vector<int> match(const topology::Topology& topology, const std::vector<NodeId>& target, const std::vector<NodeId>& offered) {
  const auto wanted = brokers_by_node(target);
  auto free = brokers_by_node(offered);
  std::vector<int> number_of(target.size(), -1);
  for (const auto& one_node : wanted) {
    const std::vector<int>& brokers = one_node.second;
    const auto found = std::find_if(
        free.begin(), free.end(), [&](const auto& one) { return alike(topology, one.first, one_node.first) && one.second.size() == brokers.size(); });
    if (found == free.end()) return {};
    for (std::size_t k = 0; k < brokers.size(); ++k) number_of[static_cast<std::size_t>(brokers[k])] = found->second[k];
    free.erase(found);
  }
  return number_of;
}

// A node for each broker, in its zone and pool: what remains where nodes are shared unevenly.
void unshare(Deployment& deployment, const Places& places) {
  std::map<std::string, int> brokers_in;
  for (const int node : deployment.node_of) ++brokers_in[places.topology.nodes[places.nodes[static_cast<std::size_t>(node)].index()].pool];
  std::map<std::string, std::vector<int>> of_pool;
  for (std::size_t b = 0; b < deployment.node_of.size(); ++b)
    of_pool[places.topology.nodes[places.nodes[static_cast<std::size_t>(deployment.node_of[b])].index()].pool].push_back(static_cast<int>(b));
  int first = 0;
  for (auto& pool : deployment.pools) {
    if (pool.use != PoolUse::brokers) continue;
    SIM_CHECK(pool.zones.size() == 1, "a pool whose brokers were counted stands in one zone");
    for (const int broker : of_pool[pool.name]) deployment.node_of[static_cast<std::size_t>(broker)] = first++;
    pool.nodes = brokers_in[pool.name];
  }
}

int lost_with(const Layout& layout, const std::string& place) {
  int lost = 0;
  for (const auto& partition : layout.partitions) {
    std::size_t left = 0;
    for (const auto& replica : partition) {
      const std::string& zone = layout.zone_of[static_cast<std::size_t>(replica.broker)];
      left += zone != place && zone.rfind(place + '/', 0) != 0 ? 1u : 0u;
    }
    lost += left < partition.size() / 2 + 1 ? 1 : 0;
  }
  return lost;
}

std::string counted(int number, const char* noun) { return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s"); }

std::string why_zones_do_not_do(const Deployment& deployment, int zones) {
  const int replication = deployment.replication.value, regions = static_cast<int>(deployment.regions.size());
  if (deployment.spread.value != Spread::zone) return deployment.flaw_of_spread.empty() ? std::string() : "; " + deployment.flaw_of_spread;
  if (regions > 1) return {};
  if (zones < replication)
    return "; " + counted(replication, "replica") + " over " + counted(zones, "zone") +
           (zones % 2 == 0 && replication % 2 == 1 ? ", an even number," : "") + " leave too few";
  if (deployment.brokers.value % zones != 0)
    return "; " + counted(deployment.brokers.value, "broker") + " are no multiple of " + counted(zones, "zone") + (zones % 2 == 0 ? ", an even number" : "");
  return {};
}

}  // namespace

Layout layout_of(Deployment& deployment) {
  Layout layout{.spread = deployment.spread.value, .number_of = {}, .partitions = {}, .zone_of = {}};
  Places places = places_of(deployment);
  const int brokers = deployment.brokers.value;
  layout.partitions = broker::round_robin(brokers, deployment.partitions.value, deployment.replication.value);
  std::vector<NodeId> where;
  if (deployment.node_of.empty()) {
    where = broker::spread_brokers(places.topology, places.nodes, brokers, spread_of(layout.spread));
  } else {
    const auto targets = [&] {
      std::vector<NodeId> nodes;
      for (const int node : deployment.node_of) nodes.push_back(places.nodes[static_cast<std::size_t>(node)]);
      return nodes;
    };
    where = targets();
    const auto by_rule = [&](Spread spread) { return broker::spread_brokers(places.topology, places.nodes, brokers, spread_of(spread)); };
    for (const Spread spread : {Spread::zone, Spread::node}) {
      layout.spread = spread;
      if (is_the_same(places.topology, where, by_rule(spread))) break;
      if (spread != Spread::node) continue;
      layout.number_of = match(places.topology, where, by_rule(Spread::node));
      if (!layout.number_of.empty()) break;
      layout.nodes_are_shared_evenly = false;
      unshare(deployment, places);
      places = places_of(deployment);
      where = targets();
      layout.number_of = match(places.topology, where, by_rule(Spread::node));
      SIM_CHECK(!layout.number_of.empty(), "brokers on nodes of their own can be named");
    }
    bool is_in_order = true;
    for (std::size_t b = 0; b < layout.number_of.size(); ++b) is_in_order = is_in_order && layout.number_of[b] == static_cast<int>(b);
    if (is_in_order) layout.number_of.clear();
    deployment.spread.value = layout.spread;
  }
  for (const NodeId node : where) layout.zone_of.push_back(places.topology.zones[places.topology.nodes[node.index()].zone.index()].name);
  return layout;
}

Errors warnings_of(const Layout& layout, const Deployment& deployment) {
  Errors warnings;
  const int partitions = deployment.partitions.value;
  if (!layout.nodes_are_shared_evenly)
    warnings.push_back(
        {{},
         "some nodes hold more brokers than others, which no scenario can say: each broker is given a node of its own, and a node's loss takes one"});
  const std::set<std::string> used(layout.zone_of.begin(), layout.zone_of.end());
  if (used.size() == 1 && deployment.brokers.value > 1) {
    warnings.push_back({deployment.spread.place, "all brokers stand in the zone " + *used.begin() + ": its loss stops everything"});
    return warnings;
  }
  std::string worst;
  int zones_that_do = 0, most = 0;
  for (const auto& zone : used) {
    const int lost = lost_with(layout, zone);
    zones_that_do += lost > 0 ? 1 : 0;
    if (lost <= most) continue;
    most = lost;
    worst = zone;
  }
  if (most > 0 && used.size() > 1)
    warnings.push_back({deployment.spread.place, "the loss of the zone " + worst + " stops " + std::to_string(most) + " of " +
                                                     counted(partitions, "partition") + (zones_that_do > 1 ? ", and it is not the only one" : "") +
                                                     why_zones_do_not_do(deployment, static_cast<int>(used.size()))});
  if (deployment.regions.size() < 2) return warnings;
  for (const auto& region : deployment.regions)
    if (const int lost = lost_with(layout, region.name); lost > 0) {
      warnings.push_back({deployment.replication.place, "the loss of the region " + region.name + " stops " + std::to_string(lost) + " of " +
                                                            counted(partitions, "partition") + " until somebody steps in"});
      break;
    }
  return warnings;
}

}  // namespace nines::scenarios
