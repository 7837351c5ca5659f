// The books: intervals, latencies, and what each station did.
#include <algorithm>

#include "models/workload/pipeline_flow.hpp"

namespace nines::workload {

const char* name(Rejected reason) {
  switch (reason) {
    case Rejected::request_limit: return "request limit";
    case Rejected::write_limit: return "write limit";
    case Rejected::disk_full: return "disk full";
    case Rejected::no_leader: return "no leader";
  }
  return "?";
}

std::uint64_t Counts::rejected_in_all() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : rejected) sum += n;
  return sum;
}

void Counts::add(const Counts& other) {
  offered += other.offered;
  accepted += other.accepted;
  completed += other.completed;
  for (std::size_t i = 0; i < rejections; ++i) rejected[i] += other.rejected[i];
  failed += other.failed;
  timed_out += other.timed_out;
  retried += other.retried;
}

std::string name(const Station& station, const Deployment& deployment) {
  const auto machine = [&] { return deployment.machines[static_cast<std::size_t>(station.where)].name; };
  const std::string partition = "partition " + std::to_string(station.where + 1);
  const std::string replica = partition + " on broker " + std::to_string(station.replica);
  switch (station.kind) {
    case Station::Kind::machine_cpu: return "CPU of " + machine();
    case Station::Kind::partition_thread: return "thread of " + partition;
    case Station::Kind::append: return "append of " + partition;
    case Station::Kind::replica_flush: return "fsync of " + replica;
    case Station::Kind::replica_window: return "replication window of " + replica;
    case Station::Kind::network_out: return "network out of " + machine();
    case Station::Kind::network_in: return "network into " + machine();
    case Station::Kind::disk: return "disk throughput of " + machine();
    case Station::Kind::disk_rate: return "disk IOPS of " + machine();
    case Station::Kind::storage: return "secondary storage";
    case Station::Kind::workers: return "workers";
  }
  return "?";
}

const Station* Timeline::busiest() const {
  constexpr double used_up = 0.95;
  const Station* most = nullptr;
  const Station* window = nullptr;
  for (const Station& station : stations) {
    if (!station.decides) continue;
    const Station*& best = station.kind == Station::Kind::replica_window ? window : most;
    if (best == nullptr || station.utilisation > best->utilisation) best = &station;
  }
  if (window == nullptr || (most != nullptr && most->utilisation >= std::min(used_up, window->utilisation))) return most;
  return window;
}

void Pipeline::Flow::begin_measuring() {
  measured_from_ = now_;
  for (Node& node : nodes_) {
    for (Server* server : {&node.out, &node.in, &node.disk}) {
      server->settle(now_);
      server->meter.reset(now_);
    }
    node.cores.meter.reset(now_);
    node.flushes.reset(now_);
  }
  for (Server* server : {&storage_, &workers_}) {
    server->settle(now_);
    server->meter.reset(now_);
  }
  for (Group& group : groups_) {
    group.thread.reset(now_);
    group.append.reset(now_);
  }
  for (Replica& replica : replicas_) {
    replica.flush.reset(now_);
    replica.window.reset(now_);
  }
}

// Called before the first event that does not lie before the next edge: the state is that at the edge.
void Pipeline::Flow::close_intervals() {
  const Instant arrived = now_;
  while (next_edge_ < options_.edges.size() && options_.edges[next_edge_] <= arrived) {
    now_ = options_.edges[next_edge_];
    if (next_edge_ == 0) {
      begin_measuring();
    } else {
      Interval& interval = intervals_.emplace_back();
      interval.from = options_.edges[next_edge_ - 1];
      interval.to = now_;
      interval.counts = counts_;
      const sim::Histogram& h = interval_latency_;
      interval.latency = {h.count(), h.quantile(0.5), h.quantile(0.9), h.quantile(0.99), h.max(), h.mean_s()};
      interval.in_flight = waiting_;
      for (Group& group : groups_) {
        PartitionInterval& partition = interval.partitions.emplace_back();
        partition.leader = group.serving ? group.leader : std::int16_t{-1};
        partition.in_flight = group.in_work;
        partition.completed = std::exchange(group.completed, 0);
        partition.export_backlog = records_waiting(group);
        interval.export_backlog += partition.export_backlog;
      }
      for (std::size_t m = 0; m < nodes_.size(); ++m) interval.log_bytes = std::max(interval.log_bytes, log_bytes(m));
      latency_.merge(interval_latency_);
      interval_latency_ = sim::Histogram{};
      if (next_edge_ + 1 == options_.edges.size()) stations_ = stations();
    }
    total_.add(std::exchange(counts_, Counts{}));
    for (Group& group : groups_) group.completed = 0;
    ++next_edge_;
  }
  now_ = arrived;
}

