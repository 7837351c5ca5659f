// From a log of incidents to the faults that a world replays.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "scenarios/schema/mode_document.hpp"
#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

constexpr std::size_t most_names_told = 5;  // A trace with other names has them in every line.
constexpr std::size_t most_causes = 1000;

// The elements of a scope in the order of the scenario, as the world calls them.
std::vector<std::string> names_of(const Scenario& scenario, failure::Scope scope) {
  std::vector<std::string> names;
  const auto numbered = [&](const std::string& prefix, int count) {
    for (int i = 0; i < count; ++i) names.push_back(prefix + std::to_string(i));
  };
  using enum failure::Scope;
  if (scope == broker)
    for (const auto& cluster : scenario.clusters) numbered(cluster.name + '/', cluster.brokers);
  if (scope == node)
    for (const auto& pool : scenario.topology.pools) numbered(pool.name + '-', pool.nodes);
  if (scope == cluster)
    for (const auto& each : scenario.clusters) names.push_back(each.name);
  if (scope == pool_in_zone) names = pool_zones_of(scenario);
  for (const auto& region_of : scenario.topology.regions) {
    if (scope == region) names.push_back(region_of.name);
    for (const auto& zone_of : region_of.zones) {
      if (scope == zone) names.push_back(zone_of.name);
      if (scope == rack) names.insert(names.end(), zone_of.racks.begin(), zone_of.racks.end());
    }
  }
  return names;
}

// "trace-human-error" of "Human Error".
std::string mode_name(const std::string& cause) {
  const std::string name = hyphenated(cause);
  return name.empty() ? "trace" : "trace-" + name;
}

// From the trace's names to the world's. An empty name: passed over.
std::map<std::string, std::string> counterparts(const std::vector<IncidentRecord>& records, const Trace& trace, const Scenario& scenario,
                                                const std::string& file, Errors& errors) {
  const std::vector<std::string> names = names_of(scenario, trace.scope);
  const std::set<std::string> known(names.begin(), names.end());
  std::map<std::string, std::string> to;
  std::size_t next = 0;
  for (const auto& record : records) {
    if (to.contains(record.element)) continue;
    std::string& name = to[record.element];
    if (trace.elements != Trace::Elements::named) {
      name = next < names.size() ? names[next] : "";
      ++next;
      continue;
    }
    name = record.element;
    if (trace.scope == failure::Scope::broker && scenario.clusters.size() == 1 && name.rfind("broker-", 0) == 0)
      name = scenario.clusters[0].name + '/' + name.substr(7);
    if (known.contains(name) || errors.size() >= most_names_told) continue;
    std::string what = std::string("no ") + Enum<failure::Scope>::word(trace.scope) + " is called '" + record.element.substr(0, 60) + "'";
    const std::string near = nearest(name, names);
    if (!near.empty()) what += "; did you mean '" + near + "'?";
    if (near.empty() && errors.empty() && !names.empty())
      what += "; expected '" + names.front() + "' and so on, or 'elements: in-order', which takes them as they come";
    errors.push_back({Place{file, record.line, 1}, std::move(what)});
  }
  if (trace.elements == Trace::Elements::in_order && next > names.size())
    errors.push_back({trace.place, "the trace tells of " + std::to_string(next) + " elements, and the scope " +
                                       std::string(Enum<failure::Scope>::word(trace.scope)) + " has " + std::to_string(names.size()) +
                                       "; 'elements: first' passes over the others"});
  return to;
}

// What the trace's faults of one cause come to, as a mode like the catalogue's: who only reads modes sees them by their means.
failure::Mode sum_up(const std::string& name, const Trace& trace, std::size_t elements) {
  failure::Mode mode = new_mode(name);
  mode.scope = trace.scope;
  mode.effect = trace.effect;
  mode.recorded = true;
  double down = 0, faults = 0;
  for (const auto& fault : trace.faults) {
    if (fault.mode != name) continue;
    down += seconds(fault.end - fault.begin);
    ++faults;
  }
  mode.up_time = Law::exponential(from_seconds(std::max(1.0, (static_cast<double>(elements) * seconds(trace.length) - down) / faults)));
  mode.duration = Law::exponential(std::max(1ns, from_seconds(down / faults)));  // Records may have no length.
  const double rate = seconds(year) / mode.up_time.mean_s();
  mode.rate_per_year = {rate, rate};
  mode.source = "recorded: " + trace.file + ", " + number_text(faults) + (faults == 1 ? " fault" : " faults");
  return mode;
}

}  // namespace

