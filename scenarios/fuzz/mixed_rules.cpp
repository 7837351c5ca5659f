#include "scenarios/fuzz/mixed_rules.hpp"

#include <array>

namespace nines::fuzz {

std::string mix_rules(raft::Profile& profile, Dice& dice) {
  std::string text = "; mixed rules:";
  const auto toss = [&](bool& rule, const char* name) {
    rule = dice.chance(0.5);
    if (rule) text += std::string(" ") + name;
  };
  toss(profile.heartbeat_only_when_idle, "idle-heartbeats");
  toss(profile.priority_election, "priorities");
  toss(profile.candidate_yields, "yields");
  toss(profile.probe_after_election, "probes");
  toss(profile.flush.leader_before_commit, "flush-before-commit");
  toss(profile.transfer_on_stop, "transfer");
  profile.pre_vote = static_cast<raft::PreVote>(dice.between(0, 2));
  text += " pre-vote-" + std::to_string(static_cast<int>(profile.pre_vote));
  profile.pre_vote_timeout = dice.chance(0.5) ? profile.election_timeout : 0ns;
  profile.vote_lease = dice.chance(0.5) ? raft::VoteLease::ignore : raft::VoteLease::off;
  if (profile.vote_lease == raft::VoteLease::ignore) text += " lease";
  profile.check_quorum.window = dice.chance(0.5) ? profile.election_timeout * dice.between(1, 2) : 0ns;
  profile.check_quorum.interval = dice.chance(0.5) ? profile.election_timeout : 0ns;
  if (profile.check_quorum.window > 0ns) text += " check-quorum";
  profile.append_window = std::array{1, 2, 6, 512}[static_cast<std::size_t>(dice.between(0, 3))];
  text += " window-" + std::to_string(profile.append_window);
  profile.vote_attempts = dice.between(0, 2);
  // Without pre-votes somebody who is preferred and behind raises the term again and again, sooner than anybody who could win asks.
  if (profile.pre_vote == raft::PreVote::off) profile.priority_election = false;
  // Equal timeouts and equal priorities split the vote for ever (Ongaro and Ousterhout 2014, 9.3: no randomness).
  if (profile.timeout_law == raft::TimeoutLaw::fixed && !profile.priority_election) profile.timeout_law = raft::TimeoutLaw::uniform;
  if (profile.timeout_law == raft::TimeoutLaw::uniform) profile.election_timeout_max = 2 * profile.election_timeout;
  profile.after_pause = dice.chance(0.5) ? raft::AfterPause::timers_first : raft::AfterPause::messages_first;
  profile.append_batch_bytes = dice.chance(0.3) ? 1024 : 32 * 1024;
  return text;
}

std::string mix_features(raft::Profile& profile, Dice& dice) {
  std::string text = "; features:";
  profile.membership = static_cast<raft::Membership>(std::array{0, 1, 1, 2}[static_cast<std::size_t>(dice.between(0, 3))]);
  text += std::array{" fixed", " single-changes", " joint-changes"}[static_cast<std::size_t>(profile.membership)];
  profile.configuration_counts = dice.chance(0.5) ? raft::ConfigurationCounts::applied : raft::ConfigurationCounts::appended;
  if (profile.configuration_counts == raft::ConfigurationCounts::applied) text += " when-applied";
  profile.reads = dice.chance(0.8) ? raft::Reads::heartbeat : raft::Reads::log;
  if (profile.reads == raft::Reads::heartbeat) text += " read-index";
  raft::Snapshots& snapshots = profile.snapshots;
  snapshots.keep = std::array<std::uint64_t, 4>{0, 0, 5, 100}[static_cast<std::size_t>(dice.between(0, 3))];
  snapshots.prefer = dice.chance(0.2) ? static_cast<std::uint64_t>(dice.between(5, 100)) : 0;
  snapshots.on_demand = dice.chance(0.5);
  snapshots.chunk_bytes = dice.chance(0.5) ? 256 * 1024 : 0;
  snapshots.timeout = dice.chance(0.5) ? profile.election_timeout : 0ns;
  profile.heartbeat_checks_log = dice.chance(0.5);
  if (!profile.heartbeat_checks_log) text += " bare-heartbeats";
  profile.announce_commit = dice.chance(0.5);
  if (profile.announce_commit) text += " announces";
  profile.quiesce_after = dice.chance(0.2) ? profile.election_timeout * dice.between(1, 4) : 0ns;
  if (profile.quiesce_after > 0ns) text += " silence";
  profile.hung_disk_stops_heartbeats = dice.chance(0.2);
  if (profile.hung_disk_stops_heartbeats) text += " disk-heartbeats";
  if (dice.chance(0.15)) {  // Nothing but fetches goes up: no round of heartbeats can confirm a read, and silence would end them.
    profile.replication = raft::Replication::pull;
    profile.reads = raft::Reads::log;
    profile.quiesce_after = 0ns;
    text += " pull";
  }
  return text;
}

}  // namespace nines::fuzz
