#include "scenarios/import/kubectl.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "scenarios/import/broker_settings.hpp"
#include "scenarios/import/lists.hpp"

namespace nines::scenarios {
namespace {

constexpr std::size_t most_pools = 50, most_zones = 100;

// Brokers of one statefulset, in its order.
struct Group {
  std::string name;  // "camunda/camunda-zeebe"
  std::vector<const BrokerPod*> pods;
};

Result<std::vector<Group>> groups_of(const Lists& lists) {
  std::vector<Group> groups;
  for (const auto& pod : lists.brokers) {
    const std::string name = pod.in + '/' + pod.set;
    auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) { return group.name == name; });
    if (found == groups.end()) found = groups.insert(groups.end(), {name, {}});
    found->pods.push_back(&pod);
  }
  for (auto& group : groups) {
    std::sort(group.pods.begin(), group.pods.end(), [](const BrokerPod* a, const BrokerPod* b) { return a->ordinal < b->ordinal; });
    for (std::size_t i = 0; i < group.pods.size(); ++i)
      if (group.pods[i]->ordinal != static_cast<int>(i))
        return fail(group.pods[i]->place, "the pod " + harmless(group.name) + '-' + std::to_string(i) + " is missing");
  }
  return groups;
}

std::string names_of(const std::vector<Group>& groups) {
  std::string names;
  for (std::size_t i = 0; i < groups.size() && i < 6; ++i) names += (names.empty() ? "" : ", ") + harmless(groups[i].name);
  return names;
}

// Brokers in the order of their node ids: ordinal * regions + regionId. Which of several statefulsets is which region's, nobody says: the first in
// the lists is taken for region 0.
Result<std::vector<const BrokerPod*>> by_node_id(const std::vector<Group>& groups, Deployment& deployment) {
  std::size_t pods = 0;
  for (const auto& group : groups) pods += group.pods.size();
  auto& brokers = deployment.brokers;
  const bool is_known = !brokers.how.empty();
  if (groups.size() > 1 && (!is_known || static_cast<std::size_t>(brokers.value) != pods))
    return fail(groups[1].pods.front()->place,
                "brokers of several statefulsets that are not one cluster together: " + names_of(groups) + "; give the pods of one");
  if (is_known && static_cast<std::size_t>(brokers.value) > pods)
    return fail(brokers.place, "a cluster of " + std::to_string(brokers.value) + " brokers, and " + std::to_string(pods) +
                                   " pods: give the lists of its other regions as well");
  if (!is_known) brokers = {static_cast<int>(pods), "read: so many pods of brokers", {}, true};
  if (static_cast<std::size_t>(brokers.value) < pods)
    deployment.warnings.push_back({brokers.place, std::to_string(pods) + " pods for a cluster of " + std::to_string(brokers.value) +
                                                      ": it was scaled, and its partitions may lie otherwise than round robin"});
  brokers.value = static_cast<int>(pods);
  std::vector<const BrokerPod*> order(pods, nullptr);
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const BrokerPod* pod : groups[g].pods) {
      const std::size_t id = static_cast<std::size_t>(pod->ordinal) * groups.size() + g;
      if (id >= pods)
        return fail(pod->place, "the pod '" + harmless(pod->name) + "' is one too many for its region: the regions' statefulsets differ in size");
      order[id] = pod;
    }
  return order;
}

