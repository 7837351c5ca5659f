// The vocabulary of the Raft core: members, roles, messages, and what a step takes in and gives out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "models/quorum/quorum.hpp"
#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace nines::raft {

using Term = std::uint32_t;
using Index = std::uint64_t;  // Of a log entry, from 1; 0 stands before the first.
using Member = std::uint8_t;  // A replica's place in its group, from 0.
using quorum::Configuration;
using quorum::Members;

inline constexpr Member nobody = 0xff;
inline constexpr std::size_t max_members = 15;

enum class Role : std::uint8_t { follower, pre_candidate, candidate, leader };

enum class Kind : std::uint8_t {
  heartbeat,
  heartbeat_ack,
  append,
  append_ack,
  vote,
  vote_reply,
  timeout_now,   // Campaign at once: leadership is handed over.
  snapshot,      // One chunk of a snapshot.
  snapshot_ack,  // A chunk that was not the last has come. Refused: one before it is missing, and `slot` says which.
  fetch,         // pull: what the follower holds, and the wish for what comes after it.
};

// Entries of one term and one size.
struct Segment {
  Term term = 0;
  std::uint32_t count = 0;
  std::uint32_t bytes = 0;  // Of each entry.
  constexpr bool operator==(const Segment&) const = default;
};

// A configuration that an entry brings, or a snapshot holds.
struct Change {
  Index index = 0;  // 0: none.
  Configuration configuration;
  constexpr bool operator==(const Change&) const = default;
};

// What every message says. `slot` names it within its kind and term: a heartbeat's number, an append's last index, a vote's attempt, a
// snapshot's chunk; randomness and order are keyed by it.
struct Brief {
  Kind kind = Kind::heartbeat;
  Member from = nobody;
  Member to = nobody;
  bool reject = false;    // heartbeat_ack, append_ack: the log before does not match. vote_reply: refused.
  bool pre = false;       // vote, vote_reply: a pre-vote; `term` is the term asked for.
  bool transfer = false;  // vote: at the leader's own wish, so leases do not apply. heartbeat: the group falls silent (quiescence).
  std::uint8_t more_runs = 0;
  Term term = 0;
  Term log_term = 0;          // heartbeat, append, refused acks: of the entry at `index`. vote: of the candidate's last entry.
  Term entries_term = 0;      // append: of the first run.
  std::uint32_t entries = 0;  // append: how many in the first run; append_ack: how many were asked to be stored. snapshot: chunks in all.
  Index index = 0;  // heartbeat, append: the entry before. Acks: the last entry known to match, or where to try. vote, snapshot: last entry. fetch: the last one held.
  Index commit = 0;  // heartbeat, append: the leader's commit index. Rejected append_ack: the index that did not match.
  std::uint64_t slot = 0;
  std::int64_t bytes = 0;   // append: of each entry of the first run. snapshot: of this chunk.
  std::uint64_t round = 0;  // heartbeat and its answer: the read round it confirms. fetch and the append that answers it: which fetch.
};
static_assert(sizeof(Brief) == 64, "one line of the cache");

// What few messages carry besides.
struct Enclosure {
  std::array<Segment, 3> more{};  // append: the further runs of entries.
  Change change;                  // append: the configuration among the entries, one at most. snapshot: the one at its index.
};

struct Message : Brief, Enclosure {
  Message() = default;
  explicit Message(const Brief& brief) : Brief(brief) {}
  Message(const Brief& brief, const Enclosure& enclosure) : Brief(brief), Enclosure(enclosure) {}

  Index last() const {  // append: of the entries it carries.
    Index end = index + entries;
    for (std::uint8_t i = 0; i < more_runs; ++i) end += more[i].count;
    return end;
  }
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
struct Applied {  // The state machine has applied everything up to here; asked for by Output::apply_to.
  Index index = 0;
};
struct Propose {
  std::uint32_t entries = 1;
  std::int64_t bytes_each = 0;
};
struct Reconfigure {  // A leader is asked to change who belongs to the group. Taken when no other change is under way.
  Configuration configuration;
};
// A member is told by its operator that the quorum is lost for good and that these are the group now. Every member of the new group must be
// told before it runs on; what was committed and is held by none of them is lost (Zeebe's ForceConfigure).
struct ForceConfiguration {
  Configuration configuration;
};
struct HandOver {  // Give leadership to `to`; nobody: to the follower that is closest.
  Member to = nobody;
};
struct StepDown {};  // Zeebe's rebalancing up to 8.9: a leader that is not the group's first choice becomes a follower.
struct Campaign {};  // Do not wait for the leader any longer: it is known to be gone (gossip, a store's liveness record, an operator).
struct Unreachable {
  Member member = nobody;  // The transport could not deliver to it.
};
struct TakeSnapshot {
  std::int64_t bytes = 0;  // How much a follower would have to be sent.
};
struct Read {};  // A linearizable read; answered by Output::reads_served, see reads.cpp.

using Input = std::variant<Received, TimedOut, Durable, Propose, Applied, HandOver, Campaign, Unreachable, Reconfigure, TakeSnapshot, StepDown, Read, ForceConfiguration>;

// A list with inline room: no step allocates.
template <class T, std::size_t capacity>
class Inline {
 public:
  void clear() { size_ = 0; }
  void push_back(const T& value) {
    SIM_CHECK(size_ < capacity, "a step gave out more than its room");
    values_[size_++] = value;
  }
  T& add() {  // One more, to be filled in place.
    SIM_CHECK(size_ < capacity, "a step gave out more than its room");
    return values_[size_++] = T{};
  }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == capacity; }
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
  Inline<Message, 4 * max_members> now;           // Send at once.
  Inline<Message, 2 * max_members> once_durable;  // Send when `persist` has been done.
  bool persist = false;                           // Write term, vote and the log up to `persist_to`; answer with Durable.
  Index persist_to = 0;
  Index apply_to = 0;              // Not 0: a configuration waits to be applied; answer with Applied.
  std::uint64_t reads_served = 0;  // How many reads, in their order, are confirmed now; see Core::reads_failed.
  bool changed = false;            // Role, term, leader, configuration, or the first commit of a term: who can write may have changed.
  Instant deadline = never;        // Call with TimedOut then, unless a later step says otherwise.

  void clear() {
    now.clear();
    once_durable.clear();
    persist = changed = false;
    apply_to = 0;
    reads_served = 0;
  }
};

}  // namespace nines::raft
