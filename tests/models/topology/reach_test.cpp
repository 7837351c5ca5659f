#include "models/topology/reach.hpp"

#include <gtest/gtest.h>

#include "sim/base/check.hpp"
#include "sim/base/random.hpp"

namespace nines::topology {
namespace reach_test {

ZoneId zone(std::size_t i) { return ZoneId{i}; }

TEST(Reach, AOneWayCutLeavesTheOtherWayOpen) {
  Network network(3);
  network.cut(zone(0), zone(1));
  EXPECT_FALSE(network.reaches(zone(0), zone(1)));
  EXPECT_TRUE(network.reaches(zone(1), zone(0)));
  EXPECT_FALSE(network.connected(zone(0), zone(1)));
}

TEST(Reach, OverlappingCutsHealOneAfterTheOther) {
  Network network(3);
  network.cut_both(zone(0), zone(1));
  network.isolate(zone(1));
  network.heal_both(zone(0), zone(1));
  EXPECT_FALSE(network.connected(zone(0), zone(1)));
  network.rejoin(zone(1));
  EXPECT_TRUE(network.whole());
  EXPECT_EQ(network, Network(3));
}

TEST(Reach, HealingWhatNobodyCutIsABrokenInvariant) {
  Network network(2);
  EXPECT_THROW(network.heal(zone(0), zone(1)), BrokenInvariant);
}

TEST(Reach, AnIsolatedZoneKeepsItsInnerNetwork) {
  Network network(3);
  network.isolate(zone(2));
  EXPECT_TRUE(network.reaches(zone(2), zone(2)));
  EXPECT_EQ(network.islands(), (std::vector<int>{0, 0, 1}));
}

TEST(Reach, IslandsAreCountedInOrderOfTheirFirstZone) {
  Network network(5);
  for (const std::size_t a : {0u, 2u, 4u})
    for (const std::size_t b : {1u, 3u}) network.cut_both(zone(a), zone(b));
  EXPECT_EQ(network.islands(), (std::vector<int>{0, 1, 0, 1, 0}));
  EXPECT_EQ(network.islands({true, true, true, false, true}), (std::vector<int>{0, 1, 0, 2, 0}));
}

TEST(Reach, ACutLinkInATriangleIsNoPartitionYetSplitsThePair) {
  Network network(3);
  network.cut_both(zone(0), zone(1));
  EXPECT_EQ(network.islands(), (std::vector<int>{0, 0, 0}));  // Zone 2 still reaches both.
  EXPECT_FALSE(network.path(zone(0), zone(1), Routing::direct));
  EXPECT_TRUE(network.path(zone(0), zone(1), Routing::transit));
}

TEST(Reach, TransitFollowsTheDirectionOfWhatIsLeft) {
  Network network(3);
  network.cut(zone(0), zone(1));
  network.cut(zone(0), zone(2));
  EXPECT_FALSE(network.path(zone(0), zone(1), Routing::transit));
  EXPECT_TRUE(network.path(zone(1), zone(0), Routing::transit));
}

// Against the definition: the labels of islands agree with paths over two-way links, for 300 random networks of six zones.
TEST(Reach, TwoZonesShareAnIslandExactlyWhenTwoWayLinksLeadFromOneToTheOther) {
  const Stream draws = Streams(3).of(0, Purpose::test);
  for (std::uint64_t round = 0; round < 300; ++round) {
    Network network(6);
    std::uint64_t bits = draws.word({.index = round});
    for (std::size_t a = 0; a < 6; ++a)
      for (std::size_t b = a + 1; b < 6; ++b, bits >>= 2) {
        if ((bits & 3) == 0 || (bits & 3) == 1) network.cut(zone(a), zone(b));  // Cut one way cuts the two-way link.
        if ((bits & 3) == 1) network.cut(zone(b), zone(a));
      }
    bool linked[6][6] = {};
    for (std::size_t a = 0; a < 6; ++a)
      for (std::size_t b = 0; b < 6; ++b) linked[a][b] = a == b || network.connected(zone(a), zone(b));
    for (std::size_t k = 0; k < 6; ++k)
      for (std::size_t a = 0; a < 6; ++a)
        for (std::size_t b = 0; b < 6; ++b) linked[a][b] = linked[a][b] || (linked[a][k] && linked[k][b]);
    const auto island = network.islands();
    for (std::size_t a = 0; a < 6; ++a)
      for (std::size_t b = 0; b < 6; ++b) ASSERT_EQ(island[a] == island[b], linked[a][b]) << round;
  }
}

TEST(Reach, ARingIsCutByTwoLinksAndAMeshOfFourByThree) {
  const std::vector<std::pair<ZoneId, ZoneId>> ring{{zone(0), zone(1)}, {zone(1), zone(2)}, {zone(2), zone(3)}, {zone(3), zone(0)}};
  EXPECT_EQ(least_cut(4, ring, zone(0), zone(2)), 2);
  std::vector<std::pair<ZoneId, ZoneId>> mesh;
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = a + 1; b < 4; ++b) mesh.emplace_back(zone(a), zone(b));
  EXPECT_EQ(least_cut(4, mesh, zone(0), zone(3)), 3);
  EXPECT_EQ(least_cut(4, {{zone(0), zone(1)}}, zone(0), zone(3)), 0);
}

}  // namespace reach_test
}  // namespace nines::topology
