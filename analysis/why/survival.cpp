#include "analysis/why/survival.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "models/failure/timeline.hpp"
#include "models/quorum/quorum.hpp"
#include "models/world/site.hpp"

namespace nines::analysis {
namespace {

using failure::Scope;
using Nodes = std::vector<std::uint32_t>;
using Gone = std::function<bool(BrokerId)>;
using Group = std::vector<world::Replica>;

BrokerId primary_of(const Group& group) {
  return std::max_element(group.begin(), group.end(), [](const world::Replica& a, const world::Replica& b) { return a.priority < b.priority; })->broker;
}

// `reach`: do two brokers reach each other? Those that are gone reach nobody.
Toll toll_of(const world::Cluster& cluster, const Gone& gone, const std::function<bool(BrokerId, BrokerId)>& reach) {
  Toll toll;
  for (const Group& group : cluster.partitions) {
    const auto majority = static_cast<std::size_t>(quorum::majority(static_cast<int>(group.size())));
    const auto reached_by = [&](BrokerId center) {
      if (gone(center)) return std::size_t{0};
      return static_cast<std::size_t>(std::count_if(
          group.begin(), group.end(), [&](const world::Replica& r) { return !gone(r.broker) && (r.broker == center || reach(center, r.broker)); }));
    };
    const bool lost = std::none_of(group.begin(), group.end(), [&](const world::Replica& r) { return reached_by(r.broker) >= majority; });
    const std::size_t with_primary = reached_by(primary_of(group));
    if (lost) {
      ++toll.no_quorum;
    } else if (with_primary < majority) {
      ++toll.leader_moves;
    } else if (with_primary < group.size()) {
      ++toll.degraded;
    }
  }
  return toll;
}

class Places {
 public:
  explicit Places(const world::Options& options) : options_(&options), pool_zone_(world::site_of(options).node_pool_zone) {}

  bool inside(BrokerId broker, const failure::Element& element, std::uint32_t index) const {
    const topology::Node& node = options_->topology.nodes[options_->brokers[broker.index()].node.index()];
    switch (element.scope) {
      case Scope::broker:
      case Scope::broker_pair: return broker.value == index;
      case Scope::node: return options_->brokers[broker.index()].node.value == index;
      case Scope::rack: return node.rack.exists() && node.rack.value == index;
      case Scope::pool_in_zone: return pool_zone_[options_->brokers[broker.index()].node.index()] == index;
      case Scope::zone:
      case Scope::zone_pair: return node.zone.value == index;
      case Scope::region:
      case Scope::region_pair: return options_->topology.zones[node.zone.index()].region.value == index;
      case Scope::component:
      case Scope::external: return false;
      case Scope::cluster: break;
    }
    for (const Group& group : options_->clusters[index].partitions)
      for (const world::Replica& replica : group)
        if (replica.broker == broker) return true;
    return false;
  }

