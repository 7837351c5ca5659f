// The catalogue's profiles for seeded tests, which visit worlds of every system that a user can name.
#pragma once

#include <vector>

#include "models/raft/profile.hpp"
#include "tests/support/random_world.hpp"

namespace nines::seeded {

const std::vector<raft::Profile>& catalogue_profiles();

// testing_worlds::random_world, half of them with one of the catalogue's profiles.
testing_worlds::RandomWorld random_world(std::uint64_t seed);

// testing_worlds::random_world with a system whose groups fall silent: CockroachDB's and TiKV's profiles as they are, quicker ones, and rules of
// others with silence added. Most of them have little to do or nothing, so that they do fall silent.
testing_worlds::RandomWorld silent_world(std::uint64_t seed);

}  // namespace nines::seeded
