#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "models/broker/spread.hpp"
#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

constexpr std::size_t most_clusters = 100;
constexpr int most_brokers = 2000;
constexpr int most_partitions = 20'000;

// Log records of a process instance with one task: about 2,500 records/s at 125 tasks/s (zeebe-chaos, 2024-10-14).
constexpr double records_per_instance = 20;
// Zeebe ProcessingCfg.java, maxCommandsInBatch 100: what follows from a command is one entry beside the command's own. Create, activate, complete.
constexpr double appends_per_instance = 6;
constexpr std::int64_t payload_bytes = 512;  // zeebe-chaos stress tests, 0.5 KB payload (2025-11-27).
constexpr std::int64_t append_bytes = 1024;  // assumption

std::vector<std::string> pool_names(const Scenario& scenario) {
  std::vector<std::string> all;
  for (const auto& pool : scenario.topology.pools) all.push_back(pool.name);
  return all;
}

const NodePool* find_pool(const Scenario& scenario, std::string_view name) {
  for (const auto& pool : scenario.topology.pools)
    if (pool.name == name) return &pool;
  return nullptr;
}

const NodePool* check_pool(const Written<std::string>& name, const Scenario& scenario, Context& context) {
  const NodePool* pool = find_pool(scenario, *name);
  if (pool == nullptr) context.error(name.place, "no node pool is called '" + *name + "'" + did_you_mean(*name, pool_names(scenario), context));
  return pool;
}

// What the file did not say, with the catalogue's source or what it was derived from.
void explain_profile(const ProfileEntry& entry, const Cluster& cluster, Context& context) {
  std::set<std::string> overridden;
  for (const auto& value : context.explanations) {
    for (const char* section : {".raft.", ".service."})
      if (value.path.rfind(cluster.path + section, 0) == 0) overridden.insert(value.path);
    if (value.path == cluster.path + ".client.timeout") overridden.insert(cluster.path + ".raft.clientTimeout");
  }
  std::map<std::string, Duration> derived;
  const auto before = derived_waits(entry.profile), after = derived_waits(cluster.profile);
  for (std::size_t i = 0; i < before.size(); ++i)
    if (before[i].second != after[i].second) derived["raft." + after[i].first] = after[i].second;
  for (const auto& value : entry.explanations) {
    const std::string path = cluster.path + '.' + value.path;
    if (overridden.contains(path)) continue;
    const auto found = derived.find(value.path);
    if (found == derived.end())
      context.explain_default(path, value.value, value.source);
    else
      context.explain_default(path, number_text(seconds(found->second)) + 's', "follows heartbeat or electionTimeout, as in " + value.source);
  }
}

void resolve_profile(const ClusterDocument& written, const Catalogs& catalogs, Cluster& cluster, Context& context) {
  if (!written.profile.ok) return;
  cluster.profile_name = *written.profile;
  const ProfileEntry* entry = catalogs.profile(cluster.profile_name);
  if (entry == nullptr) {
    std::vector<std::string> known;
    for (const auto& profile : catalogs.profiles) {
      known.push_back(profile.profile.name);
      known.insert(known.end(), profile.aliases.begin(), profile.aliases.end());
    }
    context.error(written.profile.place, "no profile is called '" + cluster.profile_name + "'" + did_you_mean(cluster.profile_name, known, context));
    return;
  }
  cluster.profile = entry->profile;
  cluster.costs = entry->costs;
  if (written.service) apply(*written.service, cluster.costs);
  if (written.resources && written.resources->cpu.ok) cluster.cpu_limit = *written.resources->cpu;
  if (written.raft) apply(*written.raft, cluster.profile, written.profile.place, context);
  explain_profile(*entry, cluster, context);
  resolve_flow(written.flow, *entry, cluster, context);
  if (written.raft) warn_of_rules_without_effect(*written.raft, context);
  if (written.client && written.client->timeout.ok) cluster.profile.client_timeout = *written.client->timeout;
  if (written.client && written.client->round_trip.ok) cluster.client_round_trip = *written.client->round_trip;
}

