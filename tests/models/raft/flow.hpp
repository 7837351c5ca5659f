// A group under load and nothing else: a leader whose appends and their answers are always on their way, over a queue with one constant delay and
// disks that are done at once. What a message costs in the core, without a network's or a disk's model.
#pragma once

#include <cstdint>
#include <vector>

#include "models/raft/core.hpp"
#include "sim/kernel/simulation.hpp"

namespace nines::raft {

class Flow {
 public:
  struct Delivery {
    Message message;
  };
  struct Proposal {
    std::uint32_t index;
  };
  using Kernel = sim::Simulation<2, Delivery, Proposal>;

  static constexpr Duration delay = 500us;

  // `members` replicas; one entry proposed each `interval`.
  Flow(const Profile& profile, std::uint8_t members, Duration interval) : profile_(profile), kernel_({delay, interval}) {
    cores_.reserve(members);
    for (Member m = 0; m < members; ++m) {
      Identity identity;
      identity.self = m;
      identity.members = members;
      identity.timeouts = Stream(1, 0, m, Purpose::election_timeout);
      cores_.emplace_back(profile_, identity, 0ns);
    }
    for (Member m = 1; m < members; ++m) cores_[m].begin_as_follower(Instant{}, 1, 0);
    cores_[0].begin_as_leader(Instant{}, 1);
    kernel_.after(1, sim::make_rank(sim::Class::alarm, 0), Proposal{0});
  }
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  void run_until(Instant end) { kernel_.run_until(end, *this); }
  std::uint64_t messages() const { return messages_; }  // Delivered so far.
  std::uint64_t fingerprint() const { return kernel_.fingerprint(); }
  const Core& core(Member m) const { return cores_[m]; }

  void on(Instant now, Proposal proposal, Kernel&) {
    if (cores_[0].deadline() <= now) step(now, 0, TimedOut{});
    step(now, 0, Propose{1, 1024});
    kernel_.after(1, sim::make_rank(sim::Class::alarm, 0), proposal);
  }
  void on(Instant now, const Delivery& delivery, Kernel&) {
    ++messages_;
    step(now, delivery.message.to, Received{delivery.message});
  }

 private:
  void step(Instant now, Member m, const Input& input) {
    Core& core = cores_[m];
    core.step(now, input, out_);
    send(out_.now);
    if (!out_.persist) return;
    send(out_.once_durable);
    core.step(now, Durable{core.term(), core.voted_for(), out_.persist_to, core.log().term_at(out_.persist_to)}, out_);
    send(out_.now);
  }
  template <class Messages>
  void send(const Messages& messages) {
    for (const Message& m : messages) kernel_.after(0, sim::make_rank(sim::Class::arrival, 0, m.to, m.from, m.slot % 16), Delivery{m});
  }

  Profile profile_;
  Kernel kernel_;
  std::vector<Core> cores_;
  Output out_;
  std::uint64_t messages_ = 0;
};

}  // namespace nines::raft
