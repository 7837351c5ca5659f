#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "analysis/export/pending_file.hpp"
#include "analysis/export/timeline_file.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/run/incident.hpp"
#include "scenarios/run/incident_report.hpp"

namespace nines::scenarios {
namespace {

// The scenario's incident of that name, its first, or the built-in one; nothing where there is none of the name.
std::optional<Incident> chosen(const Scenario& scenario, const IncidentOptions& options) {
  if (options.name.empty() && scenario.incidents.empty()) return default_incident(scenario, scenario.simulation.seed, options.length.value_or(10min));
  for (const Incident& incident : scenario.incidents)
    if (options.name.empty() || incident.name == options.name) return incident;
  std::string known;
  for (const Incident& incident : scenario.incidents) known += (known.empty() ? "" : ", ") + incident.name;
  log_error("the scenario has no incident '" + options.name.substr(0, 80) + "'; there " +
            (known.empty() ? "is none: without --incident a zone is lost" : "are " + known));
  return std::nullopt;
}

void lay_over(const IncidentOptions& options, Scenario& scenario, Incident& incident) {
  workload::Load& load = incident.load;
  if (options.length) incident.length = *options.length;
  if (options.rate || options.clients) {
    load.rates.clear();
    load.instants.clear();
    incident.arrivals.clear();
  }
  if (options.rate) {
    if (load.kind != workload::Load::Kind::spaced) load.kind = workload::Load::Kind::poisson;
    load.rates = {{Instant{}, *options.rate}};
  }
  if (options.clients) {
    if (load.kind != workload::Load::Kind::closed) load.think = 0s;
    load.kind = workload::Load::Kind::closed;
    load.outstanding = *options.clients;
  }
  if (options.without_flow_control) scenario.clusters[incident.cluster].flow = {};
}

bool has_load(const Incident& incident) {
  return !incident.load.rates.empty() || !incident.load.instants.empty() || incident.load.kind == workload::Load::Kind::closed;
}

std::string text_of(const Played& played, const Scenario& scenario, Format format) {
  switch (format) {
    case Format::json: return json(book_of(played, scenario, Readers::programs));
    case Format::csv: return csv_of(played);
    case Format::markdown: return markdown(book_of(played, scenario, Readers::people));
    default: return text(book_of(played, scenario, Readers::people));
  }
}

// Opened before the work begins, so that a place that cannot be written to is known at once.
class IncidentOutput {
 public:
  static Result<IncidentOutput> open(const Arguments& arguments) {
    IncidentOutput file;
    if (arguments.out.empty()) return file;
    file.kind_ = format_of_extension(arguments.out).value_or(arguments.format.value_or(Format::table));
    if (file.kind_ == Format::hdf5) {
      auto opened = analysis::TimelineFile::create(arguments.out);
      if (!opened) return fail(std::move(opened.error()));
      file.timeline_.emplace(std::move(*opened));
    } else {
      auto opened = analysis::PendingFile::open(arguments.out);
      if (!opened) return fail(std::move(opened.error()));
      file.text_.emplace(std::move(*opened));
    }
    return file;
  }

  Result<void> finish(const Played& played, const Scenario& scenario, const analysis::Provenance& provenance) {
    if (timeline_) return timeline_->finish(played.deployment, played.timeline, provenance);
    if (!text_) return {};
    const std::string written = text_of(played, scenario, kind_);
    if (auto done = text_->write(std::as_bytes(std::span(written))); !done) return done;
    return text_->commit();
  }

 private:
  Format kind_ = Format::table;
  std::optional<analysis::TimelineFile> timeline_;
  std::optional<analysis::PendingFile> text_;
};

}  // namespace

Exit incident(const Arguments& arguments) {
  auto loaded = load(arguments, Wanted::scenario_or_incident);
  if (!loaded) return loaded.error();
  Scenario& scenario = loaded->scenario;
  auto incident = chosen(scenario, arguments.incident);
  if (!incident) return Exit::usage;
  lay_over(arguments.incident, scenario, *incident);
  if (!incident->arrivals.empty()) {
    if (const auto read = load_arrivals(arguments, *loaded, *incident); !read) {
      log_plain(read.error().text);
      return read.error().exit;
    }
  }
  if (!has_load(*incident)) {
    log_error("the cluster has no load, and an incident is about one: say --rate 100/s or --clients 200, or 'load' in the scenario");
    return Exit::scenario_invalid;
  }
  listen_to_signals();
  auto out = IncidentOutput::open(arguments);
  if (!out) {
    log_errors(out.error());
    return Exit::input_or_output;
  }
  const auto played = play(scenario, *incident, scenario.simulation.seed, [] { return stop_asked(); });
  if (!played && played.error().cause == NotPlayed::Cause::too_much) {
    log_error(played.error().why);
    return Exit::scenario_invalid;
  }
  if (!played) {
    log_error("interrupted: nothing is written");
    return Exit::interrupted;
  }
  analysis::Provenance provenance;
  provenance.version = program_version();
  provenance.scenario = scenario.metadata.name;
  provenance.question = scenario.metadata.question;
  provenance.scenario_text = loaded->text;
  provenance.command = arguments.canonical();
  provenance.seed = scenario.simulation.seed;
  const auto written = out->finish(*played, scenario, provenance);
  if (!written) log_errors(written.error());
  const Exit printed = print(text_of(*played, scenario, arguments.format.value_or(Format::table)));
  return written ? printed : Exit::input_or_output;
}

}  // namespace nines::scenarios
