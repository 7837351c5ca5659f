// How much of the time users cannot do something, solved: components and partitions as expressions over the same independent atoms as the quorum's.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/exact/model.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

// What partitions of a cluster lose beside their quorum, as shares of time.
struct PartitionGaps {
  double some = 0, every = 0, mean = 0;  // As in Excess.
};

struct CapabilityAnswer {
  std::string name;          // "start-process-instance", with its cluster's name before it where there are several.
  double without = 0;        // Share of time in which what it needs is down.
  double gaps = 0;           // Beside that: partitions elect, or restart.
  bool approximate = false;  // A process that moves to another machine, or a need that others do without for a while, is taken fault by fault.
  struct Cause {
    std::string mode;  // Of the world's, or of Services::modes.
    double share = 0;  // Of `without` and `gaps`: what would be gone if it never happened. Shares do not add up.
  };
  std::vector<Cause> causes;  // The largest first.

  double fraction() const { return without + gaps; }
};

// All capabilities of the world, in its order; `gaps` by cluster. A capability whose diagram would be too large is nothing. Links between two places
// that are cut are left out.
std::vector<std::optional<CapabilityAnswer>> capabilities_of(const Model& model, const world::Options& options, std::span<const PartitionGaps> gaps);

}  // namespace nines::analysis
