#include "analysis/exact/model.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "models/quorum/quorum.hpp"
#include "models/world/site.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

using failure::Scope;

bool stops(failure::Effect effect) {
  using enum failure::Effect;
  return effect == stop || effect == planned_stop || effect == replace || effect == corrupt;
}

bool cuts(failure::Effect effect) { return effect == failure::Effect::cut || effect == failure::Effect::cut_out; }

// Of one process in three states. Given that the whole is spared, the element's own is down u(1 - g) / (1 - u g) of the time; its derivative along u
// says how often it fails.
AtomLaw law_of(double up, double down, double grows, bool grown) {
  const double u = down / (up + down), per_s = 1 / (up + down);
  if (grown) return {u * grows, per_s * grows};
  const double spared = 1 - u * grows;
  return {u * (1 - grows) / spared, per_s * (1 - grows) / (spared * spared)};
}

}  // namespace

Result<void> expressible(const world::Options& options) {
  if (!options.script.empty())
    return fail({}, "scripted faults come at their own times, and the exact method knows only what comes at random; simulate instead");
  if (options.trace)
    return fail({}, "a recorded trace happens as it happened, and the exact method knows only what comes at random; simulate instead");
  if (!options.failovers.empty())
    return fail(
        {},
        "people give up a region that is lost (operations.failover), and the exact method knows quorums that nobody changes; simulate instead, "
        "or leave failover out");
  if (!options.restores.empty())
    return fail({},
                "a cluster whose data are lost waits for its backup (operations.backup), and the exact method knows brokers that are back when their "
                "machines are; simulate instead, or leave backup out");
  for (const failure::Mode& mode : options.modes)
    if (failure::is_coupled(mode))
      return fail({}, "the repair of " + mode.name + " waits for " +
                          (mode.repair.parts          ? "spare parts"
                           : mode.repair.crew.empty() ? "people's hours"
                                                      : "a crew") +
                          ", and the exact method knows only independent repair; simulate instead, or say 'repair: itself'");
  for (const failure::Mode& mode : options.modes)
    if (mode.most_unavailable > 0)
      return fail({}, "the planned work of " + mode.name +
                          " waits for the rest of its cluster (operations.maxUnavailable), and the exact method knows only what comes independently; "
                          "simulate instead, or leave maxUnavailable out");
  return {};
}

Result<Model> model_of(const world::Options& options) {
  if (const auto can = expressible(options); !can) return fail(can.error());
  Model model;
  for (const topology::Zone& zone : options.topology.zones) model.zone_region.push_back(zone.region.value);
  model.nodes = static_cast<std::uint32_t>(options.topology.nodes.size());
  model.racks = static_cast<std::uint32_t>(options.topology.racks.size());
  model.regions = static_cast<std::uint32_t>(options.topology.regions.size());
  const failure::Site site = world::site_of(options);
  for (const world::Broker& broker : options.brokers) {
    const topology::Node& node = options.topology.nodes[broker.node.index()];
    model.brokers.push_back({.node = broker.node.value,
                             .zone = node.zone.value,
                             .region = model.zone_region[node.zone.index()],
                             .rack = node.rack.exists() ? static_cast<std::int32_t>(node.rack.value) : -1,
                             .pool_zone = site.node_pool_zone[broker.node.index()]});
  }
  for (const world::Cluster& cluster : options.clusters) {
    ModelCluster& to = model.clusters.emplace_back();
    to.name = cluster.name;
    for (const auto& replicas : cluster.partitions) {
      std::vector<std::uint32_t>& voters = to.partitions.emplace_back();
      for (const world::Replica& replica : replicas) voters.push_back(replica.broker.value);
      to.brokers.insert(to.brokers.end(), voters.begin(), voters.end());
    }
    std::sort(to.brokers.begin(), to.brokers.end());
    to.brokers.erase(std::unique(to.brokers.begin(), to.brokers.end()), to.brokers.end());
  }
  for (std::size_t m = 0; m < options.modes.size(); ++m) {
    const failure::Mode& mode = options.modes[m];
    model.modes.push_back(mode.name);
    if (!stops(mode.effect) && !cuts(mode.effect)) {
      model.left_out.push_back(mode.name);
      continue;
    }
    const ModeMeans means = means_of(mode);
    const auto add = [&](const failure::Element& element, double grows, bool grown) {
      const AtomLaw law = law_of(means.up_s, means.down_s, grows, grown);
      model.atoms.push_back({.mode = static_cast<std::uint16_t>(m),
                             .element = element,
                             .effect = stops(mode.effect) ? Atom::Effect::stops : Atom::Effect::cuts,
                             .unavailability = law.unavailability,
                             .per_s = law.per_s,
                             .share = grown ? grows : 1 - grows,
                             .grown = grown});
    };
    for (const failure::Element& element : failure::elements_of(site, mode)) {
      const failure::Element whole = mode.escalation ? failure::enclosing(site, element, mode.escalation->to) : element;
      const double grows = whole == element ? 0 : means.grows;
      add(element, grows, false);
      if (grows > 0) add(whole, grows, true);
    }
  }
  return model;
}

