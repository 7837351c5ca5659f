#include "models/services/watch.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>

#include "sim/base/check.hpp"

namespace nines::services {
namespace {

using failure::Change;
using failure::Effect;
using failure::Scope;
using failure::Stage;

bool takes_away(Effect effect) {
  using enum Effect;
  return effect == stop || effect == planned_stop || effect == replace || effect == corrupt || effect == cut || effect == cut_out;
}

void collect_graces(const Expression& expression, std::vector<const Expression*>& all) {
  if (expression.grace > Duration{0}) all.push_back(&expression);
  for (const Expression& part : expression.parts) collect_graces(part, all);
}

// What happens at one instant.
struct Edge {
  Instant at;
  enum class What : std::uint8_t { change, partition, patience } what = What::change;
  std::uint32_t index = 0;  // Into the changes, the partitions; or nothing: some grace is over.
  int sign = 0;             // 1: goes away.
  std::uint16_t mode = 0;
};

}  // namespace

Watch::Watch(Services services, failure::Site site, std::vector<std::uint32_t> first_partition, std::size_t world_modes)
    : services_(std::move(services)), site_(std::move(site)), first_partition_(std::move(first_partition)), world_modes_(world_modes) {
  const auto order = in_order_of_need(services_.components);
  SIM_CHECK(order, "components that need each other in a circle");
  order_ = *order;
  for (const Component& component : services_.components) collect_graces(component.needs, graces_);
  for (const Capability& capability : services_.capabilities) collect_graces(capability.works, graces_);

  constexpr Scope single[] = {Scope::broker,  Scope::node,         Scope::rack,      Scope::zone,    Scope::region,
                              Scope::cluster, Scope::pool_in_zone, Scope::component, Scope::external};
  by_scope_.resize(static_cast<std::size_t>(Scope::external) + 1);
  for (const Scope scope : single) by_scope_[static_cast<std::size_t>(scope)].resize(failure::names_of(site_, scope).size());
  const auto at = [&](Scope scope, std::uint32_t index) -> Inside& { return by_scope_[static_cast<std::size_t>(scope)][index]; };
  const auto put = [&](std::uint32_t node, const auto& add) {
    add(at(Scope::node, node));
    if (site_.node_rack[node] != failure::Site::nowhere) add(at(Scope::rack, site_.node_rack[node]));
    add(at(Scope::zone, site_.node_zone[node]));
    add(at(Scope::region, site_.zone_region[site_.node_zone[node]]));
    add(at(Scope::pool_in_zone, site_.node_pool_zone[node]));
  };
  std::uint32_t own = 0, external = 0;
  for (std::uint32_t p = 0; p < services_.processes.size(); ++p) {
    const bool is_own = services_.processes[p].node.exists();
    (is_own ? at(Scope::component, own++) : at(Scope::external, external++)).processes.push_back(p);
  }
  for (std::uint32_t n = 0; n < site_.nodes.size(); ++n) put(n, [n](Inside& inside) { inside.nodes.push_back(n); });
  for (std::uint32_t b = 0; b < site_.brokers.size(); ++b) {
    const auto add = [b](Inside& inside) { inside.brokers.push_back(b); };
    add(at(Scope::broker, b));
    put(site_.broker_node[b], add);
    if (site_.broker_cluster[b] != failure::Site::nowhere) add(at(Scope::cluster, site_.broker_cluster[b]));
  }
}

const Watch::Inside* Watch::inside(const failure::Element& element) const {
  const auto& elements = by_scope_[static_cast<std::size_t>(element.scope)];
  if (element.a >= elements.size()) return nullptr;  // Links: between what both still runs.
  const Inside& found = elements[element.a];
  return found.processes.empty() && found.brokers.empty() && found.nodes.empty() ? nullptr : &found;
}

// What is there now.
struct Watch::Run {
  explicit Run(const Watch& of)
      : watch(of),
        process_away(of.services_.processes.size()),
        broker_away(of.site_.brokers.size()),
        partition_away(of.first_partition_.back()),
        node_away(of.site_.nodes.size()),
        moves_at(of.services_.processes.size(), never),
        away_of_cluster(of.first_partition_.size() - 1),
        works(of.services_.components.size(), true),
        away_since(of.graces_.size(), never) {
    for (const Process& process : of.services_.processes) node_of.push_back(process.node);
  }

  void change(const Inside& inside, int sign, bool planned) {
    for (const std::uint32_t p : inside.processes) process_away[p] += sign;
    for (const std::uint32_t b : inside.brokers) broker_away[b] += sign;
    for (const std::uint32_t n : inside.nodes) {
      if (sign > 0 && node_away[n] == 0) leaves(n, planned);
      node_away[n] += sign;
    }
  }