 private:
  const world::Options* options_;
  std::vector<std::uint32_t> pool_zone_;  // Per node.
};

bool always(BrokerId /*a*/, BrokerId /*b*/) { return true; }

}  // namespace

std::vector<Survival> survival_of(const world::Options& options, std::size_t index) {
  const world::Cluster& cluster = options.clusters[index];
  const Places places(options);
  std::vector<Survival> result;
  const auto add = [&](const std::string& what, const std::string& name, const std::vector<failure::Element>& lost) {
    const Gone gone = [&](BrokerId b) {
      return std::any_of(lost.begin(), lost.end(), [&](const failure::Element& e) { return places.inside(b, e, e.a); });
    };
    bool used = false;
    for (const Group& group : cluster.partitions)
      used = used || std::any_of(group.begin(), group.end(), [&](const world::Replica& r) { return gone(r.broker); });
    if (!used) return;
    const Toll toll = toll_of(cluster, gone, always);
    const auto same = std::find_if(result.begin(), result.end(), [&](const Survival& s) { return s.what == what && s.toll == toll; });
    if (same != result.end())
      same->names.push_back(name);
    else
      result.push_back({what, {name}, toll});
  };
  const topology::Topology& topology = options.topology;
  for (std::uint32_t n = 0; n < topology.nodes.size(); ++n) add("node", topology.nodes[n].name, {{Scope::node, n, 0}});
  for (std::uint32_t r = 0; r < topology.racks.size(); ++r) add("rack", topology.racks[r].name, {{Scope::rack, r, 0}});
  const auto zones = static_cast<std::uint32_t>(topology.zones.size());
  for (std::uint32_t z = 0; z < zones; ++z) add("zone", topology.zones[z].name, {{Scope::zone, z, 0}});
  for (std::uint32_t a = 0; a < zones; ++a)
    for (std::uint32_t b = a + 1; b < zones; ++b)
      add("two zones", topology.zones[a].name + " and " + topology.zones[b].name, {{Scope::zone, a, 0}, {Scope::zone, b, 0}});
  for (std::uint32_t r = 0; r < topology.regions.size(); ++r) add("region", topology.regions[r].name, {{Scope::region, r, 0}});
  return result;
}

std::vector<BlastRadius> blast_radius_of(const world::Options& options, std::size_t index) {
  const world::Cluster& cluster = options.clusters[index];
  const Places places(options);
  const failure::Site site = world::site_of(options);
  std::vector<BlastRadius> result;
  for (const failure::Mode& mode : options.modes) {
    using enum failure::Effect;
    BlastRadius radius;
    const bool stops = mode.effect == stop || mode.effect == planned_stop || mode.effect == replace || mode.effect == corrupt;
    const bool cuts = mode.effect == cut || mode.effect == cut_out;
    radius.stops = stops || cuts;
    const auto of = [&](const failure::Element& element) {
      const auto in = [&](BrokerId b) { return places.inside(b, element, element.a); };
      if (stops) return toll_of(cluster, in, always);
      const auto nobody = [](BrokerId /*b*/) { return false; };
      const auto same_node = [&](BrokerId a, BrokerId b) { return options.brokers[a.index()].node == options.brokers[b.index()].node; };
      if (cuts && failure::is_pair(element.scope)) {
        const auto there = [&](BrokerId b) { return places.inside(b, element, element.b); };
        return toll_of(cluster, nobody, [&](BrokerId a, BrokerId b) { return same_node(a, b) || !((in(a) && there(b)) || (in(b) && there(a))); });
      }
      if (cuts) return toll_of(cluster, nobody, [&](BrokerId a, BrokerId b) { return same_node(a, b) || in(a) == in(b); });
      Toll toll;
      for (const Group& group : cluster.partitions) {
        if (in(primary_of(group)))
          ++toll.leader_moves;
        else if (std::any_of(group.begin(), group.end(), [&](const world::Replica& r) { return in(r.broker); }))
          ++toll.degraded;
      }
      return toll;
    };
    const auto add = [&](const Toll& toll, double weight) {
      radius.mean.no_quorum += weight * toll.no_quorum;
      radius.mean.leader_moves += weight * toll.leader_moves;
      radius.mean.degraded += weight * toll.degraded;
      if (std::pair(toll.no_quorum, toll.leader_moves) > std::pair(radius.worst.no_quorum, radius.worst.leader_moves)) radius.worst = toll;
    };
    const std::vector<failure::Element> elements = failure::elements_of(site, mode);
    radius.elements = elements.size();
    for (const failure::Element& element : elements) {
      const failure::Element whole = mode.escalation ? failure::enclosing(site, element, mode.escalation->to) : element;
      const double grows = whole == element ? 0 : mode.escalation->probability, share = 1 / static_cast<double>(elements.size());
      add(of(element), share * (1 - grows));
      if (grows > 0) add(of(whole), share * grows);
    }
    result.push_back(radius);
  }
  return result;
}

}  // namespace nines::analysis
