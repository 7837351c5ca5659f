#include "models/workload/backlog.hpp"

#include <gtest/gtest.h>

#include "tests/models/workload/loads.hpp"

namespace nines::workload {
namespace backlog_test {

TEST(BacklogTest, DrainsAtWhatIsLeftOfTheRate) {
  // Ten minutes at 800 a second; 1,000 are taken: 480,000 at 200 a second.
  EXPECT_DOUBLE_EQ(after({800, 1000}, 10min), 480'000);
  EXPECT_EQ(drain_time({800, 1000}, 10min), 40min);
  EXPECT_EQ(drain_time({800, 800}, 10min), Duration::max());
  EXPECT_EQ(drain_time({800, 800}, 0min), 0min);
}

TEST(BacklogTest, ADiskFillsUpToAWatermark) {
  // 32 GiB, 10 GiB used, 2 MiB a second: 20 GiB until 2 GiB are left.
  const DiskFill disk{32LL << 30, 10LL << 30, 2.0 * (1 << 20)};
  EXPECT_EQ(time_until_free_below(disk, 2LL << 30), 10240s);
  EXPECT_EQ(time_until_free_below(disk, 1LL << 30), 10752s);
  EXPECT_EQ(time_until_free_below(disk, 23LL << 30), 0s);
  EXPECT_EQ(time_until_free_below({0, 0, 1e9}, 2LL << 30), Duration::max());
}

TEST(BacklogTest, OnlyWholeSegmentsAreRemoved) {
  EXPECT_EQ(kept_bytes(1000, 250, 100), 800);
  EXPECT_EQ(kept_bytes(1000, 99, 100), 1000);
  EXPECT_EQ(kept_bytes(1000, 5000, 100), 0);
}

// 100 commands a second of ten records each; the storage takes 2,000 records a second and is away from 20 s to 40 s.
Deployment exporting() {
  Deployment d = cluster(3, 3, 3);
  d.service.exporter_s = 20e-6;
  d.service.exported = 10;
  d.storage.records_per_s = 2'000;
  return d;
}

PipelineOptions outage() {
  PipelineOptions o;
  o.load.kind = Load::Kind::spaced;
  o.load.rates = {{Instant{}, 100}};
  o.edges = every(1s, 80);
  o.changes = {{.at = Instant{20s}, .kind = Change::Kind::export_stops}, {.at = Instant{40s}, .kind = Change::Kind::export_resumes}};
  return o;
}

TEST(BacklogTest, TheSimulationDrainsAsTheClosedFormSays) {
  const Timeline t = simulate(exporting(), outage());
  EXPECT_LT(t.intervals[18].export_backlog, 100);
  EXPECT_NEAR(static_cast<double>(t.intervals[39].export_backlog), after({1000, 2000}, 20s), 300);
  EXPECT_EQ(drain_time({1000, 2000}, 20s), 20s);
  EXPECT_GT(t.intervals[57].export_backlog, 500);
  EXPECT_LT(t.intervals[61].export_backlog, 200);
  EXPECT_EQ(t.total.rejected_in_all(), 0u);
}

TEST(BacklogTest, ThrottlingKeepsTheBacklogNearWhatIsAcceptable) {
  Deployment d = exporting();
  PipelineOptions o = outage();
  o.load.rates = {{Instant{}, 400}};  // 4,000 records a second, twice what is taken.
  o.edges = every(10s, 60);
  o.changes.clear();
  o.flow.writes = {.throttling = true, .acceptable_backlog = 5'000, .least_per_s = 1};
  const Timeline t = simulate(d, o);
  for (std::size_t i = 30; i < 60; ++i) {
    EXPECT_NEAR(t.intervals[i].per_s(t.intervals[i].counts.completed), 200, 20);
    EXPECT_LT(t.intervals[i].export_backlog, 3 * 8'000);
  }
  EXPECT_GT(t.total.rejected[static_cast<std::size_t>(Rejected::write_limit)], 10'000u);
  EXPECT_EQ(t.busiest()->resource, Resource::secondary_storage);
}

// 100 commands of 100 kB a second to every one of three replicas: 10 MB a second. Nothing is exported, so nothing is removed.
TEST(BacklogTest, AFullDiskRejectsWhenTheClosedFormSays) {
  Deployment d = exporting();
  d.service.bytes = 100'000;
  PipelineOptions o = outage();
  o.load.rates = {{Instant{}, 100}};
  o.changes = {{.at = Instant{}, .kind = Change::Kind::export_stops}};
  o.log.snapshot_every = 5s;
  o.log.segment_bytes = 16 << 20;
  for (Machine& machine : d.machines) machine.disk_bytes = (2LL << 30) + 300'000'000;
  const Duration full = time_until_free_below({d.machines[0].disk_bytes, 0, 1e7}, o.log.free_for_commands);
  EXPECT_EQ(full, 30s);
  const Timeline t = simulate(d, o);
  const auto rejected = [&](std::size_t i) { return t.intervals[i].counts.rejected[static_cast<std::size_t>(Rejected::disk_full)]; };
  EXPECT_EQ(rejected(28), 0u);
  EXPECT_GT(rejected(32), 95u);
  EXPECT_NEAR(static_cast<double>(t.intervals.back().log_bytes), 3e8, 2e7);
  // With exporters at work segments are removed, and the disk is never full.
  o.changes.clear();
  const Timeline well = simulate(d, o);
  EXPECT_EQ(well.total.rejected_in_all(), 0u);
  EXPECT_LT(well.intervals.back().log_bytes, 3 * (5 * 3'400'000 + (16 << 20)));
}

}  // namespace backlog_test
}  // namespace nines::workload
