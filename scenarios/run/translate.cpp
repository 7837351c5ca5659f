#include "scenarios/run/translate.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>

#include "models/broker/placement.hpp"
#include "models/broker/spread.hpp"
#include "models/world/site.hpp"
#include "scenarios/run/services_of.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

topology::Topology places(const Topology& from) {
  topology::Topology to;
  for (const Region& region : from.regions) {
    const RegionId region_id{to.regions.size()};
    to.regions.push_back({region.name});
    for (const Zone& zone : region.zones) {
      const ZoneId zone_id{to.zones.size()};
      to.zones.push_back({zone.name, region_id});
      for (const std::string& rack : zone.racks) to.racks.push_back({rack, zone_id});
    }
  }
  to.same_node = from.same_node;
  to.same_zone = from.same_zone;
  to.same_region = from.same_region;
  to.other_region = from.other_region;
  to.between = from.between;
  return to;
}

std::vector<ZoneId> zones_named(const topology::Topology& topology, const std::vector<std::string>& names) {
  std::vector<ZoneId> zones;
  for (const std::string& name : names)
    for (const ZoneId zone : broker::zones_matching(topology, name)) zones.push_back(zone);
  std::sort(zones.begin(), zones.end());
  zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
  SIM_CHECK(!zones.empty(), "a node pool stands in no zone");
  return zones;
}

broker::Spread spread_of(Spread spread) {
  switch (spread) {
    case Spread::node: return broker::Spread::node;
    case Spread::none: return broker::Spread::none;
    case Spread::zone: break;
  }
  return broker::Spread::zone;
}

// Brokers by the zones that a share names; those of zones that no share names hold nothing.
std::vector<broker::ZoneOfBrokers> shares_of(const Cluster& cluster, const topology::Topology& topology, const std::vector<NodeId>& where) {
  std::vector<broker::ZoneOfBrokers> shares;
  for (const ZoneShare& share : cluster.shares) {
    const std::vector<ZoneId> zones = broker::zones_matching(topology, share.zone);
    broker::ZoneOfBrokers members{.brokers = {}, .replicas = share.replicas, .priority = share.priority};
    for (std::size_t b = 0; b < where.size(); ++b)
      if (std::find(zones.begin(), zones.end(), topology.nodes[where[b].index()].zone) != zones.end()) members.brokers.push_back(static_cast<int>(b));
    shares.push_back(std::move(members));
  }
  return shares;
}

broker::Partitions placement_of(const Cluster& cluster, const topology::Topology& topology, const std::vector<NodeId>& where) {
  switch (cluster.placement) {
    case Placement::round_robin: break;
    case Placement::zone_aware: return broker::zone_aware(shares_of(cluster, topology, where), cluster.partitions);
    case Placement::fixed: {
      broker::Partitions partitions;
      for (const auto& replicas : cluster.fixed) {
        broker::Partition& partition = partitions.emplace_back();
        for (const FixedReplica& replica : replicas) partition.push_back({.broker = replica.broker, .priority = replica.priority});
      }
      SIM_CHECK(broker::faults_of(partitions, cluster.brokers, cluster.replication).empty(), "a fixed placement that the reader let pass");
      return partitions;
    }
  }
  return broker::round_robin(cluster.brokers, cluster.partitions, cluster.replication);
}

// Appends as the reader counts them, spread evenly over the partitions: Zeebe's gateway deals process instances round robin over them. What comes
// within a heartbeat goes together: for what an append does here, resetting timers, that moves a failover by less than a heartbeat. Appends weigh
// nothing: how long a replica takes to catch up is a matter of capacity, and short next to its restart.
world::Load load_of(const Cluster& cluster) {
  if (cluster.load.kind == Load::Kind::none) return {};
  return {.appends_per_second = cluster.load.appends_per_s / cluster.partitions, .bytes = 0, .together = cluster.profile.heartbeat};
}

// 8x5: Monday to Friday, 9 to 17. 12x5: 7 to 19. 16x7: every day, 6 to 22.
failure::Shift shift_of(const std::string& coverage) {
  if (coverage == "8x5") return {.days = 5, .from_hour = 9, .to_hour = 17};
  if (coverage == "12x5") return {.days = 5, .from_hour = 7, .to_hour = 19};
  if (coverage == "16x7") return {.days = 7, .from_hour = 6, .to_hour = 22};
  return {};
}

bool spans_regions(const world::Options& world, std::uint16_t cluster) {
  std::optional<RegionId> first;
  for (const auto& replicas : world.clusters[cluster].partitions) {
    for (const world::Replica& replica : replicas) {
      const RegionId region = world::region_of(world, replica.broker);
      if (first && *first != region) return true;
      first = region;
    }
  }
  return false;
}

