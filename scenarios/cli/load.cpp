#include "scenarios/cli/load.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "scenarios/cli/log.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/cli/suggest.hpp"
#include "scenarios/schema/node.hpp"

namespace nines::scenarios {

namespace {

tl::unexpected<Refusal> refuse(Exit exit, std::string text) { return tl::unexpected<Refusal>(Refusal{exit, std::move(text)}); }

bool is_file(const std::string& operand) {
  std::error_code ignored;
  return operand == "-" || std::filesystem::exists(operand, ignored);
}

// Of what a scenario names. Standard input and the library have no folder: the path is as if the scenario stood where the program was called.
std::string path_beside(const std::string& operand, const std::string& file) {
  if (operand == "-" || !is_file(operand)) return file;
  return (std::filesystem::path(operand).parent_path() / file).string();
}

// The text of an operand, under its name in messages.
tl::expected<SourceFile, Refusal> source_of(const std::string& operand) {
  const bool is_there = is_file(operand);
  if (auto known = is_there ? std::nullopt : library_file(operand)) return std::move(*known);
  auto text = read_text(operand, Limits{}.bytes);
  if (text) return SourceFile{operand == "-" ? "<stdin>" : operand, std::move(*text)};
  std::string what = text.error().front().what;
  if (!is_there) {
    auto known = library_names();
    for (auto& name : sweep_names()) known.push_back(std::move(name));
    what += ", and no scenario of that name is built in" + suggest(operand, known);
  }
  return refuse(Exit::input_or_output, "nines: error: " + what + '\n');
}

// The scenario that `file` names: a path beside it, or a name of the library.
tl::expected<std::string, Refusal> operand_beside(const std::string& operand, const WrittenText& scenario, const SourceFile& file) {
  std::string path = path_beside(operand, scenario.text);
  if (is_file(operand) && path != "-" && is_file(path)) return path;
  if (library_file(scenario.text)) return scenario.text;
  return refuse(
      Exit::input_or_output,
      render({{scenario.place, "there is no file '" + path + "', and no scenario of that name is built in" + suggest(scenario.text, library_names())}}, file.text));
}

tl::expected<SourceFile, Refusal> scenario_beside(const std::string& operand, const WrittenText& scenario, const SourceFile& file) {
  auto source = source_of(operand);
  if (!source) return source;
  if (kind_of(source->text) == FileKind::scenario) return source;
  return refuse(Exit::scenario_invalid, render({{scenario.place, "'" + scenario.text + "' is no scenario itself; name the one it is about"}}, file.text));
}

tl::expected<std::optional<TraceFile>, Refusal> load_trace(const std::string& operand, Scenario& scenario, const std::vector<SourceFile>& texts) {
  if (!scenario.trace) return std::nullopt;
  TraceFile trace{.csv = {}, .file = path_beside(operand, scenario.trace->file)};
  auto csv = read_text(trace.file, csv_most_bytes);
  if (!csv) return refuse(Exit::input_or_output, "nines: error: " + csv.error().front().what + '\n');
  trace.csv = std::move(*csv);
  if (const auto read = read_trace(trace.csv, trace.file, scenario); !read) {
    auto with_trace = texts;
    with_trace.push_back({trace.file, trace.csv});
    return refuse(Exit::scenario_invalid, render(read.error(), with_trace));
  }
  return trace;
}

}  // namespace

std::string render(const Errors& errors, const std::vector<SourceFile>& texts, std::string_view severity) {
  std::string out;
  for (const Error& error : errors) {
    const auto found = std::find_if(texts.begin(), texts.end(), [&](const SourceFile& file) { return file.name == error.place.file; });
    out += render({error}, found == texts.end() ? std::string_view{} : std::string_view(found->text), severity);
  }
  return out;
}

FileKind kind_of_operand(const std::string& operand) {
  if (operand == "-") return FileKind::scenario;  // It can be read once only.
  const auto source = source_of(operand);
  return source ? kind_of(source->text) : FileKind::scenario;
}

std::optional<Catalogs> built_in_catalogs() {
  auto catalogs = read_catalogs(embedded_files("catalog"));
  if (catalogs) return std::move(*catalogs);
  log_plain(render(catalogs.error(), ""));
  log_error("the catalogues built into this program are broken");
  return std::nullopt;
}

tl::expected<Loaded, Refusal> load(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings, Wanted wanted,
                                   const std::string& text_of_it) {
  auto source = text_of_it.empty() ? source_of(operand) : SourceFile{operand, text_of_it};
  if (!source) return tl::unexpected<Refusal>(std::move(source.error()));
  Loaded loaded;
  loaded.texts = {*source};
  const FileKind kind = kind_of(source->text);
  if (kind == FileKind::sweep)
    return refuse(Exit::usage,
                  "nines: error: " + source->name + " is a sweep: 'nines sweep' answers all of its points, 'nines validate' counts them\n");
  if (kind == FileKind::incident && wanted == Wanted::scenario)
    return refuse(Exit::usage, "nines: error: " + source->name + " is an incident: 'nines incident' plays it\n");
  std::string place = operand;  // Where the scenario is.
  auto scenario = [&]() -> tl::expected<Scenario, Refusal> {
    if (kind == FileKind::scenario) {
      auto read = read_scenario(source->text, source->name, catalogs, settings);
      if (!read) return refuse(Exit::scenario_invalid, render(read.error(), loaded.texts));
      return std::move(*read);
    }
    const auto incident = read_incident_file(source->text, source->name);
    if (!incident) return refuse(Exit::scenario_invalid, render(incident.error(), loaded.texts));
    auto named = operand_beside(operand, incident->beside.scenario, *source);
    if (!named) return tl::unexpected<Refusal>(std::move(named.error()));
    place = *named;
    auto other = scenario_beside(place, incident->beside.scenario, *source);
    if (!other) return tl::unexpected<Refusal>(std::move(other.error()));
    loaded.texts.push_back(*other);
    auto read = read_incident_scenario(*incident, other->text, other->name, catalogs, settings);
    if (!read) return refuse(Exit::scenario_invalid, render(read.error(), loaded.texts));
    return std::move(*read);
  }();
  if (!scenario) return tl::unexpected<Refusal>(std::move(scenario.error()));
  loaded.scenario = std::move(*scenario);
  loaded.text = std::move(source->text);
  if (auto trace = load_trace(place, loaded.scenario, loaded.texts); !trace) return tl::unexpected<Refusal>(std::move(trace.error()));
  return loaded;
}

namespace {

// From the file that holds the sweep and, where that is one of its own, the scenario's; no trace is read yet.
tl::expected<LoadedSweep, Refusal> assemble(std::vector<SourceFile> texts, const Catalogs& catalogs, const std::vector<Setting>& settings) {
  LoadedSweep loaded;
  loaded.texts = std::move(texts);
  const SourceFile& first = loaded.texts.front();
  loaded.text = first.text;
  SpaceSource& space = loaded.source;
  space = {.text = first.text, .file = first.name, .sweep = {}};
  const bool stands_alone = loaded.texts.size() > 1;
  if (stands_alone) {
    auto file = read_sweep_file(first.text, first.name);
    if (!file) return refuse(Exit::scenario_invalid, render(file.error(), loaded.texts));
    loaded.metadata = std::move(file->beside.metadata);
    space = {.text = loaded.texts[1].text, .file = loaded.texts[1].name, .sweep = std::move(file->sweep), .settings = std::move(file->beside.settings)};
  }
  space.settings.insert(space.settings.end(), settings.begin(), settings.end());
  auto scenario = read_scenario(space.text, space.file, catalogs, space.settings);
  if (!scenario) return refuse(Exit::scenario_invalid, render(scenario.error(), loaded.texts));
  loaded.scenario = std::move(*scenario);
  if (stands_alone) return loaded;
  if (!loaded.scenario.sweep)
    return refuse(Exit::scenario_invalid, "nines: error: " + space.file + " has no 'sweep', which would say what is varied\n");
  space.sweep = *loaded.scenario.sweep;
  loaded.metadata = loaded.scenario.metadata;
  return loaded;
}

}  // namespace

tl::expected<LoadedSweep, Refusal> load_sweep(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings) {
  auto source = source_of(operand);
  if (!source) return tl::unexpected<Refusal>(std::move(source.error()));
  std::vector<SourceFile> texts{*source};
  std::string place = operand;  // Where the scenario is.
  const FileKind kind = kind_of(source->text);
  if (kind == FileKind::incident) return refuse(Exit::usage, "nines: error: " + source->name + " is an incident: 'nines incident' plays it\n");
  if (kind == FileKind::sweep) {
    const auto file = read_sweep_file(source->text, source->name);
    if (!file) return refuse(Exit::scenario_invalid, render(file.error(), texts));
    auto named = operand_beside(operand, file->beside.scenario, *source);
    if (!named) return tl::unexpected<Refusal>(std::move(named.error()));
    place = *named;
    auto other = scenario_beside(place, file->beside.scenario, *source);
    if (!other) return tl::unexpected<Refusal>(std::move(other.error()));
    texts.push_back(std::move(*other));
  }
  auto loaded = assemble(std::move(texts), catalogs, settings);
  if (!loaded) return loaded;
  auto trace = load_trace(place, loaded->scenario, loaded->texts);
  if (!trace) return tl::unexpected<Refusal>(std::move(trace.error()));
  loaded->source.trace = std::move(*trace);
  return loaded;
}

tl::expected<LoadedSweep, Refusal> read_sweep(std::vector<SourceFile> texts, std::optional<TraceFile> trace, const Catalogs& catalogs,
                                              const std::vector<Setting>& settings) {
  auto loaded = assemble(std::move(texts), catalogs, settings);
  if (!loaded || !trace) return loaded;
  if (const auto read = read_trace(trace->csv, trace->file, loaded->scenario); !read)
    return refuse(Exit::scenario_invalid, render(read.error(), loaded->texts));
  loaded->source.trace = std::move(trace);
  return loaded;
}

tl::expected<void, Refusal> load_arrivals(const Arguments& arguments, const Loaded& loaded, Incident& incident) {
  const std::string path = path_beside(arguments.operands.front(), incident.arrivals);
  const auto csv = read_text(path, csv_most_bytes);
  if (!csv) return refuse(Exit::input_or_output, render({{incident.arrivals_place, csv.error().front().what}}, loaded.text));
  if (const auto read = read_arrivals(*csv, path, incident); !read) return refuse(Exit::scenario_invalid, render(read.error(), *csv));
  return {};
}

tl::expected<Loaded, Exit> load(const Arguments& arguments, Wanted wanted) {
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return tl::unexpected<Exit>(Exit::internal_error);
  auto loaded = load(arguments.operands.front(), *catalogs, arguments.settings, wanted, arguments.scenario_text);
  if (!loaded) {
    log_plain(arguments.as_typed(loaded.error().text));
    return tl::unexpected<Exit>(loaded.error().exit);
  }
  if (!arguments.quiet) log_plain(render(loaded->scenario.warnings, loaded->texts, "warning"));
  return std::move(*loaded);
}

}  // namespace nines::scenarios
