// The minimal sets of units whose failure together takes the quorum of some partition: the short answer to why a cluster has no more nines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/why/units.hpp"

namespace nines::analysis {

struct CutSets {
  std::vector<Unit> units;
  std::vector<std::vector<std::uint32_t>> sets;  // Of units, ascending; the smaller first.
  std::size_t order = 0;                         // All minimal sets of up to so many units are there,
  bool complete = true;                          // and there are no others.
};

// Found partition by partition, among what its own replicas feel, so that the work grows with the number of partitions and not with a power of the
// number of brokers. About `most` sets are tried; what that leaves out is said by `order`.
CutSets cut_sets_of(const Model& model, std::size_t cluster, std::size_t most = 4'000'000);

}  // namespace nines::analysis
