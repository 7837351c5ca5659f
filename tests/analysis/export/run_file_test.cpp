#include "analysis/export/run_file.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "analysis/stats/summary.hpp"
#include "tests/analysis/export/folder.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace run_file_test {

using namespace test;

world::Record eventful() {
  world::Record record = quiet_year();
  record.outages = {outage(0, 10s, 30s), outage(1, 20s, 50s), outage(3, 100s, 160s, world::no_mode, world::Phase::quorum)};
  record.quorum_losses = {quorum_loss(3, 100s, 160s)};
  record.failovers = {failover(0, 10s, 5s), failover(0, 20s, 5s)};
  record.data_losses = {{PartitionId{std::size_t{3}}, at(160s), 12, 1}};
  record.client_outages = {client_outage(1, 0, 10s, 40s)};
  record.broker_changes = {{at(10s), BrokerId{std::size_t{2}}, world::BrokerChange::What::stopped},
                           {at(30s), BrokerId{std::size_t{2}}, world::BrokerChange::What::started}};
  record.faults = 5;
  record.history = 0xfedcba9876543210;
  return record;
}

Provenance provenance() {
  Provenance from;
  from.version = "0.1.0";
  from.scenario = "three-zones";
  from.question = "Does it survive?";
  from.scenario_text = "# Wie verfügbar?\n" + std::string(150'000, '#');  // More than a fixed-length attribute can hold.
  from.scenario_hash = "0123456789abcdef";
  from.seed = ~std::uint64_t{0};
  from.stop_reason = "all replications done";
  return from;
}

void write(const std::string& path, const std::vector<world::Record>& records) {
  const world::Options options = two_clusters();
  Result<RunFile> file = RunFile::create(path, options);
  ASSERT_TRUE(file) << file.error()[0].what;
  Summary summary(options);
  for (const world::Record& record : records) {
    file->add(record);
    summary.add(record);
  }
  Metrics metrics = summary.metrics();
  for (Metric& metric : metrics)
    if (metric.name == "orders.uptime.all") metric.band_low = 0.9, metric.band_high = 0.99999;
  const Result<void> done = file->finish(provenance(), metrics);
  ASSERT_TRUE(done) << done.error()[0].what;
}

// The distribution's Python has the modules; another one may come first in the path.
int python(const std::string& script, const std::string& arguments) {
  const std::string interpreter = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  const int status = std::system((interpreter + " '" NINES_SOURCE_DIR "/tests/analysis/export/" + script + "' " + arguments).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void expect_opens(const std::string& path, std::size_t replications, std::size_t outages) {
  const int code = python("opens.py", "'" + path + "' " + std::to_string(replications) + ' ' + std::to_string(outages));
  if (code == 77) GTEST_SKIP() << "python3 with xarray, h5netcdf, netCDF4 and h5py is not installed";
  EXPECT_EQ(code, 0);
}

std::string bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(RunFile, OpensInANotebookWithNamesAndUnits) {
  const Folder folder;
  write(folder / "run.h5", {quiet_year(), eventful(), eventful()});
  expect_opens(folder / "run.h5", 3, 6);
}

TEST(RunFile, OpensWithoutAnyOutage) {
  const Folder folder;
  write(folder / "run.h5", {quiet_year(), quiet_year()});
  expect_opens(folder / "run.h5", 2, 0);
}

TEST(RunFile, OpensWithoutAnyReplication) {
  const Folder folder;
  write(folder / "run.h5", {});
  expect_opens(folder / "run.h5", 0, 0);
}

// Columns are written in chunks of 16,384 values: more than one of each, and the last one not full.
TEST(RunFile, OpensWithMoreThanAChunk) {
  const Folder folder;
  std::vector<world::Record> records{quiet_year(), eventful()};
  for (int r = 0; r < 9000; ++r) records.push_back(eventful());
  write(folder / "run.h5", records);
  expect_opens(folder / "run.h5", records.size(), 3 * (records.size() - 1));
  EXPECT_LT(std::filesystem::file_size(folder / "run.h5"), 3'000'000u);
}

// What people did, step by step, and what users missed: in groups that are there where a scenario has procedures and capabilities.
TEST(RunFile, SaysWhatPeopleDidAndWhatUsersMissed) {
  const Folder folder;
  const std::string path = folder / "people.h5";
  world::Options options = two_clusters();
  options.failovers.emplace_back();
  options.restores.emplace_back().cluster = 1;
  options.services.modes.push_back(options.modes[0]);
  options.services.modes[0].name = "component-crash";
  options.services.capabilities.resize(2);
  for (services::Capability& capability : options.services.capabilities) capability.cluster = 0;
  options.services.capabilities[0].name = "start";
  options.services.capabilities[1].name = "log-in";
  world::Record record = quiet_year();
  world::Procedure procedure{.cluster = 0, .mode = 1, .region = RegionId{0u}, .lost = at(100s)};
  procedure.detected = at(130s);
  procedure.decided = at(150s);
  procedure.forced = at(160s);
  procedure.lost_entries = 7;
  procedure.lost_time = 2s;
  procedure.writable = at(170s);
  record.procedures = {procedure};
  world::Restoration restoration{.cluster = 1, .mode = 0, .lost = at(500s), .backup = at(-50s)};
  restoration.detected = at(530s);
  record.restorations = {restoration, restoration};
  record.capability_outages = {{.capability = 1, .start = at(10s), .end = at(30s), .mean = 5s, .mode = 2}};
  Result<RunFile> file = RunFile::create(path, options);
  ASSERT_TRUE(file);
  file->add(quiet_year());
  file->add(record);
  const Result<void> done = file->finish(provenance(), {});
  ASSERT_TRUE(done) << done.error()[0].what;
  const int code = python("opens_people.py", "'" + path + "'");
  if (code == 77) GTEST_SKIP() << "python3 with xarray is not installed";
  EXPECT_EQ(code, 0);
}

TEST(RunFile, IsTheSameBytesEveryTime) {
  const Folder folder;
  std::vector<world::Record> records(700, eventful());
  write(folder / "one.h5", records);
  write(folder / "two.h5", records);
  EXPECT_GT(bytes(folder / "one.h5").size(), 10'000u);
  EXPECT_EQ(bytes(folder / "one.h5"), bytes(folder / "two.h5"));
}

TEST(RunFile, KnowsBeforeTheRunThatItCannotBeWritten) {
  const Folder folder;
  const Result<RunFile> file = RunFile::create(folder / "missing/run.h5", two_clusters());
  ASSERT_FALSE(file);
  EXPECT_NE(file.error()[0].what.find("cannot write '" + folder / "missing/run.h5"), std::string::npos);
}

TEST(RunFile, AnInterruptedRunLeavesNothing) {
  const Folder folder;
  {
    Result<RunFile> file = RunFile::create(folder / "run.h5", two_clusters());
    ASSERT_TRUE(file);
    file->add(eventful());
  }
  EXPECT_TRUE(folder.empty());
}

}  // namespace run_file_test
}  // namespace nines::analysis
