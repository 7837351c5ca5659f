// Unlike nodes in one world: modes that hit only some pools, and faults that take a whole pool in a zone.
#include <algorithm>

#include <gtest/gtest.h>

#include "models/failure/timeline.hpp"
#include "sim/base/check.hpp"
#include "tests/support/worlds.hpp"

namespace nines::failure {
namespace pools_test {

using testing_worlds::at;
using testing_worlds::exponential_mode;
using testing_worlds::scripted;

// Nodes 0, 1, 2 are steady and 3 .. 8 spot, dealt over the zones r/a, r/b, r/c; a broker on each.
world::Options two_pools() {
  world::Options options = testing_worlds::cluster(9, 3, 9, 3, testing_worlds::zeebe());
  for (std::size_t n = 0; n < 9; ++n) options.topology.nodes[n].pool = n < 3 ? "steady" : "spot";
  return options;
}

Mode of_pools(Mode mode, std::vector<std::string> pools) {
  mode.pools = std::move(pools);
  return mode;
}

std::vector<std::string> names_hit(const Site& site, const Mode& mode) {
  std::vector<std::string> names;
  for (const Element& element : elements_of(site, mode)) names.push_back(names_of(site, mode.scope)[element.a]);
  return names;
}

using Names = std::vector<std::string>;

TEST(Pools, AModeOfSomePoolsHitsNothingOfTheOthers) {
  const Site site = world::site_of(two_pools());
  const auto hit = [&](Scope scope, Names pools) {
    return names_hit(site, of_pools(exponential_mode("m", scope, Effect::stop, 1h, 1h), std::move(pools)));
  };
  EXPECT_EQ(hit(Scope::node, {"steady"}), (Names{"n0", "n1", "n2"}));
  EXPECT_EQ(hit(Scope::broker, {"steady"}), (Names{"b0", "b1", "b2"}));
  EXPECT_EQ(hit(Scope::pool_in_zone, {"spot"}), (Names{"spot/r/a", "spot/r/b", "spot/r/c"}));
  EXPECT_EQ(hit(Scope::pool_in_zone, {}).size(), 6u);
  EXPECT_EQ(hit(Scope::node, {}).size(), 9u);
  EXPECT_EQ(hit(Scope::node, {"spot", "steady"}).size(), 9u);
  EXPECT_THROW(hit(Scope::zone, {"spot"}), BrokenInvariant);
}

TEST(Pools, ANodeLiesInItsPoolOfItsZoneAndThatInTheZone) {
  const Site site = world::site_of(two_pools());
  const Element spot_b = find_element(site, {"spot/r/b"}).element;
  EXPECT_EQ(spot_b.scope, Scope::pool_in_zone);
  EXPECT_EQ(enclosing(site, {Scope::node, 7, 0}, Scope::pool_in_zone), spot_b);
  EXPECT_EQ(enclosing(site, {Scope::broker, 4, 0}, Scope::pool_in_zone), spot_b);
  EXPECT_NE(enclosing(site, {Scope::node, 1, 0}, Scope::pool_in_zone), spot_b) << "it is steady";
  EXPECT_EQ(enclosing(site, spot_b, Scope::zone), (Element{Scope::zone, 1, 0}));
  EXPECT_EQ(enclosing(site, spot_b, Scope::region), (Element{Scope::region, 0, 0}));
}

// So that a pool with faults of its own is compared with itself, and its neighbours stand still.
TEST(Pools, NodesDrawTheSameFromTheirPoolsModeAsFromEverybodys) {
  const Site site = world::site_of(two_pools());
  const Mode all = exponential_mode("node-loss", Scope::node, Effect::stop, 100h, 1h);
  Mode spot = of_pools(all, {"spot"});
  spot.name = "spot/node-loss";
  Timeline together({all}, {}, site, Streams(3)), apart({of_pools(all, {"steady"}), spot}, {}, site, Streams(3));
  Instant now;
  for (int i = 0; i < 2000; ++i) {
    const Change a = together.next(now), b = apart.next(now);
    ASSERT_EQ(a.at, b.at);
    ASSERT_EQ(a.element, b.element);
    ASSERT_EQ(a.stage, b.stage);
    ASSERT_EQ(b.mode, a.element.a < 3 ? 0 : 1);
    now = a.at;
  }
}

TEST(Pools, AnEvictionTakesEveryNodeOfThePoolInTheZoneAndNoOther) {
  world::Options options = two_pools();
  options.script = {scripted(1h, "stop", {"spot/r/b"}, 1h)};
  testing_worlds::Stage stage(options);
  stage.run_until(at(90min));
  const world::Record record = stage.world.finish(at(3h), 1);
  // Brokers 4 and 7 stop; partition p lies on brokers p, p + 1, p + 2, so no three of them hold both, and one gone leaves a quorum.
  EXPECT_TRUE(record.quorum_losses.empty());
  options.script.push_back(scripted(1h, "stop", {"b5"}, 1h));
  testing_worlds::Stage more(options);
  more.run_until(at(90min));
  EXPECT_EQ(more.world.finish(at(3h), 1).quorum_losses.size(), 3u) << "partitions on brokers 3 to 5, 4 to 6 and 5 to 7 lose two";
}

}  // namespace pools_test
}  // namespace nines::failure
