// Elections: waiting for a leader, pre-votes, votes, and the leases and priorities that profiles add.
#include <cmath>

#include "models/raft/core.hpp"

namespace nines::raft {

namespace {

enum Campaigning : std::uint32_t { by_vote = 100, by_campaign = 101, by_vote_round = 105, by_waiting = 107 };

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

Duration uniform_in(Duration low, Duration high, double u) {
  return low + Duration{static_cast<std::int64_t>(u * static_cast<double>((high - low).count()))};
}

}  // namespace

// The instant of the `ticks`-th tick of this process after `from`; a tick exactly at `from` has already been counted.
Instant Core::after_ticks(Instant from, std::int64_t ticks) const {
  const std::int64_t tick = profile_->tick.count();
  const std::int64_t passed = floor_div(count_ns(from) - phase_.count(), tick);
  return Instant{Duration{phase_.count() + (passed + ticks) * tick}};
}

std::int64_t Core::ticks_between(Instant from, Instant to) const {
  const std::int64_t tick = profile_->tick.count();
  return floor_div(count_ns(to) - phase_.count(), tick) - floor_div(count_ns(from) - phase_.count(), tick);
}

Duration Core::draw_timeout(Slot draw) const {
  if (profile_->timeout_law == TimeoutLaw::uniform)
    return uniform_in(profile_->election_timeout, profile_->election_timeout_max, identity_.timeouts.uniform(draw));
  return profile_->election_timeout;
}

// A whole new wait: every count starts again.
void Core::wait_for_leader(Instant now, Slot draw) {
  target_priority_ = identity_.target_priority;
  last_contact_ = now;
  if (profile_->timeout_law == TimeoutLaw::ticks) {
    // etcd raft.go resetRandomizedElectionTimeout: E + rand(E) ticks.
    const std::int64_t least = profile_->election_timeout / profile_->tick;
    timeout_ticks_ = least + static_cast<std::int64_t>(identity_.timeouts.uniform(draw) * static_cast<double>(least));
    deadline_ = after_ticks(now, timeout_ticks_);
    return;
  }
  timeout_ = draw_timeout(draw);
  deadline_ = now + timeout_;
}

// The leader spoke, or this replica gave its vote: the present wait starts again.
void Core::contact(Instant now, Slot draw) {
  target_priority_ = identity_.target_priority;
  last_contact_ = now;
  fetched_again_ = false;
  switch (profile_->timeout_law) {
    case TimeoutLaw::ticks: deadline_ = after_ticks(now, timeout_ticks_); return;
    case TimeoutLaw::uniform:
      if (profile_->redraw == Redraw::each_reset) timeout_ = draw_timeout(draw);
      break;
    case TimeoutLaw::fixed: break;
  }
  deadline_ = now + (pulls() && leader_ != nobody ? timeout_ / 2 : timeout_);
}

// Only a voter that holds data and knows its configuration may lead. One that has yet to apply a committed configuration would count with
// the old one (etcd issue 7280); one whose removal is not known to be committed may be the only one that can still bring it about (thesis 4.2.2).
bool Core::electable() const {
  if (quorum::contains(configuration_.witnesses, identity_.self)) return false;
  const bool applied = profile_->configuration_counts == ConfigurationCounts::applied;
  if (!quorum::contains(configuration_.voters(), identity_.self)) {
    const std::vector<Change>& changes = log_.changes();
    const bool undecided = !applied && changes.size() > 1 && changes.back().index > commit_;
    return undecided && !planted(Bug::removed_never_campaigns) && quorum::contains(changes[changes.size() - 2].configuration.voters(), identity_.self);
  }
  const Index waiting = applied ? log_.next_change_after(applied_) : 0;
  return waiting == 0 || waiting > commit_;
}

void Core::waited_in_vain(Instant now, Output& out) {
  if (electable() && fetch_again(out)) return;
  if (profile_->trust == Trust::own_wait && leader_ != nobody) {
    leader_ = nobody;  // Whether it campaigns now or not, it no longer keeps others from it.
    out.changed = true;
  }
  if (!electable()) {
    if (role_ != Role::follower) return become_follower(now, nobody, out);
    return contact(now, {term_, attempt_, by_waiting});
  }
  if (role_ == Role::follower) {
    // Zeebe PriorityElectionTimer: below the target, wait once more and lower the target by one.
    if (profile_->priority_election && identity_.priority < target_priority_) {
      --target_priority_;
      deadline_ = now + timeout_;
      return;
    }
    return campaign(now, out);
  }
  if (role_ == Role::pre_candidate) {
    if (profile_->pre_vote_timeout > 0ns) return become_follower(now, nobody, out);
    return start_pre_vote(now, out);
  }
  if (profile_->vote_attempts > 0) {
    if (votes_tried_ >= profile_->vote_attempts) return become_follower(now, nobody, out);
    return start_election(now, false, out);
  }
  campaign(now, out);
}

void Core::campaign(Instant now, Output& out) {
  if (profile_->pre_vote != PreVote::off) return start_pre_vote(now, out);
  start_election(now, false, out);
}

void Core::start_pre_vote(Instant now, Output& out) {
  role_ = Role::pre_candidate;
  leader_ = nobody;
  ++attempt_;
  out.changed = true;
  if (votes_alone()) return start_election(now, false, out);
  last_contact_ = now;
  if (profile_->pre_vote_timeout > 0ns) {
    deadline_ = now + profile_->pre_vote_timeout;
  } else if (profile_->timeout_law == TimeoutLaw::ticks) {
    deadline_ = after_ticks(now, timeout_ticks_);  // etcd draws a new timeout with a new term only.
  } else {
    deadline_ = now + draw_timeout({term_, attempt_, by_campaign});
  }
  granted_ = only(identity_.self);  // A pre-vote binds nobody.
  ask_for_votes(true, false, out);
}

void Core::start_election(Instant now, bool transfer, Output& out) {
  ++attempt_;
  ++votes_tried_;
  ++term_;
  role_ = Role::candidate;
  leader_ = nobody;
  voted_for_ = identity_.self;
  granted_ = 0;  // Its own vote counts, and is asked for with, once it is on disk.
  quiescent_ = false;
  out.changed = true;
  persist_all(out);
  wait_for_leader(now, {term_, attempt_, by_campaign});
  if (profile_->vote_timeout_max > 0ns)
    deadline_ = now + uniform_in(profile_->vote_timeout_min, profile_->vote_timeout_max, identity_.timeouts.uniform({term_, attempt_, by_vote_round}));
  if (planted(Bug::own_vote_before_durable)) granted_ = only(identity_.self);
  ask_for_votes(false, transfer, out);
}

void Core::ask_for_votes(bool pre, bool transfer, Output& out) {
  refused_ = 0;
  for (Member to = 0; to < identity_.members; ++to) {
    if (to == identity_.self || !quorum::contains(configuration_.voters(), to)) continue;
    Message m;
    m.kind = Kind::vote;
    m.from = identity_.self;
    m.to = to;
    m.pre = pre;
    m.transfer = transfer;
    m.term = pre ? term_ + 1 : term_;
    m.index = log_.last_index();
    m.log_term = log_.last_term();
    m.slot = attempt_;
    pre || planted(Bug::own_vote_before_durable) ? out.now.push_back(m) : out.once_durable.push_back(m);
  }
}

bool Core::trusts_leader(Instant now) const {
  if (role_ == Role::leader) return true;
  if (leader_ == nobody) return false;
  if (quiescent_ || profile_->trust == Trust::own_wait) return true;
  if (profile_->tick > 0ns) return ticks_between(heard_leader_, now) < profile_->election_timeout / profile_->tick;
  return now - heard_leader_ < profile_->election_timeout;
}

void Core::on_vote(Instant now, const Message& m, Output& out) {
  Message answer = reply(m, Kind::vote_reply);
  answer.pre = m.pre;
  bool current = log_.up_to_date(m.index, m.log_term);
  if (planted(Bug::log_not_compared)) current = true;
  if (planted(Bug::index_before_term)) current = m.index >= log_.last_index();
  if (m.pre) {
    const bool may_grant = role_ != Role::leader || profile_->leader_grants_pre_votes;
    const bool fresh = profile_->pre_vote == PreVote::freshness && trusts_leader(now);
    answer.reject = !(m.term > term_ && may_grant && current && !fresh);
    if (!answer.reject) answer.term = m.term;
    out.now.push_back(answer);
    return;
  }
  const bool repeated = voted_for_ == m.from;
  const bool free = voted_for_ == nobody && leader_ == nobody;
  answer.reject = !((repeated || free) && current);
  if (answer.reject || role_ == Role::leader) {
    answer.reject = true;
    out.now.push_back(answer);
    return;
  }
  voted_for_ = m.from;
  contact(now, {term_, m.from, by_vote});
  persist_all(out);
  planted(Bug::vote_not_persisted) ? out.now.push_back(answer) : out.once_durable.push_back(answer);
}

void Core::on_vote_reply(Instant now, const Message& m, Output& out) {
  bool awaited = m.pre ? role_ == Role::pre_candidate && (m.reject || m.term == term_ + 1) : role_ == Role::candidate;
  awaited = awaited && m.slot == attempt_;
  if (planted(Bug::pre_vote_counted) && role_ == Role::candidate && m.pre) awaited = !m.reject && m.term == term_;
  if (planted(Bug::old_vote_counted) && role_ == Role::candidate && !m.pre) awaited = true;
  if (!awaited) return;
  if (planted(Bug::duplicate_vote_counted) && !m.pre && !m.reject && quorum::contains(granted_, m.from))
    granted_ = static_cast<Members>(granted_ | ((granted_ + 1u) & configuration_.voters()));
  Members& counted = m.reject ? refused_ : granted_;
  counted = static_cast<Members>(counted | only(m.from));
  count_votes(now, m.pre && !(planted(Bug::pre_vote_counted) && role_ == Role::candidate), out);
}

void Core::count_votes(Instant now, bool pre, Output& out) {
  Configuration counted = configuration_;
  if (planted(Bug::joint_counts_new_only)) counted.outgoing = 0;
  switch (quorum::vote_result(granted_, refused_, counted)) {
    case quorum::Vote::won: return pre ? start_election(now, false, out) : become_leader(now, out);
    case quorum::Vote::lost:
      if (profile_->candidate_yields) become_follower(now, nobody, out);
      return;
    case quorum::Vote::pending: return;
  }
}

void Core::become_leader(Instant now, Output& out) {
  role_ = Role::leader;
  leader_ = identity_.self;
  term_start_ = log_.last_index() + 1;
  committed_in_term_ = false;
  votes_tried_ = 0;
  flushing_to_ = 0;
  transferee_ = nobody;
  reads_waiting_ = reads_next_ = 0;
  busy_at_ = now;
  writing_since_ = never;
  out.changed = true;
  for (Progress& p : progress_) {
    const Index known = planted(Bug::progress_not_reset) ? std::min(p.match, log_.last_index()) : 0;
    p = Progress{};
    p.match = known;
    p.next = term_start_;
    p.probing = profile_->probe_after_election;
    // A check at fixed times sees who answered since the last one; a running window starts full.
    if (profile_->check_quorum.interval == 0ns) p.last_ack = now;
  }
  log_.append(term_, 1, 0);  // Raft 8: an entry of its own term tells a leader what is committed.
  first_beat_ = profile_->tick > 0ns ? after_ticks(now, 1) : now + profile_->heartbeat;
  beat_ = 0;
  deadline_ = beat_time(0);
  leader_appended(now, out);
  if (pulls()) answer_fetches(now, out);
  if (forced_) append_configuration(now, configuration_, out);
  forced_ = false;
}

}  // namespace nines::raft
