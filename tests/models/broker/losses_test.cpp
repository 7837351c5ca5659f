// What the places of replicas say about the loss of places: the tables of Camunda's multi-region pages, from the placement alone.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "models/broker/placement.hpp"
#include "models/broker/spread.hpp"
#include "models/quorum/quorum.hpp"

namespace nines::broker {
namespace losses_test {

// Zones of a partition with so many replicas in each: how many zones may be lost, whichever they are.
int tolerated_zones(const std::vector<int>& replicas) {
  std::vector<ZoneOfBrokers> zones;
  int next = 0, most = 0;
  for (std::size_t z = 0; z < replicas.size(); ++z) {
    ZoneOfBrokers zone{.brokers = {}, .replicas = replicas[z], .priority = static_cast<int>(1000 - z)};
    for (int b = 0; b < replicas[z]; ++b) zone.brokers.push_back(next++);
    zones.push_back(std::move(zone));
  }
  const Partitions partitions = zone_aware(zones, 3);
  const auto zone_of = [&](int broker) {
    std::size_t z = 0;
    while (std::find(zones[z].brokers.begin(), zones[z].brokers.end(), broker) == zones[z].brokers.end()) ++z;
    return z;
  };
  for (most = static_cast<int>(zones.size()); most > 0; --most) {
    bool always = true;
    for (unsigned lost = 0; lost < 1u << zones.size(); ++lost) {
      if (quorum::count(static_cast<quorum::Members>(lost)) != most) continue;
      for (const Partition& partition : partitions) {
        const auto left =
            std::count_if(partition.begin(), partition.end(), [&](const Assignment& one) { return (lost >> zone_of(one.broker) & 1) == 0; });
        always = always && left >= quorum::majority(static_cast<int>(partition.size()));
      }
    }
    if (always) break;
  }
  return most;
}

// camunda-docs multi-region-rdbms.md@9f95f31: zones with a replica each tolerate the loss of 0, 1, 1 and 2 of 2, 3, 4 and 5; a zone must hold less than
// half of the replicas.
TEST(Losses, OfZonesThatAreToleratedAreThoseOfTheTable) {
  EXPECT_EQ(tolerated_zones({1, 1}), 0);
  EXPECT_EQ(tolerated_zones({1, 1, 1}), 1);
  EXPECT_EQ(tolerated_zones({1, 1, 1, 1}), 1);
  EXPECT_EQ(tolerated_zones({1, 1, 1, 1, 1}), 2);
  EXPECT_EQ(tolerated_zones({4, 1, 1}), 0) << "the zone of four is half of six and more";
  EXPECT_EQ(tolerated_zones({2, 2, 1}), 1) << "no zone holds half of five";
}

// camunda-docs dual-region.md@089a450: even ids in the first region, odd ones in the second; four replicas, of which three must agree.
TEST(Losses, OfEitherRegionStopEveryPartitionOfTheDualRegionLayout) {
  topology::Topology topology;
  topology.regions = {{"one"}, {"two"}};
  topology.zones = {{"one/a", RegionId{0u}}, {"two/a", RegionId{1u}}};
  const auto nodes = add_nodes(topology, "n", {ZoneId{0u}, ZoneId{1u}}, 8);
  const auto where = spread_brokers(topology, nodes, 8, Spread::zone);
  for (std::size_t b = 0; b < where.size(); ++b) EXPECT_EQ(topology.region_of(where[b]).index(), b % 2);
  for (const Partition& partition : round_robin(8, 8, 4)) {
    for (std::size_t lost = 0; lost < 2; ++lost) {
      const auto left = std::count_if(partition.begin(), partition.end(), [&](const Assignment& one) {
        return topology.region_of(where[static_cast<std::size_t>(one.broker)]).index() != lost;
      });
      EXPECT_EQ(left, 2);
      EXPECT_LT(left, quorum::majority(4));
    }
  }
}

}  // namespace losses_test
}  // namespace nines::broker
