#include "scenarios/cli/load.hpp"

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

// Of what a scenario names. Standard input and the library have no folder: the path is as if the scenario stood where the program was called.
std::string path_beside(const std::string& operand, const std::string& file) {
  std::error_code ignored;
  if (operand == "-" || !std::filesystem::exists(operand, ignored)) return file;
  return (std::filesystem::path(operand).parent_path() / file).string();
}

}  // namespace

std::optional<Catalogs> built_in_catalogs() {
  auto catalogs = read_catalogs(embedded_files("catalog"));
  if (catalogs) return std::move(*catalogs);
  log_plain(render(catalogs.error(), ""));
  log_error("the catalogues built into this program are broken");
  return std::nullopt;
}

tl::expected<Loaded, Refusal> load(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings, const std::string& text_of_it) {
  const auto refuse = [](Exit exit, std::string text) { return tl::unexpected<Refusal>(Refusal{exit, std::move(text)}); };
  std::error_code ignored;
  Loaded loaded;
  std::string file = operand == "-" ? "<stdin>" : operand;
  const bool is_file = operand == "-" || std::filesystem::exists(operand, ignored);
  if (!text_of_it.empty()) {
    loaded.text = text_of_it;
  } else if (const auto known = is_file ? std::nullopt : library_file(operand)) {
    loaded.text = known->text;
    file = known->name;
  } else {
    auto text = read_text(operand, Limits{}.bytes);
    if (!text) {
      std::string what = text.error().front().what;
      if (!is_file) what += ", and no scenario of that name is built in" + suggest(operand, library_names());
      return refuse(Exit::input_or_output, "nines: error: " + what + '\n');
    }
    loaded.text = std::move(*text);
  }
  auto scenario = read_scenario(loaded.text, file, catalogs, settings);
  if (!scenario) return refuse(Exit::scenario_invalid, render(scenario.error(), loaded.text));
  loaded.scenario = std::move(*scenario);
  if (const auto& trace = loaded.scenario.trace) {
    const std::string path = path_beside(operand, trace->file);
    const auto csv = read_text(path, csv_most_bytes);
    if (!csv) return refuse(Exit::input_or_output, "nines: error: " + csv.error().front().what + '\n');
    if (const auto read = read_trace(*csv, path, loaded.scenario); !read)
      return refuse(Exit::scenario_invalid, render(read.error(), read.error().front().place.file == file ? loaded.text : *csv));
  }
  return loaded;
}

tl::expected<void, Refusal> load_arrivals(const Arguments& arguments, const Loaded& loaded, Incident& incident) {
  const std::string path = path_beside(arguments.operands.front(), incident.arrivals);
  const auto refuse = [](Exit exit, std::string text) { return tl::unexpected<Refusal>(Refusal{exit, std::move(text)}); };
  const auto csv = read_text(path, csv_most_bytes);
  if (!csv) return refuse(Exit::input_or_output, render({{incident.arrivals_place, csv.error().front().what}}, loaded.text));
  if (const auto read = read_arrivals(*csv, path, incident); !read) return refuse(Exit::scenario_invalid, render(read.error(), *csv));
  return {};
}

tl::expected<Loaded, Exit> load(const Arguments& arguments) {
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return tl::unexpected<Exit>(Exit::internal_error);
  auto loaded = load(arguments.operands.front(), *catalogs, arguments.settings, arguments.scenario_text);
  if (!loaded) {
    log_plain(arguments.as_typed(loaded.error().text));
    return tl::unexpected<Exit>(loaded.error().exit);
  }
  if (!arguments.quiet) log_plain(render(loaded->scenario.warnings, loaded->text, "warning"));
  return std::move(*loaded);
}

}  // namespace nines::scenarios
