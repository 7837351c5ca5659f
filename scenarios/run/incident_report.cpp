#include "scenarios/run/incident_report.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "analysis/stats/provenance.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/deployment_of.hpp"
#include "scenarios/run/incident_facts.hpp"
#include "scenarios/run/incident_people.hpp"
#include "scenarios/run/incident_picture.hpp"

namespace nines::scenarios {
namespace {

using analysis::counted;
using analysis::fixed;
using analysis::grouped;
using analysis::human_time;
using analysis::significant;
using workload::Counts;
using workload::Interval;
using workload::Rejected;

constexpr std::size_t most_told = 4;  // Faults that the headline names.

Cell count_cell(std::uint64_t n) { return {grouped(n), static_cast<double>(n)}; }
Cell rate_cell(double per_s) { return {significant(per_s, 3), per_s}; }
Cell percent_cell(double share) { return {fixed(100 * share, 1) + " %", share}; }
Cell time_cell(Duration time) { return {human_time(seconds(time), 3), seconds(time)}; }
Cell latency_cell(std::uint64_t count, Duration time) { return count > 0 ? time_cell(time) : Cell{"-", {}}; }

std::string method_of(const Played& played) { return "one simulated history, seed " + std::to_string(played.seed); }

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  return " (" + (percent > 0 && percent < 0.1 ? "< 0.1" : part < whole && percent > 99.9 ? "> 99.9" : fixed(percent, 1)) + " %)";
}

std::string fault_line(const IncidentFault& fault) {
  return "At " + clock_text(fault.from) + ' ' + fault.what + ", for " + human_time(seconds(fault.to - fault.from), 3) + '.';
}

std::string commands_line(const Played& played, const std::string& commands) {
  const Counts& all = played.timeline.total;
  const double per_s = static_cast<double>(all.offered) / seconds(played.incident.length);
  std::string out = counted(all.offered, commands) + " offered (" + significant(per_s, 3) + " /s), " + grouped(all.completed) + " completed" +
                    share_text(all.completed, all.offered) + ", ";
  std::string reasons;
  for (std::size_t r = 0; r < workload::rejections; ++r)
    if (all.rejected[r] > 0) reasons += (reasons.empty() ? "" : ", ") + grouped(all.rejected[r]) + ' ' + name(static_cast<Rejected>(r));
  out += grouped(all.rejected_in_all()) + " rejected" + (reasons.empty() ? "" : " (" + reasons + ")") + ", " + grouped(all.failed) + " failed, " +
         grouped(all.timed_out) + " timed out, " + grouped(static_cast<std::uint64_t>(played.timeline.in_flight)) + " still in work at the end.";
  return out;
}

std::string gap_line(const Played& played) {
  if (played.timeline.total.completed == 0) return "Nothing was completed.";
  const Gap gap = longest_gap(played.timeline);
  if (gap.length() < 1s && gap.length() + gap.blur <= 2s) return "No second passed without a completion.";
  return "The longest time without a completion: " + human_time(seconds(gap.length()), 3) + " from " + clock_text(gap.from) + " on" +
         (gap.blur > 0ns ? ", to within " + human_time(seconds(gap.blur), 2) : "") + '.';
}

std::vector<std::string> normality_lines(const Played& played) {
  const auto usual = usual_latency(played);
  if (!usual) return {"When latency is back to normal is not told: too few commands came before the first fault."};
  std::vector<std::string> lines;
  for (const Normality& one : normal_again(played)) {
    const IncidentFault& fault = played.faults[one.fault];
    const Instant since = one.at_its_end ? fault.to : fault.from;
    const std::string when = one.at_its_end ? "After the end of '" + fault.label + "'" : "After '" + fault.label + "'";
    if (!one.from)
      lines.push_back(when + " latency is not back to normal before the next that happens, or the end.");
    else if (*one.from > since + 100ms)
      lines.push_back(when + " latency is back to normal in " + human_time(seconds(*one.from - since), 3) + '.');
    else
      lines.push_back(when + " latency stays normal.");
    if (lines.size() == 2 * most_told) break;
  }
  if (!lines.empty())
    lines.back() += " (Normal: nine of ten commands within " + human_time(seconds(*usual), 3) + ", the 99th percentile before the first fault.)";
  return lines;
}

const char* limiter_of(const workload::FlowControl& flow) {
  switch (flow.requests.kind) {
    case workload::RequestLimitOptions::Kind::off: return flow.writes == workload::WriteLimitOptions{} ? "off" : "write limit";
    case workload::RequestLimitOptions::Kind::fixed: return "fixed limit";
    case workload::RequestLimitOptions::Kind::aimd: return "AIMD";
    case workload::RequestLimitOptions::Kind::vegas: return "Vegas";
  }
  return "?";
}

std::string limiter_line(const Played& played, const std::string& commands) {
  if (!played.unlimited && played.unlimited_ends.empty()) return "Flow control is off: nobody is rejected for being too many.";
  const Counts& with = played.timeline.total;
  const auto limit = static_cast<std::size_t>(Rejected::request_limit), writes = static_cast<std::size_t>(Rejected::write_limit);
  const double length = seconds(played.incident.length);
  const auto per_s = [&](std::uint64_t n) { return significant(static_cast<double>(n) / length, 4) + " /s"; };
  const auto p99 = [](const workload::Timeline& of) {
    return of.latency.count() > 0 ? ", p99 " + human_time(seconds(of.latency.quantile(0.99)), 3) : std::string();
  };
  const std::string line = std::string("Flow control (") + limiter_of(played.options.flow) + ") rejected " +
                           counted(with.rejected[limit] + with.rejected[writes], commands) + " and completed " + per_s(with.completed) + p99(played.timeline);
  if (!played.unlimited) return line + "; without it the same load is more than can be simulated: " + played.unlimited_ends + '.';
  const Counts& without = played.unlimited->total;
  return line + "; without it the same load has " + per_s(without.completed) + " completed" + p99(*played.unlimited) + ", " +
         grouped(without.timed_out) + " timed out.";
}

std::string busiest_line(const Played& played) {
  const workload::Station* busiest = played.timeline.busiest();
  if (busiest == nullptr) return "";
  return "Busiest over the whole time: " + name(*busiest, played.deployment) + ", " + fixed(100 * busiest->utilisation, 1) + " % used.";
}

Sheet outcome_sheet(const Played& played) {
  Sheet sheet{.key = "outcome",
              .title = "What became of the commands",
              .method = method_of(played) + "; latency of what was completed, from sending to answer",
              .columns = {{"flow_control", "flow control", ""},
                          {"offered", "offered", "1"},
                          {"completed", "completed", "1"},
                          {"rejected_request_limit", "request limit", "1"},
                          {"rejected_write_limit", "write limit", "1"},
                          {"rejected_disk_full", "disk full", "1"},
                          {"rejected_no_leader", "no leader", "1"},
                          {"failed", "failed", "1"},
                          {"timed_out", "timed out", "1"},
                          {"in_flight", "in work", "1"},
                          {"accepted", "", "1"},
                          {"retried", "", "1"},
                          {"lost_entries", "", "1"},
                          {"latency_p50", "p50", "s"},
                          {"latency_p99", "p99", "s"},
                          {"latency_max", "longest", "s"},
                          {"seed", "", ""},
                          {"fingerprint", "", ""}},
              .rows = {},
              .notes = {}};
  const auto add = [&](const std::string& what, const workload::Timeline& timeline) {
    const Counts& n = timeline.total;
    const std::uint64_t count = timeline.latency.count();
    sheet.rows.push_back({{what, {}},
                          count_cell(n.offered),
                          count_cell(n.completed),
                          count_cell(n.rejected[0]),
                          count_cell(n.rejected[1]),
                          count_cell(n.rejected[2]),
                          count_cell(n.rejected[3]),
                          count_cell(n.failed),
                          count_cell(n.timed_out),
                          count_cell(static_cast<std::uint64_t>(timeline.in_flight)),
                          count_cell(n.accepted),
                          count_cell(n.retried),
                          count_cell(timeline.lost),
                          latency_cell(count, timeline.latency.quantile(0.5)),
                          latency_cell(count, timeline.latency.quantile(0.99)),
                          latency_cell(count, timeline.latency.max()),
                          {std::to_string(played.seed), {}},
                          {analysis::hexadecimal(timeline.fingerprint), {}}});
  };
  add(limiter_of(played.options.flow), played.timeline);
  if (played.unlimited) add("off, same load", *played.unlimited);
  return sheet;
}

Sheet phase_sheet(const Played& played) {
  Sheet sheet{.key = "phases",
              .title = "Phases",
              .method = method_of(played) + "; failed and timed out are commands, the latencies those of the phase's completions",
              .columns = {{"phase", "phase", ""},
                          {"from", "from", "s"},
                          {"length", "length", "s"},
                          {"offered", "offered /s", "1/s"},
                          {"completed", "completed /s", "1/s"},
                          {"rejected", "rejected /s", "1/s"},
                          {"failed", "failed", "1"},
                          {"timed_out", "timed out", "1"},
                          {"latency_p50", "p50", "s"},
                          {"latency_p90", "", "s"},
                          {"latency_p99", "p99", "s"},
                          {"latency_max", "longest", "s"},
                          {"in_flight", "in work", "1"},
                          {"export_backlog", "not exported", "1"}},
              .rows = {},
              .shown = 20,
              .notes = {"In work and records not exported: at the phase's end."}};
  for (const IncidentPhase& phase : played.phases) {
    const Interval& of = phase.of;
    sheet.rows.push_back({{phase.name, {}},
                          {clock_text(phase.from), seconds(phase.from - Instant{})},
                          time_cell(phase.to - phase.from),
                          rate_cell(of.per_s(of.counts.offered)),
                          rate_cell(of.per_s(of.counts.completed)),
                          rate_cell(of.per_s(of.counts.rejected_in_all())),
                          count_cell(of.counts.failed),
                          count_cell(of.counts.timed_out),
                          latency_cell(of.latency.count, of.latency.p50),
                          latency_cell(of.latency.count, of.latency.p90),
                          latency_cell(of.latency.count, of.latency.p99),
                          latency_cell(of.latency.count, of.latency.max),
                          count_cell(static_cast<std::uint64_t>(of.in_flight)),
                          count_cell(static_cast<std::uint64_t>(of.export_backlog))});
  }
  return sheet;
}

Sheet station_sheet(const Played& played) {
  Sheet sheet{.key = "stations",
              .title = "Where commands wait, the busiest first",
              .method = method_of(played) + "; over the whole time, also while brokers were away",
              .columns = {{"station", "station", ""},
                          {"resource", "resource", ""},
                          {"utilisation", "used", "1"},
                          {"arrivals", "arrivals /s", "1/s"},
                          {"mean_number", "there on average", "1"},
                          {"mean_sojourn", "time there", "s"},
                          {"decides", "on the way", ""}},
              .rows = {},
              .shown = 6,
              .notes = {}};
  std::vector<const workload::Station*> order;
  for (const workload::Station& station : played.timeline.stations) order.push_back(&station);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->utilisation > b->utilisation; });
  for (const workload::Station* station : order) {
    sheet.rows.push_back({{name(*station, played.deployment), {}},
                          {name(station->resource), {}},
                          percent_cell(station->utilisation),
                          rate_cell(static_cast<double>(station->arrivals) / seconds(played.incident.length)),
                          {significant(station->mean_number, 3), station->mean_number},
                          {station->completions > 0 ? human_time(station->mean_sojourn_s, 3) : "-", station->mean_sojourn_s},
                          {station->decides ? "yes" : "no", {}}});
  }
  return sheet;
}

