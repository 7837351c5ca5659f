// The unit of work of a sweep: a block of replications of one point, or a few points to solve.
#pragma once

#include <compare>
#include <cstdint>

namespace nines::scenarios {

struct Unit {
  std::uint64_t point = 0;   // Of the space.
  std::uint64_t first = 0;   // Of the replications.
  std::uint32_t points = 1;  // From `point` on. More than one only where they are solved.
  std::uint32_t count = 0;   // Replications; 0: solved.
  auto operator<=>(const Unit&) const = default;
};

// Fixed sizes, so that a journal can be gone on with. From 30 replications on a tally need not remember parts of each: see EventSum.
inline constexpr std::uint32_t block = 30;        // Replications.
inline constexpr std::uint32_t solved_block = 4;  // Points.

}  // namespace nines::scenarios
