// An incident as people and programs read it.
#pragma once

#include <string>

#include "scenarios/run/incident.hpp"
#include "scenarios/run/sheets.hpp"

namespace nines::scenarios {

enum class Readers : std::uint8_t { people, programs };  // Programs get the whole timeline.

Book book_of(const Played& played, const Scenario& scenario, Readers readers);

// The timeline, one line an interval, with a header whose names hold the units.
std::string csv_of(const Played& played);

}  // namespace nines::scenarios
