#include "analysis/stats/metric.hpp"

namespace nines::analysis {

const Metric* find(const Metrics& metrics, std::string_view name) {
  for (const Metric& metric : metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

}  // namespace nines::analysis