std::shared_ptr<const failure::Trace> trace_of(const Scenario& scenario, const world::Options& world) {
  if (!scenario.trace) return nullptr;
  const Trace& from = *scenario.trace;
  SIM_CHECK(from.is_read, "a trace that nobody has read");
  std::map<std::string, std::uint16_t> modes;
  for (std::size_t m = 0; m < world.modes.size(); ++m) modes[world.modes[m].name] = static_cast<std::uint16_t>(m);
  const failure::Site site = world::site_of(world);
  const std::vector<std::string>& names = failure::names_of(site, from.scope);
  std::map<std::string, std::uint32_t> places;
  for (std::uint32_t i = 0; i < names.size(); ++i) places[names[i]] = i;
  std::vector<failure::RecordedFault> faults;
  for (const Trace::Fault& fault : from.faults)
    faults.push_back({fault.begin, fault.end, {from.scope, places.at(fault.element), 0}, modes.at(fault.mode)});
  const auto rotation = from.rotate ? failure::Rotation::everywhere : failure::Rotation::none;
  return std::make_shared<const failure::Trace>(std::move(faults), from.length, rotation);
}

}  // namespace

world::Options to_world(const Scenario& scenario) {
  world::Options world;
  world.topology = places(scenario.topology);
  std::map<std::string, std::vector<NodeId>> nodes;
  std::map<std::string, const NodePool*> pools;
  for (const NodePool& pool : scenario.topology.pools) {
    nodes[pool.name] = broker::add_nodes(world.topology, pool.name, zones_named(world.topology, pool.zones), pool.nodes);
    pools[pool.name] = &pool;
  }
  for (const Cluster& cluster : scenario.clusters) {
    std::vector<NodeId> on;
    for (const std::string& pool : cluster.pools) {
      SIM_CHECK(pools.contains(pool), "a cluster on a node pool that is not there");
      on.insert(on.end(), nodes[pool].begin(), nodes[pool].end());
    }
    const auto where = broker::spread_brokers(world.topology, on, cluster.brokers, spread_of(cluster.spread));
    const std::size_t first = world.brokers.size();
    for (std::size_t b = 0; b < where.size(); ++b)
      world.brokers.push_back(
          {.name = cluster.name + '/' + std::to_string(b), .node = where[b], .flush = pools[world.topology.nodes[where[b].index()].pool]->disk.fsync});
    world::Cluster& target = world.clusters.emplace_back();
    target.name = cluster.name;
    target.profile = cluster.profile;
    target.load = load_of(cluster);
    target.state_bytes = cluster.state_bytes;
    for (const broker::Partition& partition : placement_of(cluster, world.topology, where)) {
      auto& replicas = target.partitions.emplace_back();
      for (const broker::Assignment& here : partition)
        replicas.push_back({.broker = BrokerId{first + static_cast<std::size_t>(here.broker)}, .priority = here.priority});
    }
  }
  for (const failure::Mode& mode : scenario.faults)
    if (mode.scope != failure::Scope::component && mode.scope != failure::Scope::external) world.modes.push_back(mode);
  world.services = services_of(scenario, world, nodes);
  if (scenario.operations)
    for (auto* modes : {&world.modes, &world.services.modes})
      for (failure::Mode& mode : *modes) mode.repair.shift = shift_of(scenario.operations->coverage);
  if (scenario.operations)
    for (failure::Mode& mode : world.modes)
      if (mode.effect == failure::Effect::planned_stop) mode.most_unavailable = scenario.operations->max_unavailable;
  if (scenario.operations && scenario.operations->failover) {
    const RegionFailover& steps = *scenario.operations->failover;
    for (std::uint16_t c = 0; c < world.clusters.size(); ++c)
      if (spans_regions(world, c))
        world.failovers.push_back({.cluster = c,
                                   .shift = shift_of(scenario.operations->coverage),
                                   .detection = steps.detection,
                                   .decision = steps.decision,
                                   .reroute = steps.reroute,
                                   .removal = steps.removal,
                                   .redeploy = steps.redeploy,
                                   .restore = steps.restore});
  }
  if (scenario.operations && scenario.operations->backup) {
    const Backup& backup = *scenario.operations->backup;
    for (std::uint16_t c = 0; c < world.clusters.size(); ++c) {
      const world::Cluster& cluster = world.clusters[c];
      if (scenario.operations->failover && spans_regions(world, c)) continue;
      world.restores.push_back({.cluster = c,
                                .shift = shift_of(scenario.operations->coverage),
                                .every = backup.every,
                                .takes = backup.takes,
                                .detection = backup.detection,
                                .decision = backup.decision,
                                .download = download_of(backup, static_cast<double>(cluster.state_bytes) * static_cast<double>(cluster.partitions.size())),
                                .start = backup.start});
    }
  }
  world.trace = trace_of(scenario, world);
  world.script = scenario.script;
  world.horizon = Duration{std::llround(scenario.simulation.years * static_cast<double>(year.count()))};
  world.fidelity = scenario.simulation.fidelity == Fidelity::full ? world::Fidelity::full : world::Fidelity::sleep;
  return world;
}

}  // namespace nines::scenarios
