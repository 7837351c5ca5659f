// Costs of a cluster's appends, fitted on what a user measured. What fits them is analysis/load/calibrate.hpp; here is whether it can be fitted, and
// what of a scenario the fit sets.
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "analysis/load/calibrate.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

using analysis::significant;

constexpr double poor = 0.2;           // A residual beyond this is warned of.
constexpr double least_rate = 1e-3;    // Commands a second; slower is no load that costs anything.
constexpr double least_spread = 1e-3;  // Of rates: closer ones are the same.
constexpr double least_load = 0.02;    // Of a resource: one that is used less says nothing about its cost.

// A setting is named by its path: its value would be the measurements themselves.
std::string where(const Place& place) {
  return place.line > 0 ? place.file + ':' + std::to_string(place.line) : place.file.substr(0, place.file.find('='));
}
std::string per_cent(double share) { return significant(100 * share, 2) + " %"; }
std::string time_text(double s) { return s == 0 ? "0" : significant(1e6 * s, 4) + "us"; }

// The speed of the machines that were measured.
std::optional<double> measured_speed(const CalibrationDocument& document, const Place& place, const Catalogs& catalogs, const Scenario& scenario,
                                     const Cluster& cluster, Context& context) {
  if (document.type.given) {
    std::vector<std::string> known;
    for (const MachineType& type : catalogs.machines) {
      if (type.name == *document.type) return type.speed;
      known.push_back(type.name);
    }
    context.error(document.type.place, "no machine type is called '" + *document.type + "'" + did_you_mean(*document.type, known, context));
    return std::nullopt;
  }
  std::optional<double> speed;
  for (const NodePool& pool : scenario.topology.pools) {
    if (std::find(cluster.pools.begin(), cluster.pools.end(), pool.name) == cluster.pools.end()) continue;
    if (speed && *speed != pool.machine.speed) {
      context.error(place, "the cluster's pools have machines of unlike speed; 'type' says on which of them it was measured");
      return std::nullopt;
    }
    speed = pool.machine.speed;
  }
  return speed.value_or(1);
}

bool runs_at(double speed, const Scenario& scenario, const Cluster& cluster) {
  return std::all_of(scenario.topology.pools.begin(), scenario.topology.pools.end(), [&](const NodePool& pool) {
    return std::find(cluster.pools.begin(), cluster.pools.end(), pool.name) == cluster.pools.end() || pool.machine.speed == speed;
  });
}

// Lays fitted costs where the scenario says nothing itself, and says where they come from.
class Laying {
 public:
  Laying(const ClusterDocument& written, Cluster& cluster, Context& context) : cluster_(cluster), context_(context) {
    if (written.service) given_ = *written.service;
  }

  void times(const workload::Service& fitted) {
    workload::Service& to = cluster_.costs.service;
    time("processing", given_.processing.given, to.processing_s, fitted.processing_s);
    time("leader", given_.leader.given, to.leader_s, fitted.leader_s);
    time("leaderBatch", given_.leader_batch.given, to.leader_batch_s, fitted.leader_batch_s);
    time("follower", given_.follower.given, to.follower_s, fitted.follower_s);
    time("followerBatch", given_.follower_batch.given, to.follower_batch_s, fitted.follower_batch_s);
    time("gateway", given_.gateway.given, to.gateway_s, fitted.gateway_s);
  }
  void exporter(double s) { time("exporter", given_.exporter.given, cluster_.costs.service.exporter_s, s); }
  void idle_cores(double cores) {
    if (given_.idle_cores.given) return;
    cluster_.costs.service.idle_cores = cores;
    explain("service.idleCores", significant(cores, 4), "");
  }
  void whole_core() {
    if (given_.cpu_share.given) return;
    cluster_.costs.cpu_share = 1;
    explain("service.cpuShare", "1", "; all that slows commands is taken as one core of the leader");
  }
  void client(double round_trip_s) {
    if (cluster_.client_round_trip) return;
    cluster_.client_round_trip = from_seconds(round_trip_s);
    explain("client.roundTrip", time_text(round_trip_s), "; what one client waits beside costs, fsync and round trip");
  }

 private:
  void time(const char* key, bool given, double& target, double s) {
    if (given) return;
    target = s;
    explain(std::string("service.") + key, time_text(s), "");
  }
  // In the place of the profile's value.
  void explain(const std::string& key, std::string value, const char* why) {
    const std::string path = cluster_.path + '.' + key;
    const auto old = std::find_if(context_.explanations.begin(), context_.explanations.end(), [&](const Explanation& one) { return one.path == path; });
    if (old == context_.explanations.end()) return context_.explain_default(path, std::move(value), cluster_.calibration->source + why);
    old->value = std::move(value);
    old->source = cluster_.calibration->source + why;
  }

