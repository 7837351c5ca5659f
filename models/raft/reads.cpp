// Reads that are not stale (Raft thesis 6.4), and the leader's lease.
#include <algorithm>

#include "models/raft/core.hpp"

namespace nines::raft {

void Core::on(Instant now, const Read&, Output& out) {
  if (planted(Bug::read_not_confirmed) && committed_in_term()) {
    out.reads_served = 1;
    return;
  }
  if (!committed_in_term() && !(planted(Bug::read_before_commit_in_term) && role_ == Role::leader))
    return;  // Before that a leader does not know what is committed.
  if (profile_->reads == Reads::lease && holds_lease(now)) {
    out.reads_served = 1;
    return;
  }
  if (quiescent_) wake(now);  // Whom it asks wakes by that.
  if (reads_waiting_ == 0) {
    reads_waiting_ = 1;
    return start_read_round(out);
  }
  if (planted(Bug::read_joins_running_round)) {
    ++reads_waiting_;
    return;
  }
  ++reads_next_;  // The round under way may have begun before this read.
}

void Core::start_read_round(Output& out) {
  ++round_;
  if (votes_alone()) return confirm_reads(out);
  for (Member to = 0; to < identity_.members; ++to)
    if (quorum::contains(peers(), to)) heartbeat(to, out);
}

void Core::confirm_reads(Output& out) {
  Members confirmed = only(identity_.self);
  for (Member member = 0; member < identity_.members; ++member)
    if (progress_[member].round >= round_) confirmed = static_cast<Members>(confirmed | only(member));
  if (!quorum::has_quorum(confirmed, configuration_)) return;
  out.reads_served += reads_waiting_;
  reads_waiting_ = reads_next_;
  reads_next_ = 0;
  if (reads_waiting_ > 0) start_read_round(out);
}

// A quorum answered heartbeats that were due no longer ago than the lease: none of it has voted since, as long as voters keep their word
// (vote_lease) and clocks their pace.
bool Core::holds_lease(Instant now) const {
  Members heard = only(identity_.self);
  for (Member member = 0; member < identity_.members; ++member)
    if (progress_[member].lease_from > now - profile_->lease) heard = static_cast<Members>(heard | only(member));
  return quorum::has_quorum(heard, configuration_) && transferee_ == nobody;
}

}  // namespace nines::raft
