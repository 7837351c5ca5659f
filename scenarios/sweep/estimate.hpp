// How much work a sweep is, before it is begun: a few of its units tried.
#pragma once

#include <cstdint>

#include "scenarios/sweep/course.hpp"

namespace nines::scenarios {

struct Estimate {
  std::uint64_t units = 0, replications = 0;  // Adaptive: at most.
  double seconds = 0;                         // Of one thread.
  std::uint64_t tried = 0;                    // Units, to know that.
};

// Tries units for about two seconds, at least one and from all over the space. Throws InvalidPoint.
Estimate estimate_work(const Points& points, const Survey& survey, Sweep::Method method);

}  // namespace nines::scenarios
