// A group whose quorum lies in a region that is gone: an operator removes the members there by force, those that are left decide alone, and who
// was removed is let in again later.
//
// What is removed must never decide anything any more: its brokers are kept from running in the same instant and come back empty (Camunda,
// "Dual-region operational procedure": the lost brokers are force-removed, and reinstalled before they join again). Who is left may lack what was
// committed, where a quorum did not need it; then that is lost, and counted when a leader of the new configuration commits for the first time.
//
// The way back is an ordinary change of membership: a leader takes those who are back for learners, sends each a snapshot, and makes all of them
// voters through one joint configuration once they hold what is committed. (Zeebe's own procedure joins broker by broker; while a joint change
// lasts it takes a majority of the old and of the new voters either way.) What it takes is looked at with every heartbeat.
#include "models/world/group.hpp"

namespace nines::world {

quorum::Configuration Group::configuration() const {
  if (forced_.on) return forced_.configuration;
  quorum::Configuration everybody;
  everybody.incoming = all_of(cores_.size());
  return everybody;
}

void Group::force(const Plan& plan, Instant t, Members kept, std::uint16_t cause, raft::Output& scratch) {
  const Context c = context(plan, scratch);
  if (forgotten_by(t)) forget(c);
  tell(c);
  run_until(c, t);
  kept = static_cast<Members>(kept & configuration().voters());
  if (kept == 0) return;
  cause_ = cause;
  changed_at_ = t;
  for (raft::Member m = 0; m < c.group.members; ++m) note_committed(m);
  disks_.failed = true;  // From now on leaders are asked whether they hold what was committed.
  disks_.removal = Removal{};
  forced_.on = true;
  forced_.whole_at = never;
  forced_.configuration = quorum::Configuration{};
  forced_.configuration.incoming = kept;
  forced_.untold = kept;
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(kept, m) && has(around_.alive, m)) tell_forced(c, m);
  look(c);
}

void Group::tell_forced(const Context& c, raft::Member member) {
  forced_.untold = static_cast<Members>(forced_.untold & ~only(member));
  step(c, member, raft::ForceConfiguration{forced_.configuration});
}

// It runs, and follows whoever speaks to it, but is no member yet.
void Group::begin_outside(const Context& c, raft::Member member) {
  begin_empty(c, member);
  cores_[member].begin_with_snapshot(0, 0, forced_.configuration);
}

// `leader` has sent its heartbeats.
void Group::let_removed_in(const Context& c, raft::Member leader) {
  const raft::Core& core = cores_[leader];
  const quorum::Configuration present = core.configuration();
  if (!core.committed_in_term() || present.joint()) return;
  for (raft::Member m = 0; m < c.group.members; ++m) {
    const bool is_back = has(disks_.waiting, m) && has(disks_.there, m) && around_.both_ways(leader, m);
    if (is_back && !quorum::contains(present.voters(), m)) begin_outside(c, m);
  }
  quorum::Configuration next = present;
  next.learners = static_cast<Members>(present.learners | (around_.alive & ~present.voters()));
  if (next.learners != present.learners) {
    step(c, leader, raft::Reconfigure{next});
    return take_snapshot(c, leader);
  }
  if (present.learners == 0 || (disks_.behind & present.learners) != 0) return;
  next.outgoing = present.incoming;
  next.incoming = present.members();
  next.learners = 0;
  next.auto_leave = true;
  step(c, leader, raft::Reconfigure{next});
}

// What counts, as the newest leader has it; and whether that is everybody again, for good.
void Group::see_configuration() {
  for (raft::Member m = 0; m < cores_.size(); ++m) {
    const raft::Core& core = cores_[m];
    if (!has(around_.alive, m) || !core.committed_in_term() || core.term() < forced_.term) continue;
    forced_.term = core.term();
    forced_.configuration = core.configuration();
    forced_.untold = 0;
    const bool decided = core.log().changes().back().index <= core.commit();
    const bool everybody = forced_.configuration.incoming == all_of(cores_.size()) && !forced_.configuration.joint();
    if (!decided || !everybody || disks_.behind != 0) continue;
    forced_.on = false;
    forced_.whole_at = now_;
    return;
  }
}

// Does nobody wait for a change of membership?
bool Group::settled_in() const {
  const quorum::Configuration& present = forced_.configuration;
  return !forced_.on || (!present.joint() && present.learners == 0 && (around_.alive & ~present.incoming) == 0 && present.incoming != all_of(cores_.size()));
}

}  // namespace nines::world
