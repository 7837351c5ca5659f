// Disks that fail: lost with their machine, unreadable at the end, slow, hung, or behind what was acknowledged. What a member has lost it is
// sent again; what a quorum has lost is lost, and counted. A group with such a fault about stays awake.
//
// How a member comes back without its data is the profile's rule. Where a refusal may take back what was once acknowledged (Zeebe) it comes
// back under its old name, votes at once, and may vote a second time. Everywhere else it is a newcomer (etcd, op-guide/runtime-configuration:
// the old member is removed and a new one added; Raft thesis 4): a leader must first have committed that without it, so it waits here until a
// leader knows that a majority of the others holds everything that is committed. Removal and addition come together, when the new machine is
// ready. Where the data of a quorum is gone nobody can let it in: an operator restores the group from the best disk that is left (etcd,
// op-guide/recovery), as soon as a majority of machines runs.
#include <algorithm>

#include "models/world/group.hpp"

namespace nines::world {

namespace {

std::size_t majority(std::size_t members) { return members / 2 + 1; }

}  // namespace

// --- Slow and hung disks ---

bool Group::disks_settled() const {
  return around_.hung == 0 && disks_.waiting == 0 && (disks_.behind & around_.alive) == 0 && now_ >= disks_.settled_at;
}

void Group::unhang(const Context& c, Members members) {
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (!has(members, m)) continue;
    const std::vector<sim::Key> done = std::move(disks_.stuck[m]);
    disks_.stuck[m].clear();
    for (const sim::Key key : done) execute(c, key);
  }
}

// What waits for the disk of a process is gone with it.
void Group::forget_writes(raft::Member member) {
  if (disks_.stuck.empty()) return;
  for (const sim::Key key : disks_.stuck[member]) discard_write(sim::slot_of(key) & ((1u << index_bits) - 1));
  disks_.stuck[member].clear();
}

// --- Flushes that nobody waits for ---

void Group::note_written(const Context& c, raft::Member leader) {
  const raft::Index last = cores_[leader].log().last_index(), before = disks_.written.back().index;
  if (last != before) note_written(c, now_, 0ns, 1, last, last > before ? static_cast<std::uint32_t>(last - before) : 0);
}

void Group::note_written(const Context& c, Instant first, Duration interval, std::uint64_t count, raft::Index index, std::uint32_t entries) {
  std::vector<Written>& written = disks_.written;
  if (!written.empty()) {
    Written& before = written.back();
    const Duration since = first - (before.first + static_cast<std::int64_t>(before.count - 1) * before.interval);
    const bool follows = before.count == 1 || (before.interval == since && before.entries == entries);
    if (entries > 0 && since > 0ns && follows && (count == 1 || interval == since) && before.index + count * entries == index) {
      before.interval = since;
      before.entries = entries;
      before.count += count;
      before.index = index;
      return;
    }
  }
  written.push_back(Written{first, interval, count, index, entries});
  const Instant old = now_ - c.profile.flush.delay;
  while (written.size() > 1 && written[1].first <= old) written.erase(written.begin());
}

// How far the logs had been written by `t`, as the newest leader's appends tell: followers store them a moment later.
raft::Index Group::flushed_by(Instant t) const {
  for (auto w = disks_.written.rbegin(); w != disks_.written.rend(); ++w) {
    if (w->first > t) continue;
    const std::uint64_t times = w->count == 1 ? 0 : std::min(w->count - 1, static_cast<std::uint64_t>((t - w->first) / w->interval));
    return w->index - (w->count - 1 - times) * w->entries;
  }
  return 0;
}

// The machine is gone, and with it what had been written and not flushed.
void Group::lose_unflushed(const Context& c, raft::Member member) {
  disks_.failed = true;
  disks_.behind = static_cast<Members>(disks_.behind | only(member));
  note_committed(member);
  cores_[member].lose_after(flushed_by(now_ - c.profile.flush.delay));
}

// --- Members without their data ---

