#include "scenarios/run/incident_changes.hpp"

#include <algorithm>
#include <optional>

#include "scenarios/run/deployment_of.hpp"

namespace nines::scenarios {
namespace {

using workload::Change;
using ChangeKind = workload::Change::Kind;
using What = world::BrokerChange::What;

class Translation {
 public:
  Translation(const Scenario& scenario, const Incident& incident, const world::Options& world, const world::Record& record)
      : incident_(incident), world_(world), record_(record), cluster_(scenario.clusters[incident.cluster]) {
    first_ = first_broker(scenario, incident.cluster);
    for (std::size_t c = 0; c < incident.cluster; ++c) first_partition_ += world.clusters[c].partitions.size();
  }

  // Of one instant: brokers, links and disks before those who lead.
  std::vector<Change> all() {
    brokers();
    links();
    disks();
    exports();
    voters();
    for (std::size_t p = 0; p < world_.clusters[incident_.cluster].partitions.size(); ++p) leaders(p);
    const Instant end = Instant{} + record_.horizon;
    std::erase_if(changes_, [&](const Change& change) { return change.at >= end; });
    std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
    return std::move(changes_);
  }

 private:
  bool is_ours(BrokerId broker) const { return broker.index() >= first_ && broker.index() < first_ + static_cast<std::size_t>(cluster_.brokers); }
  std::uint16_t ours(BrokerId broker) const { return static_cast<std::uint16_t>(broker.index() - first_); }
  void add(Instant at, ChangeKind kind, std::size_t broker = 0, std::size_t to = 0, std::size_t partition = 0) {
    changes_.push_back({at, kind, static_cast<std::uint16_t>(broker), static_cast<std::uint16_t>(to), static_cast<std::uint16_t>(partition)});
  }

  // Whether the broker's process alone ended, or in good order, so that its machine could say so.
  bool says_goodbye(Instant at, BrokerId broker) const {
    for (const failure::ScriptedFault& fault : incident_.script) {
      const failure::Effect effect = failure::effect_of(fault, world_.modes);
      const bool stops = effect == failure::Effect::stop || effect == failure::Effect::replace || effect == failure::Effect::corrupt;
      if (!stops || Instant{} + fault.at != at || fault.on.size() != 1) continue;
      const std::string& name = fault.on.front();
      if (name != world_.brokers[broker.index()].name && name != cluster_.name && holds(world_, name, broker.index())) return false;
    }
    return true;
  }

  void brokers() {
    for (const world::BrokerChange& change : record_.broker_changes) {
      if (!is_ours(change.broker)) continue;
      switch (change.what) {
        case What::stopped:
          add(change.at, says_goodbye(change.at, change.broker) ? ChangeKind::broker_stops : ChangeKind::broker_vanishes, ours(change.broker));
          break;
        case What::started: add(change.at, ChangeKind::broker_returns, ours(change.broker)); break;
        case What::paused: add(change.at, ChangeKind::broker_pauses, ours(change.broker)); break;
        case What::resumed: add(change.at, ChangeKind::broker_resumes, ours(change.broker)); break;
      }
    }
  }

  // A connection needs both ways: what passes one way only is not acknowledged.
  void links() {
    const auto n = static_cast<std::size_t>(cluster_.brokers);
    std::vector<std::uint8_t> passes(n * n, 1);
    for (const world::LinkChange& change : record_.link_changes) {
      if (!is_ours(change.from) || !is_ours(change.to)) continue;
      const std::size_t from = ours(change.from), to = ours(change.to);
      const auto both = [&] { return passes[from * n + to] != 0 && passes[to * n + from] != 0; };
      const bool before = both();
      passes[from * n + to] = change.passes ? 1 : 0;
      if (both() != before) add(change.at, before ? ChangeKind::link_cut : ChangeKind::link_heals, std::min(from, to), std::max(from, to));
    }
  }

  void disks() {
    struct Edge {
      Instant at;
      int step;
    };
    for (std::size_t b = 0; b < static_cast<std::size_t>(cluster_.brokers); ++b) {
      std::vector<Edge> edges;
      for (const failure::ScriptedFault& fault : incident_.script) {
        if (failure::effect_of(fault, world_.modes) != failure::Effect::hung_disk || fault.on.empty() || !holds(world_, fault.on.front(), first_ + b))
          continue;
        edges.push_back({Instant{} + fault.at, 1});
        edges.push_back({Instant{} + fault.at + fault.duration, -1});
      }
      std::stable_sort(edges.begin(), edges.end(), [](const Edge& x, const Edge& y) { return x.at < y.at; });
      int hung = 0;
      for (const Edge& edge : edges) {
        const int before = hung;
        hung += edge.step;
        if ((before > 0) != (hung > 0)) add(edge.at, hung > 0 ? ChangeKind::disk_hangs : ChangeKind::disk_recovers, b);
      }
    }
  }

  void exports() {
    for (const Incident::ExportStop& stop : incident_.export_stops) {
      add(Instant{} + stop.at, ChangeKind::export_stops);
      add(Instant{} + stop.at + stop.duration, ChangeKind::export_resumes);
    }
  }

