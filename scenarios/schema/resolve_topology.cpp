#include <algorithm>
#include <cmath>
#include <set>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

// The part of a median that never varies. Assumption: inside a region queues and schedulers make about 40 % of a round trip, between regions the fibre makes 97 %.
constexpr double fixed_share_near = 0.6;
constexpr double fixed_share_far = 0.97;
constexpr std::size_t most_zones = 1000;
constexpr std::size_t most_pools = 100;
constexpr std::size_t most_distances = 1000;
constexpr double z99 = 2.3263478740408408;  // 99th percentile of the standard normal law.

std::vector<std::string> zone_names(const Topology& topology) {
  std::vector<std::string> all;
  for (const auto& region : topology.regions)
    for (const auto& zone : region.zones) all.push_back(zone.name);
  return all;
}

void resolve_regions(const Document& document, Scenario& scenario, Context& context) {
  std::set<std::string> seen;
  std::size_t zones = 0;
  for (const auto& written : document.topology.regions.value) {
    zones += written.zones.size();
    if (zones > most_zones) {
      context.error(document.topology.regions.place, "more than 1,000 zones; at most 1,000 are simulated");
      return;
    }
    if (!written.name.ok) continue;
    if (!seen.insert(*written.name).second) context.error(written.name.place, "the region '" + *written.name + "' is there twice");
    Region region{.name = *written.name, .zones = {}};
    for (const auto& zone : written.zones) {
      if (!zone.name.ok) continue;
      Zone made{.name = region.name + '/' + *zone.name, .racks = {}};
      if (!seen.insert(made.name).second) context.error(zone.name.place, "the zone '" + made.name + "' is there twice");
      for (const auto& rack : zone.racks) {
        if (!rack.ok) continue;
        made.racks.push_back(made.name + '/' + *rack);
        if (!seen.insert(made.racks.back()).second) context.error(rack.place, "the rack '" + made.racks.back() + "' is there twice");
      }
      region.zones.push_back(std::move(made));
    }
    scenario.topology.regions.push_back(std::move(region));
  }
}

// Zones that any of the patterns matches, in the order of the topology.
std::vector<std::string> match_zones(const PoolDocument& pool, const Topology& topology, Context& context) {
  const auto all = zone_names(topology);
  std::set<std::string> matched;
  for (const auto& pattern : pool.zones) {
    if (!pattern.ok || context.is_full()) continue;
    bool any = false;
    for (const auto& zone : all) {
      if (!glob(*pattern, zone)) continue;
      any = true;
      matched.insert(zone);
    }
    if (any || all.empty()) continue;
    std::vector<std::string> known = all;
    if (pattern->find('*') != std::string::npos) {
      known.clear();
      for (const auto& region : topology.regions) known.push_back(region.name + "/*");
    }
    const bool is_region = std::any_of(topology.regions.begin(), topology.regions.end(), [&](const Region& region) { return region.name == *pattern; });
    context.error(pattern.place, "no zone is called '" + *pattern + "'" +
                                     (is_region ? "; did you mean '" + *pattern + "/*', all zones of the region?" : did_you_mean(*pattern, known, context)));
  }
  std::vector<std::string> zones;
  for (const auto& zone : all)
    if (matched.contains(zone)) zones.push_back(zone);
  return zones;
}

void resolve_disk(const PoolDocument& pool, const Catalogs& catalogs, Disk& disk, Context& context) {
  if (pool.disk.size.ok) disk.size_bytes = *pool.disk.size;
  if (pool.disk.size.ok && disk.size_bytes == 0) context.error(pool.disk.size.place, "a disk of nothing holds no log");
  const std::string path = "topology.nodePools." + *pool.name + ".disk.fsync";
  if (pool.disk.type.ok) {
    disk.type = *pool.disk.type;
    const auto found = std::find_if(catalogs.disks.begin(), catalogs.disks.end(), [&](const DiskType& type) { return type.name == disk.type; });
    if (found != catalogs.disks.end()) {
      disk.fsync = found->fsync;
      disk.iops = found->iops;
      disk.bytes_per_s = found->bytes_per_s;
      if (!pool.disk.fsync.given) context.explain_default(path, found->fsync.text(), found->source);
    } else if (!pool.disk.fsync.given) {
      std::vector<std::string> known;
      for (const auto& type : catalogs.disks) known.push_back(type.name);
      context.error(pool.disk.type.place,
                    "no disk type is called '" + disk.type + "'" + did_you_mean(disk.type, known, context) + " An fsync law of its own would do, too");
    }
  }
  if (pool.disk.iops.ok) disk.iops = *pool.disk.iops;
  if (pool.disk.throughput.ok) disk.bytes_per_s = *pool.disk.throughput;
  if (!pool.disk.fsync.given) return;
  disk.fsync = *pool.disk.fsync;
  if (disk.fsync.maximum != Duration::max()) return;
  disk.fsync.maximum = disk.fsync.kind == Law::Kind::fixed ? from_seconds(disk.fsync.a) : from_seconds(10 * disk.fsync.quantile_s(0.99));
  context.explain_default(path + ".max", number_text(seconds(disk.fsync.maximum)) + "s", "ten times the 99th percentile, as no max is given");
}

