// The names of everything in a world, as failure sources and scripts address it, and what lies in what.
#pragma once

#include "models/failure/timeline.hpp"
#include "models/world/options.hpp"

namespace nines::world {

failure::Site site_of(const Options& options);

}  // namespace nines::world
