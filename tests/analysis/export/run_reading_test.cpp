#include "analysis/export/run_reading.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "analysis/export/run_file.hpp"
#include "analysis/stats/summary.hpp"
#include "tests/analysis/export/folder.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace run_reading_test {

using namespace test;

Metrics write(const std::string& path, int replications) {
  const world::Options options = two_clusters();
  auto file = RunFile::create(path, options);
  EXPECT_TRUE(file);
  Summary summary(options);
  for (int r = 0; r < replications; ++r) {
    world::Record record = quiet_year();
    record.outages = {outage(0, 10s, 10s + r * 1s), outage(3, 100s, 160s, 1, world::Phase::quorum)};
    record.quorum_losses = {quorum_loss(3, 100s, 160s)};
    file->add(record);
    summary.add(record);
  }
  Provenance from;
  from.version = "0.1.0";
  from.scenario = "three-zones";
  from.scenario_text = "metadata: {name: three-zones}\n" + std::string(150'000, '#');
  from.scenario_hash = "0123456789abcdef";
  from.command = "nines run three-zones.yaml --seed 18446744073709551615";
  from.seed = ~std::uint64_t{0};
  from.fingerprint = "fedcba9876543210";
  from.stop_reason = "budget: all of 3 replications";
  from.years = replications;
  Metrics metrics = summary.metrics();
  metrics.push_back({.name = "cost.month", .value = 652.39, .low = {}, .high = {}, .unit = "USD/month", .method = "exact arithmetic", .exact = true});
  if (!metrics.empty()) metrics.front().band_low = 0.9, metrics.front().band_high = 0.99;
  EXPECT_TRUE(file->finish(from, metrics));
  return metrics;
}

TEST(RunReading, GivesBackWhatWasWritten) {
  const Folder folder;
  const Metrics metrics = write(folder / "run.h5", 3);
  ASSERT_TRUE(is_hdf5(folder / "run.h5"));
  const auto run = read_run(folder / "run.h5");
  ASSERT_TRUE(run) << run.error()[0].what;
  EXPECT_EQ(run->metrics, metrics);
  EXPECT_EQ(run->provenance.seed, ~std::uint64_t{0});
  EXPECT_EQ(run->provenance.replications, 3u);
  EXPECT_EQ(run->provenance.version, "0.1.0");
  EXPECT_EQ(run->provenance.command, "nines run three-zones.yaml --seed 18446744073709551615");
  EXPECT_EQ(run->provenance.scenario_text.size(), 150'030u);
  EXPECT_EQ(run->provenance.fingerprint, "fedcba9876543210");
  EXPECT_DOUBLE_EQ(run->horizon_s, seconds(year));
  ASSERT_EQ(run->clusters.size(), 2u);
  EXPECT_EQ(run->clusters[0].name, "orders");
  EXPECT_EQ(run->clusters[0].down_s, (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(run->clusters[1].down_s, (std::vector<double>{60, 60, 60}));
  // One was without a leader, the other without a quorum.
  EXPECT_EQ(run->clusters[0].beside_s, run->clusters[0].down_s);
  EXPECT_EQ(run->clusters[1].beside_s, (std::vector<double>{0, 0, 0}));
}

// A run by --method exact has no replications of its own.
TEST(RunReading, TakesARunWithoutReplications) {
  const Folder folder;
  write(folder / "run.h5", 0);
  const auto run = read_run(folder / "run.h5");
  ASSERT_TRUE(run) << run.error()[0].what;
  EXPECT_TRUE(run->clusters.at(0).down_s.empty());
}

TEST(RunReading, RefusesWhatIsNoRun) {
  const Folder folder;
  EXPECT_FALSE(is_hdf5(folder / "nowhere.h5"));
  EXPECT_FALSE(read_run(folder / "nowhere.h5"));
  auto other = LabelledFile::create(folder / "other.h5");
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->finish());
  ASSERT_TRUE(is_hdf5(folder / "other.h5"));
  const auto run = read_run(folder / "other.h5");
  ASSERT_FALSE(run);
  EXPECT_NE(run.error()[0].what.find("other.h5: it is not the file of a run: 'scenario' is not there"), std::string::npos) << run.error()[0].what;
}

// A copy that was interrupted. Bytes that changed inside are another thing: HDF5 1.10 itself reads beyond its heaps then.
TEST(RunReading, RefusesAFileThatWasCutShort) {
  const Folder folder;
  write(folder / "run.h5", 3);
  std::ifstream in(folder / "run.h5", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t part = 0; part < 40; ++part) {
    std::ofstream(folder / "short.h5", std::ios::binary) << whole.substr(0, whole.size() * part / 40);
    const auto run = read_run(folder / "short.h5");
    ASSERT_FALSE(run) << part;
    EXPECT_NE(run.error()[0].what.find("short.h5"), std::string::npos);
  }
}

}  // namespace run_reading_test
}  // namespace nines::analysis
