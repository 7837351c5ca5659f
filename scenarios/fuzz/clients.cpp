#include "scenarios/fuzz/clients.hpp"

#include <algorithm>

namespace nines::fuzz {

namespace {

constexpr std::size_t width = 200'000;  // States the search for an order may visit, a register.

}  // namespace

Clients::Clients(std::uint32_t clients, std::uint32_t registers, raft::Member members, Duration timeout)
    : timeout_(timeout), registers_(registers), waiting_(clients, no_call), machines_(members) {
  for (Machine& machine : machines_) machine.registers.assign(registers, 0);
}

std::uint32_t Clients::call(Instant now, std::uint32_t client, std::uint32_t which_register, Operation::Kind kind, Coverage& coverage) {
  client %= static_cast<std::uint32_t>(waiting_.size());
  if (waiting_[client] != no_call) {
    Call& open = calls_[waiting_[client]];
    if (now - open.operation.called < timeout_) return no_call;
    open.state = Call::State::unknown;  // The client goes on as somebody else: this call may still take effect.
    coverage.took(Turn::call_unknown);
  }
  const auto number = static_cast<std::uint32_t>(calls_.size());
  Call call;
  call.client = client;
  call.operation.kind = kind;
  call.operation.which_register = which_register % registers_;
  call.operation.value = kind == Operation::Kind::write ? number + 1 : 0;
  call.operation.called = now;
  calls_.push_back(call);
  waiting_[client] = number;
  return number;
}

void Clients::refused(std::uint32_t call, Coverage& coverage) {
  if (calls_[call].state != Call::State::open) return;
  calls_[call].state = Call::State::refused;
  waiting_[calls_[call].client] = no_call;
  coverage.took(Turn::call_refused);
}

void Clients::taken(std::uint32_t call, raft::Member by, raft::Index index, raft::Term term) {
  Call& c = calls_[call];
  c.server = by;
  c.index = index;
  c.term = term;
  if (at_index_.size() <= index) at_index_.resize(index + 1, no_call);
  c.next = at_index_[index];
  at_index_[index] = call;
}

void Clients::applied(Instant now, raft::Member member, const View& view, Safety& safety, Coverage& coverage) {
  Machine& machine = machines_[member];
  if (view.commit <= machine.applied) return;
  raft::Index index = machine.applied + 1;
  for (; index <= std::min(view.base, view.commit); ++index) apply(now, member, index, safety.committed_term(index), coverage);
  auto run = view.log.rbegin();
  while (run != view.log.rend() && run->first > index) ++run;
  for (; index <= view.commit; ++index) {
    while (run != view.log.rbegin() && index >= run->first + run->count) --run;
    apply(now, member, index, run != view.log.rend() ? run->term : 0, coverage);
  }
  machine.applied = view.commit;
}

void Clients::apply(Instant now, raft::Member member, raft::Index index, raft::Term term, Coverage& coverage) {
  for (std::uint32_t at = index < at_index_.size() ? at_index_[index] : no_call; at != no_call; at = calls_[at].next) {
    Call& call = calls_[at];
    if (call.term != term) continue;
    std::uint64_t& value = machines_[member].registers[call.operation.which_register];
    if (call.operation.kind == Operation::Kind::write) value = call.operation.value;
    if (call.server != member) {
      if (call.state == Call::State::open && call.server != raft::nobody) coverage.took(Turn::commit_after_losing_lead);
      continue;
    }
    call.server = raft::nobody;
    if (call.state != Call::State::open) continue;  // Its client has gone.
    if (call.operation.kind == Operation::Kind::read) call.operation.value = value;
    answer(now, call, coverage);
  }
}

void Clients::served(Instant now, std::uint32_t call, raft::Member by, Coverage& coverage) {
  Call& c = calls_[call];
  if (c.state != Call::State::open) return;
  c.operation.value = machines_[by].registers[c.operation.which_register];
  answer(now, c, coverage);
}

void Clients::answer(Instant now, Call& call, Coverage& coverage) {
  call.operation.returned = now;
  call.state = Call::State::answered;
  waiting_[call.client] = no_call;
  coverage.took(Turn::call_answered);
}

void Clients::stopped(raft::Member member) {
  for (const std::uint32_t open : waiting_)
    if (open != no_call && calls_[open].server == member) calls_[open].server = raft::nobody;
}

void Clients::restarted(raft::Member member) {
  machines_[member].applied = 0;
  machines_[member].registers.assign(registers_, 0);
}

std::string Clients::lost(Safety& safety) const {
  for (const Call& call : calls_) {
    if (call.state != Call::State::answered || call.index == 0) continue;
    const raft::Term term = safety.committed_term(call.index);
    if (term != call.term)
      return "the answered command at " + std::to_string(call.index) + " of term " + std::to_string(call.term) + " is lost; there stands " +
             (term == 0 ? std::string("nothing") : "an entry of term " + std::to_string(term));
  }
  return {};
}

Verdict Clients::history(std::string& what) const {
  std::vector<Operation> operations;
  for (const Call& call : calls_)
    if (call.state != Call::State::refused && (call.state != Call::State::open || call.operation.kind == Operation::Kind::write)) {
      operations.push_back(call.operation);
      if (call.state != Call::State::answered) operations.back().returned = never;
    }
  return check_registers(operations, width, what);
}

}  // namespace nines::fuzz
