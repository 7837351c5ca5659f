// Disks that are lost, rot, hang, are slow or written late: what a group makes of it, and what it loses.
#include <gtest/gtest.h>

#include "tests/support/worlds.hpp"

namespace nines::world {
namespace group_disk_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::scripted;
using testing_worlds::seed_led_by;
using testing_worlds::Stage;
using testing_worlds::without_delays;
using testing_worlds::zeebe;

constexpr PartitionId first{0u};

// One partition of three on three nodes, one a zone; messages take no time, and ten entries a second are written.
Options three(const raft::Profile& profile) {
  Options o = cluster(3, 3, 1, 3, profile);
  without_delays(o);
  o.clusters[0].load = {10, 512};
  o.clusters[0].state_bytes = 500'000'000;  // 10 s of a snapshot.
  o.horizon = 120s;
  return o;
}

Record run(const Options& options, raft::Member leader = 0) { return simulate(options, seed_led_by(options, leader), 0); }

TEST(LostDisk, OfAFollowerIsNoOutage) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::freshness)}) {
    Options o = three(profile);
    o.script = {scripted(10s, "replace", {"b1"}, 5s)};
    const Record record = run(o);
    EXPECT_TRUE(record.outages.empty()) << profile.name;
    EXPECT_TRUE(record.data_losses.empty()) << profile.name;
    EXPECT_EQ(record.majorities_lost, 0u) << profile.name;
  }
}

// Half a gigabyte at 50 MB/s: until it has come, the member that is back acknowledges nothing.
TEST(LostDisk, WhoIsBackCountsOnceItHasBeenSentTheState) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::freshness)}) {
    Options o = three(profile);
    o.script = {scripted(10s, "replace", {"b1"}, 5s), scripted(17s, "stop", {"b2"}, 60s)};
    const Record record = run(o);
    ASSERT_FALSE(record.outages.empty()) << profile.name;
    const Outage& outage = record.outages[0];
    EXPECT_EQ(outage.start, at(17s)) << profile.name;
    EXPECT_GE(outage.end, at(25s)) << profile.name;
    EXPECT_LE(outage.end, at(34s)) << profile.name;
    EXPECT_EQ(outage.phase, Phase::quorum) << profile.name;
  }
}

TEST(LostDisk, ASlowLinkTakesLongerForTheState) {
  Options o = three(zeebe());
  o.topology.same_region.bandwidth_bytes_per_s = 10e6;
  o.script = {scripted(10s, "replace", {"b1"}, 5s), scripted(17s, "stop", {"b2"}, 100s)};
  const Record record = run(o);
  ASSERT_FALSE(record.outages.empty());
  EXPECT_GE(record.outages[0].end, at(65s));  // 50 s from 15 s on.
}

// etcd, op-guide/runtime-configuration: who comes back is a new member, and only a quorum can let it in.
TEST(LostDisk, ANewcomerIsLetInByAQuorumOfTheOthersOnly) {
  Options o = three(etcd(raft::PreVote::freshness));
  o.clusters[0].state_bytes = 0;
  o.script = {scripted(10s, "stop", {"b2"}, 40s), scripted(11s, "replace", {"b1"}, 5s)};
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(40s));
  EXPECT_EQ(stage.world.group(first).core(1).role(), raft::Role::follower);
  EXPECT_FALSE(has(stage.world.group(first).around().alive, 1));
  EXPECT_FALSE(stage.world.group(first).writable());
  stage.run_until(at(55s));
  EXPECT_TRUE(has(stage.world.group(first).around().alive, 1));
  EXPECT_TRUE(stage.world.group(first).writable());
  EXPECT_GT(stage.world.group(first).core(1).commit(), 100u);
}

// Silence lasts until somebody asks the leader for something; the newcomer's operator does.
TEST(LostDisk, OfAMemberOfASilentGroupIsMadeGood) {
  Options o = three(etcd(raft::PreVote::freshness));
  o.clusters[0].load = {};
  o.clusters[0].state_bytes = 0;
  o.clusters[0].profile.quiesce_after = 1s;
  o.script = {scripted(20s, "replace", {"b1"}, 5s)};
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(19s));
  EXPECT_TRUE(stage.world.group(first).core(0).quiescent());
  stage.run_until(at(40s));
  EXPECT_TRUE(has(stage.world.group(first).around().alive, 1));
  EXPECT_EQ(stage.world.group(first).core(1).commit(), stage.world.group(first).core(0).commit());
}

