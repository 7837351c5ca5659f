#include "analysis/stats/replication.hpp"

#include <gtest/gtest.h>

#include "sim/base/check.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace replication_test {

using namespace test;

world::Record with(std::vector<world::Outage> outages) {
  world::Record record = quiet_year();
  record.outages = std::move(outages);
  return record;
}

//  partition 0   ====      ==
//  partition 1     =====
//  partition 2      ===      =      (the last touches the end of the one above)
TEST(Replication, OverlappingOutagesAreOneEpisode) {
  Reducer reducer(three_zones(3));
  const auto clusters =
      reducer.reduce(with({outage(0, 10s, 50s, 1), outage(0, 100s, 120s), outage(1, 30s, 80s), outage(2, 40s, 70s), outage(2, 120s, 130s)}));
  ASSERT_EQ(clusters.size(), 1u);
  const auto& down = clusters[0].down;
  ASSERT_EQ(down.size(), 2u);
  EXPECT_EQ(down[0].start, at(10s));
  EXPECT_EQ(down[0].length, 70s);
  EXPECT_EQ(down[0].summed, 40s + 50s + 30s);
  EXPECT_EQ(down[0].parts, 3u);
  EXPECT_EQ(down[0].mode, 1);
  EXPECT_EQ(down[1].length, 30s);
  EXPECT_EQ(down[1].parts, 2u);
  ASSERT_EQ(clusters[0].blackout.size(), 1u);
  EXPECT_EQ(clusters[0].blackout[0].start, at(40s));
  EXPECT_EQ(clusters[0].blackout[0].length, 10s);
}

TEST(Replication, ABlackoutEndsAndBeginsAgainWithinOneEpisode) {
  Reducer reducer(three_zones(2));
  const auto clusters = reducer.reduce(with({outage(0, 0s, 100s), outage(1, 10s, 20s), outage(1, 30s, 60s), outage(1, 90s, 110s)}));
  const auto& blackout = clusters[0].blackout;
  ASSERT_EQ(clusters[0].down.size(), 1u);
  EXPECT_EQ(clusters[0].down[0].length, 110s);
  ASSERT_EQ(blackout.size(), 3u);
  EXPECT_EQ(blackout[0].length, 10s);
  EXPECT_EQ(blackout[1].length, 30s);
  EXPECT_EQ(blackout[2].length, 10s);
}

TEST(Replication, OutagesThatOnlyTouchAreNoBlackout) {
  Reducer reducer(three_zones(2));
  const auto clusters = reducer.reduce(with({outage(0, 10s, 20s), outage(1, 20s, 30s)}));
  EXPECT_EQ(clusters[0].down.size(), 1u);
  EXPECT_TRUE(clusters[0].blackout.empty());
}

TEST(Replication, OnePartitionIsAllPartitions) {
  Reducer reducer(three_zones(1));
  const auto clusters = reducer.reduce(with({outage(0, 10s, 20s), outage(0, 40s, 60s)}));
  ASSERT_EQ(clusters[0].blackout.size(), 2u);
  EXPECT_EQ(clusters[0].blackout[1].length, 20s);
}

TEST(Replication, OfSimultaneousOutagesTheLowestPartitionsModeCounts) {
  Reducer reducer(three_zones(3));
  EXPECT_EQ(reducer.reduce(with({outage(1, 10s, 20s, 1), outage(2, 10s, 90s, 0)}))[0].down[0].mode, 1);
}

TEST(Replication, ClustersAreReducedApart) {
  Reducer reducer(two_clusters());
  const auto clusters = reducer.reduce(with({outage(0, 10s, 20s), outage(2, 10s, 40s), outage(3, 20s, 30s)}));
  EXPECT_EQ(clusters[0].down[0].length, 10s);
  EXPECT_EQ(clusters[1].down[0].length, 30s);
  EXPECT_TRUE(clusters[0].blackout.empty());
  EXPECT_EQ(clusters[1].blackout[0].length, 10s);
}

