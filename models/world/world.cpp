#include "models/world/world.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace nines::world {

using failure::Change;
using failure::Effect;
using failure::Element;
using failure::Scope;
using failure::Stage;

World::World(std::shared_ptr<const Plan> plan, const Streams& streams, const std::vector<Change>& active)
    : plan_(std::move(plan)), streams_(streams), network_(plan_->options.topology.zones.size()), scratch_(std::make_unique<raft::Output>()) {
  const Options& options = plan_->options;
  rack_cut_in_.resize(options.topology.racks.size());
  rack_cut_out_.resize(options.topology.racks.size());
  of_broker_.resize(options.brokers.size());
  of_node_.resize(options.topology.nodes.size());
  of_rack_.resize(options.topology.racks.size());
  of_zone_.resize(options.topology.zones.size());
  of_region_.resize(options.topology.regions.size());
  of_cluster_.resize(options.clusters.size());
  for (std::uint32_t b = 0; b < options.brokers.size(); ++b) {
    BrokerState broker;
    broker.node = options.brokers[b].node;
    const topology::Node& node = options.topology.nodes[broker.node.index()];
    broker.zone = node.zone;
    broker.rack = node.rack;
    of_broker_[b].push_back(b);
    of_node_[broker.node.index()].push_back(b);
    if (node.rack.exists()) of_rack_[node.rack.index()].push_back(b);
    of_zone_[node.zone.index()].push_back(b);
    of_region_[options.topology.zones[node.zone.index()].region.index()].push_back(b);
    brokers_.push_back(broker);
  }
  for (std::size_t c = 0; c < options.clusters.size(); ++c) {
    std::vector<bool> member(options.brokers.size());
    for (const auto& partition : options.clusters[c].partitions)
      for (const Replica& replica : partition) member[replica.broker.index()] = true;
    for (std::uint32_t b = 0; b < member.size(); ++b)
      if (member[b]) of_cluster_[c].push_back(b);
  }
  stamp_.resize(plan_->groups.size());
  std::vector<std::uint16_t> cause(brokers_.size(), no_mode);
  for (const Change& change : active) {
    mark(change);
    for (const std::uint32_t b : brokers_of(change.element.scope, change.element.a)) cause[b] = change.mode;
  }
  for (BrokerChange& change : broker_changes_) change.at = Instant{};
  if (options.keeps_links) note_links(Instant{});
  groups_.reserve(plan_->groups.size());
  for (const GroupPlan& group : plan_->groups) {
    std::uint16_t why = no_mode;
    for (const BrokerId broker : group.brokers) why = cause[broker.index()] != no_mode ? cause[broker.index()] : why;
    groups_.emplace_back(*plan_, group, streams_, around(group), why, *scratch_);
  }
  operators_.resize(options.failovers.size());
  restorers_.resize(options.restores.size());
  std::uint16_t why = no_mode;
  for (const Change& change : active) why = change.mode;
  for (std::size_t i = 0; i < operators_.size(); ++i) watch(i, Instant{}, why);
  for (std::size_t i = 0; i < restorers_.size(); ++i) watch_data(i, Instant{}, why);
}

World::World(const World& other)
    : plan_(other.plan_),
      streams_(other.streams_),
      brokers_(other.brokers_),
      network_(other.network_),
      rack_cut_in_(other.rack_cut_in_),
      rack_cut_out_(other.rack_cut_out_),
      pair_cuts_(other.pair_cuts_),
      widened_(other.widened_),
      degradations_(other.degradations_),
      disk_faults_(other.disk_faults_),
      cuts_(other.cuts_),
      of_broker_(other.of_broker_),
      of_node_(other.of_node_),
      of_rack_(other.of_rack_),
      of_zone_(other.of_zone_),
      of_region_(other.of_region_),
      of_cluster_(other.of_cluster_),
      stamp_(other.stamp_),
      stamps_(other.stamps_),
      groups_(other.groups_),
      scratch_(std::make_unique<raft::Output>()),
      operators_(other.operators_),
      restorers_(other.restorers_),
      fences_(other.fences_),
      faults_seen_(other.faults_seen_),
      broker_changes_(other.broker_changes_),
      link_changes_(other.link_changes_),
      passing_(other.passing_) {}

