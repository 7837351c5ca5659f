// How often acknowledged commands are lost for good: the disks of a majority of some partition's voters are empty at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/exact/quorum.hpp"
#include "models/world/options.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

struct DataLoss {
  Recurring lost;                    // Of some partition. Only how often it begins is a loss: what is gone does not come back.
  std::vector<std::uint16_t> modes;  // Those that empty disks.
  double reseed_s = 0;               // How long a returned member is sent what it lacks, at the slowest link; until then its disk counts as empty.

  double within_a_year() const;  // The probability of one or more.
};

// Exact for faults that come independently: the solver of quorums, with only the modes that replace disks. What an acknowledgement before the flush or a
// forced failover loses is not in it, nor what a backup gives back. Fails as model_of() does; a script or a trace is not looked at.
Result<DataLoss> data_loss_of(const world::Options& options, std::size_t cluster);

}  // namespace nines::analysis
