#include "scenarios/cli/import_arguments.hpp"

#include <algorithm>
#include <optional>

#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {
namespace {

std::optional<int> number_to(int most, const std::string& text) {
  const auto number = read_whole(text);
  if (!number || *number < 1 || *number > most) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

std::string apply(ImportOptions& import_options, const std::string& name, const std::string& value) {
  const std::string shown = "'" + value.substr(0, 80) + "'";
  ImportSettings& settings = import_options.settings;
  if (name == "values") {
    if (value.empty()) return "--values needs a file's name";
    import_options.values.push_back(value);
  } else if (name == "chart-version") {
    if (value.empty()) return "--chart-version needs a version such as 8.9";
    settings.chart_version = value;
  } else if (name == "zones") {
    settings.zones = number_to(most_zones_of_a_region, value);
    if (!settings.zones) return "--zones needs a number from 1 to 26, not " + shown;
  } else if (name == "nodes") {
    settings.nodes = number_to(10'000, value);
    if (!settings.nodes) return "--nodes needs a number from 1 to 10,000, not " + shown;
  } else if (name == "machine") {
    if (!is_place_name(value)) return "--machine needs a machine's type such as m6i.xlarge, not " + shown;
    settings.machine = value;
  } else if (name == "region") {
    settings.regions.clear();
    for (std::size_t at = 0; at <= value.size();) {
      const std::size_t end = std::min(value.find(',', at), value.size());
      std::string region = value.substr(at, end - at);
      if (!is_place_name(region)) return "--region needs a region's name such as us-east-1, or several with commas, not " + shown;
      if (std::find(settings.regions.begin(), settings.regions.end(), region) != settings.regions.end())
        return "--region names '" + region + "' twice";
      settings.regions.push_back(std::move(region));
      at = end + 1;
    }
  }
  return {};
}

std::string check_import(const std::vector<std::string>& operands, const ImportOptions& import_options) {
  const std::string from = operands.empty() ? std::string() : operands.front();
  if (from != "helm" && from != "kubectl") return "what is to be imported? helm or kubectl";
  if (from == "helm") return operands.size() == 1 ? "" : "'" + operands[1].substr(0, 80) + "' is one word too many: files of values are given by -f";
  if (operands.size() == 1) return "which lists? Give what 'kubectl get nodes -o json' and 'kubectl get pods -o json' print, as files";
  const ImportSettings& settings = import_options.settings;
  if (!import_options.values.empty() || settings.zones || settings.nodes)
    return "kubectl's lists say what --values, --zones and --nodes would: they are for helm";
  return {};
}

}  // namespace nines::scenarios
