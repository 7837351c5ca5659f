// Which messages pass between which brokers under every kind of fault, and how faults overlap.
#include "models/world/world.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "models/world/simulate.hpp"
#include "tests/support/worlds.hpp"

namespace nines::world {
namespace world_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::scripted;
using testing_worlds::Stage;
using testing_worlds::zeebe;

// One partition on all six brokers, member i on broker i. Region r holds zone a (0, 3) and zone b (1, 4), region s holds zone c (2, 5);
// brokers 0 and 1 have racks of their own.
Options six() {
  Options o = cluster(6, 3, 1, 6, zeebe());
  o.topology.regions.push_back({"s"});
  o.topology.zones[2] = {"s/c", RegionId{1u}};
  o.topology.racks = {{"r/a/k", ZoneId{0u}}, {"r/b/k", ZoneId{1u}}};
  o.topology.nodes[0].rack = RackId{0u};
  o.topology.nodes[1].rack = RackId{1u};
  o.horizon = 60s;
  return o;
}

const Around& around(const Stage& stage) { return stage.world.group(PartitionId{0u}).around(); }

bool passes(const Stage& stage, int from, int to) {
  return has(around(stage).reaches[static_cast<std::size_t>(from)], static_cast<raft::Member>(to));
}

bool in(std::initializer_list<int> set, int broker) { return std::find(set.begin(), set.end(), broker) != set.end(); }

struct Cut {
  std::vector<std::string> on;
  std::initializer_list<int> inside;   // Nothing passes between these ...
  std::initializer_list<int> outside;  // ... and these.
};

const std::initializer_list<Cut> cuts{
    {{"b0"}, {0}, {1, 2, 3, 4, 5}},   {{"n4"}, {4}, {0, 1, 2, 3, 5}},   {{"r/a/k"}, {0}, {1, 2, 3, 4, 5}}, {{"r/a"}, {0, 3}, {1, 2, 4, 5}},
    {{"r/a", "r/b"}, {0, 3}, {1, 4}}, {{"r/b", "s/c"}, {1, 4}, {2, 5}}, {{"r"}, {0, 1, 3, 4}, {2, 5}},     {{"r", "s"}, {0, 1, 3, 4}, {2, 5}},
    {{"b0", "b1"}, {0}, {1}},         {{"b5", "b0"}, {5}, {0}},
};

TEST(Cut, NothingPassesInEitherDirectionAndEverythingElseDoes) {
  for (const Cut& cut : cuts) {
    Options o = six();
    o.script = {scripted(1s, "cut", cut.on, 2s)};
    Stage stage(o);
    stage.run_until(at(1s) + 1ns);
    for (int a = 0; a < 6; ++a)
      for (int b = 0; b < 6; ++b) {
        const bool apart = (in(cut.inside, a) && in(cut.outside, b)) || (in(cut.outside, a) && in(cut.inside, b));
        EXPECT_EQ(passes(stage, a, b), !apart) << cut.on[0] << ": " << a << " to " << b;
      }
    stage.run_until(at(3s) + 1ns);
    for (int a = 0; a < 6; ++a) EXPECT_EQ(around(stage).reaches[static_cast<std::size_t>(a)], all_of(6)) << cut.on[0] << " heals";
  }
}

// A retransmission time-out later TCP has noticed (RFC 6298), and nothing passes any more.
TEST(Cut, OneWayStopsWhatLeavesTheFirstAndAfter200MsEverything) {
  for (const Cut& cut : cuts) {
    Options o = six();
    o.script = {scripted(1s, "cut-out", cut.on, 2s)};
    Stage stage(o);
    stage.run_until(at(1s) + 1ns);
    for (const int a : cut.inside)
      for (const int b : cut.outside) {
        EXPECT_FALSE(passes(stage, a, b)) << cut.on[0];
        EXPECT_TRUE(passes(stage, b, a)) << cut.on[0];
      }
    stage.run_until(at(1s) + failure::widening + 1ns);
    for (const int a : cut.inside)
      for (const int b : cut.outside) {
        EXPECT_FALSE(passes(stage, a, b)) << cut.on[0];
        EXPECT_FALSE(passes(stage, b, a)) << cut.on[0];
      }
    stage.run_until(at(3s) + 1ns);
    for (int a = 0; a < 6; ++a) EXPECT_EQ(around(stage).reaches[static_cast<std::size_t>(a)], all_of(6)) << cut.on[0] << " heals";
  }
}

TEST(Cut, BrokersOfOneNodeAlwaysHearEachOther) {
  Options o = six();
  o.brokers[3].node = o.brokers[0].node;
  o.script = {scripted(1s, "cut", {"b0"}, 2s), scripted(1s, "cut", {"r/a"}, 2s)};
  Stage stage(o);
  stage.run_until(at(2s));
  EXPECT_TRUE(passes(stage, 0, 3));
  EXPECT_FALSE(passes(stage, 0, 4));
}

TEST(Cut, OfTwoFaultsAtOnceHealsWithTheLaterOne) {
  Options o = six();
  o.script = {scripted(1s, "cut", {"r/a"}, 4s), scripted(2s, "cut", {"r/a", "r/b"}, 1s), scripted(2s, "cut", {"b0", "b1"}, 10s)};
  Stage stage(o);
  stage.run_until(at(3500ms));
  EXPECT_FALSE(passes(stage, 3, 4)) << "zone a is still cut off";
  stage.run_until(at(6s));
  EXPECT_TRUE(passes(stage, 3, 4));
  EXPECT_FALSE(passes(stage, 0, 1));
  EXPECT_FALSE(passes(stage, 1, 0));
  stage.run_until(at(13s));
  EXPECT_TRUE(passes(stage, 0, 1));
}

TEST(Stop, HitsEveryBrokerInsideTheElement) {
  struct Case {
    std::string on;
    std::initializer_list<int> stopped;
  };
  for (const Case& c : {Case{"b2", {2}}, Case{"n2", {2}}, Case{"r/b/k", {1}}, Case{"r/b", {1, 4}}, Case{"r", {0, 1, 3, 4}}, Case{"c", {0, 1, 2, 3, 4, 5}}}) {
    Options o = six();
    o.script = {scripted(1s, "stop", {c.on}, 2s)};
    Stage stage(o);
    stage.run_until(at(2s));
    for (int b = 0; b < 6; ++b) EXPECT_EQ(has(around(stage).alive, static_cast<raft::Member>(b)), !in(c.stopped, b)) << c.on;
    stage.run_until(at(4s));
    EXPECT_EQ(around(stage).alive, all_of(6));
  }
}

TEST(Stop, OfABrokerInsideAStoppedZoneLastsAsLongAsEither) {
  Options o = six();
  o.script = {scripted(1s, "stop", {"r/a"}, 3s), scripted(2s, "stop", {"b0"}, 4s)};
  Stage stage(o);
  stage.run_until(at(5s));
  EXPECT_FALSE(has(around(stage).alive, 0));
  EXPECT_TRUE(has(around(stage).alive, 3));
  stage.run_until(at(7s));
  EXPECT_TRUE(has(around(stage).alive, 0));
}

TEST(Pause, ABrokerThatStandsStillIsAliveAndOneThatIsDownDoesNotStandStill) {
  Options o = six();
  o.script = {scripted(1s, "pause", {"b0"}, 5s), scripted(2s, "stop", {"b0"}, 2s)};
  Stage stage(o);
  stage.run_until(at(1500ms));
  EXPECT_TRUE(has(around(stage).paused, 0));
  EXPECT_TRUE(has(around(stage).alive, 0));
  stage.run_until(at(3s));
  EXPECT_FALSE(has(around(stage).paused, 0));
  stage.run_until(at(5s));
  EXPECT_TRUE(has(around(stage).paused, 0));
  stage.run_until(at(7s));
  EXPECT_EQ(around(stage).paused, 0);
}

// Delays add up, and a packet has to survive every degradation on its way.
TEST(Degradation, AddsUpOverEverythingOnTheWay) {
  Options o = six();
  failure::Mode slow = testing_worlds::exponential_mode("slow-node", failure::Scope::node, failure::Effect::slow, 100 * year, 1s);
  slow.extra_delay = 10ms;
  failure::Mode lossy = testing_worlds::exponential_mode("lossy-zone", failure::Scope::zone, failure::Effect::lossy, 100 * year, 1s);
  lossy.loss = 0.5;
  o.modes = {slow, lossy};
  o.script = {scripted(1s, "slow-node", {"n0"}, 2s), scripted(1s, "slow-node", {"n1"}, 2s), scripted(1s, "lossy-zone", {"r/a"}, 2s),
              scripted(1s, "lossy-zone", {"r/b"}, 2s)};
  Stage stage(o);
  stage.run_until(at(2s));
  const auto quality = [&](std::size_t from, std::size_t to) { return around(stage).quality[from * 6 + to]; };
  EXPECT_EQ(quality(0, 1).extra_delay, 20ms);
  EXPECT_EQ(quality(1, 0).extra_delay, 20ms);
  EXPECT_EQ(quality(0, 2).extra_delay, 10ms);
  EXPECT_EQ(quality(2, 5), Quality{});
  EXPECT_DOUBLE_EQ(quality(0, 1).loss, 0.75);
  EXPECT_DOUBLE_EQ(quality(0, 2).loss, 0.5);
  EXPECT_DOUBLE_EQ(quality(0, 3).loss, 0.0) << "inside the zone";
  stage.run_until(at(4s));
  EXPECT_TRUE(around(stage).quality.empty());
}

TEST(Clients, ReachAPartitionThroughAnyZoneWithARunningGatewayThatTheyReach) {
  Options o = six();
  o.script = {scripted(1s, "cut", {"r/a", "r/b"}, 5s), scripted(2s, "stop", {"s/c"}, 2s)};
  Stage stage(o);
  stage.run_until(at(1500ms));
  EXPECT_TRUE(around(stage).clients.empty()) << "through zone c everybody reaches everybody";
  stage.run_until(at(3s));
  ASSERT_EQ(around(stage).clients.size(), 3u);
  EXPECT_FALSE(has(around(stage).clients[0], 1)) << "no gateway is left in zone c";
  EXPECT_TRUE(has(around(stage).clients[0], 0));
  stage.run_until(at(7s));
  EXPECT_TRUE(around(stage).clients.empty());
}

// The gateway that is gone may stand on a broker that holds no replica of the partition.
TEST(Clients, LoseTheirWayWhenTheLastGatewayOfAZoneBetweenStops) {
  Options o = cluster(3, 3, 2, 2, zeebe());  // Partition 0 on b0 and b1; b2 alone in zone c.
  o.horizon = 60s;
  o.script = {scripted(1s, "cut", {"r/a", "r/b"}, 5s), scripted(2s, "stop", {"b2"}, 2s)};
  Stage stage(o);
  stage.run_until(at(1500ms));
  EXPECT_TRUE(around(stage).clients.empty());
  stage.run_until(at(3s));
  ASSERT_EQ(around(stage).clients.size(), 3u);
  EXPECT_FALSE(has(around(stage).clients[0], 1));
  stage.run_until(at(4500ms));
  EXPECT_TRUE(around(stage).clients.empty());
}

TEST(Clients, LoseTheirWayWithASecondCutThatTouchesNoReplica) {
  Options o = cluster(3, 3, 3, 1, zeebe());  // Partition 1 on b1 alone.
  o.horizon = 60s;
  o.script = {scripted(1s, "cut", {"r/a", "r/b"}, 5s), scripted(2s, "cut", {"r/a", "r/c"}, 2s)};
  Stage stage(o);
  const auto clients = [&]() -> const std::vector<Members>& { return stage.world.group(PartitionId{1u}).around().clients; };
  stage.run_until(at(1500ms));
  EXPECT_TRUE(clients().empty());
  stage.run_until(at(3s));
  ASSERT_EQ(clients().size(), 3u);
  EXPECT_EQ(clients()[0], 0);
  EXPECT_EQ(clients()[1], 1);
  stage.run_until(at(4500ms));
  EXPECT_TRUE(clients().empty());
}

// A copy is another world: what happens to one does not reach the other.
// Both fidelities tell the same story of who led and who ran, and the outages lie between the tenures.
TEST(Record, SaysWhoLedAndWhoRan) {
  for (const Fidelity fidelity : {Fidelity::sleep, Fidelity::full}) {
    Options o = cluster(3, 3, 1, 3, zeebe());
    o.horizon = 120s;
    o.fidelity = fidelity;
    o.script = {scripted(10s, "stop", {"b0"}, 60s)};
    const Record record = simulate(o, 1, 0);
    ASSERT_EQ(record.leaderships.size(), 2u);
    EXPECT_EQ(record.leaderships[0].leader, BrokerId{0u});
    EXPECT_EQ(record.leaderships[0].from, Instant{});
    EXPECT_NE(record.leaderships[1].leader, BrokerId{0u});
    ASSERT_EQ(record.outages.size(), 1u);
    EXPECT_EQ(record.leaderships[1].from, record.outages[0].end);
    ASSERT_EQ(record.broker_changes.size(), 2u);
    EXPECT_EQ(record.broker_changes[0].at, at(10s));
    EXPECT_EQ(record.broker_changes[0].what, BrokerChange::What::stopped);
    EXPECT_EQ(record.broker_changes[1].at, at(70s));
    EXPECT_EQ(record.broker_changes[1].what, BrokerChange::What::started);
    EXPECT_TRUE(record.link_changes.empty());
  }
}

TEST(Record, SaysWhichLinksWereCutWhereItIsAsked) {
  Options o = six();
  o.keeps_links = true;
  o.script = {scripted(1s, "cut", {"b0"}, 2s)};
  const Record record = simulate(o, 1, 0);
  ASSERT_EQ(record.link_changes.size(), 20u);  // Five others, two ways, cut and healed.
  for (std::size_t i = 0; i < 20; ++i) {
    const LinkChange& change = record.link_changes[i];
    EXPECT_EQ(change.passes, i >= 10);
    EXPECT_EQ(change.at, at(i < 10 ? 1s : 3s));
    EXPECT_TRUE(change.from == BrokerId{0u} || change.to == BrokerId{0u});
  }
}

TEST(World, ACopyLivesOnItsOwn) {
  Options o = six();
  o.script = {scripted(5s, "stop", {"r/a"}, 10s)};
  Stage original(o);
  original.run_until(at(4s));
  World copy = original.world;
  original.run_until(at(8s));
  EXPECT_EQ(copy.group(PartitionId{0u}).around().alive, all_of(6));
  copy.advance(at(8s));
  EXPECT_TRUE(copy.group(PartitionId{0u}).writable());
  EXPECT_NE(copy.digest(), original.world.digest());
}

}  // namespace world_test
}  // namespace nines::world
