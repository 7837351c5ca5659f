#include "scenarios/import/helm.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/import/helm_components.hpp"
#include "scenarios/import/scheduling.hpp"

namespace nines::scenarios {
namespace {

constexpr std::string_view chart_prefix = "camunda-platform-";
constexpr int most_brokers = 2000, most_partitions = 20'000, most_replicas = 15;  // As the scenario's format has them.

// Names for regions that nobody named: distances and prices of all of them are in the catalogues.
const std::vector<std::string>& usual_regions() {
  static const std::vector<std::string> all{"us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1"};
  return all;
}

const ChartDefaults* find_chart(const Catalogs& catalogs, const std::string& version) {
  for (const auto& chart : catalogs.charts)
    if (chart.name == std::string(chart_prefix) + version) return &chart;
  return nullptr;
}

// The version that was asked for; else the newest released one that has the sections of the files.
std::string version_of(const ImportSettings& settings, const Node& values) {
  if (!settings.chart_version.empty()) return settings.chart_version;
  const bool has_old = values.find("zeebe") != nullptr || values.find("zeebeGateway") != nullptr;
  return has_old && values.find("orchestration") == nullptr ? "8.7" : "8.9";
}

// Sections that this version of the chart passes over.
void warn_of_unread_sections(const Node& values, const ChartDefaults& chart, const std::string& version, Errors& warnings) {
  const bool is_old = chart.brokers == "zeebe";
  const std::vector<std::string> unread =
      is_old ? std::vector<std::string>{"orchestration"} : std::vector<std::string>{"zeebe", "zeebeGateway", "operate", "tasklist"};
  for (const auto& entry : values.entries)
    if (std::find(unread.begin(), unread.end(), entry.key) != unread.end())
      warnings.push_back({entry.place, "the chart of " + version + " does not read '" + entry.key + "': its brokers are under '" + chart.brokers +
                                           "'; --chart-version says for which one these values are"});
}

// Where the files say something of a path, or of what is above it.
Place place_of(const Node& values, std::string_view path) {
  const Node* at = &values;
  Place place = at->place;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    at = at->kind == Node::Kind::map ? at->find(path.substr(0, dot)) : nullptr;
    if (at == nullptr) break;
    place = at->place;
    path.remove_prefix(std::min(path.size(), dot + 1));
  }
  return place;
}

void read_size(Asked& asked, const std::string& base, const Node& values, Deployment& deployment) {
  asked.whole(base + ".clusterSize", 1, most_brokers, deployment.brokers);
  asked.whole(base + ".partitionCount", 1, most_partitions, deployment.partitions);
  asked.whole(base + ".replicationFactor", 1, most_replicas, deployment.replication);
  if (!asked.errors().empty()) return;
  for (const char* key : {".clusterSize", ".partitionCount", ".replicationFactor"})
    if (const std::string path = base + key; asked.find(path) == nullptr)
      asked.error(place_of(values, path), path + ": null takes the chart's default away; the brokers need a number");
  if (!asked.errors().empty()) return;
  if (deployment.replication.value > deployment.brokers.value)
    asked.error(deployment.replication.is_given ? deployment.replication.place : deployment.brokers.place,
                base + ": replicationFactor " + std::to_string(deployment.replication.value) + " needs as many brokers; clusterSize is " +
                    std::to_string(deployment.brokers.value));
}

// Variables of the container win over what the chart writes into its configuration.
void warn_of_variables(Asked& asked, const std::string& base, Errors& warnings) {
  const Node* env = asked.find(base + ".env");
  if (env == nullptr) return;
  for (const Node& item : env->items) {
    const Node* name = item.find("name");
    if (name == nullptr) continue;
    for (const char* ending : {"_CLUSTERSIZE", "_PARTITIONSCOUNT", "_REPLICATIONFACTOR", "_NODEID", "_CLUSTER_SIZE", "_PARTITIONCOUNT"})
      if (name->text.ends_with(ending))
        warnings.push_back({name->place, base + ".env: " + harmless(name->text) + " wins over the chart's own value and is not read here"});
  }
}

void read_regions(Asked& asked, const std::string& base, const ImportSettings& settings, const Scheduling& scheduling, Deployment& deployment) {
  Said<int> regions{.value = 1}, region_id{.value = 0};
  asked.whole("global.multiregion.regions", 1, 100, regions);
  asked.whole("global.multiregion.regionId", 0, 99, region_id);
  if (!asked.errors().empty()) return;
  const int count = regions.value;
  if (region_id.value >= count)
    return asked.error(region_id.place, "global.multiregion.regionId counts from 0 to " + std::to_string(count - 1) + ", below regions");
  if (deployment.brokers.value < count)
    return asked.error(regions.place, std::to_string(count) + " regions for a " + base + ".clusterSize of " +
                                          std::to_string(deployment.brokers.value) + ": some would have no broker");
  const bool are_named = !settings.regions.empty();
  std::vector<std::string> names = are_named ? settings.regions : usual_regions();
  if (!are_named && count == 1 && !scheduling.region.empty()) names = {scheduling.region};
  if (are_named ? static_cast<int>(names.size()) != count : static_cast<int>(names.size()) < count)
    return asked.error(regions.place, std::to_string(count) + " regions need as many names: --region " + std::string(count > 1 ? "NAME,NAME,..." : "NAME"));
  std::vector<std::string> zones;
  const bool zones_are_read = count == 1 && !settings.zones && !scheduling.zones.empty();
  if (zones_are_read) zones = scheduling.zones;
  for (int z = 0; !zones_are_read && z < settings.zones.value_or(std::min(3, deployment.brokers.value / count)); ++z)
    zones.emplace_back(1, static_cast<char>('a' + z));
  for (int r = 0; r < count; ++r) deployment.regions.push_back({names[static_cast<std::size_t>(r)], zones});
  std::string& how = deployment.regions_how;
  how = zones_are_read   ? scheduling.zones_how + "; "
        : settings.zones ? "--zones; "
                         : "assumed: " + std::to_string(zones.size()) + " zones, which no values tell (--zones); ";
  how += are_named                                  ? "--region"
         : count == 1 && !scheduling.region.empty() ? "the region by its zones' names"
                                                    : "assumed: the region's name (--region)";
  if (count > 1) how += "; " + regions.how + ", nodeId = ordinal * " + std::to_string(count) + " + regionId";
  if (count > 1 && deployment.brokers.value % count != 0)
    deployment.warnings.push_back({deployment.brokers.place, base + ".clusterSize " + std::to_string(deployment.brokers.value) +
                                                                 " is no multiple of " + std::to_string(count) + " regions: the chart starts " +
                                                                 std::to_string(deployment.brokers.value / count) + " brokers in each, and the rest never"});
  if (const Node* type = asked.find("global.multiregion.installationType"); type != nullptr && type->text != "normal")
    deployment.warnings.push_back(
        {type->place, "global.multiregion.installationType '" + harmless(type->text) + "' is an emergency's state; imported is the normal one"});
}

// With several regions and no spread over zones: each region's brokers fill its nodes zone by zone, the worst that the values admit. The nodes of a
// zone that hold brokers are a pool.
void stand_zone_by_zone(Deployment& deployment) {
  const ImportedPool all = deployment.pools.front();
  const int regions = static_cast<int>(deployment.regions.size()), zones = static_cast<int>(deployment.regions.front().zones.size());
  const int brokers = deployment.brokers.value, nodes = std::max(1, all.nodes / regions);  // nodes: of a region.
  deployment.pools.clear();
  deployment.node_of.assign(static_cast<std::size_t>(brokers), 0);
  int used = 0;
  for (int r = 0; r < regions; ++r) {
    const ImportedRegion& region = deployment.regions[static_cast<std::size_t>(r)];
    const int here = std::min(nodes, (brokers - r + regions - 1) / regions);  // Nodes that hold a broker.
    for (int broker = r, ordinal = 0; broker < brokers; broker += regions, ++ordinal)
      deployment.node_of[static_cast<std::size_t>(broker)] = used + ordinal % here;
    int left = here;
    for (int z = 0; z < zones && left > 0; ++z) {
      ImportedPool pool = all;
      pool.nodes = std::min(left, nodes / zones + (z < nodes % zones ? 1 : 0));
      if (pool.nodes == 0) continue;
      left -= pool.nodes;
      pool.name = "brokers-" + region.name + '-' + region.zones[static_cast<std::size_t>(z)];
      pool.zones = {region.name + '/' + region.zones[static_cast<std::size_t>(z)]};
      pool.nodes_how = "of " + std::to_string(nodes) + " nodes of the region: those that hold brokers, zone by zone";
      deployment.pools.push_back(std::move(pool));
    }
    used += here;
  }
  if (all.nodes <= used) return;
  ImportedPool others = all;
  others.use = PoolUse::others;
  others.name = "others";
  others.nodes = all.nodes - used;
  others.nodes_how = "the rest: " + all.nodes_how;
  deployment.pools.push_back(std::move(others));
}

void read_spread(const Scheduling& scheduling, const std::string& base, Deployment& deployment) {
  const auto zones = deployment.regions.front().zones.size();
  const int brokers = deployment.brokers.value, each = brokers / static_cast<int>(deployment.regions.size());
  deployment.spread = {scheduling.zone.wish == Wish::none ? Spread::node : Spread::zone, scheduling.zone.how, scheduling.zone.place, scheduling.zone.is_given};
  auto& warnings = deployment.warnings;
  deployment.flaw_of_spread = "nothing asks for a spread over zones";
  if (scheduling.zone.wish == Wish::none && zones > 1 && brokers > 1) {
    deployment.spread.how += ": neighbours in number share a zone, the worst that it admits";
    warnings.push_back({scheduling.zone.place, base + ": no spread over zones is asked for: all brokers may stand in one (" + base +
                                                   ".topologySpreadConstraints, topologyKey topology.kubernetes.io/zone)"});
  }
  if (scheduling.zone.wish == Wish::soft)
    warnings.push_back(
        {scheduling.zone.place,
         base + ": the spread over zones is a wish: the scheduler may put brokers into one zone all the same (whenUnsatisfiable: DoNotSchedule)"});
  if (scheduling.skew > 1)
    warnings.push_back({scheduling.zone.place, base + ": maxSkew " + std::to_string(scheduling.skew) +
                                                   " lets a zone hold so many brokers more than another; 1 is what a spread needs"});
  if (scheduling.one_a_zone && each > static_cast<int>(zones))
    warnings.push_back({scheduling.zone.place, base + ": never two brokers in a zone, and " + std::to_string(each) + " brokers for " +
                                                   std::to_string(zones) + " zones: some never start"});
  if (scheduling.host.wish != Wish::hard && brokers > 1)
    warnings.push_back(
        {scheduling.host.place,
         base + ": nothing forbids two brokers on one node, whose loss would take both (podAntiAffinity, topologyKey kubernetes.io/hostname)"});
  if (deployment.spread.value == Spread::node && deployment.regions.size() > 1) stand_zone_by_zone(deployment);
}

void read_pool(const Scheduling& scheduling, const ImportSettings& settings, Deployment& deployment) {
  ImportedPool pool;
  for (const auto& region : deployment.regions) pool.zones.push_back(region.name + "/*");
  const int brokers = deployment.brokers.value;
  pool.nodes = settings.nodes.value_or(brokers == 1 ? 1 : 2 * brokers);
  pool.nodes_how = settings.nodes ? "--nodes"
                   : brokers == 1 ? "assumed (--nodes)"
                                  : "assumed: two for each broker, as Camunda's reference installation on EKS (--nodes)";
  if (scheduling.host.wish == Wish::hard) pool.nodes_how += "; one broker a node, " + scheduling.host.how;
  if (pool.nodes < brokers)
    deployment.warnings.push_back(
        {scheduling.host.place, std::to_string(pool.nodes) + " nodes for " + std::to_string(brokers) +
                                    (scheduling.host.wish == Wish::hard ? " brokers: never two on one, so some never start; here they share nodes"
                                                                        : " brokers: one node's loss takes several")});
  pool.type = settings.machine.empty()
                  ? Said<std::string>{"m6i.xlarge", "assumed: Camunda's reference installation on EKS; values name none (--machine)"}
                  : Said<std::string>{settings.machine, "--machine"};
  deployment.pools.push_back(std::move(pool));
}

void read_resources(Asked& asked, const std::string& base, Deployment& deployment) {
  asked.quantity(base + ".resources.limits.cpu", 0.001, 1024, "2000m or 2", deployment.cpu);
  Said<std::optional<double>> memory;
  asked.quantity(base + ".resources.limits.memory", 1, 1e16, "3000Mi or 4Gi", memory);
  if (memory.value) deployment.memory = "memory " + mebibytes(*memory.value) + " is not simulated";
  asked.quantity(base + ".pvcSize", 1, 1e15, "32Gi", deployment.disk_bytes);
  Said<std::string> persistence{.value = "disk"};
  asked.word(base + ".persistenceType", persistence);
  if (persistence.value == "disk" || persistence.value.empty()) return;
  deployment.loses_disk = {true, persistence.how, persistence.place, true};
  deployment.warnings.push_back({persistence.place, base + ".persistenceType '" + harmless(persistence.value) +
                                                        "': a broker that is moved loses its data and has all of it sent anew"});
}

// How many of a region's brokers planned work may take at a time.
void read_budget(Asked& asked, const std::string& base, Deployment& deployment) {
  Said<bool> enabled;
  asked.yes_or_no(base + ".podDisruptionBudget.enabled", enabled);
  if (!enabled.value) return;
  const int regions = static_cast<int>(deployment.regions.size()), each = std::max(1, deployment.brokers.value / regions);
  const auto count = [&](const std::string& path) -> std::optional<Said<int>> {
    Said<std::string> text;
    asked.word(path, text);
    if (text.value.empty() || text.value == "0") return std::nullopt;
    const bool is_share = text.value.back() == '%';
    const auto number = read_kubernetes_quantity(is_share ? std::string_view(text.value).substr(0, text.value.size() - 1) : std::string_view(text.value));
    if (!number || *number < 0 || *number > 2000 || (!is_share && *number != std::floor(*number))) {
      asked.error(text.place, path + ": expected a whole number or a share such as 50%, not '" + harmless(text.value) + '\'');
      return std::nullopt;
    }
    // Kubernetes rounds a share up (disruption controller, GetScaledValueFromIntOrPercent).
    return Said<int>{static_cast<int>(is_share ? std::ceil(*number * each / 100) : *number), text.how, text.place, text.is_given};
  };
  int most = 0;
  std::string how;
  Place place = enabled.place;
  if (const auto least = count(base + ".podDisruptionBudget.minAvailable")) {
    most = std::max(0, each - least->value);
    how = least->how;
    place = least->place;
  } else if (const auto most_down = count(base + ".podDisruptionBudget.maxUnavailable")) {
    most = std::min(each, most_down->value);
    how = most_down->how;
    place = most_down->place;
  }
  if (!asked.errors().empty()) return;
  if (most == 0) {
    deployment.warnings.push_back({place, base + ".podDisruptionBudget lets no broker go: nodes cannot be drained, and upgrades of nodes hang"});
    return;
  }
  if (regions > 1) how += ", in each of " + std::to_string(regions) + " regions";
  deployment.max_unavailable = {most * regions, how, place, true};
}

std::string files_of(const std::vector<SourceFile>& files) {
  std::string names;
  for (std::size_t i = 0; i < files.size() && i < 8; ++i) names += " -f " + basename_of(files[i].name);
  return files.size() > 8 ? names + " ..." : names;
}

}  // namespace

