#include "models/broker/placement.hpp"

#include <array>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace nines::broker {
namespace placement_test {

std::map<int, int> priorities(const Partition& partition) {
  std::map<int, int> by_broker;
  for (const Assignment& here : partition) by_broker[here.broker] = here.priority;
  return by_broker;
}

// Zeebe RoundRobinPartitionDistributor.java: the table that its rule gives for 4 brokers, 5 partitions and 3 replicas.
TEST(Placement, RoundRobinOfFourBrokersFivePartitionsThreeReplicas) {
  const Partitions placement = round_robin(4, 5, 3);
  ASSERT_EQ(placement.size(), 5u);
  EXPECT_EQ(priorities(placement[0]), (std::map<int, int>{{0, 3}, {1, 2}, {2, 1}}));
  EXPECT_EQ(priorities(placement[1]), (std::map<int, int>{{1, 3}, {2, 2}, {3, 1}}));
  EXPECT_EQ(priorities(placement[2]), (std::map<int, int>{{2, 3}, {3, 2}, {0, 1}}));
  EXPECT_EQ(priorities(placement[3]), (std::map<int, int>{{3, 3}, {0, 2}, {1, 1}}));
  EXPECT_EQ(priorities(placement[4]), (std::map<int, int>{{0, 3}, {1, 1}, {2, 2}}));
}

TEST(Placement, RoundRobinSpreadsPrimariesEvenly) {
  for (int brokers = 1; brokers <= 9; ++brokers)
    for (const int count : primaries(round_robin(brokers, brokers * 4, (brokers + 1) / 2), brokers)) EXPECT_EQ(count, 4) << brokers;
}

TEST(Placement, RoundRobinAlwaysPassesTheChecksOfAFixedPlacement) {
  for (int brokers = 1; brokers <= 9; ++brokers)
    for (int replication = 1; replication <= brokers; ++replication) {
      const Partitions placement = round_robin(brokers, 25, replication);
      EXPECT_TRUE(faults_of(placement, brokers, replication).empty()) << brokers << ' ' << replication;
      for (const Partition& partition : placement) EXPECT_TRUE(has_primary(partition));
    }
}

// The example in the comment of Zeebe's ZoneAwarePartitionDistributor.java: two replicas in us-east1, two in us-west1, one in euro-east1.
TEST(Placement, ZoneAwareExampleOfFiveReplicasInThreeZones) {
  const std::array<ZoneOfBrokers, 3> zones{{{.brokers = {0, 1}, .replicas = 2, .priority = 1000},
                                            {.brokers = {2, 3}, .replicas = 2, .priority = 500},
                                            {.brokers = {4}, .replicas = 1, .priority = 10}}};
  const Partitions placement = zone_aware(zones, 3);
  EXPECT_EQ(priorities(placement[0]), (std::map<int, int>{{0, 5}, {1, 4}, {2, 3}, {3, 2}, {4, 1}}));
  EXPECT_EQ(priorities(placement[1]), (std::map<int, int>{{0, 4}, {1, 5}, {2, 2}, {3, 3}, {4, 1}}));
  EXPECT_EQ(priorities(placement[2]), priorities(placement[0]));
}

TEST(Placement, ZoneAwarePutsAllPrimariesInTheTopZoneWhereverItIsListed) {
  const std::array<ZoneOfBrokers, 2> zones{{{.brokers = {0, 1}, .replicas = 1, .priority = 1}, {.brokers = {2, 3, 4}, .replicas = 2, .priority = 9}}};
  EXPECT_EQ(primaries(zone_aware(zones, 12), 5), (std::vector<int>{0, 0, 4, 4, 4}));
}

TEST(Placement, ZonesOfOnePrioritySharePrimariesEvenly) {
  const std::array<ZoneOfBrokers, 3> zones{
      {{.brokers = {0, 3}, .replicas = 1, .priority = 1}, {.brokers = {1, 4}, .replicas = 1, .priority = 1}, {.brokers = {2, 5}, .replicas = 1, .priority = 1}}};
  const Partitions placement = zone_aware(zones, 12);
  EXPECT_EQ(primaries(placement, 6), (std::vector<int>{2, 2, 2, 2, 2, 2}));
  EXPECT_TRUE(faults_of(placement, 6, 3).empty());
}

TEST(Placement, AFixedPlacementIsToldEverythingThatIsWrongWithIt) {
  const Partitions placement{{{0, 3}, {1, 2}}, {{0, 3}, {0, 2}, {7, 1}}, {{0, 3}, {1, 0}, {2, 1}}};
  const auto faults = faults_of(placement, 3, 3);
  ASSERT_EQ(faults.size(), 4u);
  EXPECT_EQ(faults[0], "partition 1 has 2 replicas instead of 3");
  EXPECT_EQ(faults[1], "partition 2 names broker 0 twice");
  EXPECT_EQ(faults[2], "partition 2 names broker 7, and there are brokers 0 to 2");
  EXPECT_EQ(faults[3], "partition 3 gives broker 1 a priority below 1");
}

TEST(Placement, TwoBrokersOfTheHighestPriorityLeaveAPartitionWithoutPrimary) {
  EXPECT_FALSE(has_primary({{0, 3}, {1, 3}, {2, 1}}));
  EXPECT_TRUE(has_primary({{0, 2}, {1, 3}, {2, 2}}));
  EXPECT_FALSE(has_primary({}));
}

}  // namespace placement_test
}  // namespace nines::broker
