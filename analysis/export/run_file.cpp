#include "analysis/export/run_file.hpp"

#include <limits>
#include <numeric>
#include <span>
#include <utility>

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
  for (const Events* events : {&outages_, &quorum_losses_, &failovers_, &changes_})
    file_.dimension(events->group + '/' + events->dimension, events->rows);

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
  for (const Events* events : {&outages_, &quorum_losses_, &failovers_, &changes_}) file_.attributes(events->group, {{"title", events->title}});
  return file_.finish();
}

}  // namespace nines::analysis
