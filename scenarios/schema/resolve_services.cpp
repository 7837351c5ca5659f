// What runs beside the brokers, and what users can do: the product's, laid over with what the scenario says.
#include <algorithm>
#include <map>
#include <set>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

const ServiceCatalog* services_of(const Catalogs& catalogs, const std::string& profile) {
  for (const auto& catalog : catalogs.services)
    if (std::find(catalog.profiles.begin(), catalog.profiles.end(), profile) != catalog.profiles.end()) return &catalog;
  return nullptr;
}

bool is_partition(std::string_view name) {
  return std::find(std::begin(partition_words), std::end(partition_words), name) != std::end(partition_words);
}

// Could it ever hold, with these components?
bool can_hold(const Need& need, const std::set<std::string>& there) {
  if (need.at_start) return true;
  if (need.parts.empty()) return need.name.empty() || is_partition(need.name) || there.contains(need.name);
  const auto held = std::count_if(need.parts.begin(), need.parts.end(), [&](const Need& part) { return can_hold(part, there); });
  return held >= need.at_least;
}

std::string text_of(const Component& component) {
  if (component.of_management) return "the management cluster's";
  const std::string kind = component.kind.empty() ? "" : " (" + component.kind + ")";
  switch (component.spec.runs) {
    case Runs::brokers: return "in the brokers" + kind;
    case Runs::external: return "somebody else's" + kind;
    case Runs::process: break;
  }
  const int replicas = component.spec.replicas;
  return std::to_string(replicas) + (replicas == 1 ? " process" : " processes") + kind + " on " + component.node_pool;
}

// Lays what the scenario says of a component over the product's; nothing where it is off.
std::optional<Component> resolve_component(const ComponentSpec& spec, const ComponentDocument* written, const std::string& pool,
                                           const Scenario& scenario, Context& context) {
  if (written == nullptr && spec.optional) return std::nullopt;
  Component component{.spec = spec, .kind = {}, .node_pool = pool};
  if (written == nullptr) return component;
  if (!*written->on) return std::nullopt;
  if (written->kind.ok) component.kind = *written->kind;
  if (written->node_pool.ok) {
    const auto& pools = scenario.topology.pools;
    component.node_pool = *written->node_pool;
    if (std::none_of(pools.begin(), pools.end(), [&](const NodePool& each) { return each.name == component.node_pool; })) {
      std::vector<std::string> known;
      for (const auto& each : pools) known.push_back(each.name);
      context.error(written->node_pool.place, "no node pool is called '" + component.node_pool + "'" + did_you_mean(component.node_pool, known, context));
    }
  }
  if (written->runs.ok) {
    component.of_management = *written->runs == ComponentRuns::management;
    if (*written->runs == ComponentRuns::brokers) component.spec.runs = Runs::brokers;
    if (*written->runs == ComponentRuns::process) component.spec.runs = Runs::process;
    if (*written->runs == ComponentRuns::external) {
      component.spec.runs = Runs::external;
      component.spec.needs = {};  // What it needs is somebody else's too.
    }
  }
  if (written->replicas.ok) {
    component.spec.replicas = *written->replicas;
    if (spec.single && component.spec.replicas > 1)
      context.error(written->replicas.place, "only one '" + spec.name + "' may work at a time (" + spec.source + ")");
    if (component.spec.runs == Runs::brokers)
      context.warning(written->replicas.place, "'" + spec.name + "' runs in the brokers' own processes: as often as they do");
  }
  return component;
}