  Cluster& cluster_;
  Context& context_;
  ServiceDocument given_;
};

// `misses`: how far the fit is from each measurement, of what was measured.
void say_how_well(Calibration::Kind kind, const std::vector<double>& misses, const Place& place, Cluster& cluster, Context& context) {
  double most = 0;
  for (const double miss : misses) most = std::max(most, std::fabs(miss));
  cluster.calibration =
      Calibration{.kind = kind,
                  .source = "fitted on " + std::to_string(misses.size()) + " measurements at " + where(place) + ", residuals up to " + per_cent(most),
                  .line = {}};
  if (most > poor)
    context.warning(place, "these measurements are up to " + per_cent(most) +
                               " off what is fitted on them; a wrong unit, another load beside, or more than one system");
}

void resolve_cpu(const ClusterDocument& written, const ProfileEntry& entry, const Catalogs& catalogs, const Scenario& scenario, Cluster& cluster, Context& context) {
  const CalibrationDocument& document = *written.load->calibrate;
  const Place& place = document.cpu.place;
  const auto speed = measured_speed(document, place, catalogs, scenario, cluster, context);
  if (!speed) return;
  const int brokers = document.brokers.given ? *document.brokers : cluster.brokers;
  const int replication = document.replication.given ? *document.replication : cluster.replication;
  if (replication > brokers) {
    if (!document.replication.given && !document.brokers.given) return;  // Already told of the cluster itself.
    context.error(document.replication.given ? document.replication.place : place,
                  std::to_string(replication) + " replicas need as many brokers; " + std::to_string(brokers) + " were measured");
    return;
  }
  std::vector<double> rates, cores;
  for (const CpuRowDocument& row : *document.cpu) {
    rates.push_back(*row.rate);
    cores.push_back(*row.cores);
  }
  const auto [least, most] = std::minmax_element(rates.begin(), rates.end());
  if (*most < least_rate || *most - *least < least_spread * *most) {
    context.error(place, "only one rate, " + analysis::shortest(*most) +
                             "/s: a line needs two, far apart; the cores of an idle broker, 'rate: 0/s', are one of them");
    return;
  }
  workload::Service shape = entry.costs.service;
  // What was measured holds the batches too.
  shape.leader_batch_s = shape.follower_batch_s = 0;
  const bool exporting = document.exporting.given ? *document.exporting : cluster.exports();
  if (!exporting) shape.exporter_s = 0;
  if (!(shape.processing_s + shape.leader_s + shape.exporter_s + shape.gateway_s + (replication - 1) * shape.follower_s > 0)) {
    context.error(place, "by the profile '" + cluster.profile_name +
                             "' a command costs nothing, so nothing says how the cores divide; write 'service:' instead");
    return;
  }
  const analysis::Line line = analysis::fit_line(rates, cores);
  if (!(line.slope > 0)) {
    context.error(place, "the cores do not grow with the rate: a command would cost " + significant(1e3 * line.slope * brokers, 2) +
                             " core-ms; measure at rates farther apart, and for longer");
    return;
  }
  std::vector<double> at_speed_one;
  for (const double measured : cores) at_speed_one.push_back(measured * *speed);
  analysis::CpuFit fit = analysis::fit_cpu(rates, at_speed_one, brokers, replication, shape);
  std::vector<double> misses;
  for (std::size_t i = 0; i < rates.size(); ++i) misses.push_back((fit.idle_cores + fit.line.slope * rates[i]) / at_speed_one[i] - 1);
  say_how_well(Calibration::Kind::cpu, misses, place, cluster, context);
  if (brokers == cluster.brokers && replication == cluster.replication && runs_at(*speed, scenario, cluster)) cluster.calibration->line = line;
  // Measured are commands; costs are told for each append of one.
  const double appends = cluster.load.kind == Load::Kind::process_instances ? cluster.load.appends_per_instance : 1;
  for (double* cost : {&fit.service.processing_s, &fit.service.leader_s, &fit.service.follower_s, &fit.service.gateway_s, &fit.service.exporter_s})
    *cost /= appends;
  Laying laying(written, cluster, context);
  laying.times(fit.service);
  if (exporting) laying.exporter(fit.service.exporter_s);
  laying.idle_cores(fit.idle_cores);
}

void check_littles_law(const LoopRowDocument& row, Context& context) {
  if (!row.latency.given) return;
  const double waits = *row.clients / *row.throughput;
  if (std::fabs(seconds(*row.latency) / waits - 1) <= poor) return;
  context.warning(row.latency.place, std::to_string(*row.clients) + " clients at " + analysis::shortest(*row.throughput) + "/s wait " +
                                         analysis::human_time(waits, 3) + " for each answer, or pause between them (Little's law)");
}

