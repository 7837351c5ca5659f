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
  quiescent_ = false;
  heard_leader_ = now;
  contact(now, {m.term, m.slot, static_cast<std::uint32_t>(m.kind)});
}

void Core::on_heartbeat(Instant now, const Message& m, Output& out) {
  follow(now, m, out);
  if (pulls()) return fetch_from(log_.last_index(), slot_of_empty_answer(m.slot), out);
  Message& answer = out.now.add();
  address(answer, m.from, Kind::heartbeat_ack);
  answer.slot = m.slot;
  answer.round = m.round;
  if (!profile_->heartbeat_checks_log) {
    commit_to(std::min(m.commit, log_.last_index()), out);  // The leader names no more than this follower is known to hold.
  } else if (m.index < log_.base()) {
    answer.index = profile_->flush.follower_before_ack ? std::min(commit_, durable_index_) : commit_;  // Late: it is older than what is decided.
  } else if (!log_.matches(m.index, m.log_term)) {
    answer.reject = true;
    answer.index = log_.last_not_above(std::min(m.index, log_.last_index()), m.log_term);
    answer.log_term = log_.term_at(answer.index);
    answer.commit = m.index;
  } else {
    answer.index = profile_->flush.follower_before_ack ? std::min(m.index, durable_index_) : m.index;
    commit_to(std::min(m.commit, m.index), out);
  }
  if (m.transfer && commit_ == log_.last_index()) {
    quiescent_ = true;
    deadline_ = never;
  }
}

void Core::on_append(Instant now, const Message& m, Output& out) {
  follow(now, m, out);
  Message answer = reply(m, Kind::append_ack);
  answer.entries = static_cast<std::uint32_t>(m.last() - m.index);
  if (m.index < commit_) {  // Older than what is decided: all of it is here.
    answer.index = commit_;
    if (m.last() <= commit_) return pulls() ? answered(m, commit_, out) : answer_once_durable(answer, out);
  } else if (!log_.matches(m.index, m.log_term) && !(planted(Bug::previous_term_not_checked) && log_.holds(m.index))) {
    answer.reject = true;
    answer.index = log_.last_not_above(std::min(m.index, log_.last_index()), m.log_term);
    answer.log_term = log_.term_at(answer.index);
    answer.commit = m.index;
    if (pulls()) return answered(m, answer.index, out);
    out.now.push_back(answer);
    return;
  }
  if (planted(Bug::truncates_what_matches) && m.index >= log_.base() && m.index < log_.last_index()) {
    log_.truncate_after(m.index);
    durable_index_ = std::min(durable_index_, log_.last_index());
  }
  if (!(planted(Bug::keeps_conflicting_entries) && log_.last_index() >= m.last())) store(m);
  count_configuration(now, out);
  answer.index = m.last();
  commit_to(std::min(m.commit, planted(Bug::commits_beyond_append) ? log_.last_index() : answer.index), out);
  if (planted(Bug::acks_its_last_index)) answer.index = log_.last_index();
  if (pulls()) return answered(m, answer.index, out);
  answer_once_durable(answer, out);
}

void Core::answer_once_durable(const Message& answer, Output& out) {
  if (durable_index_ >= answer.index && durable_term_ == term_) {
    out.now.push_back(answer);
    return;
  }
  persist_all(out);
  profile_->flush.follower_before_ack && !planted(Bug::acks_before_durable) ? out.once_durable.push_back(answer) : out.now.push_back(answer);
}

// What is there already stays; what conflicts goes, with everything after it (Raft paper 5.3).
void Core::store(const Message& m) {
  Index before = m.index;
  const auto take = [&](const Segment& run) {
    const Index end = before + run.count;
    Index from = before;
    before = end;
    if (end <= log_.base()) return;
    from = std::max(from, log_.base());
    const std::uint64_t count = end - from, same = log_.held(from + 1, count, run.term);
    if (same == count) return;
    if (log_.last_index() > from + same) {
      SIM_CHECK(from + same >= commit_, "a committed entry would be replaced");
      log_.truncate_after(from + same);
      truncated_in_ = term_;
      if (!planted(Bug::truncation_stays_durable)) durable_index_ = std::min(durable_index_, log_.last_index());
    }
    log_.append(run.term, count - same, run.bytes);
    if (m.change.index > from + same && m.change.index <= end) log_.note_change(m.change);
  };
  take({m.entries_term, m.entries, static_cast<std::uint32_t>(m.bytes)});
  for (std::uint8_t i = 0; i < m.more_runs; ++i) take(m.more[i]);
}

