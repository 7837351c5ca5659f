// What one replication leaves behind: outages with their causes, failovers, counts and the two fingerprints.
#pragma once

#include <cstdint>
#include <vector>

#include "models/failure/change.hpp"
#include "models/services/watch.hpp"
#include "sim/base/id.hpp"
#include "sim/base/time.hpp"

namespace nines::world {

// Why a partition was not writable: the worst that happened in the outage, quorum over election over pause.
enum class Phase : std::uint8_t {
  election,  // A quorum was there, and no leader of it had committed yet.
  quorum,    // Too few voters could reach each other.
  recovery,  // The quorum had come back. No outage is only this: Outage::recovery says how much of one was. Kept for files.
  pause,     // The leader stood still, or was out of reach for a moment, and stayed leader.
  access,    // No gateway reached. Kept for files: told per zone, see ClientOutage.
};

inline constexpr std::uint16_t no_mode = 0xffff;

// A maximal interval in which one partition was not writable.
struct Outage {
  PartitionId partition;  // Counted over all clusters.
  Instant start;
  Instant end;  // The horizon when it outlasts the run.
  Phase phase = Phase::election;
  std::uint16_t mode = no_mode;  // Index into Options::modes of the fault that triggered it; scripted faults follow after the modes.
  Duration recovery{0};          // quorum: from the quorum's last return to the end.
};

// A maximal interval in which one partition had no quorum of running voters that reach each other.
struct QuorumLoss {
  PartitionId partition;
  Instant start;
  Instant end;
  std::uint16_t mode = no_mode;
};

// From the loss of a leader to the next commit, the quorum intact throughout.
struct Failover {
  PartitionId partition;
  Instant start;
  Duration duration{0};
  std::uint16_t mode = no_mode;
};

// A leader was elected that lacks what had been committed: disks were lost, or lost the end of a log.
struct DataLoss {
  PartitionId partition;
  Instant at;
  std::uint64_t entries = 0;  // Committed ones.
  std::uint16_t mode = no_mode;
};

// One zone's clients: from the first request that was lost to the first that was answered again.
struct ClientOutage {
  ZoneId zone;
  PartitionId partition;
  Instant start;
  Instant end;
};

// From `from` on this broker leads the partition whenever that is writable, until the partition's next.
struct Leadership {
  PartitionId partition;
  Instant from;
  BrokerId leader;
};

// How people dealt with the loss of a region by which a cluster had lost its quorums. What did not come to pass within the run is `never`.
struct Procedure {
  std::uint16_t cluster = 0;
  std::uint16_t mode = no_mode;  // Of the fault by which the quorums went.
  RegionId region;               // The one that was lost.
  Instant lost;                  // When the quorums went.
  Instant detected = never, decided = never, rerouted = never;
  Instant forced = never;          // The region's brokers were removed. never: the quorums came back before.
  Instant stood_down = never;      // Then.
  std::uint64_t lost_entries = 0;  // Committed ones that no leader held after the removal.
  Duration lost_time{0};           // Of the partition that lost most: how long it takes to write as many.
  Instant writable = never;        // Every partition that had been down could be written again.
  Instant returned = never;        // Nothing kept the region's brokers from running any more.
  Instant rejoined = never;        // They were let in again, empty.
  Instant whole = never;           // All of them held everything, and voted.
};

// How people brought a cluster back from a backup whose data were lost. What did not come to pass within the run is `never`.
struct Restoration {
  std::uint16_t cluster = 0;
  std::uint16_t mode = no_mode;  // Of the fault by which a partition had lost the disks of a majority.
  Instant lost;                  // When it had.
  Instant backup;                // When the backup that was restored had begun; before the start of the run, maybe.
  Instant detected = never, decided = never;
  Instant ready = never;     // All brokers' machines ran, for the last time before `restored`.
  Instant restored = never;  // All brokers ran, with what the backup held.
  Instant writable = never;  // Every partition that had been down could be written again.
};

struct BrokerChange {
  enum class What : std::uint8_t { stopped, started, paused, resumed };
  Instant at;
  BrokerId broker;
  What what = What::stopped;
};

// Whether messages get from one broker to another.
struct LinkChange {
  Instant at;
  BrokerId from, to;
  bool passes = false;
};

struct Record {
  Duration horizon{0};
  std::vector<Outage> outages;                                 // By partition, then by start.
  std::vector<QuorumLoss> quorum_losses;                       // By partition, then by start.
  std::vector<Failover> failovers;                             // By partition, then by start.
  std::vector<ClientOutage> client_outages;                    // By zone, partition, start.
  std::vector<DataLoss> data_losses;                           // By partition, then by instant.
  std::vector<Leadership> leaderships;                         // By partition, then by instant. The first of a partition is from its start.
  std::vector<BrokerChange> broker_changes;                    // By instant. Those that do not run at the start are there at Instant{}.
  std::vector<LinkChange> link_changes;                        // By instant; only with Options::keeps_links.
  std::vector<Procedure> procedures;                           // By cluster, then by instant.
  std::vector<Restoration> restorations;                       // By cluster, then by instant.
  std::vector<failure::Change> fences;                         // By instant: as faults would, procedures kept brokers down.
  std::vector<services::CapabilityOutage> capability_outages;  // By capability, then by start.
  std::uint64_t majorities_lost = 0;  // How often a partition had lost the disks of so many members that no quorum kept its data.
  std::uint64_t faults = 0;           // Faults that began within the horizon.
  std::uint64_t events = 0;           // Protocol events executed.
  std::uint64_t wakes = 0;            // Sleeping groups that were rebuilt.
  std::uint64_t absorbed = 0;         // Changes around a group that woke nobody.
  Duration group_time{0};             // Summed over groups.
  Duration calm_time{0};              // Of it, asleep.
  std::uint64_t history = 0;          // Fingerprint of faults, role changes and outages: equal for every fidelity.
  std::uint64_t trace = 0;            // Fingerprint of all events executed: equal within a fidelity.
};

}  // namespace nines::world
