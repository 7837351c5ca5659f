#include "scenarios/run/load_answer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "analysis/load/latency.hpp"
#include "analysis/report/format.hpp"
#include "analysis/stats/replication.hpp"
#include "analysis/stats/text.hpp"
#include "models/workload/capacity.hpp"
#include "models/workload/losses.hpp"
#include "scenarios/run/deployment_of.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

using analysis::Metric;
using analysis::Metrics;

constexpr std::size_t most_partitions = 256;  // Whose states are weighed at every change.

std::string place(const workload::Limit& limit, const workload::Deployment& deployment) {
  using enum workload::Resource;
  if (limit.where < 0) return {};
  switch (limit.resource) {
    case cpu:
    case disk_bytes:
    case flush_rate:
    case network_bytes: return " of " + deployment.machines[static_cast<std::size_t>(limit.where)].name;
    case partition_thread:
    case flush:
    case replication_window:
    case no_leader: return " of partition " + std::to_string(limit.where + 1);
    case secondary_storage:
    case workers: break;
  }
  return {};
}

// "CPU of brokers-0 binds, then partition thread at 319; bottleneck law".
std::string binding(const workload::Capacity& capacity, const workload::Deployment& deployment) {
  std::string words = std::string(workload::name(capacity.binding.resource)) + place(capacity.binding, deployment) + " binds";
  if (std::isfinite(capacity.next.per_s) && capacity.per_s > 0)
    words += std::string(", then ") + workload::name(capacity.next.resource) + " at " +
             (capacity.next.per_s >= 1000 ? analysis::grouped(static_cast<std::uint64_t>(std::llround(capacity.next.per_s)))
                                          : analysis::significant(capacity.next.per_s, 3));
  return words + "; bottleneck law";
}

Metric throughput(const std::string& name, const workload::Capacity& capacity, const workload::Deployment& deployment, const std::string& what) {
  Metric metric{.name = name, .value = {}, .low = {}, .high = {}, .unit = "1/s", .method = "nothing limits it"};
  if (!std::isfinite(capacity.per_s)) return metric;
  metric.value = metric.low = metric.high = capacity.per_s;
  metric.exact = true;
  metric.method = binding(capacity, deployment) + what;
  return metric;
}

Metrics solve(const Scenario& scenario, const world::Options& world, std::size_t index, const workload::Deployment& deployment, const std::string& at) {
  Metrics out;
  out.push_back(throughput(at + "throughput.healthy", workload::capacity(deployment, workload::healthy(deployment)), deployment,
                           std::string("; ") + command_words(scenario.clusters[index])));
  const auto lost = [&](const char* name, const workload::Loss& loss, const std::string& which) {
    const std::string tried =
        loss.looked_at < loss.of ? ", the worst of " + std::to_string(loss.looked_at) + " of " + std::to_string(loss.of) + " tried" : std::string();
    out.push_back(throughput(at + name, loss.left, deployment, "; " + which + " lost" + tried));
  };
  if (deployment.machines.size() > 1) {
    const workload::Loss loss = workload::node_lost(deployment);
    lost("throughput.node_lost", loss, deployment.machines[static_cast<std::size_t>(loss.which)].name);
  }
  if (std::set<std::uint16_t>(deployment.zone_of.begin(), deployment.zone_of.end()).size() > 1) {
    const workload::Loss loss = workload::zone_lost(deployment);
    lost("throughput.zone_lost", loss, world.topology.zones[static_cast<std::size_t>(loss.which)].name);
  }
  if (std::set<std::uint16_t>(deployment.region_of.begin(), deployment.region_of.end()).size() > 1) {
    const workload::Loss loss = workload::region_lost(deployment);
    lost("throughput.region_lost", loss, world.topology.regions[static_cast<std::size_t>(loss.which)].name);
  }
  return out;
}

// At the demand, everybody running. Beyond the capacity there is none.
void add_latency(const std::string& at, const workload::Deployment& deployment, double demand, Metrics& out) {
  if (demand <= 0) return;
  const analysis::Latency latency = analysis::latency_at(deployment, workload::healthy(deployment), demand);
  const std::string rate = analysis::significant(demand, 3) + " a second, all healthy";
  const auto add = [&](const char* name, double value) {
    Metric metric{.name = at + name, .value = {}, .low = {}, .high = {}, .unit = "s", .method = "more is asked for than is carried: " + rate};
    if (std::isfinite(value)) {
      metric.value = value;
      metric.method = "approximation in closed form at " + rate;
    }
    out.push_back(std::move(metric));
  };
  add("latency.p50", latency.p50_s);
  add("latency.p99", latency.p99_s);
}

