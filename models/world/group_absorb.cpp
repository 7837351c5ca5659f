// Changes that wake nobody. A calm group is not told of a change that none of its rules can feel; the change waits, untold. When it has been
// undone and the group has had the time to forget it, only what lasts is carried over; when something else happens first, or somebody looks,
// what waits is told in its order, by the code that every change goes through. Either way the group is the one that never slept.
//
// What may wait, beside a leader that stays and the same ways between members:
// * A member stops, not the leader, and the leader still reaches a running majority: its own contacts, its commits and everybody's timers go
//   on as before. Nothing is sent to who is not there, so nothing comes from it; the leader may take it for gone.
// * Members stand still, the leader too, for less than `slack_`: the shortest time without contact after which any timer could fire, a
//   check of the quorum included, less the longest gap between two contacts of a calm group. Meanwhile messages wait.
// * A follower stands still for longer, where messages come before timers when it moves on: the first of them is contact.
// What is left of it once everybody follows again and the look-back window lies behind:
// * the member's number of lives, and with it the phase of its ticks; the timeout it drew when it came back, if it keeps one for a term. Its term,
//   its vote and its log were durable and are those of the calm before; it was nobody's candidate, so attempts and roles are the same.
// * the partition was not writable while the leader, or too many beside it, stood still: the view from outside is told at the same instants.
// * what was proposed while the leader stood still is not in the log.
// * what the leader knows of the member is overwritten by its first answers. Under load it first catches up: `settled_after` bounds how long.
// Lost packets are looked for over a whole calm stretch, so a group with lossy links is told everything at once.
#include <algorithm>
#include <utility>

#include "models/world/group.hpp"