void resolve_load(const ClusterDocument& written, Cluster& cluster, Context& context) {
  if (!written.load.ok) return;
  const LoadDocument& load = *written.load;
  cluster.load.kind = load.kind;
  switch (load.kind) {
    case Load::Kind::none:
      if (!written.load.given)
        context.warning(written.profile.place,
                        "no load: a cluster that carries nothing elects a little otherwise; write 'load: none' if that is meant");
      return;
    case Load::Kind::process_instances:
      cluster.load.process_instances_per_s = *load.process_instances;
      cluster.load.records_per_instance = load.records.ok ? *load.records : records_per_instance;
      cluster.load.appends_per_instance = load.appends_each.ok ? *load.appends_each : std::min(appends_per_instance, cluster.load.records_per_instance);
      cluster.load.appends_per_s = cluster.load.process_instances_per_s * cluster.load.appends_per_instance;
      cluster.load.bytes = std::llround(static_cast<double>(load.payload.ok ? *load.payload : payload_bytes) * cluster.load.records_per_instance /
                                        cluster.load.appends_per_instance);
      if (!load.appends_each.ok)
        context.explain_default(cluster.path + ".load.appendsPerInstance", number_text(cluster.load.appends_per_instance),
                                "assumption: create, activate and complete, each a command and one batch of what follows (Zeebe ProcessingCfg.java)");
      if (!load.records.ok)
        context.explain_default(cluster.path + ".load.recordsPerInstance", "20", "zeebe-chaos 2024-10-14: about 2,500 records/s at 125 tasks/s");
      if (!load.payload.ok) context.explain_default(cluster.path + ".load.payload", "0.5KiB", "zeebe-chaos 2025-11-27: stress tests");
      break;
    case Load::Kind::appends:
      cluster.load.appends_per_s = *load.appends;
      cluster.load.bytes = load.size.ok ? *load.size : append_bytes;
      if (!load.size.ok) context.explain_default(cluster.path + ".load.size", "1KiB", "assumption");
      break;
  }
  if (cluster.load.appends_per_s <= 0) context.error(written.load.place, "a load of nothing: write 'load: none'");
  if (cluster.load.appends_per_s > 1e6 * cluster.partitions)
    context.error(written.load.place, "more than a million appends a second for a partition is no load that any disk carries");
  if (cluster.load.bytes < 1) context.error(written.load.place, "an append carries at least one byte");
}

// Brokers of each zone.
std::map<std::string, int> brokers_by_zone(const Cluster& cluster, const Scenario& scenario) {
  const topology::Topology places = places_of(scenario);
  std::vector<NodeId> nodes;
  for (const auto& pool : cluster.pools)
    for (std::size_t n = 0; n < places.nodes.size(); ++n)
      if (places.nodes[n].pool == pool) nodes.push_back(NodeId{n});
  std::map<std::string, int> count;
  if (nodes.empty()) return count;
  const broker::Spread spread = cluster.spread == Spread::zone   ? broker::Spread::zone
                                : cluster.spread == Spread::node ? broker::Spread::node
                                                                 : broker::Spread::none;
  for (const NodeId node : broker::spread_brokers(places, nodes, cluster.brokers, spread))
    ++count[places.zones[places.nodes[node.index()].zone.index()].name];
  return count;
}

void resolve_shares(const PlacementDocument& placement, const Place& place, Cluster& cluster, const NodePool* pool, const Scenario& scenario, Context& context) {
  int sum = 0;
  const auto brokers_of = pool == nullptr ? std::map<std::string, int>{} : brokers_by_zone(cluster, scenario);
  std::set<std::string> seen;
  for (const auto& share : *placement.shares) {
    if (!share.zone.ok || !share.replicas.ok || !share.priority.ok) return;
    sum += *share.replicas;
    if (!seen.insert(*share.zone).second) context.error(share.zone.place, "the zone '" + *share.zone + "' is there twice");
    cluster.shares.push_back({*share.zone, *share.replicas, *share.priority});
    if (pool == nullptr) continue;
    int brokers = 0;
    bool known = false;
    for (const auto& zone : pool->zones) known = known || zone == *share.zone || zone.rfind(*share.zone + '/', 0) == 0;
    for (const auto& [zone, count] : brokers_of)
      if (zone == *share.zone || zone.rfind(*share.zone + '/', 0) == 0) brokers += count;
    if (!known)
      context.error(share.zone.place, "the node pool has no zone '" + *share.zone + "'" + did_you_mean(*share.zone, pool->zones, context));
    else if (brokers < *share.replicas)
      context.error(share.replicas.place, std::to_string(*share.replicas) + " replicas of a partition need as many brokers; " + *share.zone +
                                              " has " + std::to_string(brokers));
  }
  if (sum != cluster.replication)
    context.error(place, "the zones hold " + std::to_string(sum) + " replicas together; the replication is " + std::to_string(cluster.replication));
  std::stable_sort(cluster.shares.begin(), cluster.shares.end(), [](const ZoneShare& a, const ZoneShare& b) { return a.priority > b.priority; });
  // Zone-aware distribution is a feature of Camunda 8.10.
  static constexpr std::string_view family = "zeebe-8.";
  const std::string& name = cluster.profile.name;
  const bool is_old = name.rfind(family, 0) == 0 && read_whole(std::string_view(name).substr(family.size())).value_or(99) < 10;
  if (is_old) context.warning(place, "zone-aware placement came with Camunda 8.10; " + cluster.profile_name + " would not place so");
}

