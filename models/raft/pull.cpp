// Replication that the follower drives: Kafka's KRaft (KIP-595). A fetch says how far the follower's durable log goes, which acknowledges
// everything before; the leader holds it until there is something to answer, at most until its next heartbeat.
#include <algorithm>

#include "models/raft/core.hpp"

namespace nines::raft {

namespace {

constexpr std::uint64_t not_an_index = std::uint64_t{1} << 40;  // Slots of fetches that no append with entries brought on.

}  // namespace

// --- The follower's side ---

// Asks for what comes after `index`, up to which this log is the leader's; once that is on disk, for the fetch says so. `slot`: of the message
// that brought it on. Both together name the fetch: a number counted up would depend on everything that ever happened.
void Core::fetch_from(Index index, std::uint64_t slot, Output& out) {
  fetched_to_ = index;
  Message m;
  m.kind = Kind::fetch;
  m.from = identity_.self;
  m.to = leader_;
  m.term = term_;
  m.index = index;
  m.log_term = log_.term_at(index);
  m.slot = slot;
  m.round = fetch_round_ = slot ^ index << 42;
  if (durable_index_ >= index && durable_term_ == term_) return out.now.push_back(m);
  persist_all(out);
  out.once_durable.push_back(m);
}

// The answer `m` has come, and the log is the leader's up to `index`: the next fetch goes out, unless this answer was to an older one (a
// connection that is set up again may deliver twice).
void Core::answered(const Message& m, Index index, Output& out) {
  if (m.round == fetch_round_) return fetch_from(index, m.slot, out);
  if (durable_index_ < log_.last_index()) persist_all(out);
}

// Half of the wait for the leader has passed: the fetch, or its answer, may have been lost. true: it has been sent again.
bool Core::fetch_again(Output& out) {
  if (!pulls() || role_ != Role::follower || leader_ == nobody || fetched_again_) return false;
  fetched_again_ = true;
  deadline_ = last_contact_ + timeout_;
  fetch_from(std::min(fetched_to_, log_.last_index()), 2 * not_an_index + static_cast<std::uint64_t>(count_ns(last_contact_)) % not_an_index, out);
  return true;
}

// --- The leader's side ---

void Core::on_fetch(Instant now, const Message& m, Output& out) {
  if (role_ != Role::leader) return;
  Progress& p = progress_[m.from];
  p.last_ack = now;
  p.fetching = true;
  p.round = m.round;
  if (m.index < p.pending_snapshot) return send_chunk(now, m.from, out);  // It asks again: the chunk was lost.
  p.pending_snapshot = 0;
  if (m.index < log_.base() || !log_.holds(m.index) || log_.term_at(m.index) != m.log_term) {
    // It holds what this log does not: the answer names the last place where they may agree (KIP-595, DivergingEpoch).
    p.next = std::min(m.index, log_.last_not_above(m.index, m.log_term)) + 1;
    if (m.index == log_.base()) p.next = log_.base();  // They differ where this log begins: only a snapshot helps.
    p.probing = true;
    p.probe_sent = p.paused = false;
    p.in_flight = 0;
    send_append(now, m.from, Empty::send, out);
    return;
  }
  p.probing = p.probe_sent = p.paused = false;
  p.in_flight = 0;
  p.next = m.index + 1;
  known_to_match(now, m.from, m.index, out);
  if (m.from == transferee_) offer_leadership(out);
}

// At a heartbeat's time every fetch that waits is answered; who has not fetched from this leader yet is told that it leads
// (BeginQuorumEpoch).
void Core::answer_fetches(Instant now, Output& out) {
  for (Member to = 0; to < identity_.members; ++to) {
    if (!quorum::contains(peers(), to)) continue;
    Progress& p = progress_[to];
    if (now - p.last_ack > profile_->election_timeout) p.fetching = false;  // Who has waited for so long has given up.
    if (p.fetching) {
      p.paused = p.probe_sent = false;
      send_append(now, to, Empty::send, out);
    } else if ((p.match == 0 && p.round == 0) || now - p.last_ack > profile_->election_timeout) {
      heartbeat(to, out);
    }
  }
}

}  // namespace nines::raft
