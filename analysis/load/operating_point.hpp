// What a load below saturation makes of machines: CPU, batches and fsyncs, which depend on each other. Slow CPU makes batches larger, larger batches
// cost less CPU.
#pragma once

#include <cstddef>
#include <vector>

#include "models/workload/deployment.hpp"

namespace nines::analysis {

struct MachineLoad {
  double cores_busy = 0;     // Idle work included.
  double utilisation = 0;    // Of what is left beside idle work; 1 is saturation.
  double stretch = 1;        // How many times as long a piece of work takes as on an idle machine.
  double flushes_per_s = 0;  // Of all replicas on it.
  double flush_queue_s = 0;  // How long an fsync waits for the disk's IOPS.
};

// One replica of one partition.
struct ReplicaLoad {
  std::size_t broker = 0;
  bool leads = false;
  double batches_per_s = 0;  // leader: written to the log; follower: appends.
  double ack_s = 0;          // follower: from sending an append to its acknowledgement. leader: none.
  double before_s = 0;       // follower: until an entry is sent. leader: until an entry is in the log, from the end of its own work.
  double cpu_s = 0;          // follower: of an append, as long as it takes there.
};

struct PartitionLoad {
  std::size_t partition = 0;
  double entries_per_s = 0;
  std::vector<ReplicaLoad> replicas;  // Running ones, the leader first.
};

struct OperatingPoint {
  bool carried = false;  // The load is less than what the machines carry. If not, nothing else is said.
  std::vector<MachineLoad> machines;
  std::vector<PartitionLoad> partitions;  // Those with a leader.
};

// `per_s` commands a second, evenly over the partitions with a leader. `seen` is the share of the load that somebody who comes meets: 1 in an open
// system, (N - 1) / N of N clients in a closed loop (Schweitzer's approximation of mean value analysis).
//
// Approximations: arrivals everywhere as if Poisson; all work on a machine is slowed alike, as by M/M/c with processor sharing, whatever its kind; an
// fsync waits for its disk's IOPS as in M/D/1.
OperatingPoint operating_point(const workload::Deployment& deployment, const workload::State& state, double per_s, double seen = 1);

// What a core does in a second on a machine with `brokers` running on it, idle work taken off.
double core_rate(const workload::Deployment& deployment, const workload::State& state, std::size_t machine);
// 1 + the time one waits, in units of one's own work, at `servers` that are busy `utilisation` of the time.
double stretch_of(int servers, double utilisation);

}  // namespace nines::analysis
