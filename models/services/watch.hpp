// When users could not do what they wanted: the faults of a run once more, and its partitions' outages, against what each capability needs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/failure/timeline.hpp"
#include "models/services/services.hpp"

namespace nines::services {

// A partition that could not be written.
struct PartitionDown {
  std::uint32_t partition = 0;  // Counted over all clusters.
  Instant start, end;
  std::uint16_t mode = 0;
};

// A maximal interval in which a capability was missing, for some partitions at least.
struct CapabilityOutage {
  std::uint32_t capability = 0;
  Instant start, end;
  Duration mean{0};        // The share of the partitions for which it was missing, times how long.
  std::uint16_t mode = 0;  // Of what began it: of the world's modes, then its scripted faults, then Services::modes.
};

class Watch {
 public:
  // The services must have an order of need. `first_partition`: by cluster, and one more: how many there are. `world_modes`: see CapabilityOutage::mode.
  Watch(Services services, failure::Site site, std::vector<std::uint32_t> first_partition, std::size_t world_modes);

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // `world` and `own`: the changes of one replication, as its failure sources told them, from what was going on at the start to the horizon. `downs` in
  // any order. The answer comes by capability, then by start.
  std::vector<CapabilityOutage> outages(std::span<const failure::Change> world, std::span<const failure::Change> own,
                                        std::span<const PartitionDown> downs, Instant horizon) const;

 private:
  struct Run;
  // What a change at an element takes away.
  struct Inside {
    std::vector<std::uint32_t> processes, brokers, nodes;
  };
  const Inside* inside(const failure::Element& element) const;  // Null: nothing of any component.

  Services services_;
  failure::Site site_;
  std::vector<std::uint32_t> first_partition_, order_;
  std::size_t world_modes_;
  std::vector<std::vector<Inside>> by_scope_;  // By scope, then element.
  std::vector<const Expression*> graces_;      // Expressions of services_ with one.
};

}  // namespace nines::services
