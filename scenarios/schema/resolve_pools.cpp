// Unlike nodes in one cluster: where the nodes of the pools stand, and what fails on one pool and not, or not so, on the others.
#include <algorithm>
#include <map>
#include <set>

#include "models/broker/spread.hpp"
#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

// A mode as the pool finds it: everybody's, or the catalogue's where the scenario has switched it off for the others.
const failure::Mode* find_mode(const std::vector<failure::Mode>& modes, std::string_view name) {
  const auto found = std::find_if(modes.begin(), modes.end(), [&](const failure::Mode& mode) { return mode.name == name; });
  return found == modes.end() ? nullptr : &*found;
}

// Nothing when it is new and not complete.
std::optional<failure::Mode> start_of(const ModeDocument& written, const failure::Mode* like, const std::vector<failure::Mode>& everybodys, Context& context) {
  if (like != nullptr) return *like;
  std::vector<std::string> known;
  for (const auto& mode : everybodys) known.push_back(mode.name);
  if (written.off.ok) {
    context.error(written.name.place, "there is no '" + *written.name + "' to switch off" + did_you_mean(*written.name, known, context));
  } else if (const std::string near = nearest(*written.name, known); !near.empty() && !(written.scope.given && written.effect.given)) {
    context.error(written.name.place,
                  "there is no '" + *written.name + "'; did you mean '" + near + "'? A mode of your own needs scope, effect, rate and duration");
  } else if (check_new_mode(written, written.name.place, context)) {
    return new_mode(*written.name);
  }
  return std::nullopt;
}

bool check_scope(const ModeDocument& written, const failure::Mode& mode, Context& context) {
  if (failure::has_pool(mode.scope)) return true;
  return context.error(written.scope.given ? written.scope.place : written.name.place,
                       std::string("a pool's own faults have the scopes broker, node and pool-in-zone; '") + *written.name + "' hits a " +
                           Enum<failure::Scope>::word(mode.scope) + " and belongs under the scenario's faults");
}

}  // namespace

topology::Topology places_of(const Scenario& scenario) {
  topology::Topology places;
  std::map<std::string, ZoneId> zones;
  for (const auto& region : scenario.topology.regions) {
    places.regions.push_back({region.name});
    for (const auto& zone : region.zones) {
      zones[zone.name] = ZoneId{places.zones.size()};
      places.zones.push_back({zone.name, RegionId{places.regions.size() - 1}});
    }
  }
  for (const auto& pool : scenario.topology.pools) {
    std::vector<ZoneId> in;
    for (const auto& zone : pool.zones) in.push_back(zones.at(zone));
    if (!in.empty() && pool.nodes > 0) broker::add_nodes(places, pool.name, in, pool.nodes);
  }
  return places;
}

std::vector<std::string> occupied_zones(const NodePool& pool, const topology::Topology& places) {
  std::vector<ZoneId> zones;
  for (std::size_t z = 0; z < places.zones.size(); ++z)
    if (std::find(pool.zones.begin(), pool.zones.end(), places.zones[z].name) != pool.zones.end()) zones.push_back(ZoneId{z});
  if (zones.empty()) return {};
  const std::vector<ZoneId> dealt = broker::deal(places, zones, pool.nodes);
  const std::set<ZoneId> reached(dealt.begin(), dealt.end());
  std::vector<std::string> names;
  for (const ZoneId zone : reached) names.push_back(places.zones[zone.index()].name);
  return names;
}

std::vector<std::string> pool_zones_of(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& pool : scenario.topology.pools)
    for (const auto& zone : pool.occupied) names.push_back(pool.name + '/' + zone);
  return names;
}

void resolve_pool_faults(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  const std::vector<failure::Mode> everybodys = scenario.faults;
  const FaultCatalog* catalog = find_catalog(catalogs, scenario.catalogs.faults);
  std::map<std::string, std::set<std::string>> elsewhere;  // By mode the pools that it does not hit.
  for (const auto& pool : document.topology.pools.value) {
    for (const auto& written : pool.faults) {
      if (*written.name == "trace") {
        context.error(written.name.place, "a recorded history belongs under the scenario's faults");
        continue;
      }
      const failure::Mode* like = find_mode(everybodys, *written.name);
      if (like == nullptr && catalog != nullptr) like = find_mode(catalog->modes, *written.name);
      std::optional<failure::Mode> mode = start_of(written, like, everybodys, context);
      if (!mode || (like != nullptr && !check_scope(written, *like, context))) continue;
      elsewhere[mode->name].insert(*pool.name);
      if (written.off.ok) continue;
      mode->name = *pool.name + '/' + *written.name;
      mode->pools = {*pool.name};
      if (apply(written, *mode, context) && check_scope(written, *mode, context)) scenario.faults.push_back(*std::move(mode));
    }
  }
  std::erase_if(scenario.faults, [&](failure::Mode& mode) {
    const auto found = elsewhere.find(mode.name);
    if (found == elsewhere.end()) return false;
    for (const auto& pool : scenario.topology.pools)
      if (!found->second.contains(pool.name)) mode.pools.push_back(pool.name);
    return mode.pools.empty();
  });
}

}  // namespace nines::scenarios
