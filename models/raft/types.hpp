// The vocabulary of the Raft core: members, roles, messages, and what a step takes in and gives out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace nines::raft {

using Term = std::uint32_t;
using Index = std::uint64_t;  // Of a log entry, from 1; 0 stands before the first.
using Member = std::uint8_t;  // A replica's place in its group, from 0.

inline constexpr Member nobody = 0xff;
inline constexpr std::size_t max_members = 15;

enum class Role : std::uint8_t { follower, pre_candidate, candidate, leader };

enum class Kind : std::uint8_t { heartbeat, heartbeat_ack, append, append_ack, vote, vote_reply, timeout_now };

// One message. `slot` names it within its kind and term: a heartbeat's number, an append's last index, a vote's attempt; randomness and
// order are keyed by it. An append carries entries of one term: a run.
struct Message {
  Kind kind = Kind::heartbeat;
  Member from = nobody;
  Member to = nobody;
  bool reject = false;    // heartbeat_ack, append_ack: the log before does not match. vote_reply: refused.
  bool pre = false;       // vote, vote_reply: a pre-vote; `term` is the term asked for.
  bool transfer = false;  // vote: at the leader's own wish, so leases do not apply.
  Term term = 0;
  Term log_term = 0;          // heartbeat, append, refused acks: of the entry at `index`. vote: of the candidate's last entry.
  Term entries_term = 0;      // append
  std::uint32_t entries = 0;  // append: how many.
  Index index = 0;            // heartbeat, append: the entry before. Acks: the last entry known to match, or where to try. vote: last entry.
  Index commit = 0;           // heartbeat, append: the leader's commit index. Rejected append_ack: the index that did not match.
  std::uint64_t slot = 0;
  std::int64_t bytes = 0;  // append: of each entry
};

// What happened. A step is called with one of these.
struct Received {
  Message message;
};
struct TimedOut {};  // The deadline of the last output has come.
struct Durable {     // What was asked to be persisted is on disk.
  Term term = 0;
  Member vote = nobody;
  Index index = 0;
  Term log_term = 0;  // Of the entry at `index` when the write began: an older write must not vouch for newer entries.
};
struct Propose {
  std::uint32_t entries = 1;
  std::int64_t bytes_each = 0;
};
struct HandOver {};  // Give leadership to the follower that is closest, before a stop in good order.

using Input = std::variant<Received, TimedOut, Durable, Propose, HandOver>;

// A list with inline room: no step allocates.
template <class T, std::size_t capacity>
class Inline {
 public:
  void clear() { size_ = 0; }
  void push_back(const T& value) {
    SIM_CHECK(size_ < capacity, "a step gave out more than its room");
    values_[size_++] = value;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  const T& operator[](std::size_t i) const { return values_[i]; }
  const T* begin() const { return values_.data(); }
  const T* end() const { return values_.data() + size_; }

 private:
  std::array<T, capacity> values_;
  std::size_t size_ = 0;
};

// What a step wants done. The caller reuses it.
struct Output {
  Inline<Message, 3 * max_members> now;           // Send at once.
  Inline<Message, 2 * max_members> once_durable;  // Send when `persist` has been done.
  bool persist = false;                           // Write term, vote and the log up to `persist_to`; answer with Durable.
  Index persist_to = 0;
  bool changed = false;      // Role, term, leader, or the first commit of a term: who can write may have changed.
  Instant deadline = never;  // Call with TimedOut then, unless a later step says otherwise.

  void clear() {
    now.clear();
    once_durable.clear();
    persist = changed = false;
  }
};

}  // namespace nines::raft
