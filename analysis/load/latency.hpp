// The latency of a command against load: the same path as the simulation of every command (models/workload), in closed form.
//
// Approximations, beside those of operating_point.hpp:
// * A command's time is the sum of its parts (client, gateway, links, the leader's work, commit, queue and work of the partition's thread, as often as
//   it has rounds), taken as independent, but for the queue of the thread, which is taken as the same in every round. Its law is a gamma law from the
//   least it can take, with the sum's mean and variance; one for each way through a gateway to a partition.
// * A commit is the order statistic of independent replicas, whose fsyncs take as long as group commit makes them on average.
// * The thread is M/G/1; its core is shared with all other work on the machine.
// * Disk and network bytes are not queued for: they count only as limits (capacity.hpp).
// * Exporting and followers that the quorum does not wait for take CPU, and no time.
#pragma once

#include <span>
#include <vector>

#include "models/workload/deployment.hpp"

namespace nines::analysis {

struct Latency {
  double per_s = 0;  // Commands a second of the whole cluster.
  double mean_s = 0;
  double p50_s = 0;
  double p90_s = 0;
  double p99_s = 0;
};

// At `per_s` commands a second, arriving at random, evenly over the partitions with a leader. Infinite from capacity on.
Latency latency_at(const workload::Deployment& deployment, const workload::State& state, double per_s);

// At these shares of the capacity (Routing::even).
std::vector<Latency> latency_curve(const workload::Deployment& deployment, const workload::State& state, std::span<const double> shares);

// `clients` that send the next command when the last was answered and they have thought: throughput and latency.
Latency closed_loop(const workload::Deployment& deployment, const workload::State& state, int clients, double think_s = 0);

}  // namespace nines::analysis
