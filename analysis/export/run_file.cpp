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

// Divided, not multiplied by 1e-9 as seconds() does: a year is 31557600, not 31557600.000000004.
double in_seconds(Duration time) { return static_cast<double>(time.count()) / 1e9; }

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

  file_.group("outages");
  const std::vector<std::string> dimension{"outage"};
  const std::vector<std::string> phases{"election", "quorum", "recovery", "pause", "access"};  // world::Phase, in its order.
  outage_replication_ = column(along(dimension, "outages/replication", "replication in which it happened", ""), Type::int64, {});
  outage_partition_ = column(along(dimension, "outages/partition", "partition, counted from 0 over all clusters", ""), Type::int32, {});
  outage_start_ = column(along(dimension, "outages/start", "from when the partition was not writable", "s"), real, {});
  outage_end_ = column(along(dimension, "outages/end", "until when the partition was not writable", "s"), real, {});
  outage_phase_ = column(along(dimension, "outages/phase", "why it was not writable", "", phases), Type::int8, {});
  outage_mode_ = column(along(dimension, "outages/mode", "mode of the fault that triggered it", "", layout.modes), Type::int16, {});
}

void RunFile::add(const world::Record& record) {
  add_totals(record);
  add_outages(record);
  ++replications_;
}

void RunFile::add_totals(const world::Record& record) {
  const Layout& layout = reducer_.layout();
  const std::span<const ClusterEpisodes> episodes = reducer_.reduce(record);
  const std::size_t clusters = layout.clusters.size(), modes = layout.modes.size(), zones = layout.zones.size(), partitions = layout.partitions();
  std::vector<Duration> down(clusters), blackout(clusters), by_mode(clusters * modes), client(clusters * zones);
  for (std::size_t c = 0; c < clusters; ++c) {
    for (const Episode& episode : episodes[c].down) {
      down[c] += episode.length;
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

void RunFile::add_outages(const world::Record& record) {
  for (const world::Outage& outage : record.outages) {
    file_.append(outage_replication_, one(static_cast<std::int64_t>(replications_)));
    file_.append(outage_partition_, one(static_cast<std::int64_t>(outage.partition.index())));
    file_.append(outage_start_, one(in_seconds(outage.start.time_since_epoch())));
    file_.append(outage_end_, one(in_seconds(outage.end.time_since_epoch())));
    file_.append(outage_phase_, one(static_cast<std::int64_t>(outage.phase)));
    file_.append(outage_mode_, one(static_cast<std::int64_t>(reducer_.layout().mode(outage.mode))));
  }
  outages_ += record.outages.size();
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
  file_.variable(along({"metric"}, "value", "estimate, missing where nothing was seen", ""), reals(values));
  file_.variable(along({"metric"}, "low", "lower limit at 95 %", ""), reals(lows));
  file_.variable(along({"metric"}, "high", "upper limit at 95 %", ""), reals(highs));
  file_.variable(along({"metric"}, "band_low", "lower end over the catalogue's low-high ranges", ""), reals(band_lows));
  file_.variable(along({"metric"}, "band_high", "upper end over the catalogue's low-high ranges", ""), reals(band_highs));
  file_.variable(along({"metric"}, "unit", "unit of value, low and high", ""), texts(units));
  file_.variable(along({"metric"}, "method", "how value and limits were found", ""), texts(methods));
  file_.dimension("outages/outage", outages_);

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
  file_.attributes("outages", {{"title", std::string("every interval in which a partition was not writable")}});
  return file_.finish();
}

}  // namespace nines::analysis
