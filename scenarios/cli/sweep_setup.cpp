#include "scenarios/cli/sweep_setup.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/words.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace {

using Json = nlohmann::ordered_json;

// Of the catalogues inside this program: results depend on them.
std::string hash_of_catalogs() {
  std::string all;
  for (const SourceFile& file : embedded_files("catalog")) all += file.name + '\n' + file.text + '\n';
  return analysis::hexadecimal(hash_of(all));
}

Sweep::Method method_of(const Arguments& arguments, const Sweep& sweep) {
  if (!arguments.method_is_typed) return sweep.method;
  switch (arguments.method) {
    case Method::exact: return Sweep::Method::exact;
    case Method::adaptive: return Sweep::Method::adaptive;
    case Method::simulate:
    case Method::rare: break;
  }
  return Sweep::Method::simulate;
}

Json json_of(const std::vector<Setting>& settings) {
  Json all = Json::array();
  for (const Setting& setting : settings) all.push_back(Json::array({setting.path, setting.value}));
  return all;
}

std::string identity_of(const SweepSetup& setup, const Arguments& arguments) {
  const SpaceSource& source = setup.loaded.source;
  Json identity{{"nines", program_version()},
                {"sources", program_sources()},
                {"catalogs", hash_of_catalogs()},
                {"command", setup.provenance.command},
                {"operand", arguments.operands.front()},
                {"method", static_cast<int>(setup.method)},
                {"only", arguments.sweep.only},
                {"settings", json_of(arguments.settings)},
                {"files", Json::array()}};
  for (const SourceFile& file : setup.loaded.texts) identity["files"].push_back({{"name", file.name}, {"text", file.text}});
  if (source.trace) identity["trace"] = {{"name", source.trace->file}, {"text", source.trace->csv}};
  return identity.dump(-1, ' ', false, Json::error_handler_t::replace);
}

tl::unexpected<Exit> refuse(const Refusal& refusal) {
  log_plain(refusal.text);
  return tl::unexpected<Exit>(refusal.exit);
}

// The rest, once the files are read.
tl::expected<SweepSetup, Exit> finished(SweepSetup setup, const Arguments& arguments) {
  auto space = Space::of(setup.loaded.source, *setup.catalogs);
  if (!space) {
    log_plain(arguments.as_typed(render(space.error(), setup.loaded.texts)));
    return tl::unexpected<Exit>(Exit::scenario_invalid);
  }
  auto selection = Selection::of(*space, arguments.sweep.only);
  if (!selection) {
    log_errors(selection.error());
    return tl::unexpected<Exit>(Exit::usage);
  }
  setup.selected = selection->most(*space);
  const Scenario& base = setup.loaded.scenario;
  setup.method = method_of(arguments, setup.loaded.source.sweep);
  setup.points = std::make_shared<const Points>(std::move(*space), std::move(*selection), to_world(base), base.simulation.seed, setup.method);
  setup.provenance.version = program_version();
  setup.provenance.scenario = setup.loaded.metadata.name.empty() ? base.metadata.name : setup.loaded.metadata.name;
  setup.provenance.question = setup.loaded.metadata.question.empty() ? base.metadata.question : setup.loaded.metadata.question;
  setup.provenance.scenario_text = setup.loaded.source.text;
  setup.provenance.scenario_hash = analysis::hexadecimal(hash_of(setup.loaded.source.text));
  setup.provenance.command = arguments.canonical();
  setup.provenance.seed = base.simulation.seed;
  setup.identity = identity_of(setup, arguments);
  return setup;
}

}  // namespace

std::string to_repeat(Arguments arguments, const Unit& unit) {
  std::vector<std::string> axes, numbers, own;
  for (const std::string& one : arguments.sweep.only) (one.find('=') != std::string::npos ? axes : numbers).push_back(one);
  for (std::uint64_t point = unit.point; point < unit.point + unit.points; ++point)
    if (numbers.empty() || std::count(numbers.begin(), numbers.end(), std::to_string(point)) > 0) own.push_back(std::to_string(point));
  axes.insert(axes.end(), own.begin(), own.end());
  arguments.sweep.only = std::move(axes);
  return arguments.canonical();
}