World& World::operator=(const World& other) {
  if (this != &other) *this = World(other);
  return *this;
}

const std::vector<std::uint32_t>& World::brokers_of(Scope scope, std::uint32_t index) const {
  switch (scope) {
    case Scope::broker:
    case Scope::broker_pair: return of_broker_[index];
    case Scope::node: return of_node_[index];
    case Scope::rack: return of_rack_[index];
    case Scope::zone:
    case Scope::zone_pair: return of_zone_[index];
    case Scope::region:
    case Scope::region_pair: return of_region_[index];
    case Scope::cluster: return of_cluster_[index];
    case Scope::pool_in_zone: return plan_->brokers_of_pool_zone[index];
    case Scope::component:
    case Scope::external: SIM_CHECK(false, "what runs beside the brokers is no part of their world"); break;
  }
  return of_broker_[index];
}

bool World::inside(BrokerId broker, Scope scope, std::uint32_t index) const {
  const std::vector<std::uint32_t>& brokers = brokers_of(scope, index);
  return std::find(brokers.begin(), brokers.end(), broker.value) != brokers.end();
}

bool World::passes(BrokerId from, BrokerId to) const {
  const BrokerState& a = brokers_[from.index()];
  const BrokerState& b = brokers_[to.index()];
  if (a.node == b.node) return true;
  if (a.cut_out > 0 || b.cut_in > 0 || !network_.reaches(a.zone, b.zone)) return false;
  if (a.rack != b.rack) {
    if (a.rack.exists() && rack_cut_out_[a.rack.index()] > 0) return false;
    if (b.rack.exists() && rack_cut_in_[b.rack.index()] > 0) return false;
  }
  for (const Change& cut : pair_cuts_) {
    const bool back = cut.stage == Stage::widen;
    if (from.value == (back ? cut.element.b : cut.element.a) && to.value == (back ? cut.element.a : cut.element.b)) return false;
  }
  return true;
}

// Delays add up, and a packet has to survive every degradation on its way.
Quality World::quality(BrokerId from, BrokerId to) const {
  Quality quality;
  double survives = 1;
  for (const Change& fault : degradations_) {
    const Element& e = fault.element;
    const bool pair = e.scope == Scope::zone_pair || e.scope == Scope::region_pair || e.scope == Scope::broker_pair;
    const bool through = pair ? (inside(from, e.scope, e.a) && inside(to, e.scope, e.b)) || (inside(from, e.scope, e.b) && inside(to, e.scope, e.a))
                              : inside(from, e.scope, e.a) != inside(to, e.scope, e.a) || (inside(from, e.scope, e.a) && e.scope == Scope::cluster);
    if (!through) continue;
    quality.extra_delay += fault.extra_delay;
    survives *= 1 - fault.loss;
  }
  quality.loss = 1 - survives;
  return quality;
}

// A client asks a gateway in a zone it reaches; the gateway must reach the member both ways. Gateways run beside the brokers.
Members World::reached_by_clients(const GroupPlan& group, ZoneId zone) const {
  Members reached = 0;
  for (std::uint32_t z = 0; z < of_zone_.size(); ++z) {
    const ZoneId gateway_zone{z};
    if (!network_.connected(zone, gateway_zone)) continue;
    const bool gateway = std::any_of(of_zone_[z].begin(), of_zone_[z].end(),
                                     [&](std::uint32_t b) { return brokers_[b].stopped == 0 && inside(BrokerId{b}, Scope::cluster, group.cluster); });
    if (!gateway) continue;
    for (raft::Member m = 0; m < group.members; ++m)
      if (network_.connected(gateway_zone, brokers_[group.brokers[m].index()].zone)) reached = static_cast<Members>(reached | only(m));
  }
  return reached;
}