TEST(Replication, NothingIsLeftOverFromTheRecordBefore) {
  Reducer reducer(three_zones(1));
  world::Record full = with({outage(0, 10s, 20s)});
  full.quorum_losses = {quorum_loss(0, 10s, 20s)};
  full.failovers = {failover(0, 30s, 5s)};
  full.client_outages = {client_outage(2, 0, 10s, 20s)};
  EXPECT_EQ(reducer.reduce(full)[0].clients[2].size(), 1u);
  const ClusterEpisodes& empty = reducer.reduce(quiet_year())[0];
  EXPECT_TRUE(empty.down.empty() && empty.blackout.empty() && empty.quorum_loss.empty() && empty.failover.empty() && empty.clients[2].empty());
}

TEST(Replication, ClientsAreReducedByZone) {
  Reducer reducer(three_zones(2));
  world::Record record = quiet_year();
  record.client_outages = {client_outage(0, 0, 10s, 20s), client_outage(0, 1, 15s, 30s), client_outage(2, 1, 5s, 6s)};
  const ClusterEpisodes& cluster = reducer.reduce(record)[0];
  ASSERT_EQ(cluster.clients.size(), 3u);
  EXPECT_EQ(cluster.clients[0].size(), 1u);
  EXPECT_EQ(cluster.clients[0][0].length, 20s);
  EXPECT_EQ(cluster.clients[0][0].summed, 25s);
  EXPECT_TRUE(cluster.clients[1].empty());
  EXPECT_EQ(cluster.clients[2][0].length, 1s);
}

TEST(Replication, AnOutageWithoutLengthIsNone) {
  Reducer reducer(three_zones(1));
  EXPECT_TRUE(reducer.reduce(with({outage(0, 10s, 10s)}))[0].down.empty());
}

// Elections end by timers; what outlasts four election timeouts, or had no quorum, ends by a repair and weighs what such repairs do.
TEST(Replication, RepairsWeighAtLeastTheirMean) {
  Reducer reducer(three_zones(1));  // Election timeout 2.5 s; crashes of a minute, zone outages of an hour.
  const auto& down = reducer
                         .reduce(with({outage(0, 10s, 17s, 1), outage(0, 100s, 105s, 1, world::Phase::quorum), outage(0, 200s, 230s, 0),
                                       outage(0, 10000s, 30000s, 1, world::Phase::recovery)}))[0]
                         .down;
  ASSERT_EQ(down.size(), 4u);
  EXPECT_FALSE(down[0].repair);
  EXPECT_EQ(down[0].cautious, 7s);
  EXPECT_TRUE(down[1].repair);
  EXPECT_EQ(down[1].cautious, 1h + 10s);
  EXPECT_TRUE(down[2].repair);
  EXPECT_EQ(down[2].cautious, 70s);
  EXPECT_EQ(down[3].cautious, 20000s);
}

// Clients of a partition that waits for a repair wait for the same repair; without one, for their own time-outs.
TEST(Replication, ClientsOutagesTakeTheirCauseFromThePartition) {
  Reducer reducer(three_zones(1));  // Client time-out 15 s, so that 40 s may be an election's fault.
  world::Record record = with({outage(0, 100s, 105s, 0), outage(0, 1000s, 1020s, 1, world::Phase::quorum), outage(0, 5000s, 5005s, 0)});
  record.client_outages = {client_outage(1, 0, 101s, 135s), client_outage(1, 0, 1001s, 1030s), client_outage(1, 0, 3000s, 3039s),
                           client_outage(1, 0, 4000s, 4041s)};
  const auto& clients = reducer.reduce(record)[0].clients[1];
  ASSERT_EQ(clients.size(), 4u);
  EXPECT_FALSE(clients[0].repair);
  EXPECT_EQ(clients[0].mode, 0);
  EXPECT_TRUE(clients[1].repair);
  EXPECT_EQ(clients[1].mode, 1);
  EXPECT_EQ(clients[1].cautious, 1h + 10s);
  EXPECT_FALSE(clients[2].repair);
  EXPECT_TRUE(clients[3].repair);
  EXPECT_EQ(clients[3].cautious, 1h + 10s);  // Unknown: the longest there is.
}

