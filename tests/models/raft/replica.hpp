// One replica under test, driven step by step, and the messages its peers would send it.
#pragma once

#include <deque>
#include <vector>

#include "models/raft/core.hpp"
#include "tests/support/worlds.hpp"

namespace nines::raft {

using testing_worlds::at;

inline Profile continuous(Profile profile) {  // Without ticks: instants come out round.
  profile.tick = 0ns;
  if (profile.timeout_law == TimeoutLaw::ticks) profile.timeout_law = TimeoutLaw::fixed;
  return profile;
}

// Member 0 of a group, in term 0 with an empty log and a disk that waits to be told: writes() completes what was asked for, in order.
class Replica {
 public:
  explicit Replica(const Profile& given, std::uint8_t members = 3, int priority = 3, std::uint64_t seed = 1)
      : Replica(given, identity(members, priority, seed)) {}
  Replica(const Profile& given, const Identity& identity) : profile_(given), core_(profile_, identity, 0ns) { core_.restart(Instant{}, 0ns, out_); }
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  const Core& operator*() const { return core_; }
  const Core* operator->() const { return &core_; }
  const Output& out() const { return out_; }
  Instant now() const { return now_; }

  void at(Instant t) { now_ = t; }
  void hears(const Message& m) { step(Received{m}); }
  void hears(Instant t, const Message& m) {
    now_ = t;
    hears(m);
  }
  void times_out() { times_out(core_.deadline()); }
  void times_out(Instant late) {
    now_ = late;
    step(TimedOut{});
  }
  void proposes(std::uint32_t entries = 1, std::int64_t bytes = 0) { step(Propose{entries, bytes}); }
  void hands_over() { step(HandOver{}); }
  void does(const Input& input) { step(input); }
  // The oldest write that was asked for is on disk; gives what waited for it.
  std::vector<Message> writes() {
    SIM_CHECK(!writes_.empty(), "nothing was to be written");
    const Write write = writes_.front();
    writes_.pop_front();
    step(write.durable);
    return write.messages;
  }
  void writes_all() {
    while (!writes_.empty()) writes();
  }
  bool has_to_write() const { return !writes_.empty(); }
  void restarts(Instant t) {
    now_ = t;
    writes_.clear();
    core_.restart(now_, 0ns, out_);
  }
  void resumes(Instant t, Duration length) {
    now_ = t;
    core_.resume(now_, length, out_);
  }

 private:
  struct Write {
    Durable durable;
    std::vector<Message> messages;
  };
  static Identity identity(std::uint8_t members, int priority, std::uint64_t seed) {
    Identity id;
    id.members = members;
    id.priority = priority;
    id.target_priority = members;
    id.timeouts = Stream(seed, 0, 0, Purpose::election_timeout);
    return id;
  }
  void step(const Input& input) {
    core_.step(now_, input, out_);
    if (!out_.persist) return;
    Write write{{core_.term(), core_.voted_for(), out_.persist_to, core_.log().term_at(out_.persist_to)}, {}};
    write.messages.assign(out_.once_durable.begin(), out_.once_durable.end());
    writes_.push_back(write);
  }