void World::disks_around(const GroupPlan& group, Around& around) const {
  const bool delayed = plan_->profile(group).flush.delay > 0ns;
  const auto note = [](Members& set, raft::Member m) { set = static_cast<Members>(set | only(m)); };
  for (raft::Member m = 0; m < group.members; ++m) {
    const BrokerState& broker = brokers_[group.brokers[m].index()];
    if (broker.lost) note(around.lost, m);
    if (broker.corrupt) note(around.corrupt, m);
    if (delayed && broker.dark > 0) note(around.dark, m);
    if (broker.hung > 0) note(around.hung, m);
  }
  if (disk_faults_ == 0) return;
  const auto slow = [&](BrokerId b) { return brokers_[b.index()].slow_disk; };
  if (std::none_of(group.brokers.begin(), group.brokers.end(), [&](BrokerId b) { return slow(b) > 0ns; })) return;
  for (const BrokerId b : group.brokers) around.slow_disks.push_back(slow(b));
}

Around World::around(const GroupPlan& group) const {
  Around around;
  const Members everybody = all_of(group.members);
  for (raft::Member m = 0; m < group.members; ++m) {
    const BrokerState& broker = brokers_[group.brokers[m].index()];
    if (broker.stopped == 0) {
      around.alive = static_cast<Members>(around.alive | only(m));
      if (broker.paused > 0) around.paused = static_cast<Members>(around.paused | only(m));
    }
    around.reaches[m] = everybody;
  }
  disks_around(group, around);
  if (cuts_ > 0) {
    for (raft::Member from = 0; from < group.members; ++from)
      for (raft::Member to = 0; to < group.members; ++to)
        if (!passes(group.brokers[from], group.brokers[to])) around.reaches[from] = static_cast<Members>(around.reaches[from] & ~only(to));
    if (!network_.whole()) {
      Members least = everybody;
      for (std::uint32_t z = 0; z < of_zone_.size(); ++z) {
        around.clients.push_back(reached_by_clients(group, ZoneId{z}));
        least = static_cast<Members>(least & around.clients.back());
      }
      if (least == everybody) around.clients.clear();
    }
  }
  if (!degradations_.empty()) {
    bool degraded = false;
    for (const BrokerId from : group.brokers)
      for (const BrokerId to : group.brokers) {
        around.quality.push_back(from == to ? Quality{} : quality(from, to));
        degraded = degraded || around.quality.back() != Quality{};
      }
    if (!degraded) around.quality.clear();
  }
  return around;
}

void World::cut_zones(ZoneId from, ZoneId to, int sign) {
  if (from == to) return;
  sign > 0 ? network_.cut(from, to) : network_.heal(from, to);
}