TEST(RepairTimes, TheLongestMeanBoundsWhatWasNeverSeen) {
  world::Options options = three_zones(1);
  options.modes.push_back(mode("flood", Law::lognormal(10h, 1.0).truncated(1h, 12h)));  // Mean 16.5 h, truncated at 12 h.
  const RepairTimes times(options);
  EXPECT_EQ(times.election(), 10s);
  EXPECT_EQ(times.mean(0), 70s);
  EXPECT_EQ(times.longest(), 12h + 10s);
  EXPECT_EQ(times.longest_mode(), "flood");
  EXPECT_EQ(times.mean(world::no_mode), times.longest());
}

TEST(RepairTimes, AnElectionOfASilentGroupBeginsWhenItHears) {
  world::Options options = three_zones(1);
  raft::Profile& profile = options.clusters[0].profile;
  const Duration awake = RepairTimes(options).election();
  profile.leader_gone_after = 6s;
  EXPECT_EQ(RepairTimes(options).election(), awake);
  profile.quiesce_after = 3s;
  profile.tick = 1s;
  EXPECT_EQ(RepairTimes(options).election(), awake + 7s);
}

TEST(RepairTimes, ALawWithoutAMeanIsBoundedByItsTruncation) {
  world::Options options = three_zones(1);
  options.modes = {mode("endless", Law::pareto(1s, 0.9).truncated(0s, 24h))};
  EXPECT_EQ(RepairTimes(options).longest(), 24h + 10s);
  options.modes = {mode("endless", Law::pareto(1s, 0.9))};
  EXPECT_GT(RepairTimes(options).longest(), 200 * year);  // Not an overflow.
}

TEST(RepairTimes, AWorldWithoutFaultsHasOnlyElections) {
  world::Options options = three_zones(1);
  options.modes.clear();
  EXPECT_EQ(RepairTimes(options).longest(), 10s);
  EXPECT_EQ(RepairTimes(options).longest_mode(), "");
}

TEST(Layout, NamesPartitionsByClusterAndModesOnce) {
  world::Options options = two_clusters();
  options.script = {{.at = 1h, .mode = "zone-outage", .on = {"r/a"}, .duration = 1h}, {.at = 1h, .mode = "stop", .on = {"orders/0"}, .duration = 1h}};
  const Layout layout(options);
  EXPECT_EQ(layout.partitions(), 4u);
  EXPECT_EQ(layout.cluster_of(1), 0u);
  EXPECT_EQ(layout.cluster_of(2), 1u);
  EXPECT_EQ(layout.partition_name(3), "billing/2");
  EXPECT_EQ(layout.modes, (std::vector<std::string>{"broker-crash", "zone-outage", "stop", "unattributed"}));
  EXPECT_EQ(layout.mode(2), 1u);
  EXPECT_EQ(layout.mode(3), 2u);
  EXPECT_EQ(layout.mode(world::no_mode), 3u);
}

TEST(Replication, ARecordThatCannotBeTrueIsABrokenInvariant) {
  Reducer reducer(three_zones(2));
  EXPECT_THROW(reducer.reduce(with({outage(0, 10s, 5s)})), BrokenInvariant);
  EXPECT_THROW(reducer.reduce(with({outage(0, 10s, year + 1s)})), BrokenInvariant);
  EXPECT_THROW(reducer.reduce(with({outage(1, 10s, 20s), outage(0, 10s, 20s)})), BrokenInvariant);
  EXPECT_THROW(reducer.reduce(with({outage(7, 10s, 20s)})), BrokenInvariant);
  EXPECT_THROW(reducer.reduce(with({outage(0, 10s, 90s), outage(0, 20s, 80s), outage(1, 30s, 70s)})), BrokenInvariant);
}

}  // namespace replication_test
}  // namespace nines::analysis
