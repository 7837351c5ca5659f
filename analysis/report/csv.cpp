#include <cmath>
#include <string_view>

#include "analysis/report/report.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {
namespace {

// RFC 4180: quoted where a comma, a quote or a line break stands in it.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string field(const std::optional<double>& value) { return value && std::isfinite(*value) ? shortest(*value) : std::string(); }

}  // namespace

std::string csv(const Report& report) {
  std::string out = "metric,value,low,high,unit,method,band_low,band_high\n";
  for (const Metric& metric : report.metrics) {
    out += field(metric.name) + ',' + field(metric.value) + ',' + field(metric.low) + ',' + field(metric.high) + ',' + field(metric.unit) + ',' +
           field(metric.method) + ',' + field(metric.band_low) + ',' + field(metric.band_high) + '\n';
  }
  return out;
}

}  // namespace nines::analysis
