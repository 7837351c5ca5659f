// The client of writer_main.cpp in the simulated world, request by request: the same periods, timeouts and retries, and what an etcd member
// does with a put. Time passes for the cluster and the client together.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "sim/base/time.hpp"
#include "tests/reference/trial.hpp"

namespace nines::real_etcd {

struct ClientRules {
  Duration period{10ms};       // A put each, whatever became of the others; the k-th goes to member k modulo their number first.
  Duration timeout{1s};        // Of one attempt; the next one goes to the next member.
  Duration give_up{10s};       // No new attempt so long after the put was issued.
  Duration pause{100ms};       // After as many refusals in a row as there are members.
  Duration processing{710us};  // Of a put by a member, beside the protocol: see hop_least in simulate.cpp.
};

struct Put {
  Instant issued;
  Instant done = never;  // never: not yet, or given up.
  int attempts = 0;
  int timeouts = 0;
};

class Client {
 public:
  // The first put is issued at `start`. A member's request to another takes `one_way`, as the cluster's messages do.
  Client(reference::Trial& trial, const ClientRules& rules, Duration one_way, Instant start);

  void run_until(Instant t);
  // The process of `member` has just gone: its connections are reset, and what it held is lost.
  void reset(raft::Member member);

  const std::vector<Put>& puts() const { return puts_; }

 private:
  using Number = std::size_t;  // Of a put.
  struct Attempt {
    Number put = 0;
    int attempt = 0;  // What belongs to an earlier attempt of the put means nothing any more.
    raft::Member member = 0;
  };
  enum class What : std::uint8_t { issue, timeout, again, forwarded, answered };
  struct Event {
    What what = What::issue;
    Attempt attempt;
    raft::Member to = 0;  // forwarded
  };
  struct Entry {  // Whose put an entry is.
    raft::Term term = 0;
    Attempt attempt;
  };
  // What the client has seen of a member, and what waits there.
  struct View {
    raft::Member leader = raft::nobody;
    raft::Index commit = 0;
    std::vector<Event> waiting;              // For a leader: own puts (issue) and forwarded ones.
    std::multimap<raft::Index, Entry> open;  // Puts that this member answers once it has applied the entry.
  };

  void happen(const Event& event);
  void attempt(Number put);
  void at_member(const Attempt& attempt);
  void forwarded(const Attempt& attempt, raft::Member at);
  void forward(const Attempt& attempt, raft::Member from, raft::Member to);
  void refused(const Attempt& attempt);
  void try_next(Number put);
  void look();
  bool current(const Attempt& attempt) const;
  void later(Instant at, const Event& event) { events_.emplace(at, event); }

  reference::Trial& trial_;
  ClientRules rules_;
  Duration one_way_;
  Instant now_;
  std::multimap<Instant, Event> events_;
  std::vector<Put> puts_;
  std::vector<raft::Member> where_;   // Per put: where its present attempt goes.
  std::vector<std::size_t> refused_;  // Per put: refusals in a row.
  std::array<View, raft::max_members> of_;
};

}  // namespace nines::real_etcd
