// libFuzzer target: no file makes an import crash or hang, and what it writes is a scenario that the reader takes. The first byte says which import
// and for which chart; a byte 1, which no file may hold, parts one file from the next.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/import/kubectl.hpp"
#include "sim/base/check.hpp"
#include "tests/fuzz/catalogs.hpp"

namespace {

using namespace nines;
using namespace nines::scenarios;

void check_reasons(const Errors& errors) {
  SIM_CHECK(!errors.empty(), "a refusal gives a reason");
  for (const auto& error : errors)
    SIM_CHECK(!error.what.empty() && error.place.line >= 0 && error.place.column >= 0, "a reason has words and a place");
  render(errors, "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Catalogs catalogs = load_catalogs();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto choice = size == 0 ? 0u : static_cast<unsigned>(data[0]);
  const bool is_list = choice == '{';  // A list begins with it, and belongs to it.
  if (!input.empty() && !is_list) input.remove_prefix(1);
  std::vector<SourceFile> files;
  while (files.size() < 4) {
    const std::string_view text = input.substr(0, input.find('\x01'));
    files.push_back({"file" + std::to_string(files.size()), std::string(text)});
    if (text.size() == input.size()) break;
    input.remove_prefix(text.size() + 1);
  }
  ImportSettings settings;
  const auto versions = chart_versions(catalogs);
  if (!is_list && choice % 8 < versions.size()) settings.chart_version = versions[choice % 8];
  auto deployment = is_list ? read_kubectl(files, settings, catalogs) : read_helm(files, settings, catalogs);
  if (!deployment) {
    check_reasons(deployment.error());
    return 0;
  }
  const auto text = scenario_text(*deployment);
  if (!text) {
    check_reasons(text.error());
    return 0;
  }
  render(deployment->warnings, files.front().text, "warning");
  const auto scenario = read_scenario(*text, "imported.yaml", catalogs);
  if (!scenario) std::fputs(render(scenario.error(), *text).c_str(), stderr);
  SIM_CHECK(scenario.has_value(), "what was imported is a scenario");
  return 0;
}
