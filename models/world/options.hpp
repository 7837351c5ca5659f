// What a world is made of: the values a scenario is translated into. Names have been resolved; everything here is plain data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/failure/mode.hpp"
#include "models/failure/trace.hpp"
#include "models/raft/profile.hpp"
#include "models/services/services.hpp"
#include "models/topology/topology.hpp"
#include "sim/base/id.hpp"
#include "sim/base/law.hpp"
#include "sim/base/time.hpp"

namespace nines::world {

struct Replica {
  BrokerId broker;   // Of the whole world, see Options::brokers.
  int priority = 1;  // Zeebe's election priority; the highest is the primary.
};

struct Broker {
  std::string name;  // "orders/0": cluster and number.
  NodeId node;
  Law flush;  // How long an fsync of its disk takes.
};

struct Load {
  double appends_per_second = 0;  // Per partition. 0: no load.
  std::int64_t bytes = 0;         // Per append.
  Duration together{0};           // What arrives within so long is proposed together. A heartbeat's length moves a failover by less than that.
};

struct Cluster {
  std::string name;
  raft::Profile profile;
  Load load;
  std::int64_t state_bytes = std::int64_t{1} << 30;  // Of one partition: what a member that has lost its disk is sent as a snapshot.
  std::vector<std::vector<Replica>> partitions;      // Per partition its replicas, at most 15.
};

// How people bring a cluster back that has lost its quorums with a region, and the region afterwards (models/world/operators.hpp). Steps come one
// after the other, each as long as its law says.
struct RegionFailover {
  std::uint16_t cluster = 0;
  failure::Shift shift;  // When somebody is there who may decide, and who redeploys. What has begun goes on into the night.
  // From the loss of the quorums to writes:
  Law detection;  // Somebody knows, and knows that it is the region.
  Law decision;   // Somebody who may has decided to go on without it.
  Law reroute;    // Clients are sent to the other region.
  Law removal;    // The region's brokers are removed by force, and exporters to it switched off.
  // From the region's return to all replicas:
  Law redeploy;  // Its brokers are installed anew, empty.
  Law restore;   // Its secondary storage holds what the other's does, and is exported to again.
};

// How people bring a cluster back from its last backup when its data are lost (models/world/restorers.hpp).
struct BackupRestore {
  std::uint16_t cluster = 0;
  failure::Shift shift;                    // When somebody is there who may decide.
  Duration every{std::chrono::hours{24}};  // From the beginning of a backup to that of the next; more than 0.
  Duration takes{0};                       // Until it is complete. What is acknowledged after its beginning is not in it.
  // From the loss of the data, one after the other:
  Law detection;  // Somebody knows.
  Law decision;   // Somebody who may has decided to go back to the backup.
  // From then on, and when every broker's machine runs:
  Law download;  // The brokers hold what the backup holds.
  Law start;     // They run.
};

enum class Fidelity : std::uint8_t { sleep, full };

struct Options {
  topology::Topology topology;
  std::vector<Broker> brokers;
  std::vector<Cluster> clusters;
  std::vector<failure::Mode> modes;
  std::vector<failure::ScriptedFault> script;
  std::shared_ptr<const failure::Trace> trace;  // Null: none. Its modes stand among `modes`.
  std::vector<RegionFailover> failovers;        // At most one a cluster.
  std::vector<BackupRestore> restores;          // At most one a cluster, and none of a cluster that has a failover.
  services::Services services;                  // What runs beside the brokers. It moves nothing in them.
  Duration horizon = year;
  Fidelity fidelity = Fidelity::sleep;
  bool keeps_links = false;  // Record::link_changes: every pair of brokers is looked at after every change.
};

// Where a broker stands.
inline RegionId region_of(const Options& options, BrokerId broker) {
  const topology::Node& node = options.topology.nodes[options.brokers[broker.index()].node.index()];
  return options.topology.zones[node.zone.index()].region;
}

}  // namespace nines::world
