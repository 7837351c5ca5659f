// When a run that was asked for a precision has simulated enough. It looks at few instants, fixed beforehand in replications: whoever looks
// after every event stops when chance has made the interval narrow.
#pragma once

#include <cstdint>
#include <optional>

namespace nines::analysis {

class Stopping {
 public:
  static constexpr std::uint64_t first_look = 100;  // Replications; the spread between them means something from 30 on.

  // `wanted`: half the width of the 95 % interval over the value. `most`: replications after which there is no further look.
  Stopping(double wanted, std::uint64_t most);

  // After how many replications to look next; each look is 1.5 times as far as the one before.
  std::uint64_t next_look() const { return next_; }

  // What was found at that look; absent where there is no two-sided interval. True: stop, there is no further look.
  bool stop(std::optional<double> relative_error);

 private:
  double wanted_;
  std::uint64_t most_;
  std::uint64_t next_;
};

}  // namespace nines::analysis
