// The part of a scenario that is about what runs beside the brokers.
#pragma once

#include <vector>

#include "scenarios/import/deployment.hpp"
#include "scenarios/import/page.hpp"

namespace nines::scenarios {

void write_components(const Deployment& deployment, Page& page);  // Below the cluster.
void write_management(const Deployment& deployment, Page& page);  // A section of its own, where there is something to manage with.

}  // namespace nines::scenarios
