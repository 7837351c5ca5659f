// What runs beside the brokers, as the world has it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/services/services.hpp"
#include "models/world/options.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// `world`: topology, brokers and clusters are there. `nodes`: of each pool. Without components there are no capabilities either.
services::Services services_of(const Scenario& scenario, const world::Options& world, const std::map<std::string, std::vector<NodeId>>& nodes);

}  // namespace nines::scenarios