bool is_place_name(std::string_view name) {
  const auto is_alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= longest_place_name && is_alphanumeric(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
}

std::vector<std::string> chart_versions(const Catalogs& catalogs) {
  std::vector<std::string> versions;
  for (const auto& chart : catalogs.charts)
    if (chart.name.starts_with(chart_prefix)) versions.push_back(chart.name.substr(chart_prefix.size()));
  std::sort(versions.begin(), versions.end(),
            [](const std::string& a, const std::string& b) { return std::pair(a.size(), a) < std::pair(b.size(), b); });
  return versions;
}

Result<Deployment> read_helm(const std::vector<SourceFile>& files, const ImportSettings& settings, const Catalogs& catalogs) {
  Node values{.kind = Node::Kind::map, .place = {}, .entries = {}};
  Errors errors;
  for (const auto& file : files) {
    auto root = read_values(file);
    if (!root)
      errors.insert(errors.end(), root.error().begin(), root.error().end());
    else
      lay_over(values, *root);
  }
  if (!errors.empty()) return fail(std::move(errors));
  const std::string version = version_of(settings, values);
  const ChartDefaults* chart = find_chart(catalogs, version);
  if (chart == nullptr) return fail(Place{}, "no chart is known of version '" + harmless(version) + "'");
  const std::string& base = chart->brokers;

  Deployment deployment;
  deployment.origin = "Imported by 'nines import helm" + files_of(files) + "' over the defaults of the chart of Camunda " + version +
                      (settings.chart_version.empty() ? " (assumed; --chart-version)." : ".");
  deployment.profile = {"camunda-" + version, settings.chart_version.empty() ? "assumed: by the values' sections (--chart-version)" : "--chart-version"};
  warn_of_unread_sections(values, *chart, version, deployment.warnings);
  Node merged = tree_of(*chart);
  lay_over_defaults(merged, values);
  Asked asked(merged, "chart " + version);
  for (const std::string switch_of : {".enabled", ".profiles.broker"}) {
    Said<bool> runs{.value = true};
    asked.yes_or_no(base + switch_of, runs);
    if (!runs.value) asked.error(runs.place, base + switch_of + " is false: there are no brokers to import");
  }
  read_size(asked, base, values, deployment);
  if (!asked.errors().empty()) return fail(std::move(asked.errors()));
  const Scheduling scheduling = read_scheduling(asked, base, *chart, version, deployment.warnings);
  read_regions(asked, base, settings, scheduling, deployment);
  if (!asked.errors().empty()) return fail(std::move(asked.errors()));
  read_pool(scheduling, settings, deployment);
  read_spread(scheduling, base, deployment);
  read_resources(asked, base, deployment);
  read_budget(asked, base, deployment);
  warn_of_variables(asked, base, deployment.warnings);
  warn_of_replication(deployment, base + ".replicationFactor");
  read_helm_components(asked, *chart, version, deployment);
  Said<std::string> storage_class;
  asked.word(base + ".pvcStorageClassName", storage_class);
  if (!asked.errors().empty()) return fail(std::move(asked.errors()));
  choose_catalogs(catalogs, deployment, storage_class.value, storage_class.how);
  return deployment;
}

}  // namespace nines::scenarios
