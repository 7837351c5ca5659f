#include "scenarios/cli/lines.hpp"

#include <string>

#include <gtest/gtest.h>

#include "analysis/stats/summary.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::scenarios {
namespace lines_test {

// As every other format: a bound, no value, and nothing perfect or endless.
TEST(JsonLines, NeverCallASilentWorldPerfect) {
  for (const int years : {1, 10, 100000}) {
    analysis::Summary summary(analysis::test::three_zones(2));
    for (int r = 0; r < years; ++r) summary.add(analysis::test::quiet_year());
    analysis::Report report;
    report.provenance.scenario = "quiet";
    report.metrics = summary.metrics();
    const std::string text = json_lines(report);
    for (const char* lie : {"100 %", "\":1.0", "\":1,", "inf", "nan"}) EXPECT_EQ(text.find(lie), std::string::npos) << "'" << lie << "' in\n" << text;
    EXPECT_NE(text.find(R"("metric":"uptime.all","value":null,"low":0.99)"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("metric":"nines","value":null,"low":)"), std::string::npos) << text;
  }
}

TEST(JsonLines, CarryTheCatalogsRanges) {
  analysis::Report report;
  report.metrics = {{.name = "nines", .value = 4.1, .low = 4.0, .high = 4.2, .unit = "nines", .method = "", .band_low = 3.1, .band_high = 5.2}};
  EXPECT_NE(json_lines(report).find(R"("band_low":3.1,"band_high":5.2})"), std::string::npos) << json_lines(report);
}

}  // namespace lines_test
}  // namespace nines::scenarios
