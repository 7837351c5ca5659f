#include "analysis/load/latency.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>

#include "analysis/load/operating_point.hpp"
#include "analysis/load/order_statistic.hpp"
#include "analysis/load/queue.hpp"
#include "models/topology/delay.hpp"
#include "models/workload/batching.hpp"
#include "models/workload/capacity.hpp"

namespace nines::analysis {
namespace {

using workload::Deployment;
using workload::LeaderFlush;
using workload::State;

constexpr std::size_t most_pairs = 100'000;  // Of a gateway and a partition that are looked at.
void add(TimeSpread& sum, const TimeSpread& part) {
  sum.least_s += part.least_s;
  sum.mean_s += part.mean_s;
  sum.variance_s2 += part.variance_s2;
}
TimeSpread times(TimeSpread part, double n) { return {part.least_s * n, part.mean_s * n, part.variance_s2 * n}; }

TimeSpread way(const topology::LinkLaw& link) {
  TimeSpread spread{.least_s = seconds(link.minimum), .mean_s = topology::mean_delay_s(link)};
  if (topology::greatest_delay(link) == link.minimum) return spread;
  constexpr int slices = 200;
  for (int i = 0; i < slices; ++i) {
    const double off = seconds(topology::sample_delay(link, (i + 0.5) / slices)) - spread.mean_s;
    spread.variance_s2 += off * off / slices;
  }
  return spread;
}

// Work of constant size: what it takes beyond itself is waiting, as spread as an exponential time.
TimeSpread work(double alone_s, double takes_s) { return {alone_s, takes_s, (takes_s - alone_s) * (takes_s - alone_s)}; }

// From the client to a partition and back.
struct Way {
  TimeSpread time;
  double share = 0;  // Of all commands.
};

class Paths {
 public:
  Paths(const Deployment& deployment, const State& state, double seen) : d_(deployment), state_(state), seen_(seen) {
    for (const workload::Machine& machine : d_.machines) flush_.push_back(workload::moments(machine.flush));
    for (std::size_t m = 0; m < d_.machines.size(); ++m) core_.push_back(core_rate(deployment, state, m));
    for (std::size_t b = 0; b < d_.brokers(); ++b) {
      if (state.up[b]) running_.push_back(b);
    }
    client_ = times(way(d_.client_link), 2);
  }

  // The ways a command can go; empty where the load is not carried.
  std::vector<Way> at(double per_s) {
    const OperatingPoint point = operating_point(d_, state_, per_s, seen_);
    std::vector<Way> ways;
    if (!point.carried) return ways;
    const std::size_t step = step_over(point.partitions.size());
    const std::size_t looked_at = (point.partitions.size() + step - 1) / step;
    for (std::size_t p = 0; p < point.partitions.size(); p += step) {
      const PartitionLoad& partition = point.partitions[p];
      TimeSpread rounds = written(point, partition);
      add(rounds, commit(point, partition));
      rounds = times(rounds, d_.service.rounds);
      if (!add_thread(point, partition, rounds)) return {};
      add(rounds, client_);
      const std::size_t leader = partition.replicas[0].broker;
      const std::vector<std::size_t> at_leader = {leader};
      const std::vector<std::size_t>& gateways = d_.entrance == workload::Entrance::leader ? at_leader : running_;
      const double share = 1 / static_cast<double>(gateways.size() * looked_at);
      for (const std::size_t gateway : gateways) {
        TimeSpread sum = rounds;
        add(sum, through(point, gateway, leader));
        put(ways, sum, share);
      }
    }
    return ways;
  }

 private:
  // Of many partitions every so many-th, never in step with the brokers they are dealt to.
  std::size_t step_over(std::size_t partitions) const {
    const std::size_t gateways = d_.entrance == workload::Entrance::leader ? 1 : running_.size();
    std::size_t step = std::max<std::size_t>(1, gateways * partitions / most_pairs);
    while (step > 1 && std::gcd(step, d_.brokers()) != 1) ++step;
    return step;
  }

  // Links are of few kinds.
  TimeSpread over(const topology::LinkLaw& link) {
    const auto known = std::find_if(ways_.begin(), ways_.end(), [&](const auto& one) { return one.first == link; });
    if (known != ways_.end()) return known->second;
    return ways_.emplace_back(link, way(link)).second;
  }

  std::size_t machine(const ReplicaLoad& replica) const { return d_.machine_of[replica.broker]; }

  // Many ways are alike.
  static void put(std::vector<Way>& ways, const TimeSpread& time, double share) {
    const auto near = [](double x, double y) { return std::abs(x - y) <= 1e-9 * (std::abs(x) + std::abs(y)); };
    for (Way& way : ways) {
      if (!near(way.time.mean_s, time.mean_s) || !near(way.time.least_s, time.least_s) || !near(way.time.variance_s2, time.variance_s2)) continue;
      way.share += share;
      return;
    }
    ways.push_back({time, share});
  }

