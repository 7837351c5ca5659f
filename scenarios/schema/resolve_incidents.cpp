// From incidents as written to scripts, loads and lengths; and the arrivals of a recorded load.
#include <algorithm>
#include <map>

#include "scenarios/schema/csv.hpp"
#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {
namespace {

constexpr const char* export_stop = "export-stop";

// Takes the faults out that the world knows nothing of.
std::vector<ScriptDocument> without_export_stops(const IncidentDocument& written, Incident& incident, const Scenario& scenario, Context& context) {
  std::vector<ScriptDocument> rest;
  for (const ScriptDocument& fault : written.script) {
    if (!fault.fault.ok || *fault.fault != export_stop) {
      rest.push_back(fault);
      continue;
    }
    if (!fault.on.ok || !fault.at.ok || !fault.lasts.ok) continue;
    const std::string name = fault.on->empty() ? std::string() : *fault.on->front();
    const std::string& cluster = scenario.clusters[incident.cluster].name;
    if (fault.on->size() != 1 || name != cluster)
      context.error(fault.on.place, "an export-stop hits the cluster whose commands are simulated: '" + cluster + "'");
    incident.export_stops.push_back({*fault.at, *fault.lasts});
  }
  return rest;
}

void resolve_load(const IncidentDocument& written, Incident& incident) {
  if (written.clients) {
    if (written.clients->timeout.given) incident.load.timeout = *written.clients->timeout;
    if (written.clients->routing.given) incident.load.routing = *written.clients->routing;
    if (written.clients->spacing.given) incident.load.kind = *written.clients->spacing;
  }
  if (!written.load) return;
  const IncidentLoadDocument& load = *written.load;
  incident.load.rates.clear();
  if (load.rate.given) incident.load.rates = {{Instant{}, *load.rate}};
  for (const RateStepDocument& step : *load.steps) incident.load.rates.push_back({Instant{*step.from}, *step.rate});
  if (load.trace.given) {
    incident.load.kind = workload::Load::Kind::trace;
    incident.arrivals = *load.trace;
    incident.arrivals_place = load.trace.place;
  }
  if (load.closed.given) {
    incident.load.kind = workload::Load::Kind::closed;
    incident.load.outstanding = *load.closed;
    if (load.think.given) incident.load.think = *load.think;
  }
}

}  // namespace

Duration default_length(const Incident& incident) {
  Duration end{0};
  for (const failure::ScriptedFault& fault : incident.script) end = std::max(end, fault.at + fault.duration);
  for (const Incident::ExportStop& stop : incident.export_stops) end = std::max(end, stop.at + stop.duration);
  const Duration longer = end + end / 3;
  return std::max<Duration>(10min, longer + (1s - longer % 1s) % 1s);
}

workload::Load default_load(const Cluster& cluster) {
  workload::Load load;
  const bool is_instances = cluster.load.kind == Load::Kind::process_instances;
  const double per_s = is_instances ? cluster.load.process_instances_per_s : cluster.load.appends_per_s;
  if (cluster.load.kind != Load::Kind::none) load.rates = {{Instant{}, per_s}};
  load.routing = is_instances ? workload::Routing::free : workload::Routing::even;
  if (cluster.profile.client_timeout > 0ns) load.timeout = cluster.profile.client_timeout;
  return load;
}

void resolve_incidents(const std::vector<IncidentDocument>& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  if (scenario.clusters.empty()) return;
  for (const IncidentDocument& written : document) {
    Incident incident;
    incident.name = *written.name;
    if (written.cluster.given) {
      std::vector<std::string> known;
      for (const Cluster& cluster : scenario.clusters) known.push_back(cluster.name);
      const auto found = std::find(known.begin(), known.end(), *written.cluster);
      if (found == known.end())
        context.error(written.cluster.place, "no cluster is called '" + *written.cluster + "'" + did_you_mean(*written.cluster, known, context));
      else
        incident.cluster = static_cast<std::size_t>(found - known.begin());
    }
    resolve_script(without_export_stops(written, incident, scenario, context), catalogs, incident.script, scenario, context);
    incident.load = default_load(scenario.clusters[incident.cluster]);
    resolve_load(written, incident);
    incident.length = written.length.given ? *written.length : default_length(incident);
    for (const ScriptDocument& fault : written.script)
      if (fault.at.ok && *fault.at >= incident.length) context.warning(fault.at.place, "this is after the end of the incident");
    scenario.incidents.push_back(std::move(incident));
  }
}

Result<void> read_arrivals(std::string_view csv, const std::string& file, Incident& incident) {
  const auto table = read_csv(csv, file);
  if (!table) return fail(table.error());
  const auto column = std::find(table->names.begin(), table->names.end(), "at");
  if (column == table->names.end()) return fail(Place{file, 1, 0}, "there is no column 'at': seconds from the incident's start, one command a line");
  const auto index = static_cast<std::size_t>(column - table->names.begin());
  Errors errors;
  std::vector<Instant> instants;
  for (const CsvRecord& record : table->records) {
    Duration at{0};
    if (read_seconds_exactly(record.fields[index], at) && at >= 0ns) {
      instants.push_back(Instant{at});
    } else if (errors.size() < 20) {
      errors.push_back({Place{file, record.line, 0}, "expected seconds from the incident's start, not '" + record.fields[index].substr(0, 60) + "'"});
    }
  }
  if (errors.empty() && instants.empty()) errors.push_back({Place{file, 1, 0}, "no command comes"});
  if (!errors.empty()) return fail(std::move(errors));
  std::sort(instants.begin(), instants.end());
  incident.load.instants = std::move(instants);
  return {};
}

}  // namespace nines::scenarios
