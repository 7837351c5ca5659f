#include "scenarios/run/expect.hpp"

#include <algorithm>
#include <string>

#include "analysis/report/format.hpp"
#include "analysis/stats/decision.hpp"

namespace nines::scenarios {
namespace {

using analysis::Verdict;

analysis::Comparison comparison_of(const Expectation& expected) {
  switch (expected.comparison) {
    case Expectation::Comparison::at_least: return analysis::Comparison::at_least;
    case Expectation::Comparison::at_most: return analysis::Comparison::at_most;
    case Expectation::Comparison::greater: return analysis::Comparison::above;
    case Expectation::Comparison::less: break;
  }
  return analysis::Comparison::below;
}

// A closed form has no interval that more replications would narrow: it is compared as it is.
bool is_closed_form(const analysis::Metric& metric) {
  return metric.value && metric.bound() == analysis::Bound::none && analysis::without_cluster(metric.name).starts_with("latency.");
}

analysis::Expectation judge_one(const Expectation& expected, const analysis::Metric& metric) {
  if (is_closed_form(metric)) {
    analysis::Metric as_it_is = metric;
    as_it_is.exact = true;
    as_it_is.low = as_it_is.high = metric.value;
    const analysis::Judgement judgement = analysis::judge(as_it_is, comparison_of(expected), expected.value);
    return {.text = expected.text,
            .verdict = judgement.verdict,
            .because = "a closed form, compared as it is: " + metric.name + ' ' + analysis::cells(metric).value};
  }
  const analysis::Judgement judgement = analysis::judge(metric, comparison_of(expected), expected.value);
  const analysis::Cells cells = analysis::cells(metric);
  // Without a value, the bound stands in its place; beside an exact one there is no range.
  return {.text = expected.text,
          .verdict = judgement.verdict,
          .because = judgement.because + ": " + metric.name + ' ' + (metric.value && !metric.exact ? cells.range : cells.value)};
}

int severity(Verdict verdict) { return verdict == Verdict::failed ? 2 : verdict == Verdict::undecided ? 1 : 0; }

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
      all.push_back({.text = line.text, .verdict = Verdict::undecided, .because = line.metric + " is not among the metrics of this run", .place = line.place});
      continue;
    }
    all.push_back(
        *std::max_element(of_line.begin(), of_line.end(), [](const auto& a, const auto& b) { return severity(a.verdict) < severity(b.verdict); }));
    all.back().place = line.place;
  }
  return all;
}

analysis::Verdict worst(const std::vector<analysis::Expectation>& judged) {
  Verdict so_far = Verdict::passed;
  for (const analysis::Expectation& line : judged)
    if (severity(line.verdict) > severity(so_far)) so_far = line.verdict;
  return so_far;
}

}  // namespace nines::scenarios
