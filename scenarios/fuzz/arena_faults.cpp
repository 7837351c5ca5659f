// What is done to the cluster: every hold of faults.hpp, what letting go of it means, and how everything is made whole for the liveness phase.
#include <algorithm>
#include <utility>

#include "models/quorum/change.hpp"
#include "scenarios/fuzz/arena.hpp"
#include "scenarios/fuzz/story.hpp"

namespace nines::fuzz {

namespace {

constexpr bool has(Members members, raft::Member m) { return (members >> m & 1) != 0; }

Duration of(Duration whole, double share) { return Duration{static_cast<std::int64_t>(static_cast<double>(whole.count()) * share)}; }

}  // namespace

void Arena::act(std::uint32_t number) {
  if (whole_) return;
  const Action& action = plan_.actions[number];
  const Fault& fault = faults()[action.kind];
  if (action.kind < client_kinds) return call(action, fault.hold);
  Held held;
  held.action = number;
  held.grip = take(fault.whom, action.word, {plan_.members, leader(), plan_.zone});
  if (story_ != nullptr) tell_action(held);
  if (hold(held)) ++coverage_.kinds[action.kind];
}

void Arena::call(const Action& action, Hold hold) {
  // Most clients find the leader; some go on believing in an old one, or ask anybody.
  const auto choice = static_cast<unsigned>(action.word % 20);
  raft::Member server = leader();
  if (choice >= 12 || server == raft::nobody) {
    const auto first = static_cast<unsigned>(action.word >> 8) % plan_.members;
    server = static_cast<raft::Member>(first);
    for (unsigned i = 0; choice < 18 && i < plan_.members; ++i) {
      const auto m = static_cast<raft::Member>((first + i) % plan_.members);
      if (runs(m) && cores_[m].role() == raft::Role::leader) {
        server = m;
        break;
      }
    }
  }
  if (!runs(server) || processes_[server].paused != 0) return;
  calling_ = clients_.call(now_, static_cast<std::uint32_t>(action.word >> 16), static_cast<std::uint32_t>(action.word >> 32),
                           hold == Hold::call_write ? Operation::Kind::write : Operation::Kind::read, coverage_);
  if (calling_ == Clients::no_call) return;
  ++coverage_.kinds[action.kind];
  if (hold == Hold::call_index && plan_.profile.reads != raft::Reads::log) {
    const std::uint32_t read = std::exchange(calling_, Clients::no_call);
    Process& p = processes_[server];
    const bool may_be_served = cores_[server].committed_in_term();
    p.reads_term = cores_[server].term();
    p.reads.push_back(read);
    step(server, raft::Read{});
    if (may_be_served || p.reads.empty() || p.reads.back() != read) return;
    p.reads.pop_back();  // It was not taken.
    return clients_.refused(read, coverage_);
  }
  const auto size = static_cast<unsigned>(action.word >> 24 & 15);
  const std::int64_t batch = plan_.profile.append_batch_bytes;
  step(server, raft::Propose{size == 15 ? 20u : size > 11 ? 3u : 1u, size % 4 == 3 ? batch / 2 : size % 4});
  if (calling_ != Clients::no_call) clients_.refused(calling_, coverage_);
  calling_ = Clients::no_call;
}

// One wish, or up to three at once through a joint configuration; out of one where it is in one.
bool Arena::ask_for_change(raft::Member leader, std::uint64_t word) {
  using quorum::Change;
  if (plan_.profile.membership == raft::Membership::fixed || cores_[leader].role() != raft::Role::leader) return false;
  const raft::Configuration now = cores_[leader].configuration();
  const bool joint = plan_.profile.membership == raft::Membership::joint && (word >> 8 & 3) != 0;
  quorum::ChangeRequest request;
  request.transition = joint ? (word >> 10 & 1) != 0 ? quorum::Transition::joint_implicit : quorum::Transition::joint_explicit : quorum::Transition::automatic;
  std::uint64_t draw = word;
  for (unsigned i = 0; !now.joint() && i < (joint ? 1 + (word >> 12) % 3 : 1u); ++i) {
    draw = draw * 0x9e3779b97f4a7c15ull + 1;
    constexpr std::array kinds{Change::Kind::voter,  Change::Kind::voter,   Change::Kind::voter,   Change::Kind::remove,
                               Change::Kind::remove, Change::Kind::learner, Change::Kind::learner, Change::Kind::witness};
    request.add({kinds[(draw >> 40) % kinds.size()], static_cast<std::uint8_t>((draw >> 50) % plan_.members)});
  }
  if (now.joint()) request.transition = quorum::Transition::automatic;
  const quorum::Changed next = quorum::apply(now, request);
  // Somebody must be able to lead, in each half.
  const auto data = [&](Members half) { return half == 0 || (half & ~next.configuration.witnesses) != 0; };
  if (!next.granted() || !data(next.configuration.incoming) || !data(next.configuration.outgoing)) return false;
  const raft::Index last = cores_[leader].log().last_index();
  step(leader, raft::Reconfigure{next.configuration});
  coverage_.took(cores_[leader].log().last_index() > last ? Turn::change_begun : Turn::change_refused);
  return true;
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
    case Hold::call_index: return false;
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
        if (fault.hold == Hold::change) return ask_for_change(m, action.word);
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
        set_clock(m, processes_[m].ppm, of(timeout, action.strength));
        return true;
      });
      return any;
    case Hold::cut: each_link([](Link& l) { ++l.cut; }); break;
    case Hold::clog:
    case Hold::clog_in_turns: each_link([](Link& l) { ++l.clogged; }); break;
    case Hold::slow: each_link([&](Link& l) { l.slow += of(timeout, action.strength); }); break;
    case Hold::lossy: each_link([&](Link& l) { l.loss += action.strength; }); break;
    case Hold::doubling: each_link([&](Link& l) { l.duplicates += action.strength; }); break;
    case Hold::replay: replay(action.word, static_cast<std::size_t>(action.strength), action.lasts); return !past_.empty();
    case Hold::slow_disk:
      each_member([&](raft::Member m) {
        processes_[m].slow_disk += of(timeout, action.strength);
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
  Held held = holds_[place];
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
    case Hold::cut: each_link([&](raft::Member from, raft::Member to) { --link(from, to).cut; }); break;
    case Hold::clog: each_link([&](raft::Member from, raft::Member to) { unclog(from, to); }); break;
    case Hold::clog_in_turns: {
      // One receiver a time, in an order of its own.
      const auto first = static_cast<unsigned>(action.word >> 40) % plan_.members;
      for (unsigned i = 0; i < plan_.members; ++i) {
        const auto from = static_cast<raft::Member>((first + i) % plan_.members);
        if (held.grip.links[from] == 0) continue;
        for (raft::Member to = 0; to < plan_.members; ++to)
          if (has(held.grip.links[from], to)) unclog(from, to);
        held.grip.links[from] = 0;
        return keep(held, now_ + action.lasts / 4);
      }
      break;
    }
    case Hold::slow: each_link([&](raft::Member from, raft::Member to) { link(from, to).slow -= of(timeout, action.strength); }); break;
    case Hold::lossy: each_link([&](raft::Member from, raft::Member to) { link(from, to).loss -= action.strength; }); break;
    case Hold::doubling: each_link([&](raft::Member from, raft::Member to) { link(from, to).duplicates -= action.strength; }); break;
    case Hold::slow_disk: each_member([&](raft::Member m) { processes_[m].slow_disk -= of(timeout, action.strength); }); break;
    case Hold::hang_disk: each_member([&](raft::Member m) { hang(m, -1); }); break;
    case Hold::call_write:
    case Hold::call_read:
    case Hold::call_index:
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
    transmit(past_[(word >> 40) % past_.size()], of(over, static_cast<double>(word >> 20 & 0xfff) / 4096));
  }
}

