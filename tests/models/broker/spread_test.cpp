#include "models/broker/spread.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "models/broker/placement.hpp"

namespace nines::broker {
namespace spread_test {

topology::Topology one_region() {
  topology::Topology topology;
  topology.regions = {{"us-east-1"}};
  for (const char* name : {"us-east-1/a", "us-east-1/b", "us-east-1/c"}) topology.zones.push_back({name, RegionId{0}});
  return topology;
}

topology::Topology two_regions() {
  topology::Topology topology = one_region();
  topology.regions.push_back({"us-east-2"});
  topology.zones.push_back({"us-east-2/a", RegionId{1}});
  return topology;
}

std::string zone_name(const topology::Topology& topology, NodeId node) { return topology.zones[topology.nodes[node.index()].zone.index()].name; }

TEST(Spread, APatternNamesZones) {
  const topology::Topology topology = two_regions();
  EXPECT_EQ(zones_matching(topology, "us-east-1/*").size(), 3u);
  EXPECT_EQ(zones_matching(topology, "us-east-2"), (std::vector<ZoneId>{ZoneId{3}}));
  EXPECT_EQ(zones_matching(topology, "us-east-1/b"), (std::vector<ZoneId>{ZoneId{1}}));
  EXPECT_EQ(zones_matching(topology, "*").size(), 4u);
  EXPECT_TRUE(zones_matching(topology, "us-east/*").empty());  // No prefixes: a region is named whole.
  EXPECT_TRUE(zones_matching(topology, "us-east-1/d").empty());
}

TEST(Spread, NodesAreDealtOverZonesInTurn) {
  topology::Topology topology = one_region();
  const auto nodes = add_nodes(topology, "brokers", zones_matching(topology, "us-east-1/*"), 7);
  ASSERT_EQ(nodes.size(), 7u);
  for (std::size_t k = 0; k < nodes.size(); ++k) EXPECT_EQ(topology.nodes[nodes[k].index()].zone, ZoneId{k % 3});
  EXPECT_EQ(topology.nodes[4].name, "brokers-4");
}

TEST(Spread, NodesOfAZoneAreDealtOverItsRacks) {
  topology::Topology topology = one_region();
  topology.racks = {{"us-east-1/b/r1", ZoneId{1}}, {"us-east-1/b/r2", ZoneId{1}}};
  add_nodes(topology, "brokers", zones_matching(topology, "*"), 9);
  EXPECT_FALSE(topology.nodes[0].rack.exists());
  EXPECT_EQ(topology.nodes[1].rack, RackId{0});
  EXPECT_EQ(topology.nodes[4].rack, RackId{1});
  EXPECT_EQ(topology.nodes[7].rack, RackId{0});
}

TEST(Spread, BrokerIdModuloZonesIsTheZone) {
  for (const int count : {3, 6, 9, 8}) {
    topology::Topology topology = one_region();
    const auto nodes = add_nodes(topology, "brokers", zones_matching(topology, "*"), count);
    const auto where = spread_brokers(topology, nodes, count, Spread::zone);
    for (std::size_t b = 0; b < where.size(); ++b) EXPECT_EQ(topology.nodes[where[b].index()].zone, ZoneId{b % 3}) << count << ' ' << b;
    EXPECT_EQ(std::set<NodeId>(where.begin(), where.end()).size(), where.size()) << "one broker a node";
  }
}

// Zeebe's dual region: nodeId = ordinal x regions + regionId, hence even ids in the first region and odd ones in the second.
TEST(Spread, InTwoRegionsTheParityOfTheIdNamesTheRegion) {
  topology::Topology topology = two_regions();
  const auto nodes = add_nodes(topology, "brokers", zones_matching(topology, "*"), 8);
  const auto where = spread_brokers(topology, nodes, 8, Spread::zone);
  for (std::size_t b = 0; b < where.size(); ++b) EXPECT_EQ(topology.region_of(where[b]), RegionId{b % 2}) << b;
  EXPECT_EQ(zone_name(topology, where[0]), "us-east-1/a");
  EXPECT_EQ(zone_name(topology, where[2]), "us-east-1/b");
  EXPECT_EQ(zone_name(topology, where[4]), "us-east-1/c");
  EXPECT_EQ(std::set<NodeId>(where.begin(), where.end()).size(), 8u);
}

int zones_of(const topology::Topology& topology, const std::vector<NodeId>& where, const Partition& partition) {
  std::set<ZoneId> zones;
  for (const Assignment& here : partition) zones.insert(topology.nodes[where[static_cast<std::size_t>(here.broker)].index()].zone);
  return static_cast<int>(zones.size());
}

// Why `spread: zone` matters: with 3k brokers and three replicas, no zone ever holds two replicas of a partition.
TEST(Spread, ByZoneEveryPartitionStandsInThreeZonesAndByNodeSomeDoNot) {
  topology::Topology topology = one_region();
  const auto nodes = add_nodes(topology, "brokers", zones_matching(topology, "*"), 6);
  const Partitions placement = round_robin(6, 6, 3);
  const auto by_zone = spread_brokers(topology, nodes, 6, Spread::zone);
  const auto by_node = spread_brokers(topology, nodes, 6, Spread::node);
  int doubled = 0;
  for (const Partition& partition : placement) {
    EXPECT_EQ(zones_of(topology, by_zone, partition), 3);
    doubled += zones_of(topology, by_node, partition) < 3 ? 1 : 0;
  }
  EXPECT_EQ(doubled, 6);  // Any three neighbours out of a, a, b, b, c, c share a zone.
  EXPECT_EQ(std::set<NodeId>(by_node.begin(), by_node.end()).size(), 6u);
}

TEST(Spread, WithNothingToKeepThemApartAllBrokersShareANode) {
  topology::Topology topology = one_region();
  const auto nodes = add_nodes(topology, "brokers", zones_matching(topology, "*"), 3);
  for (const NodeId node : spread_brokers(topology, nodes, 3, Spread::none)) EXPECT_EQ(node, nodes[0]);
}

TEST(Spread, FewerNodesThanZonesLeaveZonesEmpty) {
  topology::Topology topology = one_region();
  const auto nodes = add_nodes(topology, "brokers", zones_matching(topology, "*"), 2);
  const auto where = spread_brokers(topology, nodes, 4, Spread::zone);
  EXPECT_EQ(where, (std::vector<NodeId>{nodes[0], nodes[1], nodes[0], nodes[1]}));
}

}  // namespace spread_test
}  // namespace nines::broker
