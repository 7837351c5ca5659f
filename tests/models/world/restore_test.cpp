// People go back to a backup when data are lost: when, in which order, and what that costs.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/world/restorers.hpp"
#include "tests/support/worlds.hpp"

namespace nines::world {
namespace restore_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::scripted;
using testing_worlds::Stage;
using testing_worlds::zeebe;

constexpr PartitionId first{0u};

// Backups every 100 s, complete after 10 s; known after 30 s, decided 20 s later, and 15 s of work. Ten entries a second.
Options backed_up(std::size_t brokers, std::size_t partitions, const raft::Profile& profile = zeebe()) {
  Options o = cluster(brokers, 1, partitions, brokers, profile);
  o.clusters[0].load = {10, 512};
  o.clusters[0].state_bytes = 50'000'000;  // A second of a snapshot.
  o.horizon = 600s;
  BackupRestore restore;
  restore.every = 100s;
  restore.takes = 10s;
  restore.detection = Law::fixed(30s);
  restore.decision = Law::fixed(20s);
  restore.download = Law::fixed(10s);
  restore.start = Law::fixed(5s);
  o.restores = {restore};
  return o;
}

TEST(Restore, OneBrokerWaitsForItsMachineAndItsBackup) {
  Options o = backed_up(1, 1);
  o.script = {scripted(200s, "replace", {"b0"}, 60s)};
  double sum = 0;
  constexpr int seeds = 100;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Record record = simulate(o, seed, 0);
    ASSERT_EQ(record.restorations.size(), 1u) << seed;
    const Restoration& restoration = record.restorations[0];
    EXPECT_EQ(restoration.mode, 0u);
    EXPECT_EQ(restoration.lost, at(200s));
    EXPECT_EQ(restoration.detected, at(230s));
    EXPECT_EQ(restoration.decided, at(250s));
    EXPECT_EQ(restoration.ready, at(260s));  // The machine.
    EXPECT_EQ(restoration.restored, at(275s));
    ASSERT_EQ(record.outages.size(), 1u) << seed;
    EXPECT_EQ(record.outages[0].start, at(200s));
    EXPECT_GE(record.outages[0].end, at(275s));
    EXPECT_LT(record.outages[0].end, at(280s)) << seed;
    EXPECT_EQ(restoration.writable, record.outages[0].end);
    // Complete means ten seconds before the loss at least, and no more than one more interval.
    const double lost = seconds(restoration.lost - restoration.backup);
    EXPECT_GE(lost, 10) << seed;
    EXPECT_LT(lost, 110) << seed;
    ASSERT_EQ(record.data_losses.size(), 1u) << seed;
    EXPECT_NEAR(static_cast<double>(record.data_losses[0].entries), 10 * lost, 2) << seed;
    EXPECT_EQ(record.data_losses[0].at, at(275s));
    sum += lost;
  }
  EXPECT_NEAR(sum / seeds, 60, 9);  // Three standard errors of a uniform law on 10 to 110.
}

TEST(Restore, WithoutABackupItIsBackWithItsMachineAndHasLostEverything) {
  Options o = backed_up(1, 1);
  o.restores.clear();
  o.script = {scripted(200s, "replace", {"b0"}, 60s)};
  const Record record = simulate(o, 1, 0);
  EXPECT_TRUE(record.restorations.empty());
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_LT(record.outages[0].end, at(270s));
  ASSERT_EQ(record.data_losses.size(), 1u);
  EXPECT_NEAR(static_cast<double>(record.data_losses[0].entries), 2000, 60);
}

// Whoever is back early stays down, the others go on until somebody has decided, and then all stop: also the partition that has lost nothing.
TEST(Restore, TheWholeClusterGoesBackToOneMoment) {
  Options o = backed_up(5, 2);
  o.clusters[0].partitions[0] = {{BrokerId{0u}, 3}, {BrokerId{1u}, 2}, {BrokerId{2u}, 1}};
  o.clusters[0].partitions[1] = {{BrokerId{2u}, 3}, {BrokerId{3u}, 2}, {BrokerId{4u}, 1}};
  o.script = {scripted(200s, "replace", {"b0"}, 10s), scripted(201s, "replace", {"b1"}, 10s)};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Record record = simulate(o, seed, 0);
    ASSERT_EQ(record.restorations.size(), 1u) << seed;
    const Restoration& restoration = record.restorations[0];
    EXPECT_EQ(restoration.mode, 1u);  // The second replacement took the majority.
    EXPECT_EQ(restoration.lost, at(201s));
    EXPECT_EQ(restoration.decided, at(251s));
    EXPECT_EQ(restoration.ready, at(251s));
    EXPECT_EQ(restoration.restored, at(266s));
    ASSERT_EQ(record.outages.size(), 2u) << seed;
    // A leader of the first partition may have been lost a second earlier.
    EXPECT_GE(record.outages[0].start, at(200s)) << seed;
    EXPECT_LE(record.outages[0].start, at(201s)) << seed;
    EXPECT_EQ(record.outages[1].start, at(251s)) << seed;
    for (const Outage& outage : record.outages) {
      EXPECT_GE(outage.end, at(266s)) << seed;
      EXPECT_LT(outage.end, at(280s)) << seed;
    }
    ASSERT_EQ(record.data_losses.size(), 2u) << seed;
    EXPECT_EQ(record.data_losses[0].partition, first);
  }
}

