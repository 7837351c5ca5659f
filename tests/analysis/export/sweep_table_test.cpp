#include "analysis/export/sweep_table.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <limits>

#include "sim/base/check.hpp"
#include "tests/analysis/export/folder.hpp"
#include "tests/analysis/export/sweeps.hpp"

namespace nines::analysis {
namespace sweep_table_test {

using namespace test;
using Format = SweepLines::Format;

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> write(const std::string& path, Format format) {
  const SweepShape shape = small_sweep();
  Result<SweepTable> table = SweepTable::create(path, shape, format);
  EXPECT_TRUE(table);
  for (std::uint64_t point = 0; point < shape.points(); ++point) {
    if (!is_left_out(point)) table->add(point, row_of(point));
  }
  const Result<void> done = table->finish();
  EXPECT_TRUE(done);
  return lines_of(path);
}

TEST(SweepTable, IsALineForEveryPointAndMetric) {
  const Folder folder;
  const std::vector<std::string> lines = write(folder / "sweep.csv", Format::csv);
  ASSERT_EQ(lines.size(), 1u + 5 * 4 + 6 * 3);  // Point 4 is left out; from point 6 on there is a metric less.
  EXPECT_EQ(lines[0],
            "point,cluster.replication,topology.distances.r/a-r/b.rtt,machine,topology.nodePools.brokers.type,topology.nodePools.brokers.nodes,"
            "metric,value,low,high,unit,method,band_low,band_high,replications,expectations");
  EXPECT_EQ(lines[1], "0,1,500us,small,m6i.xlarge,3,uptime.all,0.9,0.8,0.95,1,gamma interval,,,100,none");
  EXPECT_EQ(lines[2], "0,1,500us,small,m6i.xlarge,3,failover.p99,,,7,s,bound over 0 failovers,,,100,none");
  EXPECT_EQ(lines.back(), "11,5,2ms,large,m6i.4xlarge,6,cost.month,1011,,,EUR/month,sheet,,,111,undecided");
}

TEST(SweepTable, IsAnObjectForEveryPoint) {
  const Folder folder;
  const std::vector<std::string> lines = write(folder / "sweep.jsonl", Format::jsonl);
  ASSERT_EQ(lines.size(), 11u);
  const auto point = nlohmann::json::parse(lines[6]);
  EXPECT_EQ(point["point"], 7);
  EXPECT_EQ(point["axes"]["cluster.replication"], 3);
  EXPECT_EQ(point["axes"]["topology.distances.r/a-r/b.rtt"], "2ms");
  EXPECT_EQ(point["axes"]["topology.nodePools.brokers.nodes"], 6);
  EXPECT_EQ(point["axes"]["topology.nodePools.brokers.type"], "m6i.4xlarge");
  EXPECT_EQ(point["replications"], 107);
  EXPECT_EQ(point["expectations"], "undecided");
  EXPECT_EQ(point["metrics"].size(), 3u);
  const auto uptime = point["metrics"]["uptime.all"];
  EXPECT_EQ(uptime["value"], 0.9 + 7.0 / 1000);
  EXPECT_EQ(uptime["band_high"], 0.99);
  EXPECT_EQ(point["metrics"]["cost.month"]["low"], nullptr);
}

TEST(SweepTable, NamesOfUsersCannotBreakIt) {
  SweepShape shape;
  shape.dimensions = {{.name = "a,\"b\"", .long_name = "", .unit = "", .labels = {"line\nbreak\x01\xff"}}};
  SweepRow row;
  row.metrics.push_back({"m", 1e300, -0.0, {}, "1", "", false});
  const std::string csv = SweepLines(shape, Format::csv).lines(0, row), json = SweepLines(shape, Format::jsonl).lines(0, row);
  EXPECT_EQ(SweepLines(shape, Format::csv).head().substr(0, 16), "point,\"a,\"\"b\"\"\",");
  EXPECT_NE(csv.find("\"line\nbreak"), std::string::npos);
  const auto read = nlohmann::json::parse(json);
  EXPECT_EQ(read["axes"]["a,\"b\""], "line\nbreak\x01\xef\xbf\xbd");
  EXPECT_EQ(read["metrics"]["m"]["value"], 1e300);
}

TEST(SweepTable, NumbersReadBackAsTheyWereAndAreNeverInfinite) {
  SweepShape shape;
  SweepRow row;
  row.metrics.push_back({"m", 0.1 + 0.2, std::numeric_limits<double>::infinity(), std::nan(""), "1", "", false});
  EXPECT_EQ(SweepLines(shape, Format::csv).lines(0, row), "0,m,0.30000000000000004,,,1,,,,0,none\n");
  const auto read = nlohmann::json::parse(SweepLines(shape, Format::jsonl).lines(0, row));
  EXPECT_EQ(read["metrics"]["m"]["value"], 0.1 + 0.2);
  EXPECT_EQ(read["metrics"]["m"]["low"], nullptr);
}

TEST(SweepTable, AppearsWhenItIsComplete) {
  const Folder folder;
  {
    Result<SweepTable> table = SweepTable::create(folder / "sweep.csv", small_sweep(), Format::csv);
    ASSERT_TRUE(table);
    for (std::uint64_t point = 0; point < 12; ++point) table->add(point, row_of(point));
    EXPECT_THROW(table->add(11, row_of(11)), BrokenInvariant);
  }
  EXPECT_TRUE(folder.empty());
  EXPECT_FALSE(SweepTable::create(folder / "nowhere/sweep.csv", small_sweep(), Format::csv));
}

}  // namespace sweep_table_test
}  // namespace nines::analysis
