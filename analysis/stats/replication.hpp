// From one record to what the estimators count: the partitions' outages of a cluster joined into episodes, in which all dependence
// between its partitions lies. Episodes, not outages, are the independent events of every interval.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {

// Names and numbers of a world's parts, in the order of its options.
struct Layout {
  struct Cluster {
    std::string name;
    std::uint32_t first = 0;  // Its first partition, counted over all clusters.
    std::uint32_t partitions = 0;
  };
  std::vector<Cluster> clusters;
  std::vector<std::string> zones;
  std::vector<std::string> modes;            // Without duplicates: catalogue, then script; the last is "unattributed".
  std::vector<std::uint32_t> mode_of_index;  // From a record's mode index to `modes`.
  Duration horizon{0};
  bool may_lose_data = false;  // Some fault, or a flush that nobody waits for, can lose what was committed.

  explicit Layout(const world::Options& options);
  std::uint32_t partitions() const;
  std::uint32_t cluster_of(std::uint32_t partition) const;
  std::uint32_t mode(std::uint16_t index) const;              // Into `modes`; any unknown index is "unattributed".
  std::string partition_name(std::uint32_t partition) const;  // "orders/1": partitions count from 1 in their cluster.
};

// Can removing the brokers of a region by force lose what a partition of this cluster has acknowledged? It cannot where whoever is left overlaps every
// quorum in so many members that none of them is elected by those alone that lack an entry.
bool removal_may_lose(const world::Options& options, std::size_t cluster);

// What the catalogue says about how long repairs take on average, as an upper bound: the mean of a mode's duration law, plus the time
// in which a cluster elects a leader after the last repair.
class RepairTimes {
 public:
  explicit RepairTimes(const world::Options& options);
  Duration mean(std::uint16_t mode) const;  // Of faults of this mode; the longest where the mode is unknown.
  Duration longest() const { return longest_; }
  const std::string& longest_mode() const { return longest_mode_; }  // Empty when the world has no faults.
  // Four of the longest election timeouts, the news that ends a silence, and the start of services: an outage that is longer was no election alone.
  Duration election() const { return election_; }
  // The same, and where disks are lost the time in which what the others hold is sent.
  Duration recovery() const { return recovery_; }
  // Clients notice late and retry late: an outage of theirs that is longer than this was not an election alone.
  Duration client_election() const { return client_election_; }

 private:
  std::vector<Duration> means_;
  Duration longest_{0};
  Duration election_{0};
  Duration recovery_{0};
  Duration client_election_{0};
  std::string longest_mode_;
};

// A maximal interval in which at least one of a set of partitions was down.
struct Episode {
  Instant start;
  Duration length{0};
  Duration summed{0};                   // The partitions' own down times in it, added up.
  Duration without_quorum{0};           // Of `length`: the time in which the quorum count alone says the same.
  Duration summed_without_quorum{0};    // Of `summed`.
  Duration cautious{0};                 // The length, or the mean repair time of the worst fault in it where that is longer.
  std::uint32_t parts = 0;              // Outages in it.
  std::uint16_t mode = world::no_mode;  // Of the outage that began it; of simultaneous ones, the lowest partition's.
  bool repair = false;                  // It lasted until something was repaired, not just until a leader was elected.
};

// One replication of one cluster.
struct ClusterEpisodes {
  std::vector<Episode> down;                  // Some partition is not writable; `without_quorum`: some partition has no quorum.
  std::vector<Episode> blackout;              // No partition is writable, or has a quorum; `summed` and `parts` are those of one partition.
  std::vector<Episode> quorum_loss;           // Some partition has no quorum.
  std::vector<Episode> failover;              // Some partition is failing over.
  std::vector<Episode> data_loss;             // Partitions lose what was committed, one soon after the other: `parts` of them. Lengths mean nothing.
  std::vector<std::vector<Episode>> clients;  // By zone: its clients cannot use some partition.
};

class Reducer {
 public:
  explicit Reducer(const world::Options& options);
  // By cluster. The result lives until the next call.
  std::span<const ClusterEpisodes> reduce(const world::Record& record);
  const Layout& layout() const { return layout_; }
  const RepairTimes& repairs() const { return repairs_; }

 private:
  struct Down {
    Instant start, end;
    std::uint32_t partition = 0;
    std::uint16_t mode = world::no_mode;
    bool repair = false;
  };
  void join(std::vector<Down>& downs, std::vector<Episode>& episodes) const;
  void intersect(std::span<const Down> downs, std::uint32_t partitions, const Episode& episode, std::vector<Episode>& out);
  void intersect_all(std::size_t cluster, const std::vector<Episode>& episodes, std::vector<Episode>& out);
  void subtract_quorum_losses(std::size_t cluster);
  bool ends_with_a_repair(const world::Outage& outage) const;
  Down of_clients(const world::ClientOutage& outage, const world::Record& record) const;

  Layout layout_;
  RepairTimes repairs_;
  std::vector<ClusterEpisodes> clusters_;
  std::vector<std::vector<Down>> downs_;  // By cluster; scratch.
  std::vector<Instant> ends_;             // Scratch.
  std::vector<Episode> all_lost_;         // Scratch.
};

}  // namespace nines::analysis