struct TimelineColumn {
  std::string key, unit;
  std::function<double(const Interval&)> value;
};
std::vector<TimelineColumn> timeline_columns(std::size_t partitions) {
  const auto count = [](auto of) { return [of](const Interval& i) { return static_cast<double>(of(i)); }; };
  const auto time = [](Duration workload::Latency::*member) { return [member](const Interval& i) { return seconds(i.latency.*member); }; };
  std::vector<TimelineColumn> columns{
      {"from", "s", [](const Interval& i) { return seconds(i.from - Instant{}); }},
      {"to", "s", [](const Interval& i) { return seconds(i.to - Instant{}); }},
      {"offered", "1", count([](const Interval& i) { return i.counts.offered; })},
      {"accepted", "1", count([](const Interval& i) { return i.counts.accepted; })},
      {"completed", "1", count([](const Interval& i) { return i.counts.completed; })},
      {"rejected_request_limit", "1", count([](const Interval& i) { return i.counts.rejected[0]; })},
      {"rejected_write_limit", "1", count([](const Interval& i) { return i.counts.rejected[1]; })},
      {"rejected_disk_full", "1", count([](const Interval& i) { return i.counts.rejected[2]; })},
      {"rejected_no_leader", "1", count([](const Interval& i) { return i.counts.rejected[3]; })},
      {"failed", "1", count([](const Interval& i) { return i.counts.failed; })},
      {"timed_out", "1", count([](const Interval& i) { return i.counts.timed_out; })},
      {"latency_p50", "s", time(&workload::Latency::p50)},
      {"latency_p90", "s", time(&workload::Latency::p90)},
      {"latency_p99", "s", time(&workload::Latency::p99)},
      {"latency_max", "s", time(&workload::Latency::max)},
      {"in_flight", "1", count([](const Interval& i) { return i.in_flight; })},
      {"export_backlog", "1", count([](const Interval& i) { return i.export_backlog; })},
      {"log_bytes", "B", count([](const Interval& i) { return i.log_bytes; })},
  };
  for (std::size_t p = 0; p < partitions; ++p)
    columns.push_back({"leader_" + std::to_string(p + 1), "1", count([p](const Interval& i) { return i.partitions[p].leader; })});
  return columns;
}
bool is_absent(const TimelineColumn& column, const Interval& interval) { return column.key.starts_with("latency") && interval.latency.count == 0; }

