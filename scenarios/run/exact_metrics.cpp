#include "scenarios/run/exact_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/stats/decision.hpp"
#include "analysis/stats/interval.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/cost_answer.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/run/gap_lives.hpp"
#include "scenarios/run/solutions.hpp"

namespace nines::scenarios {
namespace {

using analysis::GapSum;
using analysis::Metric;

const double year_s = seconds(year);

// A look that comes after others was chosen by what they showed: its limits lie farther away.
double widened(double error, std::uint64_t lives) { return lives > GapLives::least ? analysis::for_looking_again * error : error; }

analysis::Interval limits_of(const GapSum::Mean& mean, const Gaps& gaps) {
  if (gaps.lives() < 2) return {0, 1};
  const auto lives = static_cast<double>(gaps.lives());
  const double error = widened(mean.error, gaps.lives());
  analysis::Interval sampled = analysis::student(mean.value, error * std::sqrt(lives), gaps.lives(), analysis::confidence);
  // Where few lives have seen nearly all of it, the next one may be as bad as the worst so far.
  const analysis::Interval skewed = analysis::fay_feuer(lives * mean.value, lives * error * lives * error, mean.largest, analysis::confidence);
  sampled = {std::min(sampled.low, skewed.low / lives), std::max(sampled.high, skewed.high / lives)};
  return {sampled.low - gaps.off * mean.value, sampled.high + gaps.off * mean.value};
}

Share share_of(const analysis::Recurring& quorum, const GapSum::Mean& mean, const Gaps& gaps, double unseen) {
  analysis::Interval interval = limits_of(mean, gaps);
  if (mean.value == 0) interval.high = unseen;
  return {quorum.fraction + mean.value, quorum.fraction + std::max(0.0, interval.low), std::min(1.0, quorum.fraction + quorum.unexamined + interval.high)};
}

std::string with_other_rates(const Gaps& gaps) {
  return gaps.off == 0 ? std::string() : " under other rates, " + analysis::significant(100 * gaps.off, 2) + " % added for that";
}

Metric exactly(std::string name, double value, double unexamined, std::string unit) {
  Metric metric{.name = std::move(name), .value = value, .low = value, .high = value + unexamined, .unit = std::move(unit), .method = "exact", .exact = true};
  if (unexamined > 0) {
    metric.exact = false;
    metric.method = "certified bounds: not every state was looked at";
  }
  return metric;
}

void add_uptimes(const std::string& at, const analysis::QuorumAnswer& quorum, const GapSum& sum, const Gaps& gaps, analysis::Metrics& out) {
  const std::string method = "quorum exact, gaps by t interval over " + analysis::counted(sum.faults(), "single faults") + " in " +
                             analysis::counted(sum.lives(), "lives") + with_other_rates(gaps);
  const double unseen = sum.unseen_per_s() * gaps.election_s;
  const Share some = share_of(quorum.some, sum.some(), gaps, unseen);
  const auto uptime = [&](const std::string& name, const Share& down) {
    Metric metric{.name = at + name, .value = {}, .low = analysis::uptime_of(down.high), .high = {}, .unit = "1", .method = method};
    if (down.value > 0) metric.value = analysis::uptime_of(down.value);  // What was neither solved nor seen has a bound only.
    if (down.low > 0) metric.high = analysis::uptime_of(down.low);
    out.push_back(std::move(metric));
  };
  uptime("uptime.all", some);
  uptime("uptime.mean", share_of(quorum.mean, sum.of_mean(), gaps, unseen));
  uptime("uptime.any", share_of(quorum.every, sum.every(), gaps, unseen));
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

void add_losses(const std::string& at, const analysis::QuorumAnswer& quorum, analysis::Metrics& out) {
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
  loss("quorum_loss.", quorum.mean);
  loss("quorum_loss.cluster.", quorum.some);
}

void add_failovers(const std::string& at, const GapSum& sum, const Gaps& gaps, analysis::Metrics& out) {
  const GapSum::Mean often = sum.failovers();
  const analysis::Interval rate = limits_of(often, gaps);
  const std::string sampled = "t interval over " + analysis::counted(sum.lives(), "lives") + with_other_rates(gaps);
  Metric per_year{.name = at + "failover.per_year", .value = {}, .low = {}, .high = rate.high * year_s, .unit = "1/year", .method = sampled};
  Metric mean{.name = at + "failover.mean", .value = {}, .low = {}, .high = {}, .unit = "s", .method = "no failovers seen"};
  if (often.value > 0) {
    per_year.value = often.value * year_s;
    per_year.low = std::max(0.0, rate.low) * year_s;
    mean.value = sum.failover_time().value / often.value;
    mean.method = "ratio over " + analysis::counted(sum.lives(), "lives") + ", no interval";
  } else {
    per_year.high = sum.unseen_per_s() * year_s;
    per_year.method = "no failover in " + analysis::counted(sum.faults(), "single faults") + ": rule of three";
  }
  out.push_back(std::move(per_year));
  out.push_back(std::move(mean));
}

// What users can do. Where a process moves to another machine, or others do without it for a while, there is no interval.
void add_capabilities(const world::Options& world, std::optional<std::uint32_t> cluster,
                      const std::vector<std::optional<analysis::CapabilityAnswer>>& solved, analysis::Metrics& out) {
  for (std::size_t c = 0; c < solved.size(); ++c) {
    const services::Capability& capability = world.services.capabilities[c];
    if (capability.cluster != cluster) continue;
    Metric metric{.name = analysis::name_of(world, capability, "capability.") + ".uptime", .value = {}, .low = {}, .high = {}, .unit = "1", .method = {}};
    if (!solved[c]) {
      metric.method = "not solved: too many partitions at once";
      out.push_back(std::move(metric));
      continue;
    }
    const analysis::CapabilityAnswer& answer = *solved[c];
    if (answer.fraction() > 0) metric.value = analysis::uptime_of(answer.fraction());
    metric.method = answer.approximate ? "closed form: moves to other machines fault by fault" : "components exact, gaps measured";
    if (!answer.approximate) {
      metric.low = analysis::uptime_of(std::min(1.0, answer.without + answer.gaps.high));
      if (answer.fraction() > 0) metric.high = analysis::uptime_of(answer.without + answer.gaps.low);
    }
    if (!answer.causes.empty()) metric.method += std::string(analysis::most_by) + analysis::three_of(answer.causes);
    out.push_back(std::move(metric));
  }
}

}  // namespace

std::vector<analysis::PartitionGaps> partition_gaps(const Gaps& gaps) {
  std::vector<analysis::PartitionGaps> all;
  for (const GapSum& sum : gaps.of) {
    const double unseen = sum.unseen_per_s() * gaps.election_s;
    const auto gap = [&](const GapSum::Mean& mean) {
      const Share share = share_of({}, mean, gaps, unseen);
      return analysis::Gap{share.value, share.low, share.high};
    };
    all.push_back({.some = gap(sum.some()), .every = gap(sum.every()), .mean = gap(sum.of_mean())});
  }
  return all;
}

Structure::Structure(analysis::Model model) : model_(std::move(model)) {
  for (std::size_t c = 0; c < model_.clusters.size(); ++c) solvers_.push_back(std::make_unique<analysis::QuorumSolver>(model_, c));
}

std::size_t Structure::bytes() const {
  std::size_t sum = model_.atoms.size() * sizeof(analysis::Atom);
  for (const auto& solver : solvers_) sum += solver->bytes();
  return sum;
}

Share some_down(const analysis::Recurring& quorum, const GapSum& sum, const Gaps& gaps) {
  return share_of(quorum, sum.some(), gaps, sum.unseen_per_s() * gaps.election_s);
}

void put_availability(const world::Options& world, const Structure& structure, const std::vector<analysis::QuorumAnswer>& solved, const Gaps& gaps,
                      const analysis::Draws& draws, analysis::Report& report) {
  std::vector<std::optional<analysis::CapabilityAnswer>> capabilities;
  if (!world.services.capabilities.empty() && gaps.lives() >= 2)
    capabilities = analysis::capabilities_of(structure.model(), world, partition_gaps(gaps));
  for (std::size_t c = 0; c < world.clusters.size(); ++c) {
    const std::string prefix = world.clusters.size() > 1 ? world.clusters[c].name + "." : std::string();
    if (world.modes.empty()) {
      for (const auto& [name, unit] : {std::pair{"uptime.all", "1"}, std::pair{"nines", "nines"}, std::pair{"downtime.minutes_per_year", "min/year"}})
        report.metrics.push_back({.name = prefix + name, .value = {}, .low = {}, .high = {}, .unit = unit, .method = "no failure mode is on"});
    } else if (gaps.lives() >= 2) {
      add_uptimes(prefix, solved[c], gaps.of[c], gaps, report.metrics);
      std::vector<double> by_mode;
      for (std::size_t m = 0; m < world.modes.size(); ++m) by_mode.push_back(gaps.of[c].some_of(m).value);
      put_band(analysis::catalogue_band(structure.model(), structure.solver(c), world.modes, by_mode, draws), prefix, report.metrics);
    }
    add_losses(prefix, solved[c], report.metrics);
    if (gaps.lives() >= 2 && !world.modes.empty()) add_failovers(prefix, gaps.of[c], gaps, report.metrics);
    add_capabilities(world, static_cast<std::uint32_t>(c), capabilities, report.metrics);
    if (const std::string& limits = structure.solver(c).limits(); !limits.empty()) report.warnings.push_back(limits);
  }
  add_capabilities(world, std::nullopt, capabilities, report.metrics);
  if (world.modes.empty()) report.warnings.push_back("No failure mode is on: nothing fails here, and no availability follows from that.");
}

void put_rest(const Scenario& scenario, const LoadAnswer& load, analysis::Report& report) {
  load.put_into(report.metrics);
  const CostAnswer costs(scenario);
  costs.put_into(report.metrics);
  report.warnings.insert(report.warnings.end(), costs.warnings().begin(), costs.warnings().end());
  report.expectations = judge(scenario.expect, report.metrics);
  report.warnings.push_back(
      "Exact under independent repair: faults come and go independently of each other, and gaps beside the quorum add up fault by fault.");
}

}  // namespace nines::scenarios