TEST(Restore, TheWorkBeginsAnewWhenAnotherMachineFails) {
  Options o = backed_up(1, 1);
  o.script = {scripted(200s, "replace", {"b0"}, 60s), scripted(270s, "stop", {"b0"}, 30s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.restorations.size(), 1u);
  EXPECT_EQ(record.restorations[0].ready, at(300s));
  EXPECT_EQ(record.restorations[0].restored, at(315s));
}

TEST(Restore, ASecondLossBeforeItIsOneRestorationAndALaterOneAnother) {
  Options o = backed_up(1, 1);
  o.script = {scripted(200s, "replace", {"b0"}, 20s), scripted(240s, "replace", {"b0"}, 30s), scripted(400s, "replace", {"b0"}, 20s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.restorations.size(), 2u);
  EXPECT_EQ(record.restorations[0].ready, at(270s));
  EXPECT_EQ(record.restorations[1].lost, at(400s));
  EXPECT_EQ(record.restorations[1].restored, at(465s));
  // Nothing has been lost of what was written before the first loss and is in the second backup.
  EXPECT_EQ(record.restorations[1].backup - record.restorations[0].backup, 200s);
}

TEST(Restore, WhatTheOthersStillHoldIsNoLoss) {
  Options o = backed_up(3, 1);
  o.script = {scripted(200s, "replace", {"b0"}, 20s), scripted(300s, "replace", {"b1"}, 20s), scripted(400s, "stop", {"b2"}, 20s)};
  const Record record = simulate(o, 1, 0);
  EXPECT_TRUE(record.restorations.empty());
  EXPECT_TRUE(record.data_losses.empty());
}

TEST(Restore, WhatIsNotOverAtTheEndDidNotComeToPass) {
  Options o = backed_up(1, 1);
  o.script = {scripted(570s, "replace", {"b0"}, 60s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.restorations.size(), 1u);
  EXPECT_EQ(record.restorations[0].detected, never);  // At the horizon itself.
  EXPECT_EQ(record.restorations[0].restored, never);
  EXPECT_EQ(record.restorations[0].writable, never);
}

// Systems that let nobody back under its old name, and those that sleep, restore alike.
TEST(Restore, AsleepAndAwakeGoTheSameWay) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::log_only)}) {
    for (const std::size_t brokers : {std::size_t{1}, std::size_t{3}}) {
      Options o = backed_up(brokers, 1, profile);
      for (std::size_t b = 0; b < brokers; ++b) o.script.push_back(scripted(200s + b * 1s, "replace", {"b" + std::to_string(b)}, 60s));
      o.script.push_back(scripted(400s, "stop", {"b0"}, 5s));
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Record slept = simulate(o, seed, 0);
        Options awake = o;
        awake.fidelity = Fidelity::full;
        const Record whole = simulate(awake, seed, 0);
        ASSERT_EQ(slept.restorations.size(), 1u) << profile.name << brokers << ' ' << seed;
        EXPECT_EQ(slept.history, whole.history) << profile.name << brokers << ' ' << seed;
        ASSERT_EQ(slept.data_losses.size(), whole.data_losses.size());
        EXPECT_EQ(slept.data_losses.at(0).entries, whole.data_losses.at(0).entries);
        EXPECT_EQ(slept.restorations[0].writable, whole.restorations[0].writable);
        EXPECT_NE(slept.restorations[0].writable, never);
      }
    }
  }
}

TEST(Restore, ACopyGoesOnLikeTheWorld) {
  Options o = backed_up(1, 1);
  o.script = {scripted(200s, "replace", {"b0"}, 60s)};
  for (const Duration taken : {210s, 240s, 262s, 276s}) {
    const Duration until = taken < 260s ? 259s : 500s;  // The copy does not hear of the machine's return.
    Stage stage(o);
    stage.run_until(at(taken));
    World copy = stage.world;
    copy.advance(at(until));
    stage.run_until(at(until));
    EXPECT_EQ(copy.digest(), stage.world.digest()) << seconds(taken);
    EXPECT_EQ(copy.next_action(), stage.world.next_action()) << seconds(taken);
  }
}

// Monday to Friday from 9 to 17: a decision at night waits for the morning, (4 x 16 h ^ 2 + 64 h ^ 2) / 2 / 168 h on average.
TEST(Restore, SomebodyDecidesWhenSomebodyIsThere) {
  Options o = backed_up(1, 1);
  o.restores[0].shift = {.days = 5, .from_hour = 9, .to_hour = 17};
  o.horizon = 100h;
  o.script = {scripted(200s, "replace", {"b0"}, 60s)};
  double sum_h = 0;
  int at_once = 0;
  constexpr int seeds = 200;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Record record = simulate(o, seed, 0);
    ASSERT_EQ(record.restorations.size(), 1u) << seed;
    const Restoration& restoration = record.restorations[0];
    const Duration wait = restoration.decided - restoration.detected - 20s;
    const Duration begun = failure::hour_of_start(Streams(seed, 0)) + (restoration.detected - Instant{});
    EXPECT_EQ(wait, failure::wait_for(o.restores[0].shift, begun % failure::week)) << seed;
    at_once += wait == 0s ? 1 : 0;
    sum_h += seconds(wait) / 3600;
  }
  EXPECT_NEAR(sum_h / seeds, 15.24, 3.8);                                     // Three standard errors of 17.9 h.
  EXPECT_NEAR(static_cast<double>(at_once) / seeds, 40.0 / 168, 3 * 0.0302);  // As many hours of the week.
}

}  // namespace restore_test
}  // namespace nines::world
