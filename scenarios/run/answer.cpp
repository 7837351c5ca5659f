#include "scenarios/run/answer.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "models/world/simulate.hpp"
#include "scenarios/run/expect.hpp"

namespace nines::scenarios {
namespace {

using Clock = std::chrono::steady_clock;
using analysis::Verdict;

std::string stop_reason(Stop stop, std::uint64_t merged, std::uint64_t wanted) {
  const std::string all = std::to_string(wanted) + (wanted == 1 ? " replication" : " replications");
  if (stop == Stop::budget) return "budget: all of " + all;
  return std::string(word(stop)) + ": " + std::to_string(merged) + " of " + all;
}

}  // namespace

Answer answer(const Question& question) {
  Answer answer;
  analysis::Summary summary(question.world);
  const auto start = Clock::now();
  const std::uint64_t seed = question.provenance.seed;

  std::uint64_t merged = 0, wanted = question.replications;
  const auto plan = question.simulate ? nullptr : std::make_shared<const world::Plan>(question.world);
  const Simulate simulate = [seed, plan, options = question.world, by = question.simulate](std::uint64_t replication) {
    return by ? by(options, seed, replication) : world::simulate(plan, seed, replication);
  };
  const Merge merge = [&](std::uint64_t replication, const world::Record& record) {
    summary.add(record);
    if (question.also) question.also(replication, record);
  };
  Work work{.first = question.first, .replications = wanted, .jobs = question.jobs};
  if (question.max_time) work.deadline = start + std::chrono::duration_cast<Clock::duration>(*question.max_time);
  work.interrupted = question.interrupted;
  if (question.progress) {
    work.progress = [&](std::uint64_t in_step) {
      Progress now{.merged = merged + in_step, .of = wanted, .elapsed = Clock::now() - start, .headline = summary.headline()};
      if (now.merged > 0) now.left = now.elapsed * (static_cast<double>(wanted - now.merged) / static_cast<double>(now.merged));
      if (question.max_time) now.left = std::min(now.left, *question.max_time - now.elapsed);
      question.progress(now);
    };
  }

  for (;;) {
    Done step = replicate(simulate, merge, work);
    merged += step.merged;
    answer.stop = step.stop;
    answer.under_way = std::move(step.under_way);
    answer.broken.insert(answer.broken.end(), std::make_move_iterator(step.broken.begin()), std::make_move_iterator(step.broken.end()));
    answer.report.metrics = summary.metrics();
    answer.report.expectations = judge(question.scenario->expect, answer.report.metrics);
    const bool open = question.max_time && worst(answer.report.expectations) == Verdict::undecided;
    if (!open || step.stop != Stop::budget) break;
    work.first = question.first + merged;  // As many again as there are.
    work.replications = merged;
    wanted = 2 * merged;
  }

  const analysis::Summary::Totals totals = summary.totals();
  answer.report.provenance = question.provenance;
  answer.report.provenance.fingerprint = analysis::hexadecimal(totals.history);
  answer.report.provenance.stop_reason = stop_reason(answer.stop, merged, wanted);
  answer.report.provenance.replications = totals.replications;
  answer.report.provenance.years = totals.years;
  if (const std::size_t broken = answer.broken.size(); broken > 0)
    answer.report.warnings.push_back(std::to_string(broken) +
                                     (broken == 1 ? " replication broke an invariant of the simulator and is" : " replications broke an invariant of the simulator and are") +
                                     " missing from these numbers.");
  answer.report.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  return answer;
}

}  // namespace nines::scenarios