Metric long_run(const std::string& at, const analysis::LongRun& of, double longest_s) {
  const analysis::Estimate estimate = of.throughput(longest_s);
  return {.name = at + "throughput.long_run", .value = estimate.value, .low = estimate.low, .high = estimate.high, .unit = "1/s", .method = estimate.method};
}

// Down, or up and too slow: what is missing of each adds up, and so do their limits, which is cautious.
Metric demand_met(const std::string& at, const Metric& up, const analysis::Estimate& short_of, double demand) {
  Metric metric{.name = at + "demand_met", .value = {}, .low = {}, .high = {}, .unit = "1", .method = {}};
  const auto uptime = [](double value) { return std::clamp(value, 0.0, analysis::largest_below_one); };
  if (up.value) metric.value = uptime(*up.value - short_of.value.value_or(0));
  if (up.low && short_of.high) metric.low = uptime(*up.low - *short_of.high);
  if (up.high) metric.high = uptime(*up.high - short_of.low.value_or(0));
  metric.method = "uptime.all less shortfalls of " + analysis::significant(demand, 3) + " a second: " + short_of.method;
  return metric;
}

}  // namespace

LoadAnswer::LoadAnswer(const Scenario& scenario, const world::Options& world) {
  const analysis::RepairTimes repairs(world);
  longest_s_ = seconds(repairs.longest());
  longest_words_ = analysis::human_time(longest_s_, 2) + (repairs.longest_mode().empty() ? "" : " (mean repair of " + repairs.longest_mode() + ")");
  std::size_t partitions = 0;
  for (std::size_t c = 0; c < scenario.clusters.size(); ++c) {
    const std::string prefix = scenario.clusters.size() > 1 ? scenario.clusters[c].name + "." : std::string();
    const workload::Deployment deployment = deployment_of(scenario, world, c);
    const double demand = demand_of(scenario.clusters[c]);
    Metrics latency;
    add_latency(prefix, deployment, demand, latency);
    clusters_.push_back({.prefix = prefix,
                         .solved = solve(scenario, world, c, deployment, prefix),
                         .latency = std::move(latency),
                         .long_run = analysis::LongRun(deployment, {first_broker(scenario, c), partitions}, demand),
                         .demand_per_s = demand,
                         .integrates = deployment.partitions.size() <= most_partitions});
    partitions += deployment.partitions.size();
  }
}

void LoadAnswer::add(const world::Record& record) {
  records_ = true;
  for (Cluster& cluster : clusters_)
    if (cluster.integrates) cluster.long_run.add(record);
}

void LoadAnswer::merge(const LoadAnswer& later) {
  SIM_CHECK(clusters_.size() == later.clusters_.size(), "answers that are merged are of one scenario");
  records_ = records_ || later.records_;
  for (std::size_t c = 0; c < clusters_.size(); ++c) clusters_[c].long_run.merge(later.clusters_[c].long_run);
}

void LoadAnswer::write(ByteWriter& out) const {
  out.byte(records_ ? 1 : 0);
  for (const Cluster& cluster : clusters_) cluster.long_run.write(out);
}

void LoadAnswer::read(ByteReader& in) {
  records_ = in.byte() != 0;
  for (Cluster& cluster : clusters_) cluster.long_run.read(in);
}

void LoadAnswer::put_into(Metrics& metrics) const {
  for (const Cluster& cluster : clusters_) {
    Metrics mine = cluster.solved;
    if (records_ && cluster.integrates) {
      mine.insert(mine.begin() + 1, long_run(cluster.prefix, cluster.long_run, longest_s_));
      const Metric* up = analysis::find(metrics, cluster.prefix + "uptime.all");
      if (up != nullptr && cluster.demand_per_s > 0)
        mine.push_back(demand_met(cluster.prefix, *up, cluster.long_run.shortfall(longest_s_, longest_words_), cluster.demand_per_s));
    }
    mine.insert(mine.end(), cluster.latency.begin(), cluster.latency.end());
    // Behind the last of the cluster's own: its metrics stand together.
    auto at = metrics.end();
    if (!cluster.prefix.empty()) {
      const auto last = std::find_if(metrics.rbegin(), metrics.rend(), [&](const Metric& metric) { return metric.name.starts_with(cluster.prefix); });
      at = last.base();
    }
    metrics.insert(at, mine.begin(), mine.end());
  }
}

}  // namespace nines::scenarios