  // A gateway takes the request in, and hands it to the leader; the answer goes back the same way.
  TimeSpread through(const OperatingPoint& point, std::size_t gateway, std::size_t leader) {
    const std::size_t m = d_.machine_of[gateway];
    const double alone = d_.service.gateway_s / core_[m];
    TimeSpread sum = work(alone, alone * point.machines[m].stretch);
    if (gateway == leader) return sum;
    add(sum, over(d_.link(gateway, leader)));
    add(sum, over(d_.link(leader, gateway)));
    return sum;
  }

  // The leader's work, and its turn to write.
  TimeSpread written(const OperatingPoint& point, const PartitionLoad& partition) const {
    const ReplicaLoad& leader = partition.replicas[0];
    const std::size_t m = machine(leader);
    const double alone = d_.service.leader_s / d_.service.rounds / core_[m];
    TimeSpread spread = work(alone, alone * point.machines[m].stretch);
    if (d_.service.leader_batch_s > 0) add(spread, work(d_.service.leader_batch_s / core_[m], leader.before_s));
    return spread;
  }

  // An fsync as long as it takes with those before it.
  Law flush(const OperatingPoint& point, std::size_t m, double rate) const {
    const double mean = flush_[m].mean_s;
    if (mean <= 0) return Law::fixed(Duration{0});
    const double queue = point.machines[m].flush_queue_s;
    workload::Moments busy{mean + queue, flush_[m].square_s2 + 2 * mean * queue + queue * queue};
    const double takes = busy.mean_s + workload::flush_wait_s(seen_ * rate, busy);
    return d_.machines[m].flush.stretched(takes / mean);
  }

  TimeSpread commit(const OperatingPoint& point, const PartitionLoad& partition) {
    std::vector<Ack> acks;
    const ReplicaLoad& leader = partition.replicas[0];
    const LeaderFlush how = d_.replication.leader_flush;
    int needed = d_.partitions[partition.partition].quorum() - 1;
    double slowest_batches = partition.entries_per_s;
    for (std::size_t r = 1; r < partition.replicas.size(); ++r) {
      const ReplicaLoad& follower = partition.replicas[r];
      const Law law = d_.replication.follower_flush ? flush(point, machine(follower), follower.batches_per_s) : Law::fixed(Duration{0});
      acks.push_back(acknowledgement(d_.link(leader.broker, follower.broker), d_.link(follower.broker, leader.broker), follower.cpu_s + follower.before_s, law));
      slowest_batches = std::min(slowest_batches, follower.batches_per_s);
    }
    const std::size_t m = machine(leader);
    if (how == LeaderFlush::beside) {
      const bool one_by_one = d_.service.leader_batch_s > 0;  // Nothing else is being written then.
      acks.push_back({.fixed_s = 0, .flush = flush(point, m, one_by_one ? 0 : partition.entries_per_s), .jitter_s = {}});
      ++needed;
    }
    TimeSpread spread;
    if (needed > 0 && needed <= static_cast<int>(acks.size())) spread = quorum(acks, needed);
    if (how == LeaderFlush::after) {
      const std::vector<Ack> own = {{.fixed_s = 0, .flush = flush(point, m, slowest_batches), .jitter_s = {}}};
      add(spread, quorum_time(own, 1));
    }
    return spread;
  }

  // Partitions are often alike: the last answer is kept.
  TimeSpread quorum(const std::vector<Ack>& acks, int needed) {
    const auto alike = [](const Ack& a, const Ack& b) { return a.fixed_s == b.fixed_s && a.flush == b.flush && a.jitter_s == b.jitter_s; };
    if (needed == last_needed_ && std::equal(acks.begin(), acks.end(), last_.begin(), last_.end(), alike)) return last_spread_;
    last_ = acks;
    last_needed_ = needed;
    return last_spread_ = quorum_time(acks, needed);
  }

  // One command at a time, in every round; false where it cannot keep up. Rounds follow each other sooner than a queue changes.
  bool add_thread(const OperatingPoint& point, const PartitionLoad& partition, TimeSpread& sum) const {
    const workload::Service& service = d_.service;
    if (service.processing_s <= 0) return true;
    const std::size_t m = machine(partition.replicas[0]);
    const int cores = d_.machines[m].cores;
    const double alone = service.processing_s / service.rounds / core_[m];
    // It never waits for itself.
    const double others = std::max(0.0, point.machines[m].utilisation - partition.entries_per_s * alone / cores);
    const double takes = alone * stretch_of(cores, seen_ * others);
    const double rate = seen_ * partition.entries_per_s;
    if (partition.entries_per_s * alone > 1 || rate * takes >= 1) return false;
    const bool fixed = service.variability == workload::Service::Variability::fixed;
    const double square = (fixed ? 1 : 2) * takes * takes, cube = (fixed ? 1 : 6) * takes * takes * takes;
    const double rounds = service.rounds;
    add(sum, {0, rounds * mg1_wait_s(rate, takes, square), rounds * rounds * mg1_wait_variance_s2(rate, takes, square, cube)});
    add(sum, times({fixed ? alone : 0, takes, square - takes * takes + (takes - alone) * (takes - alone)}, rounds));
    return true;
  }

