#include "models/workload/capacity.hpp"

#include <algorithm>

#include "models/workload/bottlenecks.hpp"

namespace nines::workload {
namespace {

bool by_rate(const Limit& a, const Limit& b) {
  if (a.per_s != b.per_s) return a.per_s < b.per_s;
  return a.resource != b.resource ? a.resource < b.resource : a.where < b.where;
}

// The least of each resource, ascending.
void keep_least_of_each(std::vector<Limit>& limits) {
  std::sort(limits.begin(), limits.end(), by_rate);
  std::size_t kept = 0;
  std::uint32_t seen = 0;
  for (const Limit& limit : limits) {
    const std::uint32_t bit = 1U << static_cast<unsigned>(limit.resource);
    if (seen & bit) continue;
    seen |= bit;
    limits[kept++] = limit;
  }
  limits.resize(kept);
}

Capacity even(Bottlenecks& law, const State& state) {
  Capacity answer;
  const Limit least = law.least_of_one(answer.limits);
  const auto partitions = static_cast<double>(state.leader.size());
  for (Limit& limit : answer.limits) limit.per_s *= partitions;
  answer.per_s = least.per_s * partitions;
  for (std::size_t p = 0; p < state.leader.size(); ++p) {
    if (state.leader[p] >= 0) continue;
    answer.limits.push_back({Resource::no_leader, static_cast<int>(p), 0});
    answer.per_s = 0;
  }
  keep_least_of_each(answer.limits);
  return answer;
}

// Every partition's rate grows with the others' until something it needs is used up.
Capacity free(Bottlenecks& law) {
  Capacity answer;
  if (law.rows.empty()) {
    answer.limits.push_back({Resource::no_leader, -1, 0});
    return answer;
  }
  std::vector<Limit> now;
  Limit last;
  std::vector<Limit> first;  // As long as all grow alike.
  const auto partitions = static_cast<double>(law.rows.size());
  for (bool open = true; open;) {
    last = law.least_of_one(now);
    if (last.per_s == unlimited) {
      answer.per_s = unlimited;
      break;
    }
    if (first.empty()) first = now;
    open = false;
    for (Row& row : law.rows) {
      if (!row.full && law.is_full(row, last)) {
        row.full = true;
        row.per_s = last.per_s;
      }
      open = open || !row.full;
    }
  }
  if (answer.per_s != unlimited) answer.per_s = law.carried_per_s();
  for (Limit& limit : first) limit.per_s *= partitions;
  // What one partition's own resources cannot take, others can: their sum counts.
  for (const Resource own : {Resource::partition_thread, Resource::replication_window, Resource::flush, Resource::flush_rate}) {
    double sum = 0;
    for (const Row& row : law.rows) {
      sum += own == Resource::partition_thread     ? row.thread_per_s
             : own == Resource::replication_window ? row.window_per_s
             : own == Resource::flush              ? row.flush_per_s
                                                   : row.flush_rate_per_s;
    }
    for (Limit& limit : first) {
      if (limit.resource == own) limit.per_s = std::max(sum, answer.per_s);
    }
  }
  for (Limit& limit : first) limit.per_s = std::max(limit.per_s, answer.per_s);
  if (answer.per_s != unlimited) first.push_back({last.resource, last.where, answer.per_s});
  keep_least_of_each(first);
  const auto binds = std::find_if(first.begin(), first.end(), [&](const Limit& limit) { return limit.resource == last.resource; });
  if (binds != first.end()) std::rotate(first.begin(), binds, binds + 1);
  answer.limits = std::move(first);
  return answer;
}

}  // namespace

const char* name(Resource resource) {
  switch (resource) {
    case Resource::partition_thread: return "partition thread";
    case Resource::cpu: return "CPU";
    case Resource::flush: return "fsync";
    case Resource::flush_rate: return "disk IOPS";
    case Resource::disk_bytes: return "disk throughput";
    case Resource::network_bytes: return "network";
    case Resource::replication_window: return "replication window";
    case Resource::secondary_storage: return "secondary storage";
    case Resource::workers: return "workers";
    case Resource::no_leader: return "no leader";
  }
  return "?";
}

Capacity capacity(const Deployment& deployment, const State& state, Routing routing) { return capacity_beside(deployment, state, routing, {}); }

Capacity capacity_beside(const Deployment& deployment, const State& state, Routing routing, const std::vector<Sums>& extra) {
  Bottlenecks law(deployment, state);
  law.extra = extra;
  Capacity answer = routing == Routing::even ? even(law, state) : free(law);
  constexpr Limit none{Resource::cpu, -1, unlimited};
  answer.binding = answer.limits.empty() ? none : answer.limits[0];
  answer.next = answer.limits.size() < 2 ? none : answer.limits[1];
  return answer;
}

}  // namespace nines::workload
