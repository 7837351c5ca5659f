#include "scenarios/cli/lines.hpp"

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

namespace nines::scenarios {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value && std::isfinite(*value) ? Json(*value) : Json(nullptr); }

std::string line(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

const char* word(analysis::Verdict verdict) {
  switch (verdict) {
    case analysis::Verdict::passed: return "passed";
    case analysis::Verdict::failed: return "failed";
    case analysis::Verdict::undecided: break;
  }
  return "undecided";
}

}  // namespace

std::string json_lines(const analysis::Report& report) {
  std::string out;
  for (const analysis::Metric& metric : report.metrics)
    out += line({{"scenario", report.provenance.scenario},
                 {"metric", metric.name},
                 {"value", number(metric.value)},
                 {"low", number(metric.low)},
                 {"high", number(metric.high)},
                 {"unit", metric.unit},
                 {"method", metric.method},
                 {"band_low", number(metric.band_low)},
                 {"band_high", number(metric.band_high)}});
  for (const analysis::Expectation& expected : report.expectations)
    out += line({{"scenario", report.provenance.scenario}, {"expect", expected.text}, {"verdict", word(expected.verdict)}, {"because", expected.because}});
  return out;
}

}  // namespace nines::scenarios
