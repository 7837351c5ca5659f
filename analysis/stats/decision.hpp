// What a metric decides: whether an expectation is met, and whether more replications are needed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/stats/metric.hpp"

namespace nines::analysis {

enum class Comparison : std::uint8_t { at_least, above, at_most, below };
enum class Verdict : std::uint8_t { passed, failed, undecided };

struct Judgement {
  Verdict verdict = Verdict::undecided;
  std::string because;  // "the whole interval meets it"
};

// Passed when the whole interval meets the threshold, failed when none of it does, undecided between the two. A limit that is absent
// lies at infinity. Exact values compare directly; a value without limits decides nothing. `threshold` has the metric's unit.
Judgement judge(const Metric& metric, Comparison comparison, double threshold);

// The metric with its limits moved away from the value by `factor`. Who looks at a growing run again and again sees a 95 % interval miss the truth
// far more often than once in 20: limits 1.4 times as far away (99.4 % of a normal law) bring a verdict at any of several doublings back to that.
inline constexpr double for_looking_again = 1.4;
Metric stretched(Metric metric, double factor = for_looking_again);

// Half the width of a two-sided interval, relative to the value: of an uptime, relative to the downtime. Absent where there is no such interval.
std::optional<double> relative_error(const Metric& metric);

}  // namespace nines::analysis
