#include "analysis/load/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>
#include <boost/math/distributions/students_t.hpp>

#include "sim/base/check.hpp"

namespace nines::analysis {

Line fit_line(std::span<const double> x, std::span<const double> y) {
  SIM_CHECK(x.size() == y.size() && x.size() >= 2, "a line needs two points, each with two coordinates");
  const auto n = static_cast<Eigen::Index>(x.size());
  Eigen::MatrixXd terms(n, 2);
  Eigen::VectorXd values(n);
  Line line;
  line.points = static_cast<int>(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    terms(i, 0) = 1;
    terms(i, 1) = x[static_cast<std::size_t>(i)];
    values(i) = y[static_cast<std::size_t>(i)];
    line.centre += terms(i, 1) / static_cast<double>(n);
  }
  const Eigen::Vector2d fitted = terms.colPivHouseholderQr().solve(values);
  line.at_zero = fitted(0);
  line.slope = fitted(1);
  double squares = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    line.spread += (terms(i, 1) - line.centre) * (terms(i, 1) - line.centre);
    line.residuals.push_back(values(i) - line.at(terms(i, 1)));
    squares += line.residuals.back() * line.residuals.back();
  }
  SIM_CHECK(line.spread > 0, "a line needs two different places");
  if (n > 2) line.noise = std::sqrt(squares / static_cast<double>(n - 2));
  return line;
}