void resolve_closed_loop(const ClusterDocument& written, const Catalogs& catalogs, const Scenario& scenario, Cluster& cluster, Context& context) {
  const CalibrationDocument& document = *written.load->calibrate;
  const LoopDocument& loop = *document.closed_loop;
  const Place& place = loop.rows.place;
  if (cluster.load.kind == Load::Kind::process_instances) {
    context.error(document.closed_loop.place, "a closed loop measures single appends; with processInstances write {cpu: [{rate, cores}, ...]}");
    return;
  }
  const auto speed = measured_speed(document, place, catalogs, scenario, cluster, context);
  if (!speed) return;
  std::vector<analysis::ClosedLoopRow> rows;
  const LoopRowDocument* alone = nullptr;
  double most = 0;
  bool several = false;
  for (const LoopRowDocument& row : *loop.rows) {
    if (*row.throughput < least_rate) {
      context.error(row.throughput.place, "nothing was answered: such a row says nothing");
      return;
    }
    rows.push_back({*row.clients, *row.throughput, row.latency.given ? seconds(*row.latency) : 0});
    if (*row.clients == 1 && alone == nullptr) alone = &row;
    several = several || *row.clients > 1;
    most = std::max(most, *row.throughput);
  }
  if (alone == nullptr || !several) {
    context.error(place,
                  alone == nullptr
                      ? "no row has one client: what one alone waits is the time that no load changes; measure that too"
                      : "every row has one client: what a command costs shows where many wait; measure with so many that throughput grows no more");
    return;
  }
  const analysis::ClosedLoopSetUp set_up{.replicas = loop.replicas.given ? *loop.replicas : cluster.replication,
                                         .rtt_s = seconds(*loop.rtt),
                                         .flush_s = seconds(*loop.flush),
                                         .bytes = loop.value.given ? std::max<std::int64_t>(1, *loop.value) : cluster.load.bytes};
  const double unloaded = alone->latency.given ? seconds(*alone->latency) : 1 / *alone->throughput;
  const double way = set_up.flush_s + (set_up.replicas > 1 ? set_up.rtt_s : 0);
  if (unloaded < way) {
    context.error(alone->latency.given ? alone->latency.place : alone->throughput.place,
                  "one client waits " + analysis::human_time(unloaded, 3) + ", less than one fsync and one round trip take together, " +
                      analysis::human_time(way, 3) + "; one of them was measured elsewhere");
    return;
  }
  const analysis::ClosedLoopFit fit = analysis::fit_closed_loop(rows, set_up);
  const bool is_finite = std::isfinite(fit.each_s) && std::isfinite(fit.batch_s) && std::isfinite(fit.rest_s) &&
                         std::all_of(fit.residuals.begin(), fit.residuals.end(), [](double miss) { return std::isfinite(miss); });
  if (!is_finite || (fit.each_s * most < least_load && fit.batch_s < least_load * unloaded)) {
    context.error(place, is_finite ? "throughput grows as the clients do, so nothing says what a command costs; measure with more clients"
                                   : "no costs fit these measurements; are clients, throughput and latency of the same run?");
    return;
  }
  for (const LoopRowDocument& row : *loop.rows) check_littles_law(row, context);
  say_how_well(Calibration::Kind::closed_loop, fit.residuals, place, cluster, context);
  if (cluster.partitions > 1)
    context.warning(place, "one group was measured; that " + std::to_string(cluster.partitions) + " groups share what it used up is an assumption");
  if (cluster.cpu_limit > 0)
    context.warning(document.closed_loop.place, "'resources.cpu' has no effect with it: all that slows commands is taken as one core of each broker");
  workload::Service service = fit.deployment().service;
  service.leader_s *= *speed;
  service.leader_batch_s *= *speed;
  Laying laying(written, cluster, context);
  laying.times(service);
  laying.exporter(0);
  laying.idle_cores(0);
  laying.whole_core();
  laying.client(fit.rest_s);
}

}  // namespace

void resolve_calibration(const ClusterDocument& written, const Catalogs& catalogs, const Scenario& scenario, Cluster& cluster, Context& context) {
  const ProfileEntry* entry = written.profile.ok ? catalogs.profile(*written.profile) : nullptr;
  const bool is_there = written.load.ok && written.load->calibrate.given;
  if (!is_there || entry == nullptr || !written.brokers.ok || !written.replication.ok || cluster.load.appends_per_s <= 0) return;
  if (written.load->calibrate->cpu.given)
    resolve_cpu(written, *entry, catalogs, scenario, cluster, context);
  else
    resolve_closed_loop(written, catalogs, scenario, cluster, context);
}

}  // namespace nines::scenarios