namespace nines::world {

// Runs until the group is calm, at most to `t`; the queue then stands still where the calm begins.
bool Group::find_calm(const Context& c, Instant t) {
  if (calm_by_ != raft::nobody) return true;
  while (run_to_pause(c, t)) {
    raft::Member outsider = raft::nobody;
    const raft::Member leader = lossy_ ? raft::nobody : calm_leader(c, outsider);
    if (leader != raft::nobody && outsider == raft::nobody) {
      calm_by_ = leader;
      return true;
    }
    if (t - now_ > window_ + c.profile.heartbeat) jump_before(c, t);
  }
  return false;
}

// Could the leader of the calm still write?
bool Group::serves(const Around& around) const {
  if (!has(around.running(), calm_by_)) return false;
  std::size_t reached = 0;
  for (raft::Member m = 0; m < cores_.size(); ++m)
    if (has(around.running(), m) && around.both_ways(calm_by_, m)) ++reached;
  return reached >= cores_.size() / 2 + 1;
}

// How long until everybody follows again and the window has forgotten that a member was away or stood still for `lasted`.
Duration Group::settled_after(const Context& c, Duration lasted) const {
  const Duration settled = 2 * (window_ + c.profile.heartbeat);
  const Duration interval = c.group.arrival_interval;
  if (interval <= 0ns) return settled;
  // A round trip brings at least one batch. One that brings no more than twice what is proposed meanwhile may take for ever.
  const std::int64_t fit = c.group.arrival_bytes > 0 ? std::max<std::int64_t>(1, c.profile.append_batch_bytes / c.group.arrival_bytes) : 1'000'000;
  const std::int64_t batch = std::max<std::int64_t>(1, fit / c.group.arrival_entries);
  Duration slowest{0};
  for (const std::uint16_t link : c.group.links) slowest = std::max(slowest, c.plan.links[link].transmission(c.profile.append_batch_bytes));
  const Duration round = 2 * (lag_ + slowest);
  if (batch * interval <= 2 * round || slowest + lag_ >= slack_) return Duration::max();  // Nor may a heartbeat wait too long behind one.
  const std::int64_t missing = (lasted + 2 * settled + 2 * c.profile.election_timeout) / interval + c.profile.append_window + 2;
  return settled + 2 * c.profile.election_timeout + 2 * round * (missing / batch + 1);
}

// When will the group have forgotten everything untold, if `next` waits too? never: it has to be told.
Instant Group::forgotten_after(const Context& c, Instant t, const Around& next) const {
  const Around& present = around();
  if (next.reaches != present.reaches || next.quality != present.quality || next.clients != present.clients) return never;
  if (!next.same_disks(present) || (next.lost | next.corrupt | next.dark) != 0) return never;
  const bool loaded = c.group.arrival_interval > 0ns;
  const auto within = [&](Duration lasted) {
    const Duration settled = settled_after(c, lasted);
    return settled == Duration::max() ? never : t + settled;
  };
  const std::size_t waiting = untold_.size();
  if (waiting > 0 && next == (waiting > 1 ? untold_[waiting - 2].next : around_)) {
    const Untold& undone = untold_.back();
    const Duration lasted = t - undone.at;
    if (present.paused != 0) {
      const bool speaks_first = c.profile.after_pause == raft::AfterPause::messages_first && serves(present) && !loaded;
      return lasted < slack_ || speaks_first ? within(lasted) : never;
    }
    // Until it is taken for gone, what was sent to it under load counts as in flight and may hold up the first contact.
    const Duration taken_for_gone = 2 * c.profile.election_timeout + lag_ + 2 * c.profile.heartbeat;
    return !loaded || (c.profile.flush.follower_before_ack && lasted > taken_for_gone) ? within(lasted) : never;
  }
  if ((waiting > 0 && t < forgotten_at_) || present.paused != 0) return never;
  if (next.paused != 0) return next.alive == present.alive ? within(0ns) : never;
  const auto gone = static_cast<Members>(present.alive & ~next.alive), back = static_cast<Members>(next.alive & ~present.alive);
  if (gone != 0 && back != 0) return never;
  // Who was away when the calm began has missed more than can be said here.
  if (back != 0) return !loaded && (back & ~around_.alive) == 0 ? within(0ns) : never;
  return serves(next) ? within(0ns) : never;
}

bool Group::absorb(const Context& c, Instant t, const Around& next, std::uint16_t cause) {
  if (c.profile.replication == raft::Replication::pull) return false;  // A fetch that was lost is sent again much later.
  if (forced_.on) return false;                                        // Its majorities are others.
  if (flushes_late(c)) return false;                                   // When what was proposed has to be known, one by one.
  if (forgotten_by(t)) forget(c);
  if (!find_calm(c, t)) return false;
  const Instant forgotten = forgotten_after(c, t, next);
  if (forgotten == never) return false;
  const bool felt = !serves(around()) || !serves(next);
  untold_.push_back(Untold{t, cause, felt, next});
  forgotten_at_ = forgotten;
  return true;
}

bool Group::forgotten_by(Instant t) const { return !untold_.empty() && t >= forgotten_at_ && untold_.back().next == around_; }

// The state stays where the calm began, which is jumped over next; what lasts of the untold changes is written into it.
void Group::forget(const Context& c) {
  const Instant began = now_;
  const auto proposals_before = [&](Instant t) { return t <= next_arrival_ ? 0 : (t - next_arrival_ - 1ns) / c.group.arrival_interval + 1; };
  for (Untold& change : untold_) {
    if (c.group.arrival_interval > 0ns && has(around_.paused, calm_by_)) missed_ += proposals_before(change.at) - proposals_before(now_);
    now_ = change.at;
    cause_ = change.cause;
    const Members was = around_.alive;
    around_ = std::move(change.next);
    for (raft::Member m = 0; was != around_.alive && m < c.group.members; ++m) {
      if (has(was, m) && !has(around_.alive, m)) ++seats_[m].epoch;
      if (!has(was, m) && has(around_.alive, m)) cores_[m].rejoin(cores_[calm_by_], now_, tick_phase(c, m), c.out);
    }
    if (change.felt) look(c);
  }
  changed_at_ = now_;
  now_ = began;
  absorbed_ += untold_.size();
  untold_.clear();
  forgetful_ = true;
}

void Group::tell(const Context& c) {
  for (Untold& change : untold_) {
    run_until(c, change.at);
    surround(c, change.at, change.next, change.cause);
  }
  untold_.clear();
}

}  // namespace nines::world
