#include "analysis/export/run_file.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "analysis/stats/capabilities.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {
namespace {

Variable along(std::vector<std::string> dimensions, std::string path, std::string long_name, std::string units, std::vector<std::string> flags = {}) {
  return {std::move(path), std::move(dimensions), std::move(long_name), std::move(units), std::move(flags)};
}

std::vector<std::int64_t> count_up(std::size_t n) {
  std::vector<std::int64_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

double or_missing(const std::optional<double>& value) { return value.value_or(std::numeric_limits<double>::quiet_NaN()); }

// What did not come to pass within the run is missing.
double at_or_missing(Instant at) { return at == never ? std::numeric_limits<double>::quiet_NaN() : in_seconds(at.time_since_epoch()); }

struct ProcedureStep {
  const char* name;
  Instant world::Procedure::*at;
  const char* long_name;
};
constexpr ProcedureStep procedure_steps[] = {
    {"detected", &world::Procedure::detected, "when somebody knew that it was the region"},
    {"decided", &world::Procedure::decided, "when somebody had decided to go on without it"},
    {"rerouted", &world::Procedure::rerouted, "when users were sent elsewhere"},
    {"forced", &world::Procedure::forced, "when the region's brokers were removed by force"},
    {"stood_down", &world::Procedure::stood_down, "when the quorums came back before that"},
    {"writable", &world::Procedure::writable, "when every partition could be written again"},
    {"returned", &world::Procedure::returned, "when nothing kept the region's brokers from running any more"},
    {"rejoined", &world::Procedure::rejoined, "when they were let in again"},
    {"whole", &world::Procedure::whole, "when all of them held everything and voted"},
};

struct RestorationStep {
  const char* name;
  Instant world::Restoration::*at;
  const char* long_name;
};
constexpr RestorationStep restoration_steps[] = {
    {"backup", &world::Restoration::backup, "when the backup that was restored had begun; negative: before the run"},
    {"detected", &world::Restoration::detected, "when somebody knew"},
    {"decided", &world::Restoration::decided, "when somebody had decided to go back"},
    {"ready", &world::Restoration::ready, "when all machines ran"},
    {"restored", &world::Restoration::restored, "when all brokers ran with what the backup held"},
    {"writable", &world::Restoration::writable, "when every partition could be written again"},
};

template <class T>
std::span<const T> one(const T& value) {
  return {&value, 1};
}

}  // namespace

Result<RunFile> RunFile::create(const std::string& path, const world::Options& options) {
  Result<LabelledFile> file = LabelledFile::create(path);
  if (!file) return fail(std::move(file.error()));
  return RunFile(std::move(*file), options);
}

RunFile::RunFile(LabelledFile file, const world::Options& options) : file_(std::move(file)), reducer_(options) {
  const Layout& layout = reducer_.layout();
  const std::size_t clusters = layout.clusters.size(), partitions = layout.partitions(), zones = layout.zones.size();
  const auto column = [&](const Variable& variable, Type type, const std::vector<std::size_t>& row) { return file_.column(variable, type, row); };
  const Type real = Type::float64;
  down_ = column(along({"replication", "cluster"}, "downtime_s", "time in which some partition of the cluster was not writable", "s"), real, {clusters});
  beside_ = column(
      along({"replication", "cluster"}, "downtime_beside_quorum_loss_s", "part of downtime_s in which the quorum count alone does not say so", "s"),
      real, {clusters});
  down_by_mode_ = column(along({"replication", "cluster", "mode"}, "downtime_by_mode_s", "downtime_s by the mode of the fault that began it", "s"),
                         real, {clusters, layout.modes.size()});
  blackout_ = column(along({"replication", "cluster"}, "total_downtime_s", "time in which no partition of the cluster was writable", "s"), real, {clusters});
  partition_down_ =
      column(along({"replication", "partition"}, "partition_downtime_s", "time in which the partition was not writable", "s"), real, {partitions});
  partition_quorum_ = column(along({"replication", "partition"}, "quorum_loss_s", "time in which the partition had no quorum", "s"), real, {partitions});
  partition_failovers_ = column(along({"replication", "partition"}, "failovers", "failovers of the partition", "1"), Type::int32, {partitions});
  client_down_ = column(along({"replication", "cluster", "zone"}, "client_downtime_s",
                              "time in which the zone's clients could not use a partition, mean over partitions", "s"),
                        real, {clusters, zones});
  faults_ = column(along({"replication"}, "faults", "faults that began", "1"), Type::int64, {});
  history_ = column(along({"replication"}, "history", "fingerprint of faults, role changes and outages", ""), Type::uint64, {});

  const auto modes = [&](const Events& of, const std::string& long_name) {
    return column(along({of.dimension}, of.group + "/mode", long_name, "", layout.modes), Type::int16, {});
  };
  outages_ = events("outages", "outage", "every interval in which a partition was not writable");
  outages_.where = column(along({"outage"}, "outages/partition", "partition, counted from 0 over all clusters", ""), Type::int32, {});
  outages_.start = column(along({"outage"}, "outages/start", "from when the partition was not writable", "s"), real, {});
  outages_.end = column(along({"outage"}, "outages/end", "until when the partition was not writable", "s"), real, {});
  const std::vector<std::string> phases{"election", "quorum", "recovery", "pause", "access"};  // world::Phase, in its order.
  outages_.code = column(along({"outage"}, "outages/phase", "why it was not writable", "", phases), Type::int8, {});
  outages_.mode = modes(outages_, "mode of the fault that triggered it");

  quorum_losses_ = events("quorum_losses", "quorum_loss", "every interval in which a partition had no quorum");
  quorum_losses_.where = column(along({"quorum_loss"}, "quorum_losses/partition", "partition, counted from 0 over all clusters", ""), Type::int32, {});
  quorum_losses_.start = column(along({"quorum_loss"}, "quorum_losses/start", "from when too few voters reached each other", "s"), real, {});
  quorum_losses_.end = column(along({"quorum_loss"}, "quorum_losses/end", "until when too few voters reached each other", "s"), real, {});
  quorum_losses_.mode = modes(quorum_losses_, "mode of the fault that triggered it");

  failovers_ = events("failover_events", "failover", "every failover: from the loss of a leader to the next commit, the quorum intact");
  failovers_.where = column(along({"failover"}, "failover_events/partition", "partition, counted from 0 over all clusters", ""), Type::int32, {});
  failovers_.start = column(along({"failover"}, "failover_events/start", "when the leader was lost", "s"), real, {});
  failovers_.end = column(along({"failover"}, "failover_events/duration", "until the next commit", "s"), real, {});
  failovers_.mode = modes(failovers_, "mode of the fault that triggered it");

  changes_ = events("broker_events", "event", "every change of a broker; those that do not run at the start are there at 0 s");
  changes_.where = column(along({"event"}, "broker_events/broker", "broker, counted from 0 over all clusters", ""), Type::int32, {});
  changes_.start = column(along({"event"}, "broker_events/at", "when it changed", "s"), real, {});
  const std::vector<std::string> whats{"stopped", "started", "paused", "resumed"};  // world::BrokerChange::What, in its order.
  changes_.code = column(along({"event"}, "broker_events/what", "what happened to it", "", whats), Type::int8, {});

  data_losses_ = events("data_losses", "data_loss", "every election of a leader that lacked what had been acknowledged");
  data_losses_.where = column(along({"data_loss"}, "data_losses/partition", "partition, counted from 0 over all clusters", ""), Type::int32, {});
  data_losses_.start = column(along({"data_loss"}, "data_losses/at", "when it was elected", "s"), real, {});
  data_losses_.end = column(along({"data_loss"}, "data_losses/entries", "acknowledged entries that it lacked", "1"), Type::int64, {});
  data_losses_.mode = modes(data_losses_, "mode of the fault that triggered it");

  if (!options.services.capabilities.empty()) declare_capabilities(options);
  declare_procedures(options);
}

void RunFile::declare_capabilities(const world::Options& options) {
  std::vector<std::string> names;
  for (const services::Capability& capability : options.services.capabilities) names.push_back(name_of(options, capability));
  const auto add = [&](const std::string& name) {
    const auto known = std::find(causes_.begin(), causes_.end(), name);
    cause_of_.push_back(static_cast<std::size_t>(known - causes_.begin()));
    if (known == causes_.end()) causes_.push_back(name);
  };
  for (const failure::Mode& mode : options.modes) add(mode.name);
  for (const failure::ScriptedFault& fault : options.script) add(fault.mode);
  for (const failure::Mode& mode : options.services.modes) add(mode.name);
  causes_.emplace_back("unattributed");
  const auto column = [&](const char* name, const std::string& long_name, const std::string& units, Type type, std::vector<std::string> flags = {}) {
    return file_.column(along({"capability_outage"}, std::string("capability_outages/") + name, long_name, units, std::move(flags)), type, {});
  };
  capability_outages_ =
      events("capability_outages", "capability_outage", "every interval in which users missed a capability, for some partitions at least");
  capability_outages_.where = column("capability", "what users missed", "", Type::int16, names);
  capability_outages_.start = column("start", "from when it was missing", "s", Type::float64);
  capability_outages_.end = column("end", "until when it was missing", "s", Type::float64);
  mean_ = column("mean_s", "how long, times the share of the partitions for which it was missing", "s", Type::float64);
  capability_outages_.mode = column("mode", "mode of the fault that triggered it", "", Type::int16, causes_);
}

void RunFile::declare_procedures(const world::Options& options) {
  const Layout& layout = reducer_.layout();
  std::vector<std::string> clusters, regions;
  for (const Layout::Cluster& cluster : layout.clusters) clusters.push_back(cluster.name);
  for (const topology::Region& region : options.topology.regions) regions.push_back(region.name);
  const auto begin = [&](Steps& steps, const std::string& group, const std::string& dimension, const std::string& title, const std::string& lost) {
    steps.of = events(group, dimension, title);
    steps.of.where = file_.column(along({dimension}, group + "/cluster", "cluster", "", clusters), Type::int16, {});
    steps.of.start = file_.column(along({dimension}, group + "/lost", lost, "s"), Type::float64, {});
    steps.of.mode = file_.column(along({dimension}, group + "/mode", "mode of the fault that triggered it", "", layout.modes), Type::int16, {});
  };
  if (!options.failovers.empty()) {
    begin(procedures_, "procedures", "procedure", "every failover to another region by people, and the way back",
          "when the quorums were lost with the region");
    procedures_.region = file_.column(along({"procedure"}, "procedures/region", "the region that was lost", "", regions), Type::int16, {});
    for (const ProcedureStep& step : procedure_steps)
      procedures_.at.push_back(file_.column(along({"procedure"}, std::string("procedures/") + step.name, step.long_name, "s"), Type::float64, {}));
    procedures_.entries =
        file_.column(along({"procedure"}, "procedures/lost_entries", "acknowledged entries that no leader held after the removal", "1"), Type::int64, {});
    procedures_.time = file_.column(
        along({"procedure"}, "procedures/lost_time_s", "of the partition that lost most: how long it takes to write as many", "s"), Type::float64, {});
  }
  if (options.restores.empty()) return;
  begin(restorations_, "restorations", "restoration", "every return to a backup", "when a partition lost the disks of a majority");
  for (const RestorationStep& step : restoration_steps)
    restorations_.at.push_back(file_.column(along({"restoration"}, std::string("restorations/") + step.name, step.long_name, "s"), Type::float64, {}));
}

std::vector<const RunFile::Events*> RunFile::groups() const {
  std::vector<const Events*> declared;
  for (const Events* events :
       {&outages_, &quorum_losses_, &failovers_, &changes_, &data_losses_, &capability_outages_, &procedures_.of, &restorations_.of})
    if (!events->group.empty()) declared.push_back(events);
  return declared;
}

RunFile::Events RunFile::events(const std::string& group, const std::string& dimension, const std::string& title) {
  Events made{.group = group, .dimension = dimension, .title = title};
  file_.group(group);
  made.replication = file_.column(along({dimension}, group + "/replication", "replication in which it happened", ""), Type::int64, {});
  return made;
}

void RunFile::add(const world::Record& record) {
  add_totals(record);
  add_events(record);
  ++replications_;
}

void RunFile::add_totals(const world::Record& record) {
  const Layout& layout = reducer_.layout();
  const std::span<const ClusterEpisodes> episodes = reducer_.reduce(record);
  const std::size_t clusters = layout.clusters.size(), modes = layout.modes.size(), zones = layout.zones.size(), partitions = layout.partitions();
  std::vector<Duration> down(clusters), beside(clusters), blackout(clusters), by_mode(clusters * modes), client(clusters * zones);
  for (std::size_t c = 0; c < clusters; ++c) {
    for (const Episode& episode : episodes[c].down) {
      down[c] += episode.length;
      beside[c] += episode.length - episode.without_quorum;
      by_mode[c * modes + layout.mode(episode.mode)] += episode.length;
    }
    for (const Episode& episode : episodes[c].blackout) blackout[c] += episode.length;
    for (std::size_t z = 0; z < zones; ++z) {
      for (const Episode& episode : episodes[c].clients[z]) client[c * zones + z] += episode.summed;
    }
  }
  std::vector<Duration> partition_down(partitions), partition_quorum(partitions);
  std::vector<std::int64_t> failovers(partitions);
  for (const world::Outage& outage : record.outages) partition_down[outage.partition.index()] += outage.end - outage.start;
  for (const world::QuorumLoss& loss : record.quorum_losses) partition_quorum[loss.partition.index()] += loss.end - loss.start;
  for (const world::Failover& failover : record.failovers) ++failovers[failover.partition.index()];

  const auto append = [&](Column column, const std::vector<Duration>& times) {
    std::vector<double> row;
    row.reserve(times.size());
    for (const Duration time : times) row.push_back(in_seconds(time));
    file_.append(column, std::span<const double>(row));
  };
  append(down_, down);
  append(beside_, beside);
  append(down_by_mode_, by_mode);
  append(blackout_, blackout);
  append(partition_down_, partition_down);
  append(partition_quorum_, partition_quorum);
  file_.append(partition_failovers_, std::span<const std::int64_t>(failovers));
  std::vector<double> client_means;
  client_means.reserve(client.size());
  for (std::size_t at = 0; at < client.size(); ++at) {
    const std::size_t cluster = at / zones;
    client_means.push_back(in_seconds(client[at]) / layout.clusters[cluster].partitions);
  }
  file_.append(client_down_, std::span<const double>(client_means));
  file_.append(faults_, one(static_cast<std::int64_t>(record.faults)));
  file_.append(history_, one(static_cast<std::int64_t>(record.history)));
}

void RunFile::begin_event(Events& events, std::size_t where, Instant start) {
  ++events.rows;
  file_.append(events.replication, one(static_cast<std::int64_t>(replications_)));
  file_.append(events.where, one(static_cast<std::int64_t>(where)));
  file_.append(events.start, one(in_seconds(start.time_since_epoch())));
}

void RunFile::add_events(const world::Record& record) {
  const auto mode = [&](std::uint16_t index) { return static_cast<std::int64_t>(reducer_.layout().mode(index)); };
  for (const world::Outage& outage : record.outages) {
    begin_event(outages_, outage.partition.index(), outage.start);
    file_.append(outages_.end, one(in_seconds(outage.end.time_since_epoch())));
    file_.append(outages_.code, one(static_cast<std::int64_t>(outage.phase)));
    file_.append(outages_.mode, one(mode(outage.mode)));
  }
  for (const world::QuorumLoss& loss : record.quorum_losses) {
    begin_event(quorum_losses_, loss.partition.index(), loss.start);
    file_.append(quorum_losses_.end, one(in_seconds(loss.end.time_since_epoch())));
    file_.append(quorum_losses_.mode, one(mode(loss.mode)));
  }
  for (const world::Failover& failover : record.failovers) {
    begin_event(failovers_, failover.partition.index(), failover.start);
    file_.append(failovers_.end, one(in_seconds(failover.duration)));
    file_.append(failovers_.mode, one(mode(failover.mode)));
  }
  for (const world::BrokerChange& change : record.broker_changes) {
    begin_event(changes_, change.broker.index(), change.at);
    file_.append(changes_.code, one(static_cast<std::int64_t>(change.what)));
  }
  for (const world::DataLoss& loss : record.data_losses) {
    begin_event(data_losses_, loss.partition.index(), loss.at);
    file_.append(data_losses_.end, one(static_cast<std::int64_t>(loss.entries)));
    file_.append(data_losses_.mode, one(mode(loss.mode)));
  }
  for (const services::CapabilityOutage& outage : record.capability_outages) {
    begin_event(capability_outages_, outage.capability, outage.start);
    file_.append(capability_outages_.end, one(in_seconds(outage.end.time_since_epoch())));
    file_.append(mean_, one(in_seconds(outage.mean)));
    const std::size_t cause = outage.mode < cause_of_.size() ? cause_of_[outage.mode] : causes_.size() - 1;
    file_.append(capability_outages_.mode, one(static_cast<std::int64_t>(cause)));
  }
  add_procedures(record);
}

void RunFile::add_procedures(const world::Record& record) {
  const auto mode = [&](std::uint16_t index) { return static_cast<std::int64_t>(reducer_.layout().mode(index)); };
  for (const world::Procedure& procedure : record.procedures) {
    begin_event(procedures_.of, procedure.cluster, procedure.lost);
    file_.append(procedures_.of.mode, one(mode(procedure.mode)));
    file_.append(procedures_.region, one(static_cast<std::int64_t>(procedure.region.index())));
    for (std::size_t s = 0; s < procedures_.at.size(); ++s) file_.append(procedures_.at[s], one(at_or_missing(procedure.*procedure_steps[s].at)));
    file_.append(procedures_.entries, one(static_cast<std::int64_t>(procedure.lost_entries)));
    file_.append(procedures_.time, one(in_seconds(procedure.lost_time)));
  }
  for (const world::Restoration& restoration : record.restorations) {
    begin_event(restorations_.of, restoration.cluster, restoration.lost);
    file_.append(restorations_.of.mode, one(mode(restoration.mode)));
    for (std::size_t s = 0; s < restorations_.at.size(); ++s)
      file_.append(restorations_.at[s], one(at_or_missing(restoration.*restoration_steps[s].at)));
  }
}

Result<void> RunFile::finish(const Provenance& from, const Metrics& metrics) {
  const Layout& layout = reducer_.layout();
  std::vector<std::string> clusters, owners, partition_names, names, units, methods;
  for (const Layout::Cluster& cluster : layout.clusters) clusters.push_back(cluster.name);
  for (std::uint32_t p = 0; p < layout.partitions(); ++p) {
    owners.push_back(layout.clusters[layout.cluster_of(p)].name);
    partition_names.push_back(layout.partition_name(p));
  }
  std::vector<double> values, lows, highs, band_lows, band_highs;
  for (const Metric& metric : metrics) {
    names.push_back(metric.name);
    units.push_back(metric.unit);
    methods.push_back(metric.method);
    values.push_back(or_missing(metric.value));
    lows.push_back(or_missing(metric.low));
    highs.push_back(or_missing(metric.high));
    band_lows.push_back(or_missing(metric.band_low));
    band_highs.push_back(or_missing(metric.band_high));
  }
  const auto numbers = [](std::size_t n) { return count_up(n); };
  const auto texts = [](const std::vector<std::string>& list) { return std::span<const std::string>(list); };
  const auto reals = [](const std::vector<double>& list) { return std::span<const double>(list); };

  file_.coordinate(along({}, "replication", "index of the replication", ""), numbers(replications_), Type::int64);
  file_.coordinate(along({}, "cluster", "name of the cluster", ""), texts(clusters));
  file_.coordinate(along({}, "partition", "partition, counted from 0 over all clusters", ""), numbers(layout.partitions()), Type::int32);
  file_.coordinate(along({}, "zone", "name of the zone", ""), texts(layout.zones));
  file_.coordinate(along({}, "mode", "failure mode", ""), texts(layout.modes));
  file_.coordinate(along({}, "metric", "name of the metric", ""), texts(names));
  file_.variable(along({"partition"}, "partition_name", "cluster and number of the partition", ""), texts(partition_names));
  file_.variable(along({"partition"}, "partition_cluster", "name of the partition's cluster", ""), texts(owners));
  file_.variable(along({"metric"}, "value", "estimate, missing where nothing was seen; see unit", ""), reals(values));
  file_.variable(along({"metric"}, "low", "lower limit at 95 %; see unit", ""), reals(lows));
  file_.variable(along({"metric"}, "high", "upper limit at 95 %; see unit", ""), reals(highs));
  file_.variable(along({"metric"}, "band_low", "lower end over the catalogue's low-high ranges; see unit", ""), reals(band_lows));
  file_.variable(along({"metric"}, "band_high", "upper end over the catalogue's low-high ranges; see unit", ""), reals(band_highs));
  file_.variable(along({"metric"}, "unit", "unit of value, low and high", ""), texts(units));
  file_.variable(along({"metric"}, "method", "how value and limits were found", ""), texts(methods));
  for (const Events* events : groups()) file_.dimension(events->group + '/' + events->dimension, events->rows);

  Attributes attributes{
      {"Conventions", std::string("CF-1.10")},
      {"title", from.question.empty() ? from.scenario : from.question},
      {"source", from.tool + " " + from.version},
      {"scenario", from.scenario},
      {"scenario_hash", from.scenario_hash},
      {"scenario_text", from.scenario_text},
      {"seed", from.seed},
      {"fingerprint", from.fingerprint},
      {"stop_reason", from.stop_reason},
      {"replications", replications_},
      {"simulated_years", from.years},
      {"horizon_s", in_seconds(layout.horizon)},
  };
  if (!from.command.empty()) attributes.push_back({"command", from.command});
  if (from.assumptions) attributes.push_back({"assumptions", *from.assumptions});
  file_.attributes("/", attributes);
  for (const Events* events : groups()) file_.attributes(events->group, {{"title", events->title}});
  return file_.finish();
}

}  // namespace nines::analysis
