#include "analysis/export/timeline_file.hpp"

#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace nines::analysis {
namespace {

using workload::PartitionInterval;
using workload::Station;

constexpr const char* one_history = "one simulated history, see the attribute seed";

}  // namespace

Result<TimelineFile> TimelineFile::create(const std::string& path) {
  Result<LabelledFile> file = LabelledFile::create(path);
  if (!file) return fail(std::move(file.error()));
  return TimelineFile(std::move(*file));
}

void TimelineFile::add_times(const workload::Timeline& timeline) {
  std::vector<double> begins;
  for (const workload::Interval& interval : timeline.intervals) begins.push_back(in_seconds(interval.from));
  file_.coordinate(Variable{"time", {}, "start of the interval, from the start of the incident", "s", {}}, std::span<const double>(begins));
  const auto counts = [&](const char* name, const char* long_name, const char* units, auto of) {
    const auto column = file_.column({name, {"time"}, long_name, units, {}}, Type::int64, {});
    for (const workload::Interval& interval : timeline.intervals) {
      const auto value = static_cast<std::int64_t>(of(interval));
      file_.append(column, std::span<const std::int64_t>(&value, 1));
    }
  };
  const auto times = [&](const char* name, const char* long_name, auto of) {
    const auto column = file_.column({name, {"time"}, long_name, "s", {}}, Type::float64, {});
    for (const workload::Interval& interval : timeline.intervals) {
      const double value = of(interval);
      file_.append(column, std::span<const double>(&value, 1));
    }
  };
  times("time_end", "end of the interval, from the start of the incident", [](const workload::Interval& i) { return in_seconds(i.to); });
  counts("offered", "commands that clients sent", "1", [](const workload::Interval& i) { return i.counts.offered; });
  counts("accepted", "commands that a leader let in", "1", [](const workload::Interval& i) { return i.counts.accepted; });
  counts("completed", "commands answered in time", "1", [](const workload::Interval& i) { return i.counts.completed; });
  counts("failed", "commands whose client was told of an error", "1", [](const workload::Interval& i) { return i.counts.failed; });
  counts("timed_out", "commands that their client gave up", "1", [](const workload::Interval& i) { return i.counts.timed_out; });
  counts("retried", "attempts of gateways at another partition", "1", [](const workload::Interval& i) { return i.counts.retried; });
  const std::size_t reasons[] = {workload::rejections};
  const auto rejected = file_.column({"rejected", {"time", "reason"}, "commands that were not let in, by reason", "1", {}}, Type::int64, reasons);
  for (const workload::Interval& interval : timeline.intervals) {
    std::int64_t row[workload::rejections];
    for (std::size_t r = 0; r < workload::rejections; ++r) row[r] = static_cast<std::int64_t>(interval.counts.rejected[r]);
    file_.append(rejected, std::span<const std::int64_t>(row));
  }
  const auto latency = [&](const char* name, const char* long_name, Duration workload::Latency::*member) {
    times(name, long_name, [member](const workload::Interval& i) {
      return i.latency.count == 0 ? std::numeric_limits<double>::quiet_NaN() : in_seconds(i.latency.*member);
    });
  };
  latency("latency_p50", "median latency of the commands completed, from sending to answer", &workload::Latency::p50);
  latency("latency_p90", "90th percentile of latency_p50's commands", &workload::Latency::p90);
  latency("latency_p99", "99th percentile of latency_p50's commands", &workload::Latency::p99);
  latency("latency_max", "longest of latency_p50's commands", &workload::Latency::max);
  counts("in_flight", "commands sent and not yet ended, at the interval's end", "1", [](const workload::Interval& i) { return i.in_flight; });
  counts("export_backlog", "records processed and not yet exported, at the interval's end", "1",
         [](const workload::Interval& i) { return i.export_backlog; });
  counts("log_bytes", "log on the machine whose disk holds most, at the interval's end", "byte",
         [](const workload::Interval& i) { return i.log_bytes; });
}

