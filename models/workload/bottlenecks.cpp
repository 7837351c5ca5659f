#include "models/workload/bottlenecks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "models/topology/delay.hpp"
#include "models/workload/batching.hpp"

namespace nines::workload {
namespace {

double limit_or_none(double rate, double cost) { return rate > 0 && cost > 0 ? rate / cost : unlimited; }

// Links are of few kinds, and their means take an integral.
class MeanDelays {
 public:
  double of(const topology::LinkLaw& link) {
    for (const auto& [known, mean_s] : known_)
      if (known == link) return mean_s;
    return known_.emplace_back(link, topology::mean_delay_s(link)).second;
  }

 private:
  std::vector<std::pair<topology::LinkLaw, double>> known_;
};

}  // namespace

Bottlenecks::Bottlenecks(const Deployment& d, const State& state) : deployment(d) {
  const Service& service = d.service;
  const Replication& replication = d.replication;
  const double rounds = service.rounds;
  const double entry_bytes = static_cast<double>(service.bytes) / rounds;
  entries = std::max(1.0, std::floor(static_cast<double>(replication.batch_bytes) / std::max(entry_bytes, 1.0)));
  const double batch_bytes = entries * entry_bytes;
  follower_cost_s = service.follower_s + rounds * service.follower_batch_s / entries;
  leader_cost_s = service.processing_s + service.leader_s + service.exporter_s + rounds * service.leader_batch_s / entries;

  const std::size_t machines = d.machines.size();
  sums.resize(machines);
  gateway_share.assign(machines, 0);
  double running = 0;
  for (std::size_t broker = 0; broker < d.brokers(); ++broker) {
    if (!state.up[broker]) continue;
    ++gateway_share[d.machine_of[broker]];
    ++running;
  }
  std::vector<Moments> flush(machines);
  std::vector<double> core(machines);         // What one core has for commands: idle work is spread over all.
  std::vector<double> flushing(machines, 0);  // Replicas that share the disk's IOPS.
  for (std::size_t m = 0; m < machines; ++m) {
    const Machine& machine = d.machines[m];
    sums[m][use_cpu].limit = std::max(machine.cpu() - gateway_share[m] * service.idle_cores, 1e-12);
    core[m] = sums[m][use_cpu].limit / machine.cores;
    sums[m][use_network_in].limit = sums[m][use_network_out].limit = machine.network_bytes_per_s;
    sums[m][use_disk].limit = machine.disk_bytes_per_s;
    if (running > 0) gateway_share[m] /= running;
    flush[m] = moments(machine.flush);
  }
  for (std::size_t p = 0; p < d.partitions.size(); ++p) {
    if (state.leader[p] < 0) continue;
    for (const std::uint16_t broker : d.partitions[p].brokers) {
      const bool leads = broker == state.leader[p];
      if (state.up[broker] && (leads ? replication.leader_flush != LeaderFlush::none : replication.follower_flush)) ++flushing[d.machine_of[broker]];
    }
  }

  // Replicas whose appends share a link's bandwidth.
  std::vector<std::uint32_t> links_in_use;
  const auto link_of = [](std::size_t from, std::size_t to) { return static_cast<std::uint32_t>(from << 16U | to); };
  for (std::size_t p = 0; p < d.partitions.size(); ++p) {
    for (const std::uint16_t broker : d.partitions[p].brokers) {
      const std::int16_t leader = state.leader[p];
      if (leader < 0 || leader == broker || !state.up[broker]) continue;
      const auto from = static_cast<std::size_t>(leader);
      if (d.link(from, broker).bandwidth_bytes_per_s > 0) links_in_use.push_back(link_of(from, broker));
    }
  }
  std::sort(links_in_use.begin(), links_in_use.end());

  MeanDelays delays;
  rows.reserve(d.partitions.size());
  std::vector<std::uint32_t> order;
  for (std::size_t p = 0; p < d.partitions.size(); ++p) {
    if (state.leader[p] < 0) continue;
    const auto leader = static_cast<std::uint16_t>(state.leader[p]);
    Row row{.partition = static_cast<int>(p), .machine = d.machine_of[leader], .first = static_cast<std::uint32_t>(copies.size())};
    const Machine& at = d.machines[row.machine];
    row.thread_per_s = service.processing_s > 0 ? core[row.machine] / service.processing_s : unlimited;
    row.write_per_s = unlimited;
    if (service.leader_batch_s > 0) {  // One batch at a time.
      const double write_s = service.leader_batch_s / core[row.machine] + (replication.leader_flush == LeaderFlush::beside ? flush[row.machine].mean_s : 0);
      row.write_per_s = entries / rounds / write_s;
    }
    row.window_per_s = row.flush_per_s = row.flush_rate_per_s = unlimited;
    for (const std::uint16_t broker : d.partitions[p].brokers) {
      if (broker == leader || !state.up[broker]) continue;
      copies.push_back({.broker = broker, .machine = d.machine_of[broker]});
      ++row.copies;
    }
    // Commands a second through the window of a follower, by the time from sending a full batch to its acknowledgement.
    const double in_window = replication.window * entries / rounds;
    const auto way_s = [&](const Copy& copy) {
      const Machine& there = d.machines[copy.machine];
      const topology::LinkLaw& link = d.link(leader, copy.broker);
      double way = delays.of(link) + delays.of(d.link(copy.broker, leader));
      if (link.bandwidth_bytes_per_s > 0) way += batch_bytes / link.bandwidth_bytes_per_s;
      if (copy.machine != row.machine) {
        if (at.network_bytes_per_s > 0) way += batch_bytes / at.network_bytes_per_s;
        if (there.network_bytes_per_s > 0) way += batch_bytes / there.network_bytes_per_s;
      }
      return way + follower_cost_s * entries / rounds / core[copy.machine];
    };
    const auto flush_of = [&](const Copy& copy) { return replication.follower_flush ? flush[copy.machine] : Moments{}; };
    order.clear();
    for (std::uint32_t c = row.first; c < row.first + row.copies; ++c) {
      Copy& copy = copies[c];
      const double ack = full_window_ack_s(replication.window, way_s(copy), flush_of(copy), 0);
      copy.most_per_s = ack > 0 ? in_window / ack : unlimited;
      const double bandwidth = d.link(leader, copy.broker).bandwidth_bytes_per_s;
      if (bandwidth > 0) {
        const auto [first, last] = std::equal_range(links_in_use.begin(), links_in_use.end(), link_of(leader, copy.broker));
        copy.most_per_s = std::min(copy.most_per_s, bandwidth / static_cast<double>(service.bytes * (last - first)));
      }
      order.push_back(c);
    }
    const int needed = d.partitions[p].quorum() - 1;  // Followers whose acknowledgements complete a quorum with the leader.
    if (needed > 0 && needed <= static_cast<int>(row.copies)) {
      std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return copies[a].most_per_s != copies[b].most_per_s ? copies[a].most_per_s > copies[b].most_per_s : a < b;
      });
      const Copy& last = copies[order[static_cast<std::size_t>(needed) - 1]];
      const Machine& there = d.machines[last.machine];
      row.window_per_s = last.most_per_s;
      const Moments s = flush_of(last);
      if (s.mean_s > 0) row.flush_per_s = in_window / (replication.window > 1 ? 2 * s.mean_s : s.mean_s);
      if (replication.follower_flush && there.flushes_per_s > 0) {
        const double spacing = flushing[last.machine] / there.flushes_per_s;
        if (spacing > s.mean_s) {
          // Named where it is what holds the window up; beside a long way it is a part of the window's time.
          const double with_spacing = in_window / full_window_ack_s(replication.window, way_s(last), s, spacing);
          if (with_spacing < 0.95 * row.window_per_s) {
            row.flush_rate_per_s = with_spacing;
            row.flush_machine = last.machine;
          } else {
            row.window_per_s = std::min(row.window_per_s, with_spacing);
          }
        }
      }
    }
    rows.push_back(row);
  }
}