  // A node goes; what can be started elsewhere will be, if it is still down then.
  void leaves(std::uint32_t node, bool planned) {
    for (std::uint32_t p = 0; p < node_of.size(); ++p) {
      const Process& process = watch.services_.processes[p];
      if (node_of[p].value != node || process.others.empty()) continue;
      moves_at[p] = instant + (planned ? process.after_drain : process.after_loss);
      due.push(moves_at[p]);
    }
  }
  // Starts elsewhere what was to be by now: where no node is up, it waits for the first that is.
  void move() {
    for (std::uint32_t p = 0; p < node_of.size(); ++p) {
      if (moves_at[p] > instant) continue;
      if (node_away[node_of[p].index()] > 0) {
        const std::optional<NodeId> up = other_for(p);
        if (!up) continue;
        node_of[p] = *up;
      }
      moves_at[p] = never;
    }
  }
  // Of those that are up, the first with the fewest of its own kind.
  std::optional<NodeId> other_for(std::uint32_t p) const {
    const std::vector<Process>& processes = watch.services_.processes;
    std::optional<NodeId> best;
    std::size_t least = 0;
    for (const NodeId node : processes[p].others) {
      if (node_away[node.index()] > 0) continue;
      std::size_t there = 0;
      for (std::uint32_t q = 0; q < processes.size(); ++q)
        there += q != p && node_of[q] == node && processes[q].component == processes[p].component ? 1u : 0u;
      if (best && there >= least) continue;
      best = node;
      least = there;
    }
    return best;
  }
  bool runs(std::uint32_t process) const {
    return process_away[process] == 0 && (!node_of[process].exists() || node_away[node_of[process].index()] == 0);
  }
  void partition(std::uint32_t index, int sign) {
    const bool before = partition_away[index] > 0;
    partition_away[index] += sign;
    const bool now = partition_away[index] > 0;
    if (before == now) return;
    const auto after = std::upper_bound(watch.first_partition_.begin(), watch.first_partition_.end(), index);
    std::uint32_t& away = away_of_cluster[static_cast<std::size_t>(after - watch.first_partition_.begin()) - 1];
    now ? ++away : --away;
  }

  std::uint32_t partitions_of(std::uint32_t cluster) const { return watch.first_partition_[cluster + 1] - watch.first_partition_[cluster]; }

  // `partition`: whether the user's own can be written.
  bool holds(const Expression& expression, bool partition, bool patient = true) const {
    bool now = false;
    switch (expression.kind) {
      case Expression::Kind::component: now = works[expression.index]; break;
      case Expression::Kind::partition: now = partition; break;
      case Expression::Kind::some_partition: now = away_of_cluster[expression.index] < partitions_of(expression.index); break;
      case Expression::Kind::every_partition: now = away_of_cluster[expression.index] == 0; break;
      case Expression::Kind::at_least: {
        std::size_t held = 0;
        for (const Expression& part : expression.parts) held += holds(part, partition) ? 1u : 0u;
        now = held >= expression.k;
        break;
      }
    }
    if (now || !patient || expression.grace == Duration{0}) return now;
    const auto at = static_cast<std::size_t>(std::find(watch.graces_.begin(), watch.graces_.end(), &expression) - watch.graces_.begin());
    return away_since[at] == never || instant - away_since[at] < expression.grace;
  }

  // After everything that happens at `now`. When a grace that runs now will be over joins `patience`.
  void settle(std::vector<Instant>& patience) {
    move();
    for (const std::uint32_t c : watch.order_) {
      const Component& component = watch.services_.components[c];
      std::size_t running = 0;
      for (const std::uint32_t p : component.processes) running += runs(p) ? 1u : 0u;
      for (const BrokerId b : component.brokers) running += broker_away[b.index()] == 0 ? 1u : 0u;
      note_graces(component.needs, patience);
      works[c] = running >= component.needed && holds(component.needs, true);
    }
    for (const Capability& capability : watch.services_.capabilities) note_graces(capability.works, patience);
  }

  void note_graces(const Expression& expression, std::vector<Instant>& patience) {
    for (const Expression& part : expression.parts) note_graces(part, patience);
    if (expression.grace == Duration{0}) return;
    const auto at = static_cast<std::size_t>(std::find(watch.graces_.begin(), watch.graces_.end(), &expression) - watch.graces_.begin());
    if (holds(expression, true, false)) {
      away_since[at] = never;
    } else if (away_since[at] == never) {
      away_since[at] = instant;
      patience.push_back(instant + expression.grace);
    }
  }

  // For how many of its partitions the capability is missing; of one where partitions do not matter.
  std::pair<std::uint32_t, std::uint32_t> missing(const Capability& capability) const {
    if (!capability.cluster || !asks_for_a_partition(capability.works)) return {holds(capability.works, true) ? 0 : 1, 1};
    const std::uint32_t cluster = *capability.cluster;
    const std::uint32_t all = partitions_of(cluster), away = away_of_cluster[cluster];
    const bool with = holds(capability.works, true), without = holds(capability.works, false);
    return {(with ? 0 : all - away) + (without ? 0 : away), all};
  }

