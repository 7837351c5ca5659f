// The bottleneck law: how many commands a second a deployment carries, which resource is used up first, and which would be next.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "models/workload/deployment.hpp"

namespace nines::workload {

inline constexpr double unlimited = std::numeric_limits<double>::infinity();  // Commands a second, where nothing binds.

enum class Resource : std::uint8_t {
  partition_thread,    // One command at a time is processed in a partition.
  cpu,                 // Of a machine.
  flush,               // One fsync at a time of a replica, with all that waits in each.
  flush_rate,          // A disk's IOPS.
  disk_bytes,          // A disk's throughput.
  network_bytes,       // A machine's network, one way.
  replication_window,  // Appends in flight x batch / acknowledgement time of the follower that completes the quorum.
  secondary_storage,
  workers,
  no_leader,  // A partition without a leader carries nothing.
};
const char* name(Resource resource);  // "partition thread", "CPU", ...

// How commands find a partition.
enum class Routing : std::uint8_t {
  even,  // Each partition gets the same: the fullest one decides. Keyed commands.
  free,  // What one partition cannot take another can: the sum decides. A gateway that tries the next one, for new process instances.
};

// At how many commands a second of the whole cluster this resource is used up, everything else without limit.
struct Limit {
  Resource resource = Resource::cpu;
  int where = -1;  // A machine for cpu, disk and network; a partition for thread, flush, window; -1: the cluster.
  double per_s = 0;
  bool operator==(const Limit&) const = default;
};

struct Capacity {
  double per_s = 0;  // Commands a second of the whole cluster. 0: a partition has no leader (even), or none has (free). Infinite without limits.
  Limit binding;     // What is used up first. free: what is used up last, when the sum can grow no more.
  Limit next;        // The first of another resource: what would bind if `binding` were lifted. Infinite where nothing would.
  std::vector<Limit> limits;  // The least of each resource, ascending.
};

// At saturation, with any number of commands outstanding: waiting makes batches grow until they are full (Replication::batch_bytes), so what a batch costs
// is shared by as many entries as it holds. Fsyncs limit through the window: at most `window` batches are on their way to a follower, and those that come
// while one is written go into the next; and, where a batch costs the leader CPU, because it writes one at a time (beside its own fsync, where that runs
// beside the followers'). A follower that the quorum does not need and whose window is too narrow lags, and takes only what its window carries. With few
// clients or below saturation batches are smaller: analysis/load/latency.hpp.
//
// CPU of a machine: of leaders (thread, log, export), followers, gateways. Network: copies to other machines, requests and answers between clients,
// gateways and leaders. IOPS: shared evenly by the replicas on the disk. A link's bandwidth is shared by
// the partitions that replicate over it. Idle work slows every core alike. Losses on links are left out.
Capacity capacity(const Deployment& deployment, const State& state, Routing routing = Routing::even);

}  // namespace nines::workload
