#include <algorithm>
#include <cmath>

#include "scenarios/import/components.hpp"
#include "scenarios/import/layout.hpp"
#include "scenarios/import/page.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {
namespace {

constexpr std::size_t comment_column = 46;
constexpr std::size_t most_fixed_replicas = 10'000;  // What fits into a scenario's limits with room for the rest.

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// "32Gi"; whole bytes where no unit of Kubernetes fits.
std::string size_text(double bytes) {
  const auto whole = static_cast<long long>(std::llround(bytes));
  constexpr long long gibi = 1LL << 30, mebi = 1LL << 20;
  if (whole % gibi == 0) return std::to_string(whole / gibi) + "Gi";
  if (whole % mebi == 0) return std::to_string(whole / mebi) + "Mi";
  return std::to_string(whole) + 'B';
}

// Thousandths of a core, as Kubernetes counts them.
std::string cores_text(double cores) {
  const auto thousandths = std::max(10LL, std::llround(cores * 1000));
  std::string out = std::to_string(thousandths / 1000);
  if (thousandths % 1000 == 0) return out;
  std::string rest = std::to_string(1000 + thousandths % 1000).substr(1);
  rest.erase(rest.find_last_not_of('0') + 1);
  return out + '.' + rest;
}

void write_topology(const Deployment& deployment, Page& page) {
  page.line("topology:");
  page.line("  regions:");
  for (const auto& region : deployment.regions)
    page.line("    - {name: " + region.name + ", zones: [" + joined(region.zones) + "]}", deployment.regions_how);
  page.line("  nodePools:");
  for (const auto& pool : deployment.pools) {
    page.line("    " + pool.name + ":");
    page.line("      zones: " + (pool.zones.size() == 1 ? pool.zones.front() : '[' + joined(pool.zones) + ']'));
    page.line("      nodes: " + std::to_string(pool.nodes), pool.nodes_how);
    if (!pool.type.value.empty()) page.line("      type: " + pool.type.value, pool.type.how);
    page.line("      disk:");
    page.line("        type: " + deployment.disk_type.value, deployment.disk_type.how);
    page.line("        size: " + size_text(deployment.disk_bytes.value.value_or(0x1p35)), deployment.disk_bytes.how);
  }
}

void write_placement(const Layout& layout, Page& page) {
  page.line("  placement:", "where the brokers stand follows no rule of a scenario's; behind each partition are Zeebe's numbers of its brokers");
  page.line("    fixed:");
  for (std::size_t p = 0; p < layout.partitions.size(); ++p) {
    std::string replicas, numbers;
    for (const auto& replica : layout.partitions[p]) {
      replicas += (replicas.empty() ? "" : ", ") + ("{broker: " + std::to_string(layout.number_of[static_cast<std::size_t>(replica.broker)])) +
                  ", priority: " + std::to_string(replica.priority) + '}';
      numbers += (numbers.empty() ? "" : ", ") + std::to_string(replica.broker);
    }
    page.line("      - {partition: " + std::to_string(p + 1) + ", replicas: [" + replicas + "]}", numbers);
  }
}

void write_cluster(const Deployment& deployment, const Layout& layout, Page& page) {
  const auto whole = [&](const char* key, const Said<int>& said) { page.line(std::string("  ") + key + ": " + std::to_string(said.value), said.how); };
  page.line("cluster:");
  page.line("  profile: " + deployment.profile.value, deployment.profile.how);
  if (deployment.pools.size() > 1) {
    std::vector<std::string> names;
    for (const auto& pool : deployment.pools)
      if (pool.use == PoolUse::brokers) names.push_back(pool.name);
    page.line("  nodePool: " + (names.size() == 1 ? names.front() : '[' + joined(names) + ']'));
  }
  whole("brokers", deployment.brokers);
  whole("partitions", deployment.partitions);
  whole("replication", deployment.replication);
  page.line(std::string("  spread: ") + (layout.spread == Spread::zone   ? "zone"
                                         : layout.spread == Spread::node ? "node"
                                                                         : "none"),
            deployment.spread.how);
  if (!layout.number_of.empty()) write_placement(layout, page);
  if (deployment.cpu.value)
    page.line("  resources: {cpu: " + cores_text(*deployment.cpu.value) + '}',
              deployment.cpu.how + (deployment.memory.empty() ? "" : "; " + deployment.memory));
  page.line("  load: {processInstances: 10/s, payload: 0.5KiB}", "assumed: nothing that was read says what clients do; put your own");
  write_components(deployment, page);
}

}  // namespace

std::string Page::text() const {
  std::string out;
  for (const Line& line : lines_) {
    std::string text = line.text;
    if (!line.comment.empty()) {
      if (!text.empty()) text.resize(std::max(text.size() + 2, comment_column), ' ');
      text += "# " + line.comment;
    }
    out += text + '\n';
  }
  return out;
}

void warn_of_replication(Deployment& deployment, const std::string& key) {
  const auto& replication = deployment.replication;
  if (replication.value == 2)
    deployment.warnings.push_back(
        {replication.place, key + " 2: both replicas must run, so a partition stops twice as often as with 1; 3 stands a loss"});
  if (replication.value == 1 && deployment.brokers.value > 1)
    deployment.warnings.push_back({replication.place, key + " 1: a broker's loss stops its partitions, and a disk's loss loses their data"});
}

Result<std::string> scenario_text(Deployment& deployment) {
  const Layout layout = layout_of(deployment);
  const Errors more = warnings_of(layout, deployment);
  deployment.warnings.insert(deployment.warnings.end(), more.begin(), more.end());
  const auto replicas = static_cast<std::size_t>(deployment.partitions.value) * static_cast<std::size_t>(deployment.replication.value);
  if (!layout.number_of.empty() && replicas > most_fixed_replicas)
    return fail(deployment.partitions.place, std::to_string(replicas) + " replicas stand where no rule of a scenario's puts them; at most " +
                                                 std::to_string(most_fixed_replicas) + " can be written one by one");
  Page page;
  page.line("", deployment.origin);
  page.line("", "Behind each line stands where it comes from; 'assumed' marks what nobody has said. All values: nines validate THIS-FILE --explain");
  page.line("apiVersion: nines/v1");
  page.line("kind: Scenario");
  page.line("metadata:");
  page.line("  name: imported");
  page.line("  question: \"How many nines does this deployment have, and what takes them?\"");
  page.line("catalogs: {prices: " + deployment.prices.value + "}", deployment.prices.how);
  write_topology(deployment, page);
  write_cluster(deployment, layout, page);
  write_management(deployment, page);
  page.line("operations:");
  page.line("  platform: kubernetes", "read: a Helm chart's values, or kubectl's lists");
  if (deployment.max_unavailable.value)
    page.line("  maxUnavailable: " + std::to_string(*deployment.max_unavailable.value), deployment.max_unavailable.how);
  if (deployment.loses_disk.value) {
    page.line("faults:");
    page.line("  node-replacement: {effect: replace}", deployment.loses_disk.how + ": no volume outlives the node");
  }
  return page.text();
}

}  // namespace nines::scenarios
