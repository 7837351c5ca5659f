#include "tests/golden/story.hpp"

#include <cstdio>

namespace nines::golden {

namespace {

using raft::Kind;
using raft::Message;
using world::Group;

std::string time_of(Instant t) {
  char text[32];
  std::snprintf(text, sizeof text, "%12.6f s  ", seconds(t - Instant{}));
  return text;
}

std::string name_of(raft::Member member) { return member == raft::nobody ? "nobody" : "b" + std::to_string(int{member}); }

std::string entry(raft::Index index, raft::Term term) { return std::to_string(index) + "/" + std::to_string(term); }

std::string text_of(const Message& m) {
  const std::string term = " of term " + std::to_string(m.term);
  const std::string refused = m.reject ? " refused" : "";
  switch (m.kind) {
    case Kind::heartbeat: return "heartbeat" + term + " after " + entry(m.index, m.log_term) + ", commit " + std::to_string(m.commit);
    case Kind::heartbeat_ack: return "heartbeat answer" + term + refused + ", matches to " + std::to_string(m.index);
    case Kind::append: {
      std::string entries = std::to_string(m.entries) + " x term " + std::to_string(m.entries_term);
      for (std::uint8_t i = 0; i < m.more_runs; ++i) entries += ", " + std::to_string(m.more[i].count) + " x term " + std::to_string(m.more[i].term);
      return "append" + term + ": " + entries + " after " + entry(m.index, m.log_term) + ", commit " + std::to_string(m.commit);
    }
    case Kind::append_ack: return "append answer" + term + refused + (m.reject ? ", try after " : ", matches to ") + std::to_string(m.index);
    case Kind::vote:
      return std::string(m.pre ? "poll" : "vote request") + " for term " + std::to_string(m.term) + ", log to " + entry(m.index, m.log_term);
    case Kind::vote_reply: return std::string(m.pre ? "poll answer" : "vote") + " for term " + std::to_string(m.term) + (m.reject ? ": no" : ": yes");
    case Kind::timeout_now: return "hand-over" + term;
    case Kind::snapshot: return "snapshot" + term + " up to " + entry(m.index, m.log_term) + ", chunk " + std::to_string(m.slot);
    case Kind::snapshot_ack: return "snapshot answer" + term + ", chunk " + std::to_string(m.slot);
    case Kind::fetch: return "fetch" + term + " after " + entry(m.index, m.log_term);
  }
  return "";
}

std::string text_of(raft::Role role) {
  switch (role) {
    case raft::Role::follower: return "follower";
    case raft::Role::pre_candidate: return "pre-candidate";
    case raft::Role::candidate: return "candidate";
    case raft::Role::leader: return "leader";
  }
  return "";
}

// What a reader of the trace may notice of a replica.
struct Look {
  raft::Role role = raft::Role::follower;
  raft::Term term = 0;
  raft::Member vote = raft::nobody, leader = raft::nobody;
  raft::Index last = 0, durable = 0, commit = 0;
  raft::Term last_term = 0;
};

Look look(const raft::Core& core) {
  return {core.role(), core.term(), core.voted_for(), core.leader(), core.log().last_index(), core.durable(), core.commit(), core.log().last_term()};
}

std::string difference(const Look& a, const Look& b) {
  std::string text;
  const auto say = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  if (a.role != b.role || a.term != b.term) say(text_of(b.role) + " in term " + std::to_string(b.term));
  if (a.leader != b.leader && b.leader != raft::nobody && b.role == raft::Role::follower) say("follows " + name_of(b.leader));
  if (a.vote != b.vote && b.vote != raft::nobody) say("votes for " + name_of(b.vote));
  if (a.last != b.last || a.last_term != b.last_term) say("log to " + entry(b.last, b.last_term));
  if (a.durable != b.durable) say("on disk to " + std::to_string(b.durable));
  if (a.commit != b.commit) say("commit " + std::to_string(b.commit));
  return text;
}

std::string text_of(failure::Effect effect) {
  switch (effect) {
    case failure::Effect::stop: return "stop";
    case failure::Effect::planned_stop: return "planned stop";
    case failure::Effect::pause: return "pause";
    case failure::Effect::cut: return "cut";
    case failure::Effect::cut_out: return "one-way cut";
    case failure::Effect::slow: return "slowness";
    case failure::Effect::lossy: return "loss";
  }
  return "";
}

std::string text_of(const failure::Change& change, const world::Options& options) {
  const std::uint32_t which = change.element.a;
  const std::string where = change.element.scope == failure::Scope::broker ? options.brokers[which].name
                            : change.element.scope == failure::Scope::node ? options.topology.nodes[which].name
                                                                           : "element " + std::to_string(which);
  const std::string what = text_of(change.effect) + " of " + where;
  switch (change.stage) {
    case failure::Stage::announce: return what + " is announced";
    case failure::Stage::begin: return what + " begins";
    case failure::Stage::widen: return what + " goes both ways now";
    case failure::Stage::end: return what + " ends";
  }
  return "";
}

class Teller {
 public:
  Teller(testing_worlds::Stage& stage, Instant from) : stage_(stage), from_(from) { remember(); }

