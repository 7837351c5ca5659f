// Snapshots: taken by every member for itself, with the log before them dropped, and sent to a follower that lacks what was dropped.
#include <algorithm>

#include "models/raft/core.hpp"

namespace nines::raft {

void Core::on(Instant, const TakeSnapshot& input, Output&) {
  const Index index = planted(Bug::snapshot_beyond_applied) ? std::min(log_.last_index(), durable_index_) : applied_;
  snapshot_bytes_ = input.bytes;
  if (index <= snapshot_.index) return;
  snapshot_ = log_.change_at_or_before(index);
  snapshot_.index = index;
  snapshot_term_ = log_.term_at(index);
  const Index last_dropped = index > profile_->snapshots.keep ? index - profile_->snapshots.keep : 0;
  log_.compact(std::min(last_dropped, std::min(index, durable_index_)));
}

Change Core::latest_snapshot() const {
  if (!profile_->snapshots.on_demand || applied_ <= snapshot_.index) return snapshot_;
  Change now = log_.change_at_or_before(applied_);
  now.index = applied_;
  return now;
}

bool Core::needs_snapshot(const Progress& p) const {
  if (p.next - 1 < log_.base()) return true;
  const std::uint64_t prefer = profile_->snapshots.prefer;
  return prefer > 0 && p.next + prefer < snapshot_.index;  // Zeebe LeaderAppender.shouldReplicateSnapshot.
}

void Core::send_snapshot(Instant now, Member to, Output& out) {
  Progress& p = progress_[to];
  const Change snapshot = latest_snapshot();
  SIM_CHECK(snapshot.index >= log_.base(), "a log is only dropped up to a snapshot");
  p.pending_snapshot = snapshot.index;
  p.next = snapshot.index + 1;
  p.told_commit = snapshot.index;
  p.probing = true;
  p.probe_sent = p.paused = false;
  p.in_flight = 0;
  p.chunk = 0;
  send_chunk(now, to, out);
}

void Core::send_chunk(Instant now, Member to, Output& out) {
  Progress& p = progress_[to];
  // Under the follower's feet the snapshot may have been replaced by a newer one: it begins again with that.
  Change snapshot = latest_snapshot();
  if (snapshot.index != p.pending_snapshot) {
    if (profile_->snapshots.on_demand && p.chunk == 0 && log_.holds(p.pending_snapshot)) {
      snapshot = log_.change_at_or_before(p.pending_snapshot);
      snapshot.index = p.pending_snapshot;
    } else {
      p.pending_snapshot = snapshot.index;
      p.next = snapshot.index + 1;
      p.chunk = 0;
    }
  }
  const std::int64_t size = profile_->snapshots.chunk_bytes;
  const auto chunks = static_cast<std::uint32_t>(size > 0 ? std::max<std::int64_t>(1, (snapshot_bytes_ + size - 1) / size) : 1);
  Message m;
  m.kind = Kind::snapshot;
  m.from = identity_.self;
  m.to = to;
  m.term = term_;
  m.index = snapshot.index;
  m.log_term = snapshot.index == snapshot_.index ? snapshot_term_ : log_.term_at(snapshot.index);
  m.change = snapshot;
  m.commit = commit_;
  m.slot = p.chunk;
  m.round = pulls() ? p.round : 0;
  m.entries = chunks;
  m.bytes = chunks == 1 ? snapshot_bytes_ : std::min(size, snapshot_bytes_ - static_cast<std::int64_t>(p.chunk) * size);
  out.now.push_back(m);
  p.fetching = false;
  p.sent_at = now;
}

void Core::on_snapshot(Instant now, const Message& m, Output& out) {
  follow(now, m, out);
  Message answer = reply(m, Kind::append_ack);
  answer.index = commit_;
  if (m.index <= commit_ && !planted(Bug::snapshot_rolls_back))
    return pulls() ? answered(m, commit_, out) : answer_once_durable(answer, out);  // Overtaken.
  if (log_.matches(m.index, m.log_term) ? !planted(Bug::snapshot_rolls_back) : planted(Bug::snapshot_keeps_log) && log_.holds(m.index)) {
    // Raft paper figure 13, step 6: the log holds the same; what comes after it stays.
    commit_to(m.index, out);
    answer.index = m.index;
    return pulls() ? answered(m, m.index, out) : answer_once_durable(answer, out);
  }
  // One at a time: when the one before is on disk it has replaced the log that a crash comes back to until then. This one will come again.
  if (!replaced_.empty()) return;
  if (receiving_ != m.index) {
    receiving_ = m.index;
    chunks_ = 0;
  }
  if (m.slot > chunks_ && planted(Bug::forgotten_chunk_never_repeated)) return;
  Message more = reply(m, Kind::snapshot_ack);
  more.index = m.index;
  if (m.slot > chunks_) {  // It restarted and has forgotten the chunks before: they must come again.
    more.reject = true;
    more.slot = chunks_;
    out.now.push_back(more);
    return;
  }
  chunks_ = std::max(chunks_, static_cast<std::uint32_t>(m.slot + 1));
  if (chunks_ < m.entries) {
    more.slot = chunks_ - 1;
    out.now.push_back(more);
    return;
  }
  receiving_ = 0;
  replaced_.push_back({log_, durable_index_, snapshot_, snapshot_term_, configured_at_});
  log_.restart_at(m.index, m.log_term, m.change.configuration);
  durable_index_ = 0;
  snapshot_ = m.change;
  snapshot_term_ = m.log_term;
  commit_ = applied_ = m.index;
  count_configuration(now, out);
  answer.index = m.index;
  if (pulls()) return answered(m, m.index, out);
  persist_all(out);
  planted(Bug::snapshot_acked_before_durable) ? out.now.push_back(answer) : out.once_durable.push_back(answer);
}

void Core::on_snapshot_ack(Instant now, const Message& m, Output& out) {
  if (!leads(m.from)) return;
  Progress& p = progress_[m.from];
  p.last_ack = now;
  if (p.pending_snapshot != m.index || (m.slot < p.chunk) != m.reject) return;
  p.chunk = static_cast<std::uint32_t>(m.reject ? m.slot : m.slot + 1);  // After what it holds, although that answer may have been lost.
  send_chunk(now, m.from, out);
}

}  // namespace nines::raft