  // A partition all of whose replicas were in the region that was given up has nobody left to decide, and stays as it was.
  void voters() {
    const auto& partitions = world_.clusters[incident_.cluster].partitions;
    for (const world::Procedure& procedure : record_.procedures) {
      if (procedure.cluster != incident_.cluster || procedure.forced == never) continue;
      const auto is_removed = [&](const world::Replica& replica) { return world::region_of(world_, replica.broker) == procedure.region; };
      for (std::size_t p = 0; p < partitions.size(); ++p) {
        if (std::all_of(partitions[p].begin(), partitions[p].end(), is_removed)) continue;
        for (const world::Replica& replica : partitions[p]) {
          if (!is_removed(replica)) continue;
          add(procedure.forced, ChangeKind::replica_removed, ours(replica.broker), 0, p);
          if (procedure.whole != never) add(procedure.whole, ChangeKind::replica_joins, ours(replica.broker), 0, p);
        }
      }
    }
  }

  struct Absence {
    Instant from;
    bool told;
  };
  // When the broker was gone within [from, to]: already, or since an instant in it.
  std::optional<Absence> absence(BrokerId broker, Instant from, Instant to) const {
    std::optional<Absence> gone;
    for (const world::BrokerChange& change : record_.broker_changes) {
      if (change.at > to) break;
      if (change.broker != broker) continue;
      if (change.what == What::stopped) gone = Absence{change.at, says_goodbye(change.at, broker)};
      if (change.what == What::started && change.at <= from) gone.reset();
    }
    return gone;
  }
  bool is_paused(BrokerId broker, Instant at) const {
    bool paused = false;
    for (const world::BrokerChange& change : record_.broker_changes)
      if (change.at <= at && change.broker == broker && (change.what == What::paused || change.what == What::resumed))
        paused = change.what == What::paused;
    return paused;
  }

  // From when on the leader of an outage that began at `start` leads no more and others know it, if nobody follows it before.
  Instant given_up(BrokerId leader, Instant start, Instant end) const {
    const raft::Profile& profile = cluster_.profile;
    if (const auto gone = absence(leader, start, end)) {
      if (gone->told) return gone->from;
      return profile.leader_gone_after > 0ns ? std::max(start, gone->from + profile.leader_gone_after) : never;
    }
    if (is_paused(leader, start) || profile.check_quorum.window <= 0ns) return never;
    return start + profile.check_quorum.window;
  }

  void leaders(std::size_t p) {
    const PartitionId partition{first_partition_ + p};
    std::vector<world::Leadership> leads;
    for (const world::Leadership& lead : record_.leaderships)
      if (lead.partition == partition) leads.push_back(lead);
    std::vector<world::Outage> outages;
    for (const world::Outage& outage : record_.outages)
      if (outage.partition == partition) outages.push_back(outage);

    const auto& replicas = world_.clusters[incident_.cluster].partitions[p];
    const auto primary =
        std::max_element(replicas.begin(), replicas.end(), [](const world::Replica& a, const world::Replica& b) { return a.priority < b.priority; });
    BrokerId leader = primary->broker;  // As the commands' simulation begins.
    bool leads_on = true;
    std::size_t next = 0;
    const auto serve = [&](Instant at, BrokerId by) {
      if (leads_on && by == leader) return;
      add(at, ChangeKind::leader_serves, ours(by), 0, p);
      leader = by;
      leads_on = true;
    };
    const auto until = [&](Instant at) {  // Those who took over while the partition could be written.
      for (; next < leads.size() && leads[next].from < at; ++next) serve(std::max(Instant{}, leads[next].from), leads[next].leader);
    };
    for (const world::Outage& outage : outages) {
      until(outage.start);
      const Instant lost = given_up(leader, outage.start, outage.end);
      if (lost < outage.end) {
        add(lost, ChangeKind::leader_lost, 0, 0, p);
        leads_on = false;
      }
      if (outage.end >= Instant{} + record_.horizon) return;
      BrokerId by = leader;
      for (; next < leads.size() && leads[next].from <= outage.end; ++next) by = leads[next].leader;
      serve(outage.end, by);
    }
    until(never);
  }

  const Incident& incident_;
  const world::Options& world_;
  const world::Record& record_;
  const Cluster& cluster_;
  std::size_t first_ = 0, first_partition_ = 0;
  std::vector<Change> changes_;
};

}  // namespace

bool holds(const world::Options& world, const std::string& name, std::size_t broker) {
  const world::Broker& of = world.brokers[broker];
  const topology::Node& node = world.topology.nodes[of.node.index()];
  const topology::Zone& zone = world.topology.zones[node.zone.index()];
  if (name == of.name || name == of.name.substr(0, of.name.find('/')) || name == node.name || name == zone.name) return true;
  if (name == world.topology.regions[zone.region.index()].name || name == node.pool + '/' + zone.name) return true;
  return node.rack.exists() && name == world.topology.racks[node.rack.index()].name;
}

std::vector<workload::Change> changes_of(const Scenario& scenario, const Incident& incident, const world::Options& world, const world::Record& record) {
  return Translation(scenario, incident, world, record).all();
}

}  // namespace nines::scenarios
