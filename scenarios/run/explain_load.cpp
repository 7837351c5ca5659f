#include "scenarios/run/explain_load.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "analysis/load/calibrate.hpp"
#include "analysis/load/latency.hpp"
#include "analysis/stats/text.hpp"
#include "models/workload/backlog.hpp"
#include "models/workload/losses.hpp"
#include "models/workload/pipeline.hpp"
#include "scenarios/run/deployment_of.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace {

using analysis::human_time;
using analysis::significant;
using workload::Capacity;
using workload::Deployment;
using workload::State;

constexpr Duration missed = 10min;  // By a follower that is shown catching up.

Cell rate(double per_s) {
  if (!std::isfinite(per_s)) return {"no limit", {}};
  return {per_s >= 1000 ? analysis::grouped(static_cast<std::uint64_t>(std::llround(per_s))) : significant(per_s, 3), per_s};
}
Cell time(double s) { return std::isfinite(s) ? Cell{human_time(s, 3), s} : Cell{"-", {}}; }
Cell time(Duration duration) { return duration == Duration::max() ? Cell{"never", {}} : time(seconds(duration)); }

// Everybody is back, and who took over still leads: nobody fails back.
State unbalanced(const Deployment& deployment, const std::vector<std::uint16_t>& were_down) {
  State state = workload::without(deployment, were_down);
  state.up.assign(deployment.brokers(), 1);
  const State balanced = workload::healthy(deployment);
  for (std::size_t p = 0; p < state.leader.size(); ++p)
    if (state.leader[p] < 0) state.leader[p] = balanced.leader[p];
  return state;
}

class StateRows {
 public:
  StateRows(const Deployment& deployment, double demand, Sheet& sheet) : deployment_(deployment), demand_(demand), sheet_(sheet) {}

  void add(const std::string& what, const State& state) { add(what, state, workload::capacity(deployment_, state)); }
  void add(const std::string& what, const State& state, const Capacity& capacity) {
    analysis::Latency latency{.p50_s = HUGE_VAL, .p99_s = HUGE_VAL};
    if (demand_ > 0 && demand_ < capacity.per_s) latency = analysis::latency_at(deployment_, state, demand_);
    const bool next = std::isfinite(capacity.next.per_s) && capacity.per_s > 0;
    const double over = demand_ > 0 && std::isfinite(capacity.per_s) ? capacity.per_s / demand_ - 1 : HUGE_VAL;
    const double margin = std::fabs(over) < 1e-9 ? 0 : over;  // Who catches up leaves others just what they ask for.
    sheet_.rows.push_back(
        {{what, {}},
         rate(capacity.per_s),
         {workload::name(capacity.binding.resource), {}},
         {next ? workload::name(capacity.next.resource) : "-", {}},
         next ? Cell{"+" + significant(100 * (capacity.next.per_s / capacity.per_s - 1), 2) + " %", capacity.next.per_s / capacity.per_s - 1} : Cell{"-", {}},
         std::isfinite(margin) ? Cell{(margin < 0 ? "" : "+") + significant(100 * margin, 2) + " %", margin} : Cell{"-", {}},
         time(latency.p50_s),
         time(latency.p99_s)});
  }

 private:
  const Deployment& deployment_;
  double demand_;
  Sheet& sheet_;
};

// What costs were fitted on, and what the measurements themselves say of the demand.
void add_calibration(const Cluster& cluster, double demand, Sheet& sheet) {
  const Calibration& calibration = *cluster.calibration;
  sheet.notes.push_back("Costs: " + calibration.source + '.');
  if (!calibration.line || demand <= 0) return;
  const analysis::Prediction cores = analysis::predict(*calibration.line, demand);
  std::string note = "By the line through them a broker is busy with " + significant(cores.value, 3) + " cores at " + significant(demand, 3) + ' ' +
                     command_words(cluster) + " a second";
  if (std::isfinite(cores.low))
    note += ", 95 % of single measurements from " + significant(std::max(0.0, cores.low), 3) + " to " + significant(cores.high, 3);
  sheet.notes.push_back(note + '.');
}