  const Watch& watch;
  std::vector<int> process_away, broker_away, partition_away, node_away;
  std::vector<NodeId> node_of;                                             // By process.
  std::vector<Instant> moves_at;                                           // By process; never: nothing is planned.
  std::priority_queue<Instant, std::vector<Instant>, std::greater<>> due;  // Of moves.
  std::vector<std::uint32_t> away_of_cluster;
  std::vector<bool> works;
  std::vector<Instant> away_since;  // By grace.
  Instant instant{};
};

std::vector<CapabilityOutage> Watch::outages(std::span<const Change> world, std::span<const Change> own, std::span<const PartitionDown> downs, Instant horizon) const {
  std::vector<Edge> edges;
  const auto add_changes = [&](std::span<const Change> changes, std::size_t from, std::size_t first_mode) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const Change& change = changes[i];
      if (!takes_away(change.effect) || (change.stage != Stage::begin && change.stage != Stage::end) || inside(change.element) == nullptr) continue;
      edges.push_back({change.at, Edge::What::change, static_cast<std::uint32_t>(from + i), change.stage == Stage::begin ? 1 : -1,
                       static_cast<std::uint16_t>(first_mode + change.mode)});
    }
  };
  add_changes(world, 0, 0);
  add_changes(own, world.size(), world_modes_);
  for (const PartitionDown& down : downs) {
    edges.push_back({down.start, Edge::What::partition, down.partition, 1, down.mode});
    if (down.end < horizon) edges.push_back({down.end, Edge::What::partition, down.partition, -1, down.mode});
  }
  // What goes away is first, so that what follows at the same instant finds its cause.
  std::stable_sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return std::tie(a.at, b.sign) < std::tie(b.at, a.sign); });

  Run run(*this);
  std::vector<CapabilityOutage> all;
  struct Open {
    bool open = false;
    CapabilityOutage outage;
    double share_s = 0;  // Of the partitions, times seconds.
    double share = 0;    // Now.
    Instant since{};
  };
  std::vector<Open> open(services_.capabilities.size());
  std::priority_queue<Instant, std::vector<Instant>, std::greater<>> patience;
  std::vector<Instant> started;
  const auto look = [&](Instant now, std::uint16_t mode) {
    started.clear();
    run.settle(started);
    for (const Instant over : started)
      if (over < horizon) patience.push(over);
    for (std::uint32_t c = 0; c < open.size(); ++c) {
      Open& one = open[c];
      const auto [missing, of] = run.missing(services_.capabilities[c]);
      if (one.open) one.share_s += one.share * seconds(now - one.since);
      one.share = of == 0 ? 0 : static_cast<double>(missing) / of;
      one.since = now;
      if (missing > 0 && !one.open) {
        one.open = true;
        one.share_s = 0;
        one.outage = {.capability = c, .start = now, .end = now, .mode = mode};
      } else if (missing == 0 && one.open) {
        one.open = false;
        one.outage.end = now;
        one.outage.mean = from_seconds(one.share_s);
        if (now > one.outage.start) all.push_back(one.outage);
      }
    }
  };
  const auto change = [&](const Edge& edge) {
    const Change& of = edge.index < world.size() ? world[edge.index] : own[edge.index - world.size()];
    run.change(*inside(of.element), edge.sign, of.effect == Effect::planned_stop);
  };
  std::uint16_t last_mode = 0;
  for (std::size_t e = 0; e < edges.size() || !patience.empty() || !run.due.empty();) {
    Instant now = never;
    if (e < edges.size()) now = edges[e].at;
    if (!patience.empty()) now = std::min(now, patience.top());
    if (!run.due.empty()) now = std::min(now, run.due.top());
    if (now >= horizon) break;
    run.instant = now;
    while (!patience.empty() && patience.top() == now) patience.pop();
    while (!run.due.empty() && run.due.top() == now) run.due.pop();
    bool begins = false;
    for (; e < edges.size() && edges[e].at == now; ++e) {
      const Edge& edge = edges[e];
      if (edge.what == Edge::What::partition)
        run.partition(edge.index, edge.sign);
      else
        change(edge);
      if (edge.sign > 0 && !begins) {
        begins = true;
        last_mode = edge.mode;
      }
    }
    look(now, last_mode);
  }
  for (Open& one : open) {
    if (!one.open) continue;
    one.outage.end = horizon;
    one.outage.mean = from_seconds(one.share_s + one.share * seconds(horizon - one.since));
    all.push_back(one.outage);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return std::tie(a.capability, a.start) < std::tie(b.capability, b.start); });
  return all;
}

}  // namespace nines::services