ModeMeans means_of(const failure::Mode& mode) {
  return {mode.up_time.sample_mean_s(), mode.duration.sample_mean_s(), mode.escalation ? mode.escalation->probability : 0};
}

void atom_laws(const Model& model, const std::vector<ModeMeans>& modes, std::vector<AtomLaw>& laws) {
  laws.clear();
  const Atom* last = nullptr;
  for (const Atom& atom : model.atoms) {
    // Elements of a mode mostly behave alike.
    if (last != nullptr && last->mode == atom.mode && last->grown == atom.grown && (last->share < 1) == (atom.share < 1)) {
      laws.push_back(laws.back());
      continue;
    }
    const ModeMeans& mode = modes[atom.mode];
    laws.push_back(law_of(mode.up_s, mode.down_s, atom.grown || atom.share < 1 ? mode.grows : 0, atom.grown));
    last = &atom;
  }
}

bool is_inside(const Model& model, std::uint32_t broker, Scope scope, std::uint32_t index) {
  const BrokerPlace& at = model.brokers[broker];
  switch (scope) {
    case Scope::broker:
    case Scope::broker_pair: return broker == index;
    case Scope::node: return at.node == index;
    case Scope::rack: return at.rack >= 0 && static_cast<std::uint32_t>(at.rack) == index;
    case Scope::zone:
    case Scope::zone_pair: return at.zone == index;
    case Scope::region:
    case Scope::region_pair: return at.region == index;
    case Scope::pool_in_zone: return at.pool_zone == index;
    case Scope::component:
    case Scope::external: return false;
    case Scope::cluster: break;
  }
  const std::vector<std::uint32_t>& brokers = model.clusters[index].brokers;
  return std::binary_search(brokers.begin(), brokers.end(), broker);
}

std::vector<std::uint32_t> brokers_inside(const Model& model, Scope scope, std::uint32_t index) {
  if (scope == Scope::broker || scope == Scope::broker_pair) return {index};
  if (scope == Scope::cluster) return model.clusters[index].brokers;
  std::vector<std::uint32_t> inside;
  for (std::uint32_t b = 0; b < model.brokers.size(); ++b)
    if (is_inside(model, b, scope, index)) inside.push_back(b);
  return inside;
}

Watch::Watch(const Model& model) : model_(&model), down_(model.atoms.size()), stops_(model.brokers.size()) {
  const std::size_t zones = model.zone_region.size();
  broker_cuts_.resize(model.brokers.size());
  node_cuts_.resize(model.nodes);
  rack_cuts_.resize(model.racks);
  zone_cuts_.resize(zones * zones);
  of_broker_.resize(model.brokers.size());
  lost_.resize(model.clusters.size());
  for (std::uint32_t c = 0; c < model.clusters.size(); ++c) {
    const ModelCluster& cluster = model.clusters[c];
    partition_lost_.emplace_back(cluster.partitions.size(), false);
    for (std::uint32_t p = 0; p < cluster.partitions.size(); ++p)
      for (const std::uint32_t b : cluster.partitions[p]) of_broker_[b].push_back({c, p});
  }
}