bool Group::surrounded_by(const Around& next) const {
  if (disks_.waiting == 0 || !untold_.empty()) return next == around();
  Around told = around_;
  told.alive = static_cast<Members>(told.alive | disks_.waiting);
  told.paused = static_cast<Members>(told.paused | (disks_.waiting_paused & disks_.waiting));
  return next == told;
}

Members Group::without_data(const Context& c, const Around& around) const {
  return static_cast<Members>(around.lost | disks_.contradict | (c.profile.match_may_fall ? 0 : around.corrupt));
}

// `running`: whose machines run and do not stand still.
void Group::disks_changed(const Context& c, const Around& before, Members running) {
  const Members paused = around_.paused;
  disks_.there = running;
  if (disks_.waiting != 0) {
    const auto gone_again = static_cast<Members>(disks_.waiting & ~around_.alive);
    disks_.contradict = static_cast<Members>(disks_.contradict | gone_again);
    disks_.waiting = static_cast<Members>(disks_.waiting & ~gone_again);
    around_.alive = static_cast<Members>(around_.alive & ~disks_.waiting);
    around_.paused = static_cast<Members>(around_.paused & ~disks_.waiting);
  }
  disks_.waiting_paused = paused;
  if (before.same_disks(around_)) return;
  if (around_.hung != 0 && disks_.stuck.empty()) disks_.stuck.resize(c.group.members);
  // Writes that were held up end later than those after them would alone, and what waited for them is answered within one more window.
  disks_.settled_at = std::max(disks_.settled_at, now_ + window_);
  for (const Seat& seat : seats_) disks_.settled_at = std::max(disks_.settled_at, seat.last_flush + window_);
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(around_.dark, m) && !has(before.dark, m)) lose_unflushed(c, m);
  const Members voters = configuration().voters();
  const auto keep_data = [&](const Around& around) {
    const auto gone = static_cast<Members>(without_data(c, around) | disks_.waiting | disks_.emptied);
    return quorum::has_quorum(static_cast<Members>(voters & ~gone), voters);
  };
  if (keep_data(before) && !keep_data(around_)) ++disks_.majorities_lost;
}

void Group::come_back_without(const Context& c, raft::Member member) {
  disks_.failed = true;
  if (c.profile.match_may_fall && !is_removed(member)) return begin_empty(c, member);
  disks_.contradict = static_cast<Members>(disks_.contradict & ~only(member));
  disks_.waiting = static_cast<Members>(disks_.waiting | only(member));
  around_.alive = static_cast<Members>(around_.alive & ~only(member));
  around_.paused = static_cast<Members>(around_.paused & ~only(member));
}

// The log can be read up to some place after its last snapshot, any one as likely as another.
void Group::read_what_is_left(const Context& c, raft::Member member) {
  disks_.failed = true;
  disks_.behind = static_cast<Members>(disks_.behind | only(member));
  const raft::Snapshots& snapshots = c.profile.snapshots;
  const raft::Index durable = cores_[member].durable(), base = cores_[member].log().base();
  raft::Index tail = durable - std::min(base, durable);
  if (snapshots.entries > 0) tail = std::min(tail, snapshots.entries + snapshots.keep);
  if (snapshots.entries == 0 && snapshots.period > 0ns && c.group.arrival_interval > 0ns)
    tail = std::min<raft::Index>(tail, static_cast<std::uint64_t>(snapshots.period / c.group.arrival_interval) * c.group.arrival_entries + snapshots.keep);
  const double kept = streams_.of(key_ + member, Purpose::bit_rot).uniform({0, seats_[member].epoch});
  cores_[member].lose_after(durable - tail + static_cast<raft::Index>(kept * static_cast<double>(tail)));
}

// It is back without the end of its log. Where heartbeats do not look at logs, a new connection has to: else the leader learns it with the
// next entry only.
void Group::admit_what_is_lost(const Context& c, raft::Member member) {
  if (c.profile.heartbeat_checks_log) return;
  for (raft::Member leader = 0; leader < c.group.members; ++leader)
    if (has(around_.alive, leader)) cores_[leader].readmit(now_, member);
}