// --- The leader's side ---

void Core::on(Instant now, const Propose& input, Output& out) {
  if (role_ != Role::leader || transferee_ != nobody) return;              // Raft thesis 3.10: during a transfer the leader takes no requests.
  if (!quorum::contains(configuration_.voters(), identity_.self)) return;  // It has been removed, and only brings that to an end.
  log_.append(term_, input.entries, input.bytes_each);
  leader_appended(now, out);
}

// After something was added to the leader's own log: write it, send it, and see whether it is committed by that.
void Core::leader_appended(Instant now, Output& out) {
  busy_at_ = now;
  if (quiescent_) wake(now);
  if (!profile_->flush.leader_before_commit) {
    persist_all(out);
    if (writing_since_ == never) writing_since_ = now;
  }
  for (Member to = 0; to < identity_.members; ++to)
    if (quorum::contains(peers(), to)) send_all_pending(now, to, out);
  if (advance_commit(out)) announce(now, out);
}

bool Core::lost_quorum(Instant now) const {
  Members heard = only(identity_.self);
  for (Member member = 0; member < identity_.members; ++member)
    if (progress_[member].last_ack > now - profile_->check_quorum.window) heard = static_cast<Members>(heard | only(member));
  return !quorum::has_quorum(heard, configuration_);
}

void Core::probe_from(Progress& p, Index next) const {
  p.next = std::max(next, p.match + 1);
  p.told_commit = std::min(p.told_commit, p.next - 1);
  p.probing = true;
  p.probe_sent = p.paused = false;
  p.pending_snapshot = 0;
  p.in_flight = 0;
  p.sent_at = long_ago;
}

// A follower that has not answered for long is tried with one append after what it is known to hold; of one that never answered this
// leader nothing is known, and trying starts where the leader's own entries do.
void Core::fall_silent(Progress& p) const {
  if (!p.probing || p.pending_snapshot != 0) probe_from(p, p.match > 0 ? p.match + 1 : term_start_);
  p.probe_sent = true;
  p.probe_slot = 0;
  p.in_flight = 0;
  p.sent_at = long_ago;
}

void Core::on(Instant, const Unreachable& input, Output&) {
  if (!leads(input.member)) return;
  Progress& p = progress_[input.member];
  // etcd raft.go MsgUnreachable: what is in flight is probably lost, so what follows must be found out again.
  if (!p.probing && p.pending_snapshot == 0) probe_from(p, p.match + 1);
}

Message& Core::heartbeat(Member to, Output& out) const {
  const Progress& p = progress_[to];
  Message& m = out.now.add();
  address(m, to, Kind::heartbeat);
  m.slot = beat_;
  m.round = round_;
  m.commit = commit_;
  if (profile_->heartbeat_checks_log) {
    m.index = std::max(p.next - 1, log_.base());
    m.log_term = log_.term_at(m.index);
  } else {
    if (!planted(Bug::commits_on_bare_heartbeat)) m.commit = std::min(p.match, commit_);
  }
  return m;
}

void Core::heartbeat_due(Instant now, Output& out) {
  const CheckQuorum& check = profile_->check_quorum;
  if (check.window > 0ns) {
    const auto every = static_cast<std::uint64_t>(std::max<std::int64_t>(1, check.interval / profile_->heartbeat));
    if ((beat_ + 1) % every == 0 && lost_quorum(now)) return become_follower(now, nobody, out);
  }
  if (now >= transfer_until_) give_up_transfer();
  if (profile_->flush.leader_before_commit && writing_since_ == never && flushing_to_ > durable_index_) writing_since_ = now;
  const bool stuck = hangs(now);
  if (!stuck && profile_->quiesce_after > 0ns) fall_quiet(now, out);
  if (pulls() && !stuck) answer_fetches(now, out);
  for (Member to = 0; to < identity_.members && !stuck && !quiescent_ && !pulls(); ++to) {
    if (!quorum::contains(peers(), to)) continue;
    Progress& p = progress_[to];
    if (now - p.last_ack > silent_after()) fall_silent(p);
    if (profile_->heartbeat_only_when_idle && p.in_flight > 0 && now - p.sent_at < profile_->election_timeout) continue;
    heartbeat(to, out);
    if (profile_->announce_commit) p.told_commit = std::min(p.match, commit_);
    const Duration patience = profile_->snapshots.timeout > 0ns ? profile_->snapshots.timeout : silent_after();
    if (p.pending_snapshot != 0 && now - p.sent_at > patience) send_chunk(now, to, out);
  }
  // A slot is consumed when its time has come, also when the process stood still then.
  const std::int64_t late = (now - first_beat_) / profile_->heartbeat;
  beat_ = std::max(beat_ + 1, static_cast<std::uint64_t>(late) + 1);
  deadline_ = quiescent_ ? never : beat_time(beat_);
}

