// Replication: heartbeats, appends, what is known of each follower, and what is committed.
#include <algorithm>

#include "models/raft/core.hpp"

namespace nines::raft {

// --- The follower's side ---

void Core::follow(Instant now, const Message& m, Output& out) {
  SIM_CHECK(role_ != Role::leader, "two leaders in one term");
  if (role_ != Role::follower) {
    become_follower(now, m.from, out);
  } else if (leader_ != m.from) {
    leader_ = m.from;
    out.changed = true;
  }
  heard_leader_ = now;
  contact(now, {m.term, m.slot, static_cast<std::uint32_t>(m.kind)});
}

void Core::on_heartbeat(Instant now, const Message& m, Output& out) {
  follow(now, m, out);
  Message answer = reply(m, Kind::heartbeat_ack);
  answer.reject = !log_.matches(m.index, m.log_term);
  if (answer.reject) {
    answer.index = log_.last_not_above(std::min(m.index, log_.last_index()), m.log_term);
    answer.log_term = log_.term_at(answer.index);
    answer.commit = m.index;
  } else {
    answer.index = profile_->flush.follower_before_ack ? std::min(m.index, durable_index_) : m.index;
    commit_to(std::min(m.commit, m.index), out);
  }
  out.now.push_back(answer);
}

void Core::on_append(Instant now, const Message& m, Output& out) {
  follow(now, m, out);
  Message answer = reply(m, Kind::append_ack);
  if (!log_.matches(m.index, m.log_term)) {
    answer.reject = true;
    answer.index = log_.last_not_above(std::min(m.index, log_.last_index()), m.log_term);
    answer.log_term = log_.term_at(answer.index);
    answer.commit = m.index;
    out.now.push_back(answer);
    return;
  }
  const Index end = m.index + m.entries;
  const std::uint64_t same = log_.held(m.index + 1, m.entries, m.entries_term);
  if (same < m.entries) {
    if (log_.last_index() > m.index + same) {
      SIM_CHECK(m.index + same >= commit_, "a committed entry would be replaced");
      log_.truncate_after(m.index + same);
      durable_index_ = std::min(durable_index_, log_.last_index());
    }
    const std::uint64_t fresh = m.entries - same;
    log_.append(m.entries_term, fresh, m.bytes);
  }
  commit_to(std::min(m.commit, end), out);
  answer.index = end;
  if (durable_index_ >= end && durable_term_ == term_) {
    out.now.push_back(answer);
    return;
  }
  persist_all(out);
  profile_->flush.follower_before_ack ? out.once_durable.push_back(answer) : out.now.push_back(answer);
}

// --- The leader's side ---

void Core::on(Instant now, const Propose& input, Output& out) {
  if (role_ != Role::leader || transferee_ != nobody) return;  // Raft thesis 3.10: during a transfer the leader takes no requests.
  log_.append(term_, input.entries, input.bytes_each);
  if (!profile_->flush.leader_before_commit) persist_all(out);
  for (Member to = 0; to < identity_.members; ++to)
    if (to != identity_.self) send_append(now, to, out);
  advance_commit(out);
}

void Core::on(Instant now, const HandOver&, Output& out) {
  if (role_ != Role::leader) return;
  Member best = nobody;
  for (Member member = 0; member < identity_.members; ++member) {
    if (member == identity_.self) continue;
    const Progress& p = progress_[member];
    if (best == nobody || p.match > progress_[best].match || (p.match == progress_[best].match && p.last_ack > progress_[best].last_ack))
      best = member;
  }
  if (best == nobody) return;
  transferee_ = best;
  transfer_until_ = now + profile_->election_timeout;  // etcd raft.go tickHeartbeat: given up after an election timeout.
  offer_leadership(out);
}

// With an older log than the others' the next leader would not be elected: it is told when it has all of it.
void Core::offer_leadership(Output& out) const {
  if (progress_[transferee_].match != log_.last_index()) return;
  Message m;
  m.kind = Kind::timeout_now;
  m.from = identity_.self;
  m.to = transferee_;
  m.term = term_;
  m.slot = beat_;
  out.now.push_back(m);
}

bool Core::lost_quorum(Instant now) const {
  std::size_t heard = 1;
  for (Member member = 0; member < identity_.members; ++member)
    if (member != identity_.self && progress_[member].last_ack > now - profile_->check_quorum.window) ++heard;
  return heard < quorum();
}

// A follower that has not answered for long is tried with one append after what it is known to hold; of one that never answered this
// leader nothing is known, and trying starts where the leader's own entries do.
void Core::fall_silent(Progress& p) const {
  if (!p.probing) p.next = p.match > 0 ? p.match + 1 : term_start_;
  p.probing = p.probe_sent = true;
  p.probe_slot = 0;
  p.in_flight = 0;
  p.sent_at = long_ago;
}

void Core::heartbeat_due(Instant now, Output& out) {
  const CheckQuorum& check = profile_->check_quorum;
  if (check.window > 0ns) {
    const auto every = static_cast<std::uint64_t>(std::max<std::int64_t>(1, check.interval / profile_->heartbeat));
    if ((beat_ + 1) % every == 0 && lost_quorum(now)) return become_follower(now, nobody, out);
  }
  if (now >= transfer_until_) transferee_ = nobody;
  Message m;
  m.kind = Kind::heartbeat;
  m.from = identity_.self;
  m.term = term_;
  m.commit = commit_;
  m.slot = beat_;
  for (Member to = 0; to < identity_.members; ++to) {
    if (to == identity_.self) continue;
    Progress& p = progress_[to];
    if (now - p.last_ack > silent_after()) fall_silent(p);
    if (profile_->heartbeat_only_when_idle && p.in_flight > 0 && now - p.sent_at < profile_->election_timeout) continue;
    m.to = to;
    m.index = p.next - 1;
    m.log_term = log_.term_at(m.index);
    out.now.push_back(m);
  }
  // A slot is consumed when its time has come, also when the process stood still then.
  const std::int64_t late = (now - first_beat_) / profile_->heartbeat;
  beat_ = std::max(beat_ + 1, static_cast<std::uint64_t>(late) + 1);
  deadline_ = beat_time(beat_);
}

void Core::send_append(Instant now, Member to, Output& out) {
  Progress& p = progress_[to];
  while (p.next <= log_.last_index()) {
    if (p.probing ? p.probe_sent : p.in_flight >= static_cast<std::uint32_t>(profile_->append_window)) return;
    const Run run = log_.slice(p.next, profile_->append_batch_bytes);
    Message m;
    m.kind = Kind::append;
    m.from = identity_.self;
    m.to = to;
    m.term = term_;
    m.index = p.next - 1;
    m.log_term = log_.term_at(m.index);
    m.entries_term = run.term;
    m.entries = static_cast<std::uint32_t>(run.count);
    m.bytes = run.bytes;
    m.commit = commit_;
    m.slot = m.index + run.count;
    out.now.push_back(m);
    if (p.probing) {
      p.probe_sent = true;
      p.probe_slot = beat_;
      return;
    }
    p.next += run.count;
    ++p.in_flight;
    p.sent_at = now;
    // What is left goes out with the answers; one step sends at most a window, whose room Output bounds.
    if (p.in_flight >= 2) return;
  }
}

void Core::known_to_match(Instant now, Member from, Index match, Output& out) {
  Progress& p = progress_[from];
  const bool news = match > p.match;
  if (news) p.match = match;
  if (p.next <= p.match) p.next = p.match + 1;
  if (p.match + 1 == p.next && !p.probing) {
    p.in_flight = 0;
    p.sent_at = long_ago;
  }
  if (news) advance_commit(out);
  send_append(now, from, out);
}

// Where to go on after a refusal. Each side skips the entries of a term that the other cannot hold there (etcd raft.go, findConflictByTerm);
// and it is at least one step back, for the entry that was asked about is another one there.
Index Core::next_try(const Message& refusal) const { return std::min(refusal.commit, log_.last_not_above(refusal.index, refusal.log_term) + 1); }

void Core::on_heartbeat_ack(Instant now, const Message& m, Output& out) {
  if (role_ != Role::leader) return;
  Progress& p = progress_[m.from];
  p.last_ack = now;
  if (m.reject) {
    if (p.probing && p.probe_sent && m.slot < p.probe_slot) return;  // Sent before the probe: it says nothing of it.
    p.next = std::max(p.match + 1, std::min(p.next, next_try(m)));
    p.probing = true;
    p.probe_sent = false;
    p.in_flight = 0;
    p.sent_at = long_ago;
    return send_append(now, m.from, out);
  }
  if (p.probing && m.slot >= p.probe_slot) {
    // Everything before `next` is there. A probe that was lost goes out again; with nothing to send the follower is in step.
    if (p.probe_sent && p.next <= log_.last_index()) {
      p.probe_sent = false;
    } else {
      p.probing = p.probe_sent = false;
      p.probe_slot = 0;
    }
  }
  known_to_match(now, m.from, m.index, out);
}

void Core::on_append_ack(Instant now, const Message& m, Output& out) {
  if (role_ != Role::leader) return;
  Progress& p = progress_[m.from];
  p.last_ack = now;
  if (m.reject) {
    if (p.probing ? m.commit + 1 != p.next : m.commit < p.match) return;  // An answer that came too late.
    p.next = std::max(p.match + 1, next_try(m));
    p.probing = true;
    p.probe_sent = false;
    p.in_flight = 0;
    p.sent_at = long_ago;
    return send_append(now, m.from, out);
  }
  if (p.probing) {
    if (m.index >= p.next) {
      p.probing = p.probe_sent = false;
      p.probe_slot = 0;
      p.in_flight = 0;
    }
  } else if (p.in_flight > 0) {
    --p.in_flight;
  }
  known_to_match(now, m.from, m.index, out);
  if (m.from == transferee_) offer_leadership(out);
}

void Core::advance_commit(Output& out) {
  const bool serial = profile_->flush.leader_before_commit;
  std::array<Index, max_members> held{};
  for (Member member = 0; member < identity_.members; ++member)
    held[member] = member != identity_.self ? progress_[member].match : serial ? log_.last_index() : durable_index_;
  const auto place = held.begin() + static_cast<std::ptrdiff_t>(quorum() - 1);
  std::nth_element(held.begin(), place, held.begin() + identity_.members, std::greater<>());
  Index index = *place;
  // Raft 5.4.2 and Figure 8: only an entry of its own term is committed by counting.
  if (index <= commit_ || log_.term_at(index) != term_) return;
  if (serial && index > durable_index_) {
    // Flushed is what has a quorum, not what has been appended since: the next commit starts a flush of its own.
    if (flushing_to_ < index) {
      flushing_to_ = index;
      out.persist = true;
      out.persist_to = index;
    }
    index = durable_index_;
    if (index <= commit_ || log_.term_at(index) != term_) return;
  }
  commit_to(index, out);
}

void Core::commit_to(Index index, Output& out) {
  if (index <= commit_) return;
  commit_ = index;
  if (role_ == Role::leader && !committed_in_term_) {
    committed_in_term_ = true;
    out.changed = true;
  }
}

}  // namespace nines::raft
