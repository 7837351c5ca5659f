#include "scenarios/run/exact_answer.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "analysis/exact/quorum.hpp"
#include "analysis/stats/decision.hpp"
#include "analysis/stats/interval.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/cost_answer.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/run/gap_lives.hpp"
#include "scenarios/run/load_answer.hpp"
#include "scenarios/run/solutions.hpp"

namespace nines::scenarios {
namespace {

using analysis::GapSum;
using analysis::Metric;
using Clock = std::chrono::steady_clock;

const double year_s = seconds(year);

struct Solved {
  analysis::QuorumAnswer quorum;
  std::string limits;
};

// A share of time: solved, and with gaps measured beside it.
struct Share {
  double value = 0, low = 0, high = 0;
};

// A look that comes after others was chosen by what they showed: its limits lie farther away.
double widened(double error, std::uint64_t lives) { return lives > GapLives::least ? analysis::for_looking_again * error : error; }

analysis::Interval limits_of(const GapSum::Mean& mean, std::uint64_t lives) {
  if (lives < 2) return {0, 1};
  return analysis::student(mean.value, widened(mean.error, lives) * std::sqrt(static_cast<double>(lives)), lives, analysis::confidence);
}

// `unseen`: at most so much where no fault left a gap.
Share share_of(const analysis::Recurring& quorum, const GapSum::Mean& gaps, std::uint64_t lives, double unseen) {
  analysis::Interval interval = limits_of(gaps, lives);
  if (gaps.value == 0) interval.high = unseen;
  return {quorum.fraction + gaps.value, quorum.fraction + std::max(0.0, interval.low), std::min(1.0, quorum.fraction + quorum.unexamined + interval.high)};
}

Metric exactly(std::string name, double value, double unexamined, std::string unit) {
  Metric metric{.name = std::move(name), .value = value, .low = value, .high = value + unexamined, .unit = std::move(unit), .method = "exact", .exact = true};
  if (unexamined > 0) {
    metric.exact = false;
    metric.method = "certified bounds: not every state was looked at";
  }
  return metric;
}

void add_uptimes(const std::string& at, const Solved& solved, const GapSum& gaps, double unseen, analysis::Metrics& out) {
  const std::string method =
      "quorum exact, gaps by t interval over " + analysis::counted(gaps.faults(), "single faults") + " in " + analysis::counted(gaps.lives(), "lives");
  const analysis::QuorumAnswer& quorum = solved.quorum;
  const Share some = share_of(quorum.some, gaps.some(), gaps.lives(), unseen);
  const auto uptime = [&](const std::string& name, const Share& down) {
    Metric metric{.name = at + name, .value = {}, .low = analysis::uptime_of(down.high), .high = {}, .unit = "1", .method = method};
    if (down.value > 0) metric.value = analysis::uptime_of(down.value);  // What was neither solved nor seen has a bound only.
    if (down.low > 0) metric.high = analysis::uptime_of(down.low);
    out.push_back(std::move(metric));
  };
  uptime("uptime.all", some);
  uptime("uptime.mean", share_of(quorum.mean, gaps.of_mean(), gaps.lives(), unseen));
  uptime("uptime.any", share_of(quorum.every, gaps.every(), gaps.lives(), unseen));
  const double minutes = year_s / 60;
  Metric number{.name = at + "nines", .value = {}, .low = analysis::nines_of(some.high), .high = {}, .unit = "nines", .method = method};
  Metric time{.name = at + "downtime.minutes_per_year", .value = {}, .low = {}, .high = some.high * minutes, .unit = "min/year", .method = method};
  if (some.value > 0) {
    number.value = analysis::nines_of(some.value);
    time.value = some.value * minutes;
  }
  if (some.low > 0) {
    number.high = analysis::nines_of(some.low);
    time.low = some.low * minutes;
  }
  out.push_back(std::move(number));
  out.push_back(std::move(time));
}

void add_losses(const std::string& at, const Solved& solved, analysis::Metrics& out) {
  const auto loss = [&](const std::string& name, const analysis::Recurring& lost) {
    Metric per_year = exactly(at + name + "per_year", lost.per_s * year_s, 0, "1/year");
    if (lost.unexamined > 0) {  // What begins in states that were not looked at comes on top.
      per_year.exact = false;
      per_year.high.reset();
      per_year.method = "at least: not every state was looked at";
    }
    out.push_back(std::move(per_year));
    out.push_back(exactly(at + name + "fraction", lost.fraction, lost.unexamined, "1"));
    if (lost.per_s > 0 && lost.unexamined == 0) out.push_back(exactly(at + name + "mean", lost.mean_s(), 0, "s"));
  };
  loss("quorum_loss.", solved.quorum.mean);
  loss("quorum_loss.cluster.", solved.quorum.some);
}

void add_failovers(const std::string& at, const GapSum& gaps, double unseen_per_s, analysis::Metrics& out) {
  const GapSum::Mean often = gaps.failovers();
  const analysis::Interval rate = limits_of(often, gaps.lives());
  const std::string sampled = "t interval over " + analysis::counted(gaps.lives(), "lives");
  Metric per_year{.name = at + "failover.per_year", .value = {}, .low = {}, .high = rate.high * year_s, .unit = "1/year", .method = sampled};
  Metric mean{.name = at + "failover.mean", .value = {}, .low = {}, .high = {}, .unit = "s", .method = "no failovers seen"};
  if (often.value > 0) {
    per_year.value = often.value * year_s;
    per_year.low = std::max(0.0, rate.low) * year_s;
    mean.value = gaps.failover_time().value / often.value;
    mean.method = "ratio over " + analysis::counted(gaps.lives(), "lives") + ", no interval";
  } else {
    per_year.high = unseen_per_s * year_s;
    per_year.method = "no failover in " + analysis::counted(gaps.faults(), "single faults") + ": rule of three";
  }
  out.push_back(std::move(per_year));
  out.push_back(std::move(mean));
}

}  // namespace

Result<Answer> exact_answer(const Question& question) {
  const auto model = analysis::model_of(question.world);
  if (!model) return fail(model.error());
  const auto start = Clock::now();
  const std::size_t clusters = question.world.clusters.size();
  std::vector<Solved> solved;
  const std::vector<analysis::Dual> laws = analysis::laws_of(*model);
  for (std::size_t c = 0; c < clusters; ++c) {
    const analysis::QuorumSolver solver(*model, c);
    solved.push_back({solver.solve(laws), solver.limits()});
  }

  Answer answer;
  GapLives gaps(question, start);
  const double aim = question.relative_error.value_or(gaps_relative_error);
  const auto precision = [&] {
    double worst = 0;
    for (std::size_t c = 0; c < clusters; ++c) {
      const analysis::Recurring& quorum = solved[c].quorum.some;
      const Share some = share_of(quorum, gaps.of(c).some(), gaps.lives(), gaps.unseen());
      if (some.value > 0) worst = std::max(worst, (some.high - quorum.unexamined - some.low) / 2 / some.value);
    }
    return worst;
  };
  for (std::uint64_t wanted = GapLives::least; gaps.run(wanted) && wanted < GapLives::most && precision() > aim; wanted += wanted / 2) {
    if (!question.progress) continue;
    const double down = solved[0].quorum.some.fraction + gaps.of(0).some().value;
    question.progress({.merged = wanted,
                       .of = wanted + wanted / 2,
                       .elapsed = Clock::now() - start,
                       .left = {},
                       .headline = {.name = "uptime.all", .value = 1 - down, .low = {}, .high = {}, .unit = "1", .method = ""}});
  }
  answer.stop = gaps.stop();
  answer.broken = std::move(gaps.broken);
  answer.under_way = std::move(gaps.under_way);

  const std::uint64_t lives = gaps.lives();
  for (std::size_t c = 0; c < clusters; ++c) {
    const std::string prefix = clusters > 1 ? question.world.clusters[c].name + "." : std::string();
    if (question.world.modes.empty()) {
      for (const auto& [name, unit] : {std::pair{"uptime.all", "1"}, std::pair{"nines", "nines"}, std::pair{"downtime.minutes_per_year", "min/year"}})
        answer.report.metrics.push_back({.name = prefix + name, .value = {}, .low = {}, .high = {}, .unit = unit, .method = "no failure mode is on"});
    } else if (lives >= 2) {
      add_uptimes(prefix, solved[c], gaps.of(c), gaps.unseen(), answer.report.metrics);
      std::vector<double> by_mode;
      for (std::size_t m = 0; m < question.world.modes.size(); ++m) by_mode.push_back(gaps.of(c).some_of(m).value);
      put_band(question.world, c, by_mode, question.provenance.seed, prefix, answer.report.metrics);
    }
    add_losses(prefix, solved[c], answer.report.metrics);
    if (lives >= 2 && !question.world.modes.empty()) add_failovers(prefix, gaps.of(c), gaps.unseen_per_s(), answer.report.metrics);
    if (!solved[c].limits.empty()) answer.report.warnings.push_back(solved[c].limits);
  }
  if (question.world.modes.empty())
    answer.report.warnings.push_back("No failure mode is on: nothing fails here, and no availability follows from that.");
  LoadAnswer(*question.scenario, question.world).put_into(answer.report.metrics);
  const CostAnswer costs(*question.scenario);
  costs.put_into(answer.report.metrics);
  answer.report.warnings.insert(answer.report.warnings.end(), costs.warnings().begin(), costs.warnings().end());
  answer.report.expectations = judge(question.scenario->expect, answer.report.metrics);
  answer.report.provenance = question.provenance;
  answer.report.provenance.replications = lives;
  const std::string reached =
      lives < 2 ? std::string("before gaps could be measured")
                : "gaps known to " + analysis::significant(100 * precision(), 2) + " % of the downtime after " + std::to_string(lives) + " lives";
  answer.report.provenance.stop_reason = answer.stop == Stop::budget ? reached : std::string(word(answer.stop)) + ": " + reached;
  answer.report.warnings.push_back(
      "Exact under independent repair: faults come and go independently of each other, and gaps beside the quorum add up fault by fault.");
  answer.report.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  return answer;
}

}  // namespace nines::scenarios
