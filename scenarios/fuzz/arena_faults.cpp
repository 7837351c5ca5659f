// What is done to the cluster: every hold of faults.hpp, what letting go of it means, and how everything is made whole for the liveness phase.
#include <algorithm>
#include <utility>

#include "models/quorum/change.hpp"
#include "scenarios/fuzz/arena.hpp"
#include "scenarios/fuzz/story.hpp"

namespace nines::fuzz {

void Arena::act(std::uint32_t number) {
  if (whole_) return;
  const Action& action = plan_.actions[number];
  if (action.kind < client_kinds) return call(number);
  if (action.awaits == Turn::count_) return act_on(number, leader(), action.word);
  ambushes_.push_back({number, coverage_.taken[static_cast<std::size_t>(action.awaits)]});
}

void Arena::act_on(std::uint32_t number, raft::Member whoever, std::uint64_t word) {
  Held held;
  held.action = number;
  held.word = word;
  held.grip = take(faults()[plan_.actions[number].kind].whom, word, {plan_.members, whoever, plan_.zone});
  if (story_ != nullptr) tell_action(held);
  if (hold(held)) ++coverage_.kinds[plan_.actions[number].kind];
}

void Arena::keep(const Held& held, Instant until) {
  std::uint32_t place = free_holds_;
  if (place == none) {
    place = static_cast<std::uint32_t>(holds_.size());
    holds_.emplace_back();
  } else {
    free_holds_ = holds_[place].next;
  }
  holds_[place] = held;
  holds_[place].due = until;
  push(until, sim::Class::fault, 1, static_cast<raft::Member>(held.action & 15), Event::let_go, place);
}

// Takes hold; false when nothing was there to take hold of.
bool Arena::hold(Held& held) {
  const Action& action = plan_.actions[held.action];
  const Fault& fault = faults()[action.kind];
  const Duration timeout = plan_.profile.election_timeout;
  const Instant until = now_ + action.lasts;
  bool any = false;
  const auto each_member = [&](auto takes) {
    for (raft::Member m = 0; m < plan_.members; ++m) {
      if (!has(held.grip.members, m)) continue;
      if (takes(m))
        any = true;
      else
        held.grip.members = static_cast<Members>(held.grip.members & ~(1u << m));
    }
  };
  const auto each_link = [&](auto takes) {
    for (raft::Member from = 0; from < plan_.members; ++from)
      for (raft::Member to = 0; to < plan_.members; ++to)
        if (has(held.grip.links[from], to)) {
          takes(link(from, to));
          any = true;
        }
  };
  const auto standing = [&](raft::Member m) { return runs(m) && processes_[m].paused == 0; };
  switch (fault.hold) {
    case Hold::call_write:
    case Hold::call_read:
    case Hold::call_index:
    case Hold::call_all:
    case Hold::call_change: return false;
    case Hold::snapshot:
    case Hold::step_down:
    case Hold::campaign:
    case Hold::unreachable:
    case Hold::change:
      each_member([&](raft::Member m) {
        if (!standing(m)) return false;
        if (fault.hold == Hold::snapshot) step(m, raft::TakeSnapshot{static_cast<std::int64_t>(action.word >> 20 & 0xfffff)});
        if (fault.hold == Hold::step_down) step(m, raft::StepDown{});
        if (fault.hold == Hold::campaign) step(m, raft::Campaign{});
        if (fault.hold == Hold::unreachable) step(m, raft::Unreachable{static_cast<raft::Member>((action.word >> 20) % plan_.members)});
        if (fault.hold == Hold::change) return ask_for_change(m, action.word * (2 * m + 1u));  // Each is asked for something else.
        return true;
      });
      return any;
    case Hold::stop:
    case Hold::stop_torn:
      each_member([&](raft::Member m) {
        if (processes_[m].lost) return false;
        if (runs(m)) crash(m, fault.hold == Hold::stop ? Tail::lost : Tail::torn, action.word >> 20);
        ++processes_[m].down;
        return true;
      });
      break;
    case Hold::stop_for_good:
      each_member([&](raft::Member m) {
        if (has(plan_.core, m) || processes_[m].lost) return false;
        if (runs(m)) crash(m, Tail::lost, 0);
        ++processes_[m].down;
        processes_[m].lost = true;
        return true;
      });
      return any;
    case Hold::stop_at_write:
    case Hold::write_fails:
      each_member([&](raft::Member m) {
        if (!runs(m) || processes_[m].doom != Doom::none) return false;
        processes_[m].doom = fault.hold == Hold::stop_at_write ? Doom::after_write : Doom::failed_write;
        processes_[m].doom_by = held.action;
        return true;
      });
      return any;
    case Hold::stop_in_order:
      each_member([&](raft::Member m) {
        if (!standing(m)) return false;
        step(m, raft::HandOver{});
        return true;
      });
      if (any) keep(held, now_ + action.lasts / 4);
      return any;
    case Hold::hand_over:
      each_member([&](raft::Member m) {
        if (!standing(m)) return false;
        step(m, raft::HandOver{});
        return true;
      });
      return any;
    case Hold::pause:
      each_member([&](raft::Member m) {
        if (!runs(m)) return false;
        if (processes_[m].paused++ == 0) processes_[m].paused_since = now_;
        held.epoch[m] = processes_[m].epoch;
        return true;
      });
      break;
    case Hold::drift:
      each_member([&](raft::Member m) {
        set_clock(m, static_cast<std::int64_t>((action.word >> 20 & 1) != 0 ? action.strength : -action.strength), 0ns);
        return true;
      });
      break;
    case Hold::jump:
      each_member([&](raft::Member m) {
        set_clock(m, processes_[m].ppm, part_of(timeout, action.strength));
        return true;
      });
      return any;
    case Hold::cut: each_link([&](Link& l) { cut(l); }); break;
    case Hold::cut_in_turns:
      each_link([&](Link& l) { cut(l); });
      if (any) keep(held, now_ + action.lasts / turns_of_cut);
      return any;
    case Hold::fell_leaders:
      held.grip.members = 0;
      keep(held, until);
      if (leader() != raft::nobody) fell_at_election(leader());
      return true;
    case Hold::clog: each_link([](Link& l) { ++l.clogged; }); break;
    case Hold::clog_in_turns:
      any = true;
      swizzle(held);
      keep(held, now_ + action.lasts / turns_of_swizzle);
      return any;
    case Hold::slow: each_link([&](Link& l) { l.slow += part_of(timeout, action.strength); }); break;
    case Hold::lossy: each_link([&](Link& l) { l.loss += action.strength; }); break;
    case Hold::doubling: each_link([&](Link& l) { l.duplicates += action.strength; }); break;
    case Hold::replay: replay(action.word, static_cast<std::size_t>(action.strength), action.lasts); return !past_.empty();
    case Hold::slow_disk:
      each_member([&](raft::Member m) {
        processes_[m].slow_disk += part_of(timeout, action.strength);
        return true;
      });
      break;
    case Hold::hang_disk:
      each_member([&](raft::Member m) {
        hang(m, 1);
        return true;
      });
      break;
  }
  if (any) keep(held, until);
  return any;
}

void Arena::let_go(std::uint32_t place) {
  if (holds_[place].due != now_) return;  // It went on earlier.
  Held held = holds_[place];
  holds_[place].due = long_ago;
  holds_[place].next = free_holds_;
  free_holds_ = place;
  if (whole_) return;
  const Action& action = plan_.actions[held.action];
  const Fault& fault = faults()[action.kind];
  const Duration timeout = plan_.profile.election_timeout;
  if (story_ != nullptr) tell("*   " + std::string(fault.name) + (fault.hold == Hold::stop_in_order && held.stage == 0 ? " stops it" : " ends"));
  const auto each_member = [&](auto lets_go) {
    for (raft::Member m = 0; m < plan_.members; ++m)
      if (has(held.grip.members, m)) lets_go(m);
  };
  const auto each_link = [&](auto lets_go) {
    for (raft::Member from = 0; from < plan_.members; ++from)
      for (raft::Member to = 0; to < plan_.members; ++to)
        if (has(held.grip.links[from], to)) lets_go(from, to);
  };
  switch (fault.hold) {
    case Hold::stop:
    case Hold::stop_torn:
    case Hold::stop_at_write:
    case Hold::write_fails:
      each_member([&](raft::Member m) {
        if (--processes_[m].down == 0) restart(m);
      });
      break;
    case Hold::stop_in_order:
      if (held.stage == 0) {
        each_member([&](raft::Member m) {
          if (runs(m)) crash(m, Tail::lost, 0);
          ++processes_[m].down;
        });
        held.stage = 1;
        return keep(held, now_ + action.lasts);
      }
      each_member([&](raft::Member m) {
        if (--processes_[m].down == 0) restart(m);
      });
      break;
    case Hold::pause:
      each_member([&](raft::Member m) {
        Process& p = processes_[m];
        if (p.epoch == held.epoch[m] && --p.paused == 0) resume(m);
      });
      break;
    case Hold::drift: each_member([&](raft::Member m) { set_clock(m, plan_.drift_ppm[m], 0ns); }); break;
    case Hold::cut: each_link([&](raft::Member from, raft::Member to) { mend(from, to); }); break;
    case Hold::clog: each_link([&](raft::Member from, raft::Member to) { unclog(from, to); }); break;
    case Hold::cut_in_turns:
      each_link([&](raft::Member from, raft::Member to) { mend(from, to); });
      if (++held.stage == turns_of_cut) break;
      turn(held);
      each_link([&](raft::Member from, raft::Member to) { cut(link(from, to)); });
      return keep(held, now_ + action.lasts / turns_of_cut);
    case Hold::fell_leaders:
      each_member([&](raft::Member m) { rise(held, m); });
      for (raft::Member m = 0; m < plan_.members; ++m) reach_again(held, m);
      break;
    case Hold::clog_in_turns:
      ++held.stage;
      swizzle(held);
      if (held.stage + 1 < turns_of_swizzle) keep(held, now_ + action.lasts / turns_of_swizzle);
      break;
    case Hold::slow: each_link([&](raft::Member from, raft::Member to) { link(from, to).slow -= part_of(timeout, action.strength); }); break;
    case Hold::lossy: each_link([&](raft::Member from, raft::Member to) { link(from, to).loss -= action.strength; }); break;
    case Hold::doubling: each_link([&](raft::Member from, raft::Member to) { link(from, to).duplicates -= action.strength; }); break;
    case Hold::slow_disk: each_member([&](raft::Member m) { processes_[m].slow_disk -= part_of(timeout, action.strength); }); break;
    case Hold::hang_disk: each_member([&](raft::Member m) { hang(m, -1); }); break;
    case Hold::call_write:
    case Hold::call_read:
    case Hold::call_index:
    case Hold::call_all:
    case Hold::call_change:
    case Hold::snapshot:
    case Hold::step_down:
    case Hold::campaign:
    case Hold::unreachable:
    case Hold::change:
    case Hold::stop_for_good:
    case Hold::hand_over:
    case Hold::jump:
    case Hold::replay: break;
  }
}

// What was on its way to the disk is lost, or a part of it has reached it: whole writes in their order, then one of which term and vote are there
// and some of the entries. What had reached the disk while the process stood still stays.
void Arena::crash(raft::Member member, Tail tail, std::uint64_t word) {
  Process& p = processes_[member];
  clients_.stopped(member);
  std::size_t done = 0;
  for (const sim::Key key : p.waiting) {
    const std::uint32_t index = sim::slot_of(key) & ((1u << index_bits) - 1);
    switch (static_cast<Event>(sim::slot_of(key) >> index_bits)) {
      case Event::written:
        writes_[index].queued = false;
        ++done;
        break;
      case Event::arrival: drop(index); break;
      default: break;
    }
  }
  p.waiting.clear();
  if (tail == Tail::torn) done += word % (p.writes.size() - done + 1);
  for (std::size_t i = 0; i < done; ++i) step_unheard(member, writes_[p.writes[i]].durable);
  if (tail == Tail::torn && done < p.writes.size()) {
    raft::Durable part = writes_[p.writes[done]].durable;
    const raft::Index from = cores_[member].durable();
    // Only of a write that still stands in the log: of one that was overtaken there is nothing to say. A part of a snapshot is none.
    if (part.index > from && from >= cores_[member].log().base() && cores_[member].log().matches(part.index, part.log_term)) {
      part.index = from + (word >> 8) % (part.index - from);
      part.log_term = cores_[member].log().term_at(part.index);
    } else {
      part.index = part.log_term = 0;
    }
    step_unheard(member, part);
    coverage_.took(Turn::restart_torn);
  }
  for (const std::uint32_t write : p.writes) {
    if (writes_[write].queued)
      writes_[write].dead = true;
    else
      free_write(write);
  }
  p.writes.clear();
  p.last_write = long_ago;
  p.applying_to = 0;
  for (const std::uint32_t read : p.reads) clients_.refused(read, coverage_);
  p.reads.clear();
  p.paused = 0;
  p.doom = Doom::none;
  ++p.epoch;
  // Its connections are gone; the next ones do not wait for the old ones.
  for (raft::Member from = 0; from < plan_.members; ++from) link(from, member).last_arrival = long_ago;
  ++p.down;
  look(member);
  --p.down;
}

// The disk has it, and the process never learns.
void Arena::step_unheard(raft::Member member, const raft::Durable& durable) {
  safety_.wrote(member, durable.index, durable.log_term);
  cores_[member].step(local(member, now_), durable, out_);
  look(member);
}

void Arena::meet_doom(raft::Member member) {
  Process& p = processes_[member];
  Held held;
  held.action = p.doom_by;
  held.grip.members = static_cast<Members>(1u << member);
  if (story_ != nullptr) tell(name_of(member) + "  crashes at its write");
  crash(member, Tail::lost, 0);
  ++p.down;
  keep(held, now_ + plan_.actions[held.action].lasts);
}

void Arena::set_clock(raft::Member member, std::int64_t ppm, Duration jump) {
  Process& p = processes_[member];
  p.clock_showed = local(member, now_) + jump;
  p.clock_set = now_;
  p.ppm = ppm;
  p.alarm_queued = never;
  if (runs(member)) arm(member, cores_[member].deadline());
}

void Arena::hang(raft::Member member, int by) {
  Process& p = processes_[member];
  p.hung_disk = static_cast<std::uint16_t>(p.hung_disk + by);
  for (const std::uint32_t number : p.writes) {
    Write& w = writes_[number];
    if (p.hung_disk != 0) {
      if (w.ends > now_) w.ends = never;
      continue;
    }
    if (w.ends != never) continue;
    w.ends = std::max(now_, p.last_write) + 1us;
    p.last_write = w.ends;
    if (!w.queued) push(w.ends, sim::Class::durable, member, 0, Event::written, number);
    w.queued = true;
  }
}

void Arena::unclog(raft::Member from, raft::Member to) {
  Link& l = link(from, to);
  if (--l.clogged != 0) return;
  const std::vector<std::uint32_t> held = std::move(l.held_back);
  l.held_back.clear();
  for (const std::uint32_t parcel : held) {
    const raft::Message message = parcels_[parcel].message;
    drop(parcel);
    transmit(message, plan_.wire.least);
  }
}

void Arena::replay(std::uint64_t word, std::size_t messages, Duration over) {
  for (std::size_t i = 0; i < messages && !past_.empty(); ++i) {
    word = word * 0x9e3779b97f4a7c15ull + 1;
    transmit(past_[(word >> 40) % past_.size()], part_of(over, static_cast<double>(word >> 20 & 0xfff) / 4096));
  }
}

}  // namespace nines::fuzz