Sheet states_sheet(const Cluster& cluster, const world::Options& world, const Deployment& deployment, double demand) {
  Sheet sheet{.key = "capacity",
              .title = std::string("What it carries: ") + command_words(cluster) + " a second, and what binds",
              .method = "bottleneck law, commands spread evenly over the partitions; latency in closed form, an approximation",
              .columns = {{"state", "when", ""},
                          {"capacity", "carries, 1/s", "1/s"},
                          {"binding", "binds", ""},
                          {"next", "then", ""},
                          {"next_margin", "at", "1"},
                          {"headroom", "over demand", "1"},
                          {"p50", "median", "s"},
                          {"p99", "99 %", "s"}},
              .rows = {},
              .notes = {}};
  StateRows rows(deployment, demand, sheet);
  rows.add("all run, leaders balanced", workload::healthy(deployment));
  if (deployment.machines.size() > 1) {
    const workload::Loss loss = workload::node_lost(deployment);
    const auto down = workload::brokers_at(deployment.machine_of, loss.which);
    const std::string& name = deployment.machines[static_cast<std::size_t>(loss.which)].name;
    rows.add("without " + name, workload::without(deployment, down), loss.left);
    rows.add(name + " is back, leads nothing", unbalanced(deployment, down));
    const workload::CatchUp back = workload::catch_up(deployment, unbalanced(deployment, down), down.front(), demand, seconds(missed));
    if (std::isfinite(back.seconds) && demand > 0) {
      rows.add(name + " catches up", unbalanced(deployment, down), back.meanwhile);
      sheet.notes.push_back("A follower that missed " + human_time(seconds(missed), 2) + " of this load is back to date after " +
                            human_time(back.seconds, 2) + '.');
    } else if (demand > 0) {
      sheet.notes.push_back("A follower that missed something never catches up at this load.");
    }
  }
  if (std::set<std::uint16_t>(deployment.zone_of.begin(), deployment.zone_of.end()).size() > 1) {
    const workload::Loss loss = workload::zone_lost(deployment);
    rows.add("without zone " + world.topology.zones[static_cast<std::size_t>(loss.which)].name,
             workload::without(deployment, workload::brokers_at(deployment.zone_of, loss.which)), loss.left);
  }
  if (std::set<std::uint16_t>(deployment.region_of.begin(), deployment.region_of.end()).size() > 1) {
    const workload::Loss loss = workload::region_lost(deployment);
    rows.add("without region " + world.topology.regions[static_cast<std::size_t>(loss.which)].name,
             workload::without(deployment, workload::brokers_at(deployment.region_of, loss.which)), loss.left);
  }
  if (demand > 0)
    sheet.notes.push_back("Demand: " + significant(demand, 3) + ' ' + command_words(cluster) + " a second. The worst of each kind is shown.");
  if (cluster.calibration) add_calibration(cluster, demand, sheet);
  return sheet;
}

// How latency grows with the load, up to where nothing more is carried.
Sheet curve_sheet(const Cluster& cluster, const Deployment& deployment) {
  Sheet sheet{.key = "latency",
              .title = "Latency against load",
              .method = "closed form, an approximation: above 80 % of the capacity it is up to a third too high",
              .columns = {{"share", "of capacity", "1"},
                          {"load", std::string(command_words(cluster)) + ", 1/s", "1/s"},
                          {"p50", "median", "s"},
                          {"p90", "90 %", "s"},
                          {"p99", "99 %", "s"},
                          {"p99_node_lost", "99 %, a node lost", "s"}},
              .rows = {},
              .notes = {}};
  constexpr std::array<double, 7> shares{0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95};
  const State all = workload::healthy(deployment);
  const double capacity = workload::capacity(deployment, all).per_s;
  if (!std::isfinite(capacity) || capacity <= 0) return sheet;
  const workload::Loss loss = deployment.machines.size() > 1 ? workload::node_lost(deployment) : workload::Loss{};
  const std::vector<analysis::Latency> curve = analysis::latency_curve(deployment, all, shares);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    double lost = HUGE_VAL;
    if (loss.which >= 0 && curve[i].per_s < loss.left.per_s)
      lost = analysis::latency_at(deployment, workload::without(deployment, workload::brokers_at(deployment.machine_of, loss.which)), curve[i].per_s).p99_s;
    sheet.rows.push_back(
        {{analysis::fixed(100 * shares[i], 0) + " %", shares[i]}, rate(curve[i].per_s), time(curve[i].p50_s), time(curve[i].p90_s), time(curve[i].p99_s), time(lost)});
  }
  return sheet;
}

