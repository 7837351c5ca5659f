// Trouble with a plan of its own: it waits for a turn of the protocol, moves on, or follows whoever leads.
#include <algorithm>
#include <utility>

#include "scenarios/fuzz/arena.hpp"

namespace nines::fuzz {

namespace {

constexpr Members everybody(raft::Member members) { return static_cast<Members>((1u << members) - 1); }

// Both ways between `member` and each of `others`.
template <class Act>
void between(raft::Member member, Members others, Act act) {
  for (raft::Member m = 0; m < raft::max_members; ++m) {
    if (m == member || !has(others, m)) continue;
    act(member, m);
    act(m, member);
  }
}

}  // namespace

// Whatever waited for one of the turns that `member` has just taken follows at once, or while its messages are on their way.
void Arena::spring(raft::Member member) {
  std::erase_if(ambushes_, [&](const Ambush& ambush) {
    const Action& action = plan_.actions[ambush.action];
    if (coverage_.taken[static_cast<std::size_t>(action.awaits)] == ambush.taken) return false;
    const Words w = misc_.words({10, action.word});
    const Duration later = (w[0] & 1) != 0 ? 0ns : part_of(4 * plan_.wire.least + plan_.wire.spread, to_unit(w[1]));
    push(now_ + 1ns + later, sim::Class::fault, 3, static_cast<raft::Member>(ambush.action & 15), Event::strike, ambush.action << 4 | member);
    return true;
  });
}

void Arena::strike(std::uint32_t action_and_member) {
  if (whole_) return;
  const std::uint32_t number = action_and_member >> 4, member = action_and_member & 15;
  const std::uint64_t word = plan_.actions[number].word;
  act_on(number, static_cast<raft::Member>(member), word - word % plan_.members + member);
}

void Arena::cut(Link& l) { ++(plan_.wire.cut == Cut::holds ? l.clogged : l.cut); }

void Arena::mend(raft::Member from, raft::Member to) {
  if (plan_.wire.cut == Cut::holds) return unclog(from, to);
  --link(from, to).cut;
}

// Where the cut runs next: somewhere else, or as before but for one member, which changes sides.
void Arena::turn(Held& held) {
  const Action& action = plan_.actions[held.action];
  const Words w = misc_.words({9, action.word, held.stage});
  held.word = (w[0] & 1) != 0 ? w[1] : held.word ^ std::uint64_t{1} << (16 + w[2] % plan_.members);
  held.grip = take(faults()[action.kind].whom, held.word, {plan_.members, leader(), plan_.zone});
  if (story_ != nullptr) tell_action(held);
}

// Some cuts turn at the worst of times: when somebody has just been elected and is about to say so.
void Arena::turn_at_election() {
  if (whole_) return;
  for (std::uint32_t place = 0; place < holds_.size(); ++place) {
    Held& held = holds_[place];
    const Action& action = plan_.actions[held.action];
    if (held.due <= now_ || faults()[action.kind].hold != Hold::cut_in_turns || (action.word >> 60 & 1) == 0) continue;
    const double soon = misc_.uniform({7, action.word, held.stage});
    held.due = std::min(held.due, now_ + 1ns + part_of(4 * plan_.wire.least + plan_.wire.spread, soon));
    push(held.due, sim::Class::fault, 1, static_cast<raft::Member>(held.action & 15), Event::let_go, place);
  }
}

// FoundationDB's swizzle: each link of the grip clogs in one of the first turns, and flows again in one of the last.
void Arena::swizzle(const Held& held) {
  constexpr unsigned half = turns_of_swizzle / 2;
  std::uint64_t word = plan_.actions[held.action].word;
  for (raft::Member from = 0; from < plan_.members; ++from)
    for (raft::Member to = 0; to < plan_.members; ++to) {
      if (!has(held.grip.links[from], to)) continue;
      word = word * 0x9e3779b97f4a7c15ull + 1;
      if (held.stage == (word >> 40) % half) ++link(from, to).clogged;
      if (held.stage == half + (word >> 50) % half) unclog(from, to);
    }
}

// The schedule of figure 8 and of Ongaro's alternating leaders (raft-dev 2015-07-10), as MIT's 6.5840 tests it: whoever is elected falls soon, mostly
// while its first entries are on their way, and somebody else who fell comes back when too few are left.
void Arena::fell_at_election(raft::Member leader) {
  if (whole_) return;
  for (std::uint32_t place = 0; place < holds_.size(); ++place) {
    Held& held = holds_[place];
    if (held.due <= now_ || faults()[plan_.actions[held.action].kind].hold != Hold::fell_leaders) continue;
    const Words w = misc_.words({11, std::uint64_t{cores_[leader].term()} << 8 | leader, place});
    const Duration most = w[0] % 5 != 0 ? 6 * plan_.wire.least + 3 * plan_.wire.spread : plan_.profile.election_timeout / 2;
    push(now_ + 1ns + part_of(most, to_unit(w[1])), sim::Class::fault, 4, leader, Event::fell, place << 4 | leader);
    if ((w[2] & 1) == 0 || held.grip.links[leader] != 0) continue;
    held.grip.links[leader] = static_cast<Members>(w[3] & ((1u << plan_.members) - 1) & ~(1u << leader));  // These it does not reach any more.
    between(leader, held.grip.links[leader], [&](raft::Member from, raft::Member to) { cut(link(from, to)); });
  }
}

void Arena::rise(Held& held, raft::Member member) {
  held.grip.members = static_cast<Members>(held.grip.members & ~(1u << member));
  if (faults()[plan_.actions[held.action].kind].whom == Whom::leader) {
    if (--processes_[member].down == 0) restart(member);
  } else {
    between(member, everybody(plan_.members), [&](raft::Member from, raft::Member to) { mend(from, to); });
  }
  reach_again(held, member);
}

void Arena::reach_again(Held& held, raft::Member member) {
  between(member, std::exchange(held.grip.links[member], Members{0}), [&](raft::Member from, raft::Member to) { mend(from, to); });
}

void Arena::fell(std::uint32_t place_and_member) {
  Held& held = holds_[place_and_member >> 4];
  const auto member = static_cast<raft::Member>(place_and_member & 15);
  const Action& action = plan_.actions[held.action];
  if (whole_ || held.due <= now_ || faults()[action.kind].hold != Hold::fell_leaders || has(held.grip.members, member) || processes_[member].lost)
    return;
  held.grip.members = static_cast<Members>(held.grip.members | 1u << member);
  if (story_ != nullptr) tell("*   " + name_of(member) + " falls");
  if (faults()[action.kind].whom == Whom::leader) {
    if (runs(member)) crash(member, Tail::torn, action.word >> 20);
    ++processes_[member].down;
  } else {
    between(member, everybody(plan_.members), [&](raft::Member from, raft::Member to) { cut(link(from, to)); });
  }
  std::uint64_t word = misc_.word({12, static_cast<std::uint64_t>(count_ns(now_)), member});
  const auto others = [&] { return static_cast<Members>(held.grip.members & ~(1u << member)); };
  const Members voters = cores_[member].configuration().voters();
  const auto too_few = [&] { return 2 * quorum::count(static_cast<Members>(voters & ~held.grip.members)) <= quorum::count(voters); };
  while (others() != 0 && too_few()) {
    word = word * 0x9e3779b97f4a7c15ull + 1;
    const auto back = static_cast<raft::Member>((word >> 40) % plan_.members);
    if (!has(others(), back)) continue;
    if (story_ != nullptr) tell("*   " + name_of(back) + " comes back");
    rise(held, back);
  }
}

}  // namespace nines::fuzz
