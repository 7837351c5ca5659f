#include "models/raft/core.hpp"

namespace nines::raft {

namespace {

bool from_leader(const Message& m) { return m.kind == Kind::heartbeat || m.kind == Kind::append; }

// What a new wait for a leader began with: keys its draw when no message names it.
enum Beginning : std::uint32_t { by_restart = 102, by_term = 103, by_defeat = 104 };

}  // namespace

Core::Core(const Profile& profile, const Identity& identity, Duration phase)
    : profile_(&profile), identity_(identity), phase_(phase), target_priority_(identity.target_priority), progress_(identity.members) {}

void Core::step(Instant now, const Input& input, Output& out) {
  out.clear();
  std::visit([&](const auto& in) { on(now, in, out); }, input);
  out.deadline = deadline_;
}

void Core::restart(Instant now, Duration phase, Output& out) {
  out.clear();
  phase_ = phase;
  term_ = durable_term_;
  voted_for_ = durable_vote_;
  log_.truncate_after(durable_index_);
  role_ = Role::follower;
  leader_ = nobody;
  commit_ = 0;
  committed_in_term_ = false;
  votes_tried_ = 0;
  heard_leader_ = long_ago;
  wait_for_leader(now, {term_, attempt_, by_restart});
  out.changed = true;
  out.deadline = deadline_;
}

void Core::resume(Instant now, Duration length, Output& out) {
  out.clear();
  // A ticker of Go's kind holds one tick while nobody listens; the others are lost, and with them the count (time.NewTicker).
  if (profile_->tick > 0ns && role_ != Role::leader) {
    const std::int64_t lost = ticks_between(now - length, now) - 1;
    if (lost > 0) {
      last_contact_ += lost * profile_->tick;
      heard_leader_ += lost * profile_->tick;
      deadline_ += lost * profile_->tick;
    }
  }
  out.deadline = deadline_;
}

void Core::on(Instant now, const Received& input, Output& out) {
  const Message& m = input.message;
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
    // Whoever is behind learns the term from the answer; a leader steps down by it.
    if (m.kind == Kind::heartbeat || m.kind == Kind::append) {
      Message answer = reply(m, m.kind == Kind::heartbeat ? Kind::heartbeat_ack : Kind::append_ack);
      answer.reject = true;
      answer.commit = m.index;
      out.now.push_back(answer);
    } else if (m.kind == Kind::vote) {
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
      if (role_ != Role::leader && m.term == term_) start_election(now, true, out);
      return;
  }
}

void Core::on(Instant now, const TimedOut&, Output& out) {
  if (now < deadline_) return;
  if (role_ == Role::leader) return heartbeat_due(now, out);
  waited_in_vain(now, out);
}

void Core::on(Instant, const Durable& input, Output& out) {
  if (input.term >= durable_term_) {
    durable_term_ = input.term;
    durable_vote_ = input.vote;
  }
  // The entries at that index may have been replaced since the write began; then it vouches for nothing.
  if (log_.matches(input.index, input.log_term) && input.index > durable_index_) durable_index_ = input.index;
  if (role_ == Role::leader) advance_commit(out);
}

Message Core::reply(const Message& to, Kind kind) const {
  Message m;
  m.kind = kind;
  m.from = identity_.self;
  m.to = to.from;
  m.term = term_;
  m.slot = to.slot;
  return m;
}

void Core::persist_all(Output& out) const {
  out.persist = true;
  out.persist_to = log_.last_index();
}

void Core::adopt_term(Instant now, Term term, Member leader, Output& out) {
  const bool was_follower = role_ == Role::follower;
  term_ = term;
  voted_for_ = nobody;
  leader_ = leader;
  role_ = Role::follower;
  committed_in_term_ = false;
  votes_tried_ = 0;
  out.changed = true;
  // etcd resets its timer with every new term; LogCabin and Zeebe let a follower's timer run on unless it grants its vote.
  if (!was_follower || profile_->redraw == Redraw::each_term) wait_for_leader(now, {term, 0, by_term});
}

void Core::become_follower(Instant now, Member leader, Output& out) {
  role_ = Role::follower;
  leader_ = leader;
  committed_in_term_ = false;
  votes_tried_ = 0;
  wait_for_leader(now, {term_, attempt_, by_defeat});
  out.changed = true;
}

void Core::add_to(Hash& hash) const {
  hash.add(term_);
  hash.add(voted_for_);
  log_.add_to(hash);
  hash.add(durable_term_);
  hash.add(durable_vote_);
  hash.add(durable_index_);
  hash.add(static_cast<std::uint64_t>(role_));
  hash.add(leader_);
  hash.add(commit_);
  hash.add(committed_in_term_);
  hash.add(deadline_);
  hash.add(attempt_);
  if (role_ != Role::leader) {
    hash.add(last_contact_);
    hash.add(leader_ == nobody ? long_ago : heard_leader_);
    hash.add(static_cast<std::uint64_t>(timeout_ticks_));
    hash.add(static_cast<std::uint64_t>(target_priority_));
    hash.add(static_cast<std::uint64_t>(votes_tried_));
    if (role_ != Role::follower) {
      hash.add(granted_.to_ullong());
      hash.add(refused_.to_ullong());
    }
    return;
  }
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
    hash.add(p.in_flight);
    hash.add((p.probing ? 1u : 0u) + (p.probe_sent ? 2u : 0u));
    hash.add(p.probing ? p.probe_slot : 0);
    hash.add(p.last_ack);
    hash.add(p.in_flight > 0 ? p.sent_at : long_ago);
  }
}

}  // namespace nines::raft
