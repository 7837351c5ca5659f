// The architecture as a drawing: regions hold zones, zones racks and nodes, nodes brokers; each broker says how many partitions it leads and follows.
#pragma once

#include <string>

#include "models/world/options.hpp"

namespace nines::analysis {

std::string mermaid(const world::Options& options);  // A flowchart, as Markdown renderers draw it.
std::string dot(const world::Options& options);      // For Graphviz.

}  // namespace nines::analysis
