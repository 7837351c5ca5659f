#include <algorithm>
#include <string>
#include <vector>

#include "analysis/export/pending_file.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/suggest.hpp"
#include "scenarios/import/kubectl.hpp"

namespace nines::scenarios {
namespace {

// Of a file under the line they speak of; the others speak of what was not in any.
void tell(const Errors& errors, const std::vector<SourceFile>& texts, std::string_view severity, void (*without_place)(const std::string&)) {
  for (const Error& error : errors) {
    if (error.place.file.empty())
      without_place(error.what);
    else
      log_plain(render({error}, texts, severity));
  }
}

Exit refuse(const Errors& errors, const std::vector<SourceFile>& texts) {
  tell(errors, texts, "error", log_error);
  return Exit::scenario_invalid;
}

}  // namespace

Exit import_deployment(const Arguments& arguments) {
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return Exit::internal_error;
  const ImportSettings& settings = arguments.import_options.settings;
  const std::vector<std::string> known = chart_versions(*catalogs);
  if (!settings.chart_version.empty() && std::find(known.begin(), known.end(), settings.chart_version) == known.end()) {
    log_error("no chart is known of version '" + settings.chart_version.substr(0, 80) + "'" + suggest(settings.chart_version, known));
    return Exit::usage;
  }
  const bool is_helm = arguments.operands.front() == "helm";
  const std::vector<std::string> paths =
      is_helm ? arguments.import_options.values : std::vector<std::string>(arguments.operands.begin() + 1, arguments.operands.end());
  std::vector<SourceFile> files;
  for (const std::string& path : paths) {
    auto text = read_text(path, most_import_bytes);
    if (!text) {
      log_errors(text.error());
      return Exit::input_or_output;
    }
    files.push_back({path == "-" ? "<stdin>" : path, std::move(*text)});
  }
  auto deployment = is_helm ? read_helm(files, settings, *catalogs) : read_kubectl(files, settings, *catalogs);
  if (!deployment) return refuse(deployment.error(), files);
  const auto text = scenario_text(*deployment);
  if (!text) return refuse(text.error(), files);
  if (const auto scenario = read_scenario(*text, "imported.yaml", *catalogs); !scenario) {
    log_error("this is a bug of nines, please report it: what it imported is no valid scenario");
    log_plain(render(scenario.error(), *text));
    return Exit::internal_error;
  }
  if (!arguments.quiet) tell(deployment->warnings, files, "warning", log_warning);
  if (arguments.out.empty()) return print(*text);
  if (const auto written = analysis::write_file(arguments.out, *text); !written) {
    log_errors(written.error());
    return Exit::input_or_output;
  }
  if (!arguments.quiet) log_plain("Wrote " + arguments.out + ". Next: nines run " + arguments.out + '\n');
  return Exit::fine;
}

}  // namespace nines::scenarios