void World::cut(const Element& element, Way way, int sign) {
  cuts_ = static_cast<std::size_t>(static_cast<std::int64_t>(cuts_) + sign);
  const auto change_counter = [&](std::uint16_t& counter) { counter = static_cast<std::uint16_t>(counter + sign); };
  const auto zones = plan_->options.topology.zones.size();
  const auto in_region = [&](std::size_t zone, std::uint32_t region) { return plan_->options.topology.zones[zone].region.value == region; };
  switch (element.scope) {
    case Scope::broker:
    case Scope::node:
      for (const std::uint32_t b : brokers_of(element.scope, element.a)) change_counter(way == Way::out ? brokers_[b].cut_out : brokers_[b].cut_in);
      return;
    case Scope::rack: return change_counter(way == Way::out ? rack_cut_out_[element.a] : rack_cut_in_[element.a]);
    case Scope::zone:
      for (std::size_t z = 0; z < zones; ++z)
        way == Way::out ? cut_zones(ZoneId{element.a}, ZoneId{z}, sign) : cut_zones(ZoneId{z}, ZoneId{element.a}, sign);
      return;
    case Scope::region:
    case Scope::region_pair:
      for (std::size_t inner = 0; inner < zones; ++inner) {
        if (!in_region(inner, element.a)) continue;
        for (std::size_t outer = 0; outer < zones; ++outer) {
          const bool other = element.scope == Scope::region ? !in_region(outer, element.a) : in_region(outer, element.b);
          if (other) way == Way::out ? cut_zones(ZoneId{inner}, ZoneId{outer}, sign) : cut_zones(ZoneId{outer}, ZoneId{inner}, sign);
        }
      }
      return;
    case Scope::zone_pair:
      return way == Way::out ? cut_zones(ZoneId{element.a}, ZoneId{element.b}, sign) : cut_zones(ZoneId{element.b}, ZoneId{element.a}, sign);
    case Scope::broker_pair: {
      Change entry;
      entry.element = element;
      entry.stage = way == Way::out ? Stage::begin : Stage::widen;
      if (sign > 0) return pair_cuts_.push_back(entry);
      const auto found =
          std::find_if(pair_cuts_.begin(), pair_cuts_.end(), [&](const Change& c) { return c.element == element && c.stage == entry.stage; });
      SIM_CHECK(found != pair_cuts_.end(), "a pair is healed that nobody cut");
      pair_cuts_.erase(found);
      return;
    }
    case Scope::cluster: SIM_CHECK(false, "a cluster cannot be cut from itself"); break;
    case Scope::pool_in_zone: SIM_CHECK(false, "a pool's nodes have no link of their own to the rest of their zone"); break;
    case Scope::component:
    case Scope::external: SIM_CHECK(false, "what runs beside the brokers is no part of their world");
  }
}

void World::stop(const Change& change, int sign) {
  // What a process has written and not flushed outlives it, but not its machine.
  const bool machine = change.element.scope != Scope::broker && change.element.scope != Scope::cluster && change.effect != Effect::planned_stop;
  for (const std::uint32_t b : brokers_of(change.element.scope, change.element.a)) {
    BrokerState& broker = brokers_[b];
    broker.stopped = static_cast<std::uint16_t>(broker.stopped + sign);
    if (broker.stopped == (sign > 0 ? 1 : 0)) note(change.at, b, sign > 0 ? BrokerChange::What::stopped : BrokerChange::What::started);
    if (machine) broker.dark = static_cast<std::uint16_t>(broker.dark + sign);
    broker.lost = broker.stopped > 0 && (broker.lost || change.effect == Effect::replace);
    broker.corrupt = broker.stopped > 0 && (broker.corrupt || change.effect == Effect::corrupt);
  }
}

void World::note(Instant at, std::uint32_t broker, BrokerChange::What what) { broker_changes_.push_back({at, BrokerId{broker}, what}); }

void World::note_links(Instant at) {
  const std::size_t n = brokers_.size();
  if (passing_.empty()) passing_.assign(n * n, 1);
  for (std::size_t from = 0; from < n; ++from) {
    for (std::size_t to = 0; to < n; ++to) {
      const bool now = passes(BrokerId{from}, BrokerId{to});
      if (now == (passing_[from * n + to] != 0)) continue;
      passing_[from * n + to] = now ? 1 : 0;
      link_changes_.push_back({at, BrokerId{from}, BrokerId{to}, now});
    }
  }
}