tl::expected<SweepSetup, Exit> set_up_sweep(const Arguments& arguments) {
  auto catalogs = built_in_catalogs();
  if (!catalogs) return tl::unexpected<Exit>(Exit::internal_error);
  SweepSetup setup;
  setup.catalogs = std::make_shared<const Catalogs>(std::move(*catalogs));
  auto loaded = load_sweep(arguments.operands.front(), *setup.catalogs, arguments.settings);
  if (!loaded) return refuse({loaded.error().exit, arguments.as_typed(loaded.error().text)});
  setup.loaded = std::move(*loaded);
  if (!arguments.quiet) log_plain(render(setup.loaded.scenario.warnings, setup.loaded.texts, "warning"));
  return finished(std::move(setup), arguments);
}

tl::expected<SweepSetup, Exit> recall_sweep(const std::string& identity, const std::string& folder) {
  const auto damaged = [&](const std::string& what) {
    log_error(folder + ": " + what);
    return tl::unexpected<Exit>(Exit::input_or_output);
  };
  const Json json = Json::parse(identity, nullptr, false);
  Arguments arguments;
  LoadedSweep loaded;
  std::optional<TraceFile> trace;
  try {
    if (json.at("nines") != program_version() || json.at("sources") != program_sources() || json.at("catalogs") != hash_of_catalogs())
      return damaged("was written by another nines (" + json.at("nines").get<std::string>() + "): that one merges it");
    arguments.command = Command::sweep;
    arguments.operands = {json.at("operand").get<std::string>()};
    arguments.method_is_typed = true;
    switch (static_cast<Sweep::Method>(json.at("method").get<int>())) {
      case Sweep::Method::exact: arguments.method = Method::exact; break;
      case Sweep::Method::adaptive: arguments.method = Method::adaptive; break;
      case Sweep::Method::simulate: arguments.method = Method::simulate; break;
    }
    arguments.sweep.only = json.at("only").get<std::vector<std::string>>();
    for (const Json& setting : json.at("settings"))
      arguments.settings.push_back({setting.at(0).get<std::string>(), setting.at(1).get<std::string>()});
    for (const Json& file : json.at("files")) loaded.texts.push_back({file.at("name").get<std::string>(), file.at("text").get<std::string>()});
    if (json.contains("trace"))
      trace = TraceFile{.csv = json.at("trace").at("text").get<std::string>(), .file = json.at("trace").at("name").get<std::string>()};
    if (loaded.texts.empty()) return damaged("its journal does not begin as one of nines does");
  } catch (const Json::exception&) {
    return damaged("its journal does not begin as one of nines does");
  }
  auto catalogs = built_in_catalogs();
  if (!catalogs) return tl::unexpected<Exit>(Exit::internal_error);
  SweepSetup setup;
  setup.catalogs = std::make_shared<const Catalogs>(std::move(*catalogs));
  auto read = read_sweep(std::move(loaded.texts), std::move(trace), *setup.catalogs, arguments.settings);
  if (!read) return refuse(read.error());
  setup.loaded = std::move(*read);
  auto done = finished(std::move(setup), arguments);
  if (!done) return done;
  // As it was typed then, not as it is put together here.
  done->provenance.command = json.at("command").get<std::string>();
  done->identity = identity;
  return done;
}

Perform open_sweep(const std::string& identity) {
  const auto setup = recall_sweep(identity, "the first rank's sweep");
  if (!setup) return {};
  return [setup = std::make_shared<const SweepSetup>(std::move(*setup))](const Unit& unit) { return setup->points->work_on(unit); };
}

}  // namespace nines::scenarios
