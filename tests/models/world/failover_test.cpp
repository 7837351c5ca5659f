// People give up a region that is lost with its quorums, and let its brokers in again: when, with whom, and what it costs.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/world/operators.hpp"
#include "tests/support/worlds.hpp"

namespace nines::world {
namespace failover_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::scripted;
using testing_worlds::Stage;
using testing_worlds::without_delays;
using testing_worlds::zeebe;

constexpr PartitionId first{0u};

// Two regions "r" and "s" of one zone each; brokers with even numbers in r, odd ones in s; one partition of `replication` on as many brokers. Ten
// entries a second, of which a follower elsewhere holds one 20 ms later.
Options two_regions(std::size_t replication, const raft::Profile& profile = zeebe()) {
  Options o = cluster(replication, 2, 1, replication, profile);
  o.topology.regions.push_back({"s"});
  o.topology.zones[1] = {"s/b", RegionId{1u}};
  o.topology.other_region = testing_worlds::constant_delay(20ms);
  o.clusters[0].profile.membership = raft::Membership::joint;
  o.clusters[0].load = {10, 512};
  o.clusters[0].state_bytes = 50'000'000;  // A second of a snapshot.
  o.horizon = 600s;
  RegionFailover steps;
  steps.detection = Law::fixed(30s);
  steps.decision = Law::fixed(20s);
  steps.reroute = Law::fixed(5s);
  steps.removal = Law::fixed(5s);
  steps.redeploy = Law::fixed(40s);
  steps.restore = Law::fixed(20s);
  o.failovers = {steps};
  return o;
}

// Does the member in s lead at first?
bool seed_leads_in_s(const Options& options, std::uint64_t seed) {
  Stage stage(options, seed);
  return stage.world.group(first).writer() == 1;
}

TEST(Failover, GoesThroughEveryPhaseAndLosesNothing) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "stop", {"r"}, 150s)};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Record record = simulate(o, seed, 0);
    ASSERT_EQ(record.procedures.size(), 1u) << seed;
    const Procedure& procedure = record.procedures[0];
    EXPECT_EQ(procedure.region, RegionId{0u});
    EXPECT_EQ(procedure.mode, 0u);  // The script's first fault.
    EXPECT_EQ(procedure.lost, at(100s));
    EXPECT_EQ(procedure.detected, at(130s));
    EXPECT_EQ(procedure.decided, at(150s));
    EXPECT_EQ(procedure.rerouted, at(155s));
    EXPECT_EQ(procedure.forced, at(160s));
    EXPECT_EQ(procedure.stood_down, never);
    EXPECT_EQ(procedure.returned, at(250s));
    EXPECT_EQ(procedure.rejoined, at(310s));
    // The two that are left elect one of them, and hold everything.
    ASSERT_EQ(record.outages.size(), 1u) << seed;
    EXPECT_EQ(record.outages[0].start, at(100s));
    EXPECT_GT(record.outages[0].end, at(160s));
    EXPECT_LT(record.outages[0].end, at(180s)) << seed;
    EXPECT_EQ(record.outages[0].phase, Phase::quorum);
    EXPECT_EQ(procedure.writable, record.outages[0].end);
    ASSERT_EQ(record.quorum_losses.size(), 1u);
    EXPECT_EQ(record.quorum_losses[0].end, at(160s));
    EXPECT_TRUE(record.data_losses.empty()) << seed;
    EXPECT_EQ(procedure.lost_entries, 0u);
    // A snapshot of a second, and a change of membership.
    EXPECT_GT(procedure.whole, at(311s)) << seed;
    EXPECT_LT(procedure.whole, at(320s)) << seed;
    EXPECT_EQ(record.majorities_lost, 0u);
  }
}

TEST(Failover, WhoIsLeftDecidesAloneUntilAllAreBack) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "stop", {"r"}, 150s)};
  Stage stage(o);
  const auto voters = [&] { return stage.world.group(first).configuration().voters(); };
  stage.run_until(at(159s));
  EXPECT_EQ(voters(), 0b1111);
  EXPECT_FALSE(stage.world.group(first).writable());
  stage.run_until(at(200s));
  EXPECT_EQ(voters(), 0b1010);
  EXPECT_TRUE(stage.world.group(first).writable());
  stage.run_until(at(300s));
  EXPECT_EQ(stage.world.group(first).around().alive, 0b1010) << "the region is back, and its brokers are kept down";
  stage.run_until(at(400s));
  EXPECT_EQ(voters(), 0b1111);
  EXPECT_FALSE(stage.world.group(first).forced());
  // They hold what the others do, and one of them may be lost again, but not two.
  const raft::Index commit = stage.world.group(first).core(1).commit();
  for (const raft::Member m : {raft::Member{0}, raft::Member{2}}) EXPECT_GE(stage.world.group(first).core(m).commit() + 5, commit);
}

