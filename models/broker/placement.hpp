// Which brokers hold which partition, and with which election priority: the rules of Zeebe's partition distributors as pure functions.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace nines::broker {

// One replica of a partition: a broker's number within its cluster and its election priority; the highest priority is the primary.
struct Assignment {
  int broker = 0;
  int priority = 1;
  bool operator==(const Assignment&) const = default;
};

using Partition = std::vector<Assignment>;  // The primary first, then in the order of the distributor.
using Partitions = std::vector<Partition>;

// Partition i of P lies on brokers i, i + 1, ... mod N; the first is the primary with priority r. The others count down from r - 1 in even
// rounds (i / N) and up from 1 in odd ones, so that a dead broker's partitions fall to different neighbours (Zeebe
// RoundRobinPartitionDistributor.java). Needs 1 <= replication <= brokers.
Partitions round_robin(int brokers, int partitions, int replication);

// A zone's share of every partition (Zeebe 8.10 ZoneAwarePartitionDistributor.java).
struct ZoneOfBrokers {
  std::vector<int> brokers;  // Numbers within the cluster, in order.
  int replicas = 1;          // Of every partition; at most as many as brokers.
  int priority = 1;
};

// Zones by falling priority; partition i takes brokers (i + r) mod brokers of the zone for r < replicas; Raft priorities count down from the
// number of replicas to 1 through that order. All primaries stand in the zone of the highest priority. Zones of one priority take turns:
// partition i begins with zone i mod k of the k equal ones, so that their brokers share the primaries evenly.
Partitions zone_aware(std::span<const ZoneOfBrokers> zones, int partitions);

// What keeps a placement that somebody wrote by hand from running, one sentence each; empty: nothing. Zeebe FixedPartitionDistributor: each
// partition lists exactly `replication` different brokers of 0 .. brokers - 1 with priorities from 1 up.
std::vector<std::string> faults_of(const Partitions& placement, int brokers, int replication);

// Whether one broker alone has the highest priority; without that a partition has no primary (Zeebe FixedPartitionDistributor).
bool has_primary(const Partition& partition);

// For how many partitions each broker is the primary: what a balanced cluster's leadership looks like.
std::vector<int> primaries(const Partitions& placement, int brokers);

}  // namespace nines::broker
