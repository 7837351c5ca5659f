// What becomes of rows that are made up: how a sweep's result is told from another, and which of several clusters stands for a point.
#include "scenarios/sweep/result.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "scenarios/run/translate.hpp"
#include "scenarios/sweep/adaptive.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace result_test {

using analysis::Metric;

const Points& one_axis() {
  static const Points points = [] {
    const std::string text = three_zones("sweep: {axes: {cluster.partitions: [1, 2]}}\n");
    const Scenario scenario = *read_scenario(text, "file.yaml", catalogs(), {});
    auto space = Space::of({.text = text, .file = "file.yaml", .sweep = *scenario.sweep}, catalogs());
    return Points(std::move(*space), Selection(), to_world(scenario), 1, Sweep::Method::exact);
  }();
  return points;
}

std::string fingerprint(const std::vector<Metric>& metrics) {
  RowWriter writer;
  writer.add(Row{.point = 0, .replications = 0, .years = 0, .fingerprint = "", .metrics = metrics, .expectations = {}, .warnings = {}});
  Journal journal = Journal::in_memory();
  EXPECT_TRUE(journal.append(Unit{.point = 0, .first = 0, .points = 2, .count = 0}, writer.take()));
  const SweepRows rows(one_axis(), journal, 1);
  return SweepResult(one_axis().space(), rows).fingerprint();
}

Metric metric(std::string name, std::optional<double> value, std::string unit) {
  return {.name = std::move(name), .value = value, .low = {}, .high = {}, .unit = std::move(unit), .method = ""};
}

// Found by hashing a missing number as 0.0, and numbers only.
TEST(SweepResult, HasAnotherFingerprintWhereAnythingIsOther) {
  const std::vector<std::vector<Metric>> different{
      {},
      {metric("cost.month", 0.0, "USD/month")},
      {metric("cost.month", {}, "USD/month")},
      {metric("cost.month", 0.0, "EUR/month")},
      {metric("cost.staff", 0.0, "USD/month")},
      {metric("cost.month", 0.0, "USD/month"), metric("cost.staff", 0.0, "USD/month")},
  };
  std::vector<std::string> seen;
  for (const auto& metrics : different) {
    EXPECT_EQ(fingerprint(metrics), fingerprint(metrics));
    EXPECT_EQ(std::count(seen.begin(), seen.end(), fingerprint(metrics)), 0) << seen.size();
    seen.push_back(fingerprint(metrics));
  }
}

Metric downtime(const std::string& cluster, std::optional<double> value, std::optional<double> low, std::optional<double> high) {
  return {.name = cluster + ".downtime.minutes_per_year", .value = value, .low = low, .high = high, .unit = "min/year", .method = ""};
}

Row row_of(std::vector<Metric> metrics) {
  return {.point = 0, .replications = 10, .years = 10, .fingerprint = "", .metrics = std::move(metrics), .expectations = {}, .warnings = {}};
}

std::string shown(const Row& row) {
  Overview overview(one_axis().space());
  overview.add(row);
  const Book book = overview.book("made up");
  const Sheet& best = book.sheets.front();
  for (std::size_t i = 0; i < best.columns.size(); ++i)
    if (best.columns[i].key == "downtime_limits") return best.rows.front()[i].text;
  return {};
}

// Found with two clusters of which only bounds are known: the second stood for both.
TEST(SweepResult, SpeaksOfTheClusterThatIsDownMost) {
  const Row bounds = row_of({downtime("orders", {}, {}, 300), downtime("billing", {}, {}, 20)});
  EXPECT_EQ(shown(bounds), "at most 300");
  EXPECT_DOUBLE_EQ(contender_of(bounds).downtime, 150);
  const Row mixed = row_of({downtime("orders", {}, {}, 300), downtime("billing", 200, 190, 210)});
  EXPECT_EQ(shown(mixed), "at most 300");
  EXPECT_DOUBLE_EQ(contender_of(mixed).downtime, 150);
  const Row values = row_of({downtime("orders", 5, 4, 6), downtime("billing", 200, 190, 210), downtime("mail", {}, {}, 199)});
  EXPECT_EQ(shown(values), "190 to 210");
  EXPECT_DOUBLE_EQ(contender_of(values).downtime, 200);
  EXPECT_EQ(shown(row_of({})), "-");
}

}  // namespace result_test
}  // namespace nines::scenarios
