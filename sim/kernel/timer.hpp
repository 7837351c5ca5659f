// Deadline timers: re-arming one stores its new deadline and no more. The one queued entry, when it surfaces early, moves on to the deadline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/id.hpp"
#include "sim/base/time.hpp"
#include "sim/kernel/key.hpp"

namespace nines::sim {

using TimerId = Id<struct TimerTag>;

// One timer. Its deadline is `never` while it is disarmed.
struct Timer {
  Instant deadline = never;
  Instant queued = never;  // When its entry surfaces; never: it has none. Never later than the deadline of an armed timer.
};

// What a surfacing entry means.
enum class Surfaced : std::uint8_t {
  due,    // The timer fires.
  early,  // The deadline has moved: the entry must be queued again at Timer::deadline.
  stale,  // The timer is disarmed, or an earlier entry has taken this one's place.
};

// A heartbeat-driven timer is re-armed about ten times before its entry surfaces once, so most re-arms cost one store.
class Timers {
 public:
  TimerId add(std::uint64_t rank) {
    timers_.push_back(Timer{});
    ranks_.push_back(rank);
    return TimerId{timers_.size() - 1};
  }

  // Returns whether an entry must be queued at the deadline.
  bool arm(TimerId id, Instant deadline) {
    Timer& timer = timers_[id.index()];
    timer.deadline = deadline;
    if (timer.queued <= deadline) return false;  // `never` is later than every deadline.
    timer.queued = deadline;
    return true;
  }

  void disarm(TimerId id) { timers_[id.index()].deadline = never; }

  Surfaced surface(TimerId id, Instant now) {
    Timer& timer = timers_[id.index()];
    if (timer.queued != now) return Surfaced::stale;
    if (timer.deadline == now) {
      timer = Timer{};
      return Surfaced::due;
    }
    timer.queued = timer.deadline;  // Also right when disarmed: both are `never`.
    return timer.deadline == never ? Surfaced::stale : Surfaced::early;
  }

  const Timer& operator[](TimerId id) const { return timers_[id.index()]; }
  std::uint64_t rank(TimerId id) const { return ranks_[id.index()]; }
  std::size_t size() const { return timers_.size(); }

 private:
  std::vector<Timer> timers_;
  std::vector<std::uint64_t> ranks_;  // Apart: needed only when an entry is queued.
};

}  // namespace nines::sim
