// Who leads is changed on purpose: leadership is handed over (Raft thesis 3.10), or given up for the group's first choice.
#include "models/raft/core.hpp"

namespace nines::raft {

void Core::on(Instant now, const HandOver& input, Output& out) {
  if (role_ != Role::leader) return;
  const auto may_lead = [&](Member member) {
    return member != identity_.self && quorum::contains(static_cast<Members>(configuration_.voters() & ~configuration_.witnesses), member);
  };
  Member best = nobody;
  for (Member member = 0; member < identity_.members; ++member) {
    if (!may_lead(member)) continue;
    const Progress& p = progress_[member];
    if (best == nobody || p.match > progress_[best].match || (p.match == progress_[best].match && p.last_ack > progress_[best].last_ack))
      best = member;
  }
  if (input.to != nobody) best = input.to < identity_.members && may_lead(input.to) ? input.to : nobody;
  if (best == nobody || best == transferee_) return;
  transferee_ = best;
  // etcd raft.go tickHeartbeat: given up after an election timeout.
  transfer_until_ = now + (profile_->transfer_timeout > 0ns ? profile_->transfer_timeout : profile_->election_timeout);
  if (quiescent_ && !planted(Bug::silent_leader_stays_silent)) wake(now);
  quiescent_ = false;
  offer_leadership(out);
  if (progress_[best].match != log_.last_index()) send_all_pending(now, best, out);
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

void Core::give_up_transfer() { transferee_ = nobody; }

void Core::on(Instant now, const StepDown&, Output& out) {
  if (role_ == Role::leader && identity_.priority < identity_.target_priority) become_follower(now, nobody, out);
}

}  // namespace nines::raft
