#include "tests/real/etcd/simulated_client.hpp"

#include <utility>

namespace nines::real_etcd {

namespace {

constexpr std::int64_t value_bytes = 80;

}  // namespace

Client::Client(reference::Trial& trial, const ClientRules& rules, Duration one_way, Instant start)
    : trial_(trial), rules_(rules), one_way_(one_way), now_(start) {
  trial_.run_until(start);
  look();
  later(start, {});
}

void Client::run_until(Instant t) {
  for (;;) {
    const Instant own = events_.begin()->first, cluster = trial_.next_event();
    if (std::min(own, cluster) >= t) break;
    now_ = std::min(own, cluster);
    if (cluster < own) {
      trial_.advance_by_one();
      look();
    } else {
      const Event event = events_.begin()->second;
      events_.erase(events_.begin());
      happen(event);
    }
  }
  now_ = t;
}

bool Client::current(const Attempt& a) const { return puts_[a.put].attempts == a.attempt && puts_[a.put].done == never; }

void Client::happen(const Event& event) {
  switch (event.what) {
    case What::issue: {
      const Number put = puts_.size();
      puts_.push_back({now_});
      where_.push_back(static_cast<raft::Member>(put % trial_.members()));
      refused_.push_back(0);
      later(now_ + rules_.period, {});
      return attempt(put);
    }
    case What::again: return attempt(event.attempt.put);
    case What::forwarded: return forwarded(event.attempt, event.to);
    case What::timeout:
      if (!current(event.attempt)) return;
      ++puts_[event.attempt.put].timeouts;
      refused_[event.attempt.put] = 0;
      return try_next(event.attempt.put);
    case What::answered:
      if (current(event.attempt)) puts_[event.attempt.put].done = now_;
      return;
  }
}

void Client::attempt(Number put) {
  if (now_ - puts_[put].issued >= rules_.give_up) return;
  const Attempt a{put, ++puts_[put].attempts, where_[put]};
  later(now_ + rules_.timeout, {What::timeout, a, 0});
  at_member(a);
}

// What a member does with a client's put (etcd 3.4): a leader appends it; a follower forwards it (raft.go stepFollower); without a leader it
// waits until there is one (raft/node.go run: propc is nil), unless the client has hung up.
void Client::at_member(const Attempt& a) {
  const raft::Member m = a.member;
  if (!world::has(trial_.group().around().alive, m)) return refused(a);
  if (world::has(trial_.group().around().paused, m)) return;  // Its kernel takes the request; nobody answers.
  const raft::Core& core = trial_.core(m);
  if (core.role() == raft::Role::leader) {
    const raft::Index index = trial_.propose(now_, m, value_bytes);
    if (index == 0) return refused(a);  // raft.go stepLeader: ErrProposalDropped while leadership is handed over.
    of_[m].open.emplace(index, Entry{core.term(), a});
    return look();
  }
  if (core.leader() != raft::nobody) return forward(a, m, core.leader());
  of_[m].waiting.push_back({What::issue, a, 0});
}

// Nobody tells the sender what becomes of a forwarded put: where it is lost, its client waits in vain.
void Client::forward(const Attempt& a, raft::Member from, raft::Member to) {
  if (world::has(trial_.group().around().reaches[from], to)) later(now_ + one_way_, {What::forwarded, a, to});
}

void Client::forwarded(const Attempt& a, raft::Member at) {
  if (!world::has(trial_.group().around().running(), at)) return;
  const raft::Core& core = trial_.core(at);
  if (core.role() == raft::Role::leader) {
    const raft::Index index = trial_.propose(now_, at, value_bytes);
    if (index != 0) of_[a.member].open.emplace(index, Entry{core.term(), a});
    return look();
  }
  if (core.leader() != raft::nobody) return forward(a, at, core.leader());
  of_[at].waiting.push_back({What::forwarded, a, at});  // rafthttp/peer.go hands proposals to raft/node.go, which waits for a leader here too.
}

void Client::refused(const Attempt& a) {
  if (!current(a)) return;
  ++refused_[a.put];
  try_next(a.put);
}

void Client::try_next(Number put) {
  where_[put] = static_cast<raft::Member>((where_[put] + 1) % trial_.members());
  if (refused_[put] < trial_.members()) return attempt(put);
  refused_[put] = 0;
  ++puts_[put].attempts;  // Nothing of the last attempt counts any more.
  later(now_ + rules_.pause, {What::again, {put, 0, 0}, 0});
}

void Client::reset(raft::Member member) {
  of_[member].waiting.clear();
  of_[member].open.clear();
  for (Number put = 0; put < puts_.size(); ++put)
    if (where_[put] == member && puts_[put].done == never && now_ - puts_[put].issued < rules_.give_up) refused({put, puts_[put].attempts, member});
}

// Answers what members have applied since the last look, and lets go what waited for a leader.
void Client::look() {
  for (raft::Member m = 0; m < trial_.members(); ++m) {
    View& view = of_[m];
    const raft::Core& core = trial_.core(m);
    if (!world::has(trial_.group().around().running(), m)) continue;
    if (core.commit() > view.commit) {
      view.commit = core.commit();
      for (auto e = view.open.begin(); e != view.open.end() && e->first <= view.commit; e = view.open.erase(e))
        if (core.log().term_at(e->first) == e->second.term) later(now_ + rules_.processing, {What::answered, e->second.attempt, 0});
    }
    if (std::exchange(view.leader, core.leader()) != core.leader() && core.leader() != raft::nobody)
      for (const Event& event : std::exchange(view.waiting, {})) {
        if (event.what == What::forwarded)
          forwarded(event.attempt, m);
        else if (current(event.attempt))
          at_member(event.attempt);
      }
  }
}

}  // namespace nines::real_etcd
