// How many seeds a seeded test visits.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "tests/support/watched.hpp"

namespace nines::testing_worlds {

// Some in every run, a twentieth of them under sanitizers; NINES_SEEDS=20000 for a night.
inline std::uint64_t seeds(std::uint64_t usual) {
  const char* wanted = std::getenv("NINES_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : watched ? usual / 20 : usual;
}

}  // namespace nines::testing_worlds
