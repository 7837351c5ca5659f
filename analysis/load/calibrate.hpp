// What a measured system needs of each resource: parameters of a Service from measured throughput, latency and CPU, so that the bottleneck law, the
// latency of a load and the simulation of every command can be asked about other loads, distances and machines.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/load/latency.hpp"
#include "models/workload/deployment.hpp"

namespace nines::analysis {

// A straight line by least squares, with what is needed for an interval.
struct Line {
  double at_zero = 0;
  double slope = 0;
  double noise = 0;   // Standard deviation of the points about it, n - 2 degrees of freedom; 0 for two points.
  double centre = 0;  // Mean of x.
  double spread = 0;  // Sum of squared distances from it.
  int points = 0;
  std::vector<double> residuals;  // Measured - fitted.
  double at(double x) const { return at_zero + slope * x; }
};
// At least two different x.
Line fit_line(std::span<const double> x, std::span<const double> y);

struct Prediction {
  double value = 0, low = 0, high = 0;
};
// Of one further measurement at x, with this confidence, by Student's law. No interval from two points: infinite.
Prediction predict(const Line& line, double x, double confidence = 0.95);

// CPU of a command = a + b / batch.
struct BatchCost {
  double each_s = 0;   // a
  double batch_s = 0;  // b
  Line line;           // In 1 / batch.
};
BatchCost fit_batch_cost(std::span<const double> batch, std::span<const double> cpu_s);

// One row of a closed-loop benchmark of one group: `clients` that send the next command when the last was answered.
struct ClosedLoopRow {
  int clients = 1;
  double per_s = 0;
  double mean_s = 0;  // Latency; 0: clients / per_s, as Little's law has it.
};

struct ClosedLoopSetUp {
  int replicas = 3;
  double rtt_s = 0;    // Between the replicas.
  double flush_s = 0;  // Mean of an fsync; 0 where nothing is written, or nothing known: then it is part of the rest.
  std::int64_t bytes = 256;
};

// The system as one group, each replica on a machine with one core. Whatever slows commands down when there are many of them, wherever it is, counts as
// CPU of the leader: `each_s` for a command and `batch_s` for a batch that it writes. What one command alone takes beyond that, the fsync and the round
// trip is a constant, `rest_s`, on the way to the client and back.
struct ClosedLoopFit {
  double each_s = 0;
  double batch_s = 0;
  double rest_s = 0;
  double unloaded_s = 0;          // What one client alone waits, as measured.
  std::vector<double> residuals;  // Of every row: fitted / measured throughput - 1.
  ClosedLoopSetUp set_up;

  // The system with another distance between its replicas, or as measured: for capacity(), latency_at(), closed_loop() and the simulation.
  workload::Deployment deployment(double rtt_s) const;
  workload::Deployment deployment() const { return deployment(set_up.rtt_s); }
  // closed_loop() of it, with clients that talk to the leader.
  Latency loop(int clients, double rtt_s) const;
  Latency loop(int clients) const { return loop(clients, set_up.rtt_s); }
  // Clients at which throughput stops growing in proportion: unloaded time / bottleneck.
  double knee() const { return unloaded_s / each_s; }
};
// Least squares of the logarithms of throughput, by closed_loop() of the product itself. One row must have one client: it gives `rest_s`. One more row
// gives `each_s`; from two on `batch_s` too.
ClosedLoopFit fit_closed_loop(std::span<const ClosedLoopRow> rows, const ClosedLoopSetUp& set_up);

// Cores a broker is busy with, against commands a second of the cluster: the slope is what a command costs the whole cluster, the rest what an idle
// broker takes.
struct CpuFit {
  Line line;                  // Cores of one broker against commands a second.
  double command_s = 0;       // CPU seconds a command, all brokers together.
  double idle_cores = 0;      // Of a broker; not below 0.
  workload::Service service;  // `shape` with its costs scaled so that together they are `command_s`, and with `idle_cores`.
};
// `shape`: in which proportion leader, followers, gateway and exporter share the cost; `replicas`: of a partition.
CpuFit fit_cpu(std::span<const double> per_s, std::span<const double> cores_of_a_broker, int brokers, int replicas, const workload::Service& shape);

}  // namespace nines::analysis
