// Deployments by hand for the tests of this folder and of analysis/load.
#pragma once

#include <cstdint>

#include "models/topology/topology.hpp"
#include "models/workload/deployment.hpp"

namespace nines::workload::testing_deployments {

inline topology::LinkLaw constant(Duration one_way) { return {.minimum = one_way, .maximum = one_way}; }

// One broker a machine, each in a zone and a region of its own; round robin: partition p on brokers p, p + 1, ... (mod brokers). Links take
// `one_way`, those to oneself nothing. Machines with one core of speed 1, all of it for the brokers; a command costs nothing yet.
inline Deployment ring(int brokers, int partitions, int replicas, Duration one_way = Duration{0}) {
  Deployment d;
  for (int b = 0; b < brokers; ++b) {
    Machine machine;
    machine.name = 'm' + std::to_string(b);
    machine.cores = 1;
    machine.cap = 1;
    d.machines.push_back(machine);
    d.machine_of.push_back(static_cast<std::uint16_t>(b));
    d.zone_of.push_back(static_cast<std::uint16_t>(b));
    d.region_of.push_back(static_cast<std::uint16_t>(b));
    for (int to = 0; to < brokers; ++to) d.links.push_back(constant(to == b ? Duration{0} : one_way));
  }
  for (int p = 0; p < partitions; ++p) {
    Partition partition;
    for (int r = 0; r < replicas; ++r) partition.brokers.push_back(static_cast<std::uint16_t>((p + r) % brokers));
    d.partitions.push_back(partition);
  }
  d.service.request_bytes = 0;
  return d;
}

}  // namespace nines::workload::testing_deployments
