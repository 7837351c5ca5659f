#include "analysis/stats/decision.hpp"

#include <cmath>

namespace nines::analysis {
namespace {

bool meets(double value, Comparison comparison, double threshold) {
  switch (comparison) {
    case Comparison::at_least: return value >= threshold;
    case Comparison::above: return value > threshold;
    case Comparison::at_most: return value <= threshold;
    case Comparison::below: break;
  }
  return value < threshold;
}

bool wants_much(Comparison comparison) { return comparison == Comparison::at_least || comparison == Comparison::above; }

}  // namespace

Judgement judge(const Metric& metric, Comparison comparison, double threshold) {
  if (metric.exact && metric.value) {
    return meets(*metric.value, comparison, threshold) ? Judgement{Verdict::passed, "the exact value meets it"}
                                                       : Judgement{Verdict::failed, "the exact value does not meet it"};
  }
  const std::optional<double>& worst = wants_much(comparison) ? metric.low : metric.high;
  const std::optional<double>& best = wants_much(comparison) ? metric.high : metric.low;
  if (worst && meets(*worst, comparison, threshold)) {
    return {Verdict::passed, best ? "the whole interval meets it" : "the bound meets it"};
  }
  if (best && !meets(*best, comparison, threshold)) {
    return {Verdict::failed, worst ? "none of the interval meets it" : "the bound does not meet it"};
  }
  if (!worst && !best) return {Verdict::undecided, "there is no interval: " + metric.method};
  return {Verdict::undecided, worst && best ? "part of the interval meets it" : "the bound does not settle it"};
}

Metric stretched(Metric metric, double factor) {
  if (metric.exact || !metric.value) return metric;
  if (metric.low) metric.low = *metric.value - factor * (*metric.value - *metric.low);
  if (metric.high) metric.high = *metric.value + factor * (*metric.high - *metric.value);
  return metric;
}

std::optional<double> relative_error(const Metric& metric) {
  if (metric.exact) return 0;
  if (!metric.value || !metric.low || !metric.high) return std::nullopt;
  const bool uptime = metric.unit == "1" && metric.name.find("uptime") != std::string::npos;
  const double scale = uptime ? 1 - *metric.value : std::fabs(*metric.value);
  if (scale <= 0) return std::nullopt;
  return (*metric.high - *metric.low) / 2 / scale;
}

}  // namespace nines::analysis