// The thread that sends waits for the disk, and has for so long that nobody can have heard it.
bool Core::hangs(Instant now) const {
  return profile_->hung_disk_stops_heartbeats && writing_since_ != never && now - writing_since_ > profile_->election_timeout;
}

bool Core::send_append(Instant now, Member to, Empty empty, Output& out) {
  if (hangs(now)) return false;
  Progress& p = progress_[to];
  if (p.pending_snapshot != 0 || p.paused || (p.probing && p.probe_sent) || (pulls() && !p.fetching)) return false;
  if (needs_snapshot(p)) {
    send_snapshot(now, to, out);
    return true;
  }
  // With a full window an empty append finds out what became of the others (etcd raft.go maybeSendAppend).
  const bool full = !p.probing && window_full(to);
  const bool has_entries = !full && p.next <= log_.last_index();
  if (!has_entries && empty == Empty::skip) return false;
  Message& m = out.now.add();
  if (has_entries) log_.fill(m, p.next, profile_->append_batch_bytes);
  address(m, to, Kind::append);
  m.index = p.next - 1;
  m.log_term = log_.term_at(m.index);
  m.commit = commit_;
  m.round = pulls() ? p.round : 0;
  m.slot = pulls() && m.entries == 0 ? slot_of_empty_answer(beat_) : m.last();
  p.told_commit = commit_;
  p.fetching = false;
  if (p.probing) {
    p.probe_sent = m.entries > 0;
    p.probe_slot = beat_;
    return true;
  }
  if (m.entries > 0) {
    p.next = m.last() + 1;
    ++p.in_flight;
    p.sent_at = now;
  }
  p.paused = window_full(to);
  return true;
}

// What is left goes out with the answers: one step sends at most two, whose room Output bounds.
void Core::send_all_pending(Instant now, Member to, Output& out) {
  for (int sent = 0; sent < 2 && send_append(now, to, Empty::skip, out); ++sent) {
  }
}

// etcd raft.go bcastAppend: what has just been committed is told at once.
void Core::announce(Instant now, Output& out) {
  if (!profile_->announce_commit) return;
  for (Member to = 0; to < identity_.members; ++to)
    if (quorum::contains(peers(), to)) send_append(now, to, Empty::send, out);
}

void Core::known_to_match(Instant now, Member from, Index match, Output& out) {
  Progress& p = progress_[from];
  const bool news = match > p.match;
  if (news) {
    p.match = match;
    p.paused = false;
    p.next = std::max(p.next, match + 1);
  }
  if (p.pending_snapshot != 0 && p.match >= log_.base() && p.match > 0 && news) {
    // etcd raft.go: a snapshot that has been overtaken, or has arrived, no longer stops the stream.
    p.pending_snapshot = 0;
    p.probing = p.probe_sent = false;
    p.in_flight = 0;
    p.next = p.match + 1;
  }
  if (p.match + 1 == p.next && !p.probing && p.pending_snapshot == 0 && !planted(Bug::window_leaks)) {
    p.in_flight = 0;
    p.paused = false;
    p.sent_at = long_ago;
  }
  if (news && match > commit_ && advance_commit(out)) {
    announce(now, out);
  } else if (profile_->announce_commit && commit_ > p.told_commit && p.told_commit < p.next - 1) {
    send_append(now, from, Empty::send, out);  // It may lack the newest commit index (etcd tracker/progress.go CanBumpCommit).
  }
  send_all_pending(now, from, out);
}

// Where to go on after a refusal. Each side skips the entries of a term that the other cannot hold there (etcd raft.go, findConflictByTerm);
// and it is at least one step back, for the entry that was asked about is another one there.
Index Core::next_try(const Message& refusal) const { return std::min(refusal.commit, log_.last_not_above(refusal.index, refusal.log_term) + 1); }

