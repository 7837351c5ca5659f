#include "analysis/exact/kind.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/exact/content.hpp"
#include "analysis/exact/gaps.hpp"

namespace nines::analysis {
namespace {

class WorldContent : public Content<WorldContent> {
 public:
  using Content::put;

  void put(const topology::Region& region) {
    const auto& [name] = region;
    add(name);
  }
  void put(const topology::Zone& zone) {
    const auto& [name, region] = zone;
    add(name, region);
  }
  void put(const topology::Rack& rack) {
    const auto& [name, zone] = rack;
    add(name, zone);
  }
  void put(const topology::Node& node) {
    const auto& [name, zone, rack, pool] = node;
    add(name, zone, rack, pool);
  }
  void put(const topology::LinkBetween& between) {
    const auto& [from, to, law] = between;
    add(from, to, law);
  }
  void put(const topology::Topology& topology) {
    const auto& [regions, zones, racks, nodes, same_node, same_zone, same_region, other_region, between] = topology;
    add(regions, zones, racks, nodes, same_node, same_zone, same_region, other_region, between);
  }
  void put(const world::Broker& broker) {
    const auto& [name, node, flush] = broker;
    add(name, node, flush);
  }
  void put(const world::Replica& replica) {
    const auto& [broker, priority] = replica;
    add(broker, priority);
  }
  void put(const world::Load& load) {
    const auto& [appends_per_second, bytes, together] = load;
    add(appends_per_second, bytes, together);
  }
  void put(const raft::CheckQuorum& check) {
    const auto& [window, interval] = check;
    add(window, interval);
  }
  void put(const raft::Flush& flush) {
    const auto& [follower_before_ack, leader_before_commit, delay] = flush;
    add(follower_before_ack, leader_before_commit, delay);
  }
  void put(const raft::Snapshots& snapshots) {
    const auto& [period, entries, keep, prefer, on_demand, chunk_bytes, timeout] = snapshots;
    add(period, entries, keep, prefer, on_demand, chunk_bytes, timeout);
  }
  void put(const raft::Profile& profile) {
    const auto& [name, heartbeat, heartbeat_only_when_idle, election_timeout, election_timeout_max, timeout_law, redraw, tick, priority_election,
                 pre_vote, pre_vote_timeout, leader_grants_pre_votes, vote_lease, trust, answers_stale_votes, answers_stale_leaders, check_quorum,
                 vote_timeout_min, vote_timeout_max, vote_attempts, candidate_yields, append_window, append_batch_bytes, probe_after_election,
                 heartbeat_checks_log, match_may_fall, announce_commit, replication, transfer_on_stop, transfer_timeout, rebalance, membership,
                 configuration_counts, snapshots, reads, lease, quiesce_after, hung_disk_stops_heartbeats, leader_gone_after, flush, after_pause,
                 gateway, client_timeout, services_start] = profile;
    add(name, heartbeat, heartbeat_only_when_idle, election_timeout, election_timeout_max, timeout_law, redraw, tick, priority_election, pre_vote);
    add(pre_vote_timeout, leader_grants_pre_votes, vote_lease, trust, answers_stale_votes, answers_stale_leaders, check_quorum, vote_timeout_min);
    add(vote_timeout_max, vote_attempts, candidate_yields, append_window, append_batch_bytes, probe_after_election, heartbeat_checks_log);
    add(match_may_fall, announce_commit, replication, transfer_on_stop, transfer_timeout, rebalance, membership, configuration_counts, snapshots);
    add(reads, lease, quiesce_after, hung_disk_stops_heartbeats, leader_gone_after, flush, after_pause, gateway, client_timeout, services_start);
  }
  void put(const world::Cluster& cluster) {
    const auto& [name, profile, load, state_bytes, partitions] = cluster;
    add(name, profile, load, state_bytes, partitions);
  }
  void put(const world::RegionFailover& failover) {
    const auto& [cluster, shift, detection, decision, reroute, removal, redeploy, restore] = failover;
    add(cluster, shift, detection, decision, reroute, removal, redeploy, restore);
  }
  void put(const world::BackupRestore& restore) {
    const auto& [cluster, shift, every, takes, detection, decision, download, start] = restore;
    add(cluster, shift, every, takes, detection, decision, download, start);
  }
  void put(const failure::Shift& shift) {
    const auto& [days, from_hour, to_hour] = shift;
    add(days, from_hour, to_hour);
  }
  void put(const failure::Parts& parts) {
    const auto& [spares, delivery] = parts;
    add(spares, delivery);
  }
  void put(const failure::Repair& repair) {
    const auto& [people, shift, crew, crews, parts] = repair;
    add(people, shift, crew, crews, parts);
  }
  void put(const failure::Escalation& escalation) {
    const auto& [to, probability, range] = escalation;
    static_cast<void>(range);  // A bound.
    add(to, probability);
  }
  void put(const failure::Mode& mode) {
    const auto& [name, scope, pools, components, effect, up_time, duration, rate_per_year, duration_factor, escalation, repair, extra_delay, loss,
                 most_unavailable, recorded, source] = mode;
    static_cast<void>(rate_per_year);  // Bounds and words of the catalogue's.
    static_cast<void>(duration_factor);
    static_cast<void>(source);
    add(name, scope, pools, components, effect, up_time, duration, escalation, repair, extra_delay, loss, most_unavailable, recorded);
  }
  void put(const failure::ScriptedFault& fault) {
    const auto& [at, mode, on, duration] = fault;
    add(at, mode, on, duration);
  }
  void put(const services::Process& process) {
    const auto& [name, component, node, others, after_loss, after_drain] = process;
    add(name, component, node, others, after_loss, after_drain);
  }
  void put(const services::Expression& expression) {
    const auto& [kind, index, k, parts, grace] = expression;
    add(kind, index, k, parts, grace);
  }
  void put(const services::Component& component) {
    const auto& [name, processes, brokers, needed, needs] = component;
    add(name, processes, brokers, needed, needs);
  }
  void put(const services::Capability& capability) {
    const auto& [name, cluster, works] = capability;
    add(name, cluster.has_value(), cluster.value_or(0), works);
  }
  void put(const failure::Element& element) {
    const auto& [scope, a, b] = element;
    add(scope, a, b);
  }
  void put(const failure::RecordedFault& fault) {
    const auto& [begin, end, element, mode] = fault;
    add(begin, end, element, mode);
  }
};

bool has_a_scale(Law::Kind kind) {
  using enum Law::Kind;
  return kind != uniform && kind != empirical;
}

}  // namespace

Canonical canonical(const std::vector<failure::Mode>& modes, const std::vector<failure::Mode>& base) {
  Canonical result{.modes = modes};
  for (failure::Mode& mode : result.modes) {
    const auto there = std::find_if(base.begin(), base.end(), [&](const failure::Mode& other) { return other.name == mode.name; });
    if (there == base.end() || there->up_time == mode.up_time) continue;
    const Law &own = mode.up_time, &law = there->up_time;
    const double times = own.a / law.a;
    if (own.kind != law.kind || !has_a_scale(law.kind) || own.b != law.b || own.minimum != law.minimum || own.maximum != law.maximum) continue;
    if (!(times > 0) || !std::isfinite(times)) continue;
    failure::Mode as_often = mode;
    as_often.up_time = law.stretched(std::exp2(std::round(std::log2(times))));
    if (comes_regularly(as_often) != comes_regularly(mode)) continue;
    result.differs = result.differs || as_often.up_time != own;
    mode.up_time = as_often.up_time;
  }
  return result;
}

std::string content_of(const world::Options& options, const std::vector<failure::Mode>& modes) {
  const auto& [topology, brokers, clusters, own_modes, script, trace, failovers, restores, services, horizon, fidelity, keeps_links] = options;
  static_cast<void>(own_modes);  // The others stand for them.
  static_cast<void>(services);   // They move nothing in the world.
  WorldContent content;
  content.add(topology, brokers, clusters, modes, script, trace != nullptr, failovers, restores, horizon, fidelity, keeps_links);
  if (trace) content.add(trace->faults(), trace->length(), trace->rotation());
  return content.take();
}

std::string content_of(const services::Services& services) {
  const auto& [processes, components, capabilities, modes] = services;
  WorldContent content;
  content.add(processes, components, capabilities, modes);
  return content.take();
}

std::string bounds_of(const std::vector<failure::Mode>& modes) {
  WorldContent content;
  for (const failure::Mode& mode : modes) {
    for (const failure::Range& range : {mode.rate_per_year, mode.duration_factor}) content.add(range.low, range.high);
    if (mode.escalation) content.add(mode.escalation->range.low, mode.escalation->range.high);
  }
  return content.take();
}

}  // namespace nines::analysis
