#include <cmath>

#include <nlohmann/json.hpp>

#include "analysis/report/report.hpp"

namespace nines::analysis {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value && std::isfinite(*value) ? Json(*value) : Json(nullptr); }

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed: return "passed";
    case Verdict::failed: return "failed";
    case Verdict::undecided: break;
  }
  return "undecided";
}

}  // namespace

std::string json(const Report& report) {
  const Provenance& from = report.provenance;
  Json out;
  out["schema_version"] = 1;
  out["tool"] = from.tool;
  out["version"] = from.version;
  out["scenario"] = {{"name", from.scenario}, {"hash", from.scenario_hash}};
  out["seed"] = from.seed;
  out["fingerprint"] = from.fingerprint.empty() ? Json(nullptr) : Json(from.fingerprint);  // Only histories have one.
  out["stop_reason"] = from.stop_reason;
  out["self_check"] = nullptr;
  for (const SelfCheck& check : report.self_checks)
    out["self_check"][check.cluster] = {{"quorum_p", number(check.quorum)}, {"gaps_p", number(check.gaps)}, {"flagged", check.flagged()}};
  out["metrics"] = Json::object();
  for (const Metric& metric : report.metrics) {
    out["metrics"][metric.name] = {
        {"value", number(metric.value)}, {"low", number(metric.low)},           {"high", number(metric.high)},          {"unit", metric.unit},
        {"method", metric.method},       {"band_low", number(metric.band_low)}, {"band_high", number(metric.band_high)}};
  }
  out["expect"] = Json::array();
  for (const Expectation& expectation : report.expectations) {
    out["expect"].push_back({{"text", expectation.text}, {"verdict", word(expectation.verdict)}, {"because", expectation.because}});
  }
  // Names come from the user's file: what is not UTF-8 in them is replaced, not thrown.
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nines::analysis
