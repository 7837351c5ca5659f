// The resources of a deployment as rows and sums: what capacity.cpp solves and losses.cpp loads further. Not for others.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/workload/capacity.hpp"

namespace nines::workload {

// A running follower of a partition.
struct Copy {
  std::uint16_t broker = 0;
  std::uint16_t machine = 0;
  double most_per_s = 0;  // Commands that its window of appends carries; infinite without a window that binds.
  bool lags = false;      // It is not needed for the quorum and cannot follow: it takes `most_per_s`.
};

struct Row {
  int partition = 0;
  std::uint16_t machine = 0;  // The leader's.
  std::uint32_t first = 0;    // Its copies.
  std::uint32_t copies = 0;
  double thread_per_s = 0;
  double write_per_s = 0;       // That the leader writes, a full batch at a time, where a batch costs it CPU.
  double window_per_s = 0;      // Of the follower that completes the quorum.
  double flush_per_s = 0;       // The same without way and IOPS: fsyncs alone.
  double flush_rate_per_s = 0;  // The same with the IOPS that its disk has for it.
  int flush_machine = -1;       // Where that disk is.
  double per_s = 0;             // Commands; set once the partition is full.
  bool full = false;
};

// What of a machine adds up. Rates: seconds of work, or bytes, a second.
enum Use : std::uint8_t { use_cpu, use_network_in, use_network_out, use_disk };
inline constexpr std::size_t uses = 4;

struct Sum {
  double limit = 0;  // 0: none.
  double fixed = 0;  // What does not grow with the common rate.
  double slope = 0;  // For each command a second of every partition that is not full.
};
using Sums = std::array<Sum, uses>;

struct Bottlenecks {
  Bottlenecks(const Deployment& deployment, const State& state);
  // Fills in the sums for the rows as they are.
  void add_up();
  // The rate of every partition that is not full at which each resource is used up. Only finite ones, unordered; per_s is of one partition.
  void limits_of_one(std::vector<Limit>& limits) const;
  // The least of them, with followers that lag taken as such. Infinite without any.
  Limit least_of_one(std::vector<Limit>& limits);
  bool is_full(const Row& row, const Limit& limit) const;  // `row` needs what `limit` is about.
  double carried_per_s() const;                            // By full partitions.
  double open() const { return open_; }

  const Deployment& deployment;
  std::vector<Row> rows;  // Partitions with a leader.
  std::vector<Copy> copies;
  std::vector<Sums> sums;             // Per machine.
  std::vector<Sums> extra;            // Per machine, `fixed` only: what is carried beside the load. May be empty.
  std::vector<double> gateway_share;  // Per machine: of the running brokers.
  double entries = 1;                 // In a full batch.
  double follower_cost_s = 0;         // CPU a command, batches full.
  double leader_cost_s = 0;

 private:
  double open_ = 0;  // Partitions that are not full.
};

// capacity() of what `extra` leaves.
Capacity capacity_beside(const Deployment& deployment, const State& state, Routing routing, const std::vector<Sums>& extra);

}  // namespace nines::workload
