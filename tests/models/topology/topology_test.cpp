#include "models/topology/topology.hpp"

#include <gtest/gtest.h>

namespace nines::topology {
namespace topology_test {

LinkLaw after(Duration delay) { return LinkLaw{.minimum = delay, .maximum = delay}; }

// Two regions with two zones each; nodes 0 and 1 in the first zone, then one a zone.
Topology europe_and_america() {
  Topology topology;
  topology.regions = {{"eu"}, {"us"}};
  topology.zones = {{"eu/a", RegionId{0}}, {"eu/b", RegionId{0}}, {"us/a", RegionId{1}}, {"us/b", RegionId{1}}};
  topology.nodes = {{"n0", ZoneId{0}, {}}, {"n1", ZoneId{0}, {}}, {"n2", ZoneId{1}, {}}, {"n3", ZoneId{2}, {}}, {"n4", ZoneId{3}, {}}};
  topology.same_node = after(10us);
  topology.same_zone = after(150us);
  topology.same_region = after(500us);
  topology.other_region = after(50ms);
  return topology;
}

Duration delay(const Topology& topology, std::size_t from, std::size_t to) { return topology.link(NodeId{from}, NodeId{to}).minimum; }

TEST(Topology, WithoutNamedPairsTheDistanceDecides) {
  const Topology topology = europe_and_america();
  EXPECT_EQ(delay(topology, 0, 0), 10us);
  EXPECT_EQ(delay(topology, 0, 1), 150us);
  EXPECT_EQ(delay(topology, 0, 2), 500us);
  EXPECT_EQ(delay(topology, 2, 3), 50ms);
}

TEST(Topology, APairOfRegionsWinsOverTheDistanceInBothDirections) {
  Topology topology = europe_and_america();
  topology.between = {{"eu", "us", after(38ms)}};
  EXPECT_EQ(delay(topology, 0, 3), 38ms);
  EXPECT_EQ(delay(topology, 3, 0), 38ms);
  EXPECT_EQ(delay(topology, 0, 2), 500us);
}

TEST(Topology, TheReverseDirectionMayHaveALinkOfItsOwn) {
  Topology topology = europe_and_america();
  topology.between = {{"eu", "us", after(38ms)}, {"us", "eu", after(41ms)}};
  EXPECT_EQ(delay(topology, 0, 3), 38ms);
  EXPECT_EQ(delay(topology, 3, 0), 41ms);
}

TEST(Topology, APairOfZonesWinsOverAPairOfRegionsWhereverItIsListed) {
  Topology topology = europe_and_america();
  topology.between = {{"eu/b", "us/a", after(30ms)}, {"eu", "us", after(38ms)}};
  EXPECT_EQ(delay(topology, 2, 3), 30ms);
  EXPECT_EQ(delay(topology, 3, 2), 30ms);
  EXPECT_EQ(delay(topology, 2, 4), 38ms);
}

TEST(Topology, OfTwoEntriesForTheSamePlacesTheLaterWins) {
  Topology topology = europe_and_america();
  topology.between = {{"eu", "us", after(38ms)}, {"eu", "us", after(45ms)}};
  EXPECT_EQ(delay(topology, 0, 3), 45ms);
}

TEST(Topology, AZonePairedWithItselfIsItsInnerNetworkAndARegionWithItselfTheLinksBetweenItsZones) {
  Topology topology = europe_and_america();
  topology.between = {{"eu/a", "eu/a", after(90us)}, {"eu", "eu", after(700us)}};
  EXPECT_EQ(delay(topology, 0, 1), 90us);
  EXPECT_EQ(delay(topology, 0, 2), 700us);
  EXPECT_EQ(delay(topology, 1, 1), 10us);
  EXPECT_EQ(delay(topology, 3, 4), 500us);
}

}  // namespace topology_test
}  // namespace nines::topology