void World::mark(const Change& change) {
  const int sign = change.stage == Stage::end ? -1 : 1;
  const auto same = [&](const Change& other) { return other.element == change.element && other.mode == change.mode; };
  switch (change.effect) {
    case Effect::stop:
    case Effect::planned_stop:
    case Effect::replace:
    case Effect::corrupt: return stop(change, sign);
    case Effect::pause:
      for (const std::uint32_t b : brokers_of(change.element.scope, change.element.a)) {
        brokers_[b].paused = static_cast<std::uint16_t>(brokers_[b].paused + sign);
        if (brokers_[b].paused == (sign > 0 ? 1 : 0)) note(change.at, b, sign > 0 ? BrokerChange::What::paused : BrokerChange::What::resumed);
      }
      return;
    case Effect::cut:
      cut(change.element, Way::out, sign);
      cut(change.element, Way::in, sign);
      return;
    case Effect::cut_out:
      if (change.stage == Stage::widen) {
        widened_.push_back(change);
        return cut(change.element, Way::in, 1);
      }
      if (change.stage == Stage::end) {
        if (const auto wide = std::find_if(widened_.begin(), widened_.end(), same); wide != widened_.end()) {
          widened_.erase(wide);
          cut(change.element, Way::in, -1);
        }
      }
      return cut(change.element, Way::out, sign);
    case Effect::slow:
    case Effect::lossy:
      if (sign > 0) return degradations_.push_back(change);
      degradations_.erase(std::find_if(degradations_.begin(), degradations_.end(), same));
      return;
    case Effect::slow_disk:
    case Effect::hung_disk:
      disk_faults_ = static_cast<std::size_t>(static_cast<std::int64_t>(disk_faults_) + sign);
      for (const std::uint32_t b : brokers_of(change.element.scope, change.element.a)) {
        if (change.effect == Effect::hung_disk) brokers_[b].hung = static_cast<std::uint16_t>(brokers_[b].hung + sign);
        if (change.effect == Effect::slow_disk) brokers_[b].slow_disk += sign * change.extra_delay;
      }
      return;
  }
}

void World::touch(const std::vector<std::uint32_t>& brokers) {
  for (const std::uint32_t b : brokers) {
    for (const std::uint32_t g : plan_->groups_of_broker[b]) {
      if (stamp_[g] == stamps_) continue;
      stamp_[g] = stamps_;
      touched_.push_back(g);
    }
  }
}

void World::apply(const Change& change) {
  operate_before(change.at);
  take_effect(change);
  if (change.stage == Stage::announce) return;
  for (std::size_t i = 0; i < operators_.size(); ++i) watch(i, change.at, change.mode);
  for (std::size_t i = 0; i < restorers_.size(); ++i) watch_data(i, change.at, change.mode);
}

void World::take_effect(const Change& change) {
  faults_seen_.add(change.at);
  faults_seen_.add(static_cast<std::uint64_t>(change.mode) << 32 | static_cast<std::uint64_t>(change.stage) << 24 | change.element.a);
  touched_.clear();
  ++stamps_;
  const Element& element = change.element;
  touch(brokers_of(element.scope, element.a));
  if (change.stage == Stage::announce) {
    for (const std::uint32_t g : touched_) {
      const GroupPlan& group = plan_->groups[g];
      if (!plan_->profile(group).transfer_on_stop) continue;
      for (raft::Member m = 0; m < group.members; ++m)
        if (inside(group.brokers[m], element.scope, element.a)) groups_[g].hand_over(*plan_, change.at, m, change.mode, *scratch_);
    }
    return;
  }
  if (failure::is_pair(element.scope)) touch(brokers_of(element.scope, element.b));
  const bool whole = network_.whole();
  mark(change);
  if (plan_->options.keeps_links) note_links(change.at);
  // While some way between zones is cut, what stops or is cut anywhere may have been somebody's only way to a gateway.
  const bool bars_ways = change.effect != Effect::pause && change.effect != Effect::slow && change.effect != Effect::lossy &&
                         change.effect != Effect::slow_disk && change.effect != Effect::hung_disk;
  if (bars_ways && !(whole && network_.whole()) && touched_.size() < groups_.size())
    for (std::uint32_t g = 0; g < groups_.size(); ++g)
      if (stamp_[g] != stamps_) touched_.push_back(g);
  for (const std::uint32_t g : touched_) {
    Around next = around(plan_->groups[g]);
    if (!groups_[g].surrounded_by(next)) groups_[g].change(*plan_, change.at, next, change.mode, *scratch_);
  }
}

void World::advance(Instant t) {
  operate_before(t);
  for (Group& group : groups_) group.advance(*plan_, t, *scratch_);
}

std::uint64_t World::digest() const {
  Hash hash;
  for (const Group& group : groups_) hash.add(group.digest());
  return hash.value();
}

}  // namespace nines::world
