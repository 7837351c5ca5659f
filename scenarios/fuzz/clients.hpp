// Clients that read and write registers through the log, and what they were told: the history that must be linearizable, and the replicas' state
// machines that answer them. A command is the entry at (term, index) of the leader that took it; an answer comes when that leader applies it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/raft/log.hpp"
#include "scenarios/fuzz/coverage.hpp"
#include "scenarios/fuzz/linearizable.hpp"
#include "scenarios/fuzz/safety.hpp"

namespace nines::fuzz {

class Clients {
 public:
  Clients(std::uint32_t clients, std::uint32_t registers, raft::Member members, Duration timeout);

  // A client that still waits does nothing: nobody. Otherwise the call it makes now, which the caller offers to a replica.
  static constexpr std::uint32_t no_call = ~0u;
  std::uint32_t call(Instant now, std::uint32_t client, std::uint32_t which_register, Operation::Kind kind, Coverage& coverage);
  void refused(std::uint32_t call, Coverage& coverage);
  void taken(std::uint32_t call, raft::Member by, raft::Index index, raft::Term term);

  // The replica has committed that far: its state machine follows, and answers those who wait for it.
  // Up to its log's base it follows what all have committed: that is what its snapshot holds.
  void applied(Instant now, raft::Member member, const View& view, Safety& safety, Coverage& coverage);
  // A read that the replica answers from its state machine as it is now.
  void served(Instant now, std::uint32_t call, raft::Member by, Coverage& coverage);
  void stopped(raft::Member member);    // Nobody is answered by a process that is gone.
  void restarted(raft::Member member);  // Its state machine begins anew.

  // At the end: every answered command stands where it was answered from. Empty, or what is missing.
  std::string lost(Safety& safety) const;
  Verdict history(std::string& what) const;

 private:
  struct Call {
    Operation operation;
    std::uint32_t client = 0;
    raft::Member server = raft::nobody;  // Who is to answer; nobody when it cannot any more.
    raft::Index index = 0;               // 0: in no log.
    raft::Term term = 0;
    std::uint32_t next = no_call;  // Another leader's entry at the same index.
    enum class State : std::uint8_t { open, answered, refused, unknown } state = State::open;
  };
  struct Machine {
    raft::Index applied = 0;
    std::vector<std::uint64_t> registers;
  };

  void apply(Instant now, raft::Member member, raft::Index index, raft::Term term, Coverage& coverage);
  void answer(Instant now, Call& call, Coverage& coverage);

  Duration timeout_;
  std::uint32_t registers_;
  std::vector<Call> calls_;
  std::vector<std::uint32_t> waiting_;   // By client: its open call.
  std::vector<std::uint32_t> at_index_;  // By index: the first of the calls there.
  std::vector<Machine> machines_;
};

}  // namespace nines::fuzz
