#include "analysis/load/long_run.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace nines::analysis {
namespace long_run_test {

using workload::Deployment;

// Three brokers, three partitions, bound by the leader's CPU: 100 commands a second each may lead at one partition.
Deployment three() {
  Deployment d;
  d.service = {.rounds = 1, .bytes = 100, .processing_s = 0.01};
  d.service.leader_s = 0;
  for (std::uint16_t b = 0; b < 3; ++b) {
    d.machines.push_back({.name = "m", .cores = 1, .speed = 1, .cap = 1, .flush = Law::fixed(0ns)});
    d.machine_of.push_back(b);
    d.zone_of.push_back(b);
    d.region_of.push_back(0);
  }
  for (std::uint16_t p = 0; p < 3; ++p)
    d.partitions.push_back({{p, static_cast<std::uint16_t>((p + 1) % 3), static_cast<std::uint16_t>((p + 2) % 3)}});
  d.links.resize(9);
  return d;
}

Instant at(Duration t) { return Instant{} + t; }

world::Record quiet(Duration horizon) {
  world::Record record;
  record.horizon = horizon;
  for (std::size_t p = 0; p < 3; ++p) record.leaderships.push_back({PartitionId{p}, Instant{}, BrokerId{p}});
  return record;
}

TEST(LongRun, IsTheHealthyCapacityWhereNothingHappens) {
  LongRun run(three(), {0, 0}, 200);
  run.add(quiet(100s));
  EXPECT_DOUBLE_EQ(*run.throughput(3600).value, 300);
  EXPECT_EQ(run.states(), 1u);
  EXPECT_EQ(run.shortfall_s(), 0);
  EXPECT_FALSE(run.shortfall(10, "10 s").value);  // Never seen: a bound, no zero.
  EXPECT_GT(*run.shortfall(10, "10 s").high, 0);
}

// An outage of 10 s, then partition 0 is led by broker 1 beside its own for 40 s of 100: half the throughput, and 200 a second are too many.
TEST(LongRun, WeighsEveryStateByItsTime) {
  world::Record record = quiet(100s);
  record.outages.push_back({.partition = PartitionId{0u}, .start = at(20s), .end = at(30s)});
  record.broker_changes.push_back({at(20s), BrokerId{0u}, world::BrokerChange::What::stopped});
  record.leaderships.insert(record.leaderships.begin() + 1, {PartitionId{0u}, at(30s), BrokerId{1u}});
  record.broker_changes.push_back({at(60s), BrokerId{0u}, world::BrokerChange::What::started});
  record.leaderships.insert(record.leaderships.begin() + 2, {PartitionId{0u}, at(70s), BrokerId{0u}});
  LongRun run(three(), {0, 0}, 200);
  run.add(record);
  EXPECT_NEAR(*run.throughput(3600).value, (20 * 300 + 10 * 0 + 40 * 150 + 30 * 300) / 100.0, 1e-9);
  EXPECT_NEAR(run.shortfall_s(), 40, 1e-9);
}

// Nobody fails back: unbalanced leaders stay after everybody is up again.
TEST(LongRun, CountsLeadersThatDoNotComeBack) {
  world::Record record = quiet(100s);
  record.leaderships.insert(record.leaderships.begin() + 1, {PartitionId{0u}, at(50s), BrokerId{1u}});
  LongRun run(three(), {0, 0}, 0);
  run.add(record);
  EXPECT_NEAR(*run.throughput(3600).value, 225, 1e-9);
  EXPECT_EQ(run.shortfall_s(), 0);
}

TEST(LongRun, LooksAtItsOwnClusterOnly) {
  world::Record record = quiet(100s);
  for (auto& leadership : record.leaderships) {
    leadership.partition = PartitionId{leadership.partition.index() + 5};
    leadership.leader = BrokerId{leadership.leader.index() + 7};
  }
  record.outages.push_back({.partition = PartitionId{0u}, .start = at(0s), .end = at(100s)});
  record.broker_changes.push_back({at(1s), BrokerId{0u}, world::BrokerChange::What::stopped});
  LongRun run(three(), {7, 5}, 0);
  run.add(record);
  EXPECT_DOUBLE_EQ(*run.throughput(3600).value, 300);
}

TEST(LongRun, HasAnIntervalFromThirtyReplicationsOn) {
  LongRun run(three(), {0, 0}, 0);
  for (int i = 0; i < 29; ++i) run.add(quiet(100s));
  EXPECT_FALSE(run.throughput(3600).low);
  world::Record half = quiet(100s);
  half.outages.push_back({.partition = PartitionId{2u}, .start = at(0s), .end = at(50s)});
  run.add(half);
  const Estimate estimate = run.throughput(3600);
  ASSERT_TRUE(estimate.low && estimate.high);
  EXPECT_LT(*estimate.low, 295);
  EXPECT_GT(*estimate.high, 295);
}

TEST(LongRun, WhatWasNeverSeenToCarryLessMayYetStandStill) {
  LongRun run(three(), {0, 0}, 0);
  for (int i = 0; i < 40; ++i) run.add(quiet(100s));
  const Estimate estimate = run.throughput(40);
  EXPECT_DOUBLE_EQ(*estimate.value, 300);
  EXPECT_NEAR(*estimate.low, 300 * (1 - 2.996 * 40 / 4000), 0.01);  // The rule of three, of outages of 40 s in 4,000 s.
}

// In any blocks, through bytes: every digit.
TEST(LongRun, BlocksMergedAreTheWhole) {
  const auto record = [](std::int64_t r) {
    world::Record some = quiet(100s);
    some.outages.push_back({.partition = PartitionId{2u}, .start = at(0s), .end = at(7s * r / 3)});
    some.leaderships.insert(some.leaderships.begin() + 1, {PartitionId{0u}, at(97s - 13s * r / 7), BrokerId{1u}});
    return some;
  };
  LongRun whole(three(), {0, 0}, 200), merged(three(), {0, 0}, 200);
  for (int r = 0; r < 40; ++r) whole.add(record(r));
  for (const auto& [first, last] : {std::pair{0, 25}, {25, 25}, {25, 31}, {31, 40}}) {
    LongRun part(three(), {0, 0}, 200), copy(three(), {0, 0}, 200);
    for (int r = first; r < last; ++r) part.add(record(r));
    ByteWriter out;
    part.write(out);
    ByteReader in(out.bytes());
    copy.read(in);
    EXPECT_TRUE(in.finished());
    merged.merge(copy);
  }
  EXPECT_EQ(merged.throughput(3600).value, whole.throughput(3600).value);
  EXPECT_EQ(merged.throughput(3600).low, whole.throughput(3600).low);
  EXPECT_EQ(merged.shortfall_s(), whole.shortfall_s());
  EXPECT_GT(merged.shortfall_s(), 0);
  EXPECT_EQ(merged.shortfall(10, "10 s").high, whole.shortfall(10, "10 s").high);
}

}  // namespace long_run_test
}  // namespace nines::analysis