void TimelineFile::add_partitions(const workload::Timeline& timeline, std::size_t partitions) {
  std::vector<std::int64_t> numbers(partitions);
  std::iota(numbers.begin(), numbers.end(), 0);
  file_.coordinate(Variable{"partition", {}, "partition of the cluster, counted from 0", "", {}}, std::span<const std::int64_t>(numbers), Type::int32);
  const std::size_t row_of[] = {partitions};
  const auto add = [&](const char* name, const char* long_name, const char* units, Type type, auto of) {
    const auto column = file_.column({name, {"time", "partition"}, long_name, units, {}}, type, row_of);
    std::vector<std::int64_t> row(partitions);
    for (const workload::Interval& interval : timeline.intervals) {
      for (std::size_t p = 0; p < partitions; ++p) row[p] = static_cast<std::int64_t>(of(interval.partitions[p]));
      file_.append(column, std::span<const std::int64_t>(row));
    }
  };
  add("leader", "broker that leads at the interval's end, -1: none", "", Type::int16, [](const PartitionInterval& p) { return p.leader; });
  add("partition_in_flight", "commands let in and not yet answered, at the interval's end", "1", Type::int64,
      [](const PartitionInterval& p) { return p.in_flight; });
  add("partition_completed", "commands answered in time", "1", Type::int64, [](const PartitionInterval& p) { return p.completed; });
  add("partition_export_backlog", "records processed and not yet exported, at the interval's end", "1", Type::int64,
      [](const PartitionInterval& p) { return p.export_backlog; });
}

void TimelineFile::add_stations(const workload::Deployment& deployment, const workload::Timeline& timeline) {
  std::vector<std::string> names, resources;
  std::vector<double> used, present, sojourn;
  std::vector<std::int64_t> arrivals, completions, decides;
  for (const Station& station : timeline.stations) {
    names.push_back(workload::name(station, deployment));
    resources.emplace_back(workload::name(station.resource));
    used.push_back(station.utilisation);
    present.push_back(station.mean_number);
    sojourn.push_back(station.completions > 0 ? station.mean_sojourn_s : std::numeric_limits<double>::quiet_NaN());
    arrivals.push_back(static_cast<std::int64_t>(station.arrivals));
    completions.push_back(static_cast<std::int64_t>(station.completions));
    decides.push_back(station.decides ? 1 : 0);
  }
  const auto variable = [](const char* name, const char* long_name, const char* units) { return Variable{name, {"station"}, long_name, units, {}}; };
  file_.coordinate(Variable{"station", {}, "where work waits and is done", "", {}}, std::span<const std::string>(names));
  file_.variable(variable("resource", "what it is to the bottleneck law", ""), std::span<const std::string>(resources));
  file_.variable(variable("utilisation", "share of its capacity that was used, over the whole time", "1"), std::span<const double>(used));
  file_.variable(variable("mean_number", "what is there on average, waiting or served", "1"), std::span<const double>(present));
  file_.variable(variable("mean_sojourn", "time there on average, of what was done", "s"), std::span<const double>(sojourn));
  file_.variable(variable("arrivals", "what came", "1"), std::span<const std::int64_t>(arrivals), Type::int64);
  file_.variable(variable("completions", "what was done", "1"), std::span<const std::int64_t>(completions), Type::int64);
  file_.variable(variable("decides", "1 where somebody waits for it, 0 where the quorum does without it", ""), std::span<const std::int64_t>(decides), Type::int8);
}

Result<void> TimelineFile::finish(const workload::Deployment& deployment, const workload::Timeline& timeline, const Provenance& from) {
  std::vector<std::string> reasons;
  for (std::size_t r = 0; r < workload::rejections; ++r) reasons.emplace_back(workload::name(static_cast<workload::Rejected>(r)));
  file_.coordinate(Variable{"reason", {}, "why commands were not let in", "", {}}, std::span<const std::string>(reasons));
  add_times(timeline);
  add_partitions(timeline, deployment.partitions.size());
  add_stations(deployment, timeline);
  Attributes attributes{
      {"Conventions", std::string("CF-1.10")},
      {"title", from.question.empty() ? from.scenario : from.question},
      {"source", from.tool + " " + from.version},
      {"method", std::string(one_history)},
      {"scenario", from.scenario},
      {"scenario_text", from.scenario_text},
      {"seed", from.seed},
      {"fingerprint", hexadecimal(timeline.fingerprint)},
      {"offered_in_all", static_cast<std::int64_t>(timeline.total.offered)},
      {"in_flight_at_end", timeline.in_flight},
      {"lost_entries", static_cast<std::int64_t>(timeline.lost)},
  };
  if (!from.command.empty()) attributes.push_back({"command", from.command});
  file_.attributes("/", attributes);
  return file_.finish();
}

}  // namespace nines::analysis