void Bottlenecks::add_up() {
  for (std::size_t m = 0; m < sums.size(); ++m) {
    for (std::size_t u = 0; u < uses; ++u) {
      sums[m][u].slope = 0;
      sums[m][u].fixed = extra.empty() ? 0 : extra[m][u].fixed;
    }
  }
  const Service& service = deployment.service;
  const auto bytes = static_cast<double>(service.bytes);
  const auto request = static_cast<double>(service.request_bytes);
  const auto put = [](Sum& sum, const Row& row, double cost) { (row.full ? sum.fixed : sum.slope) += row.full ? cost * row.per_s : cost; };
  open_ = 0;
  for (const Row& row : rows) {
    Sums& leader = sums[row.machine];
    if (!row.full) ++open_;
    put(leader[use_cpu], row, leader_cost_s);
    put(leader[use_disk], row, bytes);
    const bool at_leader = deployment.entrance == Entrance::leader;
    if (at_leader) put(leader[use_cpu], row, service.gateway_s);
    const double forwarded = request * (at_leader ? 1 : 1 - gateway_share[row.machine]);  // Or what clients send, and the answer.
    put(leader[use_network_in], row, forwarded);
    put(leader[use_network_out], row, forwarded);
    for (std::uint32_t c = row.first; c < row.first + row.copies; ++c) {
      const Copy& copy = copies[c];
      const auto put_copy = [&](Sum& sum, double cost) {
        if (copy.lags)
          sum.fixed += cost * copy.most_per_s;
        else
          put(sum, row, cost);
      };
      Sums& follower = sums[copy.machine];
      put_copy(follower[use_cpu], follower_cost_s);
      put_copy(follower[use_disk], bytes);
      if (copy.machine == row.machine) continue;
      put_copy(leader[use_network_out], bytes);
      put_copy(follower[use_network_in], bytes);
    }
  }
  if (deployment.entrance == Entrance::leader) return;
  // What gateways take in: from clients, and the answers of leaders elsewhere.
  const double carried = carried_per_s();
  std::vector<double> led(sums.size(), 0), led_fixed(sums.size(), 0);
  for (const Row& row : rows) (row.full ? led_fixed : led)[row.machine] += row.full ? row.per_s : 1;
  for (std::size_t m = 0; m < sums.size(); ++m) {
    const double share = gateway_share[m];
    sums[m][use_cpu].slope += share * service.gateway_s * open_;
    sums[m][use_cpu].fixed += share * service.gateway_s * carried;
    for (const Use u : {use_network_in, use_network_out}) {
      sums[m][u].slope += share * request * (open_ + (open_ - led[m]));
      sums[m][u].fixed += share * request * (carried + (carried - led_fixed[m]));
    }
  }
}

