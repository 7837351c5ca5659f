// Lines of `expect:` against the metrics of a run: passed when the whole 95 % interval meets the line, failed when none of it does, undecided
// between the two. What was computed exactly compares directly.
#pragma once

#include <vector>

#include "analysis/report/report.hpp"
#include "analysis/stats/metric.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// One verdict a line. In a scenario with several clusters a metric without a cluster's name is expected of each of them: the worst decides.
std::vector<analysis::Expectation> judge(const std::vector<Expectation>& expected, const analysis::Metrics& metrics);

// The worst of them: failed before undecided before passed. Nothing expected: passed.
analysis::Verdict worst(const std::vector<analysis::Expectation>& judged);

}  // namespace nines::scenarios