Sheet timeline_sheet(const Played& played) {
  Sheet sheet{.key = "timeline",
              .title = "Timeline",
              .method = method_of(played) + "; in work, not exported and leaders at each interval's end, leader -1: none",
              .columns = {},
              .rows = {},
              .shown = 0,
              .notes = {}};
  const auto columns = timeline_columns(played.deployment.partitions.size());
  for (const TimelineColumn& column : columns) sheet.columns.push_back({column.key, column.key, column.unit});
  for (const Interval& interval : played.timeline.intervals) {
    std::vector<Cell>& row = sheet.rows.emplace_back();
    for (const TimelineColumn& column : columns) row.push_back(is_absent(column, interval) ? Cell{"", {}} : Cell{"", column.value(interval)});
  }
  return sheet;
}

Sheet change_sheet(const Played& played) {
  Sheet sheet{.key = "changes",
              .title = "What happened to the cluster",
              .method = method_of(played) + "; elections are simulated message by message",
              .columns = {{"at", "at", "s"}, {"what", "what", ""}, {"broker", "broker", ""}, {"to", "", ""}, {"partition", "partition", ""}},
              .rows = {},
              .shown = 12,
              .notes = {}};
  using Kind = workload::Change::Kind;
  for (const workload::Change& change : played.options.changes) {
    const bool of_partition = change.kind == Kind::leader_serves || change.kind == Kind::leader_lost || change.kind == Kind::replica_removed ||
                              change.kind == Kind::replica_joins;
    const bool of_link = change.kind == Kind::link_cut || change.kind == Kind::link_heals;
    const bool of_broker = change.kind != Kind::leader_lost && change.kind != Kind::export_stops && change.kind != Kind::export_resumes;
    const std::string broker = std::to_string(change.broker), to = std::to_string(change.to);
    sheet.rows.push_back({{clock_text(change.at), seconds(change.at - Instant{})},
                          {name(change.kind), {}},
                          {of_link     ? broker + " and " + to
                           : of_broker ? broker
                                       : "",
                           {}},
                          {of_link ? to : "", {}},
                          {of_partition ? std::to_string(change.partition + 1) : "", {}}});
  }
  return sheet;
}