// More cores of the same speed, or more brokers, nodes and partitions in the same proportions.
Sheet scale_sheet(const Scenario& scenario, std::size_t index, const Deployment& deployment) {
  Sheet sheet{.key = "scale",
              .title = "Larger machines or more of them",
              .method = "bottleneck law; the same placement rule, partitions in proportion to brokers",
              .columns = {{"change", "change", ""},
                          {"cores", "cores", "1"},
                          {"capacity", "carries, 1/s", "1/s"},
                          {"per_core", "per core, 1/s", "1/s"},
                          {"binding", "binds", ""}},
              .rows = {},
              .notes = {}};
  const auto add = [&](const std::string& what, const Deployment& changed) {
    double cores = 0;
    for (const workload::Machine& machine : changed.machines) cores += machine.cores;
    const Capacity capacity = workload::capacity(changed, workload::healthy(changed));
    sheet.rows.push_back(
        {{what, {}}, {analysis::shortest(cores), cores}, rate(capacity.per_s), rate(capacity.per_s / cores), {workload::name(capacity.binding.resource), {}}});
  };
  add("as it is", deployment);
  const Cluster& cluster = scenario.clusters[index];
  const bool one_core = cluster.calibration && cluster.calibration->kind == Calibration::Kind::closed_loop;
  if (one_core) sheet.notes.push_back("Costs are fitted on a closed loop, as of one core of each broker: nothing is known of larger machines.");
  for (const int factor : {2, 4}) {
    if (one_core) break;
    Deployment up = deployment;
    for (workload::Machine& machine : up.machines) machine.cores *= factor;
    add("machines with " + std::to_string(factor) + " x the cores", up);
  }
  if (cluster.placement != Placement::round_robin || deployment.brokers() > 100) return sheet;
  for (const int factor : {2, 3}) {
    Scenario out = scenario;
    for (NodePool& pool : out.topology.pools)
      if (std::find(cluster.pools.begin(), cluster.pools.end(), pool.name) != cluster.pools.end()) pool.nodes *= factor;
    out.clusters[index].brokers *= factor;
    out.clusters[index].partitions *= factor;
    out.trace.reset();
    out.script.clear();
    add(std::to_string(factor) + " x the brokers and nodes", deployment_of(out, to_world(out), index));
  }
  return sheet;
}

// What the exporter's being stuck leads to: the log stays, the disk fills.
Sheet backlog_sheet(const Cluster& cluster, const Deployment& deployment, double demand) {
  Sheet sheet{.key = "stuck_exporter",
              .title = "When exporting stops: until the disk is full, and the way back",
              .method = "closed form at the demand: nothing is removed from the log meanwhile; one copy of each state is on the disk",
              .columns = {{"broker", "fullest disk", ""},
                          {"log", "log, MB/s", "MB/s"},
                          {"reject", "commands rejected after", "s"},
                          {"stop", "replication stops after", "s"}},
              .rows = {},
              .shown = 1,
              .notes = {}};
  const workload::LogOptions limits;
  const double per_partition = demand * static_cast<double>(deployment.service.bytes) / static_cast<double>(deployment.partitions.size());
  std::vector<workload::DiskFill> disks(deployment.machines.size());
  for (std::size_t m = 0; m < disks.size(); ++m) disks[m].disk_bytes = deployment.machines[m].disk_bytes;
  for (const workload::Partition& partition : deployment.partitions) {
    for (const std::uint16_t broker : partition.brokers) {
      workload::DiskFill& disk = disks[deployment.machine_of[broker]];
      disk.log_bytes_per_s += per_partition;
      disk.used_bytes += cluster.state_bytes;
    }
  }
  const auto after = [&](const workload::DiskFill& disk, std::int64_t free) { return workload::time_until_free_below(disk, free); };
  std::vector<std::size_t> order;
  for (std::size_t m = 0; m < disks.size(); ++m) order.push_back(m);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return after(disks[a], limits.free_for_commands) < after(disks[b], limits.free_for_commands); });
  for (const std::size_t m : order)
    sheet.rows.push_back({{deployment.machines[m].name, {}},
                          {significant(disks[m].log_bytes_per_s / 1e6, 3), disks[m].log_bytes_per_s / 1e6},
                          time(after(disks[m], limits.free_for_commands)),
                          time(after(disks[m], limits.free_for_replication))});
  if (deployment.storage.records_per_s > 0) {
    const workload::Backlog flow{.in_per_s = demand * deployment.service.exported, .out_per_s = deployment.storage.records_per_s};
    const Duration way_back = workload::drain_time(flow, 1h);
    sheet.notes.push_back(way_back == Duration::max() ? "The secondary storage takes less than is written: a backlog never drains."
                                                      : "An hour without it leaves " + significant(workload::after(flow, 1h), 3) + " records, gone " +
                                                            human_time(seconds(way_back), 2) + " after it is back.");
  }
  return sheet;
}

}  // namespace

void add_load(const Scenario& scenario, const world::Options& world, std::size_t index, const std::string& of, Book& book) {
  const Cluster& cluster = scenario.clusters[index];
  const Deployment deployment = deployment_of(scenario, world, index);
  const double demand = demand_of(cluster);
  const auto add = [&](Sheet sheet) {
    sheet.key += of;
    book.sheets.push_back(std::move(sheet));
  };
  add(states_sheet(cluster, world, deployment, demand));
  add(curve_sheet(cluster, deployment));
  add(scale_sheet(scenario, index, deployment));
  if (deployment.service.exported > 0 && demand > 0) add(backlog_sheet(cluster, deployment, demand));
}

}  // namespace nines::scenarios
