#include "analysis/rare/cuts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/rare/systems.hpp"

namespace nines::analysis {
namespace cuts_test {

using failure::Effect;
using failure::Scope;
using testing::ElementsAre;
using testing_worlds::exponential_mode;

TEST(MinimalCuts, OfThreeReplicasInTwoZonesNameTheZoneOfTwoAlone) {
  world::Options options = testing_worlds::cluster(3, 2, 1, 3, testing_worlds::zeebe());  // Nodes 0 and 2 in zone a, 1 in b.
  options.modes = {exponential_mode("node-loss", Scope::node, Effect::stop, 1000h, 1h), exponential_mode("zone-outage", Scope::zone, Effect::stop, 9000h, 4h)};
  const Model model = *model_of(options);
  const System system(model, options, 0);
  ASSERT_EQ(system.parts.size(), 5u);
  const Cuts cuts = minimal_cuts(system, 5);
  EXPECT_EQ(cuts.tried, 5u);
  EXPECT_THAT(cuts.sets, ElementsAre(ElementsAre(6), ElementsAre(0, 2), ElementsAre(0, 4), ElementsAre(0, 8), ElementsAre(2, 4), ElementsAre(4, 8)));

  Distance distance(cuts, 5);
  EXPECT_EQ(distance.value(), 1u);
  distance.set(fault_of(3, 0), true);
  EXPECT_EQ(distance.value(), 0u);
  distance.set(fault_of(3, 0), false);
  EXPECT_EQ(distance.value(), 1u);
}

TEST(MinimalCuts, AreLookedForOnlyAsFarAsIsAffordable) {
  const test::Majority five(5, Law::exponential(2000h), Law::exponential(1h));
  EXPECT_EQ(minimal_cuts(five.system, 5, 15).tried, 2u);  // 5 + 10 sets.
  EXPECT_TRUE(minimal_cuts(five.system, 5, 15).sets.empty());
  EXPECT_EQ(minimal_cuts(five.system, 5).sets.size(), 10u);
  Distance distance(minimal_cuts(five.system, 5), 5);
  EXPECT_EQ(distance.value(), 3u);
  distance.set(fault_of(4, 0), true);
  distance.set(fault_of(1, 0), true);
  EXPECT_EQ(distance.value(), 1u);
  distance.set(fault_of(4, 0), false);
  EXPECT_EQ(distance.value(), 2u);
}

}  // namespace cuts_test
}  // namespace nines::analysis
