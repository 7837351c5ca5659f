// What is asked of the cluster: clients' calls, and operators' wishes for other members.
#include <utility>

#include "models/quorum/change.hpp"
#include "scenarios/fuzz/arena.hpp"

namespace nines::fuzz {

// Clients find the newest leader, go on believing in an old one, ask anybody who leads, or anybody.
raft::Member Arena::server_of(const Action& action, raft::Member last) const {
  const Words w = misc_.words({3, action.word});
  if (last != raft::nobody && to_unit(w[0]) < plan_.demand.loyal) return last;
  if (to_unit(w[1]) < plan_.demand.informed && leader() != raft::nobody) return leader();
  const auto first = static_cast<raft::Member>(w[2] % plan_.members);
  for (unsigned i = 0; w[3] % 4 != 0 && i < plan_.members; ++i) {
    const auto m = static_cast<raft::Member>((first + i) % plan_.members);
    if (runs(m) && cores_[m].role() == raft::Role::leader) return m;
  }
  return first;
}

void Arena::call(std::uint32_t number) {
  const Action& action = plan_.actions[number];
  const Hold hold = faults()[action.kind].hold;
  const auto client = static_cast<std::uint32_t>(action.word >> 16);
  if (hold == Hold::call_change || hold == Hold::call_all) {  // Of everybody who leads, each by another client, for something else.
    for (raft::Member m = 0; m < plan_.members; ++m) {
      if (!runs(m) || cores_[m].role() != raft::Role::leader) continue;
      if (hold == Hold::call_all)
        call(number, client + m, m);
      else if (processes_[m].paused == 0 && ask_for_change(m, action.word * (2 * m + 1u)))
        ++coverage_.kinds[action.kind];
    }
    return;
  }
  raft::Member& asked = asked_[client % asked_.size()];
  const raft::Member server = server_of(action, asked);
  asked = runs(server) ? server : raft::nobody;
  if (runs(server)) call(number, client, server);
}

void Arena::call(std::uint32_t number, std::uint32_t client, raft::Member server) {
  const Action& action = plan_.actions[number];
  const auto kind = faults()[action.kind].hold == Hold::call_write ? Operation::Kind::write : Operation::Kind::read;
  const std::uint32_t call = clients_.call(now_, client, static_cast<std::uint32_t>(action.word >> 32), kind, coverage_);
  if (call == Clients::no_call) return;
  ++coverage_.kinds[action.kind];
  const Request made{call, number, client, server};
  if (processes_[server].paused == 0) return request(made);
  requests_.push_back(made);
  const auto index = static_cast<std::uint32_t>(requests_.size() - 1);
  processes_[server].waiting.push_back(
      sim::make_key(now_, sim::make_rank(sim::Class::arrival, 0, server), static_cast<std::uint32_t>(Event::request) << index_bits | index));
}

void Arena::request(const Request& made) {
  if (!runs(made.server)) return;
  const Action& action = plan_.actions[made.action];
  const auto turned_away = [&](std::uint32_t call) {
    asked_[made.client % asked_.size()] = raft::nobody;
    clients_.refused(call, coverage_);
  };
  const Hold hold = faults()[action.kind].hold;
  if ((hold == Hold::call_index || hold == Hold::call_all) && plan_.profile.reads != raft::Reads::log) {
    Process& p = processes_[made.server];
    const bool may_be_served = cores_[made.server].committed_in_term();
    p.reads_term = cores_[made.server].term();
    p.reads.push_back(made.call);
    step(made.server, raft::Read{});
    if (may_be_served || p.reads.empty() || p.reads.back() != made.call) return;
    p.reads.pop_back();  // It was not taken.
    return turned_away(made.call);
  }
  const auto size = static_cast<unsigned>(action.word >> 24 & 15);
  const std::int64_t batch = plan_.profile.append_batch_bytes;
  calling_ = made.call;
  step(made.server, raft::Propose{size == 15 ? 20u : size > 11 ? 3u : 1u, size % 4 == 3 ? batch / 2 : size % 4});
  if (calling_ != Clients::no_call) turned_away(std::exchange(calling_, Clients::no_call));
}

// One wish, or up to three at once through a joint configuration; out of one where it is in one.
bool Arena::ask_for_change(raft::Member leader, std::uint64_t word) {
  using quorum::Change;
  if (plan_.profile.membership == raft::Membership::fixed || cores_[leader].role() != raft::Role::leader) return false;
  const raft::Configuration now = cores_[leader].configuration();
  const Words w = misc_.words({8, word});
  const bool joint = plan_.profile.membership == raft::Membership::joint && to_unit(w[0]) < plan_.demand.joint;
  quorum::ChangeRequest request;
  request.transition = joint ? (word >> 10 & 1) != 0 ? quorum::Transition::joint_implicit : quorum::Transition::joint_explicit : quorum::Transition::automatic;
  std::uint64_t draw = word;
  for (unsigned i = 0; !now.joint() && i < (joint ? 1 + w[1] % 3 : 1u); ++i) {
    constexpr std::array kinds{Change::Kind::voter, Change::Kind::remove, Change::Kind::learner, Change::Kind::witness};
    std::size_t kind = 0;
    do {
      draw = draw * 0x9e3779b97f4a7c15ull + 1;
      kind = (draw >> 40) % kinds.size();
    } while (plan_.demand.wishes != 0 && (plan_.demand.wishes >> kind & 1) == 0);
    request.add({kinds[kind], static_cast<std::uint8_t>((draw >> 50) % plan_.members)});
  }
  if (now.joint()) request.transition = quorum::Transition::automatic;
  const quorum::Changed next = quorum::apply(now, request);
  // Somebody must be able to lead, in each half.
  const auto data = [&](Members half) { return half == 0 || (half & ~next.configuration.witnesses) != 0; };
  if (!next.granted() || !data(next.configuration.incoming) || !data(next.configuration.outgoing)) return false;
  step(leader, raft::Reconfigure{next.configuration});
  return true;
}

// Operators do not wait until a new leader has committed something: now, and while its first entries are on their way.
void Arena::wish_for_change(raft::Member leader) {
  if (whole_ || plan_.demand.insistent == 0 || plan_.profile.membership == raft::Membership::fixed) return;
  const Words w = misc_.words({4, std::uint64_t{cores_[leader].term()} << 8 | leader});
  if (to_unit(w[0]) >= plan_.demand.insistent) return;
  Instant at = now_ + 1ns;
  for (std::uint64_t i = 0; i <= w[1] % 3; ++i) {
    push(at, sim::Class::fault, 2, leader, Event::wish, leader);
    at += Duration{static_cast<std::int64_t>(to_unit(w[2 + i % 2]) * static_cast<double>((2 * plan_.wire.least + plan_.wire.spread).count()))};
  }
}

void Arena::wish(raft::Member leader) {
  if (whole_ || !runs(leader) || processes_[leader].paused != 0) return;
  ask_for_change(leader, misc_.word({5, static_cast<std::uint64_t>(count_ns(now_)), leader}));
}

}  // namespace nines::fuzz
