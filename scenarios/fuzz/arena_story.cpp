// A run in words, line by line.
#include "scenarios/fuzz/arena.hpp"
#include "scenarios/fuzz/story.hpp"

namespace nines::fuzz {

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
