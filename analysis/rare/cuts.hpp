// How near a quorum is to being lost: the least number of further failures that would do it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/rare/system.hpp"

namespace nines::analysis {

// A part's fault, alone (0) or grown (1), as one number.
inline std::uint32_t fault_of(std::size_t part, std::size_t grown) { return static_cast<std::uint32_t>(2 * part + grown); }

// The minimal sets of faults that lose a quorum, ascending; a grown fault does what it does alone, and more, so no set holds both. All sets of up to `order` faults are tried, or of fewer when that would be more
// than `most` trials: `tried` says of how many.
struct Cuts {
  std::vector<std::vector<std::uint32_t>> sets;
  std::size_t tried = 0;
};
Cuts minimal_cuts(const System& system, std::size_t order, std::size_t most = 2'000'000);

// Kept up to date part by part. A value; copies are independent.
class Distance {
 public:
  Distance(const Cuts& cuts, std::size_t parts);
  void set(std::uint32_t fault, bool down);
  // Failures that the nearest known cut still wants; 0: it is lost.
  std::size_t value() const { return nearest_; }

 private:
  std::vector<std::vector<std::uint32_t>> of_fault_;  // Per fault its cuts.
  std::vector<std::uint16_t> wanting_;                // Per cut.
  std::vector<std::size_t> with_;                     // Cuts that want so many.
  std::size_t nearest_ = 0;
};

}  // namespace nines::analysis
