// Who belongs to the group: learners, witnesses, changes of one voter at a time and through a joint configuration (Raft paper 6, thesis 4),
// and a configuration forced by an operator. What a change may look like is said in models/quorum.
#include <algorithm>

#include "models/quorum/change.hpp"
#include "models/raft/core.hpp"

namespace nines::raft {

// Takes over the configuration that counts now: the newest in the log, or the newest that has been applied.
void Core::count_configuration(Instant now, Output& out) {
  const bool applied = profile_->configuration_counts == ConfigurationCounts::applied;
  if (!applied && log_.changes().back().index == configured_at_ && log_.changes().back().configuration == configuration_) return;
  const Change& change = applied ? log_.change_at_or_before(std::max(applied_, log_.base())) : log_.changes().back();
  configured_at_ = change.index;
  if (change.configuration == configuration_) return;
  const Members before = configuration_.members();
  configuration_ = change.configuration;
  out.changed = true;
  if (role_ != Role::leader) return;
  for (Member member = 0; member < identity_.members; ++member) {
    if (member == identity_.self || quorum::contains(before, member) || !quorum::contains(configuration_.members(), member)) continue;
    // A newcomer is probed from the log's end; what it lacks is found out by its refusal (etcd confchange.go initProgress).
    Progress& p = progress_[member] = Progress{};
    p.next = std::max<Index>(log_.last_index(), 1);
    p.probing = true;
    p.last_ack = now;
  }
  if (transferee_ != nobody && !quorum::contains(configuration_.voters(), transferee_)) give_up_transfer();
}

// One change at a time, from what counts now: into a joint configuration, out of it, or by one voter.
bool Core::may_follow(const Configuration& next) const {
  if (next.incoming == 0 || !quorum::consistent(next)) return false;
  if ((next.members() >> identity_.members) != 0) return false;
  const Configuration& old = configuration_;
  if (profile_->membership == Membership::fixed) return false;
  if (old.joint()) return !next.joint() && next.incoming == old.incoming;
  if (next.joint()) return profile_->membership == Membership::joint && next.outgoing == old.incoming;
  return quorum::count(static_cast<Members>(old.incoming ^ next.incoming)) <= 1;
}

// The change before must be decided first; and without an entry of its own term committed, two leaders' single changes need share no voter
// (Ongaro, raft-dev 2015-07-10). Where a configuration counts once applied, it is enough to have applied all of the leaders before
// (etcd raft.go pendingConfIndex).
bool Core::change_may_begin() const {
  if (role_ != Role::leader || transferee_ != nobody) return false;
  if (profile_->configuration_counts == ConfigurationCounts::applied) {
    const bool decided = log_.next_change_after(applied_) == 0 || planted(Bug::changes_overlap);
    return decided && (applied_ + 1 >= term_start_ || planted(Bug::change_before_commit_in_term));
  }
  return (committed_in_term_ || planted(Bug::change_before_commit_in_term)) && (log_.changes().back().index <= commit_ || planted(Bug::changes_overlap));
}

void Core::on(Instant now, const Reconfigure& input, Output& out) {
  if (change_may_begin() && may_follow(input.configuration)) append_configuration(now, input.configuration, out);
}

// As soon as the joint configuration is decided, also one that an earlier leader began.
void Core::leave_joint(Instant now, Output& out) {
  const bool newest = log_.changes().back().configuration.joint();
  if (newest && change_may_begin()) append_configuration(now, quorum::leave_joint(configuration_).configuration, out);
}

void Core::append_configuration(Instant now, const Configuration& next, Output& out) {
  log_.append_change(term_, next, 0);
  count_configuration(now, out);
  leader_appended(now, out);
}

// What is committed, and on this disk, is applied; where a configuration is among it the caller does that and says so.
void Core::apply_ready(Output& out) {
  const Index ready = std::min(commit_, durable_index_);
  if (ready <= applied_) return;
  const Index next = log_.next_change_after(applied_);
  if (next != 0 && next <= ready)
    out.apply_to = ready;
  else
    applied_ = ready;
}

void Core::on(Instant now, const Applied& input, Output& out) {
  if (input.index <= applied_ || input.index > commit_) return;
  applied_ = input.index;
  count_configuration(now, out);
  if (role_ != Role::leader) return;
  if (configured_at_ > commit_) return;                                                                      // Another one is under way already.
  if (!quorum::contains(configuration_.voters(), identity_.self)) return become_follower(now, nobody, out);  // Removed: its work is done.
  if (advance_commit(out)) {
    announce(now, out);
  } else {
    for (Member to = 0; to < identity_.members; ++to)
      if (quorum::contains(peers(), to)) send_append(now, to, Empty::skip, out);
  }
}

// It is kept beside the log; whoever is elected by it writes it into the log (Zeebe ReconfigurationHelper, ForceConfigureRequest).
void Core::on(Instant now, const ForceConfiguration& input, Output& out) {
  log_.force_change(input.configuration);
  forced_ = true;
  configuration_ = input.configuration;
  become_follower(now, nobody, out);
  persist_all(out);
}

}  // namespace nines::raft
