// What is left when places are lost: partitions without a quorum, partitions whose leader must move, partitions untouched. From the placement alone,
// so also where nothing can be solved.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/exact/model.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

// Partitions of one cluster; of each failure, or on average over the failures of a mode.
struct Toll {
  double no_quorum = 0;
  double leader_moves = 0;  // A quorum is left, and the primary is not in it.
  double degraded = 0;      // A quorum is left with the primary in it, and some replica is not.
  bool operator==(const Toll&) const = default;
};

struct Survival {
  std::string what;                // "node", "zone", "region", "two zones"
  std::vector<std::string> names;  // Of the places whose loss has this toll.
  Toll toll;
};

// Lose each node, rack, zone, region and pair of zones. Leaders are at their primaries, the replicas of the highest priority.
// Like tolls of one kind are one line.
std::vector<Survival> survival_of(const world::Options& options, std::size_t cluster);

// Of one fault of a mode, with every element of it equally likely.
struct BlastRadius {
  std::size_t elements = 0;
  Toll mean, worst;   // Of pauses and slow elements: leader_moves is leaders that are inside, degraded other replicas that are.
  bool stops = true;  // Or cuts. False: nobody leaves, and nothing says that a leader will move.
};
std::vector<BlastRadius> blast_radius_of(const world::Options& options, std::size_t cluster);

}  // namespace nines::analysis
