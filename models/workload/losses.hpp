// What is left of the capacity when something is lost, and what catching up costs once it is back.
#pragma once

#include <cstdint>

#include "models/workload/capacity.hpp"

namespace nines::workload {

struct Loss {
  int which = -1;  // The machine, zone or region whose loss leaves least; the first of equals. -1: there is none.
  Capacity left;
  int looked_at = 0, of = 0;  // Of thousands of machines under thousands of partitions some are tried, evenly among them.
};

// The worst loss of one machine (with all brokers on it), zone or region.
Loss node_lost(const Deployment& deployment, Routing routing = Routing::even);
Loss zone_lost(const Deployment& deployment, Routing routing = Routing::even);
Loss region_lost(const Deployment& deployment, Routing routing = Routing::even);

// N-1: how many times the demand the cluster carries without its worst machine. Below 1 the cluster is only as available as all of its machines together.
double headroom_without_a_node(const Deployment& deployment, double demand_per_s, Routing routing = Routing::even);

struct CatchUp {
  double seconds = 0;  // Until the last of its partitions has caught up; infinite if one never does.
  Capacity meanwhile;  // Of the cluster, with what is sent to the follower beside the load.
};
// `broker`, a follower in `state`, has missed `missed_s` seconds of `demand_per_s` evenly over the partitions. Each leader sends it what is missing as
// fast as its window carries, and as CPU, disks and network of both ends have left beside the demand, evenly over the partitions that catch up. Log
// entries, not snapshots.
CatchUp catch_up(const Deployment& deployment, const State& state, std::uint16_t broker, double demand_per_s, double missed_s, Routing routing = Routing::even);

}  // namespace nines::workload