// While a broker of the region that is left is gone, two of two is a majority that nobody can lose.
TEST(Failover, ABrokerThatIsLostMeanwhileStopsItsPartitions) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "stop", {"r"}, 250s), scripted(200s, "stop", {"b3"}, 30s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.quorum_losses.size(), 2u);
  EXPECT_EQ(record.quorum_losses[1].start, at(200s));
  EXPECT_EQ(record.quorum_losses[1].end, at(230s));
  ASSERT_EQ(record.procedures.size(), 1u);
  EXPECT_LT(record.procedures[0].whole, at(440s));
}

// Who does not run when the region is removed is told when it does.
TEST(Failover, ABrokerThatWasDownThenIsToldLater) {
  Options o = two_regions(4);
  o.script = {scripted(90s, "stop", {"b3"}, 100s), scripted(100s, "stop", {"r"}, 150s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.procedures.size(), 1u);
  EXPECT_EQ(record.procedures[0].forced, at(160s));
  EXPECT_GT(record.procedures[0].writable, at(190s));
  EXPECT_LT(record.procedures[0].writable, at(210s));
  EXPECT_TRUE(record.data_losses.empty());
  EXPECT_LT(record.procedures[0].whole, at(330s));
}

TEST(Failover, IsCalledOffWhenTheRegionComesBackBefore) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "stop", {"r"}, 40s), scripted(300s, "stop", {"s"}, 10s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.procedures.size(), 2u);
  EXPECT_EQ(record.procedures[0].stood_down, at(140s));
  EXPECT_EQ(record.procedures[0].detected, at(130s));
  EXPECT_EQ(record.procedures[0].decided, never);
  EXPECT_EQ(record.procedures[0].forced, never);
  EXPECT_EQ(record.procedures[0].whole, never);
  EXPECT_GT(record.procedures[0].writable, at(140s));
  EXPECT_LT(record.procedures[0].writable, at(160s));
  EXPECT_EQ(record.procedures[1].region, RegionId{1u});
  EXPECT_TRUE(record.fences.empty());
}

// One broker of the region runs on: nobody knows what to remove.
TEST(Failover, NobodyIsCalledWhileABrokerOfTheRegionRuns) {
  Options o = two_regions(6);
  o.script = {scripted(100s, "stop", {"b0"}, 150s), scripted(100s, "stop", {"b2"}, 150s), scripted(101s, "stop", {"b1"}, 150s)};
  const Record record = simulate(o, 1, 0);
  EXPECT_EQ(record.quorum_losses.size(), 1u);
  EXPECT_TRUE(record.procedures.empty());
}

// Where the quorum is left, Raft does what is to be done.
TEST(Failover, NobodyIsCalledWhereAQuorumIsLeft) {
  Options o = two_regions(3);  // Two in r, one in s.
  o.script = {scripted(100s, "stop", {"s"}, 100s)};
  const Record record = simulate(o, 1, 0);
  EXPECT_TRUE(record.procedures.empty());
  EXPECT_TRUE(record.quorum_losses.empty());
}

// Two of three replicas decide within their region: what the third had not been sent when it was removed from them is lost with them.
TEST(Failover, LosesWhatARegionHadDecidedAlone) {
  Options o = two_regions(3);
  o.script = {scripted(95s, "cut", {"r", "s"}, 100s), scripted(100s, "stop", {"r"}, 150s)};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Record record = simulate(o, seed, 0);
    ASSERT_EQ(record.procedures.size(), 1u);
    const Procedure& procedure = record.procedures[0];
    EXPECT_EQ(procedure.lost, at(100s));
    EXPECT_EQ(procedure.forced, at(160s));
    EXPECT_LT(procedure.writable, at(180s));
    if (seed_leads_in_s(o, seed)) continue;
    EXPECT_GE(procedure.lost_entries, 49u) << seed;  // Ten a second.
    EXPECT_LE(procedure.lost_entries, 51u) << seed;
    EXPECT_EQ(procedure.lost_time, static_cast<std::int64_t>(procedure.lost_entries) * 100ms);
    ASSERT_EQ(record.data_losses.size(), 1u);
    EXPECT_EQ(record.data_losses[0].entries, procedure.lost_entries);
    EXPECT_NE(procedure.whole, never);
  }
}

// What is on its way arrives, although who sent it is gone.
TEST(Failover, LosesNextToNothingWhereTheThirdKeepsUp) {
  Options o = two_regions(3);
  o.clusters[0].load = {1000, 512};
  o.script = {scripted(100s, "stop", {"r"}, 150s)};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Record record = simulate(o, seed, 0);
    ASSERT_EQ(record.procedures.size(), 1u);
    EXPECT_LE(record.procedures[0].lost_entries, 40u) << "a round trip's";
  }
}

// The regions are cut from each other: the second is given up, stops, and holds nothing that decides anything any more.
TEST(Failover, OfTwoRegionsThatAreCutApartTheLaterIsGivenUp) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "cut", {"r", "s"}, 150s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.procedures.size(), 1u);
  EXPECT_EQ(record.procedures[0].region, RegionId{1u});
  EXPECT_EQ(record.procedures[0].forced, at(160s));
  EXPECT_EQ(record.procedures[0].returned, at(250s));
  EXPECT_TRUE(record.data_losses.empty());
  EXPECT_LT(record.procedures[0].whole, at(330s));
  const auto stopped = [&](std::uint32_t b) {
    return std::any_of(record.broker_changes.begin(), record.broker_changes.end(), [&](const BrokerChange& change) {
      return change.broker == BrokerId{b} && change.what == BrokerChange::What::stopped && change.at == at(160s);
    });
  };
  EXPECT_TRUE(stopped(1));
  EXPECT_TRUE(stopped(3));
  EXPECT_FALSE(stopped(0));
}