// It belongs to the group from now on, and knows nothing.
void Group::begin_empty(const Context& c, raft::Member member) {
  note_committed(member);
  disks_.failed = true;
  disks_.waiting = static_cast<Members>(disks_.waiting & ~only(member));
  disks_.contradict = static_cast<Members>(disks_.contradict & ~only(member));
  disks_.behind = static_cast<Members>(disks_.behind | only(member));
  disks_.emptied = static_cast<Members>(disks_.emptied | only(member));
  around_.alive = static_cast<Members>(around_.alive | only(member));
  cores_[member].restart(now_, tick_phase(c, member), c.out, raft::Disk::empty);
  arm(member, c.out.deadline);
  note_role(member);
  for (raft::Member leader = 0; leader < c.group.members; ++leader) {
    if (!has(around_.alive, leader) || cores_[leader].role() != raft::Role::leader) continue;
    if (!c.profile.match_may_fall) cores_[leader].readmit(now_, member);
    if (has(around_.running(), leader)) take_snapshot(c, leader);
  }
}

// What an empty member lacks has long been dropped from real logs, so it is sent a snapshot.
void Group::take_snapshot(const Context& c, raft::Member leader) {
  step(c, leader, raft::TakeSnapshot{c.plan.options.clusters[c.group.cluster].state_bytes});
}

// A chunk that is still being sent is not sent again beside itself.
void Group::send_snapshot(const Context& c, const raft::Message& message, std::size_t channel, Duration delay) {
  if (disks_.snapshot_arrival.empty()) disks_.snapshot_arrival.assign(channels_.size(), long_ago);
  Instant& last = disks_.snapshot_arrival[channel];
  if (last > now_) return;
  const Link& link = c.plan.link(c.group, message.from, message.to);
  const double rate = link.bytes_per_s > 0 ? std::min(link.bytes_per_s, snapshot_bytes_per_s) : snapshot_bytes_per_s;
  last = now_ + delay + from_seconds(static_cast<double>(message.bytes) / rate);
  // It may arrive together with a heartbeat: after it.
  push(last, sim::Class::durable, message.to, static_cast<raft::Member>(message.from + 1), Event::arrival, mail_.send(message, seats_[message.to].epoch));
}

// The old members are removed by an entry of the log: whoever has acknowledged it votes for nobody who lacks it, whatever the old ones had
// promised. Asked for at a heartbeat, and looked at with the next ones.
void Group::let_newcomers_in(const Context& c, raft::Member leader) {
  Removal& removal = disks_.removal;
  const raft::Core& core = cores_[leader];
  const auto who = static_cast<Members>(disks_.waiting & configuration().voters());
  if (core.role() != raft::Role::leader || who == 0) return;
  if (removal.by != leader || removal.term != core.term() || (who & ~removal.who) != 0) {
    const raft::Index last = core.log().last_index();
    step(c, leader, raft::Propose{1, 0});
    if (core.log().last_index() > last) removal = Removal{leader, core.term(), core.log().last_index(), who};
    return;
  }
  if (core.commit() < removal.index) return;
  removal = Removal{};
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(who, m) && has(disks_.there, m) && around_.both_ways(leader, m)) begin_empty(c, m);
  look(c);
}

// A leader that has fallen silent looks at nothing until somebody asks it for something.
void Group::ask_the_silent(const Context& c) {
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(around_.running(), m) && cores_[m].role() == raft::Role::leader && cores_[m].quiescent()) let_newcomers_in(c, m);
}

void Group::restore_a_lost_majority(const Context& c) {
  const Members everybody = all_of(c.group.members);
  const auto whole = static_cast<Members>(everybody & ~(without_data(c, around_) | disks_.waiting));
  if (static_cast<std::size_t>(count(whole)) >= majority(c.group.members)) return;
  if (static_cast<std::size_t>(count(disks_.there)) < majority(c.group.members)) return;
  raft::Member best = raft::nobody;
  const auto survivors = static_cast<Members>(whole & ~disks_.emptied);
  if (survivors != 0 && (survivors & around_.running()) == 0) return;  // Whoever still holds data is waited for.
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(survivors & around_.running(), m) &&
        (best == raft::nobody || cores_[best].log().up_to_date(cores_[m].log().last_index(), cores_[m].log().last_term())))
      best = m;
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (!has(disks_.waiting, m) || !has(disks_.there, m)) continue;
    begin_empty(c, m);
    if (best == raft::nobody) continue;
    cores_[m].restore_from(cores_[best]);
    disks_.emptied = static_cast<Members>(disks_.emptied & ~only(m));
    disks_.behind = static_cast<Members>(disks_.behind & ~only(m));
    cores_[m].restart(now_, tick_phase(c, m), c.out);
    arm(m, c.out.deadline);
    note_role(m);
  }
}