std::string place_of(const workload::Limit& limit, const workload::Deployment& deployment) {
  std::string out = name(limit.resource);
  if (limit.where < 0) return out;
  using enum workload::Resource;
  const auto where = static_cast<std::size_t>(limit.where);
  const bool of_machine = limit.resource == cpu || limit.resource == disk_bytes || limit.resource == flush_rate || limit.resource == network_bytes;
  return out + (of_machine ? " of " + deployment.machines[where].name : " of partition " + std::to_string(limit.where + 1));
}

struct LawRow {
  std::string state;
  workload::Capacity capacity;
};
std::vector<LawRow> law_of(const Played& played) {
  const workload::Routing routing = played.incident.load.routing;
  std::vector<LawRow> rows{{"primaries lead", workload::capacity(played.deployment, workload::healthy(played.deployment), routing)}};
  for (const IncidentPhase& phase : played.phases) rows.push_back({phase.name, workload::capacity(played.deployment, phase.state, routing)});
  return rows;
}

Sheet law_sheet(const Played& played) {
  const bool even = played.incident.load.routing == workload::Routing::even;
  Sheet sheet{.key = "law",
              .title = "What the cluster carries, by the bottleneck law",
              .method = std::string("exact for the state at each phase's end; ") +
                        (even ? "each partition gets the same, so the fullest one decides" : "what one partition cannot take another can"),
              .columns = {{"state", "state", ""},
                          {"capacity", "carries /s", "1/s"},
                          {"binding", "binding", ""},
                          {"next_per_s", "next at /s", "1/s"},
                          {"next", "next", ""}},
              .rows = {},
              .shown = 8,
              .notes = {}};
  for (const LawRow& row : law_of(played)) {
    const workload::Capacity& c = row.capacity;
    const bool bound = std::isfinite(c.per_s), followed = bound && std::isfinite(c.next.per_s) && c.next.per_s > 0;
    sheet.rows.push_back({{row.state, {}},
                          bound ? rate_cell(c.per_s) : Cell{"no limit", {}},
                          {bound ? place_of(c.binding, played.deployment) : "", {}},
                          followed ? rate_cell(c.next.per_s) : Cell{"-", {}},
                          {followed ? place_of(c.next, played.deployment) : "", {}}});
  }
  return sheet;
}

