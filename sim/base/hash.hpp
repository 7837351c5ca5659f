// A fast 64-bit running hash for fingerprints and digests: same content, same value, on every machine of one byte order.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace nines {

class Hash {
 public:
  constexpr void add(std::uint64_t word) {
    // A multiply-fold of 128 bits: one multiplication a word, and every input bit reaches every output bit.
    const auto product = static_cast<unsigned __int128>(state_ ^ word) * 0x9e3779b97f4a7c15ull;
    state_ = static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product) ^ 0xd6e8feb86659fd93ull;
  }
  constexpr void add(Instant t) { add(static_cast<std::uint64_t>(count_ns(t))); }
  constexpr void add(Duration d) { add(static_cast<std::uint64_t>(d.count())); }
  constexpr std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0x2545f4914f6cdd1dull;
};

}  // namespace nines
