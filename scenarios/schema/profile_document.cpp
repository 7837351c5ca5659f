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

// A plain value.
template <class Codec>
struct Bare {
  using Value = Cited<typename Codec::Value>;
  static bool read(const Node& node, Value& out, Context& context) {
    out.place = node.place;
    out.given = true;
    out.text = node.flow();
    return Codec::read(node, out.value, context);
  }
  static std::string schema(Definitions& definitions) { return Codec::schema(definitions); }
};

// {value: 2.5s, source: "Zeebe RaftPartitionConfig.java"}.
template <class Codec>
struct Sourced {
  using Value = Cited<typename Codec::Value>;
  static bool read(const Node& node, Value& out, Context& context) {
    if (!check_map(node, {"value", "source"}, context)) return false;
    const Node* value = node.find("value");
    const Node* source = node.find("source");
    if (value == nullptr || source == nullptr) return context.error(node.place, "expected {value: ..., source: ...}");
    const Context::OneValue whole(context, *value, true);
    const bool good = Text::read(*source, out.source, context);
    return Bare<Codec>::read(*value, out, context) && good;
  }
  static std::string schema(Definitions& definitions) {
    return object_schema({{"value", Codec::schema(definitions)}, {"source", Text::schema(definitions)}}, {"value", "source"});
  }
};

using Timer = Time<1'000'000, 86'400'000'000'000>;  // 1 ms to a day: below, a simulated year would not end.
using Span = Time<0, 86'400'000'000'000>;

template <template <class> class Wrap>
std::vector<Field<RaftDocument>> raft_fields(const char* fallback) {
  using D = RaftDocument;
  return {
      field<Wrap<Timer>, &D::heartbeat>("heartbeat", fallback, "", "How often a leader lets its followers hear from it."),
      field<Wrap<Flag>, &D::heartbeat_only_when_idle>("heartbeatOnlyWhenIdle", fallback, "", "No heartbeat while an append is in flight."),
      field<Wrap<Timer>, &D::election_timeout>("electionTimeout", fallback, "", "How long a follower waits for its leader, at least."),
      field<Wrap<Timer>, &D::election_timeout_max>("electionTimeoutMax", fallback, "", "The end of the range the wait is drawn from."),
      field<Wrap<Enum<raft::TimeoutLaw>>, &D::timeout_law>("timeoutLaw", fallback, "", "How the wait is drawn."),
      field<Wrap<Enum<raft::Redraw>>, &D::redraw>("redraw", fallback, "", "When the wait is drawn anew."),
      field<Wrap<Span>, &D::tick>("tick", fallback, "", "Time is counted in ticks of this length; 0 for continuous time."),
      field<Wrap<Flag>, &D::priority_election>("priorityElection", fallback, "", "Members of low priority wait for another timeout."),
      field<Wrap<Enum<raft::PreVote>>, &D::pre_vote>("preVote", fallback, "", "Whether members are asked before a term is begun."),
      field<Wrap<Span>, &D::pre_vote_timeout>("preVoteTimeout", fallback, "", "How long that may take; 0: the election timer runs on."),
      field<Wrap<Enum<raft::VoteLease>>, &D::vote_lease>("voteLease", fallback, "", "What a voter that still hears its leader does when it is asked."),
      field<Wrap<Span>, &D::check_quorum_window>("checkQuorumWindow", fallback, "",
                                                 "A leader that hears from no quorum for so long steps down; 0: never."),
      field<Wrap<Span>, &D::check_quorum_interval>("checkQuorumInterval", fallback, "", "How often it looks; 0: at each heartbeat."),
      field<Wrap<Span>, &D::vote_timeout_min>("voteTimeoutMin", fallback, "",
                                              "How long a candidate waits for votes, at least; 0: an election timeout."),
      field<Wrap<Span>, &D::vote_timeout_max>("voteTimeoutMax", fallback, "", "How long a candidate waits for votes, at most."),
      field<Wrap<Integer<0, 1000>>, &D::vote_attempts>("voteAttempts", fallback, "", "Candidacies in a row; 0: without limit."),
      field<Wrap<Integer<1, 100'000>>, &D::append_window>("appendWindow", fallback, "", "Appends in flight per follower."),
      field<Wrap<Bytes>, &D::append_batch>("appendBatch", fallback, "", "Size of one append, at most."),
      field<Wrap<Flag>, &D::probe_after_election>("probeAfterElection", fallback, "", "One append in flight until the follower's log is known."),
      field<Wrap<Flag>, &D::transfer_on_stop>("transferOnStop", fallback, "", "A leader that stops in good order hands over first."),
      field<Wrap<Flag>, &D::follower_flush_before_ack>("followerFlushBeforeAck", fallback, "", "A follower's write is durable before it answers."),
      field<Wrap<Flag>, &D::leader_flush_before_commit>("leaderFlushBeforeCommit", fallback, "",
                                                        "The leader flushes after the quorum and before it commits."),
      field<Wrap<Enum<raft::AfterPause>>, &D::after_pause>("afterPause", fallback, "", "What a process that stood still runs first."),
      field<Wrap<Enum<raft::Gateway>>, &D::gateway>("gateway", fallback, "", "Whether every broker takes requests, or a service of its own."),
      field<Wrap<AnyTime>, &D::client_timeout>("clientTimeout", fallback, "", "How long a request hangs that was lost with its leader."),
      field<Wrap<AnyTime>, &D::services_start>("servicesStart", fallback, "", "From a leader's first commit until it serves requests."),
  };
}

