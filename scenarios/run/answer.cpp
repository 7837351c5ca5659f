#include "scenarios/run/answer.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "analysis/report/format.hpp"
#include "analysis/stats/decision.hpp"
#include "analysis/stats/stopping.hpp"
#include "analysis/stats/text.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/run/gap_lives.hpp"
#include "scenarios/run/tally.hpp"

namespace nines::scenarios {
namespace {

using Clock = std::chrono::steady_clock;
using analysis::Verdict;

std::string replications(std::uint64_t number) { return std::to_string(number) + (number == 1 ? " replication" : " replications"); }

std::string stop_reason(Stop stop, std::uint64_t merged, std::uint64_t wanted) {
  if (stop == Stop::budget) return budget_reached(wanted);
  return std::string(word(stop)) + ": " + std::to_string(merged) + " of " + replications(wanted);
}

std::string stop_reason(Stop stop, std::uint64_t merged, double wanted, std::optional<double> reached) {
  const bool enough = reached && *reached <= wanted;
  const std::string error = reached ? "relative error " + analysis::significant(100 * *reached, 2) + " %" : "no two-sided interval";
  if (stop == Stop::budget && enough) return error + " reached after " + replications(merged);
  return std::string(word(stop)) + ": " + error + " after " + replications(merged) +
         (enough ? "" : ", not " + analysis::shortest(std::round(1e11 * wanted) / 1e9) + " %");
}

// Of the downtime of the cluster that is known least; absent where one has no two-sided interval yet.
std::optional<double> relative_error(const analysis::Metrics& metrics) {
  std::optional<double> worst;
  for (const analysis::Metric& metric : metrics) {
    if (analysis::without_cluster(metric.name) != "downtime.minutes_per_year") continue;
    const std::optional<double> error = analysis::relative_error(metric);
    if (!error) return std::nullopt;
    worst = std::max(worst.value_or(0), *error);
  }
  return worst;
}

constexpr double enough_for_gaps = 500;  // Simulated cluster-years: with fewer, single faults would cost more time than they are worth.

// With limits for a run that is looked at more than once.
std::vector<analysis::Expectation> judge_again(const std::vector<Expectation>& expected, analysis::Metrics metrics) {
  for (analysis::Metric& metric : metrics) metric = analysis::stretched(std::move(metric));
  return judge(expected, metrics);
}

}  // namespace

Answer answer(const Question& question) {
  Answer answer;
  Tally tally(*question.scenario, question.world, promised_levels(*question.scenario, question.world, question.level));
  const auto start = Clock::now();
  const std::uint64_t seed = question.provenance.seed;

  std::optional<analysis::Stopping> stopping;
  if (question.relative_error) stopping.emplace(*question.relative_error, question.replications);
  std::uint64_t merged = 0, wanted = stopping ? stopping->next_look() : question.replications;
  const auto plan = question.simulate ? nullptr : std::make_shared<const world::Plan>(question.world);
  const Simulate simulate = [seed, plan, options = question.world, by = question.simulate](std::uint64_t replication) {
    return by ? by(options, seed, replication) : world::simulate(plan, seed, replication);
  };
  const Merge merge = [&](std::uint64_t replication, const world::Record& record) {
    tally.add(record);
    if (question.also) question.also(replication, record);
  };
  Work work{.first = question.first, .replications = wanted, .jobs = question.jobs};
  if (question.max_time) work.deadline = start + std::chrono::duration_cast<Clock::duration>(*question.max_time);
  work.interrupted = question.interrupted;
  if (question.progress) {
    work.progress = [&](std::uint64_t in_step) {
      Progress now{.merged = merged + in_step, .of = wanted, .elapsed = Clock::now() - start, .headline = tally.summary().headline()};
      double more = now.merged > 0 ? static_cast<double>(wanted - now.merged) / static_cast<double>(now.merged) : 0;
      if (stopping) {  // The error falls with the square root of what is simulated.
        const double error = analysis::relative_error(now.headline).value_or(0) / *question.relative_error;
        more = std::max(0.0, error * error - 1);
      }
      now.left = now.elapsed * more;
      if (question.max_time) now.left = std::min(now.left, *question.max_time - now.elapsed);
      question.progress(now);
    };
  }

  const Known known(*question.scenario, question.world, question.simulate ? Known::Solve::nothing : Known::Solve::what_can_be);
  bool again = false;
  for (;;) {
    Done step = replicate(simulate, merge, work);
    merged += step.merged;
    answer.stop = step.stop;
    answer.under_way = std::move(step.under_way);
    answer.broken.insert(answer.broken.end(), std::make_move_iterator(step.broken.begin()), std::make_move_iterator(step.broken.end()));
    answer.report = tally.look(known);
    if (step.stop != Stop::budget) break;
    if (stopping && !stopping->stop(relative_error(answer.report.metrics))) {
      wanted = stopping->next_look();
    } else {
      stopping.reset();
      if (!question.max_time || worst(again ? judge_again(question.scenario->expect, answer.report.metrics) : answer.report.expectations) != Verdict::undecided)
        break;
      again = true;
      wanted = 2 * merged;
    }
    work.first = question.first + merged;
    work.replications = wanted - merged;
  }
  if (again) answer.report.expectations = judge_again(question.scenario->expect, answer.report.metrics);

  if (known.solutions && answer.stop == Stop::budget && answer.broken.empty() && tally.summary().totals().years >= enough_for_gaps) {
    GapLives lives(question, start);
    if (lives.run(GapLives::least)) answer.report.self_checks = known.solutions->check(tally.summary(), &lives);
    answer.under_way = std::move(lives.under_way);
  }
  analysis::Provenance from = question.provenance;
  from.stop_reason = question.relative_error ? stop_reason(answer.stop, merged, *question.relative_error, relative_error(answer.report.metrics))
                                             : stop_reason(answer.stop, merged, wanted);
  tally.conclude(known, from, answer.report);
  if (const std::size_t broken = answer.broken.size(); broken > 0)
    answer.report.warnings.push_back(std::to_string(broken) +
                                     (broken == 1 ? " replication broke an invariant of the simulator and is" : " replications broke an invariant of the simulator and are") +
                                     " missing from these numbers.");
  answer.report.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  return answer;
}

}  // namespace nines::scenarios
