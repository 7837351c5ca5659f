// The unit of work of a sweep: a block of replications of one point, or a few points to solve.
#pragma once

#include <compare>
#include <cstdint>

namespace nines::scenarios {

struct Unit {
  std::uint64_t point = 0;   // Of the space.
  std::uint32_t points = 1;  // From that one on. More than one only where they are solved.
  std::uint32_t count = 0;   // Replications; 0: solved.
  std::uint64_t first = 0;   // The first of the replications.
  auto operator<=>(const Unit&) const = default;
};

// Fixed sizes: the last digits of sums depend on the first, and what a journal holds on both.
inline constexpr std::uint32_t block = 25;         // Replications.
inline constexpr std::uint32_t solved_block = 16;  // Points.

}  // namespace nines::scenarios