// What the type stands for. A type that no catalogue knows is no error: it may be one of the user's own.
void resolve_machine(const PoolDocument& written, const Catalogs& catalogs, NodePool& pool, Context& context) {
  pool.machine.cores = 4;
  const std::string path = "topology.nodePools." + *written.name + ".type";
  if (!written.type.ok) {
    context.explain_default(path, "4 cores of speed 1", "assumption: as m6i.xlarge, which Camunda's reference installations use");
    return;
  }
  pool.type = *written.type;
  const auto found = std::find_if(catalogs.machines.begin(), catalogs.machines.end(), [&](const MachineType& type) { return type.name == pool.type; });
  if (found != catalogs.machines.end()) {
    pool.machine = *found;
    return;
  }
  std::vector<std::string> known;
  for (const auto& type : catalogs.machines) known.push_back(type.name);
  const std::string near = nearest(pool.type, known);
  context.warning(written.type.place, "no machine type is called '" + pool.type + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?") +
                                          "; it is taken for one of four cores as fast as m6i.xlarge's");
}

void resolve_pools(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  if (document.topology.pools.ok && document.topology.pools->empty())
    context.error(document.topology.pools.place, "no node pool; brokers need nodes to run on");
  if (document.topology.pools->size() > most_pools) {
    context.error(document.topology.pools.place, "more than 100 node pools; no scenario needs that");
    return;
  }
  const topology::Topology places = places_of(scenario);
  for (const auto& written : document.topology.pools.value) {
    NodePool pool;
    pool.name = *written.name;
    for (const auto& pattern : written.zones) pool.patterns.push_back(*pattern);
    pool.zones = match_zones(written, scenario.topology, context);
    if (written.nodes.ok) pool.nodes = *written.nodes;
    resolve_machine(written, catalogs, pool, context);
    resolve_disk(written, catalogs, pool.disk, context);
    if (written.nodes.ok && !pool.zones.empty() && static_cast<std::size_t>(pool.nodes) < pool.zones.size())
      context.warning(written.nodes.place, std::to_string(pool.nodes) + (pool.nodes == 1 ? " node" : " nodes") + " for " +
                                               std::to_string(pool.zones.size()) + " zones; some zones stay empty");
    pool.occupied = occupied_zones(pool, places);
    scenario.topology.pools.push_back(std::move(pool));
  }
}

enum class PlaceKind : std::uint8_t { unknown, region, zone };

PlaceKind kind_of(const Topology& topology, std::string_view name) {
  for (const auto& region : topology.regions) {
    if (region.name == name) return PlaceKind::region;
    for (const auto& zone : region.zones)
      if (zone.name == name) return PlaceKind::zone;
  }
  return PlaceKind::unknown;
}

void set_between(Topology& topology, const std::string& a, const std::string& b, const topology::LinkLaw& law) {
  for (auto& known : topology.between) {
    if ((known.from == a && known.to == b) || (known.from == b && known.to == a)) {
      known.law = law;
      return;
    }
  }
  topology.between.push_back({a, b, law});
}

bool is_between(const Topology& topology, const std::string& a, const std::string& b) {
  return std::any_of(topology.between.begin(), topology.between.end(),
                     [&](const topology::LinkBetween& known) { return (known.from == a && known.to == b) || (known.from == b && known.to == a); });
}

