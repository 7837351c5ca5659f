#include "analysis/load/operating_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/load/queue.hpp"
#include "models/topology/delay.hpp"
#include "models/workload/batching.hpp"

namespace nines::analysis {
namespace {

using workload::Deployment;
using workload::LeaderFlush;
using workload::Moments;
using workload::State;

class Solver {
 public:
  Solver(const Deployment& deployment, const State& state, double per_s, double seen) : d_(deployment), state_(state), per_s_(per_s), seen_(seen) {}

  OperatingPoint solve() {
    const auto led = std::count_if(state_.leader.begin(), state_.leader.end(), [](std::int16_t leader) { return leader >= 0; });
    OperatingPoint point;
    point.machines.resize(d_.machines.size());
    if (led == 0) return point;
    commands_ = per_s_ / static_cast<double>(led);
    entries_ = commands_ * d_.service.rounds;
    const double entry_bytes = static_cast<double>(d_.service.bytes) / d_.service.rounds;
    full_ = std::max(1.0, std::floor(static_cast<double>(d_.replication.batch_bytes) / std::max(entry_bytes, 1.0)));
    place(point);
    for (std::size_t m = 0; m < d_.machines.size(); ++m) flush_.push_back(workload::moments(d_.machines[m].flush));
    // Twice: what followers get depends on the batches of leaders elsewhere.
    for (int sweep = 0; sweep < 2; ++sweep) {
      point.carried = true;
      for (std::size_t m = 0; m < d_.machines.size(); ++m) point.carried = balance(point, m) && point.carried;
    }
    return point;
  }

 private:
  struct Place {
    std::size_t partition, replica;
  };

  void place(OperatingPoint& point) {
    here_.resize(d_.machines.size());
    fixed_work_.assign(d_.machines.size(), 0);
    running_.assign(d_.machines.size(), 0);
    double running = 0;
    for (std::size_t b = 0; b < d_.brokers(); ++b) {
      if (!state_.up[b]) continue;
      ++running_[d_.machine_of[b]];
      ++running;
    }
    const workload::Service& service = d_.service;
    const bool any = d_.entrance == workload::Entrance::any;
    for (std::size_t m = 0; m < d_.machines.size(); ++m) fixed_work_[m] = any && running > 0 ? per_s_ * service.gateway_s * running_[m] / running : 0;
    for (std::size_t p = 0; p < d_.partitions.size(); ++p) {
      if (state_.leader[p] < 0) continue;
      PartitionLoad load{.partition = p, .entries_per_s = entries_, .replicas = {}};
      const auto leader = static_cast<std::size_t>(state_.leader[p]);
      load.replicas.push_back({.broker = leader, .leads = true});
      for (const std::uint16_t broker : d_.partitions[p].brokers) {
        if (broker != leader && state_.up[broker]) load.replicas.push_back({.broker = broker});
      }
      for (std::size_t r = 0; r < load.replicas.size(); ++r) {
        const std::size_t m = d_.machine_of[load.replicas[r].broker];
        here_[m].push_back({point.partitions.size(), r});
        if (r == 0 && !any) fixed_work_[m] += commands_ * service.gateway_s;
        fixed_work_[m] += commands_ * (r == 0 ? service.processing_s + service.leader_s + service.exporter_s : service.follower_s);
      }
      point.partitions.push_back(std::move(load));
    }
  }

  // Entries that go into one service: who comes meets `seen_` of the load.
  double batch_of(const Moments& service) const { return seen_ * entries_ * service.mean_s + workload::nobody_arrives(seen_ * entries_, service); }

  // The load of a replica when work on its machine takes `stretch` times as long. Returns its CPU work a second for batches.
  double batch_work(const PartitionLoad& partition, ReplicaLoad& replica, std::size_t m, double stretch) const {
    const workload::Service& service = d_.service;
    const double unit = stretch / core_;
    if (replica.leads) {
      if (service.leader_batch_s <= 0) return 0;
      const double one = service.leader_batch_s * unit;
      // The next batch waits for this one's fsync, where that runs beside the followers'.
      const double cycle = one + (d_.replication.leader_flush == LeaderFlush::beside ? flush_[m].mean_s : 0);
      const Moments write{cycle, cycle * cycle};
      replica.batches_per_s = entries_ / std::min(full_, batch_of(write));
      replica.before_s = one + workload::flush_wait_s(seen_ * entries_, write);
      return replica.batches_per_s * service.leader_batch_s;
    }
    const std::size_t leader = partition.replicas[0].broker;
    const double way = topology::mean_delay_s(d_.link(leader, replica.broker)) + topology::mean_delay_s(d_.link(replica.broker, leader));
    // What a leader wrote together is sent together.
    const double together = partition.replicas[0].batches_per_s > 0 ? entries_ / partition.replicas[0].batches_per_s : 1;
    double size = together;
    for (int i = 0; i < 4; ++i) {
      replica.cpu_s = (service.follower_batch_s + size * service.follower_s / service.rounds) * unit;
      replica.ack_s = way + replica.cpu_s;
      if (d_.replication.follower_flush) replica.ack_s += flush_[m].mean_s + workload::flush_wait_s(seen_ * replica.batches_per_s, flush_[m]);
      const double sendings = seen_ * entries_ / together;
      const workload::Batches batches = workload::batches(sendings, d_.replication.window, replica.ack_s);
      size = batches.per_s > 0 ? std::clamp(together * sendings / batches.per_s, 1.0, full_) : together;
      replica.batches_per_s = entries_ / size;
      replica.before_s = batches.wait_s;
    }
    return replica.batches_per_s * service.follower_batch_s;
  }

