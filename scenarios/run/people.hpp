// What people have to do for a deployment, and how often: repairs that wait for somebody, planned work, and procedures that are followed by hand.
#pragma once

#include <optional>

#include "models/world/options.hpp"
#include "scenarios/run/sheets.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// How long going back to a backup takes on average once data are lost: all its steps, and the wait for whoever
// decides, without the repair of machines. Seconds.
double restoring_takes_s(const world::BackupRestore& backup);

// Exact: expected times a year over all elements, and how long one takes on average. `world`: of the scenario, with its failovers and restores.
// Nothing where there is nothing to do.
std::optional<Sheet> people_sheet(const Scenario& scenario, const world::Options& world);

}  // namespace nines::scenarios