// Terms begin anew as on an empty disk; the log begins with the backup. Entries come evenly, so that the time since then says how many there were: more
// than there were, where the group was down for a part of it; fewer in a group that has kept its data and went on until all were stopped.
void Group::restore_backup(const Plan& plan, Instant t, Duration since_backup, std::uint16_t cause, raft::Output& scratch) {
  const Context c = context(plan, scratch);
  if (forgotten_by(t)) forget(c);
  tell(c);
  run_until(c, t);
  cause_ = cause;
  changed_at_ = t;
  const Duration interval = c.group.arrival_interval;
  const raft::Index since = interval > 0ns ? static_cast<raft::Index>(since_backup / interval) * c.group.arrival_entries : 0;
  const raft::Index lost = std::min(disks_.committed, std::max<raft::Index>(1, since));  // Without load a leader's own entry.
  count_loss(lost);
  disks_.committed -= lost;
  disks_.committed_term = 0;
  disks_.removal = Removal{};
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (has(disks_.waiting, m)) begin_empty(c, m);
    disks_.emptied = static_cast<Members>(disks_.emptied & ~only(m));
    disks_.behind = static_cast<Members>(disks_.behind & ~only(m));
    cores_[m].begin_with_snapshot(disks_.committed, 0, configuration());
    cores_[m].restart(now_, tick_phase(c, m), c.out);
    arm(m, c.out.deadline);
    note_role(m);
  }
  look(c);
}

// A leader has taken a step, and what it was before that.
void Group::look_at_disks(const Context& c, raft::Member stepped, Office before) {
  const raft::Core& core = cores_[stepped];
  if ((!disks_.failed && !flushes_late(c)) || core.role() != raft::Role::leader) return;
  if (!before.led) disks_.leader = stepped;
  if (flushes_late(c) && disks_.leader == stepped) note_written(c, stepped);
  if (!disks_.failed) return;
  // A leader that others have left behind may hear late that it has committed, and lacks what came after it by right.
  const bool newest = std::all_of(cores_.begin(), cores_.end(), [&](const raft::Core& other) {
    return other.term() <= core.term() || !has(around_.alive, static_cast<raft::Member>(&other - cores_.data()));
  });
  if (!before.committed && core.committed_in_term() && newest) look_for_loss(c, stepped);
  if (!before.led) {
    disks_.behind = static_cast<Members>(disks_.behind & ~only(stepped));
    disks_.emptied = static_cast<Members>(disks_.emptied & ~only(stepped));
    if (disks_.emptied != 0) take_snapshot(c, stepped);
    look(c);
  }
  if ((disks_.behind & around_.alive) != 0 && core.committed_in_term()) {
    const Members were = disks_.behind;
    for (raft::Member m = 0; m < c.group.members; ++m) {
      if (m == stepped || !has(were, m) || core.progress(m).pending_snapshot != 0 || core.progress(m).match < core.commit()) continue;
      if (cores_[m].durable() < core.commit()) continue;  // The leader knows of what it held before.
      disks_.behind = static_cast<Members>(disks_.behind & ~only(m));
      disks_.emptied = static_cast<Members>(disks_.emptied & ~only(m));
    }
    if (were != disks_.behind) look(c);
  }
}

// --- What was committed and is lost ---

void Group::note_committed(raft::Member member) {
  if (has(static_cast<Members>(disks_.waiting | disks_.contradict), member) || cores_[member].commit() <= disks_.committed) return;
  disks_.committed = cores_[member].commit();
  disks_.committed_term = cores_[member].log().term_at(disks_.committed);
}

