// Several processes that share a sweep and see nothing of each other.
#pragma once

#include <cstdint>

namespace nines::scenarios {

// One of them: it does every n-th unit.
struct Shard {
  std::uint32_t number = 0;  // From 0.
  std::uint32_t of = 1;
};

inline constexpr std::uint32_t most_shards = 100'000;

}  // namespace nines::scenarios
