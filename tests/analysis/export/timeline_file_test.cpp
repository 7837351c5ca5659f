#include "analysis/export/timeline_file.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/analysis/export/folder.hpp"

namespace nines::analysis {
namespace timeline_file_test {

using namespace test;

// Three brokers, two partitions; partition 1 loses its leader in the second of three intervals.
workload::Deployment two_partitions() {
  workload::Deployment d;
  for (std::uint16_t b = 0; b < 3; ++b) {
    d.machines.emplace_back().name = "node-" + std::to_string(b);
    d.machine_of.push_back(b);
  }
  d.partitions = {{.brokers = {0, 1, 2}}, {.brokers = {1, 2, 0}}};
  return d;
}

workload::Timeline timeline() {
  workload::Timeline t;
  const Duration edges[] = {0s, 1s, 1100ms, 2s};
  for (std::size_t i = 0; i < 3; ++i) {
    workload::Interval& interval = t.intervals.emplace_back();
    interval.from = Instant{edges[i]};
    interval.to = Instant{edges[i + 1]};
    interval.counts.offered = 10 * (i + 1);
    interval.counts.completed = i == 1 ? 0 : 9;
    interval.counts.rejected[0] = i;
    interval.counts.rejected[3] = 2 * i;
    interval.counts.failed = i;
    if (i != 1) interval.latency = {.count = 9, .p50 = 10ms, .p90 = 20ms, .p99 = 30ms, .max = 40ms, .mean_s = 0.01};
    interval.in_flight = static_cast<std::int64_t>(i);
    interval.partitions = {{.leader = 0, .in_flight = 1, .completed = 5, .export_backlog = 7},
                           {.leader = static_cast<std::int16_t>(i == 1 ? -1 : 1), .in_flight = 0, .completed = 4, .export_backlog = 0}};
    t.total.add(interval.counts);
  }
  workload::Station cpu, thread;
  cpu.where = 0;
  cpu.arrivals = cpu.completions = 5;
  cpu.mean_sojourn_s = 0.002;
  cpu.utilisation = 0.5;
  thread.kind = workload::Station::Kind::partition_thread;
  thread.resource = workload::Resource::partition_thread;
  thread.where = 1;
  thread.decides = false;
  t.stations = {cpu, thread};
  t.fingerprint = 0xabcdef;
  return t;
}

void write(const std::string& path) {
  auto file = TimelineFile::create(path);
  ASSERT_TRUE(file) << file.error()[0].what;
  Provenance from;
  from.version = "0.1.0";
  from.scenario = "three-zones";
  from.seed = 7;
  const auto done = file->finish(two_partitions(), timeline(), from);
  ASSERT_TRUE(done) << done.error()[0].what;
}

std::string bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TimelineFile, OpensInANotebookWithNamesAndUnits) {
  const Folder folder;
  write(folder / "incident.h5");
  const std::string interpreter = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  const int status = std::system((interpreter + " '" NINES_SOURCE_DIR "/tests/analysis/export/opens_timeline.py' '" + (folder / "incident.h5") + "'").c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == 77) GTEST_SKIP() << "python3 with xarray, h5netcdf, netCDF4 and h5py is not installed";
  EXPECT_EQ(code, 0);
}

TEST(TimelineFile, EqualTimelinesGiveEqualBytes) {
  const Folder folder;
  write(folder / "a.h5");
  write(folder / "b.h5");
  EXPECT_EQ(bytes(folder / "a.h5"), bytes(folder / "b.h5"));
}

TEST(TimelineFile, APlaceThatCannotBeWrittenToIsKnownAtOnce) {
  const Folder folder;
  EXPECT_FALSE(TimelineFile::create(folder / "nowhere/x.h5").has_value());
}

TEST(TimelineFile, AnAbandonedOneLeavesNothing) {
  const Folder folder;
  { const auto file = TimelineFile::create(folder / "x.h5"); }
  EXPECT_FALSE(std::filesystem::exists(folder / "x.h5"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x.h5.tmp"));
}

}  // namespace timeline_file_test
}  // namespace nines::analysis
