#include "tests/real/etcd_core_node.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "models/raft/core.hpp"
#include "tests/support/worlds.hpp"

namespace nines::real {

namespace {

constexpr Duration tick_length = 100ms;

int id_of(raft::Member member) { return member == raft::nobody ? 0 : member + 1; }
raft::Member member_of(int id) { return id == 0 ? raft::nobody : static_cast<raft::Member>(id - 1); }

std::string kind_text(const raft::Message& m) {
  switch (m.kind) {
    case raft::Kind::heartbeat: return "MsgHeartbeat";
    case raft::Kind::heartbeat_ack: return "MsgHeartbeatResp";
    case raft::Kind::append: return "MsgApp";
    case raft::Kind::append_ack: return "MsgAppResp";
    case raft::Kind::vote: return m.pre ? "MsgPreVote" : "MsgVote";
    case raft::Kind::vote_reply: return m.pre ? "MsgPreVoteResp" : "MsgVoteResp";
    case raft::Kind::timeout_now: return "MsgTimeoutNow";
    case raft::Kind::snapshot: return "MsgSnap";
    case raft::Kind::snapshot_ack: return "a part of a snapshot came";  // Never: snapshots are sent whole.
    case raft::Kind::fetch: return "a fetch";                           // Never: etcd's leaders push.
  }
  return "";
}

std::string role_text(raft::Role role) {
  switch (role) {
    case raft::Role::follower: return "StateFollower";
    case raft::Role::pre_candidate: return "StatePreCandidate";
    case raft::Role::candidate: return "StateCandidate";
    case raft::Role::leader: return "StateLeader";
  }
  return "";
}

std::vector<Entry> entries_of(const raft::Message& m) {
  std::vector<Entry> entries;
  const auto add = [&](raft::Term term, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const raft::Index index = m.index + entries.size() + 1;
      entries.push_back({term, index, index == m.change.index});
    }
  };
  add(m.entries_term, m.entries);
  for (std::uint8_t run = 0; run < m.more_runs; ++run) add(m.more[run].term, m.more[run].count);
  return entries;
}

Message translated(const raft::Message& m) {
  Message text{.kind = kind_text(m), .from = id_of(m.from), .to = id_of(m.to), .term = m.term};
  text.original = m;
  switch (m.kind) {
    case raft::Kind::heartbeat: text.commit = m.commit; break;
    case raft::Kind::append:
      text.index = m.index;
      text.log_term = m.log_term;
      text.commit = m.commit;
      text.entries = entries_of(m);
      break;
    case raft::Kind::append_ack:
      text.reject = m.reject;
      text.index = m.reject ? m.commit : m.index;
      if (!m.reject) break;
      text.hint = m.index;
      text.log_term = m.log_term;
      break;
    case raft::Kind::vote:
      text.index = m.index;
      text.log_term = m.log_term;
      break;
    case raft::Kind::vote_reply: text.reject = m.reject; break;
    case raft::Kind::snapshot: text.snapshot = Snapshot{m.index, m.log_term, m.change.configuration}; break;
    default: break;
  }
  return text;
}

class CoreNode : public Node {
 public:
  CoreNode(const NodeOptions& options, const raft::Profile& profile) : profile_(profile), core_(profile_, identity(options), 0ns) {
    if (options.index > 0) core_.begin_with_snapshot(options.index, 1, options.configuration);
    core_.restart(now_, 0ns, out_);
  }

  void step(const Message& message) override { take(raft::Received{std::any_cast<const raft::Message&>(message.original)}); }
  // Everything else happens between two ticks.
  void tick() override {
    now_ += tick_length / 2;
    if (core_.deadline() <= now_) take(raft::TimedOut{});
    now_ += tick_length / 2;
  }
  void campaign() override { take(raft::Campaign{}); }
  std::optional<Entry> propose() override {
    const raft::Index before = core_.log().last_index();
    take(raft::Propose{});
    return last_if_after(before);
  }
  std::optional<Entry> propose_change(const quorum::ChangeRequest& wish) override {
    const raft::Index before = core_.log().last_index();
    const quorum::Changed changed = quorum::apply(core_.configuration(), wish);
    if (changed.granted()) take(raft::Reconfigure{changed.configuration});
    const auto entry = last_if_after(before);
    return entry ? entry : propose();
  }
  void report_unreachable(int id) override { take(raft::Unreachable{member_of(id)}); }
  void compact(raft::Index index) override {
    profile_.snapshots.keep = core_.applied() - index;
    take(raft::TakeSnapshot{});
  }

