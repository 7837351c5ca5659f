// Two failure sources as one: a catalogue's timeline, say, and a storm of your own beside it.
//
// What a world relies on in any FailureSource: every call of next() tells one change more; `now` is the instant of the one before, Instant{} at first; changes
// come in order of time; each begin has its end, of the same element and mode, unless that lies beyond the horizon; `at == never` says that nothing follows.
#pragma once

#include <cstdint>

#include "models/failure/timeline.hpp"

namespace nines::failure {

// At one instant `first` speaks first. Refers to both, which must outlive it.
template <FailureSource First, FailureSource Second>
class Beside {
 public:
  Beside(First& first, Second& second) : first_(first), second_(second) {}

  Change next(Instant now) {
    if (!asked_) {
      from_first_ = first_.next(now);
      from_second_ = second_.next(now);
      asked_ = true;
    }
    Change change;
    if (from_first_.at <= from_second_.at) {
      change = from_first_;
      if (change.at != never) from_first_ = first_.next(change.at);
    } else {
      change = from_second_;
      begun_ += change.stage == Stage::begin ? 1 : 0;
      from_second_ = second_.next(change.at);
    }
    return change;
  }
  std::uint64_t begun() const { return begun_; }  // Faults of `second` that were told of.

 private:
  First& first_;
  Second& second_;
  Change from_first_, from_second_;  // What each says next.
  bool asked_ = false;
  std::uint64_t begun_ = 0;
};

}  // namespace nines::failure
