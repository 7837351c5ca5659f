// What people have to do for a deployment, and how often: repairs that wait for somebody, planned work, and procedures that are followed by hand.
#pragma once

#include <optional>

#include "models/world/options.hpp"
#include "scenarios/run/sheets.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// Exact: expected times a year over all elements, and how long one takes on average. `world`: of the scenario, with its failovers and restores.
// Nothing where there is nothing to do.
std::optional<Sheet> people_sheet(const Scenario& scenario, const world::Options& world);

}  // namespace nines::scenarios