// Where every broker stands; those that are not scheduled are given a node in the zone with the fewest.
Result<std::vector<ListedNode>> nodes_of(const std::vector<const BrokerPod*>& brokers, const Lists& lists, Deployment& deployment) {
  std::map<std::string, const ListedNode*> by_name;
  std::map<std::pair<std::string, std::string>, int> brokers_in;
  for (const auto& node : lists.nodes) {
    by_name[node.name] = &node;
    if (node.is_for_all) brokers_in[{node.region, node.zone}] += 0;
  }
  std::vector<ListedNode> stand(brokers.size());
  Errors errors;
  for (std::size_t b = 0; b < brokers.size(); ++b) {
    const BrokerPod& pod = *brokers[b];
    if (pod.node.empty()) continue;
    const auto found = by_name.find(pod.node);
    if (found == by_name.end()) {
      errors.push_back({pod.place, "the pod '" + harmless(pod.name) + "' runs on the node '" + harmless(pod.node) + "', which is in no list of nodes"});
      continue;
    }
    stand[b] = *found->second;
    ++brokers_in[{stand[b].region, stand[b].zone}];
  }
  if (!errors.empty()) return fail(std::move(errors));
  for (std::size_t b = 0; b < brokers.size(); ++b) {
    if (!stand[b].name.empty()) continue;
    if (brokers_in.empty()) return fail(brokers[b]->place, "no broker is scheduled, and no node could take one");
    const auto fewest = std::min_element(brokers_in.begin(), brokers_in.end(), [](const auto& x, const auto& y) { return x.second < y.second; });
    ++fewest->second;
    stand[b] = {
        .name = "unscheduled " + std::to_string(b), .region = fewest->first.first, .zone = fewest->first.second, .type = {}, .place = brokers[b]->place};
    for (const auto& node : lists.nodes)
      if (node.region == stand[b].region && node.zone == stand[b].zone) stand[b].type = node.type;
    deployment.warnings.push_back({brokers[b]->place, "the pod '" + harmless(brokers[b]->name) + "' is not scheduled; here it stands on a further node of the zone " +
                                                          (stand[b].zone.empty() ? "without a name" : stand[b].zone)});
  }
  return stand;
}

// Names for what has no label.
void name_places(std::vector<ListedNode>& nodes, const ImportSettings& settings) {
  for (auto& node : nodes) {
    if (node.region.empty()) node.region = settings.regions.empty() ? "unlabelled" : settings.regions.front();
    if (node.zone.empty()) node.zone = "unlabelled";
    if (!settings.machine.empty() && node.type.empty()) node.type = settings.machine;
  }
}

void add_place(const ListedNode& node, std::vector<ImportedRegion>& regions) {
  auto region = std::find_if(regions.begin(), regions.end(), [&](const ImportedRegion& one) { return one.name == node.region; });
  if (region == regions.end()) region = regions.insert(regions.end(), {node.region, {}});
  if (std::find(region->zones.begin(), region->zones.end(), node.zone) == region->zones.end()) region->zones.push_back(node.zone);
}

// A pool for the nodes of one kind in one zone.
ImportedPool& pool_for(const ListedNode& node, PoolUse use, std::vector<ImportedPool>& pools) {
  const std::string zone = node.region + '/' + node.zone;
  const auto found = std::find_if(pools.begin(), pools.end(), [&](const ImportedPool& pool) {
    return pool.use == use && pool.zones.front() == zone && pool.type.value == node.type;
  });
  if (found != pools.end()) return *found;
  const std::string stem = (use == PoolUse::brokers ? "brokers-" : "others-") + node.zone;
  ImportedPool pool{
      .use = use, .name = stem, .zones = {zone}, .nodes = 0, .nodes_how = {}, .type = {node.type, "read: node.kubernetes.io/instance-type"}};
  const auto is_taken = [&](const std::string& name) {
    return std::any_of(pools.begin(), pools.end(), [&](const ImportedPool& one) { return one.name == name; });
  };
  for (int number = 2; is_taken(pool.name); ++number) pool.name = stem + '-' + std::to_string(number);
  pools.push_back(std::move(pool));
  return pools.back();
}