void resolve_trace(const Written<TraceDocument>& document, Scenario& scenario, Context& context) {
  if (!document.ok) return;
  const TraceDocument& written = *document;
  Trace trace{.file = *written.file,
              .place = written.file.place,
              .scope = *written.scope,
              .effect = *written.effect,
              .elements = *written.elements,
              .rotate = *written.rotate,
              .columns = *written.columns,
              .is_read = false,
              .faults = {},
              .length = {},
              .passed_over = 0};
  trace.columns.where = written.where;
  using enum failure::Effect;
  if (trace.scope == failure::Scope::zone_pair || trace.scope == failure::Scope::region_pair)
    context.error(written.scope.place, "a trace tells of one element a record, not of pairs");
  if (trace.effect == cut_out || trace.effect == slow || trace.effect == lossy || trace.effect == slow_disk || trace.effect == planned_stop)
    context.error(written.effect.place, "a record says from when to when; expected stop, pause, cut, replace, corrupt or hung-disk");
  if (trace.effect == cut && trace.scope == failure::Scope::cluster) context.error(written.effect.place, "a cluster cannot be cut from itself");
  if (trace.effect == cut && trace.scope == failure::Scope::pool_in_zone)
    context.error(written.effect.place, "a pool's nodes have no link of their own to the rest of their zone that could be cut");
  if (!trace.columns.time_format.empty() && !is_time_format(trace.columns.time_format))
    context.error(written.columns.place, "timeFormat '" + trace.columns.time_format.substr(0, 60) +
                                             "' is none; expected %Y or %y, %m, %d and, if there are any, %H, %M, %S, each once: '%m/%d/%Y %H:%M'");
  scenario.trace = std::move(trace);
}

Result<void> read_trace(std::string_view csv, const std::string& file, Scenario& scenario) {
  Trace& trace = *scenario.trace;
  const auto table = read_csv(csv, file);
  if (!table) return fail(table.error());
  const auto read = incidents_of(*table, trace.columns);
  if (!read) return fail(read.error());
  Errors errors;
  std::map<std::string, std::string> to = counterparts(*read, trace, scenario, file, errors);
  std::vector<IncidentRecord> records;
  for (const auto& record : *read)
    if (!to[record.element].empty()) records.push_back(record);
  trace.passed_over = static_cast<std::size_t>(std::count_if(to.begin(), to.end(), [](const auto& each) { return each.second.empty(); }));
  if (records.empty() && errors.empty())
    errors.push_back({Place{file, 0, 0}, trace.columns.where.empty() ? "no record" : "no record is left by 'where'"});
  if (!errors.empty()) return fail(std::move(errors));

  records = joined(std::move(records));
  Duration first = records.front().start, last = records.front().end;
  for (const auto& record : records) last = std::max(last, record.end);
  trace.length = last - first;
  std::vector<std::string> causes;
  for (const auto& record : records) {
    trace.faults.push_back({record.start - first, record.end - first, to[record.element], mode_name(record.cause)});
    if (std::find(causes.begin(), causes.end(), trace.faults.back().mode) != causes.end()) continue;
    causes.push_back(trace.faults.back().mode);
    if (causes.size() > most_causes) return fail(Place{file, record.line, 1}, "more than 1,000 causes; is this the column of the cause?");
  }
  if (trace.length <= 0ns) return fail(Place{file, 0, 0}, "the trace has no length: it begins and ends at one instant");
  if (scenario.simulation.years * seconds(year) > seconds(trace.length)) {
    Place place = scenario.place_of("simulation.years");
    const double days = std::floor(seconds(trace.length) / 864) / 100;
    errors.push_back({place.line > 0 ? place : trace.place, "the trace is " + number_text(days) + " days long, and a replication " +
                                                                number_text(scenario.simulation.years * 365.25) + "; shorten simulation.years"});
  }
  std::sort(causes.begin(), causes.end());
  const std::size_t elements = names_of(scenario, trace.scope).size();
  for (const std::string& cause : causes) {
    if (std::any_of(scenario.faults.begin(), scenario.faults.end(), [&](const failure::Mode& mode) { return mode.name == cause; }))
      errors.push_back({trace.place, "'" + cause + "' is the name of a cause of the trace and of a failure mode"});
    scenario.faults.push_back(sum_up(cause, trace, elements));
    scenario.explanations.push_back({"faults." + cause, mode_text(scenario.faults.back()), scenario.faults.back().source, Place{}});
  }
  if (trace.passed_over > 0)
    scenario.warnings.push_back({trace.place, std::to_string(trace.passed_over) + " elements of the trace have no counterpart and are passed over"});
  if (!errors.empty()) return fail(std::move(errors));
  trace.is_read = true;
  return {};
}

}  // namespace nines::scenarios
