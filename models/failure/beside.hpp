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
    begun_ += begins_ ? 1 : 0;  // Who asks on has lived through it: what lies beyond a horizon does not count.
    begins_ = false;
    Change change;
    if (from_first_.at <= from_second_.at) {
      change = from_first_;
      if (change.at != never) from_first_ = first_.next(change.at);
    } else {
      change = from_second_;
      begins_ = change.stage == Stage::begin;
      from_second_ = second_.next(change.at);
    }
    return change;
  }
  std::uint64_t begun() const { return begun_; }  // Faults of `second` up to the last change but one that was told.

 private:
  First& first_;
  Second& second_;
  Change from_first_, from_second_;  // What each says next.
  bool asked_ = false;
  bool begins_ = false;  // With the last change that was told, a fault of `second`.
  std::uint64_t begun_ = 0;
};

}  // namespace nines::failure