void resolve_fixed(const PlacementDocument& placement, const Place& place, Cluster& cluster, Context& context) {
  cluster.fixed.assign(static_cast<std::size_t>(cluster.partitions), {});
  std::set<int> seen;
  for (const auto& partition : *placement.fixed) {
    if (!partition.partition.ok || !partition.replicas.ok) return;
    if (*partition.partition > cluster.partitions) {
      context.error(partition.partition.place, "there are only " + std::to_string(cluster.partitions) + " partitions");
      continue;
    }
    if (!seen.insert(*partition.partition).second)
      context.error(partition.partition.place, "partition " + std::to_string(*partition.partition) + " is there twice");
    if (static_cast<int>(partition.replicas->size()) != cluster.replication)
      context.error(partition.replicas.place, std::to_string(partition.replicas->size()) + " replicas; the replication is " + std::to_string(cluster.replication));
    auto& replicas = cluster.fixed[static_cast<std::size_t>(*partition.partition - 1)];
    replicas.clear();
    std::set<int> brokers;
    int top = 0, tops = 0;
    for (const auto& replica : *partition.replicas) {
      if (!replica.broker.ok || !replica.priority.ok) return;
      if (*replica.broker >= cluster.brokers)
        context.error(replica.broker.place,
                      "there is no broker " + std::to_string(*replica.broker) + "; they count from 0 to " + std::to_string(cluster.brokers - 1));
      if (!brokers.insert(*replica.broker).second)
        context.error(replica.broker.place, "broker " + std::to_string(*replica.broker) + " is there twice");
      tops = *replica.priority == top ? tops + 1 : *replica.priority > top ? 1 : tops;
      top = std::max(top, *replica.priority);
      replicas.push_back({*replica.broker, *replica.priority});
    }
    if (tops > 1) context.warning(partition.replicas.place, "no primary: the highest priority is there twice");
  }
  if (static_cast<int>(seen.size()) < cluster.partitions)
    context.error(place, "only " + std::to_string(seen.size()) + " of " + std::to_string(cluster.partitions) + " partitions are placed");
}

void check_replication(const ClusterDocument& written, const Cluster& cluster, const NodePool* pool, Context& context) {
  if (cluster.replication > cluster.brokers) {
    context.error(written.replication.place,
                  "a replication of " + std::to_string(cluster.replication) + " needs as many brokers; there are " + std::to_string(cluster.brokers));
    return;
  }
  std::set<std::string> regions;
  if (pool != nullptr)
    for (const auto& zone : pool->zones) regions.insert(zone.substr(0, zone.find('/')));
  const bool is_dual_region = cluster.replication == 4 && regions.size() == 2;  // Camunda's dual-region layout.
  if (cluster.replication % 2 == 0 && !is_dual_region)
    context.warning(written.replication.place, std::to_string(cluster.replication) + " replicas stand the loss of " +
                                                   std::to_string((cluster.replication - 1) / 2) + ", as " + std::to_string(cluster.replication - 1) +
                                                   " would; an odd number costs less");
  if (pool != nullptr && pool->nodes > 0 && cluster.brokers > pool->nodes)
    context.warning(written.brokers.place,
                    std::to_string(cluster.brokers) + " brokers share " + std::to_string(pool->nodes) + " nodes; one node's loss takes several");
}

// The pools its brokers stand on, and what they are together; nothing where one of them is not there.
std::optional<NodePool> resolve_pools_of(const ClusterDocument& written, Cluster& cluster, const Scenario& scenario, Context& context) {
  std::vector<const NodePool*> pools;
  if (written.node_pool.ok) {
    for (const auto& name : *written.node_pool) {
      const NodePool* pool = check_pool(name, scenario, context);
      if (pool == nullptr) return std::nullopt;
      if (std::find(pools.begin(), pools.end(), pool) != pools.end()) context.error(name.place, "the node pool '" + *name + "' is there twice");
      pools.push_back(pool);
    }
  } else if (scenario.topology.pools.size() == 1) {
    pools.push_back(&scenario.topology.pools.front());
    context.explain_default(cluster.path + ".nodePool", pools.front()->name, "the only one");
  } else if (scenario.topology.pools.size() > 1 && written.node_pool.place.line == 0) {
    std::string names;
    for (const auto& known : pool_names(scenario)) names += (names.empty() ? "" : ", ") + known;
    context.error(written.profile.place, "'nodePool' is missing; there are " + names);
  }
  if (pools.empty()) return std::nullopt;
  NodePool all;
  std::set<std::string> zones;
  for (const NodePool* pool : pools) {
    cluster.pools.push_back(pool->name);
    all.nodes += pool->nodes;
    zones.insert(pool->zones.begin(), pool->zones.end());
  }
  for (const auto& region : scenario.topology.regions)
    for (const auto& zone : region.zones)
      if (zones.contains(zone.name)) all.zones.push_back(zone.name);
  return all;
}