void resolve_distances(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  Topology& topology = scenario.topology;
  if (!document.catalogs.distances.ok) return;
  scenario.catalogs.distances = *document.catalogs.distances;
  const auto found = std::find_if(catalogs.distances.begin(), catalogs.distances.end(),
                                  [&](const Distances& distances) { return distances.name == scenario.catalogs.distances; });
  if (found == catalogs.distances.end()) {
    std::vector<std::string> known;
    for (const auto& distances : catalogs.distances) known.push_back(distances.name);
    context.error(document.catalogs.distances.place,
                  "no distance catalogue is called '" + scenario.catalogs.distances + "'" + did_you_mean(scenario.catalogs.distances, known, context));
    return;
  }
  topology.same_node = one_way(found->same_node, fixed_share_near);
  topology.same_zone = one_way(found->same_zone, fixed_share_near);
  topology.same_region = one_way(found->same_region, fixed_share_near);
  topology.other_region = one_way(found->other_region, fixed_share_far);
  for (const auto& value : found->explanations) context.explain_default("topology.distances." + value.path, value.value, value.source);
  for (const auto& pair : found->pairs) {
    if (kind_of(topology, pair.a) != PlaceKind::region || kind_of(topology, pair.b) != PlaceKind::region) continue;
    set_between(topology, pair.a, pair.b, one_way(pair.trip, fixed_share_far));
    context.explain_default("topology.distances." + pair.a + " - " + pair.b, text(pair.trip), pair.source);
  }
  if (document.topology.distances.size() > most_distances) {
    context.error(document.topology.regions.place, "more than 1,000 distances; no scenario needs that");
    return;
  }
  for (const auto& written : document.topology.distances) {
    if (!written.between.ok) continue;
    const auto& ends = *written.between;
    if (ends.size() != 2) {
      context.error(written.between.place, "a distance lies between two places");
      continue;
    }
    std::vector<std::string> known = zone_names(topology);
    for (const auto& region : topology.regions) known.push_back(region.name);
    bool good = true;
    for (const auto& end : ends)
      if (end.ok && kind_of(topology, *end) == PlaceKind::unknown)
        good = context.error(end.place, "no region or zone is called '" + *end + "'" + did_you_mean(*end, known, context));
    if (!good) continue;
    if (*ends[0] == *ends[1])
      context.error(ends[1].place, "a distance lies between two different places");
    else if (kind_of(topology, *ends[0]) != kind_of(topology, *ends[1]))
      context.error(ends[1].place, "a distance lies between two regions or between two zones, not between one and the other");
    else if (written.rtt.p50.ok)
      set_between(topology, *ends[0], *ends[1],
                  one_way(to_round_trip(written.rtt, context), kind_of(topology, *ends[0]) == PlaceKind::region ? fixed_share_far : fixed_share_near));
  }
  for (std::size_t i = 0; i < topology.regions.size() && i < 20; ++i) {
    for (std::size_t j = i + 1; j < topology.regions.size() && j < 20; ++j) {
      if (is_between(topology, topology.regions[i].name, topology.regions[j].name)) continue;
      context.warning(document.topology.regions.place, "the catalogue '" + scenario.catalogs.distances + "' does not know the distance between " +
                                                           topology.regions[i].name + " and " + topology.regions[j].name + "; taken for " +
                                                           text(found->other_region) + ", say it under topology.distances");
    }
  }
}

}  // namespace

bool glob(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

topology::LinkLaw one_way(const RoundTrip& trip, double fixed_share) {
  topology::LinkLaw law;
  law.loss = trip.loss;
  law.bandwidth_bytes_per_s = trip.bandwidth_bytes_per_s;
  const double p50 = seconds(trip.p50) / 2, p99 = seconds(trip.p99) / 2;
  if (trip.p99 <= trip.p50) {  // No jitter.
    law.minimum = law.maximum = trip.p50 / 2;
    return law;
  }
  law.minimum = from_seconds(p50 * fixed_share);
  law.jitter_median = trip.p50 / 2 - law.minimum;
  law.jitter_sigma = std::log((p99 - seconds(law.minimum)) / seconds(law.jitter_median)) / z99;
  law.maximum = trip.max / 2;
  return law;
}

RoundTrip to_round_trip(const RoundTripDocument& document, Context& context) {
  RoundTrip trip;
  trip.p50 = *document.p50;
  trip.p99 = document.p99.ok ? *document.p99 : trip.p50;
  trip.max = document.max.ok ? *document.max : trip.p50 + 10 * (trip.p99 - trip.p50);
  trip.loss = document.loss.ok ? *document.loss : 0;
  trip.bandwidth_bytes_per_s = document.bandwidth.ok ? *document.bandwidth : 0;
  if (trip.p99 < trip.p50) context.error(document.p99.place, "p99 is below p50");
  if (trip.max < trip.p99) context.error(document.max.place, "max is below p99");
  if (trip.p99 > trip.p50 && trip.p50 <= Duration{10}) context.error(document.p50.place, "a round trip that scatters has a median of more than 10ns");
  if (trip.loss > 0.5) context.error(document.loss.place, "more than half of the packets lost is no link; use a fault with the effect cut");
  return trip;
}

std::string text(const RoundTrip& trip) {
  const auto ms = [](Duration d) { return number_text(std::round(seconds(d) * 1e6) / 1e3) + "ms"; };
  std::string out = "p50 " + ms(trip.p50) + ", p99 " + ms(trip.p99) + ", max " + ms(trip.max);
  if (trip.loss > 0) out += ", loss " + number_text(trip.loss);
  return out;
}

void resolve_topology(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  resolve_regions(document, scenario, context);
  resolve_pools(document, catalogs, scenario, context);
  resolve_distances(document, catalogs, scenario, context);
}

}  // namespace nines::scenarios
