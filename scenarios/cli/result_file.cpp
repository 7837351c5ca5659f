#include "scenarios/cli/result_file.hpp"

#include <exception>
#include <utility>

#include <nlohmann/json.hpp>

#include "analysis/export/run_reading.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/recall.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t most_bytes = std::size_t{64} << 20;

ResultFile of_hdf5(const std::string& operand, analysis::RunReading run, const Catalogs& catalogs) {
  ResultFile out;
  Arguments typed;
  typed.command = Command::run;
  typed.operands = {operand};
  bool simulated_from_the_first = false;
  if (const auto again = recalled(typed, run)) {
    simulated_from_the_first = again->method == Method::simulate && !again->only_replication;
    // Under the name by which it was typed then, so that places point into the file that may still be there.
    if (auto loaded = load(again->recorded_operand, catalogs, again->settings, Wanted::scenario, again->scenario_text))
      out.loaded = std::move(*loaded);
  }
  out.side = {
      .name = run.provenance.scenario, .operand = operand, .metrics = std::move(run.metrics), .horizon_s = run.horizon_s, .seed = run.provenance.seed};
  if (out.loaded) {
    const world::Options world = to_world(out.loaded->scenario);
    out.side.storms = storms_of(out.loaded->scenario, world);
  }
  for (auto& cluster : run.clusters)
    if (simulated_from_the_first && !cluster.down_s.empty())
      out.side.series.push_back({std::move(cluster.name), std::move(cluster.down_s), std::move(cluster.beside_s)});
  out.fingerprint = run.provenance.fingerprint;
  return out;
}

std::optional<double> number(const Json& metric, const char* key) {
  const auto found = metric.find(key);
  return found != metric.end() && found->is_number() ? std::optional<double>(found->get<double>()) : std::nullopt;
}

ResultFile of_json(const std::string& operand, const Json& answer) {
  ResultFile out;
  out.side.operand = operand;
  out.side.name = answer.at("scenario").at("name").get<std::string>();
  out.side.seed = answer.at("seed").get<std::uint64_t>();
  if (answer.at("fingerprint").is_string()) out.fingerprint = answer.at("fingerprint").get<std::string>();
  for (const auto& [name, metric] : answer.at("metrics").items()) {
    analysis::Metric read{.name = name,
                          .value = number(metric, "value"),
                          .low = number(metric, "low"),
                          .high = number(metric, "high"),
                          .unit = metric.at("unit").get<std::string>(),
                          .method = metric.at("method").get<std::string>()};
    read.exact = analysis::reads_as_exact(read);
    out.side.metrics.push_back(std::move(read));
  }
  return out;
}

}  // namespace

Result<std::optional<ResultFile>> read_result(const std::string& operand, const Catalogs& catalogs) {
  if (analysis::is_hdf5(operand)) {
    auto run = analysis::read_run(operand);
    if (!run) return fail(std::move(run.error()));
    return of_hdf5(operand, std::move(*run), catalogs);
  }
  if (format_of_extension(operand) != Format::json) return std::nullopt;
  const auto text = read_text(operand, most_bytes);
  if (!text) return fail(text.error());
  try {
    const Json answer = Json::parse(*text);
    // JSON is YAML: a scenario may be written in it.
    if (!answer.is_object() || !answer.contains("metrics") || answer.value("tool", "") != "nines") return std::nullopt;
    return of_json(operand, answer);
  } catch (const std::exception& error) {
    return fail(Place{}, "cannot read " + operand + ": it is no answer of nines run --format json (" + error.what() + ")");
  }
}

}  // namespace nines::scenarios
