#include <algorithm>
#include <array>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

const FaultCatalog* find_catalog(const Catalogs& catalogs, std::string_view name) {
  for (const auto& catalog : catalogs.faults)
    if (catalog.name == name) return &catalog;
  return nullptr;
}

namespace {

constexpr std::array<std::string_view, 8> effects{"stop", "planned-stop", "pause", "cut", "cut-out", "replace", "corrupt", "hung-disk"};

// What a name of a script stands for, spelled as the world spells it. Empty scope: not an element.
struct Element {
  std::string name;
  std::optional<failure::Scope> scope;
};

std::optional<int> number_behind(std::string_view text, std::string_view prefix, int end) {
  if (text.rfind(prefix, 0) != 0) return std::nullopt;
  const auto number = read_whole(text.substr(prefix.size()));
  if (!number || *number < 0 || *number >= end) return std::nullopt;
  return static_cast<int>(*number);
}

Element find_element(std::string_view name, const Scenario& scenario) {
  using enum failure::Scope;
  for (const auto& region : scenario.topology.regions) {
    if (region.name == name) return {region.name, failure::Scope::region};
    for (const auto& zone : region.zones) {
      if (zone.name == name) return {zone.name, failure::Scope::zone};
      for (const auto& rack : zone.racks)
        if (rack == name) return {rack, failure::Scope::rack};
    }
  }
  for (const auto& cluster : scenario.clusters) {
    if (cluster.name == name) return {cluster.name, failure::Scope::cluster};
    if (number_behind(name, cluster.name + '/', cluster.brokers)) return {std::string(name), broker};
    if (scenario.clusters.size() > 1) continue;
    if (const auto number = number_behind(name, "broker-", cluster.brokers)) return {cluster.name + '/' + std::to_string(*number), broker};
  }
  for (const auto& pool : scenario.topology.pools)
    if (number_behind(name, pool.name + '-', pool.nodes)) return {std::string(name), node};
  for (const auto& pool : scenario.topology.pools)
    for (const auto& zone : pool.occupied)
      if (name.size() == pool.name.size() + 1 + zone.size() && name.starts_with(pool.name + '/') && name.ends_with(zone))
        return {std::string(name), pool_in_zone};
  return {};
}

// How many elements a mode of the scope hits at once, and of what kind they are.
struct Target {
  std::size_t count;
  failure::Scope kind;
};
Target target_of(failure::Scope scope) {
  using enum failure::Scope;
  if (scope == zone_pair) return {2, zone};
  if (scope == region_pair) return {2, region};
  return {1, scope};
}

void check_target(const std::string& fault, const Target& target, const std::vector<Element>& elements, const Place& place, Context& context) {
  const auto fits = [&](const Element& element) { return *element.scope == target.kind; };
  if (elements.size() == target.count && std::all_of(elements.begin(), elements.end(), fits)) return;
  const char* kind = Enum<failure::Scope>::word(target.kind);
  context.error(place, "'" + fault + "' hits " + (target.count == 2 ? "two " : "one ") + kind + (target.count == 2 ? "s" : ""));
}

// A bare effect hits one element; a cut may lie between two brokers, zones or regions.
void check_effect_target(const std::string& effect, const std::vector<Element>& elements, const Place& place, Context& context) {
  using enum failure::Scope;
  const bool is_cut = effect.rfind("cut", 0) == 0;
  if (elements.size() > (is_cut ? 2u : 1u)) {
    context.error(place, "'" + effect + "' hits " + (is_cut ? "one element, or lies between two" : "one element"));
    return;
  }
  if (elements.size() < 2) return;
  const failure::Scope kind = *elements[0].scope;
  if (kind != *elements[1].scope || (kind != broker && kind != zone && kind != region))
    context.error(place, "a cut between two lies between two brokers, two zones or two regions");
  else if (elements[0].name == elements[1].name)
    context.error(place, "a cut between two lies between different ones");
}

// Where a reader would look for it.
std::string path_of(const failure::Mode& mode) {
  const std::size_t slash = mode.name.find('/');
  if (slash == std::string::npos) return "faults." + mode.name;
  return "topology.nodePools." + mode.name.substr(0, slash) + ".faults." + mode.name.substr(slash + 1);
}

// Modes that share a crew agree on how many hands it has.
void check_crews(const std::vector<failure::Mode>& modes, const Place& place, Context& context) {
  for (const auto& mode : modes) {
    if (mode.repair.crew.empty()) continue;
    const auto first = std::find_if(modes.begin(), modes.end(), [&](const failure::Mode& other) { return other.repair.crew == mode.repair.crew; });
    if (first->repair.crews != mode.repair.crews)
      context.error(Place{place.file, 0, 0}, "'" + first->name + "' and '" + mode.name + "' share the crew '" + mode.repair.crew + "', and one says " +
                                                 std::to_string(first->repair.crews) + " crews, the other " + std::to_string(mode.repair.crews));
  }
}

}  // namespace

std::string mode_text(const failure::Mode& mode) {
  std::string out = std::string(Enum<failure::Effect>::word(mode.effect)) + " of a " + Enum<failure::Scope>::word(mode.scope) + ", up " +
                    mode.up_time.text() + ", down " + mode.duration.text();
  if (mode.escalation)
    out += std::string(", of its whole ") + Enum<failure::Scope>::word(mode.escalation->to) + " with probability " + number_text(mode.escalation->probability);
  for (const std::string& pool : mode.pools) out += (&pool == &mode.pools.front() ? ", on nodes of " : " and ") + pool;
  if (mode.repair.people) out += ", repaired by people";
  if (!mode.repair.crew.empty()) out += ", " + std::to_string(mode.repair.crews) + " at a time by " + mode.repair.crew;
  if (const auto& parts = mode.repair.parts)
    out += ", " + std::to_string(parts->spares) + (parts->spares == 1 ? " spare" : " spares") + " on the shelf and another in " + parts->delivery.text();
  if (mode.effect == failure::Effect::lossy) out += ", loss " + number_text(mode.loss);
  if (mode.effect == failure::Effect::slow || mode.effect == failure::Effect::slow_disk)
    out += ", " + number_text(seconds(mode.extra_delay)) + "s slower";
  return out;
}

