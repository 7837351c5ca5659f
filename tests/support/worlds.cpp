#include "tests/support/worlds.hpp"

#include <algorithm>

namespace nines::testing_worlds {

raft::Profile zeebe() {
  raft::Profile p;
  p.name = "zeebe";
  p.heartbeat_only_when_idle = true;
  p.priority_election = true;
  p.pre_vote = raft::PreVote::log_only;
  p.pre_vote_timeout = 2500ms;
  p.check_quorum = {5s, 0ns};
  p.vote_timeout_min = 2500ms;
  p.vote_timeout_max = 5s;
  p.vote_attempts = 2;
  p.append_window = 6;
  p.match_may_fall = true;
  p.probe_after_election = false;
  p.flush.leader_before_commit = true;
  p.services_start = 80ms;
  return p;
}

raft::Profile etcd(raft::PreVote pre_vote) {
  raft::Profile p;
  p.name = "etcd";
  p.heartbeat = p.tick = 100ms;
  p.election_timeout = 1s;
  p.timeout_law = raft::TimeoutLaw::ticks;
  p.redraw = raft::Redraw::each_term;
  p.pre_vote = pre_vote;
  p.leader_grants_pre_votes = true;
  p.vote_lease = raft::VoteLease::ignore;
  p.answers_stale_votes = false;
  p.check_quorum = {1s, 1s};
  p.append_window = 512;
  p.append_batch_bytes = 1 << 20;
  p.heartbeat_checks_log = false;
  p.announce_commit = true;
  p.configuration_counts = raft::ConfigurationCounts::applied;
  p.membership = raft::Membership::joint;
  p.transfer_on_stop = true;
  p.client_timeout = 7s;
  return p;
}

raft::Profile raft_paper() {
  raft::Profile p;
  p.name = "raft-paper";
  p.heartbeat = 75ms;
  p.election_timeout = 150ms;
  p.election_timeout_max = 300ms;
  p.timeout_law = raft::TimeoutLaw::uniform;
  p.candidate_yields = false;
  p.client_timeout = 1s;
  return p;
}

raft::Profile kraft() {
  raft::Profile p;
  p.name = "kraft";
  p.heartbeat = 500ms;
  p.election_timeout = 2s;
  p.timeout_law = raft::TimeoutLaw::uniform;
  p.election_timeout_max = 2500ms;
  p.pre_vote = raft::PreVote::freshness;
  p.check_quorum = {3s, 0ns};
  p.vote_timeout_min = 1s;
  p.vote_timeout_max = 2s;
  p.vote_attempts = 1;
  p.replication = raft::Replication::pull;
  p.announce_commit = true;
  p.transfer_on_stop = true;
  return p;
}

topology::LinkLaw constant_delay(Duration one_way) {
  topology::LinkLaw law;
  law.minimum = law.maximum = one_way;
  return law;
}

topology::LinkLaw jittered_delay(Duration least) {
  topology::LinkLaw law;
  law.minimum = least;
  law.jitter_median = least / 4;
  law.jitter_sigma = 0.6;
  law.maximum = 3 * least;
  return law;
}

world::Options cluster(std::size_t nodes, std::size_t zones, std::size_t partitions, std::size_t replication, const raft::Profile& profile) {
  world::Options o;
  o.topology.regions = {{"r"}};
  for (std::size_t z = 0; z < zones; ++z) o.topology.zones.push_back({"r/" + std::string(1, static_cast<char>('a' + z)), RegionId{0u}});
  for (std::size_t n = 0; n < nodes; ++n) {
    o.topology.nodes.push_back({"n" + std::to_string(n), ZoneId{n % zones}, RackId{}});
    o.brokers.push_back({"b" + std::to_string(n), NodeId{n}, Law::fixed(0ns)});
  }
  o.topology.same_node = constant_delay(20us);
  o.topology.same_zone = constant_delay(150us);
  o.topology.same_region = constant_delay(500us);
  o.topology.other_region = constant_delay(20ms);
  world::Cluster c;
  c.name = "c";
  c.profile = profile;
  for (std::size_t i = 0; i < partitions; ++i) {
    std::vector<world::Replica> replicas;
    for (std::size_t j = 0; j < replication; ++j) {
      const std::size_t priority = j == 0 ? replication : (i / nodes) % 2 == 0 ? replication - j : j;
      replicas.push_back({BrokerId{(i + j) % nodes}, static_cast<int>(priority)});
    }
    c.partitions.push_back(std::move(replicas));
  }
  o.clusters.push_back(std::move(c));
  return o;
}

void without_delays(world::Options& options) {
  options.topology.same_node = options.topology.same_zone = options.topology.same_region = options.topology.other_region = constant_delay(0ns);
}

failure::Mode exponential_mode(std::string name, failure::Scope scope, failure::Effect effect, Duration mean_up, Duration mean_down) {
  failure::Mode mode;
  mode.name = std::move(name);
  mode.scope = scope;
  mode.effect = effect;
  mode.up_time = Law::exponential(mean_up);
  mode.duration = Law::exponential(mean_down);
  mode.source = "assumption";
  return mode;
}

failure::ScriptedFault scripted(Duration at, std::string effect, std::vector<std::string> on, Duration lasts) {
  return {at, std::move(effect), std::move(on), lasts};
}

Stage::Stage(const world::Options& options, std::uint64_t seed, std::uint64_t replication)
    : plan(std::make_shared<const world::Plan>(options)),
      timeline(options.modes, options.script, world::site_of(options), Streams(seed, replication)),
      world(plan, Streams(seed, replication), timeline.active()),
      upcoming(timeline.next(Instant{})) {}

void Stage::run_until(Instant t) {
  for (; upcoming.at < t; upcoming = timeline.next(upcoming.at)) world.apply(upcoming);
  world.advance(t);
}

std::uint64_t seed_led_by(const world::Options& options, raft::Member leader) {
  for (std::uint64_t seed = 1; seed < 200; ++seed)
    if (Stage(options, seed).world.group(PartitionId{0u}).writer() == leader) return seed;
  SIM_CHECK(false, "no seed begins with that leader");
  return 0;
}

}  // namespace nines::testing_worlds