// Zeebe: it comes back under its old name and votes at once, also for who lacks what it has forgotten.
TEST(LostDisk, AVoterThatForgotElectsWhoLacksWhatWasCommitted) {
  Options o = three(zeebe());
  // b1 hears nothing while b0 and b2 commit; then b2 forgets, and b0 is gone.
  o.script = {scripted(10s, "cut", {"b1"}, 20s), scripted(29s, "replace", {"b2"}, 500ms), scripted(29s + 1ms, "stop", {"b0"}, 60s)};
  const Record record = run(o);
  ASSERT_EQ(record.data_losses.size(), 1u);
  EXPECT_GE(record.data_losses[0].entries, 170u);
  EXPECT_LE(record.data_losses[0].entries, 200u);
  EXPECT_GT(record.data_losses[0].at, at(30s));
  EXPECT_EQ(record.majorities_lost, 0u);
  // Elsewhere the newcomer is not let in before b0 is back, and nothing is lost.
  o.clusters[0].profile = etcd(raft::PreVote::freshness);
  EXPECT_TRUE(run(o).data_losses.empty());
}

TEST(LostDisk, OfEverybodyLosesEverything) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::freshness)}) {
    Options o = three(profile);
    o.script = {scripted(20s, "replace", {"r"}, 10s)};
    const Record record = run(o);
    EXPECT_EQ(record.majorities_lost, 1u) << profile.name;
    ASSERT_EQ(record.data_losses.size(), 1u) << profile.name;
    EXPECT_GE(record.data_losses[0].entries, 190u) << profile.name;
    ASSERT_EQ(record.outages.size(), 1u) << profile.name;
    EXPECT_LE(record.outages[0].end, at(45s)) << profile.name;
  }
}

// etcd, op-guide/recovery: the group is restored from the disk that is left.
TEST(LostDisk, OfAMajorityIsRestoredFromTheSurvivor) {
  Options o = three(etcd(raft::PreVote::freshness));
  o.script = {scripted(20s, "replace", {"b1"}, 10s), scripted(20s, "replace", {"b2"}, 10s)};
  const Record record = run(o);
  EXPECT_EQ(record.majorities_lost, 1u);
  EXPECT_TRUE(record.data_losses.empty());
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_LE(record.outages[0].end, at(40s));
}

TEST(RottenLog, LosesNothingThatAMajorityHolds) {
  for (const raft::Profile& profile : {zeebe(), etcd(raft::PreVote::freshness)}) {
    Options o = three(profile);
    o.script = {scripted(20s, "corrupt", {"b1"}, 2s)};
    Stage stage(o, seed_led_by(o, 0));
    stage.run_until(at(22s + 1ns));
    // Zeebe reads what is left; elsewhere the member is a newcomer, which is not in the group yet.
    EXPECT_TRUE(!profile.match_may_fall || stage.world.group(first).core(1).log().last_index() < 200u);
    EXPECT_EQ(has(stage.world.group(first).around().alive, 1), profile.match_may_fall);
    stage.run_until(at(60s));
    EXPECT_GT(stage.world.group(first).core(1).commit(), 390u) << profile.name;
    const Record record = stage.world.finish(at(120s), 1);
    EXPECT_TRUE(record.data_losses.empty()) << profile.name;
    EXPECT_TRUE(record.outages.empty()) << profile.name;
  }
}

TEST(SlowDisk, DelaysWhatIsCommittedAndNobodyNotices) {
  Options o = three(zeebe());
  failure::Mode slow = testing_worlds::exponential_mode("slow-disks", failure::Scope::cluster, failure::Effect::slow_disk, std::chrono::hours{876600}, 1h);
  slow.extra_delay = 40ms;
  o.modes = {slow};
  o.script = {scripted(10s, "slow-disks", {"c"}, 20s)};
  o.fidelity = Fidelity::full;
  Stage stage(o, seed_led_by(o, 0));
  const auto uncommitted_at = [&](Duration t) {
    stage.run_until(at(t));
    const raft::Core& core = stage.world.group(first).core(0);
    return core.log().last_index() - core.commit();
  };
  Group& group = stage.world.group(first);
  stage.run_until(at(15s));
  const raft::Index before = group.core(0).log().last_index();
  Duration t = 15s;
  while (group.core(0).log().last_index() == before) stage.run_until(at(t += 1ms));
  EXPECT_EQ(uncommitted_at(t + 70ms), 1u);  // A follower's write, then the leader's: 80 ms.
  EXPECT_EQ(uncommitted_at(t + 85ms), 0u);
  EXPECT_TRUE(stage.world.finish(at(120s), 1).outages.empty());
}

