#include "models/raft/core.hpp"

#include <algorithm>

namespace nines::raft {

namespace {

bool from_leader(const Message& m) { return m.kind == Kind::heartbeat || m.kind == Kind::append || m.kind == Kind::snapshot; }

// What a new wait for a leader began with: keys its draw when no message names it.
enum Beginning : std::uint32_t { by_restart = 102, by_term = 103, by_defeat = 104, by_gossip = 106 };

}  // namespace

Core::Core(const Profile& profile, const Identity& identity, Duration phase)
    : profile_(&profile), identity_(identity), progress_(identity.members), target_priority_(identity.target_priority), phase_(phase) {
  begin_empty();
}

void Core::begin_empty() {
  Configuration everybody;
  everybody.incoming = quorum::first_members(identity_.members);
  configuration_ = identity_.configuration.value_or(everybody);
  log_ = Log{};
  log_.begin_with(configuration_);
  snapshot_ = Change{0, configuration_};
  snapshot_term_ = 0;
}

void Core::step(Instant now, const Input& input, Output& out) {
  out.clear();
  std::visit([&](const auto& in) { on(now, in, out); }, input);
  finish(now, out);
}

void Core::step(Instant now, const Message& received, Output& out) {
  out.clear();
  on(now, received, out);
  finish(now, out);
}

void Core::finish(Instant now, Output& out) {
  if (configuration_.auto_leave && role_ == Role::leader) leave_joint(now, out);
  out.deadline = deadline_;
}

void Core::restart(Instant now, Duration phase, Output& out, Disk disk) {
  out.clear();
  phase_ = phase;
  if (disk == Disk::empty) {
    durable_term_ = 0;
    durable_vote_ = nobody;
    durable_index_ = applied_ = configured_at_ = 0;
    replaced_.clear();
    begin_empty();
    attempt_ = 0;
  } else if (!replaced_.empty()) {
    log_ = std::move(replaced_.back().log);
    durable_index_ = replaced_.back().durable;
    snapshot_ = replaced_.back().snapshot;
    snapshot_term_ = replaced_.back().snapshot_term;
    configured_at_ = replaced_.back().configured_at;
    replaced_.clear();
  }
  term_ = durable_term_;
  voted_for_ = planted(Bug::vote_forgotten) ? nobody : durable_vote_;
  if (planted(Bug::term_forgotten)) term_ = log_.last_term();
  log_.truncate_after(std::max(durable_index_, log_.base()));
  truncated_in_ = 0;  // No write is under way.
  role_ = Role::follower;
  leader_ = nobody;
  // What a configuration was applied from, or a snapshot stands for, was committed; of the rest a leader will tell.
  if (profile_->configuration_counts == ConfigurationCounts::appended) configured_at_ = log_.base();
  commit_ = applied_ = std::max(log_.base(), std::min(configured_at_, log_.last_index()));
  committed_in_term_ = false;
  quiescent_ = false;
  votes_tried_ = 0;
  heard_leader_ = long_ago;
  receiving_ = 0;
  count_configuration(now, out);
  wait_for_leader(now, {term_, attempt_, by_restart});
  out.changed = true;
  out.deadline = deadline_;
}

void Core::lose_after(Index index) {
  durable_index_ = std::min(durable_index_, std::max(index, log_.base()));
  applied_ = std::min(applied_, durable_index_);
  configured_at_ = std::min(configured_at_, durable_index_);
}

void Core::readmit(Instant now, Member member) {
  if (role_ != Role::leader) return;
  Progress& p = progress_[member] = Progress{};
  p.next = std::max<Index>(log_.last_index(), 1);
  p.probing = true;
  p.last_ack = now;
}

void Core::restore_from(const Core& survivor) {
  log_ = survivor.log_;
  log_.truncate_after(std::max(survivor.durable_index_, log_.base()));
  durable_index_ = log_.last_index();
  durable_term_ = survivor.durable_term_;
  durable_vote_ = nobody;
  snapshot_ = survivor.snapshot_;
  snapshot_term_ = survivor.snapshot_term_;
  snapshot_bytes_ = survivor.snapshot_bytes_;
  configured_at_ = std::min(survivor.configured_at_, durable_index_);
  replaced_.clear();
}

void Core::begin_with_snapshot(Index index, Term term, const Configuration& configuration) {
  log_.restart_at(index, term, configuration);
  snapshot_ = Change{index, configuration};
  snapshot_term_ = term;
  durable_index_ = commit_ = applied_ = configured_at_ = index;
  configuration_ = configuration;
}

void Core::resume(Instant now, Duration length, Output& out) {
  out.clear();
  // A ticker of Go's kind holds one tick while nobody listens; the others are lost, and with them the count (time.NewTicker).
  if (profile_->tick > 0ns && role_ != Role::leader && !quiescent_) {
    const std::int64_t lost = ticks_between(now - length, now) - 1;
    if (lost > 0) {
      last_contact_ += lost * profile_->tick;
      heard_leader_ += lost * profile_->tick;
      deadline_ += lost * profile_->tick;
    }
  }
  out.deadline = deadline_;
}

void Core::on(Instant now, const Message& m, Output& out) {
  if (quiescent_ && !from_leader(m) && m.kind != Kind::heartbeat_ack) wake(now);
  if (m.term > term_) {
    if (m.kind == Kind::vote) {
      // etcd raft.go Step: within the lease a request of a higher term is ignored altogether.
      if (!m.transfer && profile_->vote_lease == VoteLease::ignore && trusts_leader(now)) return;
      if (!m.pre) adopt_term(now, m.term, nobody, out);
    } else if (m.kind == Kind::vote_reply && m.pre && !m.reject) {
      // A promise for the term after this one: nobody is in that term yet.
    } else {
      adopt_term(now, m.term, from_leader(m) ? m.from : nobody, out);
    }
  } else if (m.term < term_) {
    if (planted(Bug::old_vote_counted) && m.kind == Kind::vote_reply && !m.reject && !m.pre) return on_vote_reply(now, m, out);
    // Whoever is behind learns the term from the answer; a leader steps down by it.
    if (from_leader(m)) {
      if (profile_->answers_stale_leaders) out.now.push_back(reply(m, Kind::append_ack));
    } else if (m.kind == Kind::vote && (m.pre || profile_->answers_stale_votes)) {
      Message answer = reply(m, Kind::vote_reply);
      answer.reject = true;
      answer.pre = m.pre;
      out.now.push_back(answer);
    }
    return;
  }
  switch (m.kind) {
    case Kind::heartbeat: return on_heartbeat(now, m, out);
    case Kind::heartbeat_ack: return on_heartbeat_ack(now, m, out);
    case Kind::append: return on_append(now, m, out);
    case Kind::append_ack: return on_append_ack(now, m, out);
    case Kind::vote: return on_vote(now, m, out);
    case Kind::vote_reply: return on_vote_reply(now, m, out);
    case Kind::timeout_now:
      if (role_ != Role::leader && m.term == term_ && electable()) start_election(now, true, out);
      return;
    case Kind::snapshot: return on_snapshot(now, m, out);
    case Kind::snapshot_ack: return on_snapshot_ack(now, m, out);
    case Kind::fetch: return on_fetch(now, m, out);
  }
}

void Core::on(Instant now, const TimedOut&, Output& out) {
  if (now < deadline_) return;
  if (role_ == Role::leader) return heartbeat_due(now, out);
  waited_in_vain(now, out);
}

void Core::on(Instant now, const Durable& input, Output& out) {
  if (input.term >= durable_term_) {
    durable_term_ = input.term;
    durable_vote_ = input.vote;
  }
  // The entries at that index may have been replaced since the write began; then it vouches for nothing. Nor does it where they came back after
  // that: the write of those between is still to come and will take them from the disk (etcd-io/raft: append ABA race).
  const bool stands = input.term >= truncated_in_ || planted(Bug::replaced_write_vouches);
  if ((stands && log_.matches(input.index, input.log_term)) || (planted(Bug::old_write_vouches) && log_.holds(input.index))) {
    durable_index_ = std::max(durable_index_, input.index);
    if (!replaced_.empty() && input.index >= log_.base()) replaced_.clear();
  }
  // A leader that flushes in series has asked for no more than a quorum holds.
  const Index asked = role_ == Role::leader && profile_->flush.leader_before_commit ? flushing_to_ : log_.last_index();
  writing_since_ = durable_index_ >= asked ? never : now;
  if (role_ == Role::candidate && input.term == term_ && input.vote == identity_.self && !quorum::contains(granted_, identity_.self)) {
    granted_ = static_cast<Members>(granted_ | only(identity_.self));
    return count_votes(now, false, out);
  }
  if (role_ == Role::leader && advance_commit(out)) announce(now, out);
  apply_ready(out);
}

void Core::address(Message& m, Member to, Kind kind) const {
  m.kind = kind;
  m.from = identity_.self;
  m.to = to;
  m.term = term_;
}

Message Core::reply(const Message& to, Kind kind) const {
  Message m;
  address(m, to.from, kind);
  m.slot = to.slot;
  return m;
}

void Core::persist_all(Output& out) const {
  out.persist = true;
  out.persist_to = log_.last_index();
}

void Core::adopt_term(Instant now, Term term, Member leader, Output& out) {
  const bool was_follower = role_ == Role::follower && !quiescent_;
  term_ = term;
  voted_for_ = nobody;
  leader_ = leader;
  role_ = Role::follower;
  committed_in_term_ = false;
  quiescent_ = false;
  votes_tried_ = 0;
  receiving_ = 0;
  out.changed = true;
  // etcd resets its timer with every new term; LogCabin and Zeebe let a follower's timer run on unless it grants its vote.
  if (!was_follower || profile_->redraw == Redraw::each_term) wait_for_leader(now, {term, 0, by_term});
}

void Core::become_follower(Instant now, Member leader, Output& out) {
  role_ = Role::follower;
  leader_ = leader;
  if (planted(Bug::vote_cleared_on_step_down)) voted_for_ = nobody;
  committed_in_term_ = false;
  quiescent_ = false;
  votes_tried_ = 0;
  wait_for_leader(now, {term_, attempt_, by_defeat});
  out.changed = true;
}

void Core::on(Instant now, const Campaign&, Output& out) {
  if (role_ == Role::leader || !electable()) return;
  quiescent_ = false;
  wait_for_leader(now, {term_, attempt_, by_gossip});
  campaign(now, out);
}

void Core::add_to(Hash& hash) const {
  hash.add(term_);
  hash.add(voted_for_);
  log_.add_to(hash);
  hash.add(durable_term_);
  hash.add(durable_vote_);
  hash.add(durable_index_);
  if (durable_index_ < log_.last_index() && truncated_in_ != 0) hash.add(truncated_in_);
  hash.add(static_cast<std::uint64_t>(role_));
  hash.add(leader_);
  hash.add(commit_);
  hash.add(applied_);
  hash.add(static_cast<std::uint64_t>(configuration_.incoming) << 32 | static_cast<std::uint64_t>(configuration_.outgoing) << 16 | configuration_.learners);
  hash.add(snapshot_.index);
  hash.add(committed_in_term_);
  hash.add(quiescent_);
  hash.add(deadline_);
  hash.add(attempt_);
  if (role_ != Role::leader) {
    hash.add(last_contact_);
    hash.add(leader_ == nobody ? long_ago : heard_leader_);
    hash.add(static_cast<std::uint64_t>(timeout_ticks_));
    hash.add(static_cast<std::uint64_t>(target_priority_));
    hash.add(static_cast<std::uint64_t>(votes_tried_));
    if (role_ != Role::follower) {
      hash.add(granted_);
      hash.add(refused_);
    }
    if (pulls()) {
      hash.add(fetched_to_);
      hash.add(fetch_round_);
      hash.add(fetched_again_);
    }
    if (receiving_ != 0) {
      hash.add(receiving_);
      hash.add(chunks_);
    }
    return;
  }
  if (profile_->quiesce_after > 0ns) hash.add(busy_at_);
  if (profile_->hung_disk_stops_heartbeats) hash.add(writing_since_);
  hash.add(first_beat_);
  hash.add(beat_);
  hash.add(flushing_to_ > durable_index_ ? flushing_to_ : 0);
  hash.add(transferee_);
  hash.add(transferee_ != nobody ? transfer_until_ : long_ago);
  for (Member member = 0; member < identity_.members; ++member) {
    if (member == identity_.self) continue;
    const Progress& p = progress_[member];
    hash.add(p.match);
    hash.add(p.next);
    hash.add(profile_->announce_commit ? p.told_commit : 0);
    hash.add(p.in_flight);
    hash.add((p.probing ? 1u : 0u) + (p.probe_sent ? 2u : 0u) + (p.paused ? 4u : 0u) + (p.fetching ? 8u : 0u));
    hash.add(p.probing ? p.probe_slot : 0);
    if (pulls()) hash.add(p.round);
    hash.add(p.pending_snapshot);
    if (p.pending_snapshot != 0) hash.add(p.chunk);
    hash.add(p.last_ack);
    hash.add(p.in_flight > 0 || p.pending_snapshot != 0 ? p.sent_at : long_ago);
  }
}

}  // namespace nines::raft
