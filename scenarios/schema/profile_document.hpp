// A Raft profile as it is written: in a catalogue every value with its source, in a scenario as overrides of a cluster's profile.
#pragma once

#include <string>
#include <vector>

#include "models/raft/profile.hpp"
#include "scenarios/schema/cited.hpp"

namespace nines::scenarios {

struct RaftDocument {
  Cited<Duration> heartbeat, election_timeout, election_timeout_max, tick, pre_vote_timeout, check_quorum_window, check_quorum_interval,
      vote_timeout_min, vote_timeout_max, transfer_timeout, snapshot_period, snapshot_timeout, lease, quiesce_after, leader_gone_after, flush_delay,
      client_timeout, services_start;
  Cited<bool> heartbeat_only_when_idle, heartbeat_checks_log, priority_election, leader_grants_pre_votes, answers_stale_votes, answers_stale_leaders,
      candidate_yields, probe_after_election, match_may_fall, announce_commit, transfer_on_stop, snapshot_on_demand, hung_disk_stops_heartbeats,
      follower_flush_before_ack, leader_flush_before_commit;
  Cited<raft::TimeoutLaw> timeout_law;
  Cited<raft::Redraw> redraw;
  Cited<raft::PreVote> pre_vote;
  Cited<raft::VoteLease> vote_lease;
  Cited<raft::Trust> trust;
  Cited<raft::Replication> replication;
  Cited<raft::Rebalance> rebalance;
  Cited<raft::Membership> membership;
  Cited<raft::ConfigurationCounts> configuration_counts;
  Cited<raft::Reads> reads;
  Cited<raft::AfterPause> after_pause;
  Cited<raft::Gateway> gateway;
  Cited<int> vote_attempts, append_window, snapshot_entries, snapshot_keep, snapshot_prefer;
  Cited<std::int64_t> append_batch, snapshot_chunk;
};

// As overrides: `raft: {electionTimeout: 5s}`.
template <>
struct Table<RaftDocument> {
  static const char* name() { return "raft"; }
  static const std::vector<Field<RaftDocument>>& fields();
};

// As a catalogue: every field must be there, as {value, source}.
struct SourcedRaft {
  using Value = RaftDocument;
  static bool read(const Node& node, RaftDocument& out, Context& context);
  static std::string schema(Definitions& definitions);
};

// Lays what is given over `profile` and checks the whole; `place` is blamed for what was not given. Waits that the products derive from the
// election timeout follow it unless they are given too.
bool apply(const RaftDocument& document, raft::Profile& profile, const Place& place, Context& context);

// Keys that are read and have no effect yet, so that nothing that is written is passed over in silence.
void warn_of_rules_without_effect(const RaftDocument& document, Context& context);

// The waits that follow, by key.
std::vector<std::pair<std::string, Duration>> derived_waits(const raft::Profile& profile);

}  // namespace nines::scenarios