void resolve_cluster(const ClusterDocument& written, const std::string& name, const std::string& path, const Catalogs& catalogs, Scenario& scenario,
                     Context& context) {
  Cluster cluster;
  cluster.name = name;
  cluster.path = path;
  resolve_profile(written, catalogs, cluster, context);
  const std::optional<NodePool> all = resolve_pools_of(written, cluster, scenario, context);
  const NodePool* pool = all ? &*all : nullptr;
  const bool has_numbers = written.brokers.ok && written.partitions.ok && written.replication.ok;
  if (written.brokers.ok) cluster.brokers = *written.brokers;
  if (written.partitions.ok) cluster.partitions = *written.partitions;
  if (written.replication.ok) cluster.replication = *written.replication;
  if (written.spread.ok) cluster.spread = *written.spread;
  if (written.state.ok) cluster.state_bytes = *written.state;
  if (written.brokers.ok && written.replication.ok) check_replication(written, cluster, pool, context);
  resolve_load(written, cluster, context);
  if (written.placement.ok && has_numbers) {
    cluster.placement = written.placement->kind;
    if (cluster.placement == Placement::fixed) resolve_fixed(*written.placement, written.placement.place, cluster, context);
    if (cluster.placement == Placement::zone_aware) resolve_shares(*written.placement, written.placement.place, cluster, pool, scenario, context);
  }
  for (const auto& component : *written.components)
    if (*component.name == "secondaryStorage" && !*component.on) cluster.secondary_storage = false;
  resolve_calibration(written, catalogs, scenario, cluster, context);
  scenario.clusters.push_back(std::move(cluster));
}

}  // namespace

void resolve_clusters(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  if (document.cluster) resolve_cluster(*document.cluster, "cluster", "cluster", catalogs, scenario, context);
  if (document.clusters->size() > most_clusters) {
    context.error(document.clusters.place, "more than 100 clusters; no scenario needs that");
    return;
  }
  for (const auto& written : document.clusters.value)
    resolve_cluster(written, *written.name, "clusters." + *written.name, catalogs, scenario, context);
  int brokers = 0, partitions = 0;
  for (const auto& cluster : scenario.clusters) {
    brokers += cluster.brokers;
    partitions += cluster.partitions;
  }
  if (scenario.clusters.size() < 2) return;  // One cluster is bounded by its own fields.
  if (brokers > most_brokers)
    context.error(document.clusters.place, std::to_string(brokers) + " brokers over all clusters; at most 2,000 are simulated");
  if (partitions > most_partitions)
    context.error(document.clusters.place, std::to_string(partitions) + " partitions over all clusters; at most 20,000 are simulated");
}

void resolve_rest(const Document& document, Scenario& scenario, Context& context) {
  const SimulationDocument& simulation = document.simulation;
  if (simulation.years.ok) scenario.simulation.years = *simulation.years;
  if (simulation.replications.ok) scenario.simulation.replications = *simulation.replications;
  if (simulation.fidelity.ok) scenario.simulation.fidelity = *simulation.fidelity;
  if (simulation.seed.ok) scenario.simulation.seed = *simulation.seed;

  resolve_operations(document, scenario, context);
  if (document.management) {
    const ManagementDocument& written = *document.management;
    Management management{.node_pool = *written.node_pool, .manages = {}, .identity = *written.identity, .components = {}, .capabilities = {}};
    if (written.node_pool.ok) check_pool(written.node_pool, scenario, context);
    std::vector<std::string> known;
    for (const auto& cluster : scenario.clusters) known.push_back(cluster.name);
    for (const auto& name : written.manages) {
      if (!name.ok) continue;
      if (std::find(known.begin(), known.end(), *name) == known.end())
        context.error(name.place, "no cluster is called '" + *name + "'" + did_you_mean(*name, known, context));
      management.manages.push_back(*name);
    }
    scenario.management = std::move(management);
  }
}

}  // namespace nines::scenarios