Result<void> place_brokers(const std::vector<ListedNode>& stand, const Lists& lists, const ImportSettings& settings, Deployment& deployment) {
  // Zones in the order of the brokers in them, so that 'spread: zone' says as much as it can.
  for (const auto& node : stand) add_place(node, deployment.regions);
  std::map<std::string, std::pair<std::string, int>> pool_and_number;  // By a node's name.
  for (const auto& node : stand) {
    ImportedPool& pool = pool_for(node, PoolUse::brokers, deployment.pools);
    if (pool_and_number.emplace(node.name, std::pair(pool.name, pool.nodes)).second) ++pool.nodes;
  }
  if (deployment.pools.size() > most_pools)
    return fail(Place{}, "nodes of brokers of " + std::to_string(deployment.pools.size()) + " kinds and zones; at most " +
                             std::to_string(most_pools) + " can be written");
  std::map<std::string, int> first;
  int nodes = 0;
  for (auto& pool : deployment.pools) {
    first[pool.name] = nodes;
    nodes += pool.nodes;
    pool.nodes_how = "read: nodes that hold brokers";
  }
  for (const auto& node : stand) {
    const auto& [pool, number] = pool_and_number.at(node.name);
    deployment.node_of.push_back(first.at(pool) + number);
  }
  std::vector<ListedNode> others;
  int for_all = 0;
  for (const auto& node : lists.nodes) {
    for_all += node.is_for_all ? 1 : 0;
    if (node.is_for_all && !pool_and_number.contains(node.name)) others.push_back(node);
  }
  name_places(others, settings);
  for (const auto& node : others) {
    add_place(node, deployment.regions);
    ImportedPool& pool = pool_for(node, PoolUse::others, deployment.pools);
    ++pool.nodes;
    pool.nodes_how = "read: nodes without a broker";
  }
  if (deployment.pools.size() > 2 * most_pools - 1)
    std::erase_if(deployment.pools, [](const ImportedPool& pool) { return pool.use == PoolUse::others; });
  std::size_t zones = 0;
  for (const auto& region : deployment.regions) zones += region.zones.size();
  if (zones > most_zones) return fail(Place{}, std::to_string(zones) + " zones; at most " + std::to_string(most_zones) + " can be written");
  deployment.regions_how = "read: labels topology.kubernetes.io/region and /zone of the nodes";
  if (for_all < deployment.brokers.value)
    deployment.warnings.push_back({{},
                                   std::to_string(for_all) + (for_all == 1 ? " node" : " nodes") + " for " +
                                       std::to_string(deployment.brokers.value) + " brokers: one node's loss takes several, or some never start"});
  return {};
}

}  // namespace

Result<Deployment> read_kubectl(const std::vector<SourceFile>& files, const ImportSettings& settings, const Catalogs& catalogs) {
  std::vector<Node> roots;
  Errors errors;
  for (const auto& file : files) {
    auto root = read_list(file);
    if (root)
      roots.push_back(std::move(*root));
    else
      errors.insert(errors.end(), root.error().begin(), root.error().end());
  }
  if (!errors.empty()) return fail(std::move(errors));
  const auto lists = sorted_lists(roots);
  if (!lists) return fail(lists.error());
  const auto groups = groups_of(*lists);
  if (!groups) return fail(groups.error());

  Deployment deployment;
  deployment.origin = "Imported by 'nines import kubectl";
  for (std::size_t i = 0; i < files.size() && i < 8; ++i) deployment.origin += ' ' + basename_of(files[i].name);
  deployment.origin += files.size() > 8 ? " ...': the cluster as it ran then." : "': the cluster as it ran then.";
  if (auto read = read_broker_settings(*lists, settings, catalogs, deployment); !read) return fail(std::move(read.error()));
  const auto brokers = by_node_id(*groups, deployment);
  if (!brokers) return fail(brokers.error());
  if (deployment.replication.value > deployment.brokers.value)
    return fail(deployment.replication.place, "a replication of " + std::to_string(deployment.replication.value) +
                                                  " needs as many brokers; there are " + std::to_string(deployment.brokers.value));
  auto stand = nodes_of(*brokers, *lists, deployment);
  if (!stand) return fail(stand.error());
  const auto without_zone = std::count_if(stand->begin(), stand->end(), [](const ListedNode& node) { return node.zone.empty(); });
  if (without_zone > 0)
    deployment.warnings.push_back({{}, std::to_string(without_zone) + " brokers stand on nodes without the label topology.kubernetes.io/zone: taken for one zone"});
  name_places(*stand, settings);
  if (auto placed = place_brokers(*stand, *lists, settings, deployment); !placed) return fail(std::move(placed.error()));
  deployment.spread = {Spread::zone, "read: spec.nodeName of the pods", {}, true};
  deployment.flaw_of_spread = "brokers of neighbouring numbers stand in it together";
  warn_of_replication(deployment, "a replication of");
  finish_broker_settings(*lists, catalogs, deployment);
  return deployment;
}

}  // namespace nines::scenarios