void Core::on_heartbeat_ack(Instant now, const Message& m, Output& out) {
  if (!leads(m.from)) return;
  Progress& p = progress_[m.from];
  p.last_ack = now;
  p.round = std::max(p.round, m.round);
  // A round for reads bears the number of the heartbeat that comes after it: it was sent after the one before.
  p.lease_from = std::max(p.lease_from, beat_time(m.slot) - profile_->heartbeat);
  if (reads_waiting_ > 0) confirm_reads(out);
  if (!profile_->heartbeat_checks_log) {
    // etcd raft.go MsgHeartbeatResp: it lives, so a probe, or an empty append in a full window, may be tried again.
    if (!planted(Bug::probe_never_repeated)) p.probe_sent = p.paused = false;
    if (p.match < log_.last_index() || p.probing) send_append(now, m.from, Empty::send, out);
    return;
  }
  if (m.reject) {
    if (p.pending_snapshot != 0 || (p.probing && p.probe_sent && m.slot < p.probe_slot)) return;  // Sent before the probe: it says nothing of it.
    if (match_may_fall() && m.index < p.match) p.match = m.index;
    probe_from(p, std::min(p.next, next_try(m)));
    send_append(now, m.from, Empty::skip, out);
    return;
  }
  if (p.probing && m.slot >= p.probe_slot) {
    // Everything before `next` is there. A probe that was lost goes out again; with nothing to send the follower is in step.
    if (p.probe_sent && p.next <= log_.last_index()) {
      if (!planted(Bug::probe_never_repeated)) p.probe_sent = false;
    } else {
      p.probing = p.probe_sent = false;
      p.probe_slot = 0;
    }
  }
  known_to_match(now, m.from, m.index, out);
}

void Core::on_append_ack(Instant now, const Message& m, Output& out) {
  if (!leads(m.from)) return;
  Progress& p = progress_[m.from];
  p.last_ack = now;
  if (m.reject) {
    if (p.pending_snapshot != 0 || (p.probing ? m.commit + 1 != p.next : m.commit < p.match)) return;  // An answer that came too late.
    if (match_may_fall() && m.index < p.match) p.match = m.index;
    if (planted(Bug::refusal_taken_for_match)) p.match = std::max(p.match, m.index);
    probe_from(p, next_try(m));
    send_append(now, m.from, Empty::send, out);
    return;
  }
  if (p.probing && p.pending_snapshot == 0) {
    // It holds what the probe asked for: replicate from there (etcd raft.go MsgAppResp). An answer to less was sent before the probe: it must
    // not send the stream back.
    if (m.index >= p.match && m.index + 1 >= p.next) {
      p.probing = p.probe_sent = false;
      p.probe_slot = 0;
      p.in_flight = 0;
      p.next = m.index + 1;
    }
  } else if (p.in_flight > 0 && m.entries > 0 && !planted(Bug::window_leaks)) {
    --p.in_flight;
    p.paused = p.paused && window_full(m.from);
  }
  known_to_match(now, m.from, m.index, out);
  if (m.from == transferee_) offer_leadership(out);
}

bool Core::advance_commit(Output& out) {
  const bool serial = profile_->flush.leader_before_commit;
  std::array<Index, max_members> held{};
  for (Member member = 0; member < identity_.members; ++member)
    held[member] = member != identity_.self                             ? progress_[member].match
                   : serial || planted(Bug::leader_counts_itself_early) ? log_.last_index()
                                                                        : durable_index_;
  Configuration counted = configuration_;
  if (planted(Bug::joint_counts_new_only)) counted.outgoing = 0;
  if (planted(Bug::learner_counted)) counted.incoming = static_cast<Members>(counted.incoming | counted.learners);
  if (planted(Bug::removed_leader_counted)) counted.incoming = static_cast<Members>(counted.incoming | only(identity_.self));
  Index index = quorum::committed_index({held.data(), identity_.members}, counted);
  // Raft 5.4.2 and Figure 8: only an entry of its own term is committed by counting.
  if (index <= commit_ || index > log_.last_index() || (log_.term_at(index) != term_ && !planted(Bug::commits_by_counting))) return false;
  if (serial && index > durable_index_) {
    // Flushed is what has a quorum, not what has been appended since: the next commit starts a flush of its own.
    if (flushing_to_ < index) {
      flushing_to_ = index;
      out.persist = true;
      out.persist_to = index;
    }
    index = durable_index_;
    if (index <= commit_ || (log_.term_at(index) != term_ && !planted(Bug::commits_by_counting))) return false;
  }
  commit_to(index, out);
  return true;
}

void Core::commit_to(Index index, Output& out) {
  if (planted(Bug::commit_falls) ? index == commit_ : index <= commit_) return;
  commit_ = index;
  if (role_ == Role::leader && !committed_in_term_) {
    committed_in_term_ = true;
    out.changed = true;
  }
  apply_ready(out);
}

}  // namespace nines::raft
