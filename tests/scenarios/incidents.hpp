// A log of incidents, record by record, and for how long how much was watched.
#pragma once

#include "scenarios/run/fit.hpp"

namespace nines::scenarios {

inline IncidentRecord record(Duration start, Duration lasted, const char* element, const char* cause) {
  return {.start = start, .end = start + lasted, .element = element, .cause = cause, .line = 0};
}

inline const Exposure ten_for_two_years{.log = "log.csv", .elements = 10, .window = 2 * year};

}  // namespace nines::scenarios
