#include "scenarios/run/expect.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "analysis/report/format.hpp"

namespace nines::scenarios {
namespace {

using Verdict = analysis::Expectation::Verdict;

bool meets(double value, const Expectation& expected) {
  switch (expected.comparison) {
    case Expectation::Comparison::at_least: return value >= expected.value;
    case Expectation::Comparison::at_most: return value <= expected.value;
    case Expectation::Comparison::greater: return value > expected.value;
    case Expectation::Comparison::less: return value < expected.value;
  }
  return false;
}

analysis::Expectation judge_one(const Expectation& expected, const analysis::Metric& metric) {
  analysis::Expectation judged{.text = expected.text, .verdict = Verdict::undecided, .because = ""};
  if (metric.exact && metric.value) {
    judged.verdict = meets(*metric.value, expected) ? Verdict::passed : Verdict::failed;
    judged.because = metric.name + " is " + analysis::cells(metric).value + ", exactly";
    return judged;
  }
  if (!metric.low && !metric.high) {
    judged.because = metric.name + " has no interval: " + (metric.method.empty() ? "too few events" : metric.method);
    return judged;
  }
  // A missing limit is unknown, not infinite in truth; for the comparison it is the worst there is.
  const double low = metric.low.value_or(-std::numeric_limits<double>::infinity());
  const double high = metric.high.value_or(std::numeric_limits<double>::infinity());
  const bool low_meets = meets(low, expected), high_meets = meets(high, expected);
  if (low_meets && high_meets) judged.verdict = Verdict::passed;
  if (!low_meets && !high_meets) judged.verdict = Verdict::failed;
  judged.because = metric.name + ' ' + analysis::cells(metric).range;
  return judged;
}

}  // namespace

std::vector<analysis::Expectation> judge(const std::vector<Expectation>& expected, const analysis::Metrics& metrics) {
  std::vector<analysis::Expectation> all;
  for (const Expectation& line : expected) {
    std::vector<analysis::Expectation> of_line;
    if (const analysis::Metric* metric = analysis::find(metrics, line.metric)) {
      of_line.push_back(judge_one(line, *metric));
    } else {
      for (const analysis::Metric& candidate : metrics)
        if (analysis::without_cluster(candidate.name) == line.metric) of_line.push_back(judge_one(line, candidate));
    }
    if (of_line.empty()) {
      all.push_back({.text = line.text, .verdict = Verdict::undecided, .because = line.metric + " is not among the metrics of this run"});
      continue;
    }
    const auto severity = [](const analysis::Expectation& judged) {
      return judged.verdict == Verdict::failed ? 2 : judged.verdict == Verdict::undecided ? 1 : 0;
    };
    all.push_back(*std::max_element(of_line.begin(), of_line.end(), [&](const auto& a, const auto& b) { return severity(a) < severity(b); }));
  }
  return all;
}

analysis::Expectation::Verdict worst(const std::vector<analysis::Expectation>& judged) {
  Verdict so_far = Verdict::passed;
  for (const analysis::Expectation& line : judged) {
    if (line.verdict == Verdict::failed) return Verdict::failed;
    if (line.verdict == Verdict::undecided) so_far = Verdict::undecided;
  }
  return so_far;
}

}  // namespace nines::scenarios
