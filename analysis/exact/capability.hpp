// How much of the time users cannot do something, solved: components and partitions as expressions over the same independent atoms as the quorum's.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analysis/exact/model.hpp"
#include "analysis/stats/capabilities.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

// A share of time that was measured, with its limits.
struct Gap {
  double value = 0, low = 0, high = 0;
};
// What partitions of a cluster lose beside their quorum.
struct PartitionGaps {
  Gap some, every, mean;  // As in Excess.
};

struct CapabilityAnswer {
  double without = 0;         // Share of time in which what it needs is down.
  Gap gaps;                   // Beside that: partitions elect, or restart.
  bool approximate = false;   // A process that moves to another machine, or a need that others do without for a while, is taken fault by fault.
  std::vector<Cause> causes;  // Of both together, what would be gone if the mode never happened. The largest first; shares do not add up.

  double fraction() const { return without + gaps.value; }
};

// All capabilities of the world, in its order; `gaps` by cluster. A capability whose diagram would be too large is nothing. Links between two places
// that are cut are left out.
std::vector<std::optional<CapabilityAnswer>> capabilities_of(const Model& model, const world::Options& options, std::span<const PartitionGaps> gaps);

}  // namespace nines::analysis
