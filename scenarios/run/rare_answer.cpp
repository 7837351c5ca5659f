#include "scenarios/run/rare_answer.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "analysis/exact/quorum.hpp"
#include "analysis/rare/rare.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/cost_answer.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/run/load_answer.hpp"

namespace nines::scenarios {
namespace {

using analysis::Metric;
using analysis::RareEstimate;
using Clock = std::chrono::steady_clock;

// Biasing first; where its diagnostics object, splitting, which weighs almost nothing.
RareEstimate estimate_of(const analysis::System& system, analysis::RareOptions options) {
  RareEstimate biased = analysis::rare_quorum(system, options);
  if (biased.refused.empty() || biased.diagnostics.paths == 0 || biased.diagnostics.endless) return biased;
  options.method = analysis::RareMethod::splitting;
  RareEstimate split = analysis::rare_quorum(system, options);
  split.method += "; failure biasing was refused: " + biased.refused;
  if (!split.refused.empty()) split.refused = "failure biasing: " + biased.refused + "; splitting: " + split.refused;
  return split;
}

void add_metrics(const std::string& at, const RareEstimate& estimate, analysis::Metrics& out) {
  const double year_s = seconds(year);
  Metric fraction{.name = at + "quorum_loss.cluster.fraction",
                  .value = estimate.value,
                  .low = estimate.low,
                  .high = estimate.high,
                  .unit = "1",
                  .method = estimate.method};
  Metric often{.name = at + "quorum_loss.cluster.per_year", .value = {}, .low = {}, .high = {}, .unit = "1/year", .method = estimate.method};
  if (!estimate.refused.empty()) {
    fraction.method = often.method = "refused: " + estimate.refused;
  } else {
    const double factor = std::exp(estimate.per_s_error);
    often.value = estimate.per_s * year_s;
    often.low = *often.value / factor;
    often.high = *often.value * factor;
  }
  out.push_back(std::move(fraction));
  out.push_back(std::move(often));
}

// The same share of time, solved: two methods that have only the model in common.
analysis::SelfCheck check(const analysis::Model& model, std::size_t cluster, const RareEstimate& estimate) {
  analysis::SelfCheck result;
  result.cluster = model.clusters[cluster].name;
  const analysis::Recurring solved = analysis::QuorumSolver(model, cluster).some_lost(analysis::laws_of(model));
  const std::string seen = estimate.value ? analysis::significant(*estimate.value, 4) : std::string("nothing");
  result.quorum_over = seen + " simulated, " + analysis::significant(solved.fraction, 7) + " solved";
  if (!estimate.value || solved.fraction <= 0 || solved.unexamined > 0.001 * solved.fraction || estimate.relative_error <= 0) return result;
  const double errors = std::log(*estimate.value / solved.fraction) / (estimate.relative_error / 1.96);
  result.quorum = std::erfc(std::abs(errors) / std::sqrt(2.0));
  return result;
}

}  // namespace

Result<Answer> rare_answer(const Question& question) {
  const auto model = analysis::model_of(question.world);
  if (!model) return fail(model.error());
  const auto start = Clock::now();
  Answer answer;
  analysis::RareOptions options;
  options.seed = question.provenance.seed;
  options.relative_error = question.relative_error.value_or(rare_relative_error);
  options.stopped = [&] {
    if (question.interrupted && question.interrupted()) answer.stop = Stop::interrupted;
    if (question.max_time && Clock::now() - start >= *question.max_time) answer.stop = Stop::max_time;
    return answer.stop != Stop::budget;
  };
  const std::size_t clusters = question.world.clusters.size();
  std::uint64_t paths = 0;
  double worst = 0;
  for (std::size_t c = 0; c < clusters; ++c) {
    const RareEstimate estimate = estimate_of(analysis::System(*model, question.world, c), options);
    add_metrics(clusters > 1 ? question.world.clusters[c].name + "." : std::string(), estimate, answer.report.metrics);
    answer.report.self_checks.push_back(check(*model, c, estimate));
    paths += estimate.diagnostics.paths;
    worst = std::max(worst, estimate.relative_error);
    if (estimate.diagnostics.paths > 0) answer.report.warnings.push_back(question.world.clusters[c].name + ": " + estimate.diagnostics.text() + '.');
    if (!estimate.refused.empty()) answer.report.warnings.push_back(question.world.clusters[c].name + ": " + estimate.refused + '.');
  }
  LoadAnswer(*question.scenario, question.world).put_into(answer.report.metrics);
  const CostAnswer costs(*question.scenario);
  costs.put_into(answer.report.metrics);
  answer.report.warnings.insert(answer.report.warnings.end(), costs.warnings().begin(), costs.warnings().end());
  answer.report.expectations = judge(question.scenario->expect, answer.report.metrics);
  answer.report.provenance = question.provenance;
  answer.report.provenance.replications = paths;
  const std::string reached = "lost quorums known to " + analysis::significant(100 * worst, 2) + " % after " + std::to_string(paths) + " excursions";
  answer.report.provenance.stop_reason = answer.stop == Stop::budget ? reached : std::string(word(answer.stop)) + ": " + reached;
  answer.report.warnings.push_back(
      "Quorums only, with independent repair: what elections cost while a quorum stands is not in these figures; --method exact measures it.");
  answer.report.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  return answer;
}

}  // namespace nines::scenarios
