#include "tests/scenarios/import/imports.hpp"

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace {

std::string placed(const Errors& errors) {
  std::string out;
  for (const auto& error : errors)
    out +=
        (error.place.file.empty() ? "" : error.place.file + ':' + std::to_string(error.place.line) + ':' + std::to_string(error.place.column) + ": ") +
        error.what + '\n';
  return out;
}

Imported finish(Result<Deployment> deployment) {
  Imported imported;
  if (!deployment) {
    imported.errors = placed(deployment.error());
    return imported;
  }
  const auto text = scenario_text(*deployment);
  imported.warnings = placed(deployment->warnings);
  if (!text) {
    imported.errors = placed(text.error());
    return imported;
  }
  imported.text = *text;
  auto scenario = read_scenario(*text, "imported.yaml", catalogs());
  if (scenario)
    imported.scenario = std::move(*scenario);
  else
    ADD_FAILURE() << render(scenario.error(), *text);
  return imported;
}

}  // namespace

Imported import_helm(const std::vector<std::string>& values, const ImportSettings& settings) {
  std::vector<SourceFile> files;
  for (const auto& text : values) files.push_back({std::string(1, static_cast<char>('a' + files.size())) + ".yaml", text});
  return finish(read_helm(files, settings, catalogs()));
}

Imported import_kubectl(const std::vector<SourceFile>& files, const ImportSettings& settings) {
  return finish(read_kubectl(files, settings, catalogs()));
}

}  // namespace nines::scenarios
