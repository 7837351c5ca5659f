// What must not stand in the source text: whatever would make a result depend on anything but scenario, seed and build, and a few habits.
// Read from text, so a best effort: a ban that fires is right, a ban that keeps silent proves little.
#pragma once

#include "tests/house/tree.hpp"

namespace nines::house {

Findings ban_findings(const Tree& tree);

// Mutable variables of static storage, at namespace scope, in a class or in a function.
Findings global_findings(const std::string& path, std::string_view code);

// Loops over an unordered container that the file, or `header` beside it, declares.
Findings unordered_loop_findings(const std::string& path, const std::string& code, const std::string& header);

}  // namespace nines::house
