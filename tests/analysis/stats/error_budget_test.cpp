#include "analysis/stats/error_budget.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace error_budget_test {

using namespace test;

constexpr Duration month = 24h * 30;

Episode episode(Duration start, Duration length) { return {.start = at(start), .length = length}; }

// Budget and replications, and the outages seen, both ways at once.
struct Watched {
  ErrorBudget budget;
  std::vector<CompoundPoisson::Outages> seen;
  double exposure_s = 0;

  void add(const std::vector<Episode>& down) {
    budget.add(down, year);
    for (const Episode& e : down) seen.push_back({seconds(e.length), 1});
    exposure_s += seconds(year);
  }
  Estimate exhausted() const { return budget.exhausted(seen, exposure_s); }
};

// Outages at random instants, exponential with a mean of 20 minutes; `rate` a year.
std::vector<Episode> random_year(double rate, std::uint64_t number) {
  Draws draws(81, number);
  std::vector<Episode> down;
  double at_s = seconds(year) / rate * draws.exponential();
  while (at_s < seconds(year)) {
    const double length = 1200 * draws.exponential();
    down.push_back(episode(from_seconds(at_s), from_seconds(std::min(length, seconds(year) - at_s))));
    at_s += length + seconds(year) / rate * draws.exponential();
  }
  return down;
}

// The formula needs no period that was over; where there are many such periods, their share must agree. 99.9 % limits: z = 3.3.
TEST(ErrorBudget, TheFormulaAgreesWithTheShareOfPeriods) {
  for (const double rate : {1.0, 12.0}) {
    for (const Duration period : {month, year}) {
      for (const double minutes : {10.0, 43.2, 100.0}) {
        const double budget_s = 60 * minutes;
        ErrorBudget budget(period, 1 - budget_s / seconds(period));
        std::vector<CompoundPoisson::Outages> seen;
        constexpr std::uint64_t years = 4000;
        const auto periods_each = static_cast<std::size_t>(year / period);
        int over = 0;
        for (std::uint64_t r = 0; r < years; ++r) {
          const std::vector<Episode> down = random_year(rate, r);
          std::vector<double> spent(periods_each + 1);  // None of these outages reaches from one period far into the next.
          for (const Episode& e : down) {
            seen.push_back({seconds(e.length), 1});
            spent[std::min(periods_each, static_cast<std::size_t>((e.start - Instant{}) / period))] += seconds(e.length);
          }
          for (std::size_t p = 0; p < periods_each; ++p) over += spent[p] > budget_s;
        }
        const double periods = static_cast<double>(years * periods_each), share = over / periods;
        const double formula = *CompoundPoisson(seen, static_cast<double>(years) * seconds(year), seconds(period)).exceeds(budget_s).value;
        EXPECT_NEAR(formula, share, 3.3 * std::sqrt(share / periods) + 0.02 * share) << rate << " a year, period " << seconds(period) << " s, " << minutes;
      }
    }
  }
}

TEST(ErrorBudget, FewPeriodsOverItLeaveTheAnswerToTheFormula) {
  Watched run{ErrorBudget(year, 1 - 14400 / seconds(year)), {}};  // Four hours a year.
  for (std::uint64_t r = 0; r < 300; ++r) run.add(random_year(3, r));
  const Estimate spent = run.exhausted();
  EXPECT_EQ(spent.method.find("compound Poisson, "), 0u) << spent.method;
  EXPECT_GT(*spent.value, 0);
  EXPECT_LT(*spent.value, 0.01);
  EXPECT_TRUE(spent.low && spent.high);
}

// One outage a month by the calendar, each within the budget of a month: a Poisson stream would exhaust it in every fourth.
TEST(ErrorBudget, ACalendarIsNoPoissonStream) {
  Watched run{ErrorBudget(month, 0.999), {}};
  for (int r = 0; r < 100; ++r) {
    std::vector<Episode> down;
    for (int m = 0; m < 12; ++m) down.push_back(episode(month * m + 24h, 30min));
    run.add(down);
  }
  const Estimate spent = run.exhausted();
  EXPECT_EQ(spent.method.find("0 of 1,200 periods"), 0u) << spent.method;
  EXPECT_FALSE(spent.value);
  EXPECT_NEAR(*spent.high, 2.9957 / 1200, 1e-6);
}

TEST(ErrorBudget, AnOutageSpendsTheBudgetsOfThePeriodsItTouches) {
  Watched run{ErrorBudget(month, 0.999), {}};
  for (int r = 0; r < 100; ++r) run.add({episode(month - 1h, 2h), episode(month * 3 - 40min, 80min)});  // 60 + 60, 40 + 40 of 43.2 minutes.
  EXPECT_DOUBLE_EQ(*run.exhausted().value, 2.0 / 12);
}

TEST(ErrorBudget, QuietYearsBoundItAndAQuietMonthDoesNot) {
  Watched run{ErrorBudget(year, 0.999), {}};
  run.add({});
  EXPECT_FALSE(run.exhausted().high);
  for (int r = 1; r < 1000; ++r) run.add({});
  EXPECT_FALSE(run.exhausted().value);
  EXPECT_NEAR(*run.exhausted().high, 2.9957e-3, 1e-6);
  EXPECT_NE(run.exhausted().method.find("budget 8.77 h (99.9 %)"), std::string::npos) << run.exhausted().method;
}

}  // namespace error_budget_test
}  // namespace nines::analysis