// The members of the core run, on sound disks and even clocks, and reach each other without a loss; the others are gone for good.
void Arena::heal() {
  if (story_ != nullptr) tell("*   everything between the members of the core is whole again; the others stop for good");
  // Who belongs to no configuration that anybody goes by is none of the group: it would only disturb.
  Members wanted = 0;
  for (const raft::Core& core : cores_)
    wanted = static_cast<Members>(wanted | core.configuration().members() | core.log().changes().back().configuration.members());
  for (raft::Member m = 0; m < plan_.members; ++m) {
    Process& p = processes_[m];
    if (!has(plan_.core, m) || !has(wanted, m)) {
      if (runs(m)) crash(m, Tail::lost, 0);
      p.down = 1;
      p.lost = true;
    }
    p.doom = Doom::none;
    p.slow_disk = 0ns;
    if (p.hung_disk != 0) hang(m, -p.hung_disk);
    set_clock(m, 0, 0ns);
  }
  for (raft::Member from = 0; from < plan_.members; ++from)
    for (raft::Member to = 0; to < plan_.members; ++to) {
      Link& l = link(from, to);
      l.cut = 0;
      l.loss = l.duplicates = 0;
      l.slow = 0ns;
      if (l.clogged != 0) {
        l.clogged = 1;
        unclog(from, to);
      }
    }
  whole_ = true;
  for (raft::Member m = 0; m < plan_.members && !finding_; ++m) {
    Process& p = processes_[m];
    if (p.lost) continue;
    if (p.down != 0) {
      p.down = 0;
      restart(m);
    } else if (p.paused != 0) {
      p.paused = 0;
      resume(m);
    }
  }
  push(now_ + 1ns, sim::Class::alarm, 15, 15, Event::probe, 0);
}

// Whether a member of the core belongs to the group, as far as anybody who leads knows.
bool Arena::counts(raft::Member member) const {
  const raft::Member l = leader();
  return l == raft::nobody || has(cores_[l].configuration().members(), member);
}

