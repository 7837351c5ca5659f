// A recorded history of faults, and its replay as a failure source: the same outages again, from its first instant or, rotated, from any.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/failure/change.hpp"
#include "sim/base/random.hpp"

namespace nines::failure {

// Times count from the trace's first instant.
struct RecordedFault {
  Duration begin{0};
  Duration end{0};
  Element element;
  std::uint16_t mode = 0;  // Into the world's modes, where it stands as `recorded`.
};

enum class Rotation : std::uint8_t {
  none,        // Every replication replays the trace from its first instant.
  everywhere,  // Each from an instant of its own, drawn uniformly; after the trace's end comes its beginning.
};

// Faults of one element do not overlap. A value that replications share.
class Trace {
 public:
  Trace(std::vector<RecordedFault> faults, Duration length, Rotation rotation);

  struct Step {
    Duration at{0};
    std::uint32_t fault = 0;
    Stage stage = Stage::begin;
  };
  const std::vector<RecordedFault>& faults() const { return faults_; }
  const std::vector<Step>& steps() const { return steps_; }  // In order of time; at one instant what was down comes back before another goes.
  Duration length() const { return length_; }
  Rotation rotation() const { return rotation_; }

 private:
  std::vector<RecordedFault> faults_;
  std::vector<Step> steps_;
  Duration length_{0};
  Rotation rotation_ = Rotation::none;
};

class Replay {
 public:
  Replay() = default;  // Of nothing.
  Replay(std::shared_ptr<const Trace> trace, const std::vector<Mode>& modes, const Streams& streams);

  Change next(Instant now);
  Instant upcoming() const;                                      // Of the change that comes next; never when there is none.
  const std::vector<Change>& active() const { return active_; }  // What is going on at the start.

 private:
  Change change_of(std::uint32_t fault, Instant at, Stage stage) const;

  std::shared_ptr<const Trace> trace_;
  std::vector<Effect> effects_;  // By mode.
  std::vector<Change> active_;
  std::size_t place_ = 0;  // In the trace's steps.
  Instant origin_;         // When the trace's first instant is, in this round.
};

}  // namespace nines::failure
