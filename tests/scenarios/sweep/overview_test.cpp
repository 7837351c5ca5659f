// What a sweep says of points whose numbers are made up.
#include "scenarios/sweep/overview.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scenarios/schema/standalone.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace overview_test {

const Space& four_points() {
  static const Space space = [] {
    const std::string text = three_zones("sweep: {axes: {cluster.partitions: [1, 2, 3, 4]}}\n");
    const Scenario scenario = *read_scenario(text, "file.yaml", catalogs(), {});
    return std::move(*Space::of({.text = text, .file = "file.yaml", .sweep = *scenario.sweep}, catalogs()));
  }();
  return space;
}

Row row(std::uint64_t point, double cost, double minutes, double off, const std::string& fingerprint) {
  Row out;
  out.point = point;
  out.replications = 100;
  out.fingerprint = fingerprint;
  out.metrics = {{.name = "downtime.minutes_per_year", .value = minutes, .low = minutes - off, .high = minutes + off, .unit = "min/year", .method = ""},
                 {.name = "cost.month", .value = cost, .low = cost, .high = cost, .unit = "USD/month", .method = "", .exact = true}};
  return out;
}

std::string cell(const Sheet& sheet, std::size_t at, const std::string& key) {
  for (std::size_t i = 0; i < sheet.columns.size(); ++i)
    if (sheet.columns[i].key == key) return sheet.rows.at(at)[i].text;
  return "no column " + key;
}

// Found by equal designs at two prices, of which the dearer was worth so many dollars a minute.
TEST(Overview, GivesNoPriceToPointsThatAreNotToldApart) {
  Overview overview(four_points());
  overview.add(row(0, 400, 500, 50, "a"));
  overview.add(row(1, 900, 490, 50, "b"));
  overview.add(row(2, 1000, 100, 50, "c"));
  overview.add(row(3, 1100, 110, 50, "d"));
  const Sheet front = overview.book("x").sheets.front();
  ASSERT_EQ(front.key, "front");
  ASSERT_EQ(front.rows.size(), 3u);
  EXPECT_EQ(cell(front, 0, "per_minute"), "-");
  EXPECT_EQ(cell(front, 1, "per_minute"), "not told apart");
  EXPECT_EQ(cell(front, 2, "per_minute"), "18.0 USD");  // Against the first.
  EXPECT_EQ(cell(front, 2, "per_minute_limits"), "14.4 to 24.0 USD");
  ASSERT_EQ(front.notes.size(), 2u);
  EXPECT_EQ(front.notes[0], "1 further point is beaten, but not beyond doubt: the 95 % interval overlaps that of a better one.");
  EXPECT_EQ(front.notes[1],
            "1 point above is worth more by its value only, not beyond doubt: the 95 % interval of the difference in downtime holds zero.");
}

TEST(Overview, TakesOneHistoryForEqual) {
  Overview overview(four_points());
  overview.add(row(0, 400, 500, 50, "a"));
  overview.add(row(1, 900, 500, 50, "a"));
  const Sheet front = overview.book("x").sheets.front();
  EXPECT_EQ(front.rows.size(), 1u);
  EXPECT_TRUE(front.notes.empty());
}

}  // namespace overview_test
}  // namespace nines::scenarios