// Those that are there; what needs one that is not is not there either.
std::vector<Component> resolve_all(const ServiceCatalog& catalog, bool management, const std::vector<ComponentDocument>& written, const std::string& path,
                                   const std::string& pool, const std::set<std::string>& elsewhere, const Scenario& scenario, Context& context) {
  std::vector<Component> all;
  std::vector<std::string> known;
  for (const auto& spec : catalog.components) {
    if (spec.management != management) continue;
    known.push_back(spec.name);
    const auto own = std::find_if(written.begin(), written.end(), [&](const ComponentDocument& each) { return *each.name == spec.name; });
    const ComponentDocument* said = own == written.end() ? nullptr : &*own;
    auto component = resolve_component(spec, said, pool, scenario, context);
    if (component) all.push_back(std::move(*component));
    if (said == nullptr)
      context.explain_default(path + "." + spec.name, component || spec.optional ? (component ? text_of(all.back()) : "off") : "off", spec.source);
  }
  for (const auto& each : written)
    if (std::find(known.begin(), known.end(), *each.name) == known.end() && *each.on)
      context.error(each.name.place, catalog.name + " has no component '" + *each.name + "'" + did_you_mean(*each.name, known, context));
  for (bool again = true; again;) {
    again = false;
    std::set<std::string> there = elsewhere;
    for (const Component& component : all) there.insert(component.spec.name);
    const auto lacks = [&](const Component& component) { return !component.of_management && !can_hold(component.spec.needs, there); };
    for (const Component& component : all)
      if (lacks(component)) context.explain_default(path + "." + component.spec.name, "off", "it needs what is off");
    again = std::erase_if(all, lacks) > 0;
  }
  return all;
}

std::vector<CapabilitySpec> capabilities_of(const ServiceCatalog& catalog, bool management, const std::vector<Component>& components,
                                            const std::set<std::string>& elsewhere) {
  std::set<std::string> there = elsewhere;
  for (const Component& component : components) there.insert(component.spec.name);
  std::vector<CapabilitySpec> all;
  for (const auto& capability : catalog.capabilities)
    if (capability.management == management && can_hold(capability.needs, there)) all.push_back(capability);
  return all;
}

void resolve_management(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  if (!scenario.management || !document.management) return;
  Management& management = *scenario.management;
  const std::string* profile = nullptr;
  for (const Cluster& cluster : scenario.clusters)
    if (std::find(management.manages.begin(), management.manages.end(), cluster.name) != management.manages.end()) profile = &cluster.profile.name;
  const ServiceCatalog* catalog = profile == nullptr ? nullptr : services_of(catalogs, *profile);
  if (catalog == nullptr) return;
  std::vector<ComponentDocument> written = document.management->components;
  const bool says = std::any_of(written.begin(), written.end(), [](const ComponentDocument& each) { return *each.name == "managementProvider"; });
  if (!says && management.identity != "bundled") {
    ComponentDocument& provider = written.emplace_back();
    provider.name = {"managementProvider", document.management->identity.place, true, true};
    provider.on = {management.identity == "external", provider.name.place, true, true};
    provider.runs = {ComponentRuns::external, provider.name.place, true, true};
  }
  management.components = resolve_all(*catalog, true, written, "management.components", management.node_pool, {}, scenario, context);
  management.capabilities = capabilities_of(*catalog, true, management.components, {});
}

}  // namespace

void resolve_services(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  resolve_management(document, catalogs, scenario, context);
  const auto resolve_one = [&](const ClusterDocument& written, Cluster& cluster) {
    const auto& said = written.components;
    if (!said.given) return;
    const ServiceCatalog* catalog = services_of(catalogs, cluster.profile.name);
    if (catalog == nullptr) {
      context.error(said.place, "nothing is known of what runs beside the brokers of '" + cluster.profile_name + "'");
      return;
    }
    cluster.has_services = true;
    std::set<std::string> managed;
    if (scenario.management &&
        std::find(scenario.management->manages.begin(), scenario.management->manages.end(), cluster.name) != scenario.management->manages.end())
      for (const Component& component : scenario.management->components) managed.insert(component.spec.name);
    cluster.components = resolve_all(*catalog, false, said.value, cluster.path + ".components", cluster.pools.empty() ? "" : cluster.pools.front(),
                                     managed, scenario, context);
    for (const Component& component : cluster.components)
      if (component.of_management && !managed.contains(component.spec.managed_as))
        context.error(said.place,
                      "'" + component.spec.name + "' is to be the management cluster's, and none that has it manages '" + cluster.name + "'");
    cluster.capabilities = capabilities_of(*catalog, false, cluster.components, managed);
  };
  if (document.cluster && !scenario.clusters.empty()) resolve_one(*document.cluster, scenario.clusters.front());
  for (const auto& written : *document.clusters)
    for (Cluster& cluster : scenario.clusters)
      if (cluster.path == "clusters." + *written.name) resolve_one(written, cluster);
}

}  // namespace nines::scenarios