  void fault(const failure::Change& change) {
    tell_events(change.at);
    stage_.world.apply(change);
    line(change.at, "*   " + text_of(change, stage_.plan->options));
    tell_differences(change.at);
    tell_writable(change.at);
  }

  void tell_events(Instant until) {
    Group& group = stage_.world.group(PartitionId{0u});
    while (group.next().at < until) {
      const Group::Next next = group.next();
      const std::string what = next.message != nullptr                ? "hears " + name_of(next.message->from) + ": " + text_of(*next.message)
                               : next.event == Group::Event::durable  ? "its disk is done"
                               : next.event == Group::Event::serve    ? "its services are up"
                               : next.event == Group::Event::proposal ? "a client writes"
                                                                      : "its timer runs out";
      const bool beat = next.message == nullptr || next.message->kind == Kind::heartbeat || next.message->kind == Kind::heartbeat_ack;
      group.advance_by_one(*stage_.plan, stage_.world.scratch());
      std::string changed;
      for (raft::Member m = 0; m < before_.size(); ++m) {
        const std::string own = difference(before_[m], look(group.core(m)));
        if (!own.empty()) changed += "  -> " + (m == next.member ? "" : name_of(m) + " ") + own;
      }
      remember();
      if (beat && changed.empty() && next.event != Group::Event::serve) {
        quiet_ += next.at >= from_ ? 1 : 0;
      } else {
        line(next.at, (next.member == raft::nobody ? "*   " : name_of(next.member) + "  ") + what + changed);
      }
      tell_writable(next.at);
    }
  }

  std::string text() {
    flush();
    return text_;
  }

 private:
  void remember() {
    const Group& group = stage_.world.group(PartitionId{0u});
    before_.clear();
    for (raft::Member m = 0; m < stage_.plan->groups[0].members; ++m) before_.push_back(look(group.core(m)));
  }
  void tell_differences(Instant at) {
    const Group& group = stage_.world.group(PartitionId{0u});
    for (raft::Member m = 0; m < before_.size(); ++m)
      if (const std::string own = difference(before_[m], look(group.core(m))); !own.empty()) line(at, name_of(m) + "  " + own);
    remember();
  }
  void tell_writable(Instant at) {
    const raft::Member writer = stage_.world.group(PartitionId{0u}).writer();
    if (writer == writer_) return;
    writer_ = writer;
    line(at, writer == raft::nobody ? "*   nobody can write" : "*   " + name_of(writer) + " can write");
  }
  void flush() {
    if (quiet_ > 0) text_ += "                ... " + std::to_string(quiet_) + " quiet events\n";
    quiet_ = 0;
  }
  void line(Instant at, const std::string& what) {
    if (at < from_) return;
    flush();
    text_ += time_of(at) + what + "\n";
  }

  testing_worlds::Stage& stage_;
  Instant from_;
  std::vector<Look> before_;
  raft::Member writer_ = raft::nobody;
  int quiet_ = 0;
  std::string text_;
};

}  // namespace

std::string story(testing_worlds::Stage& stage, Instant from, Instant to) {
  Teller teller(stage, from);
  for (; stage.upcoming.at < to; stage.upcoming = stage.timeline.next(stage.upcoming.at)) teller.fault(stage.upcoming);
  teller.tell_events(to);
  return teller.text();
}

}  // namespace nines::golden
