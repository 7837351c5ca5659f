#include <cmath>
#include <string_view>

#include "analysis/report/report.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {
namespace {

std::string field(std::string_view text) { return csv_field(text); }

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