  double work(OperatingPoint& point, std::size_t m, double stretch) const {
    double sum = fixed_work_[m];
    for (const Place& place : here_[m]) {
      PartitionLoad& partition = point.partitions[place.partition];
      sum += batch_work(partition, partition.replicas[place.replica], m, stretch);
    }
    return sum;
  }

  // The least stretch with which the machine does the work that this stretch leaves it.
  bool balance(OperatingPoint& point, std::size_t m) {
    const workload::Machine& machine = d_.machines[m];
    MachineLoad& load = point.machines[m];
    core_ = core_rate(d_, state_, m);
    if (core_ <= 0) return false;
    const double all = core_ * machine.cores;
    const auto enough = [&](double stretch) {
      load.utilisation = work(point, m, stretch) / all;
      return load.utilisation <= 1 && seen_ * load.utilisation < 1 && stretch_of(machine.cores, seen_ * load.utilisation) <= stretch * (1 + 1e-12);
    };
    double high = 1;
    while (!enough(high)) {
      high *= 4;
      if (high > 1e7) return false;
    }
    double low = high > 1 ? high / 4 : 1;
    for (int i = 0; i < 40 && high - low > 1e-9 * high; ++i) {
      const double middle = (low + high) / 2;
      (enough(middle) ? high : low) = middle;
    }
    if (!enough(high)) return false;
    load.stretch = high;
    load.cores_busy = (load.utilisation * all + running_[m] * d_.service.idle_cores) / machine.core();
    count_flushes(point, m);
    return true;
  }

  void count_flushes(OperatingPoint& point, std::size_t m) const {
    MachineLoad& load = point.machines[m];
    load.flushes_per_s = load.flush_queue_s = 0;
    double replicas = 0;
    for (const Place& place : here_[m]) {
      const ReplicaLoad& replica = point.partitions[place.partition].replicas[place.replica];
      if (replica.leads ? d_.replication.leader_flush == LeaderFlush::none : !d_.replication.follower_flush) continue;
      load.flushes_per_s += workload::flushes_per_s(replica.batches_per_s > 0 ? replica.batches_per_s : entries_, flush_[m]);
      ++replicas;
    }
    const double iops = d_.machines[m].flushes_per_s;
    if (iops <= 0) return;
    // Those of one replica come one after the other: never more than one of each waits.
    load.flush_queue_s = std::min(mg1_wait_s(seen_ * load.flushes_per_s, 1 / iops, 1 / (iops * iops)), replicas / iops);
    load.flushes_per_s = std::min(load.flushes_per_s, iops);
  }

  const Deployment& d_;
  const State& state_;
  double per_s_, seen_;
  double commands_ = 0, entries_ = 0, full_ = 1, core_ = 1;
  std::vector<std::vector<Place>> here_;  // Per machine.
  std::vector<double> fixed_work_, running_;
  std::vector<Moments> flush_;
};

}  // namespace

double core_rate(const Deployment& deployment, const State& state, std::size_t machine) {
  double running = 0;
  for (std::size_t b = 0; b < deployment.brokers(); ++b) running += deployment.machine_of[b] == machine && state.up[b] ? 1 : 0;
  const workload::Machine& at = deployment.machines[machine];
  return at.core() - running * deployment.service.idle_cores / at.cores;
}

double stretch_of(int servers, double utilisation) {
  if (utilisation <= 0) return 1;
  if (utilisation >= 1) return std::numeric_limits<double>::infinity();
  return 1 + erlang_c(servers, servers * utilisation) / (servers * (1 - utilisation));
}

OperatingPoint operating_point(const Deployment& deployment, const State& state, double per_s, double seen) {
  return Solver(deployment, state, per_s, seen).solve();
}

}  // namespace nines::analysis
