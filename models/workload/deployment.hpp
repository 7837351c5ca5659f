// What carries a load: machines, brokers, partitions, links, and what one command asks of them. Plain values, shared by the bottleneck law
// (capacity.hpp) and the simulation of every command (pipeline.hpp), so that both speak of the same resources.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/topology/topology.hpp"
#include "sim/base/law.hpp"
#include "sim/base/time.hpp"

namespace nines::workload {

// What one command asks for: an append of etcd, or a whole process instance of Zeebe, whose steps go through the log one after the other. CPU
// seconds are those of one core of speed 1; a command's cost is spread evenly over its rounds.
struct Service {
  int rounds = 1;               // How often a command goes through the log: appended, committed, processed, and again.
  std::int64_t bytes = 1024;    // Written to the log by all rounds together.
  double processing_s = 0;      // In its partition's one thread, on the leader; part of the leader's CPU.
  double leader_s = 0;          // The leader's CPU beside the thread.
  double leader_batch_s = 0;    // The leader's CPU for each batch it writes, one at a time, whatever is in it; 0: what comes is sent on at once.
  double follower_s = 0;        // Each follower's CPU.
  double follower_batch_s = 0;  // Each follower's CPU for each append.
  double gateway_s = 0;         // CPU of the broker or gateway that takes the request in.
  double exporter_s = 0;        // The leader's CPU for exporting; 0 where nothing is exported.
  double exported = 0;          // Records that go to the secondary storage.
  double idle_cores = 0;        // What a broker's process takes without load, in cores of speed 1.
  std::int64_t request_bytes = 1024;  // Client to gateway and gateway to leader; answers are as large.
  enum class Variability : std::uint8_t { fixed, exponential } variability = Variability::exponential;  // Of `processing_s`.
  bool operator==(const Service&) const = default;
};

// One machine: CPU, disk and network, shared by the brokers on it. 0 means no limit for rates.
struct Machine {
  std::string name;
  int cores = 4;                               // Threads that run at once.
  double speed = 1;                            // Of one core, relative to the machine the service was measured on.
  double cap = 0.85;                           // Share of every core that is for the brokers; slows every thread alike.
  Law flush;                                   // How long an fsync takes. Those of different partitions run side by side.
  double flushes_per_s = 0;                    // The disk's IOPS: how many fsyncs may begin in a second.
  double disk_bytes_per_s = 0;                 // Writing.
  double network_bytes_per_s = 0;              // Each way.
  std::int64_t disk_bytes = 0;                 // Its size; 0: unlimited.
  double core() const { return speed * cap; }  // Seconds of work at speed 1 that a core does in a second.
  double cpu() const { return static_cast<double>(cores) * core(); }
  bool operator==(const Machine&) const = default;
};

// When the leader's own fsync happens.
enum class LeaderFlush : std::uint8_t {
  none,    // Never, or later: nobody waits for it.
  beside,  // While the followers write: its own acknowledgement is one of the quorum (Raft thesis 10.2.1; etcd).
  after,   // Once a quorum of followers has the entries, before anybody is told (Zeebe RaftContext.setCommitIndex).
};

// How entries travel. `window` batches of at most `batch_bytes` (a larger entry goes alone) are on their way to each follower.
struct Replication {
  int window = 1;
  std::int64_t batch_bytes = 32 * 1024;
  LeaderFlush leader_flush = LeaderFlush::beside;
  bool follower_flush = true;  // Before it acknowledges.
  bool operator==(const Replication&) const = default;
};

// A system that stores what is exported, shared by all partitions.
struct SecondaryStorage {
  double records_per_s = 0;  // 0: not a limit.
  bool operator==(const SecondaryStorage&) const = default;
};

struct Partition {
  std::vector<std::uint16_t> brokers;  // The primary first, then in the order in which they take over.
  int quorum() const { return static_cast<int>(brokers.size()) / 2 + 1; }
  bool operator==(const Partition&) const = default;
};

// Which broker takes a request in.
enum class Entrance : std::uint8_t {
  any,     // One of those that run, chosen evenly.
  leader,  // The leader itself: clients that know it (etcd's benchmark with a target).
};

struct Deployment {
  Service service;
  Replication replication;
  std::vector<Machine> machines;
  std::vector<std::uint16_t> machine_of;  // Per broker.
  std::vector<std::uint16_t> zone_of;     // Per broker: for the loss of a zone, and where clients are.
  std::vector<std::uint16_t> region_of;   // Per broker.
  std::vector<Partition> partitions;
  std::vector<topology::LinkLaw> links;  // From * brokers + to: one way. Bandwidth 0: not a limit.
  topology::LinkLaw client_link;         // One way between a client and the gateway.
  SecondaryStorage storage;
  Entrance entrance = Entrance::any;
  double workers_per_s = 0;  // Commands that the clients' workers can finish in a second; 0: not a limit.

  std::size_t brokers() const { return machine_of.size(); }
  const topology::LinkLaw& link(std::size_t from, std::size_t to) const { return links[from * brokers() + to]; }
  bool operator==(const Deployment&) const = default;
};

// Who runs and who leads.
struct State {
  std::vector<std::uint8_t> up;      // Per broker.
  std::vector<std::int16_t> leader;  // Per partition a broker, or -1: none.
  bool operator==(const State&) const = default;
};

// The brokers of one machine, zone or region: `place_of` is the deployment's machine_of, zone_of or region_of.
std::vector<std::uint16_t> brokers_at(const std::vector<std::uint16_t>& place_of, int place);

// Everybody runs, primaries lead.
State healthy(const Deployment& deployment);
// The brokers of `down` do not run; a partition that still has a quorum is led by the first of its brokers that runs.
State without(const Deployment& deployment, const std::vector<std::uint16_t>& down);

}  // namespace nines::workload