template <class T, class Target>
void lay(const Cited<T>& cited, Target& target) {
  if (cited.given) target = cited.value;
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
  return {{"electionTimeoutMax", profile.election_timeout_max},
          {"tick", profile.tick},
          {"preVoteTimeout", profile.pre_vote_timeout},
          {"checkQuorumWindow", profile.check_quorum.window},
          {"checkQuorumInterval", profile.check_quorum.interval},
          {"voteTimeoutMin", profile.vote_timeout_min},
          {"voteTimeoutMax", profile.vote_timeout_max}};
}

bool apply(const RaftDocument& document, raft::Profile& profile, const Place& place, Context& context) {
  const std::size_t before = context.error_count();
  const raft::Profile old = profile;
  lay(document.heartbeat, profile.heartbeat);
  lay(document.heartbeat_only_when_idle, profile.heartbeat_only_when_idle);
  lay(document.election_timeout, profile.election_timeout);
  lay(document.election_timeout_max, profile.election_timeout_max);
  lay(document.timeout_law, profile.timeout_law);
  lay(document.redraw, profile.redraw);
  lay(document.tick, profile.tick);
  lay(document.priority_election, profile.priority_election);
  lay(document.pre_vote, profile.pre_vote);
  lay(document.pre_vote_timeout, profile.pre_vote_timeout);
  lay(document.vote_lease, profile.vote_lease);
  lay(document.check_quorum_window, profile.check_quorum.window);
  lay(document.check_quorum_interval, profile.check_quorum.interval);
  lay(document.vote_timeout_min, profile.vote_timeout_min);
  lay(document.vote_timeout_max, profile.vote_timeout_max);
  lay(document.vote_attempts, profile.vote_attempts);
  lay(document.append_window, profile.append_window);
  lay(document.append_batch, profile.append_batch_bytes);
  lay(document.probe_after_election, profile.probe_after_election);
  lay(document.transfer_on_stop, profile.transfer_on_stop);
  lay(document.follower_flush_before_ack, profile.flush.follower_before_ack);
  lay(document.leader_flush_before_commit, profile.flush.leader_before_commit);
  lay(document.after_pause, profile.after_pause);
  lay(document.gateway, profile.gateway);
  lay(document.client_timeout, profile.client_timeout);
  lay(document.services_start, profile.services_start);

  const auto at = [&](const auto& cited) { return cited.given ? cited.place : place; };
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
  }
  if (profile.timeout_law == raft::TimeoutLaw::ticks && !document.election_timeout_max.given)
    profile.election_timeout_max = profile.election_timeout * 2 - profile.tick;

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
  if (profile.vote_timeout_max < profile.vote_timeout_min) context.error(at(document.vote_timeout_max), "voteTimeoutMax is below voteTimeoutMin");
  if (profile.append_batch_bytes < 1) context.error(at(document.append_batch), "an append carries at least one byte");
  return context.error_count() == before;
}

}  // namespace nines::scenarios
