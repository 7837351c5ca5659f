// The order of the layers: an include points to the same folder or downwards, and a library shows only where it belongs.
#pragma once

#include "tests/house/tree.hpp"

namespace nines::house {

Findings layer_findings(const Tree& tree);

}  // namespace nines::house
