#include "scenarios/run/services_of.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "models/broker/spread.hpp"
#include "models/platform/platform.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

using Numbers = std::map<std::string, std::uint32_t>;  // Of components, by name.

services::Expression expression_of(const Need& need, const Numbers& numbers, std::uint32_t cluster) {
  using Kind = services::Expression::Kind;
  services::Expression made = services::all_of({});
  if (need.at_start || (need.name.empty() && need.parts.empty())) return made;
  if (need.name == partition_words[0]) return {.kind = Kind::partition, .index = cluster};
  if (need.name == partition_words[1]) return {.kind = Kind::some_partition, .index = cluster};
  if (need.name == partition_words[2]) return {.kind = Kind::every_partition, .index = cluster};
  if (!need.name.empty()) {
    const auto found = numbers.find(need.name);
    return found == numbers.end() ? services::any_of({}) : services::component(found->second, need.after);
  }
  made.k = static_cast<std::size_t>(need.at_least);
  for (const Need& part : need.parts) made.parts.push_back(expression_of(part, numbers, cluster));
  return made;
}

std::size_t needed_of(Enough enough, std::size_t all) {
  switch (enough) {
    case Enough::one: return 1;
    case Enough::majority: return all / 2 + 1;
    case Enough::all: return all;
  }
  return all;
}

class Builder {
 public:
  Builder(const world::Options& world, const std::map<std::string, std::vector<NodeId>>& nodes, const platform::Platform& on)
      : world_(world), nodes_(nodes), moves_(on.moves) {}

  // `prefix`: of its instances' names. `brokers`: of the cluster, none of the management cluster.
  Numbers add(const std::vector<Component>& components, const std::string& prefix, const std::vector<BrokerId>& brokers, broker::Spread spread,
              std::uint32_t cluster, const Numbers& managed) {
    Numbers numbers = managed;
    const std::size_t first = made_.components.size();
    std::vector<const Component*> own;
    for (const Component& component : components) {
      if (component.of_management) {
        if (const auto there = managed.find(component.spec.managed_as); there != managed.end()) numbers[component.spec.name] = there->second;
        continue;
      }
      numbers[component.spec.name] = static_cast<std::uint32_t>(made_.components.size());
      made_.components.push_back(instances_of(component, prefix, brokers, spread));
      own.push_back(&component);
    }
    for (std::size_t c = 0; c < own.size(); ++c) made_.components[first + c].needs = expression_of(own[c]->spec.needs, numbers, cluster);
    return numbers;
  }

  void add(const std::vector<CapabilitySpec>& capabilities, std::optional<std::uint32_t> cluster, const Numbers& numbers) {
    for (const CapabilitySpec& capability : capabilities)
      made_.capabilities.push_back({capability.name, cluster, expression_of(capability.needs, numbers, cluster.value_or(0))});
  }

  services::Services take() { return std::move(made_); }

 private:
  services::Component instances_of(const Component& component, const std::string& prefix, const std::vector<BrokerId>& brokers, broker::Spread spread) {
    services::Component made{.name = prefix + component.spec.name};
    if (component.spec.runs == Runs::brokers) {
      made.brokers = brokers;
      made.needed = needed_of(component.spec.needed, brokers.size());
      return made;
    }
    const bool external = component.spec.runs == Runs::external;
    const int replicas = external ? 1 : component.spec.replicas;
    std::vector<NodeId> where;
    if (!external) {
      const auto pool = nodes_.find(component.node_pool);
      SIM_CHECK(pool != nodes_.end(), "a component on a node pool that is not there");
      where = broker::spread_brokers(world_.topology, pool->second, replicas, spread);
    }
    const bool moves = !external && component.spec.stateless && moves_;
    for (int r = 0; r < replicas; ++r) {
      made.processes.push_back(static_cast<std::uint32_t>(made_.processes.size()));
      made_.processes.push_back({.name = made.name + (external ? "" : '/' + std::to_string(r)),
                                 .component = component.spec.name,
                                 .node = external ? NodeId{} : where[static_cast<std::size_t>(r)],
                                 .others = moves ? nodes_.at(component.node_pool) : std::vector<NodeId>{},
                                 .after_loss = moves ? moves_->after_loss : Duration{0},
                                 .after_drain = moves ? moves_->after_drain : Duration{0}});
    }
    made.needed = needed_of(component.spec.needed, made.processes.size());
    return made;
  }

  const world::Options& world_;
  const std::map<std::string, std::vector<NodeId>>& nodes_;
  const std::optional<platform::Moves>& moves_;
  services::Services made_;
};

}  // namespace

services::Services services_of(const Scenario& scenario, const world::Options& world, const std::map<std::string, std::vector<NodeId>>& nodes) {
  Builder builder(world, nodes, platform::platform_named(scenario.operations ? scenario.operations->platform : Operations{}.platform));
  Numbers managed;
  if (scenario.management) managed = builder.add(scenario.management->components, "management.", {}, broker::Spread::zone, 0, {});
  std::size_t first = 0;
  for (std::uint32_t c = 0; c < scenario.clusters.size(); ++c) {
    const Cluster& cluster = scenario.clusters[c];
    std::vector<BrokerId> brokers;
    for (int b = 0; b < cluster.brokers; ++b) brokers.push_back(BrokerId{first + static_cast<std::size_t>(b)});
    first += brokers.size();
    if (!cluster.has_services) continue;
    const bool is_managed = scenario.management && std::find(scenario.management->manages.begin(), scenario.management->manages.end(), cluster.name) !=
                                                       scenario.management->manages.end();
    const Numbers numbers = builder.add(cluster.components, scenario.clusters.size() > 1 ? cluster.name + "." : "", brokers,
                                        cluster.spread == Spread::none   ? broker::Spread::none
                                        : cluster.spread == Spread::node ? broker::Spread::node
                                                                         : broker::Spread::zone,
                                        c, is_managed ? managed : Numbers{});
    builder.add(cluster.capabilities, c, numbers);
  }
  if (scenario.management) builder.add(scenario.management->capabilities, std::nullopt, managed);
  services::Services made = builder.take();
  if (made.capabilities.empty()) return {};
  for (const failure::Mode& mode : scenario.faults) {
    const bool external = mode.scope == failure::Scope::external;
    if (!external && mode.scope != failure::Scope::component) continue;
    if (std::any_of(made.processes.begin(), made.processes.end(), [&](const services::Process& each) { return each.node.exists() != external; }))
      made.modes.push_back(mode);
  }
  return made;
}

}  // namespace nines::scenarios
