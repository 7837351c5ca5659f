// An incident's timeline in block characters: what is drawn is what --format json and the HDF5 file hold in numbers.
#pragma once

#include <string>
#include <vector>

#include "scenarios/run/incident.hpp"

namespace nines::scenarios {

// "3:20", "1:03:20", with tenths where there are any: "3:24.1".
std::string clock_text(Instant at);

// Lines of at most 130 columns. A partition's row shows its leader's number (a for 10, ...), and a dot where it had none for a moment.
std::vector<std::string> picture_of(const Played& played);

}  // namespace nines::scenarios