void Group::count_loss(std::uint64_t entries) {
  if (entries == 0) return;
  disks_.losses.push_back(DataLoss{partition_, now_, entries, cause_});
  history_.add(now_);
  history_.add(entries);
}

// Its process ends where it stands: what it holds has been decided otherwise (etcd log.go, maybeAppend: panics), and its operator empties its disk.
void Group::empty(const Context& c, raft::Member member) {
  if (!has(around_.alive, member)) {
    disks_.contradict = static_cast<Members>(disks_.contradict | only(member));
    return;
  }
  crash(member);
  begin_empty(c, member);
}

// Does a leader that commits for the first time hold everything that ever was? Whoever holds what it lacks cannot follow it.
void Group::look_for_loss(const Context& c, raft::Member leader) {
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (m != leader) note_committed(m);
  const raft::Log& log = cores_[leader].log();
  const raft::Index committed = disks_.committed;
  if (committed <= log.base() || log.matches(committed, disks_.committed_term)) return;
  raft::Index held = std::max(log.base(), log.last_not_above(committed, disks_.committed_term));
  if (held == committed) --held;  // It holds another entry there.
  count_loss(committed - held);
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (m != leader && !has(disks_.waiting, m) && (cores_[m].commit() > held || cores_[m].log().base() > held)) empty(c, m);
  disks_.committed = held;
  disks_.committed_term = log.term_at(held);
}

// Would this message replace what its receiver knows to be committed?
bool Group::contradicts(const raft::Message& message) const {
  const raft::Log& log = cores_[message.to].log();
  const raft::Index commit = cores_[message.to].commit();
  raft::Index before = message.index;
  const auto replaces = [&](raft::Term term, std::uint64_t entries) {
    const raft::Index end = before + entries, from = std::max(before, log.base());
    before = end;
    if (end <= log.base()) return false;
    const std::uint64_t same = log.held(from + 1, end - from, term);
    return same < end - from && from + same < commit;
  };
  if (message.kind != raft::Kind::append) return false;
  if (replaces(message.entries_term, message.entries)) return true;
  for (std::uint8_t i = 0; i < message.more_runs; ++i)
    if (replaces(message.more[i].term, message.more[i].count)) return true;
  return false;
}

// What a voter forgot may have elected a second leader in a term, or one that lacks what others took for committed.
void Group::refuse_contradiction(const Context& c, std::uint32_t number) {
  using raft::Kind;
  const raft::Kind kind = mail_.brief(number).kind;
  if (kind != Kind::heartbeat && kind != Kind::append && kind != Kind::snapshot) return;
  const raft::Message message = mail_.message(number);
  const raft::Core& receiver = cores_[message.to];
  if (!has(around_.alive, message.to) || message.term < receiver.term()) return;
  const bool second_leader = receiver.role() == raft::Role::leader && receiver.term() == message.term;
  if (!second_leader && !contradicts(message)) return;
  if (second_leader) {
    note_committed(message.to);
    raft::Index kept = receiver.commit();
    while (kept > 0 && receiver.log().term_at(kept) == receiver.term()) --kept;
    count_loss(receiver.commit() - kept);
  }
  empty(c, message.to);
  look(c);
}

void Group::add_disks_to(Hash& hash) const {
  if (disks_.failed) {
    hash.add(static_cast<std::uint64_t>(disks_.waiting) << 32 | static_cast<std::uint64_t>(disks_.behind) << 16 | disks_.contradict);
    hash.add(disks_.losses.size());
  }
  if (forced_.on) {
    const quorum::Configuration& present = forced_.configuration;
    hash.add(static_cast<std::uint64_t>(present.incoming) << 32 | static_cast<std::uint64_t>(present.outgoing) << 16 | present.learners);
    hash.add(forced_.untold);
  }
  for (const auto& stuck : disks_.stuck) hash.add(stuck.size());
  for (const Instant arrival : disks_.snapshot_arrival) hash.add(arrival >= now_ ? arrival : long_ago);
  if (!disks_.written.empty()) hash.add(flushed_by(now_ - disks_.flush_delay));
}

}  // namespace nines::world
