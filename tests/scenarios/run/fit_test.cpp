// Rates and durations of one's own: what a log says, how much it leaves open, and that a scenario takes it.
#include "scenarios/run/fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sim/base/law.hpp"
#include "sim/base/random.hpp"
#include "tests/scenarios/incidents.hpp"

namespace nines::scenarios {
namespace fit_test {

using namespace std::chrono_literals;

// Ten elements for two years, down for 4 h in all: 3 faults in 19.99954 years up. Garwood at 3 events: 0.6187 to 8.7673.
TEST(Fit, CountsFaultsPerYearOfUpTimeWithExactLimits) {
  const auto modes = fit({record(0h, 1h, "a", "Disk"), record(9h, 1h, "a", "Disk"), record(20h, 2h, "b", "Disk"), record(1h, 0h, "c", "")}, ten_for_two_years);
  ASSERT_EQ(modes.size(), 2u);
  const double up = 20 - 4 / 8766.0;
  EXPECT_EQ(modes[0].name, "disk");
  EXPECT_EQ(modes[0].faults, 3u);
  EXPECT_NEAR(modes[0].rate, 3 / up, 1e-12);
  EXPECT_NEAR(modes[0].rate_low, 0.61867 / up, 1e-5);
  EXPECT_NEAR(modes[0].rate_high, 8.76727 / up, 1e-5);
  EXPECT_EQ(modes[1].name, "outage") << "its cause is unknown";
  EXPECT_EQ(modes[1].without_length, 1u);
  EXPECT_EQ(modes[1].median_s, 0);
}

// Logarithms 0 and 2 ln 2: their mean is ln 2, their standard deviation sqrt(2) ln 2; t with one degree of freedom is 12.706.
TEST(Fit, DurationsAreLognormalByTheirLogarithms) {
  const auto modes = fit({record(0h, 1h, "a", "x"), record(9h, 4h, "a", "x")}, ten_for_two_years);
  EXPECT_NEAR(modes[0].median_s, 7200, 1e-6);
  EXPECT_NEAR(modes[0].sigma, std::sqrt(2.0) * std::log(2.0), 1e-12);
  const double v = 2 * std::log(2.0) * std::log(2.0), reach = 12.7062 * std::sqrt(v / 2 + v * v / 2);
  EXPECT_NEAR(std::log(modes[0].mean_high), reach, 1e-4);
  EXPECT_NEAR(std::log(modes[0].mean_low), -reach, 1e-4);
}

TEST(Fit, OverlappingRecordsAreOneFault) {
  const auto modes = fit({record(0h, 4h, "a", "x"), record(1h, 1h, "a", "y"), record(1h, 1h, "b", "y")}, ten_for_two_years);
  ASSERT_EQ(modes.size(), 2u);
  EXPECT_EQ(modes[0].faults, 1u);
  EXPECT_EQ(modes[1].faults, 1u);
}

// Logs of 20 elements with a known law, some 30 faults each: 95 % limits hold the rate and the mean duration in at least 93 % of 2,000 logs. (Were
// they to hold in exactly 95 %, fewer than 93 % would be counted once in 20,000 seeds.)
TEST(Fit, LimitsHoldTheTruthAsOftenAsTheySay) {
  const Law duration = Law::lognormal(1h, 1.4);
  const double rate = 0.75;
  int rates = 0, means = 0;
  const int logs = 2000;
  for (int log = 0; log < logs; ++log) {
    std::vector<IncidentRecord> records;
    for (std::uint64_t element = 0; element < 20; ++element) {
      const Stream stream(7, static_cast<std::uint64_t>(log), element, Purpose::test);
      Duration at{0};
      for (std::uint64_t i = 0;; ++i) {
        at += from_seconds(-std::log(stream.uniform({0, i})) * seconds(year) / rate);
        const Duration lasts = duration.sample(stream.uniform({1, i}));
        if (at + lasts >= 2 * year) break;
        records.push_back({.start = at, .end = at + lasts, .element = std::to_string(element), .cause = "x", .line = 0});
        at += lasts;
      }
    }
    const auto modes = fit(records, {.log = "", .elements = 20, .window = 2 * year});
    ASSERT_EQ(modes.size(), 1u);
    const double mean = modes[0].median_s * std::exp(modes[0].sigma * modes[0].sigma / 2);
    rates += modes[0].rate_low <= rate && rate <= modes[0].rate_high ? 1 : 0;
    means += mean * modes[0].mean_low <= duration.mean_s() && duration.mean_s() <= mean * modes[0].mean_high ? 1 : 0;
  }
  std::printf("limits hold the rate in %.2f %%, the mean duration in %.2f %% of %d logs\n", 100.0 * rates / logs, 100.0 * means / logs, logs);
  EXPECT_GE(rates, logs * 93 / 100);
  EXPECT_GE(means, logs * 93 / 100);
}

}  // namespace fit_test
}  // namespace nines::scenarios