void Watch::set(std::uint32_t index, bool down) {
  if (down_[index] == down) return;
  down_[index] = down;
  const Atom& atom = model_->atoms[index];
  const int sign = down ? 1 : -1;
  const auto count = [sign](std::uint16_t& counter) { counter = static_cast<std::uint16_t>(counter + sign); };
  std::vector<std::uint32_t> touched = brokers_inside(*model_, atom.element.scope, atom.element.a);
  if (atom.effect == Atom::Effect::stops) {
    for (const std::uint32_t b : touched) count(stops_[b]);
    return review(touched);
  }
  cuts_ = static_cast<std::size_t>(static_cast<std::int64_t>(cuts_) + sign);
  const std::size_t zones = model_->zone_region.size();
  const auto cut_zones = [&](std::size_t a, std::size_t b) {
    if (a == b) return;
    count(zone_cuts_[a * zones + b]);
    count(zone_cuts_[b * zones + a]);
  };
  switch (atom.element.scope) {
    case Scope::broker: count(broker_cuts_[atom.element.a]); break;
    case Scope::node: count(node_cuts_[atom.element.a]); break;
    case Scope::rack: count(rack_cuts_[atom.element.a]); break;
    case Scope::zone:
      for (std::size_t z = 0; z < zones; ++z) cut_zones(atom.element.a, z);
      break;
    case Scope::region:
      for (std::size_t z = 0; z < zones; ++z)
        for (std::size_t outer = 0; outer < zones; ++outer)
          if (model_->zone_region[z] == atom.element.a && model_->zone_region[outer] != atom.element.a) cut_zones(z, outer);
      break;
    case Scope::zone_pair: cut_zones(atom.element.a, atom.element.b); break;
    case Scope::region_pair:
      for (std::size_t z = 0; z < zones; ++z)
        for (std::size_t outer = 0; outer < zones; ++outer)
          if (model_->zone_region[z] == atom.element.a && model_->zone_region[outer] == atom.element.b) cut_zones(z, outer);
      break;
    case Scope::broker_pair:
    case Scope::pool_in_zone:
    case Scope::component:
    case Scope::external:
    case Scope::cluster: SIM_CHECK(false, "no mode cuts a cluster from itself, a pool from its zone, or single pairs of brokers");
  }
  if (atom.element.scope == Scope::zone_pair || atom.element.scope == Scope::region_pair) {
    const std::vector<std::uint32_t> others = brokers_inside(*model_, atom.element.scope, atom.element.b);
    touched.insert(touched.end(), others.begin(), others.end());
  }
  review(touched);
}

bool Watch::connected(std::uint32_t a, std::uint32_t b) const {
  if (cuts_ == 0 || a == b) return true;
  const BrokerPlace &from = model_->brokers[a], &to = model_->brokers[b];
  if (from.node == to.node) return true;
  if (broker_cuts_[a] > 0 || broker_cuts_[b] > 0 || node_cuts_[from.node] > 0 || node_cuts_[to.node] > 0) return false;
  if (zone_cuts_[from.zone * model_->zone_region.size() + to.zone] > 0) return false;
  if (from.rack == to.rack) return true;
  const auto cut = [&](std::int32_t rack) { return rack >= 0 && rack_cuts_[static_cast<std::size_t>(rack)] > 0; };
  return !cut(from.rack) && !cut(to.rack);
}

bool Watch::has_quorum(const std::vector<std::uint32_t>& voters) const {
  const int needed = quorum::majority(static_cast<int>(voters.size()));
  for (const std::uint32_t center : voters) {
    if (stopped(center)) continue;
    int reached = 0;
    for (const std::uint32_t other : voters)
      if (!stopped(other) && connected(center, other)) ++reached;
    if (reached >= needed) return true;
  }
  return false;
}

void Watch::review(const std::vector<std::uint32_t>& brokers) {
  for (const std::uint32_t b : brokers) {
    for (const PartitionAt& at : of_broker_[b]) {
      const bool now = !has_quorum(model_->clusters[at.cluster].partitions[at.partition]);
      if (now == partition_lost_[at.cluster][at.partition]) continue;
      partition_lost_[at.cluster][at.partition] = now;
      now ? ++lost_[at.cluster] : --lost_[at.cluster];
    }
  }
}

bool Watch::any_lost() const {
  return std::any_of(lost_.begin(), lost_.end(), [](std::size_t lost) { return lost > 0; });
}

}  // namespace nines::analysis
