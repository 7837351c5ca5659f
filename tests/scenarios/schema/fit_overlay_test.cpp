// What nines fit prints, read as a part of a scenario.
#include <cmath>

#include <gtest/gtest.h>

#include "sim/base/law.hpp"
#include "tests/scenarios/incidents.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace fit_overlay_test {

using namespace std::chrono_literals;

TEST(FitOverlay, IsTakenByAScenario) {
  const std::string text = overlay(fit({record(0h, 1h, "a", "Disk \"full\""), record(9h, 5h, "a", "Disk \"full\""), record(50h, 90s, "a", "trace"),
                                        record(60h, 0h, "a", ""), record(70h, 0h, "a", "Disk, full")},
                                       ten_for_two_years),
                                   ten_for_two_years);
  const auto scenario = read_scenario(three_zones("catalogs: {faults: none}\n" + text), "file.yaml", catalogs());
  ASSERT_TRUE(scenario) << lines(scenario.error()) << text;
  ASSERT_EQ(scenario->faults.size(), 2u) << "one has no duration: " << text;
  const failure::Mode& disk = scenario->faults[0];
  EXPECT_EQ(disk.name, "disk-full");
  EXPECT_NEAR(disk.duration.quantile_s(0.5), std::sqrt(5.0) * 3600, 5);
  EXPECT_NEAR(seconds(year) / disk.up_time.mean_s(), 3 / (20 - 6 / 8766.0), 1e-3);
  EXPECT_LT(disk.rate_per_year.low, 0.05);
  EXPECT_EQ(disk.duration_factor.low, 1) << "two records do not bound a mean";
  EXPECT_NE(text.find("# The mean duration is not bounded by so few records"), std::string::npos);
  EXPECT_EQ(disk.source, "fitted to log.csv: 3 faults of 10 elements in 2 years; 1 of no length count in the rate only");
  EXPECT_EQ(scenario->faults[1].name, "trace-fault");
  EXPECT_EQ(scenario->faults[1].duration, Law::fixed(90s));
  EXPECT_NE(text.find("# outage: 1 fault, none of any length"), std::string::npos);
}

}  // namespace fit_overlay_test
}  // namespace nines::scenarios
