#include "scenarios/schema/profile_document.hpp"

#include <algorithm>

namespace nines::scenarios {

template <>
struct Words<raft::TimeoutLaw> {
  using enum raft::TimeoutLaw;
  static constexpr std::pair<const char*, raft::TimeoutLaw> words[] = {{"fixed", fixed}, {"uniform", uniform}, {"ticks", ticks}};
};
template <>
struct Words<raft::Redraw> {
  using enum raft::Redraw;
  static constexpr std::pair<const char*, raft::Redraw> words[] = {{"each-reset", each_reset}, {"each-term", each_term}};
};
template <>
struct Words<raft::PreVote> {
  using enum raft::PreVote;
  static constexpr std::pair<const char*, raft::PreVote> words[] = {{"off", off}, {"log-only", log_only}, {"freshness", freshness}};
};
template <>
struct Words<raft::VoteLease> {
  using enum raft::VoteLease;
  static constexpr std::pair<const char*, raft::VoteLease> words[] = {{"off", off}, {"ignore", ignore}};
};
template <>
struct Words<raft::Trust> {
  using enum raft::Trust;
  static constexpr std::pair<const char*, raft::Trust> words[] = {{"election-timeout", election_timeout}, {"own-wait", own_wait}};
};
template <>
struct Words<raft::Replication> {
  using enum raft::Replication;
  static constexpr std::pair<const char*, raft::Replication> words[] = {{"push", push}, {"pull", pull}};
};
template <>
struct Words<raft::Rebalance> {
  using enum raft::Rebalance;
  static constexpr std::pair<const char*, raft::Rebalance> words[] = {{"none", none}, {"step-down", step_down}, {"transfer", transfer}};
};
template <>
struct Words<raft::Membership> {
  using enum raft::Membership;
  static constexpr std::pair<const char*, raft::Membership> words[] = {{"fixed", fixed}, {"single", single}, {"joint", joint}};
};
template <>
struct Words<raft::ConfigurationCounts> {
  using enum raft::ConfigurationCounts;
  static constexpr std::pair<const char*, raft::ConfigurationCounts> words[] = {{"appended", appended}, {"applied", applied}};
};
template <>
struct Words<raft::Reads> {
  using enum raft::Reads;
  static constexpr std::pair<const char*, raft::Reads> words[] = {{"log", log}, {"heartbeat", heartbeat}, {"lease", lease}};
};
template <>
struct Words<raft::AfterPause> {
  using enum raft::AfterPause;
  static constexpr std::pair<const char*, raft::AfterPause> words[] = {{"timers-first", timers_first}, {"messages-first", messages_first}};
};
template <>
struct Words<raft::Gateway> {
  using enum raft::Gateway;
  static constexpr std::pair<const char*, raft::Gateway> words[] = {{"embedded", embedded}, {"standalone", standalone}};
};

namespace {

using Timer = Time<1'000'000, 86'400'000'000'000>;  // 1 ms to a day: below, a simulated year would not end.
using Span = Time<0, 86'400'000'000'000>;
using Count = Integer<0, 1'000'000'000>;

template <template <class> class Wrap>
std::vector<Field<RaftDocument>> raft_fields(const char* fallback) {
  using D = RaftDocument;
  return {
      field<Wrap<Timer>, &D::heartbeat>("heartbeat", fallback, "", "How often a leader lets its followers hear from it."),
      field<Wrap<Flag>, &D::heartbeat_only_when_idle>("heartbeatOnlyWhenIdle", fallback, "", "No heartbeat while an append is in flight."),
      field<Wrap<Flag>, &D::heartbeat_checks_log>("heartbeatChecksLog", fallback, "",
                                                  "A heartbeat names the entry before it and can be refused; otherwise it is bare."),
      field<Wrap<Timer>, &D::election_timeout>("electionTimeout", fallback, "", "How long a follower waits for its leader, at least."),
      field<Wrap<Timer>, &D::election_timeout_max>("electionTimeoutMax", fallback, "", "The end of the range the wait is drawn from."),
      field<Wrap<Enum<raft::TimeoutLaw>>, &D::timeout_law>("timeoutLaw", fallback, "", "How the wait is drawn."),
      field<Wrap<Enum<raft::Redraw>>, &D::redraw>("redraw", fallback, "", "When the wait is drawn anew."),
      field<Wrap<Span>, &D::tick>("tick", fallback, "", "Time is counted in ticks of this length; 0 for continuous time."),
      field<Wrap<Flag>, &D::priority_election>("priorityElection", fallback, "", "Members of low priority wait for another timeout."),
      field<Wrap<Enum<raft::PreVote>>, &D::pre_vote>("preVote", fallback, "", "Whether members are asked before a term is begun."),
      field<Wrap<Span>, &D::pre_vote_timeout>("preVoteTimeout", fallback, "", "How long that may take; 0: the election timer runs on."),
      field<Wrap<Flag>, &D::leader_grants_pre_votes>("leaderGrantsPreVotes", fallback, "",
                                                     "A leader, too, promises its vote to a log that is as new as its own."),
      field<Wrap<Enum<raft::VoteLease>>, &D::vote_lease>("voteLease", fallback, "", "What a voter that still hears its leader does when it is asked."),
      field<Wrap<Enum<raft::Trust>>, &D::trust>("trust", fallback, "", "How long it trusts it: for electionTimeout, or until its own wait is over."),
      field<Wrap<Flag>, &D::answers_stale_votes>("answersStaleVotes", fallback, "", "A candidate of an older term is refused; otherwise ignored."),
      field<Wrap<Flag>, &D::answers_stale_leaders>("answersStaleLeaders", fallback, "",
                                                   "A leader of an older term is told the present one; otherwise ignored."),
      field<Wrap<Span>, &D::check_quorum_window>("checkQuorumWindow", fallback, "",
                                                 "A leader that hears from no quorum for so long steps down; 0: never."),
      field<Wrap<Span>, &D::check_quorum_interval>("checkQuorumInterval", fallback, "", "How often it looks; 0: at each heartbeat."),
      field<Wrap<Span>, &D::vote_timeout_min>("voteTimeoutMin", fallback, "",
                                              "How long a candidate waits for votes, at least; 0: an election timeout."),
      field<Wrap<Span>, &D::vote_timeout_max>("voteTimeoutMax", fallback, "", "How long a candidate waits for votes, at most."),
      field<Wrap<Integer<0, 1000>>, &D::vote_attempts>("voteAttempts", fallback, "", "Candidacies in a row; 0: without limit."),
      field<Wrap<Flag>, &D::candidate_yields>("candidateYields", fallback, "",
                                              "A candidate that a majority refused is a follower at once; otherwise it waits for its timer."),
      field<Wrap<Integer<1, 100'000>>, &D::append_window>("appendWindow", fallback, "", "Appends in flight per follower."),
      field<Wrap<Bytes>, &D::append_batch>("appendBatch", fallback, "", "Size of one append, at most."),
      field<Wrap<Flag>, &D::probe_after_election>("probeAfterElection", fallback, "", "One append in flight until the follower's log is known."),
      field<Wrap<Flag>, &D::match_may_fall>("matchMayFall", fallback, "", "A refusal takes back what the follower once acknowledged."),
      field<Wrap<Flag>, &D::announce_commit>("announceCommit", fallback, "",
                                             "What has been committed is told at once, not with the next append or heartbeat only."),
      field<Wrap<Enum<raft::Replication>>, &D::replication>("replication", fallback, "", "Whether the leader sends or the follower fetches."),
      field<Wrap<Flag>, &D::transfer_on_stop>("transferOnStop", fallback, "", "A leader that stops in good order hands over first."),
      field<Wrap<Span>, &D::transfer_timeout>("transferTimeout", fallback, "", "When a transfer is given up; 0: after an election timeout."),
      field<Wrap<Enum<raft::Rebalance>>, &D::rebalance>("rebalance", fallback, "", "How leadership goes back to the members of first choice."),
      field<Wrap<Enum<raft::Membership>>, &D::membership>("membership", fallback, "",
                                                          "How members change: not at all, one at a time, or through a joint configuration."),
      field<Wrap<Enum<raft::ConfigurationCounts>>, &D::configuration_counts>(
          "configurationCounts", fallback, "", "Whether a configuration counts when it is appended or when it is applied."),
      field<Wrap<Span>, &D::snapshot_period>("snapshotPeriod", fallback, "", "How often a snapshot is taken; 0: by entries, or never."),
      field<Wrap<Count>, &D::snapshot_entries>("snapshotEntries", fallback, "", "A snapshot is taken each so many entries; 0: by time, or never."),
      field<Wrap<Count>, &D::snapshot_keep>("snapshotKeep", fallback, "", "Entries before a snapshot that stay in the log."),
      field<Wrap<Count>, &D::snapshot_prefer>("snapshotPrefer", fallback, "",
                                              "A follower so many entries behind the snapshot is sent it rather than the entries; 0: never."),
      field<Wrap<Flag>, &D::snapshot_on_demand>("snapshotOnDemand", fallback, "",
                                                "The snapshot that is sent is taken at that moment; otherwise it is the last one on disk."),
      field<Wrap<Bytes>, &D::snapshot_chunk>("snapshotChunk", fallback, "", "A snapshot is sent in chunks of this size, one at a time; 0: whole."),
      field<Wrap<Span>, &D::snapshot_timeout>("snapshotTimeout", fallback, "", "When a chunk without an answer is sent again; 0: never by itself."),
      field<Wrap<Enum<raft::Reads>>, &D::reads>("reads", fallback, "", "How a leader makes sure that a read is not stale."),
      field<Wrap<Span>, &D::lease>("lease", fallback, "", "How long after a quorum's answers a leader serves reads; 0: without a lease."),
      field<Wrap<Span>, &D::quiesce_after>("quiesceAfter", fallback, "", "A group with nothing to do for so long falls silent; 0: never."),
      field<Wrap<Flag>, &D::hung_disk_stops_heartbeats>("hungDiskStopsHeartbeats", fallback, "",
                                                        "Heartbeats come from the thread that waits for the disk."),
      field<Wrap<Span>, &D::leader_gone_after>(
          "leaderGoneAfter", fallback, "",
          "How long after a leader's crash gossip tells the others, and they campaign (silent ones only, where groups fall silent); 0: it does not."),
      field<Wrap<Flag>, &D::follower_flush_before_ack>("followerFlushBeforeAck", fallback, "", "A follower's write is durable before it answers."),
      field<Wrap<Flag>, &D::leader_flush_before_commit>("leaderFlushBeforeCommit", fallback, "",
                                                        "The leader flushes after the quorum and before it commits."),
      field<Wrap<Span>, &D::flush_delay>("flushDelay", fallback, "", "Writes of entries reach the disk this much later, and nobody waits."),
      field<Wrap<Enum<raft::AfterPause>>, &D::after_pause>("afterPause", fallback, "", "What a process that stood still runs first."),
      field<Wrap<Enum<raft::Gateway>>, &D::gateway>("gateway", fallback, "", "Whether every broker takes requests, or a service of its own."),
      field<Wrap<AnyTime>, &D::client_timeout>("clientTimeout", fallback, "", "How long a request hangs that was lost with its leader."),
      field<Wrap<AnyTime>, &D::services_start>("servicesStart", fallback, "", "From a leader's first commit until it serves requests."),
  };
}

// Where to point at: the value if the file gives it, otherwise whatever brought the profile in.
struct Blame {
  const Place& place;
  template <class T>
  const Place& operator()(const Cited<T>& cited) const {
    return cited.given ? cited.place : place;
  }
  template <class T, class... More>
  const Place& operator()(const Cited<T>& cited, const More&... more) const {
    return cited.given ? cited.place : (*this)(more...);
  }
};

// Waits that contradict each other.
void check_waits(const RaftDocument& document, const raft::Profile& profile, const Blame& at, Context& context) {
  if (profile.heartbeat >= profile.election_timeout)
    context.error(at(document.heartbeat), "the heartbeat must be shorter than the election timeout, or no leader lives");
  if (profile.timeout_law != raft::TimeoutLaw::fixed && profile.election_timeout_max < profile.election_timeout)
    context.error(at(document.election_timeout_max), "electionTimeoutMax is below electionTimeout");
  if (profile.timeout_law == raft::TimeoutLaw::ticks) {
    if (profile.tick <= Duration{0})
      context.error(at(document.tick), "the law 'ticks' needs a tick");
    else if (profile.election_timeout % profile.tick != Duration{0})
      context.error(at(document.election_timeout), "the law 'ticks' needs an election timeout of whole ticks");
  }
  if (profile.timeout_law == raft::TimeoutLaw::fixed && !profile.priority_election && (document.timeout_law.given || document.priority_election.given))
    context.warning(at(document.priority_election, document.timeout_law),
                    "a fixed wait without priorities: all time out at once; Zeebe without them waits for a random time, 'timeoutLaw: uniform'");
  if (profile.vote_timeout_max < profile.vote_timeout_min) context.error(at(document.vote_timeout_max), "voteTimeoutMax is below voteTimeoutMin");
  if (profile.append_batch_bytes < 1) context.error(at(document.append_batch), "an append carries at least one byte");
}

// Until when a voter certainly keeps to the leader it heard. A count of ticks may begin a tick early; clocks that are kept right drift apart by a
// thousandth at most, for Linux slews each by up to 500 ppm (adjtimex(2)).
Duration longest_lease(const raft::Profile& profile) {
  return profile.tick > Duration{0} ? profile.election_timeout - profile.tick : profile.election_timeout - profile.election_timeout / 1000;
}

// Rules that need each other.
void check_rules(const RaftDocument& document, const raft::Profile& profile, const Blame& at, Context& context) {
  // Who only turns priorities off means Zeebe's own way of doing without them: then nobody steps down (RaftPartition.java, shouldStepDown).
  if (profile.rebalance == raft::Rebalance::step_down && document.rebalance.given && !profile.priority_election)
    context.error(document.rebalance.place, "'rebalance: step-down' needs priorityElection, or the next leader is anybody");
  if (profile.replication == raft::Replication::pull) {
    if (profile.reads != raft::Reads::log)
      context.error(at(document.reads, document.replication),
                    "a follower that fetches confirms no heartbeat: 'replication: pull' needs 'reads: log'");
    if (profile.quiesce_after > Duration{0})
      context.error(at(document.quiesce_after, document.replication),
                    "a follower that fetches is never silent: 'replication: pull' needs 'quiesceAfter: 0'");
  }
  const raft::Snapshots& snapshots = profile.snapshots;
  const bool taken = snapshots.period > Duration{0} || snapshots.entries > 0;
  if (snapshots.period > Duration{0} && snapshots.entries > 0)
    context.error(at(document.snapshot_entries, document.snapshot_period),
                  "snapshots are taken by time or by entries: one of snapshotPeriod and snapshotEntries is 0");
  if (snapshots.period > Duration{0} && snapshots.period < std::chrono::seconds{1})
    context.error(at(document.snapshot_period), "a snapshot is taken once a second at most; 0 for none by time");
  if (!taken && snapshots.prefer > 0)
    context.error(at(document.snapshot_prefer, document.snapshot_period, document.snapshot_entries),
                  "snapshotPrefer needs snapshots: give snapshotPeriod or snapshotEntries, or set it to 0");
  if (profile.reads == raft::Reads::lease) {
    if (profile.lease <= Duration{0})
      context.error(at(document.lease, document.reads), "'reads: lease' needs a lease, such as " + number_text(seconds(longest_lease(profile)) / 2) + 's');
    else if (profile.lease > longest_lease(profile))
      context.error(at(document.lease, document.election_timeout, document.tick, document.reads),
                    "a lease ends before any voter may forget the leader: after " + number_text(seconds(longest_lease(profile))) +
                        "s here, the election timeout less " + (profile.tick > Duration{0} ? "a tick" : "what clocks drift"));
    if (profile.vote_lease != raft::VoteLease::ignore)
      context.error(at(document.reads, document.vote_lease, document.lease), "'reads: lease' needs 'voteLease: ignore', or voters do not keep to it");
  } else if (profile.lease > Duration{0}) {
    context.error(at(document.lease, document.reads), "a lease needs 'reads: lease'; nothing else reads it");
  }
  if (profile.quiesce_after > Duration{0} && profile.leader_gone_after <= Duration{0})
    context.error(at(document.quiesce_after, document.leader_gone_after),
                  "a silent group does not miss its leader: quiesceAfter needs leaderGoneAfter");
}

}  // namespace

const std::vector<Field<RaftDocument>>& Table<RaftDocument>::fields() {
  static const auto all = raft_fields<Bare>("");
  return all;
}

namespace {
const std::vector<Field<RaftDocument>>& sourced_fields() {
  static const auto all = raft_fields<Sourced>(nullptr);
  return all;
}
}  // namespace

bool SourcedRaft::read(const Node& node, RaftDocument& out, Context& context) { return read_fields(node, sourced_fields(), out, context); }

std::string SourcedRaft::schema(Definitions& definitions) { return schema_of(sourced_fields(), definitions); }

std::vector<std::pair<std::string, Duration>> derived_waits(const raft::Profile& profile) {
  return {{"electionTimeoutMax", profile.election_timeout_max},   {"tick", profile.tick},
          {"preVoteTimeout", profile.pre_vote_timeout},           {"checkQuorumWindow", profile.check_quorum.window},
          {"checkQuorumInterval", profile.check_quorum.interval}, {"voteTimeoutMin", profile.vote_timeout_min},
          {"voteTimeoutMax", profile.vote_timeout_max},           {"lease", profile.lease}};
}

void warn_of_rules_without_effect(const RaftDocument& document, Context& context) {
  const auto look = [&](const auto& cited, const char* key) {
    if (cited.given) context.warning(cited.place, std::string("'") + key + "' has no effect yet");
  };
  look(document.rebalance, "rebalance");
  look(document.membership, "membership");
  look(document.configuration_counts, "configurationCounts");
  look(document.snapshot_period, "snapshotPeriod");
  look(document.snapshot_entries, "snapshotEntries");
  look(document.snapshot_keep, "snapshotKeep");
  look(document.snapshot_prefer, "snapshotPrefer");
  look(document.snapshot_on_demand, "snapshotOnDemand");
  look(document.snapshot_chunk, "snapshotChunk");
  look(document.snapshot_timeout, "snapshotTimeout");
  look(document.reads, "reads");
  look(document.lease, "lease");
  look(document.flush_delay, "flushDelay");
}

bool apply(const RaftDocument& document, raft::Profile& profile, const Place& place, Context& context) {
  const std::size_t before = context.error_count();
  const raft::Profile old = profile;
  lay(document.heartbeat, profile.heartbeat);
  lay(document.heartbeat_only_when_idle, profile.heartbeat_only_when_idle);
  lay(document.heartbeat_checks_log, profile.heartbeat_checks_log);
  lay(document.election_timeout, profile.election_timeout);
  lay(document.election_timeout_max, profile.election_timeout_max);
  lay(document.timeout_law, profile.timeout_law);
  lay(document.redraw, profile.redraw);
  lay(document.tick, profile.tick);
  lay(document.priority_election, profile.priority_election);
  lay(document.pre_vote, profile.pre_vote);
  lay(document.pre_vote_timeout, profile.pre_vote_timeout);
  lay(document.leader_grants_pre_votes, profile.leader_grants_pre_votes);
  lay(document.vote_lease, profile.vote_lease);
  lay(document.trust, profile.trust);
  lay(document.answers_stale_votes, profile.answers_stale_votes);
  lay(document.answers_stale_leaders, profile.answers_stale_leaders);
  lay(document.check_quorum_window, profile.check_quorum.window);
  lay(document.check_quorum_interval, profile.check_quorum.interval);
  lay(document.vote_timeout_min, profile.vote_timeout_min);
  lay(document.vote_timeout_max, profile.vote_timeout_max);
  lay(document.vote_attempts, profile.vote_attempts);
  lay(document.candidate_yields, profile.candidate_yields);
  lay(document.append_window, profile.append_window);
  lay(document.append_batch, profile.append_batch_bytes);
  lay(document.probe_after_election, profile.probe_after_election);
  lay(document.match_may_fall, profile.match_may_fall);
  lay(document.announce_commit, profile.announce_commit);
  lay(document.replication, profile.replication);
  lay(document.transfer_on_stop, profile.transfer_on_stop);
  lay(document.transfer_timeout, profile.transfer_timeout);
  lay(document.rebalance, profile.rebalance);
  lay(document.membership, profile.membership);
  lay(document.configuration_counts, profile.configuration_counts);
  lay(document.snapshot_period, profile.snapshots.period);
  lay(document.snapshot_entries, profile.snapshots.entries);
  lay(document.snapshot_keep, profile.snapshots.keep);
  lay(document.snapshot_prefer, profile.snapshots.prefer);
  lay(document.snapshot_on_demand, profile.snapshots.on_demand);
  lay(document.snapshot_chunk, profile.snapshots.chunk_bytes);
  lay(document.snapshot_timeout, profile.snapshots.timeout);
  lay(document.reads, profile.reads);
  lay(document.lease, profile.lease);
  lay(document.quiesce_after, profile.quiesce_after);
  lay(document.hung_disk_stops_heartbeats, profile.hung_disk_stops_heartbeats);
  lay(document.leader_gone_after, profile.leader_gone_after);
  lay(document.follower_flush_before_ack, profile.flush.follower_before_ack);
  lay(document.leader_flush_before_commit, profile.flush.leader_before_commit);
  lay(document.flush_delay, profile.flush.delay);
  lay(document.after_pause, profile.after_pause);
  lay(document.gateway, profile.gateway);
  lay(document.client_timeout, profile.client_timeout);
  lay(document.services_start, profile.services_start);

  const Blame at{place};
  if (document.heartbeat.given && !document.tick.given && profile.tick == old.heartbeat)
    profile.tick = profile.heartbeat;  // etcd ticks once a heartbeat.
  if (document.election_timeout.given) {
    const double ratio = seconds(profile.election_timeout) / seconds(old.election_timeout);
    const auto follow = [&](const Cited<Duration>& cited, Duration& wait) {
      if (!cited.given) wait = from_seconds(seconds(wait) * ratio);
    };
    follow(document.election_timeout_max, profile.election_timeout_max);
    follow(document.pre_vote_timeout, profile.pre_vote_timeout);
    follow(document.check_quorum_window, profile.check_quorum.window);
    follow(document.check_quorum_interval, profile.check_quorum.interval);
    follow(document.vote_timeout_min, profile.vote_timeout_min);
    follow(document.vote_timeout_max, profile.vote_timeout_max);
    follow(document.lease, profile.lease);
    if (!document.lease.given) profile.lease = std::min(profile.lease, longest_lease(profile));
  }
  if (profile.timeout_law == raft::TimeoutLaw::ticks && !document.election_timeout_max.given)
    profile.election_timeout_max = profile.election_timeout * 2 - profile.tick;

  check_waits(document, profile, at, context);
  check_rules(document, profile, at, context);
  return context.error_count() == before;
}

}  // namespace nines::scenarios
