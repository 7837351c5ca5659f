// The answer of a simulation: records in, metrics out. Memory is a few counters, three numbers per replication and one more per cluster, and sketches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/stats/capabilities.hpp"
#include "analysis/stats/error_budget.hpp"
#include "analysis/stats/event_sum.hpp"
#include "analysis/stats/exact_sum.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/procedures.hpp"
#include "analysis/stats/replication.hpp"
#include "analysis/stats/sketch.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/bytes.hpp"

namespace nines::analysis {

// The largest mean of an excess (see Summary) that may not have been seen yet: of faults that reach beyond the quorum.
double longest_excess_s(const world::Options& options, const RepairTimes& repairs);

class Summary {
 public:
  static constexpr double usual_level = 0.999;

  // `levels`: by cluster, the share of time in which all its partitions are promised to be writable; what is missing is `usual_level`.
  explicit Summary(const world::Options& options, const std::vector<double>& levels = {});

  // In the order of the replications' indices: the fingerprints depend on it, and which replication a downtime is of. Sums do not.
  void add(const world::Record& record);
  // The replications that follow, of the same world: the same bits as if their records had been added here, however they were shared out.
  void merge(const Summary& later);

  // What was summed up, for another process. read() takes the place of what is there; where it fails, because the bytes are damaged or of a world with
  // other parts, the summary is of no more use.
  void write(ByteWriter& out) const;
  void read(ByteReader& in);

  // Every metric that simulation alone can give, cluster by cluster. May be asked at any time.
  Metrics metrics() const;
  // uptime.all of the first cluster, cheaply: for progress.
  Metric headline() const;

  // Downtime beyond what the quorum count on the same faults says, as a fraction of time: elections, the way back after a repair, and what else
  // keeps a partition with a quorum from writing. Solved unavailability of quorums plus this is the unavailability. No value: none was seen; `high`
  // still bounds it.
  struct Excess {
    Estimate all, mean, any;  // Of uptime.all, uptime.mean and uptime.any.
  };
  Excess excess(std::size_t cluster) const;

  // Seconds in which some partition of the cluster was down, by replication.
  const std::vector<double>& downtime_s(std::size_t cluster) const { return clusters_[cluster].by_replication; }

  // What was seen of the loss of some partition's quorum, for comparison with a solution.
  struct Seen {
    double sum = 0;       // Events, or seconds.
    double variance = 0;  // Of the sum.
    std::uint64_t events = 0;
    bool enough = true;  // Long durations: enough of them for their sum to mean something.
  };
  Seen quorum_losses(std::size_t cluster) const;
  Seen quorum_time(std::size_t cluster) const;
  Seen excess_time(std::size_t cluster) const;
  double exposure_s() const { return exposure_s_.value(); }
  // That excess by the fault that began it, as shares of time, by index into the world's modes.
  std::vector<double> excess_by_mode(std::size_t cluster) const;

  struct Totals {
    std::uint64_t replications = 0;
    double years = 0;  // Simulated, of the whole world.
    std::uint64_t faults = 0;
    std::uint64_t events = 0;
    std::uint64_t wakes = 0;
    double group_years = 0;
    double calm_years = 0;      // Of group_years, asleep.
    std::uint64_t history = 0;  // The records' fingerprints, hashed in order.
    std::uint64_t trace = 0;
  };
  Totals totals() const;

 private:
  struct Client {
    EventSum down;
    Sketch outages{std::size_t{1} << 14};
    std::uint64_t episodes = 0;

    void merge(const Client& later);
    void write(ByteWriter& out) const;  // All but `outages`.
    void read(ByteReader& in);
  };
  struct Cluster {
    EventSum down, mean, blackout;  // Seconds.
    EventSum excess_down, excess_mean, excess_blackout;
    EventSum quorum_count, quorum_time;  // Per partition.
    EventSum quorum_any_count, quorum_any_time;
    EventRatio quorum_mean, quorum_any_mean;
    EventSum failover_count;
    EventSum data_loss;  // How often a partition lost what was committed.
    EventRatio failover_mean;
    Sketch failovers;
    std::uint64_t failover_episodes = 0;
    std::vector<Weights> by_mode;          // Seconds of union downtime by the mode that began it.
    std::vector<ExactSum> excess_by_mode;  // Seconds, by layout mode.
    std::vector<double> by_replication;    // Seconds of union downtime.
    std::vector<Client> clients;           // By zone.
    Sketch lengths;                        // Of the union's outages.
    std::vector<ErrorBudget> budgets;      // Month and year.

    void merge(const Cluster& later);
    void write(ByteWriter& out) const;
    void read(ByteReader& in);
  };
  static constexpr EventSum Cluster::*event_sums[] = {&Cluster::down,
                                                      &Cluster::mean,
                                                      &Cluster::blackout,
                                                      &Cluster::excess_down,
                                                      &Cluster::excess_mean,
                                                      &Cluster::excess_blackout,
                                                      &Cluster::quorum_count,
                                                      &Cluster::quorum_time,
                                                      &Cluster::quorum_any_count,
                                                      &Cluster::quorum_any_time,
                                                      &Cluster::failover_count,
                                                      &Cluster::data_loss};
  static constexpr EventRatio Cluster::*event_ratios[] = {&Cluster::quorum_mean, &Cluster::quorum_any_mean, &Cluster::failover_mean};

  void add(Cluster& cluster, const ClusterEpisodes& episodes, double partitions);
  void add_cluster_metrics(std::size_t index, Metrics& out) const;
  void add_spread_of_downtime(const Cluster& cluster, const std::string& at, Metrics& out) const;
  Metric uptime(std::string name, const EventSum& down, const std::string& events) const;
  Estimate of_time(const EventSum& sum, const std::string& events) const;
  Estimate of_excess(const EventSum& sum) const;
  void add_excess(EventSum& sum, const Episode& episode, Duration excess, double partitions) const;
  std::string prefix(std::size_t cluster) const;

  Reducer reducer_;
  std::vector<Cluster> clusters_;
  CapabilitySums capabilities_;
  ProcedureSums procedures_;
  std::vector<double> mode_mean_s_;  // By layout mode: the longest mean repair among the faults of that name.
  std::string longest_words_;
  double longest_s_ = 0;
  double longest_excess_s_ = 0;
  bool scripted_ = false;
  ExactSum exposure_s_;
  Totals totals_;  // Its counts.
  ExactSum years_, group_years_, calm_years_;
  std::vector<std::uint64_t> histories_, traces_;  // By replication: a hash of those in order cannot be put together from hashes of some.
};

}  // namespace nines::analysis
