#include "scenarios/run/against.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analysis/exact/capability.hpp"
#include "analysis/exact/quorum.hpp"
#include "analysis/stats/text.hpp"
#include "models/quorum/quorum.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace {

// As long as nobody gives up a region or waits for a backup.
world::Options world_of(const Scenario& scenario) {
  world::Options world = to_world(scenario);
  world.failovers.clear();
  world.restores.clear();
  return world;
}

// Minutes a year in which some partition of the cluster has no quorum.
std::optional<double> without_quorum(const Scenario& scenario, std::size_t cluster) {
  const auto model = analysis::model_of(world_of(scenario));
  if (!model) return std::nullopt;
  return analysis::QuorumSolver(*model, cluster).some_lost(analysis::laws_of(*model)).fraction * minutes_a_year;
}

// The same of a capability; nothing where the cluster has none of that name.
std::optional<double> without_capability(const Scenario& scenario, std::size_t cluster, const std::string& name) {
  world::Options world = world_of(scenario);
  std::erase_if(world.services.capabilities, [&](const services::Capability& each) { return each.name != name || each.cluster != cluster; });
  const auto model = analysis::model_of(world);
  if (!model || world.services.capabilities.empty()) return std::nullopt;
  const auto answer = analysis::capabilities_of(*model, world, std::vector<analysis::PartitionGaps>(world.clusters.size())).front();
  return answer ? std::optional(answer->without * minutes_a_year) : std::nullopt;
}

std::optional<double> less(const std::optional<double>& now, const std::optional<double>& then) {
  if (!now || !then) return std::nullopt;
  return *now - *then;
}

std::vector<NodePool*> pools_of(Scenario& scenario, const Cluster& cluster) {
  std::vector<NodePool*> pools;
  for (NodePool& pool : scenario.topology.pools)
    if (std::find(cluster.pools.begin(), cluster.pools.end(), pool.name) != cluster.pools.end()) pools.push_back(&pool);
  return pools;
}

std::set<std::string> zones_of(Scenario scenario, const Cluster& cluster) {
  std::set<std::string> zones;
  for (const NodePool* pool : pools_of(scenario, cluster)) zones.insert(pool->occupied.begin(), pool->occupied.end());
  return zones;
}

// As many zones of the first region, a node in each at least, and brokers kept apart by them.
Scenario in_zones(Scenario scenario, std::size_t c, std::size_t wanted) {
  Cluster& cluster = scenario.clusters[c];
  const auto pools = pools_of(scenario, cluster);
  const std::string region = pools.front()->zones.front().substr(0, pools.front()->zones.front().find('/'));
  const auto place =
      std::find_if(scenario.topology.regions.begin(), scenario.topology.regions.end(), [&](const Region& each) { return each.name == region; });
  for (std::size_t more = 0; place->zones.size() < wanted; ++more)
    place->zones.push_back({.name = region + "/reference-" + std::to_string(more), .racks = {}});
  for (NodePool* pool : pools) {
    pool->zones.clear();
    for (std::size_t z = 0; z < wanted; ++z) pool->zones.push_back(place->zones[z].name);
    pool->nodes = std::max(pool->nodes, static_cast<int>(wanted));
    pool->occupied = pool->zones;
  }
  cluster.spread = Spread::zone;
  return scenario;
}

// Partitions that have half of their replicas, or more, in one zone.
std::size_t partitions_in_one_zone(const Scenario& scenario, std::size_t c) {
  const world::Options world = to_world(scenario);
  std::size_t count = 0;
  for (const auto& replicas : world.clusters[c].partitions) {
    std::map<std::uint32_t, int> in;
    for (const world::Replica& replica : replicas) ++in[world.topology.nodes[world.brokers[replica.broker.index()].node.index()].zone.value];
    const int most = std::max_element(in.begin(), in.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->second;
    if (static_cast<int>(replicas.size()) - most < quorum::majority(static_cast<int>(replicas.size()))) ++count;
  }
  return count;
}

void add_storage_of(const Scenario& scenario, std::size_t c, std::vector<Departure>& all) {
  const Cluster& cluster = scenario.clusters[c];
  for (std::size_t s = 0; s < cluster.components.size(); ++s) {
    const Component& component = cluster.components[s];
    if (component.spec.name != "secondaryStorage" || component.spec.runs != Runs::process || component.spec.replicas > 1) continue;
    Scenario other = scenario;
    other.clusters[c].components[s].spec.replicas = 3;
    const std::string capability = "monitor-in-operate";
    all.push_back({cluster.name, "one process of the secondary storage",
                   "Whoever reads it stops with its node, and brokers keep what they cannot export.", "three processes", "nobody sees Operate",
                   less(without_capability(scenario, c, capability), without_capability(other, c, capability))});
  }
}

void add_of(const Scenario& scenario, std::size_t c, std::vector<Departure>& all) {
  const Cluster& cluster = scenario.clusters[c];
  const std::string partition = "some partition cannot be written";
  const std::optional<double> now = without_quorum(scenario, c);
  const auto add = [&](std::string what, std::string sentence, std::string instead, const Scenario& other) {
    all.push_back({cluster.name, std::move(what), std::move(sentence), std::move(instead), partition, less(now, without_quorum(other, c))});
  };
  const auto replicated = [&](int replicas) {
    Scenario other = scenario;
    other.clusters[c].replication = replicas;
    other.clusters[c].brokers = std::max(other.clusters[c].brokers, replicas);
    for (NodePool* pool : pools_of(other, other.clusters[c])) pool->nodes = std::max(pool->nodes, replicas);
    return other;
  };
  if (cluster.placement == Placement::round_robin && cluster.replication == 1)
    add("one replica", "Nothing takes over from a broker that is lost: its partitions wait for it.", "three replicas on three brokers", replicated(3));
  if (cluster.placement == Placement::round_robin && cluster.replication == 2)
    add("two replicas", "Both must agree, so the loss of either stops the partition: twice as often as of one replica, and for more money.",
        "three replicas", replicated(3));
  add_storage_of(scenario, c, all);
  // Of fewer than three replicas zones are not what is short.
  if (cluster.pools.empty() || cluster.placement != Placement::round_robin || cluster.replication < 3) return;
  const std::set<std::string> zones = zones_of(scenario, cluster);
  std::set<std::string> regions;
  for (const std::string& zone : zones) regions.insert(zone.substr(0, zone.find('/')));
  const std::size_t hit = partitions_in_one_zone(scenario, c);
  const std::string of_all = std::to_string(hit) + " of " + analysis::counted(static_cast<std::uint64_t>(cluster.partitions), "partitions");
  if (regions.size() == 1 && zones.size() == 1)
    add("one zone", "The loss of the zone stops everything.", "three zones", in_zones(scenario, c, 3));
  else if (regions.size() == 1 && zones.size() == 2)
    add("two zones",
        "One of the two holds the majority of a partition's replicas, or half of them, and takes its quorum along: " + of_all + " stop with a zone.",
        "three zones", in_zones(scenario, c, 3));
  else if (regions.size() == 1 && cluster.spread == Spread::node && hit > 0)
    add("brokers kept apart by node and not by zone", "Neighbouring brokers share a zone: " + of_all + " stop with one.", "spread: zone",
        in_zones(scenario, c, zones.size()));
}

}  // namespace

std::vector<Departure> departures_of(const Scenario& scenario) {
  std::vector<Departure> all;
  for (std::size_t c = 0; c < scenario.clusters.size(); ++c) add_of(scenario, c, all);
  return all;
}

}  // namespace nines::scenarios
