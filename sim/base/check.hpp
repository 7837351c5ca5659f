// Broken invariants of our own code: on in every build, caught by the runner, never by anybody below it.
#pragma once

#include <stdexcept>
#include <string>

namespace nines {

// Thrown by SIM_CHECK. It means that this program is wrong, not the user's input and not the simulated world.
class BrokenInvariant : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void broken_invariant(const char* condition, const char* what, const char* file, int line);

}  // namespace nines

#define SIM_CHECK(condition, what)                                     \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::nines::broken_invariant(#condition, what, __FILE__, __LINE__); \
  } while (false)
