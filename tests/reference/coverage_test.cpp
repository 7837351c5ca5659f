// Do 95 % intervals hold the truth in 95 of 100 runs, with the rule that ends a run switched on? Thousands of runs of an alternating process
// whose unavailability is known, through the estimators and the stopping rule of `nines run`.
// NINES_COVERAGE_TABLE=1 prints the table of tests/reference/README.md, from 4,000 runs a row.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/stats/decision.hpp"
#include "analysis/stats/stopping.hpp"
#include "analysis/stats/summary.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace coverage_test {

using test::Draws;

struct Lengths {
  const char* name;
  std::function<Law(double mean_s)> law;
  double squared_variation;  // Variance over squared mean.
  // What is estimated: elections are bounded by their timers and counted in the excess; all else is a repair, counted in uptime.all.
  bool elections = false;
};

Law lognormal(double mean_s, double sigma) { return Law::lognormal(from_seconds(mean_s * std::exp(-sigma * sigma / 2)), sigma); }

const std::vector<Lengths>& kinds() {
  static const std::vector<Lengths> all{
      {"elections (1 to 2 timeouts)", [](double m) { return Law::uniform(from_seconds(m / 1.5), from_seconds(m / 0.75)); }, 1.0 / 27, true},
      {"repairs, exponential", [](double m) { return Law::exponential(from_seconds(m)); }, 1},
      {"repairs, lognormal 1.4", [](double m) { return lognormal(m, 1.4); }, std::exp(1.96) - 1},
  };
  return all;
}

struct Case {
  const Lengths* lengths = nullptr;
  double unavailability = 0;
  double events = 0;          // Expected within `replications`, the budget.
  double relative_error = 0;  // Asked for; the budget may end first.

  std::uint64_t replications() const { return static_cast<std::uint64_t>(std::max(100.0, 2 * events)); }
  double mean_s() const { return unavailability * seconds(year) * static_cast<double>(replications()) / events; }
};

// One partition that is up for an exponential time, then down for the law's, seen for a year from a random instant of its life.
world::Options world_of(const Case& it) {
  world::Options options = test::three_zones(1);
  const Duration timeout = it.lengths->elections ? from_seconds(it.mean_s() / 1.5) : Duration{1ms};
  options.clusters[0].profile.election_timeout = options.clusters[0].profile.election_timeout_max = timeout;
  options.modes.clear();
  if (!it.lengths->elections) options.modes = {test::mode("node-loss", it.lengths->law(it.mean_s()))};
  return options;
}

world::Record year_of(const Case& it, const Law& law, Draws& draws) {
  world::Record record = test::quiet_year();
  const double up_s = it.mean_s() * (1 / it.unavailability - 1);
  const auto phase = it.lengths->elections ? world::Phase::election : world::Phase::quorum;
  const auto down = [&](Duration from, Duration length) {
    const Duration until = std::min(from + length, year);
    record.outages.push_back(test::outage(0, from, until, 0, phase));
    return until;
  };
  Duration now{0};
  if (draws.uniform() < it.unavailability) {
    const double u = draws.uniform(), v = draws.uniform();
    now = down(now, law.sample_residual(u, v));
  }
  while (true) {
    const double up = up_s * draws.exponential();
    if (up >= seconds(year - now)) return record;
    now += from_seconds(up);
    now = down(now, law.sample(draws.uniform()));
    if (now >= year) return record;
  }
}

struct Outcome {
  Estimate down;
  double years = 0;
  bool by_rule = false;  // The relative error was reached.
  std::size_t outages = 0;
  Interval textbook;  // Mean over replications and 1.96 standard errors on either side.
};

Estimate estimate(const Case& it, const Summary& summary) {
  if (it.lengths->elections) return summary.excess(0).all;
  const Metric up = summary.headline();
  const auto not_up = [](std::optional<double> value) { return value ? std::optional<double>(1 - *value) : std::nullopt; };
  return {not_up(up.value), not_up(up.high), not_up(up.low), up.method};
}

Outcome run(const Case& it, std::uint64_t number) {
  Draws draws(61, number);
  const Law law = it.lengths->law(it.mean_s());
  Summary summary(world_of(it));
  Stopping stopping(it.relative_error, it.replications());
  std::size_t outages = 0;
  double down = 0, down_squared = 0;  // Shares of a year, summed over replications.
  for (std::uint64_t replication = 0;;) {
    for (; replication < stopping.next_look(); ++replication) {
      const world::Record record = year_of(it, law, draws);
      summary.add(record);
      outages += record.outages.size();
      double share = 0;
      for (const world::Outage& outage : record.outages) share += seconds(outage.end - outage.start) / seconds(year);
      down += share;
      down_squared += share * share;
    }
    const double n = static_cast<double>(replication), mean = down / n;
    const double half = 1.959964 * std::sqrt((down_squared / n - mean * mean) / (n - 1));
    Outcome outcome{estimate(it, summary), n, false, outages, {mean - half, mean + half}};
    std::optional<double> error;
    if (outcome.down.low && outcome.down.high) error = (*outcome.down.high - *outcome.down.low) / 2 / *outcome.down.value;
    outcome.by_rule = error && *error <= it.relative_error;
    if (stopping.stop(error)) return outcome;
  }
}

