// A finding made small: actions are taken away as long as the same property still breaks (Zeller and Hildebrandt 2002, ddmin), and the surroundings
// made plain.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "scenarios/fuzz/arena.hpp"
#include "scenarios/fuzz/plan.hpp"

namespace nines::fuzz {

// At most `runs` runs, and none after `stop` has said so; less for a plan that breaks nothing.
Plan shrink(const Plan& plan, const Finding& finding, std::size_t runs, const std::function<bool()>& stop = {});

// The run of a plan in words: its actions and what came of them, at most about `lines` lines of it, the last ones.
std::string story_of(const Plan& plan, std::size_t lines);

}  // namespace nines::fuzz