double Bottlenecks::carried_per_s() const {
  double sum = 0;
  for (const Row& row : rows) {
    if (row.full) sum += row.per_s;
  }
  return sum;
}

void Bottlenecks::limits_of_one(std::vector<Limit>& limits) const {
  limits.clear();
  const auto add = [&](Resource resource, int where, double per_s) {
    if (std::isfinite(per_s)) limits.push_back({resource, where, per_s});
  };
  for (const Row& row : rows) {
    if (row.full) continue;
    add(Resource::partition_thread, row.partition, row.thread_per_s);
    add(Resource::replication_window, row.partition, row.window_per_s);
    add(Resource::flush, row.partition, std::min(row.flush_per_s, row.write_per_s));
    add(Resource::flush_rate, row.flush_machine, row.flush_rate_per_s);
  }
  constexpr Resource kinds[] = {Resource::cpu, Resource::network_bytes, Resource::network_bytes, Resource::disk_bytes};
  for (std::size_t m = 0; m < sums.size(); ++m) {
    for (std::size_t u = 0; u < uses; ++u) {
      const Sum& sum = sums[m][u];
      if (sum.limit > 0 && sum.slope > 0) add(kinds[u], static_cast<int>(m), std::max(0.0, (sum.limit - sum.fixed) / sum.slope));
    }
  }
  if (open_ <= 0) return;
  const double carried = carried_per_s();
  const auto of_all = [&](double per_s) { return std::max(0.0, (per_s - carried) / open_); };
  add(Resource::secondary_storage, -1, of_all(limit_or_none(deployment.storage.records_per_s, deployment.service.exported)));
  add(Resource::workers, -1, of_all(limit_or_none(deployment.workers_per_s, 1)));
}

Limit Bottlenecks::least_of_one(std::vector<Limit>& limits) {
  for (;;) {
    add_up();
    limits_of_one(limits);
    Limit least{.per_s = unlimited};
    for (const Limit& limit : limits) {
      if (limit.per_s < least.per_s) least = limit;
    }
    // Who cannot follow at this rate takes less; then there is more for the others, and some may not follow that.
    bool more = false;
    for (const Row& row : rows) {
      const double rate = row.full ? row.per_s : least.per_s;
      for (std::uint32_t c = row.first; c < row.first + row.copies; ++c) {
        if (copies[c].lags || copies[c].most_per_s >= rate) continue;
        copies[c].lags = more = true;
      }
    }
    if (!more) return least;
  }
}

bool Bottlenecks::is_full(const Row& row, const Limit& limit) const {
  switch (limit.resource) {
    case Resource::partition_thread:
    case Resource::replication_window:
    case Resource::flush: return row.partition == limit.where;
    case Resource::flush_rate: return row.flush_machine == limit.where && row.flush_rate_per_s <= limit.per_s;
    case Resource::secondary_storage:
    case Resource::workers:
    case Resource::no_leader: return true;
    case Resource::cpu:
    case Resource::disk_bytes:
    case Resource::network_bytes: break;
  }
  const auto machine = static_cast<std::uint16_t>(limit.where);
  const bool at_gateway = deployment.entrance == Entrance::any &&
                          (limit.resource == Resource::network_bytes || (limit.resource == Resource::cpu && deployment.service.gateway_s > 0));
  if (row.machine == machine || (at_gateway && gateway_share[machine] > 0)) return true;
  for (std::uint32_t c = row.first; c < row.first + row.copies; ++c) {
    if (copies[c].machine == machine && !copies[c].lags) return true;
  }
  return false;
}

}  // namespace nines::workload
