// What people do in an incident: the steps of a failover to another region, and of going back to a backup, as they came in this history.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/run/incident.hpp"
#include "scenarios/run/sheets.hpp"

namespace nines::scenarios {

// A sentence a procedure of the incident's cluster, for the headline.
std::vector<std::string> people_lines(const Played& played);

// A row a step that came to pass before the end, by instant; nothing where nobody had anything to do.
std::optional<Sheet> steps_sheet(const Played& played);

}  // namespace nines::scenarios