  const Deployment& d_;
  const State& state_;
  double seen_;
  std::vector<workload::Moments> flush_;
  std::vector<double> core_;  // Per machine: work a second.
  std::vector<std::size_t> running_;
  TimeSpread client_;
  std::vector<std::pair<topology::LinkLaw, TimeSpread>> ways_;
  std::vector<Ack> last_;
  int last_needed_ = -1;
  TimeSpread last_spread_;
};

double mean_of(const std::vector<Way>& ways) {
  double sum = 0;
  for (const Way& way : ways) sum += way.share * way.time.mean_s;
  return ways.empty() ? infinity : sum;
}

// Doubles are exact enough here; long doubles take three times as long.
using InDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// P(a command takes at most t).
double done_by(const std::vector<Way>& ways, double t) {
  double sum = 0;
  for (const auto& [s, share] : ways) {
    const double over = s.mean_s - s.least_s;
    if (t < s.least_s) continue;
    if (s.variance_s2 <= 1e-12 * s.mean_s * s.mean_s || over <= 0)
      sum += t >= s.mean_s ? share : 0;
    else
      sum += share * boost::math::gamma_p(over * over / s.variance_s2, (t - s.least_s) * over / s.variance_s2, InDouble());
  }
  return sum;
}

double quantile(const std::vector<Way>& ways, double p) {
  double low = 0, high = std::max(1e-9, mean_of(ways)), below = -p, above = done_by(ways, high) - p;
  while (above < 0 && high < 1e9) {
    low = std::exchange(high, 2 * high);
    below = std::exchange(above, done_by(ways, high) - p);
  }
  if (above <= 0) return high;
  std::uintmax_t steps = 100;
  const auto beyond = [&](double t) { return done_by(ways, t) - p; };
  const auto close = [](double a, double b) { return b - a <= 1e-12 * b; };
  return boost::math::tools::toms748_solve(beyond, low, high, below, above, close, steps).second;
}

Latency latency_of(const std::vector<Way>& ways, double per_s) {
  if (ways.empty()) return {per_s, infinity, infinity, infinity, infinity};
  return {per_s, mean_of(ways), quantile(ways, 0.5), quantile(ways, 0.9), quantile(ways, 0.99)};
}

}  // namespace

Latency latency_at(const Deployment& deployment, const State& state, double per_s) {
  // What is not queued for is still a limit.
  if (per_s >= workload::capacity(deployment, state, workload::Routing::free).per_s) return latency_of({}, per_s);
  return latency_of(Paths(deployment, state, 1).at(per_s), per_s);
}

std::vector<Latency> latency_curve(const Deployment& deployment, const State& state, std::span<const double> shares) {
  const double most = workload::capacity(deployment, state).per_s;
  std::vector<Latency> curve;
  for (const double share : shares) curve.push_back(latency_at(deployment, state, share * most));
  return curve;
}

Latency closed_loop(const Deployment& deployment, const State& state, int clients, double think_s) {
  if (clients <= 0) return {};
  Paths paths(deployment, state, (clients - 1.0) / clients);
  const double alone = mean_of(paths.at(1e-9));
  if (std::isinf(alone)) return {};
  // Little's law: clients = rate x (time + thinking). The time grows with the rate, so there is one rate.
  double low = 0;
  double high = std::min(clients / (alone + think_s), workload::capacity(deployment, state, workload::Routing::free).per_s);
  for (int i = 0; i < 50 && high - low > 1e-9 * high; ++i) {
    const double middle = (low + high) / 2;
    (middle * (mean_of(paths.at(middle)) + think_s) > clients ? high : low) = middle;
  }
  const double per_s = low;
  Latency answer = latency_of(paths.at(per_s), per_s);
  // Where a limit without a queue of its own ends the search, clients wait for it.
  const double waits = clients / per_s - think_s - answer.mean_s;
  if (waits > 0) {
    for (double* time : {&answer.mean_s, &answer.p50_s, &answer.p90_s, &answer.p99_s}) *time += waits;
  }
  return answer;
}

}  // namespace nines::analysis
