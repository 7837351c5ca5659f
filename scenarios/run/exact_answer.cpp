#include "scenarios/run/exact_answer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analysis/stats/text.hpp"
#include "scenarios/run/exact_metrics.hpp"
#include "scenarios/run/gap_lives.hpp"

namespace nines::scenarios {

using Clock = std::chrono::steady_clock;

Result<Answer> exact_answer(const Question& question) {
  auto model = analysis::model_of(question.world);
  if (!model) return fail(model.error());
  const auto start = Clock::now();
  const std::size_t clusters = question.world.clusters.size();
  const Structure structure(std::move(*model));
  const std::vector<analysis::Dual> laws = analysis::laws_of(structure.model());
  std::vector<analysis::QuorumAnswer> solved;
  for (std::size_t c = 0; c < clusters; ++c) solved.push_back(structure.solver(c).solve(laws));

  Answer answer;
  GapLives lives(question, start);
  const Gaps gaps{.of = lives.sums(), .election_s = lives.election_s()};
  const double aim = question.relative_error.value_or(gaps_relative_error);
  const auto precision = [&] {
    double worst = 0;
    for (std::size_t c = 0; c < clusters; ++c) {
      const analysis::Recurring& quorum = solved[c].some;
      const Share some = some_down(quorum, lives.of(c), gaps);
      if (some.value > 0) worst = std::max(worst, (some.high - quorum.unexamined - some.low) / 2 / some.value);
    }
    return worst;
  };
  for (std::uint64_t wanted = GapLives::least; lives.run(wanted) && wanted < GapLives::most && precision() > aim; wanted += wanted / 2) {
    if (!question.progress) continue;
    const double down = solved[0].some.fraction + lives.of(0).some().value;
    question.progress({.merged = wanted,
                       .of = wanted + wanted / 2,
                       .elapsed = Clock::now() - start,
                       .left = {},
                       .headline = {.name = "uptime.all", .value = 1 - down, .low = {}, .high = {}, .unit = "1", .method = ""}});
  }
  answer.stop = lives.stop();
  answer.broken = std::move(lives.broken);
  answer.under_way = std::move(lives.under_way);

  put_availability(question.world, structure, solved, gaps, analysis::Draws(question.world.modes, question.provenance.seed), answer.report);
  put_rest(*question.scenario, LoadAnswer(*question.scenario, question.world), answer.report);
  answer.report.provenance = question.provenance;
  answer.report.provenance.replications = lives.lives();
  const std::string reached = lives.lives() < 2 ? std::string("before gaps could be measured")
                                                : "gaps known to " + analysis::significant(100 * precision(), 2) + " % of the downtime after " +
                                                      std::to_string(lives.lives()) + " lives";
  answer.report.provenance.stop_reason = answer.stop == Stop::budget ? reached : std::string(word(answer.stop)) + ": " + reached;
  answer.report.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  return answer;
}

}  // namespace nines::scenarios
