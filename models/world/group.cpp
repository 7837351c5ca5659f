#include "models/world/group.hpp"

#include <algorithm>
#include <utility>

#include "models/topology/delay.hpp"
#include "sim/base/check.hpp"

namespace nines::world {

namespace {

constexpr Duration apart = 1ns;  // Between two arrivals of one connection, or two flushes of one disk: order never depends on more than time.

}  // namespace

Group::Group(const Plan& plan, const GroupPlan& group, const Streams& streams, Around around, std::uint16_t cause, raft::Output& scratch)
    : partition_(group.partition), streams_(streams), key_(group.key), around_(std::move(around)), held_(group.members), cause_(cause) {
  const Context c = context(plan, scratch);
  const raft::Profile& profile = c.profile;
  sleeps_ = plan.options.fidelity == Fidelity::sleep;
  drawn_.resize(2 * static_cast<std::size_t>(group.members) * group.members);
  last_arrival_.assign(static_cast<std::size_t>(group.members) * group.members, long_ago);
  alarm_queued_.fill(never);
  last_flush_.fill(long_ago);
  queue_.reserve(32);
  for (raft::Member member = 0; member < group.members; ++member) {
    raft::Identity identity;
    identity.self = member;
    identity.members = group.members;
    identity.priority = group.priorities[member];
    identity.target_priority = group.top_priority;
    identity.timeouts = streams_.of(key_ + member, Purpose::election_timeout);
    cores_.emplace_back(profile, identity, tick_phase(c, member));
  }
  work_out_window(c);
  disks_.there = around_.running();
  if (around_.hung != 0) disks_.stuck.resize(group.members);
  if (flushes_late(c)) {
    disks_.flush_delay = profile.flush.delay;
    note_written(c, long_ago, 0ns, 1, 1, 0);
  }

  // Who leads at the start: a few rounds of the chain "a random member is lost; the best of the others takes over", which is
  // the stationary law of the leader map where nobody fails back and members are alike.
  const Stream start = streams_.of(key_, Purpose::initial_state);
  raft::Member leader = 0;
  const auto better = [&](raft::Member a, raft::Member b) { return b == raft::nobody || group.priorities[a] > group.priorities[b]; };
  const auto best_but = [&](raft::Member lost, Members among) {
    raft::Member best = raft::nobody;
    for (raft::Member m = 0; m < group.members; ++m)
      if (m != lost && has(among, m) && better(m, best)) best = m;
    return best;
  };
  const Members everybody = all_of(group.members);
  const auto draw_member = [&](std::uint64_t index) {
    return static_cast<raft::Member>(start.uniform({0, index}) * static_cast<double>(group.members));
  };
  leader = profile.priority_election ? best_but(raft::nobody, everybody) : draw_member(0);
  if (profile.priority_election && group.members > 1)
    for (std::uint64_t round = 1; round <= 16; ++round)
      if (draw_member(round) == leader) leader = best_but(leader, everybody);
  const auto can_lead = [&](raft::Member m) {
    if (!has(around_.running(), m)) return false;
    int reached = 0;
    for (raft::Member other = 0; other < group.members; ++other)
      if (has(around_.running(), other) && around_.both_ways(m, other)) ++reached;
    return reached >= static_cast<int>(group.members / 2 + 1);
  };
  if (!can_lead(leader)) {
    Members able = 0;
    for (raft::Member m = 0; m < group.members; ++m)
      if (can_lead(m)) able = static_cast<Members>(able | only(m));
    leader = able == 0 ? raft::nobody : best_but(raft::nobody, able);
  }
  const Instant since = Instant{} - Duration{static_cast<std::int64_t>(start.uniform({1, 0}) * static_cast<double>(profile.heartbeat.count()))};
  for (raft::Member m = 0; m < group.members; ++m) {
    if (m == leader) {
      cores_[m].begin_as_leader(since, 1);
    } else {
      cores_[m].begin_as_follower(Instant{}, 1, leader);
      if (leader == raft::nobody && has(around_.alive, m)) {
        scratch.clear();
        cores_[m].restart(Instant{}, tick_phase(c, m), scratch);
      }
    }
    if (has(around_.running(), m)) arm(m, cores_[m].deadline());
    noted_[m] = (static_cast<std::uint64_t>(cores_[m].term()) << 2) | static_cast<std::uint64_t>(cores_[m].role());
  }
  disks_.leader = leader;
  if (leader != raft::nobody) {
    serving_ = leader;
    serving_term_ = 1;
    serves_at_ = Instant{};
  }
  if (group.arrival_interval > 0ns) {
    next_arrival_ = Instant{group.arrival_phase};
    push(next_arrival_, sim::Class::arrival, 15, 15, Event::proposal, 0);
  }
  look(c);
}

Duration Group::tick_phase(const Context& c, raft::Member member) const {
  if (c.profile.tick <= 0ns) return 0ns;
  const double u = streams_.of(key_ + member, Purpose::phase).uniform({0, epoch_[member]});
  return Duration{static_cast<std::int64_t>(u * static_cast<double>(c.profile.tick.count()))};
}

void Group::push(Instant at, sim::Class order, raft::Member receiver, raft::Member sender, Event event, std::uint32_t index) {
  const std::uint32_t slot = static_cast<std::uint32_t>(event) << index_bits | index;
  queue_.push(sim::make_key(at, sim::make_rank(order, partition_.value, receiver, sender), slot));
}

std::uint32_t Group::take_parcel() {
  if (free_parcels_ == no_parcel) {
    parcels_.emplace_back();
    return static_cast<std::uint32_t>(parcels_.size() - 1);
  }
  const std::uint32_t parcel = free_parcels_;
  free_parcels_ = parcels_[parcel].next;
  return parcel;
}

void Group::free_parcel(std::uint32_t parcel) {
  parcels_[parcel].next = free_parcels_;
  free_parcels_ = parcel;
}

void Group::advance(const Plan& plan, Instant t, raft::Output& scratch) {
  const Context c = context(plan, scratch);
  if (forgotten_by(t)) forget(c);
  tell(c);
  run_until(c, t);
}

void Group::run_until(const Context& c, Instant t) {
  if (calm_by_ != raft::nobody) {
    const raft::Member leader = std::exchange(calm_by_, raft::nobody);
    jump_before(c, leader, raft::nobody, t);
    SIM_CHECK(!forgetful_, "a group wakes before it has forgotten what it was not told");
  }
  while (run_to_pause(c, t))
    if (t - now_ > window_ + c.profile.heartbeat) jump_before(c, t);
}

// Runs until a leader's heartbeats have just gone out, the moment to look for calm; at most to `t`, which is told by false.
bool Group::run_to_pause(const Context& c, Instant t) {
  while (!queue_.empty() && sim::time_of(queue_.top()) < t) {
    const sim::Key key = queue_.pop();
    now_ = sim::time_of(key);
    execute(c, key);
    if (std::exchange(beat_, false) && sleeps_ && can_be_calm_) return true;
    if (std::exchange(in_vain_, false) && sleeps_) jump_in_vain(c, t);
  }
  now_ = std::max(now_, t);
  return false;
}

Group::Next Group::next() const {
  if (queue_.empty()) return {};
  const sim::Key key = queue_.top();
  const std::uint32_t index = sim::slot_of(key) & ((1u << index_bits) - 1);
  Next next{sim::time_of(key), static_cast<Event>(sim::slot_of(key) >> index_bits), raft::nobody, nullptr};
  switch (next.event) {
    case Event::arrival:
      next.message = &parcels_[index].message;
      next.member = next.message->to;
      break;
    case Event::durable: next.member = parcels_[index].writer; break;
    case Event::alarm: next.member = static_cast<raft::Member>(index); break;
    case Event::serve: next.member = serving_; break;
    case Event::proposal: break;
  }
  return next;
}

void Group::advance_by_one(const Plan& plan, raft::Output& scratch) {
  SIM_CHECK(untold_.empty() && !forgetful_, "who looks at every event looks at no sleeper");
  calm_by_ = raft::nobody;
  if (queue_.empty()) return;
  const sim::Key key = queue_.pop();
  now_ = sim::time_of(key);
  execute(context(plan, scratch), key);
  beat_ = in_vain_ = false;
}

void Group::execute(const Context& c, sim::Key key) {
  const std::uint32_t slot = sim::slot_of(key);
  const std::uint32_t index = slot & ((1u << index_bits) - 1);
  switch (static_cast<Event>(slot >> index_bits)) {
    case Event::arrival:
      if (has(around_.paused, parcels_[index].message.to)) return held_[parcels_[index].message.to].push_back(key);
      return arrive(c, index);
    case Event::durable:
      if (has(around_.paused, parcels_[index].writer)) return held_[parcels_[index].writer].push_back(key);
      if (has(around_.hung, parcels_[index].writer)) return disks_.stuck[parcels_[index].writer].push_back(key);
      return became_durable(c, index);
    case Event::alarm: return alarm(c, static_cast<raft::Member>(index), sim::time_of(key));
    case Event::proposal: return propose(c);
    case Event::serve: return look(c);
  }
}

void Group::arrive(const Context& c, std::uint32_t parcel) {
  const raft::Member to = parcels_[parcel].message.to;
  if (disks_.failed) refuse_contradiction(c, raft::Message(parcels_[parcel].message));
  const bool lost = !has(around_.alive, to) || parcels_[parcel].epoch != epoch_[to];
  free_parcel(parcel);
  if (lost) return;
  // A copy: the parcel is taken again by what the step sends.
  const raft::Input input = raft::Received{parcels_[parcel].message};
  step(c, to, input);
}

void Group::became_durable(const Context& c, std::uint32_t parcel) {
  const raft::Member writer = parcels_[parcel].writer;
  const raft::Durable durable = parcels_[parcel].durable;
  const bool lost = !has(around_.alive, writer) || parcels_[parcel].epoch != epoch_[writer];
  std::uint32_t waiting = parcels_[parcel].next;
  free_parcel(parcel);
  while (waiting != no_parcel) {
    const raft::Message message = parcels_[waiting].message;
    const std::uint32_t next = parcels_[waiting].next;
    free_parcel(waiting);
    if (!lost) send(c, message);
    waiting = next;
  }
  if (!lost) step(c, writer, durable);
}

void Group::alarm(const Context& c, raft::Member member, Instant at) {
  if (alarm_queued_[member] != at) return;  // A later arming replaced this entry.
  alarm_queued_[member] = never;
  if (!has(around_.running(), member)) return;
  const Instant deadline = cores_[member].deadline();
  if (deadline > now_) return arm(member, deadline);
  step(c, member, raft::TimedOut{});
}

void Group::arm(raft::Member member, Instant deadline) {
  deadline = std::max(deadline, now_);            // What was due while the process stood still is due now.
  if (deadline >= alarm_queued_[member]) return;  // The queued entry comes first and re-arms itself.
  alarm_queued_[member] = deadline;
  push(deadline, sim::Class::alarm, member, 0, Event::alarm, member);
}

raft::Member Group::proposer() const {
  raft::Member best = raft::nobody;
  for (raft::Member m = 0; m < cores_.size(); ++m)
    if (has(around_.running(), m) && cores_[m].committed_in_term() && (best == raft::nobody || cores_[m].term() > cores_[best].term())) best = m;
  return best;
}

void Group::propose(const Context& c) {
  next_arrival_ += c.group.arrival_interval;
  push(next_arrival_, sim::Class::arrival, 15, 15, Event::proposal, 0);
  const raft::Member leader = proposer();
  if (leader == raft::nobody) return;
  if (leader == serving_ && now_ < serves_at_) return;
  step(c, leader, raft::Propose{c.group.arrival_entries, c.group.arrival_bytes});
}

void Group::step(const Context& c, raft::Member member, const raft::Input& input) {
  ++events_;
  trace_.add(now_);
  trace_.add(static_cast<std::uint64_t>(member) << 8 | input.index());
  const Office before{cores_[member].role() == raft::Role::leader, cores_[member].committed_in_term()};
  cores_[member].step(now_, input, c.out);
  if (std::holds_alternative<raft::TimedOut>(input)) (cores_[member].role() == raft::Role::leader ? beat_ : in_vain_) = true;
  carry_out(c, member);
  if ((disks_.failed || flushes_late(c)) && cores_[member].role() == raft::Role::leader) look_at_disks(c, member, before, input);
}

void Group::carry_out(const Context& c, raft::Member member) {
  raft::Output& out = c.out;
  for (const raft::Message& message : out.now) send(c, message);
  if (out.persist) {
    const raft::Core& core = cores_[member];
    const Quantiles& law = c.plan.flushes[c.group.flushes[member]];
    Duration flush = law.least();
    if (!law.is_fixed())
      flush = law.at(streams_.of(key_ + member, Purpose::disk_flush).uniform({core.term(), out.persist_to, static_cast<std::uint32_t>(core.role())}));
    flush += slowed(member);
    // Nobody waits for entries whose flush is delayed; a term and a vote are written at once.
    if (flushes_late(c) && core.durable_term() == core.term() && core.durable_vote() == core.voted_for()) flush = 0ns;
    const std::uint32_t parcel = take_parcel();
    std::uint32_t chain = no_parcel;
    for (std::size_t i = out.once_durable.size(); i-- > 0;) {
      const std::uint32_t waiting = take_parcel();
      parcels_[waiting].message = out.once_durable[i];
      parcels_[waiting].next = chain;
      chain = waiting;
    }
    Parcel& write = parcels_[parcel];
    write.durable = raft::Durable{core.term(), core.voted_for(), out.persist_to, core.log().term_at(out.persist_to)};
    write.epoch = epoch_[member];
    write.next = chain;
    write.writer = member;
    last_flush_[member] = std::max(now_ + flush, last_flush_[member] + apart);
    push(last_flush_[member], sim::Class::durable, member, 0, Event::durable, parcel);
  }
  arm(member, out.deadline);
  const raft::Index apply_to = out.apply_to;
  if (out.changed) {
    note_role(member);
    look(c);
  }
  if (apply_to != 0) step(c, member, raft::Applied{apply_to});
}

void Group::send(const Context& c, const raft::Message& message) {
  if (!has(around_.reaches[message.from], message.to) || !has(around_.alive, message.to)) return;
  const Link& link = c.plan.link(c.group, message.from, message.to);
  const std::size_t channel = static_cast<std::size_t>(message.from) * c.group.members + message.to;
  Duration delay = link.delay.least();
  if (!link.delay.is_fixed()) delay = link.delay.at_bits(delay_draw(channel, message.kind, message.term, message.slot));
  if (lossy_)
    if (const double loss = loss_between(c, channel); loss > 0)
      delay += std::min(reconnect_after, topology::resend_delay(loss, resend_timeout, loss_draw(channel, message.kind, message.term, message.slot)));
  if (!around_.quality.empty()) delay += around_.quality[channel].extra_delay;
  if (message.kind == raft::Kind::snapshot) return send_snapshot(c, message, channel, delay);
  // One after the other: what is still being put on the link holds up the next.
  const Duration takes = message.kind == raft::Kind::append ? link.transmission(message.entries * message.bytes) : 0ns;
  const Instant arrival = std::max(now_ + delay + takes, last_arrival_[channel] + std::max(apart, takes));
  last_arrival_[channel] = arrival;
  deliver(message, arrival, sim::Class::arrival, message.from);
}

void Group::deliver(const raft::Message& message, Instant arrival, sim::Class order, raft::Member connection) {
  const std::uint32_t parcel = take_parcel();
  parcels_[parcel].message = message;
  parcels_[parcel].epoch = epoch_[message.to];
  push(arrival, order, message.to, connection, Event::arrival, parcel);
}

void Group::crash(raft::Member member) {
  ++epoch_[member];
  note_committed(member);
  forget_writes(member);
  last_flush_[member] = long_ago;
  // Its connections are gone; the next ones do not wait for what the old ones were still resending.
  for (std::size_t from = 0; from < cores_.size(); ++from) {
    last_arrival_[from * cores_.size() + member] = long_ago;
    if (!disks_.snapshot_arrival.empty()) disks_.snapshot_arrival[from * cores_.size() + member] = long_ago;
  }
}

void Group::restart(const Context& c, raft::Member member) {
  cores_[member].restart(now_, tick_phase(c, member), c.out);
  arm(member, c.out.deadline);
  note_role(member);
}

void Group::resume(const Context& c, raft::Member member) {
  cores_[member].resume(now_, now_ - paused_since_[member], c.out);
  const auto timer = [&] {
    if (cores_[member].deadline() <= now_) step(c, member, raft::TimedOut{});
  };
  if (c.profile.after_pause == raft::AfterPause::timers_first) timer();
  const std::vector<sim::Key> held = std::move(held_[member]);
  held_[member].clear();
  for (const sim::Key key : held) execute(c, key);
  if (c.profile.after_pause == raft::AfterPause::messages_first) timer();
  arm(member, cores_[member].deadline());
}

void Group::change(const Plan& plan, Instant t, const Around& next, std::uint16_t cause, raft::Output& scratch) {
  const Context c = context(plan, scratch);
  if (sleeps_ && absorb(c, t, next, cause)) return;
  tell(c);
  run_until(c, t);
  surround(c, t, next, cause);
}

void Group::surround(const Context& c, Instant t, const Around& given, std::uint16_t cause) {
  cause_ = cause;
  changed_at_ = t;
  const Around before = std::exchange(around_, given);
  const Around& next = around_;
  scanned_term_ = 0;
  if (before.quality != next.quality || before.slow_disks != next.slow_disks) work_out_window(c);
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(before.alive, m) && !has(next.alive, m)) crash(m);
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (!has(before.paused, m) && has(next.paused, m)) paused_since_[m] = t;
  disks_changed(c, before, given.running());
  // Who comes back has forgotten that it led: it restarts before anybody looks who can write.
  const Members without = without_data(c, before);
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (has(before.alive, m) || !has(next.alive, m)) continue;
    if (has(without, m)) {
      come_back_without(c, m);
      continue;
    }
    if (has(before.corrupt, m)) read_what_is_left(c, m);
    restart(c, m);
    if (has(disks_.behind, m)) admit_what_is_lost(c, m);
  }
  if (disks_.waiting != 0) restore_a_lost_majority(c);
  look(c);
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(next.alive, m) && has(before.paused, m) && !has(next.paused, m)) resume(c, m);
  if (before.hung != 0) unhang(c, static_cast<Members>(before.hung & ~next.hung));
  look(c);
}