// Three ways in which a group that is whole may never elect a leader again, all of them the rules' own. The newest log is a witness's, which stored
// what the leader's disk then lost, and may not lead; or it is a removed leader's, which has applied its removal while those who need its vote
// have not (only where configurations count when applied); or somebody who was removed and does not know it asks for votes again and again,
// sooner than those who could win (Raft paper 6: disruptive servers), and no pre-vote keeps it from raising the term. A lease does not: who hears
// no leader believes the stranger, and answers the leader with the stranger's term.
bool Arena::held_up_by_rules() const {
  const auto older = [&](raft::Member a, raft::Member b) {
    const raft::Log &x = cores_[a].log(), &y = cores_[b].log();
    return x.last_term() != y.last_term() ? x.last_term() < y.last_term() : x.last_index() < y.last_index();
  };
  const auto barred = [&](raft::Member m) {
    const raft::Configuration& c = cores_[m].configuration();
    const bool removed = !has(c.voters(), m) && plan_.profile.configuration_counts == raft::ConfigurationCounts::applied;
    return removed || has(c.witnesses, m);
  };
  raft::Member newest = raft::nobody;
  for (raft::Member m = 0; m < plan_.members; ++m)
    if (runs(m) && (newest == raft::nobody || older(newest, m))) newest = m;
  for (raft::Member m = 0; m < plan_.members && newest != raft::nobody && plan_.profile.pre_vote == raft::PreVote::off; ++m)
    if (runs(m) && has(cores_[m].configuration().voters(), m) && !has(cores_[newest].configuration().voters(), m)) return true;
  if (leader() != raft::nobody) return false;
  for (raft::Member m = 0; m < plan_.members; ++m) {
    if (!runs(m) || !barred(m)) continue;
    bool newer = true;
    for (raft::Member other = 0; other < plan_.members; ++other) {
      const bool may_lead = runs(other) && !barred(other) && has(cores_[other].configuration().voters(), other);
      newer = newer && (!may_lead || older(other, m));
    }
    if (newer) return true;
  }
  return false;
}

bool Arena::converged() const {
  if (probe_index_ == 0) return false;
  for (raft::Member m = 0; m < plan_.members; ++m)
    if (!processes_[m].lost && counts(m) && (cores_[m].commit() < probe_index_ || cores_[m].log().last_index() < probe_index_)) return false;
  return true;
}

// Writes an entry a leader until one of them is committed everywhere.
void Arena::probe() {
  if (converged()) {
    has_converged_ = true;
    coverage_.took(Turn::converged);
    if (story_ != nullptr) tell("*   everybody has committed entry " + std::to_string(probe_index_));
    return;
  }
  const raft::Member l = leader();
  if (l != raft::nobody && (probe_index_ == 0 || cores_[l].term() != probe_term_)) {
    const raft::Index last = cores_[l].log().last_index();
    step(l, raft::Propose{1, 0});
    if (cores_[l].log().last_index() > last) {
      probe_index_ = cores_[l].log().last_index();
      probe_term_ = cores_[l].term();
    }
  }
  // A group that fell silent sleeps on without its leader until its surroundings say that it is gone.
  for (raft::Member m = 0; l == raft::nobody && m < plan_.members; ++m)
    if (runs(m) && cores_[m].quiescent()) step(m, raft::Campaign{});
  push(now_ + plan_.profile.election_timeout / 8, sim::Class::alarm, 15, 15, Event::probe, 0);
}

// --- The story ---

void Arena::tell(const std::string& line) {
  if (quiet_ > 0) *story_ += "                ... " + std::to_string(quiet_) + " quiet events\n";
  quiet_ = 0;
  *story_ += time_of(now_) + line + '\n';
}

void Arena::tell_action(const Held& held) {
  const Action& action = plan_.actions[held.action];
  tell("*   " + describe(action, held.grip, plan_.members));
}

void Arena::tell_step(raft::Member member, const raft::Input& input, const Glance& before) {
  const std::string changed = difference(before, glance(cores_[member]));
  const auto* received = std::get_if<raft::Received>(&input);
  const bool beat = received == nullptr || received->message.kind == raft::Kind::heartbeat || received->message.kind == raft::Kind::heartbeat_ack;
  if (beat && changed.empty()) {
    ++quiet_;
    return;
  }
  const std::string what = received != nullptr ? "hears " + name_of(received->message.from) + ": " + text_of(received->message)
                           : std::holds_alternative<raft::Durable>(input)      ? "its disk is done"
                           : std::holds_alternative<raft::TimedOut>(input)     ? "its timer runs out"
                           : std::holds_alternative<raft::HandOver>(input)     ? "is told to hand over"
                           : std::holds_alternative<raft::Applied>(input)      ? "has applied"
                           : std::holds_alternative<raft::Campaign>(input)     ? "hears that the leader is gone"
                           : std::holds_alternative<raft::StepDown>(input)     ? "is told to step down"
                           : std::holds_alternative<raft::Read>(input)         ? "a client reads"
                           : std::holds_alternative<raft::TakeSnapshot>(input) ? "takes a snapshot"
                           : std::holds_alternative<raft::Unreachable>(input)  ? "cannot reach somebody"
                           : std::holds_alternative<raft::Reconfigure>(input)  ? "is asked for another configuration"
                                                                               : "a client calls";
  tell(name_of(member) + "  " + what + (changed.empty() ? "" : "  -> " + changed));
}

}  // namespace nines::fuzz