Prediction predict(const Line& line, double x, double confidence) {
  const double value = line.at(x);
  if (line.points < 3) return {value, -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  const double t = boost::math::quantile(boost::math::students_t(line.points - 2), (1 + confidence) / 2);
  const double off = x - line.centre;
  const double half = t * line.noise * std::sqrt(1 + 1.0 / line.points + off * off / line.spread);
  return {value, value - half, value + half};
}

BatchCost fit_batch_cost(std::span<const double> batch, std::span<const double> cpu_s) {
  std::vector<double> share;
  for (const double entries : batch) share.push_back(1 / entries);
  BatchCost cost;
  cost.line = fit_line(share, cpu_s);
  cost.each_s = cost.line.at_zero;
  cost.batch_s = cost.line.slope;
  return cost;
}

workload::Deployment ClosedLoopFit::deployment(double rtt_s) const {
  workload::Deployment d;
  d.service.bytes = set_up.bytes;
  d.service.request_bytes = set_up.bytes;
  d.service.leader_s = each_s;
  d.service.leader_batch_s = batch_s;
  d.replication = {.window = 512, .batch_bytes = 1 << 20, .leader_flush = workload::LeaderFlush::beside, .follower_flush = true};
  workload::Machine machine;
  machine.cores = 1;
  machine.cap = 1;
  machine.flush = Law::fixed(from_seconds(set_up.flush_s));
  const auto n = static_cast<std::uint16_t>(set_up.replicas);
  const Duration one_way = from_seconds(rtt_s / 2);
  workload::Partition partition;
  for (std::uint16_t b = 0; b < n; ++b) {
    d.machines.push_back(machine);
    d.machine_of.push_back(b);
    d.zone_of.push_back(0);
    d.region_of.push_back(0);
    partition.brokers.push_back(b);
    for (std::uint16_t to = 0; to < n; ++to) {
      const Duration link = b == to ? Duration{0} : one_way;
      d.links.push_back({.minimum = link, .maximum = link});
    }
  }
  d.partitions.push_back(partition);
  d.entrance = workload::Entrance::leader;
  d.client_link.minimum = d.client_link.maximum = from_seconds(rest_s / 2);
  return d;
}

Latency ClosedLoopFit::loop(int clients, double rtt_s) const {
  const workload::Deployment d = deployment(rtt_s);
  return closed_loop(d, healthy(d), clients);
}

namespace {

// With these costs the rest is what one client's latency leaves.
void set_rest(ClosedLoopFit& fit) {
  fit.rest_s = 0;
  fit.rest_s = std::max(0.0, fit.unloaded_s - fit.loop(1).mean_s);
}

// log(fitted / measured throughput) of every row.
Eigen::VectorXd misses(ClosedLoopFit& fit, std::span<const ClosedLoopRow> rows) {
  set_rest(fit);
  Eigen::VectorXd miss(static_cast<Eigen::Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    miss(static_cast<Eigen::Index>(i)) = std::log(fit.loop(rows[i].clients).per_s / rows[i].per_s);
  }
  return miss;
}

}  // namespace

// Levenberg and Marquardt over the logarithms of what is looked for, so that costs stay positive.
ClosedLoopFit fit_closed_loop(std::span<const ClosedLoopRow> rows, const ClosedLoopSetUp& set_up) {
  const auto one = std::find_if(rows.begin(), rows.end(), [](const ClosedLoopRow& row) { return row.clients == 1; });
  SIM_CHECK(one != rows.end() && rows.size() >= 2, "a closed loop is fitted from a row with one client and one with more");
  ClosedLoopFit fit;
  fit.set_up = set_up;
  fit.unloaded_s = one->mean_s > 0 ? one->mean_s : 1 / one->per_s;
  double most = 0;
  for (const ClosedLoopRow& row : rows) most = std::max(most, row.per_s);
  const Eigen::Index unknowns = rows.size() > 2 ? 2 : 1;
  Eigen::VectorXd at = Eigen::VectorXd::Constant(unknowns, std::log(1 / most));
  const auto put = [&](const Eigen::VectorXd& logs) {
    fit.each_s = std::exp(logs(0));
    fit.batch_s = unknowns > 1 ? std::exp(logs(1)) : 0;
    return misses(fit, rows);
  };
  Eigen::VectorXd miss = put(at);
  double damping = 1e-2;
  for (int step = 0; step < 60 && damping < 1e8; ++step) {
    Eigen::MatrixXd slope(miss.size(), unknowns);
    constexpr double nudge = 1e-4;
    for (Eigen::Index k = 0; k < unknowns; ++k) {
      Eigen::VectorXd aside = at;
      aside(k) += nudge;
      slope.col(k) = (put(aside) - miss) / nudge;
    }
    Eigen::MatrixXd normal = slope.transpose() * slope;
    normal.diagonal() *= 1 + damping;
    normal.diagonal().array() += 1e-12;
    Eigen::VectorXd move = normal.ldlt().solve(-slope.transpose() * miss);
    move = move.cwiseMax(-1.0).cwiseMin(1.0);
    const Eigen::VectorXd tried = put(at + move);
    if (tried.squaredNorm() < miss.squaredNorm()) {
      at += move;
      const bool done = miss.squaredNorm() - tried.squaredNorm() < 1e-12;
      miss = tried;
      damping /= 10;
      if (done) break;
    } else {
      damping *= 10;
    }
  }
  miss = put(at);
  for (Eigen::Index i = 0; i < miss.size(); ++i) fit.residuals.push_back(std::exp(miss(i)) - 1);
  return fit;
}

CpuFit fit_cpu(std::span<const double> per_s, std::span<const double> cores_of_a_broker, int brokers, int replicas, const workload::Service& shape) {
  CpuFit fit;
  fit.line = fit_line(per_s, cores_of_a_broker);
  fit.command_s = fit.line.slope * brokers;
  fit.idle_cores = std::max(0.0, fit.line.at_zero);
  fit.service = shape;
  fit.service.idle_cores = fit.idle_cores;
  const double of_shape = shape.processing_s + shape.leader_s + shape.exporter_s + shape.gateway_s + (replicas - 1) * shape.follower_s;
  SIM_CHECK(of_shape > 0, "a shape without any cost cannot be scaled");
  const double by = fit.command_s / of_shape;
  for (double* cost : {&fit.service.processing_s, &fit.service.leader_s, &fit.service.exporter_s, &fit.service.gateway_s, &fit.service.follower_s})
    *cost *= by;
  // What a batch costs is taken as known beside it.
  return fit;
}

}  // namespace nines::analysis