void Group::hand_over(const Plan& plan, Instant t, raft::Member member, std::uint16_t cause, raft::Output& scratch, raft::Member to) {
  const Context c = context(plan, scratch);
  if (forgotten_by(t)) forget(c);
  if (sleeps_ && untold_.empty() && find_calm(c, t) && member != calm_by_) {
    cause_ = cause;
    return;  // A follower has nothing to hand over.
  }
  tell(c);
  run_until(c, t);
  cause_ = cause;
  if (has(around_.running(), member)) step(c, member, raft::HandOver{to});
}

raft::Index Group::propose(const Plan& plan, Instant t, raft::Member member, std::int64_t bytes, raft::Output& scratch) {
  const Context c = context(plan, scratch);
  run_until(c, t);
  if (!has(around_.running(), member) || cores_[member].role() != raft::Role::leader) return 0;
  const raft::Index before = cores_[member].log().last_index();
  step(c, member, raft::Propose{1, bytes});
  const raft::Index after = cores_[member].log().last_index();
  return after > before ? after : 0;
}

std::uint64_t Group::digest() const {
  Hash hash;
  hash.add(around_.alive);
  hash.add(around_.paused);
  for (std::size_t m = 0; m < cores_.size(); ++m) {
    hash.add(around_.reaches[m]);
    cores_[m].add_to(hash);
    hash.add(epoch_[m]);
    hash.add(last_flush_[m] > now_ ? last_flush_[m] : long_ago);
    hash.add(held_[m].size());
  }
  for (const Instant arrival : last_arrival_) hash.add(arrival >= now_ ? arrival : long_ago);
  add_disks_to(hash);
  hash.add(next_arrival_);
  hash.add(writable_);
  hash.add(serving_);
  std::vector<sim::Key> keys(queue_.keys().begin(), queue_.keys().end());
  std::sort(keys.begin(), keys.end());
  const auto add_message = [&](const raft::Message& m) {
    hash.add(static_cast<std::uint64_t>(m.kind) << 24 | static_cast<std::uint64_t>(m.from) << 16 | static_cast<std::uint64_t>(m.to) << 8 |
             (m.reject ? 1u : 0u) | (m.pre ? 2u : 0u) | (m.transfer ? 4u : 0u));
    for (const std::uint64_t word :
         {std::uint64_t{m.term}, std::uint64_t{m.log_term}, std::uint64_t{m.entries_term}, std::uint64_t{m.entries}, m.index, m.commit, m.slot})
      hash.add(word);
    for (std::uint8_t i = 0; i < m.more_runs; ++i) hash.add(static_cast<std::uint64_t>(m.more[i].term) << 32 | m.more[i].count);
    hash.add(m.change.index);
    hash.add(m.round);
  };
  for (const sim::Key key : keys) {
    const auto event = static_cast<Event>(sim::slot_of(key) >> index_bits);
    if (event == Event::alarm) continue;  // The cores' deadlines say it.
    hash.add(sim::time_of(key));
    hash.add(sim::rank_of(key));
    if (event != Event::arrival && event != Event::durable) continue;
    const Parcel& parcel = parcels_[sim::slot_of(key) & ((1u << index_bits) - 1)];
    if (event == Event::arrival) {
      hash.add(parcel.epoch);
      add_message(parcel.message);
      continue;
    }
    hash.add(parcel.epoch);
    hash.add(parcel.durable.term);
    hash.add(parcel.durable.vote);
    hash.add(parcel.durable.index);
    hash.add(parcel.durable.log_term);
    for (std::uint32_t w = parcel.next; w != no_parcel; w = parcels_[w].next) add_message(parcels_[w].message);
  }
  return hash.value();
}

}  // namespace nines::world