std::vector<Station> Pipeline::Flow::stations() const {
  std::vector<Station> all;
  const double span = static_cast<double>((now_ - measured_from_).count());
  if (next_edge_ == 0 || span <= 0) return all;
  const auto add = [&](Station::Kind kind, Resource resource, std::size_t where, Meter meter, double servers, std::uint64_t sojourns) -> Station& {
    meter.integrate(now_);
    Station& station = all.emplace_back();
    station.kind = kind;
    station.resource = resource;
    station.where = static_cast<int>(where);
    station.arrivals = meter.arrivals;
    station.completions = meter.completions;
    station.mean_number = meter.area_ns / span;
    station.mean_sojourn_s = sojourns == 0 ? 0 : meter.sojourn_ns * 1e-9 / static_cast<double>(sojourns);
    station.utilisation = servers > 0 ? meter.busy_ns / span / servers : 0;
    return station;
  };
  const auto add_server = [&](Station::Kind kind, Resource resource, std::size_t where, Server server) {
    if (!server.limited()) return;
    server.settle(now_);
    add(kind, resource, where, server.meter, 1, server.meter.arrivals);  // It knows at once when it will be done.
  };
  for (std::size_t m = 0; m < nodes_.size(); ++m) {
    const Node& node = nodes_[m];
    add(Station::Kind::machine_cpu, Resource::cpu, m, node.cores.meter, static_cast<double>(node.cores.cores()), node.cores.meter.arrivals);
    add_server(Station::Kind::network_out, Resource::network_bytes, m, node.out);
    add_server(Station::Kind::network_in, Resource::network_bytes, m, node.in);
    add_server(Station::Kind::disk, Resource::disk_bytes, m, node.disk);
    if (node.flush_spacing > Duration{0}) add(Station::Kind::disk_rate, Resource::flush_rate, m, node.flushes, 1, node.flushes.completions);
  }
  for (std::size_t p = 0; p < groups_.size(); ++p) {
    const Group& group = groups_[p];
    add(Station::Kind::partition_thread, Resource::partition_thread, p, group.thread, 1, group.thread.completions);
    // Waiting for a commit is no resource of its own.
    add(Station::Kind::append, Resource::replication_window, p, group.append, 0, group.append.completions).decides = false;
    std::vector<double> windows;
    for (std::uint32_t r = group.first; r < group.first + group.count; ++r) {
      Station& flush = add(Station::Kind::replica_flush, Resource::flush, p, replicas_[r].flush, 1, replicas_[r].flush.completions);
      flush.replica = replicas_[r].broker;
      flush.decides = false;
      if (r == group.lead) continue;
      Station& window = add(Station::Kind::replica_window, Resource::replication_window, p, replicas_[r].window, 1, replicas_[r].window.completions);
      window.replica = replicas_[r].broker;
      windows.push_back(window.utilisation);
    }
    // The quorum waits for its slowest member: as many followers as it needs, the least busy ones first.
    std::sort(windows.begin(), windows.end());
    const std::size_t needed = group.count / 2;
    for (Station& station : all) {
      if (station.kind == Station::Kind::replica_window && station.where == static_cast<int>(p)) {
        station.decides = needed > 0 && needed <= windows.size() && station.utilisation <= windows[needed - 1];
      }
    }
  }
  add_server(Station::Kind::storage, Resource::secondary_storage, 0, storage_);
  add_server(Station::Kind::workers, Resource::workers, 0, workers_);
  for (Station& station : all) {
    if (station.kind == Station::Kind::storage || station.kind == Station::Kind::workers) station.where = -1;
  }
  return all;
}

Timeline Pipeline::Flow::timeline() const {
  Timeline timeline;
  timeline.intervals = intervals_;
  timeline.total = total_;
  timeline.total.add(counts_);
  timeline.in_flight = waiting_;
  timeline.latency = latency_;
  timeline.stations = next_edge_ == options_.edges.size() ? stations_ : stations();
  timeline.committed = committed_;
  timeline.lost = lost_;
  timeline.batches = batches_ever_;
  timeline.replicated = replicated_;
  timeline.events = events_;
  timeline.places = places();
  timeline.fingerprint = hash_.value();
  return timeline;
}

}  // namespace nines::workload
