// From what the user wrote to what is simulated: names become indices, pools become nodes, placements are computed.
#pragma once

#include "models/world/options.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// The reader has checked every name and range; what is impossible here is a broken invariant.
world::Options to_world(const Scenario& scenario);

}  // namespace nines::scenarios
