// How many seeds a seeded test visits.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace nines::testing_worlds {

// Some in every run; NINES_SEEDS=20000 for a night. Where the address sanitizer watches every step, a test may ask for a share only.
inline std::uint64_t seeds(std::uint64_t usual, [[maybe_unused]] std::uint64_t divided_when_watched = 1) {
#ifdef __SANITIZE_ADDRESS__
  usual /= divided_when_watched;
#endif
  const char* wanted = std::getenv("NINES_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : usual;
}

}  // namespace nines::testing_worlds
