// What sleeping needs of a replica: is it calm, and what is its state at a later instant of the calm stretch. Whatever these states leave
// open (contacts, acknowledgements in flight) is overwritten by the look-back window that is run after every jump.
#include <algorithm>

#include "models/raft/core.hpp"

namespace nines::raft {

bool Core::leads_calmly(Instant now, std::uint16_t live, bool loaded) const {
  if (!committed_in_term() || transferee_ != nobody || quiescent_ || reads_waiting_ > 0) return false;
  if (configuration_.joint() || log_.changes().back().index > commit_) return false;
  const Index last = log_.last_index();
  if (!loaded && (commit_ != last || durable_index_ != last)) return false;
  for (Member member = 0; member < identity_.members; ++member) {
    if (member == identity_.self || !quorum::contains(configuration_.members(), member)) continue;
    const Progress& p = progress_[member];
    if ((live >> member & 1) != 0) {
      if (p.probing || p.pending_snapshot != 0 || p.next != last + 1) return false;
      if (p.paused && (!loaded || p.in_flight == 0)) return false;
      if (!loaded && (p.match != last || p.in_flight != 0)) return false;
      if (now - p.last_ack > profile_->election_timeout / 2) return false;
    } else if (p.pending_snapshot != 0 || (p.probing ? !p.probe_sent && p.next <= last : loaded)) {
      // Something can still be sent to a member that is not there. What it was sent before only waits until it is taken for gone.
      return false;
    }
  }
  return true;
}

bool Core::may_fall_silent(Instant last_proposal, std::uint16_t live) const {
  if (profile_->quiesce_after == 0ns || busy_at_ >= last_proposal) return false;
  // Not while somebody who is not there lacks something.
  for (Member member = 0; member < identity_.members; ++member)
    if ((live >> member & 1) == 0 && quorum::contains(peers(), member) && progress_[member].match != log_.last_index()) return false;
  return true;
}

bool Core::follows_calmly(const Core& leader, Instant next_contact) const {
  if (role_ != Role::follower || quiescent_ || leader_ != leader.identity_.self || term_ != leader.term_) return false;
  if (durable_term_ != term_ || deadline_ <= next_contact) return false;
  if (log_.last_term() != term_ || log_.last_index() > leader.log_.last_index()) return false;
  // Where one of the logs begins with a snapshot, it is enough that what is missing is of the kind that is proposed.
  const std::vector<Run>& theirs = leader.log_.runs();
  if (log_.base() != leader.log_.base()) return log_.last_index() >= (theirs.empty() ? leader.log_.last_index() : theirs.back().first);
  return log_.runs().size() == leader.log_.runs().size();
}

Instant Core::last_beat_by(Instant t) const {
  if (t < first_beat_) return first_beat_ - profile_->heartbeat;
  return beat_time(static_cast<std::uint64_t>((t - first_beat_) / profile_->heartbeat));
}

void Core::jump_as_leader(const Jump& jump) {
  log_.append(term_, jump.arrivals, jump.bytes_each);
  const Index last = log_.last_index();
  const bool early = jump.edge == Edge::earliest;
  const Index known = early ? last - std::min<Index>(jump.unacked, last - commit_) : last;
  beat_ = jump.to < first_beat_ ? 0 : static_cast<std::uint64_t>((jump.to - first_beat_) / profile_->heartbeat) + 1;
  deadline_ = beat_time(beat_);
  commit_ = applied_ = durable_index_ = known;
  if (jump.arrivals > 0) busy_at_ = jump.last_arrival;
  writing_since_ = never;
  if (profile_->flush.leader_before_commit) flushing_to_ = known;
  for (Member member = 0; member < identity_.members; ++member) {
    if (member == identity_.self) continue;
    Progress& p = progress_[member];
    if ((jump.live >> member & 1) != 0) {
      p.fetching = pulls();
      p.match = p.told_commit = known;
      p.next = last + 1;
      p.in_flight = 0;
      p.paused = false;
      p.sent_at = long_ago;
      p.last_ack = early ? std::max(p.last_ack, jump.contact) : jump.to;
    } else if (!pulls() && beat_ > 0 && beat_time(beat_ - 1) - p.last_ack > silent_after()) {
      fall_silent(p);
    }
  }
}

void Core::jump_as_follower(const Core& leader, const Jump& jump) {
  const Index last = leader.log_.last_index();  // The leader has jumped already.
  const std::uint64_t missing = last - log_.last_index();
  log_.append(term_, missing, jump.bytes_each);
  durable_index_ = last;
  commit_ = applied_ = leader.commit_;
  fetched_to_ = last;
  if (pulls()) fetch_round_ = leader.progress_[identity_.self].round;
  const Instant heard = jump.edge == Edge::earliest ? std::max(last_contact_, jump.contact) : jump.to;
  heard_leader_ = heard;
  contact(heard, {term_, 0, 0});
}

void Core::rejoin(const Core& leader, Instant now, Duration phase, Output& out) {
  durable_index_ = log_.last_index();  // What was lost with the process it has been sent again.
  restart(now, phase, out);
  leader_ = leader.identity_.self;
}

Duration Core::polls_every() const {
  if (profile_->pre_vote == PreVote::off || leader_ != nobody) return 0ns;
  const bool polls = role_ == Role::pre_candidate;
  if (polls && quorum::count(granted_) > 1) return 0ns;  // Somebody was for it; the next round may go otherwise.
  if (polls && profile_->priority_election && identity_.priority < target_priority_) return 0ns;  // It was told to poll before its turn, this once.
  // A process that stood still is late once; only a wait that began on time will begin so again.
  if (profile_->timeout_law == TimeoutLaw::fixed && profile_->pre_vote_timeout > 0ns && (polls || role_ == Role::follower)) {
    const Duration waited = polls ? profile_->pre_vote_timeout : timeout_ * (1 + identity_.target_priority - target_priority_);
    const Duration whole = timeout_ * (1 + (profile_->priority_election ? std::max(0, identity_.target_priority - identity_.priority) : 0));
    return deadline_ == last_contact_ + waited ? whole + profile_->pre_vote_timeout : 0ns;
  }
  if (profile_->timeout_law == TimeoutLaw::ticks && profile_->pre_vote_timeout == 0ns && polls)
    return deadline_ == last_contact_ + timeout_ticks_ * profile_->tick ? timeout_ticks_ * profile_->tick : 0ns;
  return 0ns;
}

void Core::jump_as_outsider(Duration later, std::uint64_t polls) {
  last_contact_ += later;
  deadline_ += later;
  attempt_ += polls;
}

void Core::begin_as_leader(Instant start, Term term) {
  Output ignored;
  term_ = durable_term_ = term;
  voted_for_ = durable_vote_ = identity_.self;
  become_leader(start, ignored);
  durable_index_ = commit_ = applied_ = flushing_to_ = log_.last_index();
  committed_in_term_ = true;
  writing_since_ = never;
  for (Progress& p : progress_) {
    p.match = p.told_commit = durable_index_;
    p.fetching = pulls();
    p.next = durable_index_ + 1;
    p.probing = p.probe_sent = false;
    p.probe_slot = 0;
    p.paused = false;
    p.in_flight = 0;
    p.sent_at = long_ago;
    p.last_ack = start;
  }
}

void Core::begin_as_follower(Instant at, Term term, Member leader) {
  term_ = durable_term_ = term;
  leader_ = leader;
  voted_for_ = durable_vote_ = leader;
  log_.append(term, 1, 0);
  durable_index_ = commit_ = applied_ = 1;
  heard_leader_ = at;
  wait_for_leader(at, {term, 0, 103});
}

}  // namespace nines::raft
