// A few replicas among whom messages pass at once and in order, and whose disks are as fast as they ask: for tests of what takes several of them.
#pragma once

#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "models/raft/core.hpp"
#include "tests/models/raft/replica.hpp"

namespace nines::raft {

class Circle {
 public:
  // `members` replicas, of which `configuration` says who belongs to the group at first.
  Circle(const Profile& profile, std::uint8_t members, const Configuration& configuration) : profile_(profile) {
    cores_.reserve(members);
    for (Member m = 0; m < members; ++m) {
      Identity id;
      id.self = m;
      id.members = members;
      id.priority = members - m;
      id.target_priority = members;
      id.timeouts = Stream(1, 0, m, Purpose::election_timeout);
      // Who does not belong yet knows nothing.
      id.configuration = quorum::contains(configuration.members(), m) ? configuration : Configuration{};
      cores_.emplace_back(profile_, id, 0ns);
      cores_[m].restart(now_, 0ns, out_);
    }
  }
  Circle(const Circle&) = delete;
  Circle& operator=(const Circle&) = delete;

  const Core& operator[](Member m) const { return cores_[m]; }
  Instant now() const { return now_; }
  const Output& out() const { return out_; }  // Of the last step.
  std::uint64_t reads_served() const { return reads_served_; }
  std::uint64_t sent(Kind kind) const { return sent_[static_cast<std::size_t>(kind)]; }

  void cut(Member a, Member b) { cut_.insert({a, b}), cut_.insert({b, a}); }
  void cut_off(Member m) {
    for (Member other = 0; other < cores_.size(); ++other)
      if (other != m) cut(m, other);
  }
  void heal() { cut_.clear(); }

  // One step of one replica, and everything that follows from it.
  void step(Member m, const Input& input) {
    one(m, input);
    settle();
  }
  void campaign(Member m) {
    for (int i = 0; i < 20 && cores_[m].role() == Role::follower; ++i) {
      now_ = std::max(now_, cores_[m].deadline());
      step(m, TimedOut{});
    }
  }
  // Every timer that is due within `length`, in its order.
  void pass(Duration length) {
    const Instant end = now_ + length;
    for (;;) {
      Member next = nobody;
      for (Member m = 0; m < cores_.size(); ++m)
        if (next == nobody || cores_[m].deadline() < cores_[next].deadline()) next = m;
      if (cores_[next].deadline() > end) break;
      now_ = std::max(now_, cores_[next].deadline());
      step(next, TimedOut{});
    }
    now_ = end;
  }
  void restart(Member m, Disk disk = Disk::intact) { cores_[m].restart(now_, 0ns, out_, disk); }
  Member leader() const {
    Member best = nobody;
    for (Member m = 0; m < cores_.size(); ++m)
      if (cores_[m].role() == Role::leader && (best == nobody || cores_[m].term() > cores_[best].term())) best = m;
    return best;
  }

 private:
  void one(Member m, const Input& input) {
    Core& core = cores_[m];
    core.step(now_, input, out_);
    reads_served_ += out_.reads_served;
    const Output out = out_;
    for (const Message& message : out.now) post(message);
    if (out.persist) {
      for (const Message& message : out.once_durable) post(message);
      one(m, Durable{core.term(), core.voted_for(), out.persist_to, core.log().term_at(out.persist_to)});
    }
    if (out.apply_to != 0) one(m, Applied{out.apply_to});
  }
  void post(const Message& message) {
    ++sent_[static_cast<std::size_t>(message.kind)];
    if (cut_.count({message.from, message.to}) == 0) mail_.push_back(message);
  }
  void settle() {
    for (int steps = 0; !mail_.empty(); ++steps) {
      SIM_CHECK(steps < 100'000, "the replicas talk for ever");
      const Message message = mail_.front();
      mail_.pop_front();
      one(message.to, Received{message});
    }
  }

  Profile profile_;
  std::vector<Core> cores_;
  Output out_;
  Instant now_{};
  std::deque<Message> mail_;
  std::set<std::pair<Member, Member>> cut_;
  std::uint64_t reads_served_ = 0;
  std::array<std::uint64_t, 16> sent_{};
};

inline Configuration voters(std::initializer_list<int> members) {
  Configuration c;
  for (const int m : members) c.incoming = static_cast<Members>(c.incoming | quorum::member(m));
  return c;
}

}  // namespace nines::raft
