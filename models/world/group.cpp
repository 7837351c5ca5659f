#include "models/world/group.hpp"

#include <algorithm>
#include <utility>

#include "models/topology/delay.hpp"
#include "sim/base/check.hpp"

namespace nines::world {

namespace {

constexpr Duration least_apart = 1ns;  // Between two arrivals of one connection, or two flushes of one disk: order never depends on more than time.

}  // namespace

Group::Group(const Plan& plan, const GroupPlan& group, const Streams& streams, Around around, std::uint16_t cause, raft::Output& scratch)
    : partition_(group.partition), streams_(streams), key_(group.key), around_(std::move(around)), seats_(group.members), cause_(cause) {
  const Context c = context(plan, scratch);
  const raft::Profile& profile = c.profile;
  sleeps_ = plan.options.fidelity == Fidelity::sleep;
  channels_.resize(static_cast<std::size_t>(group.members) * group.members);
  if (profile.leader_gone_after > 0ns) news_.resize(group.members);
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
    seats_[m].noted = (static_cast<std::uint64_t>(cores_[m].term()) << 2) | static_cast<std::uint64_t>(cores_[m].role());
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
  const double u = streams_.of(key_ + member, Purpose::phase).uniform({0, seats_[member].epoch});
  return Duration{static_cast<std::int64_t>(u * static_cast<double>(c.profile.tick.count()))};
}

void Group::push(Instant at, sim::Class order, raft::Member receiver, raft::Member sender, Event event, std::uint32_t index) {
  const std::uint32_t slot = static_cast<std::uint32_t>(event) << index_bits | index;
  queue_.push(sim::make_key(at, sim::make_rank(order, partition_.value, receiver, sender), slot));
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
  // Nothing is left to come where a silent leader's followers are silent too.
  if (sleeps_ && t > now_ && queue_.empty() && writer_ != raft::nobody && cores_[writer_].quiescent()) calm_time_ += t - now_;
  now_ = std::max(now_, t);
  return false;
}

Group::Next Group::next() const {
  if (queue_.empty()) return {};
  const sim::Key key = queue_.top();
  const std::uint32_t index = sim::slot_of(key) & ((1u << index_bits) - 1);
  Next next{sim::time_of(key), static_cast<Event>(sim::slot_of(key) >> index_bits), raft::nobody, {}};
  switch (next.event) {
    case Event::arrival:
      next.message = mail_.message(index);
      next.member = next.message->to;
      break;
    case Event::durable: next.member = mail_.write(index).writer; break;
    case Event::alarm:
    case Event::gossip: next.member = static_cast<raft::Member>(index); break;
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
      if (has(around_.paused, mail_.brief(index).to)) return seats_[mail_.brief(index).to].held.push_back(key);
      return arrive(c, index);
    case Event::durable:
      if (has(around_.paused, mail_.write(index).writer)) return seats_[mail_.write(index).writer].held.push_back(key);
      if (has(around_.hung, mail_.write(index).writer)) return disks_.stuck[mail_.write(index).writer].push_back(key);
      return became_durable(c, index);
    case Event::alarm: return alarm(c, static_cast<raft::Member>(index), sim::time_of(key));
    case Event::proposal: return propose(c);
    case Event::serve: return look(c);
    case Event::gossip: return hear_gossip(c, key);
  }
}

void Group::arrive(const Context& c, std::uint32_t message) {
  const raft::Member to = mail_.brief(message).to;
  if (disks_.failed) refuse_contradiction(c, message);
  const bool lost = !has(around_.alive, to) || mail_.epoch(message) != seats_[to].epoch;
  if (lost) return mail_.discard(message);
  // A copy: its place is taken again by what the step sends.
  const raft::Message received = mail_.message(message);
  mail_.discard(message);
  note_step(to, 0);  // A message is the first kind of input.
  const Office before{cores_[to].role() == raft::Role::leader, cores_[to].committed_in_term()};
  cores_[to].step(now_, received, c.out);
  carry_out(c, to);
  look_at_disks(c, to, before);
}

void Group::became_durable(const Context& c, std::uint32_t write) {
  const Mail::Write done = mail_.write(write);
  mail_.forget_write(write);
  const bool lost = !has(around_.alive, done.writer) || done.epoch != seats_[done.writer].epoch;
  for (std::uint32_t waiting = done.waiting; waiting != Mail::none;) {
    const raft::Message message = mail_.message(waiting);
    const std::uint32_t next = mail_.after(waiting);
    mail_.discard(waiting);
    if (!lost) send(c, message);
    waiting = next;
  }
  if (!lost) step(c, done.writer, done.durable);
}

void Group::alarm(const Context& c, raft::Member member, Instant at) {
  if (seats_[member].alarm_queued != at) return;  // A later arming replaced this entry.
  seats_[member].alarm_queued = never;
  if (!has(around_.running(), member)) return;
  const Instant deadline = cores_[member].deadline();
  if (deadline > now_) return arm(member, deadline);
  step(c, member, raft::TimedOut{});
}

void Group::arm(raft::Member member, Instant deadline) {
  deadline = std::max(deadline, now_);                  // What was due while the process stood still is due now.
  if (deadline >= seats_[member].alarm_queued) return;  // The queued entry comes first and re-arms itself.
  seats_[member].alarm_queued = deadline;
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

void Group::note_step(raft::Member member, std::size_t kind) {
  ++events_;
  trace_.add(now_);
  trace_.add(static_cast<std::uint64_t>(member) << 8 | kind);
}

void Group::step(const Context& c, raft::Member member, const raft::Input& input) {
  note_step(member, input.index());
  const Office before{cores_[member].role() == raft::Role::leader, cores_[member].committed_in_term()};
  cores_[member].step(now_, input, c.out);
  if (std::holds_alternative<raft::TimedOut>(input)) (cores_[member].role() == raft::Role::leader ? beat_ : in_vain_) = true;
  carry_out(c, member);
  look_at_disks(c, member, before);
  if (!std::holds_alternative<raft::TimedOut>(input)) return;
  if (forced_.on && cores_[member].role() == raft::Role::leader) {
    see_configuration();
    if (forced_.on) let_removed_in(c, member);
  }
  if (disks_.waiting != 0) let_newcomers_in(c, member);
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
    const raft::Durable durable{core.term(), core.voted_for(), out.persist_to, core.log().term_at(out.persist_to)};
    const std::uint32_t write = mail_.write(durable, member, seats_[member].epoch, out.once_durable);
    seats_[member].last_flush = std::max(now_ + flush, seats_[member].last_flush + least_apart);
    push(seats_[member].last_flush, sim::Class::durable, member, 0, Event::durable, write);
  }
  arm(member, out.deadline);
  const raft::Index apply_to = out.apply_to;
  if (out.changed) {
    note_role(member);
    look(c);
  }
  if (apply_to != 0) step(c, member, raft::Applied{apply_to});
  // The last words of a leader that is gone already may come late.
  if (cores_[member].quiescent() && !news_.empty()) expect_news(c, member);
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
  const Instant arrival = std::max(now_ + delay + takes, channels_[channel].last_arrival + std::max(least_apart, takes));
  channels_[channel].last_arrival = arrival;
  push(arrival, sim::Class::arrival, message.to, message.from, Event::arrival, mail_.send(message, seats_[message.to].epoch));
}

void Group::discard_write(std::uint32_t write) {
  for (std::uint32_t waiting = mail_.write(write).waiting; waiting != Mail::none;) {
    const std::uint32_t next = mail_.after(waiting);
    mail_.discard(waiting);
    waiting = next;
  }
  mail_.forget_write(write);
}

void Group::crash(raft::Member member) {
  ++seats_[member].epoch;
  note_committed(member);
  for (const sim::Key key : seats_[member].held) {
    if (static_cast<Event>(sim::slot_of(key) >> index_bits) == Event::gossip) continue;
    const std::uint32_t index = sim::slot_of(key) & ((1u << index_bits) - 1);
    if (static_cast<Event>(sim::slot_of(key) >> index_bits) == Event::arrival)
      mail_.discard(index);
    else
      discard_write(index);
  }
  seats_[member].held.clear();
  forget_writes(member);
  seats_[member].last_flush = long_ago;
  // Its connections are gone; the next ones do not wait for what the old ones were still resending.
  for (std::size_t from = 0; from < cores_.size(); ++from) {
    channels_[from * cores_.size() + member].last_arrival = long_ago;
    if (!disks_.snapshot_arrival.empty()) disks_.snapshot_arrival[from * cores_.size() + member] = long_ago;
  }
}

void Group::restart(const Context& c, raft::Member member) {
  cores_[member].restart(now_, tick_phase(c, member), c.out);
  arm(member, c.out.deadline);
  note_role(member);
}

void Group::resume(const Context& c, raft::Member member) {
  cores_[member].resume(now_, now_ - seats_[member].paused_since, c.out);
  const auto timer = [&] {
    if (cores_[member].deadline() <= now_) step(c, member, raft::TimedOut{});
  };
  if (c.profile.after_pause == raft::AfterPause::timers_first) timer();
  const std::vector<sim::Key> held = std::move(seats_[member].held);
  seats_[member].held.clear();
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
    if (!has(before.paused, m) && has(next.paused, m)) seats_[m].paused_since = t;
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
    if (forced_.on && has(forced_.untold, m)) tell_forced(c, m);
    if (has(disks_.behind, m)) admit_what_is_lost(c, m);
  }
  if (disks_.waiting != 0 && !forced_.on) restore_a_lost_majority(c);
  look(c);
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (has(next.alive, m) && has(before.paused, m) && !has(next.paused, m)) resume(c, m);
  if (before.hung != 0) unhang(c, static_cast<Members>(before.hung & ~next.hung));
  look(c);
  if (disks_.waiting != 0) ask_the_silent(c);
  for (raft::Member m = 0; m < news_.size(); ++m) expect_news(c, m);
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
    hash.add(seats_[m].epoch);
    hash.add(seats_[m].last_flush > now_ ? seats_[m].last_flush : long_ago);
    hash.add(seats_[m].held.size());
    if (awaits_news(static_cast<raft::Member>(m))) hash.add(news_[m].at);
  }
  for (const Channel& channel : channels_) hash.add(channel.last_arrival >= now_ ? channel.last_arrival : long_ago);
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
    if (event == Event::alarm || event == Event::gossip) continue;  // The cores' deadlines say it; what is still news has been added.
    hash.add(sim::time_of(key));
    hash.add(sim::rank_of(key));
    if (event != Event::arrival && event != Event::durable) continue;
    const std::uint32_t index = sim::slot_of(key) & ((1u << index_bits) - 1);
    if (event == Event::arrival) {
      hash.add(mail_.epoch(index));
      add_message(mail_.message(index));
      continue;
    }
    const Mail::Write& write = mail_.write(index);
    hash.add(write.epoch);
    hash.add(write.durable.term);
    hash.add(write.durable.vote);
    hash.add(write.durable.index);
    hash.add(write.durable.log_term);
    for (std::uint32_t w = write.waiting; w != Mail::none; w = mail_.after(w)) add_message(mail_.message(w));
  }
  return hash.value();
}

}  // namespace nines::world
