#include "scenarios/fuzz/arena.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/fuzz/story.hpp"

namespace nines::fuzz {

namespace {

constexpr std::size_t remembered = 256;  // Messages of the past.

std::int64_t share_of(Duration whole, double u) { return static_cast<std::int64_t>(static_cast<double>(whole.count()) * u); }

}  // namespace

Arena::Arena(const Plan& plan, std::string* story)
    : plan_(plan),
      story_(story),
      wire_(plan.seed, 0, 1, Purpose::message_delay),
      disk_(plan.seed, 0, 1, Purpose::disk_flush),
      misc_(plan.seed, 0, 1, Purpose::phase),
      processes_(plan.members),
      links_(static_cast<std::size_t>(plan.members) * plan.members),
      safety_(plan.members, plan.profile.flush.follower_before_ack ? Promise::durable : Promise::in_memory),
      clients_(plan.demand.clients, plan.demand.registers, plan.members, plan.demand.patience),
      asked_(plan.demand.clients, raft::nobody) {
  queue_.reserve(1024);
  past_.reserve(remembered);
  int top = 0;
  for (raft::Member m = 0; m < plan.members; ++m) top = std::max(top, plan.priority[m]);
  for (raft::Member m = 0; m < plan.members; ++m) {
    raft::Identity identity;
    identity.self = m;
    identity.members = plan.members;
    identity.priority = plan.priority[m];
    identity.target_priority = top;
    identity.configuration = (plan.configuration.members() >> m & 1) != 0 ? plan.configuration : raft::Configuration{};
    identity.timeouts = Stream(plan.seed, 0, m, Purpose::election_timeout);
    cores_.emplace_back(plan.profile, identity, tick_phase(m));
#ifdef NINES_PLANTED_BUGS
    cores_.back().plant(plan.bug);
#endif
    Process& p = processes_[m];
    p.clock_showed = Instant{Duration{share_of(3600s, misc_.uniform({1, m}))}};
    p.ppm = plan.drift_ppm[m];
  }
  for (raft::Member m = 0; m < plan.members; ++m) {
    cores_[m].restart(local(m, now_), tick_phase(m), out_);
    arm(m, cores_[m].deadline());
    look(m);
  }
  for (std::uint32_t i = 0; i < plan.actions.size(); ++i)
    push(plan.actions[i].at, sim::Class::fault, 0, static_cast<raft::Member>(i & 15), Event::action, i);
}

void Arena::found(std::string_view property, std::string what) {
  if (!finding_) finding_ = Finding{std::string(property), std::move(what), now_};
}

void Arena::push(Instant at, sim::Class order, raft::Member receiver, raft::Member sender, Event event, std::uint32_t index) {
  queue_.push(sim::make_key(at, sim::make_rank(order, 0, receiver, sender), static_cast<std::uint32_t>(event) << index_bits | index));
}

std::optional<Finding> Arena::run() {
  try {
    run_before(Instant{plan_.hostile});
    if (!finding_) {
      now_ = Instant{plan_.hostile};
      heal();
      run_before(now_ + plan_.patience);
    }
    if (!finding_ && !has_converged_ && held_up_by_rules()) {
      coverage_.took(Turn::held_up);
    } else if (!finding_ && !has_converged_) {
      for (raft::Member m = 0; story_ != nullptr && m < plan_.members; ++m)
        tell(name_of(m) + "  " + (runs(m) ? text_of(glance(cores_[m])) : "is stopped"));
      found("liveness",
            "the members that are whole did not elect a leader, commit and agree within " + std::to_string(seconds(plan_.patience)) + " s");
    }
  } catch (const BrokenInvariant& broken) {
    // What the core itself notices stands for the property it protects.
    found("invariant", broken.what());
  }
  coverage_.seeds = 1;
  coverage_.elections = safety_.elections();
  coverage_.committed = safety_.committed();
  if (finding_) return finding_;
  if (std::string lost = clients_.lost(safety_); !lost.empty()) found("answered commands stay", std::move(lost));
  std::string what;
  switch (clients_.history(what)) {
    case Verdict::linearizable: break;
    case Verdict::undecided: ++coverage_.undecided; break;
    case Verdict::broken: found("linearizability", std::move(what)); break;
  }
  return finding_;
}

void Arena::run_before(Instant t) {
  while (!queue_.empty() && sim::time_of(queue_.top()) < t && !finding_ && !has_converged_) {
    const sim::Key key = queue_.pop();
    now_ = sim::time_of(key);
    // The busiest seeds take a tenth of this. Messages that beget messages without end are a bug too, and no seed may run for ever.
    if (++executed_ > 3'000'000) return found("storm", "three million events, and no end");
    execute(key);
  }
}

void Arena::execute(sim::Key key) {
  const std::uint32_t index = sim::slot_of(key) & ((1u << index_bits) - 1);
  switch (static_cast<Event>(sim::slot_of(key) >> index_bits)) {
    case Event::arrival: {
      Process& p = processes_[parcels_[index].message.to];
      if (p.paused == 0) return arrive(index);
      parcels_[index].has_come = link(parcels_[index].message.from, parcels_[index].message.to).cut == 0;
      return p.waiting.push_back(key);
    }
    case Event::written: {
      Write& w = writes_[index];
      if (w.dead) {
        w.dead = w.queued = false;
        return free_write(index);
      }
      if (now_ < w.ends) {  // The disk hangs, or did.
        w.queued = w.ends != never;
        if (w.queued) push(w.ends, sim::Class::durable, w.writer, 0, Event::written, index);
        return;
      }
      Process& p = processes_[w.writer];
      if (p.paused != 0) return p.waiting.push_back(key);
      return written(index);
    }
    case Event::applied: {
      const auto member = static_cast<raft::Member>(index & 15);
      Process& p = processes_[member];
      if (p.paused != 0) return p.waiting.push_back(key);
      if ((p.epoch & 0xfffff) == index >> 4) apply(member, p.applying_to);
      return;
    }
    case Event::alarm: return alarm(static_cast<raft::Member>(index), sim::time_of(key));
    case Event::action: return act(index);
    case Event::let_go: return let_go(index);
    case Event::request: return request(requests_[index]);
    case Event::fell: return fell(index);
    case Event::strike: return strike(index);
    case Event::wish: return wish(static_cast<raft::Member>(index));
    case Event::probe: return probe();
  }
}

raft::Member Arena::leader() const {
  raft::Member best = raft::nobody;
  for (raft::Member m = 0; m < cores_.size(); ++m)
    if (runs(m) && cores_[m].role() == raft::Role::leader && (best == raft::nobody || cores_[m].term() > cores_[best].term())) best = m;
  return best;
}

// --- Clocks: what a member's own clock shows at a true instant, and when it will show something. ---

Instant Arena::local(raft::Member member, Instant t) const {
  const Process& p = processes_[member];
  const std::int64_t passed = (t - p.clock_set).count();
  return p.clock_showed + Duration{passed + (p.ppm == 0 ? 0 : static_cast<std::int64_t>(static_cast<__int128>(passed) * p.ppm / 1'000'000))};
}

Instant Arena::global(raft::Member member, Instant t) const {
  if (t == never) return never;
  const Process& p = processes_[member];
  const std::int64_t ahead = (t - p.clock_showed).count();
  if (ahead <= 0) return p.clock_set;
  if (p.ppm == 0) return p.clock_set + Duration{ahead};
  Instant at = p.clock_set + Duration{static_cast<std::int64_t>(static_cast<__int128>(ahead) * 1'000'000 / (1'000'000 + p.ppm))};
  while (local(member, at) < t) at += 1ns;
  return at;
}

Duration Arena::tick_phase(raft::Member member) const {
  if (plan_.profile.tick <= 0ns) return 0ns;
  return Duration{share_of(plan_.profile.tick, misc_.uniform({2, std::uint64_t{processes_[member].epoch} << 8 | member}))};
}

void Arena::arm(raft::Member member, Instant deadline) {
  if (deadline == never) return;
  const Instant at = std::max(global(member, deadline), now_);
  Process& p = processes_[member];
  if (at >= p.alarm_queued) return;  // The queued entry comes first and re-arms itself.
  p.alarm_queued = at;
  push(at, sim::Class::alarm, member, 0, Event::alarm, member);
}

void Arena::alarm(raft::Member member, Instant at) {
  Process& p = processes_[member];
  if (p.alarm_queued != at) return;  // A later arming replaced this entry.
  p.alarm_queued = never;
  if (p.down != 0 || p.paused != 0) return;
  if (cores_[member].deadline() > local(member, now_)) return arm(member, cores_[member].deadline());
  step(member, raft::TimedOut{});
}

// --- The core ---

void Arena::step(raft::Member member, const raft::Input& input) {
  ++coverage_.events;
  raft::Core& core = cores_[member];
  const Glance before = glance(core);
  core.step(local(member, now_), input, out_);
  if (calling_ != Clients::no_call && core.role() == raft::Role::leader && core.log().last_index() > before.last) {
    clients_.taken(calling_, member, before.last + 1, core.term());
    calling_ = Clients::no_call;
  }
  notice(member, input, before);
  if (!ambushes_.empty()) spring(member);
  look(member);
  if (!processes_[member].reads.empty()) serve_reads(member);
  if (story_ != nullptr) tell_step(member, input, before);
  carry_out(member);
}

void Arena::carry_out(raft::Member member) {
  for (const raft::Message& message : out_.now) send(message);
  if (out_.persist) write(member);
  arm(member, out_.deadline);
  Process& p = processes_[member];
  if (out_.apply_to > p.applying_to) {
    p.applying_to = out_.apply_to;
    const double u = disk_.uniform({static_cast<std::uint64_t>(count_ns(now_)), std::uint64_t{member} << 56 | 1, 1});
    push(now_ + 1ns + Duration{share_of(plan_.disk.spread, u)}, sim::Class::durable, member, 1, Event::applied, (p.epoch & 0xfffff) << 4 | member);
  }
}

void Arena::apply(raft::Member member, raft::Index index) { step(member, raft::Applied{index}); }

void Arena::serve_reads(raft::Member member) {
  Process& p = processes_[member];
  const raft::Core& core = cores_[member];
  if (core.role() != raft::Role::leader || core.term() != p.reads_term) {
    for (const std::uint32_t read : p.reads) {
      clients_.refused(read, coverage_);
      coverage_.took(Turn::read_dropped);
    }
    p.reads.clear();
    return;
  }
  SIM_CHECK(out_.reads_served <= p.reads.size(), "more reads are served than asked for");
  for (std::size_t i = 0; i < out_.reads_served; ++i) {
    clients_.served(now_, p.reads[i], member, coverage_);
    coverage_.took(Turn::read_confirmed);
  }
  p.reads.erase(p.reads.begin(), p.reads.begin() + static_cast<std::ptrdiff_t>(out_.reads_served));
}

View Arena::view_of(raft::Member member) const {
  const raft::Core& core = cores_[member];
  return {runs(member),
          core.role(),
          core.term(),
          core.voted_for(),
          core.commit(),
          core.log().runs(),
          core.durable(),
          core.durable_term(),
          core.durable_vote(),
          core.log().base(),
          core.log().base_term(),
          core.configuration().incoming,
          core.configuration().outgoing};
}

void Arena::look(raft::Member member) {
  const View view = view_of(member);
  safety_.look(now_, member, view);
  if (!safety_.holds()) {
    const Violation& violation = safety_.violations().front();
    found(violation.property, violation.text());
  }
  if (runs(member)) clients_.applied(now_, member, view, safety_, coverage_);
}

void Arena::notice(raft::Member member, const raft::Input& input, const Glance& before) {
  using raft::Role;
  const raft::Core& core = cores_[member];
  const Role was = before.role, is = core.role();
  if (was != is || before.term != core.term()) {
    if (is == Role::pre_candidate && was != Role::pre_candidate) coverage_.took(Turn::begins_pre_vote);
    if (was == Role::pre_candidate && is == Role::follower) coverage_.took(Turn::gives_up_pre_vote);
    if (was == Role::pre_candidate && (is == Role::candidate || is == Role::leader)) coverage_.took(Turn::wins_pre_vote);
    if (is == Role::candidate) coverage_.took(was == Role::candidate ? Turn::stands_again : Turn::stands_for_election);
    if (is == Role::leader && was != Role::leader) {
      coverage_.took(Turn::wins_election);
      for (raft::Member to = 0; to < plan_.members; ++to) {
        link(member, to).term = core.term();
        link(member, to).probing = core.progress(to).probing;
      }
      wish_for_change(member);
      turn_at_election();
      fell_at_election(member);
    }
    if (was == Role::candidate && is == Role::follower) coverage_.took(Turn::loses_election);
    if (was == Role::leader && is == Role::follower) coverage_.took(core.term() > before.term ? Turn::deposed_by_term : Turn::steps_down_alone);
  }
  if (std::holds_alternative<raft::Read>(input) && core.reads_waiting() > 0) coverage_.took(Turn::read_waits);
  if (std::holds_alternative<raft::Reconfigure>(input))
    coverage_.took(core.log().last_index() > before.last ? Turn::change_begun : Turn::change_refused);
  if (core.quiescent() != before.quiescent) coverage_.took(core.quiescent() ? Turn::falls_quiet : Turn::wakes);
  if (core.log().base() != before.base)
    coverage_.took(std::holds_alternative<raft::TakeSnapshot>(input) ? Turn::snapshot_taken : Turn::snapshot_installed);
  if (core.configuration() != before.configuration) {
    if (core.configuration().joint() != before.configuration.joint())
      coverage_.took(core.configuration().joint() ? Turn::joint_entered : Turn::joint_left);
    if (core.log().last_index() < before.last) coverage_.took(Turn::change_undone);
    if (was == Role::leader && is == Role::follower && std::holds_alternative<raft::Applied>(input)) coverage_.took(Turn::removed_leader_stands_down);
  }
  if (core.committed_in_term() && !before.committed_in_term) coverage_.took(Turn::first_commit);
  if (core.log().last_index() < before.last || (before.last > core.log().base() && core.log().term_at(before.last) != before.last_term))
    coverage_.took(Turn::log_replaced);
  if (const auto* durable = std::get_if<raft::Durable>(&input)) {
    if (durable->index > 0 && !core.log().matches(durable->index, durable->log_term)) coverage_.took(Turn::write_overtaken);
    return;
  }
  const auto* received = std::get_if<raft::Received>(&input);
  if (received == nullptr) return;
  const raft::Message& m = received->message;
  if (m.term < before.term) return coverage_.took(Turn::stale_message);
  if (m.kind == raft::Kind::timeout_now && is == Role::candidate) coverage_.took(Turn::leadership_taken);
  for (const raft::Message& answer : out_.now) {
    if (answer.kind == raft::Kind::vote_reply)
      coverage_.took(answer.pre ? (answer.reject ? Turn::pre_vote_refused : Turn::pre_vote_granted) : (answer.reject ? Turn::vote_refused : Turn::vote_granted));
    if (answer.reject && answer.kind == raft::Kind::append_ack) coverage_.took(Turn::append_refused);
    if (answer.kind == raft::Kind::timeout_now) coverage_.took(Turn::leadership_offered);
  }
  if (m.kind == raft::Kind::vote) {
    if (out_.now.empty() && out_.once_durable.empty()) coverage_.took(Turn::request_ignored);
    if (!out_.once_durable.empty()) coverage_.took(Turn::vote_granted);
  }
  if (is == Role::leader && was == Role::leader && (m.kind == raft::Kind::append_ack || m.kind == raft::Kind::heartbeat_ack)) {
    const bool probing = core.progress(m.from).probing;
    Link& back = link(member, m.from);
    if (back.probing != probing && back.term == core.term()) coverage_.took(probing ? Turn::stream_to_probe : Turn::probe_to_stream);
    back.probing = probing;
    back.term = core.term();
  }
}

void Arena::restart(raft::Member member) {
  Process& p = processes_[member];
  const raft::Index had = cores_[member].log().last_index();
  cores_[member].restart(local(member, now_), tick_phase(member), out_);
  p.alarm_queued = never;
  coverage_.took(Turn::restart);
  if (cores_[member].log().last_index() < had) coverage_.took(Turn::restart_lost_entries);
  clients_.restarted(member);
  look(member);
  carry_out(member);
}

// In which order a process that stood still reads what has come: in half of the cases one peer's messages after the other's; its clients' calls and
// what its disk has done are peers of their own.
std::vector<sim::Key> Arena::by_socket(std::vector<sim::Key> waiting, raft::Member member) const {
  const Words w = misc_.words({6, static_cast<std::uint64_t>(count_ns(now_)), member});
  if ((w[0] & 1) != 0) return waiting;
  const auto place = [&](sim::Key key) {
    const std::uint32_t index = sim::slot_of(key) & ((1u << index_bits) - 1);
    const auto event = static_cast<Event>(sim::slot_of(key) >> index_bits);
    const unsigned socket = event == Event::arrival   ? parcels_[index].message.from
                            : event == Event::request ? raft::max_members
                                                      : raft::max_members + 1u;
    return (w[socket % 4] >> (socket / 4 * 8)) & 0xff;
  };
  std::stable_sort(waiting.begin(), waiting.end(), [&](sim::Key a, sim::Key b) { return place(a) < place(b); });
  return waiting;
}

void Arena::resume(raft::Member member) {
  Process& p = processes_[member];
  coverage_.took(Turn::resume);
  cores_[member].resume(local(member, now_), local(member, now_) - local(member, p.paused_since), out_);
  look(member);
  const std::uint32_t epoch = p.epoch;
  const auto timer = [&] {
    if (p.epoch == epoch && cores_[member].deadline() <= local(member, now_)) step(member, raft::TimedOut{});
  };
  if (plan_.profile.after_pause == raft::AfterPause::timers_first) timer();
  const std::vector<sim::Key> waiting = by_socket(std::exchange(p.waiting, {}), member);
  for (const sim::Key key : waiting) execute(key);
  if (plan_.profile.after_pause == raft::AfterPause::messages_first) timer();
  if (p.epoch == epoch) arm(member, cores_[member].deadline());
}

// --- The network ---

std::uint32_t Arena::new_parcel(const raft::Message& message) {
  std::uint32_t parcel = free_parcels_;
  if (parcel == none) {
    parcel = static_cast<std::uint32_t>(parcels_.size());
    parcels_.emplace_back();
  } else {
    free_parcels_ = parcels_[parcel].next;
  }
  parcels_[parcel].message = message;
  parcels_[parcel].epoch = processes_[message.to].epoch;
  parcels_[parcel].has_come = false;
  parcels_[parcel].hostile = !whole_;
  parcels_[parcel].next = none;
  return parcel;
}

void Arena::drop(std::uint32_t parcel) {
  parcels_[parcel].next = free_parcels_;
  free_parcels_ = parcel;
}

void Arena::send(const raft::Message& message) {
  Link& l = link(message.from, message.to);
  if ((sent_++ & 3) == 0) {
    if (past_.size() < remembered)
      past_.push_back(message);
    else
      past_[sent_ / 4 % remembered] = message;
  }
  if (l.cut != 0) return;
  // Named by its content and its instant: taking an action away leaves the other messages' draws alone.
  const Words w = wire_.words({static_cast<std::uint64_t>(count_ns(now_)),
                               std::uint64_t{message.from} << 8 | message.to | static_cast<std::uint64_t>(message.kind) << 16 | message.slot << 20});
  const double loss = whole_ ? 0 : std::max(l.loss, plan_.wire.loss), twice = whole_ ? 0 : std::max(l.duplicates, plan_.wire.duplicates);
  if (loss > 0 && to_unit(w[1]) < loss) return;
  const double u = to_unit(w[0]);
  Duration delay = plan_.wire.least + Duration{share_of(plan_.wire.spread, u)};
  if (l.slow > 0ns) delay += Duration{share_of(l.slow, to_unit(w[0] << 20))};
  if (!whole_ && plan_.wire.tail_share > 0 && to_unit(w[1] << 20) < plan_.wire.tail_share)
    delay += Duration{share_of(plan_.wire.tail, to_unit(w[3]))};
  transmit(message, delay);
  if (twice > 0 && to_unit(w[2]) < twice)
    transmit(message, delay + Duration{share_of(4 * plan_.wire.least + plan_.wire.spread, to_unit(w[2] << 20))});
}

void Arena::transmit(const raft::Message& message, Duration delay) {
  Link& l = link(message.from, message.to);
  const std::uint32_t parcel = new_parcel(message);
  if (l.clogged != 0) return l.held_back.push_back(parcel);
  Instant arrival = now_ + std::max(delay, Duration{1ns});
  if (plan_.wire.connections) {
    arrival = std::max(arrival, l.last_arrival + 1ns);
    l.last_arrival = arrival;
  }
  push(arrival, sim::Class::arrival, message.to, message.from, Event::arrival, parcel);
}

void Arena::arrive(std::uint32_t parcel) {
  const raft::Message message = parcels_[parcel].message;
  const std::uint32_t epoch = parcels_[parcel].epoch;
  const bool has_come = parcels_[parcel].has_come, hostile = parcels_[parcel].hostile;
  drop(parcel);
  if (whole_ && hostile && message.change.index != 0) return;  // Of what it brings nothing was known when it was said who belongs to the group.
  if (plan_.wire.cut == Cut::loses_in_flight && !has_come && link(message.from, message.to).cut != 0) return;
  const Process& p = processes_[message.to];
  if (p.down != 0) return coverage_.took(Turn::message_to_the_dead);
  if (epoch != p.epoch) {
    coverage_.took(Turn::message_to_next_life);
    if (plan_.wire.connections) return;
  }
  step(message.to, raft::Received{message});
}

// --- The disks ---

void Arena::write(raft::Member member) {
  const raft::Core& core = cores_[member];
  Process& p = processes_[member];
  std::uint32_t number = free_writes_;
  if (number == none) {
    number = static_cast<std::uint32_t>(writes_.size());
    writes_.emplace_back();
  } else {
    free_writes_ = writes_[number].next;
  }
  std::uint32_t chain = none;
  for (std::size_t i = out_.once_durable.size(); i-- > 0;) {
    const std::uint32_t waiting = new_parcel(out_.once_durable[i]);
    parcels_[waiting].next = chain;
    chain = waiting;
  }
  Write& w = writes_[number];
  w.durable = raft::Durable{core.term(), core.voted_for(), out_.persist_to, core.log().term_at(out_.persist_to)};
  w.messages = chain;
  w.writer = member;
  const Words draw = disk_.words({static_cast<std::uint64_t>(count_ns(now_)), std::uint64_t{member} << 56 | out_.persist_to});
  Duration takes = plan_.disk.least + Duration{share_of(plan_.disk.spread, to_unit(draw[0]))};
  if (p.slow_disk > 0ns) takes += Duration{share_of(p.slow_disk, to_unit(draw[1]))};
  if (!whole_ && plan_.disk.tail_share > 0 && to_unit(draw[2]) < plan_.disk.tail_share)
    takes += Duration{share_of(plan_.disk.tail, to_unit(draw[3]))};
  w.ends = p.hung_disk != 0 ? never : std::max(now_ + takes, p.last_write + 1ns);
  p.writes.push_back(number);
  w.dead = false;
  w.queued = w.ends != never;
  if (!w.queued) return;
  p.last_write = w.ends;
  push(w.ends, sim::Class::durable, member, 0, Event::written, number);
}

void Arena::free_write(std::uint32_t number) {
  for (std::uint32_t parcel = writes_[number].messages; parcel != none;) {
    const std::uint32_t next = parcels_[parcel].next;
    drop(parcel);
    parcel = next;
  }
  writes_[number].messages = none;
  writes_[number].next = free_writes_;
  free_writes_ = number;
}

void Arena::written(std::uint32_t number) {
  const raft::Member member = writes_[number].writer;
  Process& p = processes_[member];
  const raft::Durable durable = writes_[number].durable;
  SIM_CHECK(p.writes.front() == number, "a disk finishes its writes in their order");
  writes_[number].queued = false;
  if (p.doom == Doom::failed_write) return meet_doom(member);
  p.writes.erase(p.writes.begin());
  if (p.doom == Doom::after_write) {
    free_write(number);
    step_unheard(member, durable);
    return meet_doom(member);
  }
  std::uint32_t waiting = writes_[number].messages;
  writes_[number].messages = none;
  free_write(number);
  while (waiting != none) {
    const raft::Message message = parcels_[waiting].message;
    const std::uint32_t next = parcels_[waiting].next;
    drop(waiting);
    send(message);
    waiting = next;
  }
  safety_.wrote(member, durable.index, durable.log_term);
  step(member, durable);
}

}  // namespace nines::fuzz
