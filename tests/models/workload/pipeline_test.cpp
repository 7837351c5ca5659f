#include "models/workload/pipeline.hpp"

#include <gtest/gtest.h>

#include "tests/models/workload/loads.hpp"

namespace nines::workload {
namespace pipeline_test {

using Kind = Change::Kind;

std::uint64_t rejected(const Counts& counts, Rejected reason) { return counts.rejected[static_cast<std::size_t>(reason)]; }

PipelineOptions spaced(double per_s, int seconds) {
  PipelineOptions o;
  o.load.kind = Load::Kind::spaced;
  o.load.rates = {{Instant{}, per_s}};
  o.load.until = Instant{seconds * 1s};
  o.edges = every(1s, seconds + 20);
  return o;
}

TEST(PipelineTest, OneCommandTakesItsWayAndItsWork) {
  Deployment d = cluster(3, 1, 3, 1ms);
  d.service.variability = Service::Variability::fixed;
  for (Machine& machine : d.machines) {
    machine.cap = 1;
    machine.flush = Law::fixed(2ms);
  }
  d.replication.leader_flush = LeaderFlush::after;
  PipelineOptions o = spaced(1, 2);
  o.load.gateways = {1};
  o.edges = {Instant{}, Instant{10s}};
  // Client 0.2, gateway 0.05, to the leader 1, leader 0.1, to a follower 1, there 0.05, its fsync 2, back 1, the leader's fsync 2, thread 0.1, to the
  // gateway 1, to the client 0.2.
  const Duration way = 200us + 50us + 1ms + 100us + 1ms + 50us + 2ms + 1ms + 2ms + 100us + 1ms + 200us;
  const Timeline t = simulate(d, o);
  ASSERT_EQ(t.total.completed, 1u);
  EXPECT_EQ(t.latency.max(), way);
  // Beside each other the fsyncs cost one: the first follower's acknowledgement comes last.
  d.replication.leader_flush = LeaderFlush::beside;
  EXPECT_EQ(simulate(d, o).latency.max(), way - 2ms);
  // Two rounds: once more through the log and the thread; every cost is halved.
  d.service.rounds = 2;
  const Duration round = 50us + 1ms + 25us + 2ms + 1ms + 50us;
  EXPECT_EQ(simulate(d, o).latency.max(), 200us + 50us + 1ms + 2 * round + 1ms + 200us);
}

TEST(PipelineTest, RatesAreSteps) {
  PipelineOptions o = spaced(0, 10);
  o.load.rates = {{Instant{1s}, 10}, {Instant{3s}, 100}, {Instant{5s}, 0}, {Instant{7s}, 50}};
  const Timeline t = simulate(cluster(3, 3, 3), o);
  const std::uint64_t expected[] = {0, 10, 10, 100, 100, 0, 0, 50, 50, 50, 0};
  for (std::size_t i = 0; i < std::size(expected); ++i)
    EXPECT_NEAR(static_cast<double>(t.intervals[i].counts.offered), static_cast<double>(expected[i]), 1) << i;
  EXPECT_EQ(t.total.completed, t.total.offered);
}

TEST(PipelineTest, ATraceIsSentAsItIs) {
  PipelineOptions o = spaced(0, 10);
  o.load.kind = Load::Kind::trace;
  o.load.instants = {Instant{100ms}, Instant{100ms}, Instant{2500ms}, Instant{9999ms}};
  const Timeline t = simulate(cluster(3, 3, 3), o);
  EXPECT_EQ(t.intervals[0].counts.offered, 2u);
  EXPECT_EQ(t.intervals[2].counts.offered, 1u);
  EXPECT_EQ(t.intervals[9].counts.offered, 1u);
  EXPECT_EQ(t.total.completed, 4u);
}

TEST(PipelineTest, AClosedLoopHoldsItsNumber) {
  PipelineOptions o;
  o.load.kind = Load::Kind::closed;
  o.load.outstanding = 7;
  o.edges = every(1s, 5);
  const Timeline t = simulate(cluster(3, 3, 3), o);
  for (const Interval& interval : t.intervals) EXPECT_EQ(interval.in_flight, 7);
  // Little's law of the whole loop.
  EXPECT_NEAR(t.intervals[3].per_s(t.intervals[3].counts.completed) * t.intervals[3].latency.mean_s, 7, 0.05);
}

// Partition 1 is led by broker 0, which stops at 5.0005 s, between two commands or with one on its way; broker 1 serves from 8 s on.
PipelineOptions leader_stops(Kind how, Routing routing) {
  PipelineOptions o = spaced(300, 12);
  o.load.routing = routing;
  o.changes = {{.at = Instant{5000500us}, .kind = how, .broker = 0},
               {.at = Instant{8s}, .kind = Kind::leader_serves, .broker = 1, .partition = 0},
               {.at = Instant{11s}, .kind = Kind::broker_returns, .broker = 0}};
  return o;
}

TEST(PipelineTest, NewInstancesGoToOtherPartitionsWhileOneHasNoLeader) {
  const Timeline t = simulate(cluster(3, 3, 3), leader_stops(Kind::broker_stops, Routing::free));
  EXPECT_EQ(t.total.rejected_in_all(), 0u);
  EXPECT_GT(t.total.retried, 250u);  // A third of three seconds' 300 a second.
  EXPECT_LE(t.total.failed, 5u);     // What was on its way.
  EXPECT_EQ(t.total.timed_out, 0u);
  EXPECT_EQ(t.intervals[6].partitions[0].leader, -1);
  EXPECT_EQ(t.intervals[6].partitions[0].completed, 0u);
  EXPECT_EQ(t.intervals[6].partitions[1].leader, 1);
  EXPECT_EQ(t.intervals[9].partitions[0].leader, 1);
  EXPECT_NEAR(static_cast<double>(t.intervals[9].partitions[0].completed), 100, 5);
}

TEST(PipelineTest, KeyedCommandsAreRefusedWhileTheirPartitionHasNoLeader) {
  const Timeline t = simulate(cluster(3, 3, 3), leader_stops(Kind::broker_stops, Routing::even));
  EXPECT_EQ(t.total.retried, 0u);
  EXPECT_NEAR(static_cast<double>(rejected(t.total, Rejected::no_leader)), 300, 60);
}

// RequestRetryHandler never tries again after a time-out.
TEST(PipelineTest, CommandsForALeaderThatVanishedTimeOut) {
  const Timeline t = simulate(cluster(3, 3, 3), leader_stops(Kind::broker_vanishes, Routing::free));
  EXPECT_EQ(t.total.retried, 0u);
  EXPECT_NEAR(static_cast<double>(t.total.timed_out), 300, 10);
  // They are given up 15 s after they were sent.
  EXPECT_EQ(t.intervals[19].counts.timed_out, 0u);
  EXPECT_NEAR(static_cast<double>(t.intervals[21].counts.timed_out), 100, 5);
  EXPECT_EQ(t.intervals[24].counts.timed_out, 0u);
}

TEST(PipelineTest, ClientsOfAGatewayThatStopsAreToldAtOnceAndOthersNever) {
  Deployment d = cluster(3, 1, 3);
  d.service.processing_s = 1;
  PipelineOptions o = spaced(10, 2);  // All still wait at 2.5 s.
  o.load.gateways = {2};
  o.edges = every(500ms, 60);
  o.changes = {{.at = Instant{2500ms}, .kind = Kind::broker_stops, .broker = 2}};
  const Timeline told = simulate(d, o);
  EXPECT_EQ(told.intervals[5].counts.failed + told.total.completed, told.total.offered);
  EXPECT_GT(told.intervals[5].counts.failed, 10u);
  o.changes[0].kind = Kind::broker_vanishes;
  const Timeline silent = simulate(d, o);
  EXPECT_EQ(silent.total.failed, 0u);
  EXPECT_EQ(silent.total.timed_out, told.intervals[5].counts.failed);
}

// Two of four replicas are gone for good: nothing is committed until those left decide alone, and again with all four once the others are back.
TEST(PipelineTest, ReplicasThatAreRemovedDoNotCount) {
  Deployment d = cluster(4, 1, 4);
  PipelineOptions o = spaced(100, 20);
  o.load.gateways = {1};
  o.edges = every(1s, 20);
  o.changes = {{.at = Instant{3s}, .kind = Kind::broker_vanishes, .broker = 2}, {.at = Instant{3s}, .kind = Kind::broker_vanishes, .broker = 3}};
  const Timeline stuck = simulate(d, o);
  EXPECT_EQ(stuck.intervals[8].counts.completed, 0u);
  for (const std::uint16_t broker : {std::uint16_t{2}, std::uint16_t{3}})
    o.changes.push_back({.at = Instant{6s}, .kind = Kind::replica_removed, .broker = broker, .partition = 0});
  for (const std::uint16_t broker : {std::uint16_t{2}, std::uint16_t{3}})
    o.changes.push_back({.at = Instant{10s}, .kind = Kind::broker_returns, .broker = broker});
  for (const std::uint16_t broker : {std::uint16_t{2}, std::uint16_t{3}})
    o.changes.push_back({.at = Instant{12s}, .kind = Kind::replica_joins, .broker = broker, .partition = 0});
  o.changes.push_back({.at = Instant{15s}, .kind = Kind::broker_vanishes, .broker = 2});
  o.changes.push_back({.at = Instant{17s}, .kind = Kind::broker_vanishes, .broker = 3});
  const Timeline t = simulate(d, o);
  EXPECT_EQ(t.intervals[4].counts.completed, 0u);
  EXPECT_NEAR(static_cast<double>(t.intervals[8].counts.completed), 100, 5);
  EXPECT_NEAR(static_cast<double>(t.intervals[16].counts.completed), 100, 5);  // Three of four.
  EXPECT_EQ(t.intervals[18].counts.completed, 0u);                             // Two of four.
  EXPECT_EQ(t.lost, 0u);
}

TEST(PipelineTest, WhatWasNotCommittedIsLostWithItsLeader) {
  Deployment d = cluster(3, 1, 3);
  PipelineOptions o = spaced(100, 10);
  o.load.gateways = {1};
  // Alone from 3 s on, broker 0 still takes commands in, and commits none.
  o.changes = {{.at = Instant{3s}, .kind = Kind::broker_vanishes, .broker = 1},
               {.at = Instant{3s}, .kind = Kind::broker_vanishes, .broker = 2},
               {.at = Instant{3001ms}, .kind = Kind::broker_returns, .broker = 1},
               {.at = Instant{3002ms}, .kind = Kind::link_cut, .broker = 0, .to = 1},
               {.at = Instant{5s}, .kind = Kind::broker_returns, .broker = 2},
               {.at = Instant{5s}, .kind = Kind::link_heals, .broker = 0, .to = 1},
               {.at = Instant{5s}, .kind = Kind::leader_serves, .broker = 2, .partition = 0}};
  Pipeline pipeline(d, o);
  pipeline.run_until(Instant{4s});
  const std::uint64_t before = pipeline.timeline().committed;
  pipeline.run_until(Instant{5s});
  EXPECT_EQ(pipeline.timeline().committed, before);
  pipeline.run_until(Instant{30s});
  const Timeline t = pipeline.timeline();
  EXPECT_EQ(t.total.completed, t.committed);
  EXPECT_EQ(t.total.offered, ends(t.total));
  EXPECT_EQ(t.total.timed_out, 199u);  // Two seconds' at a gateway that cannot reach the leader.
}

TEST(PipelineTest, AnAppendedCommandIsLostAndItsClientToldWhenItsLeaderIsReplaced) {
  Deployment d = cluster(3, 1, 3);
  PipelineOptions o = spaced(100, 10);
  o.load.gateways = {0};
  o.changes = {{.at = Instant{3s}, .kind = Kind::link_cut, .broker = 0, .to = 1},
               {.at = Instant{3s}, .kind = Kind::link_cut, .broker = 0, .to = 2},
               {.at = Instant{4s}, .kind = Kind::leader_serves, .broker = 1, .partition = 0},
               {.at = Instant{4s}, .kind = Kind::link_heals, .broker = 0, .to = 1}};
  const Timeline t = simulate(d, o);
  EXPECT_NEAR(static_cast<double>(t.lost), 100, 2);
  EXPECT_EQ(t.total.failed, t.lost);
  EXPECT_EQ(t.total.completed, t.committed);
  EXPECT_EQ(t.total.offered, t.total.completed + t.total.failed);
}

// What a process instance has committed stays: the next leader goes on with it.
TEST(PipelineTest, ACommandOfManyRoundsSurvivesItsLeader) {
  Deployment d = cluster(3, 1, 3, 20ms);
  d.service.rounds = 10;
  PipelineOptions o = spaced(20, 10);
  o.load.gateways = {1};
  o.changes = {{.at = Instant{5s}, .kind = Kind::broker_vanishes, .broker = 0}, {.at = Instant{8s}, .kind = Kind::leader_serves, .broker = 1, .partition = 0}};
  const Timeline t = simulate(d, o);
  // About 8 were on their way, each in one of ten rounds; only those in the first, and those sent while nobody led, are lost.
  EXPECT_NEAR(static_cast<double>(t.total.timed_out), 61, 2);
  EXPECT_EQ(t.total.completed + t.total.timed_out, 199u);
  EXPECT_GT(t.latency.max(), 3s);
}

TEST(PipelineTest, AFollowerThatWasAwayCatchesUp) {
  Deployment d = cluster(3, 1, 3);
  PipelineOptions o = spaced(500, 20);
  o.load.gateways = {0};
  o.changes = {{.at = Instant{2s}, .kind = Kind::broker_vanishes, .broker = 2},
               {.at = Instant{10s}, .kind = Kind::broker_returns, .broker = 2},
               {.at = Instant{12s}, .kind = Kind::broker_vanishes, .broker = 1}};
  const Timeline t = simulate(d, o);
  EXPECT_EQ(t.total.completed, t.total.offered);
  EXPECT_LT(t.latency.max(), 100ms);
  // Two seconds are enough for 4,000 entries; two milliseconds are not.
  o.changes[2].at = Instant{10002ms};
  const Timeline early = simulate(d, o);
  EXPECT_EQ(early.total.completed, early.total.offered);
  EXPECT_GT(early.latency.max(), 50ms);
}

TEST(PipelineTest, APausedFollowerHindersNobodyAndAPausedLeaderEverybody) {
  Deployment d = cluster(3, 1, 3);
  PipelineOptions o = spaced(100, 10);
  o.load.gateways = {0};
  o.changes = {{.at = Instant{3s}, .kind = Kind::broker_pauses, .broker = 2}, {.at = Instant{6s}, .kind = Kind::broker_resumes, .broker = 2}};
  EXPECT_LT(simulate(d, o).latency.max(), 50ms);
  for (Change& change : o.changes) change.broker = 0;
  const Timeline t = simulate(d, o);
  EXPECT_EQ(t.total.completed, 999u);
  EXPECT_EQ(t.intervals[4].counts.completed, 0u);
  EXPECT_GT(t.latency.max(), 2990ms);
  EXPECT_LT(t.latency.max(), 3100ms);
}

TEST(PipelineTest, AHungDiskStopsALeaderThatFlushesAfterItsFollowersOnly) {
  Deployment d = cluster(3, 1, 3);
  PipelineOptions o = spaced(100, 10);
  o.changes = {{.at = Instant{3s}, .kind = Kind::disk_hangs, .broker = 0}, {.at = Instant{6s}, .kind = Kind::disk_recovers, .broker = 0}};
  d.replication.leader_flush = LeaderFlush::beside;  // Two followers are a quorum.
  EXPECT_LT(simulate(d, o).latency.max(), 50ms);
  d.replication.leader_flush = LeaderFlush::after;
  const Timeline t = simulate(d, o);
  EXPECT_GT(t.latency.max(), 2900ms);
  EXPECT_EQ(t.total.completed, 999u);
}

// Twice as much is offered as is carried: without a limit answers come later and later until clients have given up before they come; AIMD keeps them near
// its 200 ms.
TEST(PipelineTest, AimdKeepsAnswersNearTheirTarget) {
  Deployment d = cluster(3, 3, 3);
  d.service.processing_s = 5e-3;  // 170 a second and partition, with 0.85 of a core.
  PipelineOptions o = spaced(1000, 60);
  o.load.kind = Load::Kind::poisson;
  const Timeline open = simulate(d, o);
  EXPECT_GT(open.intervals[20].latency.p50, 9s);
  EXPECT_EQ(open.intervals[50].counts.completed, 0u);
  o.flow.requests.kind = RequestLimitOptions::Kind::aimd;
  const Timeline t = simulate(d, o);
  EXPECT_LT(t.intervals[50].latency.p99, 300ms);
  EXPECT_GT(t.intervals[50].latency.p50, 100ms);
  EXPECT_NEAR(static_cast<double>(t.intervals[50].counts.completed), 510, 60);
  EXPECT_NEAR(static_cast<double>(rejected(t.intervals[50].counts, Rejected::request_limit)), 490, 90);
}

// Memory is what is outstanding, not how long it has been running.
TEST(PipelineTest, TenMinutesNeedNoMorePlacesThanOne) {
  Deployment d = cluster(3, 3, 3);
  d.service.exporter_s = 20e-6;
  d.service.exported = 10;
  d.storage.records_per_s = 20'000;
  PipelineOptions o = spaced(500, 600);
  o.changes = {{.at = Instant{30s}, .kind = Kind::broker_stops, .broker = 1},
               {.at = Instant{33s}, .kind = Kind::leader_serves, .broker = 2, .partition = 1},
               {.at = Instant{40s}, .kind = Kind::broker_returns, .broker = 1}};
  for (int minute = 1; minute < 10; ++minute) {  // The same again every minute, the leader back and forth.
    for (int i = 0; i < 3; ++i) {
      Change change = o.changes[static_cast<std::size_t>(i)];
      change.at += minute * 1min;
      if (i != 1) change.broker = minute % 2 == 0 ? 1 : 2;
      if (i == 1) change.broker = minute % 2 == 0 ? 2 : 1;
      o.changes.push_back(change);
    }
  }
  Pipeline pipeline(d, o);
  pipeline.run_until(Instant{2min});
  const std::size_t before = pipeline.places();
  pipeline.run_until(Instant{10min});
  EXPECT_LE(pipeline.places(), before + before / 4);
  EXPECT_GT(pipeline.timeline().total.completed, 290'000u);
}

TEST(PipelineTest, ASeedIsARunAndAnotherSeedIsAnother) {
  const Deployment d = cluster(3, 3, 3);
  PipelineOptions o;
  o.load.rates = {{Instant{}, 200}};
  o.edges = every(1s, 10);
  const Timeline t = simulate(d, o);
  EXPECT_EQ(simulate(d, o).fingerprint, t.fingerprint);
  EXPECT_EQ(simulate(d, o).intervals, t.intervals);
  o.replication = 1;
  EXPECT_NE(simulate(d, o).fingerprint, t.fingerprint);
}

}  // namespace pipeline_test
}  // namespace nines::workload
