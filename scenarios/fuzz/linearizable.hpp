// Is a history of registers linearizable? The algorithm of Wing and Gong (1993) with the memory of Lowe (2017), register by register
// (P-compositionality: Horn and Kroening 2015). Knows nothing of Raft.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "sim/base/time.hpp"

namespace nines::fuzz {

struct Operation {
  enum class Kind : std::uint8_t { write, read };
  Kind kind = Kind::write;
  std::uint32_t which_register = 0;
  std::uint64_t value = 0;  // Written, or read. 0 is what a register holds before the first write; no write writes it, no two write the same.
  Instant called;
  Instant returned = never;  // never: its outcome is not known; it may take effect at any time from its call on, or not at all.
};

enum class Verdict : std::uint8_t { linearizable, broken, undecided };

// `bound` is how many states may be visited for one register before the answer is "undecided". What is wrong is told in `what`.
Verdict check_registers(std::span<const Operation> history, std::size_t bound, std::string& what);

}  // namespace nines::fuzz
