#include "scenarios/sweep/rows.hpp"

#include <gtest/gtest.h>

#include "sim/base/random.hpp"

namespace nines::scenarios {
namespace rows_test {

Row row_of(std::uint64_t point) {
  Row row;
  row.point = point;
  row.replications = 25 * point;
  row.years = 0.5 * static_cast<double>(point);
  row.fingerprint = "f" + std::to_string(point);
  row.metrics.push_back({.name = "uptime.all", .value = 0.999, .low = 0.998, .high = {}, .unit = "1", .method = "a method", .band_low = 0.9, .band_high = 0.99});
  row.metrics.push_back({.name = "nines", .value = {}, .low = 3.25, .high = {}, .unit = "nines", .method = "a method"});
  row.metrics.push_back({.name = "cost.month", .value = 12.5, .low = 12.5, .high = 12.5, .unit = "USD/month", .method = "exact", .exact = true});
  if (point % 2 == 0) row.expectations.push_back({"uptime.all >= 99%", analysis::Verdict::failed, "because " + std::to_string(point)});
  if (point % 3 == 0) row.warnings = {"One.", "Two."};
  return row;
}

std::vector<Row> all_of(std::string_view bytes, bool& good) {
  std::vector<Row> rows;
  good = read_rows(bytes, [&](Row&& row) { rows.push_back(std::move(row)); });
  return rows;
}

std::string bytes_of(std::uint64_t rows) {
  RowWriter writer;
  for (std::uint64_t point = 0; point < rows; ++point) writer.add(row_of(point));
  return writer.take();
}

TEST(Rows, ComeBackAsTheyWere) {
  bool good = false;
  const std::vector<Row> rows = all_of(bytes_of(7), good);
  EXPECT_TRUE(good);
  ASSERT_EQ(rows.size(), 7u);
  for (std::uint64_t point = 0; point < 7; ++point) EXPECT_EQ(rows[point], row_of(point));
}

TEST(Rows, ATextIsWrittenOnce) {
  const std::string bytes = bytes_of(50);
  EXPECT_EQ(bytes.find("a method"), bytes.rfind("a method"));
  EXPECT_LT(bytes_of(51).size() - bytes.size(), 120u);
}

TEST(Rows, CutOrDamagedBytesAreNoticedOrReadButNeverBeyondTheirEnd) {
  const std::string bytes = bytes_of(4);
  bool good = false;
  std::size_t whole = 0;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    all_of(std::string_view(bytes).substr(0, length), good);
    whole += good ? 1 : 0;
  }
  EXPECT_EQ(whole, 4u);  // Only between rows, and with none at all.
  const Stream dice(1, 0, 0, Purpose::test);
  for (std::uint64_t round = 0; round < 5000; ++round) {
    std::string changed = bytes;
    const std::uint64_t word = dice.word({.index = round});
    changed[word % changed.size()] = static_cast<char>(word >> 40);
    all_of(changed, good);
  }
}

}  // namespace rows_test
}  // namespace nines::scenarios
