// The story of one group, told event by event in words: what golden traces are made of.
#pragma once

#include <string>

#include "tests/support/worlds.hpp"

namespace nines::golden {

// The first group's events from `from` until `to`, after everything before them. Heartbeats that change nothing are counted, not told.
std::string story(testing_worlds::Stage& stage, Instant from, Instant to);

}  // namespace nines::golden