// The region is lost again while it is installed anew: that begins anew as well.
TEST(Failover, AFailbackBeginsAnewWhenTheRegionIsLostAgain) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "stop", {"r"}, 150s), scripted(280s, "stop", {"r"}, 50s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.procedures.size(), 1u);
  EXPECT_EQ(record.procedures[0].returned, at(330s));
  EXPECT_EQ(record.procedures[0].rejoined, at(390s));
  EXPECT_EQ(record.outages.size(), 1u);
}

// The other region goes once the first is back: then the roles are the other way round.
TEST(Failover, EitherRegionMayBeLostOneAfterTheOther) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "stop", {"r"}, 50s + 10s), scripted(350s, "stop", {"s"}, 100s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.procedures.size(), 2u);
  EXPECT_EQ(record.procedures[1].region, RegionId{1u});
  EXPECT_EQ(record.procedures[1].forced, at(410s));
  EXPECT_TRUE(record.data_losses.empty());
  EXPECT_NE(record.procedures[1].whole, never);
}

// Sleeping is exact, also while a group is in other hands.
TEST(Failover, IsTheSameAsleepAndAwake) {
  for (const std::size_t replication : {3u, 4u, 5u, 6u}) {
    Options o = two_regions(replication);
    o.script = {scripted(100s, "stop", {"r"}, 150s), scripted(200s, "stop", {"b1"}, 20s), scripted(420s, "cut", {"r", "s"}, 90s)};
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Options full = o;
      full.fidelity = Fidelity::full;
      const Record asleep = simulate(o, seed, 0), awake = simulate(full, seed, 0);
      EXPECT_EQ(asleep.history, awake.history) << replication << ' ' << seed;
      EXPECT_LT(asleep.events, awake.events);
    }
  }
}

// A copy goes on as the world does, whatever step people were at.
TEST(Failover, ACopyGoesOnLikeTheWorld) {
  Options o = two_regions(4);
  o.script = {scripted(100s, "stop", {"r"}, 150s)};
  for (const Duration taken : {120s, 157s, 200s, 270s, 311s}) {
    const Duration until = taken < 250s ? 249s : 500s;  // The copy does not hear of the region's return.
    Stage stage(o);
    stage.run_until(at(taken));
    World copy = stage.world;
    copy.advance(at(until));
    stage.run_until(at(until));
    EXPECT_EQ(copy.digest(), stage.world.digest()) << seconds(taken);
    EXPECT_EQ(copy.next_action(), stage.world.next_action()) << seconds(taken);
  }
}

TEST(Failover, StepsTakeTheTimeThatTheirLawsSay) {
  Options o = two_regions(4);
  o.failovers[0].detection = Law::uniform(10s, 50s);
  o.script = {scripted(100s, "stop", {"r"}, 150s)};
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Record record = simulate(o, seed, 0);
    const double detection = seconds(record.procedures.at(0).detected - at(100s));
    EXPECT_GE(detection, 10);
    EXPECT_LE(detection, 50);
    sum += detection;
    EXPECT_EQ(record.procedures[0].forced - record.procedures[0].detected, 30s);
  }
  EXPECT_NEAR(sum / 40, 30, 6);  // Three standard errors.
}

TEST(Failover, WaitsForWhoeverDecidesAndForWhoeverRedeploys) {
  Options o = two_regions(4);
  o.failovers[0].shift = {.days = 7, .from_hour = 6, .to_hour = 22};
  o.horizon = 100h;
  o.script = {scripted(100s, "stop", {"r"}, 30h)};
  int at_night = 0, home_at_night = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Record record = simulate(o, seed, 0);
    ASSERT_EQ(record.procedures.size(), 1u) << seed;
    const Procedure& procedure = record.procedures[0];
    const Duration monday = failure::hour_of_start(Streams(seed, 0));
    const auto wait_from = [&](Instant t) { return failure::wait_for(o.failovers[0].shift, (monday + (t - Instant{})) % failure::week); };
    const Duration night = wait_from(procedure.detected), other_night = wait_from(procedure.returned);
    EXPECT_EQ(procedure.decided, procedure.detected + night + 20s) << seed;
    EXPECT_EQ(procedure.forced, procedure.decided + 10s) << seed;
    EXPECT_EQ(procedure.rejoined, procedure.returned + other_night + 60s) << seed;
    EXPECT_NE(procedure.whole, never) << seed;
    at_night += night > 0s ? 1 : 0;
    home_at_night += other_night > 0s ? 1 : 0;
  }
  EXPECT_GT(at_night, 5);  // A third of the week, 20 of 60.
  EXPECT_GT(home_at_night, 5);
}

}  // namespace failover_test
}  // namespace nines::world