std::string law_line(const Played& played) {
  const std::vector<LawRow> rows = law_of(played);
  const auto say = [&](const LawRow& row) {
    return significant(row.capacity.per_s, 3) + " /s (" + place_of(row.capacity.binding, played.deployment) + ")";
  };
  const LawRow& before = rows[1];
  const LawRow& least =
      *std::min_element(rows.begin() + 1, rows.end(), [](const LawRow& a, const LawRow& b) { return a.capacity.per_s < b.capacity.per_s; });
  if (!std::isfinite(before.capacity.per_s)) return "";
  const std::string when = before.state == "before" ? " before" : before.state == "all the time" ? "" : " at first, '" + before.state + "'";
  std::string out = "By the bottleneck law the cluster carries " + say(before) + when;
  if (least.capacity.per_s < before.capacity.per_s) out += ", and " + say(least) + " in the worst phase, '" + least.state + "'";
  return out + '.';
}

bool degrades_only_elections(const Played& played) {
  return std::any_of(played.incident.script.begin(), played.incident.script.end(), [&](const failure::ScriptedFault& fault) {
    const failure::Effect effect = failure::effect_of(fault, played.world.modes);
    return effect == failure::Effect::slow || effect == failure::Effect::lossy || effect == failure::Effect::slow_disk;
  });
}

}  // namespace

Book book_of(const Played& played, const Scenario& scenario, Readers readers) {
  const Cluster& cluster = scenario.clusters[played.incident.cluster];
  const std::string commands = command_words(cluster);
  Book book;
  book.title = scenario.metadata.name + ", incident " + played.incident.name + ": " + human_time(seconds(played.incident.length), 3) +
               (scenario.clusters.size() > 1 ? " of the cluster " + cluster.name : "") + " under load, every command simulated";
  for (std::size_t f = 0; f < std::min(most_told, played.faults.size()); ++f) book.headline.push_back(fault_line(played.faults[f]));
  if (played.faults.size() > most_told) book.headline.push_back("And " + counted(played.faults.size() - most_told, "faults") + " more.");
  if (played.too_late > 0) book.headline.push_back(counted(played.too_late, "faults") + " of the script would begin after the end.");
  for (std::string& line : people_lines(played)) book.headline.push_back(std::move(line));
  book.headline.push_back(commands_line(played, commands));
  book.headline.push_back(gap_line(played));
  for (std::string& line : normality_lines(played)) book.headline.push_back(std::move(line));
  book.headline.push_back(limiter_line(played, commands));
  if (std::string line = busiest_line(played); !line.empty()) book.headline.push_back(std::move(line));
  if (std::string line = law_line(played); !line.empty()) book.headline.push_back(std::move(line));

  book.picture = picture_of(played);
  book.sheets = {phase_sheet(played), outcome_sheet(played), station_sheet(played), law_sheet(played), change_sheet(played)};
  if (auto steps = steps_sheet(played)) book.sheets.push_back(std::move(*steps));
  if (readers == Readers::programs) book.sheets.push_back(timeline_sheet(played));

  book.notes.push_back("all figures: " + method_of(played) + ". Another seed is another history; nines run tells how often what happens.");
  book.notes.push_back("elections are those of the cluster at this scenario's load and are not slowed by a queue of commands.");
  if (degrades_only_elections(played))
    book.notes.push_back("slow or lossy links and slow disks act on elections here, not on the time that a command takes.");
  return book;
}

std::string csv_of(const Played& played) {
  const auto columns = timeline_columns(played.deployment.partitions.size());
  std::string out;
  for (const TimelineColumn& column : columns) {
    out += (out.empty() ? "" : ",") + column.key;
    if (column.unit == "s") out += "_s";
  }
  out += '\n';
  for (const Interval& interval : played.timeline.intervals) {
    bool first = true;
    for (const TimelineColumn& column : columns) {
      if (!first) out += ',';
      first = false;
      if (!is_absent(column, interval)) out += analysis::shortest(column.value(interval));
    }
    out += '\n';
  }
  return out;
}

}  // namespace nines::scenarios