struct Row {
  int runs = 0, by_rule = 0;
  int two_sided = 0, two_sided_covers = 0;
  int bounds = 0, bounds_cover = 0;
  double width = 0;  // Of two-sided intervals over the oracle's, which knows the variance and the truth; summed.
  double reach = 0;  // Of upper bounds: their distance from the truth over the oracle's; summed.
  int textbook_covers = 0;
};

Row row_of(const Case& it, int runs) {
  Row row;
  row.runs = runs;
  for (int r = 0; r < runs; ++r) {
    const Outcome got = run(it, static_cast<std::uint64_t>(r));
    const double events = it.events * got.years / static_cast<double>(it.replications());
    const double deviation = it.unavailability * std::sqrt((1 + it.lengths->squared_variation) / events);
    const bool covers = got.down.low.value_or(0) <= it.unavailability && it.unavailability <= *got.down.high;
    row.by_rule += got.by_rule;
    row.textbook_covers += got.textbook.low <= it.unavailability && it.unavailability <= got.textbook.high;
    EXPECT_TRUE(!got.down.low || it.lengths->elections || got.outages >= enough_events) << "two limits from few repairs";
    if (got.down.low) {
      ++row.two_sided;
      row.two_sided_covers += covers;
      row.width += (*got.down.high - *got.down.low) / (2 * 1.959964 * deviation);
    } else {
      ++row.bounds;
      row.bounds_cover += covers;
      row.reach += (*got.down.high - it.unavailability) / (1.644854 * deviation);
    }
  }
  return row;
}

std::string share(int part, int whole) {
  if (whole == 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100.0 * part / whole);
  return text;
}

std::string mean(double sum, int of) {
  if (of == 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", sum / of);
  return text;
}

void print(const Case& it, const Row& row) {
  std::printf("| %s | %.0e | %.0f | %.0f %% | %s | %s | %s | %s | %s | %s | %s | %s |\n", it.lengths->name, it.unavailability, it.events,
              100 * it.relative_error, share(row.by_rule, row.runs).c_str(), share(row.two_sided_covers + row.bounds_cover, row.runs).c_str(),
              share(row.two_sided, row.runs).c_str(), share(row.two_sided_covers, row.two_sided).c_str(), mean(row.width, row.two_sided).c_str(),
              share(row.bounds_cover, row.bounds).c_str(), mean(row.reach, row.bounds).c_str(), share(row.textbook_covers, row.runs).c_str());
  std::fflush(stdout);
}

// 93 % less three standard errors of that many runs; of all 4,000 nothing is forgiven.
double least_covered(int of, bool forgiving) { return forgiving ? 0.93 - 3 * std::sqrt(0.93 * 0.07 / of) : 0.93; }

TEST(Coverage, IntervalsHoldTheTruthWithTheStoppingRuleOn) {
  const bool table = std::getenv("NINES_COVERAGE_TABLE") != nullptr;
  const int runs = table ? 4000 : 600;
  if (table)
    std::puts(
        "| lengths | U | expected events | asked | ended by the rule | covered | two-sided | of these covered | width / oracle | one bound: covered "
        "| reach "
        "/ oracle | textbook: covered |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
  std::vector<Case> cases;
  for (const Lengths& lengths : kinds())
    for (const double unavailability : {1e-3, 1e-5, 1e-7})
      for (const double events : {3.0, 10.0, 30.0, 100.0, 300.0, 1000.0}) cases.push_back({&lengths, unavailability, events, 0.2});
  for (const Lengths& lengths : kinds())  // Where chance has most to say in when a run ends, and where it has least.
    for (const double relative_error : {1.0, 0.5, 0.1}) cases.push_back({&lengths, 1e-5, 1000, relative_error});
  for (const Case& it : cases) {
    const Row row = row_of(it, runs);
    if (table) print(it, row);
    const auto covers = [&](int covered, int of) {
      if (of < 100) return;  // Too few to say.
      EXPECT_GE(covered, least_covered(of, !table) * of)
          << it.lengths->name << ", U = " << it.unavailability << ", " << it.events << " events expected, relative error " << it.relative_error;
    };
    covers(row.two_sided_covers + row.bounds_cover, row.runs);
    covers(row.two_sided_covers, row.two_sided);
    covers(row.bounds_cover, row.bounds);
    EXPECT_TRUE(!it.lengths->elections || row.two_sided >= 0.9 * runs) << "elections are bounded: two limits from the first on";
  }
}

// What the table would look like without care, and that this test can tell.
TEST(Coverage, TheTextbookIntervalDoesNotHoldTheTruth) {
  for (const double events : {3.0, 10.0, 30.0, 100.0}) {
    const Case it{&kinds().back(), 1e-5, events, 0.2};
    const Row row = row_of(it, 1000);
    EXPECT_LT(row.textbook_covers, least_covered(row.runs, true) * row.runs) << events << " events expected";
  }
}

}  // namespace coverage_test
}  // namespace nines::analysis