  std::vector<Message> take_messages() override {
    to_disk_ = {core_.term(), core_.voted_for(), core_.log().last_index(), core_.log().last_term()};
    std::vector<Message> messages = std::exchange(at_once_, {});
    messages.insert(messages.end(), once_durable_.begin(), once_durable_.end());
    once_durable_.clear();
    return messages;
  }
  void apply(const Entry& configuration) override { take(raft::Applied{configuration.index}); }
  void durable() override { take(to_disk_); }
  void applied(raft::Index index) override { take(raft::Applied{index}); }

  NodeState state() const override {
    return {role_text(core_.role()), id_of(core_.leader()), core_.term(), id_of(core_.voted_for()), core_.commit()};
  }
  NodeLog log() const override {
    const raft::Log& log = core_.log();
    NodeLog all{{log.base(), log.base_term(), log.changes().front().configuration}, {}};
    for (raft::Index index = log.base() + 1; index <= log.last_index(); ++index)
      all.entries.push_back({log.term_at(index), index, log.next_change_after(index - 1) == index});
    return all;
  }
  quorum::Configuration configuration() const override { return core_.configuration(); }
  std::vector<ProgressLine> progress() const override {
    std::vector<ProgressLine> lines;
    for (raft::Member member = 0; member < raft::max_members && core_.role() == raft::Role::leader; ++member)
      if (quorum::contains(core_.configuration().members(), member)) lines.push_back(progress_of(member));
    return lines;
  }

 private:
  static raft::Identity identity(const NodeOptions& options) {
    raft::Identity identity;
    identity.self = member_of(options.id);
    identity.members = raft::max_members;
    identity.configuration = options.configuration;
    return identity;
  }
  void take(const raft::Input& input) {
    core_.step(now_, input, out_);
    for (const raft::Message& m : out_.now) at_once_.push_back(translated(m));
    for (const raft::Message& m : out_.once_durable) once_durable_.push_back(translated(m));
  }
  std::optional<Entry> last_if_after(raft::Index before) const {
    const raft::Log& log = core_.log();
    if (log.last_index() == before) return std::nullopt;
    return Entry{log.last_term(), log.last_index(), log.changes().back().index == log.last_index()};
  }
  ProgressLine progress_of(raft::Member member) const {
    ProgressLine line{.id = id_of(member), .state = "StateReplicate", .match = core_.durable(), .next = core_.durable() + 1};
    if (member == core_.leader()) return line;
    const raft::Progress& p = core_.progress(member);
    line.match = p.match;
    line.next = p.next;
    line.learner = quorum::contains(core_.configuration().learners, member);
    if (p.pending_snapshot != 0) {
      line.state = "StateSnapshot";
    } else if (p.probing) {
      line.state = "StateProbe";
    }
    line.paused = p.pending_snapshot != 0 || (p.probing ? p.probe_sent : p.paused);
    line.pending_snapshot = p.pending_snapshot;
    line.active = p.last_ack > last_check();
    line.in_flight = static_cast<int>(p.in_flight);
    line.full = core_.window_full(member);
    return line;
  }

  // Who has not answered since then is not active. Without check-quorum nobody asks, and one answer is enough for good.
  Instant last_check() const {
    const auto every = static_cast<std::uint64_t>(profile_.check_quorum.interval / profile_.heartbeat);
    const std::uint64_t checks = profile_.check_quorum.window > 0ns ? core_.next_beat() / every : 0;
    return checks == 0 ? long_ago : core_.beat_time(checks * every - 1);
  }

  raft::Profile profile_;
  raft::Core core_;
  raft::Output out_;
  Instant now_{tick_length / 2};
  std::vector<Message> at_once_, once_durable_;
  raft::Durable to_disk_;
};

}  // namespace

raft::Profile etcd_profile(const NodeOptions& options) {
  raft::Profile p = testing_worlds::etcd(options.pre_vote ? raft::PreVote::log_only : raft::PreVote::off);
  p.heartbeat = options.heartbeat_ticks * tick_length;
  p.election_timeout = options.election_ticks * tick_length;
  p.tick = tick_length;
  p.append_window = options.in_flight > 0 ? options.in_flight : std::numeric_limits<int>::max();
  p.append_batch_bytes = std::numeric_limits<std::int64_t>::max();
  p.snapshots.on_demand = true;
  p.answers_stale_leaders = options.check_quorum || options.pre_vote;
  if (options.check_quorum) {
    p.check_quorum = {p.election_timeout, p.election_timeout};
  } else {
    p.check_quorum = {0ns, p.election_timeout};
    p.vote_lease = raft::VoteLease::off;
  }
  return p;
}

std::unique_ptr<Node> make_core_node(const NodeOptions& options, const raft::Profile& profile) {
  return std::make_unique<CoreNode>(options, profile);
}

}  // namespace nines::real