void resolve_faults(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  if (document.catalogs.faults.ok) {
    scenario.catalogs.faults = *document.catalogs.faults;
    const FaultCatalog* catalog = find_catalog(catalogs, scenario.catalogs.faults);
    if (catalog != nullptr) {
      scenario.faults = catalog->modes;
    } else if (scenario.catalogs.faults != "none") {
      std::vector<std::string> known{"none"};
      for (const auto& each : catalogs.faults) known.push_back(each.name);
      context.error(document.catalogs.faults.place,
                    "no failure catalogue is called '" + scenario.catalogs.faults + "'" + did_you_mean(scenario.catalogs.faults, known, context));
    }
  }
  for (const auto& written : document.faults.modes) {
    const auto found =
        std::find_if(scenario.faults.begin(), scenario.faults.end(), [&](const failure::Mode& mode) { return mode.name == *written.name; });
    if (found == scenario.faults.end()) {
      std::vector<std::string> known;
      for (const auto& mode : scenario.faults) known.push_back(mode.name);
      const std::string near = nearest(*written.name, known);
      if (written.off.ok) {
        context.error(written.name.place, "the failure catalogue has no '" + *written.name + "' to switch off" + did_you_mean(*written.name, known, context));
      } else if (!near.empty() && !(written.scope.given && written.effect.given)) {
        context.error(written.name.place, "the failure catalogue has no '" + *written.name + "'; did you mean '" + near +
                                              "'? A mode of your own needs scope, effect, rate and duration");
      } else if (check_new_mode(written, written.name.place, context)) {
        failure::Mode mode = new_mode(*written.name);
        if (apply(written, mode, context)) scenario.faults.push_back(std::move(mode));
      }
      continue;
    }
    if (written.off.ok) {
      scenario.faults.erase(found);
      continue;
    }
    apply(written, *found, context);
  }
  resolve_pool_faults(document, catalogs, scenario, context);
  check_crews(scenario.faults, document.catalogs.faults.place, context);
  resolve_trace(document.faults.trace, scenario, context);
  for (const auto& mode : scenario.faults) context.explain_default(path_of(mode), mode_text(mode), mode.source);
}

void resolve_script(const std::vector<ScriptDocument>& document, const Catalogs& catalogs, std::vector<failure::ScriptedFault>& script,
                    const Scenario& scenario, Context& context) {
  std::vector<failure::Mode> modes = scenario.faults;  // Scripts are of the brokers' world: nothing beside it is hit.
  std::erase_if(modes, [](const failure::Mode& mode) { return mode.scope == failure::Scope::component || mode.scope == failure::Scope::external; });
  const FaultCatalog* catalog = find_catalog(catalogs, scenario.catalogs.faults);
  const Duration horizon = from_seconds(scenario.simulation.years * seconds(year));
  for (const auto& written : document) {
    if (!written.fault.ok || !written.on.ok || !written.at.ok || !written.lasts.ok) continue;
    failure::ScriptedFault fault{.at = *written.at, .mode = *written.fault, .on = {}, .duration = *written.lasts};
    std::vector<Element> elements;
    bool good = true;
    for (const auto& name : *written.on) {
      elements.push_back(find_element(*name, scenario));
      if (!elements.back().scope)
        good = context.error(name.place, "nothing is called '" + *name +
                                             "'; expected a region, a zone 'region/zone', a broker 'broker-0' or 'cluster/0', a node 'pool-0', a "
                                             "pool in a zone 'pool/region/zone' or a cluster");
      fault.on.push_back(elements.back().name);
    }
    if (!good) continue;
    const auto named = [&](const failure::Mode& each) { return each.name == *written.fault; };
    const failure::Mode* mode = nullptr;
    if (const auto active = std::find_if(modes.begin(), modes.end(), named); active != modes.end()) {
      mode = &*active;
    } else if (catalog != nullptr) {  // Switched off as a random fault, it can still be scripted, by its effect.
      const auto silent = std::find_if(catalog->modes.begin(), catalog->modes.end(), named);
      if (silent != catalog->modes.end()) {
        mode = &*silent;
        fault.mode = Enum<failure::Effect>::word(mode->effect);
        if (mode->effect == failure::Effect::slow || mode->effect == failure::Effect::lossy || mode->effect == failure::Effect::slow_disk)
          context.error(written.fault.place, "'" + *written.fault + "' is switched off, and with it how slow or lossy it is");
      }
    }
    if (mode != nullptr) {
      check_target(*written.fault, target_of(mode->scope), elements, written.on.place, context);
    } else if (std::find(effects.begin(), effects.end(), fault.mode) == effects.end()) {
      std::vector<std::string> known(effects.begin(), effects.end());
      for (const auto& each : modes) known.push_back(each.name);
      context.error(written.fault.place, "no fault is called '" + fault.mode + "'" + did_you_mean(fault.mode, known, context));
    } else {
      check_effect_target(fault.mode, elements, written.on.place, context);
    }
    if (fault.at >= horizon) context.warning(written.at.place, "this is after the end of the run");
    script.push_back(std::move(fault));
  }
}

}  // namespace nines::scenarios