  Profile profile_;
  Core core_;
  Output out_;
  Instant now_{};
  std::deque<Write> writes_;
};

inline Message message(Kind kind, Member from, Term term) {
  Message m;
  m.kind = kind;
  m.from = from;
  m.to = 0;
  m.term = term;
  return m;
}

struct Entry {
  Index index = 0;
  Term term = 0;
};

inline Message heartbeat(Member from, Term term, Entry before = {}, Index commit = 0, std::uint64_t slot = 0) {
  Message m = message(Kind::heartbeat, from, term);
  m.index = before.index;
  m.log_term = before.term;
  m.commit = commit;
  m.slot = slot;
  return m;
}

// `count` entries of `entries_term` after `before`.
inline Message append(Member from, Term term, Entry before, std::uint32_t count, Term entries_term, Index commit = 0) {
  Message m = heartbeat(from, term, before, commit, before.index + count);
  m.kind = Kind::append;
  m.entries = count;
  m.entries_term = entries_term;
  return m;
}

inline Message vote_request(Member from, Term term, Entry last = {}) {
  Message m = message(Kind::vote, from, term);
  m.index = last.index;
  m.log_term = last.term;
  return m;
}

inline Message pre_vote_request(Member from, Term term, Entry last = {}) {
  Message m = vote_request(from, term, last);
  m.pre = true;
  return m;
}

enum class Answer : std::uint8_t { yes, no };

// To the last request of `replica`, whose candidacy is the `attempt`-th.
inline Message vote_reply(Member from, Term term, std::uint64_t attempt, Answer answer = Answer::yes) {
  Message m = message(Kind::vote_reply, from, term);
  m.slot = attempt;
  m.reject = answer == Answer::no;
  return m;
}

inline Message pre_vote_reply(Member from, Term term, std::uint64_t attempt, Answer answer = Answer::yes) {
  Message m = vote_reply(from, term, attempt, answer);
  m.pre = true;
  return m;
}

inline Message append_ack(Member from, Term term, Index index) {
  Message m = message(Kind::append_ack, from, term);
  m.index = index;
  m.entries = 1;
  return m;
}

// The entry at `mismatch` is another one there; what can be tried is `hint`.
inline Message append_refused(Member from, Term term, Index mismatch, Index hint) {
  Message m = append_ack(from, term, hint);
  m.reject = true;
  m.commit = mismatch;
  return m;
}

inline Message heartbeat_ack(Member from, Term term, Index index, std::uint64_t slot = 0) {
  Message m = message(Kind::heartbeat_ack, from, term);
  m.index = index;
  m.slot = slot;
  return m;
}

inline Message heartbeat_refused(Member from, Term term, Index mismatch, Index hint, std::uint64_t slot = 0) {
  Message m = heartbeat_ack(from, term, hint, slot);
  m.reject = true;
  m.commit = mismatch;
  return m;
}

// Those of `messages` that are of that kind.
template <class Messages>
std::vector<Message> of_kind(const Messages& messages, Kind kind) {
  std::vector<Message> found;
  for (const Message& m : messages)
    if (m.kind == kind) found.push_back(m);
  return found;
}

// Gives the replica a log of these terms, on disk: each term's leader is member 1.
inline void give_log(Replica& replica, const std::vector<Term>& terms) {
  Entry last;
  for (const Term term : terms) {
    replica.hears(append(1, term, last, 1, term));
    last = {last.index + 1, term};
  }
  replica.writes_all();
}

// Makes it leader of the next term by its own timer and everybody's votes.
inline void elect(Replica& replica) {
  for (int i = 0; i < 20 && replica->role() == Role::follower; ++i) replica.times_out();
  const auto attempt = [&](const Message& m) { return m.slot; };
  if (replica->role() == Role::pre_candidate) {
    const std::vector<Message> asked(replica.out().now.begin(), replica.out().now.end());
    for (const Message& m : asked)
      if (replica->role() == Role::pre_candidate) replica.hears(pre_vote_reply(m.to, m.term, attempt(m)));
  }
  if (replica->role() == Role::candidate) {
    const std::vector<Message> asked = replica.writes();
    for (const Message& m : asked)
      if (replica->role() == Role::candidate) replica.hears(vote_reply(m.to, m.term, attempt(m)));
  }
}

// What the leader has just sent to member 1, which is the follower, and everything that follows from it between the two. Gives the answers.
inline int converse(Replica& leader, Replica& follower) {
  int answers = 0;
  std::deque<Message> sent(leader.out().now.begin(), leader.out().now.end());
  const auto pass_back = [&](Message answer) {
    answer.from = 1;
    ++answers;
    leader.hears(answer);
    sent.insert(sent.end(), leader.out().now.begin(), leader.out().now.end());
    leader.writes_all();
  };
  for (; !sent.empty(); sent.pop_front()) {
    if (sent.front().to != 1) continue;
    follower.hears(sent.front());
    const std::vector<Message> at_once(follower.out().now.begin(), follower.out().now.end());
    for (const Message& answer : at_once) pass_back(answer);
    while (follower.has_to_write())
      for (const Message& answer : follower.writes()) pass_back(answer);
  }
  return answers;
}

}  // namespace nines::raft