// hashicorp/raft issue 503: heartbeats go on while the leader's disk hangs, so nobody replaces it and nothing is written.
TEST(HungDisk, OfALeaderWhoseHeartbeatsGoOnIsAnOutageForAsLongAsItLasts) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "hung-disk", {"b0"}, 30s)};
  const Record record = run(o);
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_EQ(record.outages[0].start, at(10s));
  EXPECT_EQ(record.outages[0].end, at(40s));
  EXPECT_EQ(record.outages[0].phase, Phase::pause);
}

TEST(HungDisk, OfALeaderWhoseHeartbeatsWaitForItIsAFailover) {
  Options o = three(zeebe());
  o.clusters[0].profile.hung_disk_stops_heartbeats = true;
  o.script = {scripted(10s, "hung-disk", {"b0"}, 30s)};
  const Record record = run(o);
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_LT(record.outages[0].end, at(20s));
  EXPECT_EQ(record.outages[0].phase, Phase::election);
}

TEST(HungDisk, OfAFollowerIsNone) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "hung-disk", {"b1"}, 30s)};
  EXPECT_TRUE(run(o).outages.empty());
}

// What a process has written its operating system still has, when it dies; when the machine does, what had not been flushed is gone.
TEST(LateFlush, IsLostWithTheMachineAndNotWithTheProcess) {
  Options o = three(zeebe());
  o.clusters[0].profile.flush.delay = 5s;
  const auto log_after = [&](const char* element) {
    Options with = o;
    with.script = {scripted(20s, "stop", {element}, 100ms)};
    Stage stage(with, seed_led_by(o, 0));
    stage.run_until(at(20s + 100ms + 1ns));
    return stage.world.group(first).core(1).log().last_index();
  };
  EXPECT_GE(log_after("b1"), 198u);
  EXPECT_GE(log_after("n1"), 148u);
  EXPECT_LE(log_after("n1"), 152u);
}

// A bare heartbeat names no entry, and without load no append comes that could be refused: the leader would never know.
TEST(LateFlush, IsFoundOutByTheNewConnectionWhereHeartbeatsDoNotLookAtLogs) {
  Options o = three(etcd(raft::PreVote::freshness));
  o.clusters[0].profile.flush.delay = 5s;
  o.clusters[0].load = {};
  o.script = {scripted(12s, "stop", {"n1"}, 1s)};
  Stage stage(o, seed_led_by(o, 0));
  stage.run_until(at(10s));
  Group& group = stage.world.group(first);
  const raft::Index last = group.propose(*stage.plan, at(10s), 0, 100, stage.world.scratch());
  stage.run_until(at(12s));
  EXPECT_EQ(group.core(1).durable(), last);
  stage.run_until(at(13s + 1ns));
  EXPECT_EQ(group.core(1).log().last_index(), last - 1);
  stage.run_until(at(15s));
  EXPECT_EQ(group.core(1).durable(), last);
}

TEST(LateFlush, LosesWhatWasCommittedWhenAMajorityOfMachinesDies) {
  Options o = three(zeebe());
  o.clusters[0].profile.flush.delay = 5s;
  o.script = {scripted(20s, "stop", {"r"}, 5s)};
  const Record record = run(o);
  ASSERT_EQ(record.data_losses.size(), 1u);
  EXPECT_GE(record.data_losses[0].entries, 46u);
  EXPECT_LE(record.data_losses[0].entries, 52u);
  o.clusters[0].profile.flush.delay = 0ns;
  EXPECT_TRUE(run(o).data_losses.empty());
}

}  // namespace group_disk_test
}  // namespace nines::world
