// What two designs have in common of what befalls them.
#include "scenarios/run/storms.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace storms_test {

Storms storms(const std::vector<Setting>& settings, const std::string& zones = "[a, b, c]") {
  static const Catalogs catalogs = *read_catalogs(embedded_files("catalog"));
  const std::string text =
      "apiVersion: nines/v1\nkind: Scenario\nmetadata: {name: x}\ncatalogs: {faults: none, prices: aws}\n"
      "topology:\n  regions: [{name: us-east-1, zones: " +
      zones +
      "}]\n"
      "  nodePools: {pool: {zones: us-east-1/*, nodes: 3, type: m6i.large, disk: {type: gp3, size: 10Gi}}}\n"
      "cluster: {profile: zeebe-8.9, nodePool: pool, brokers: 3, partitions: 3, replication: 3, load: {appends: 10/s}}\n"
      "faults:\n  zone-out: {scope: zone, effect: stop, rate: 1/year, duration: 1h}\n  region-out: {scope: region, effect: stop, rate: 1/year, "
      "duration: 5h}\n";
  const auto scenario = read_scenario(text, "x.yaml", catalogs, settings);
  EXPECT_TRUE(scenario) << render(scenario.error(), text);
  return storms_of(*scenario, to_world(*scenario));
}

TEST(Storms, AreKeyedByTheNamesOfWhatTheyHit) {
  const Storms abc = storms({});
  EXPECT_EQ(abc.sources.size(), 4u);
  EXPECT_EQ(common_sources(abc, abc), 4u);
  EXPECT_EQ(common_sources(abc, storms({}, "[d, e, f]")), 1u);  // The region.
  EXPECT_EQ(common_sources(abc, storms({}, "[a, b, f]")), 3u);
  // How often it comes does not matter to the key.
  const Storms often = storms({{"faults.zone-out.rate", "5/year"}});
  EXPECT_EQ(common_sources(abc, often), 4u);
  EXPECT_FALSE(is_one_world(abc, often));
  EXPECT_GE(abc.longest_s, 5 * 3600);
}

TEST(Storms, DoNotChangeWithPrices) {
  const Storms own = storms({}), dear = storms({{"costs.purchase", "reserved-1y"}});
  EXPECT_TRUE(is_one_world(own, dear));
  EXPECT_EQ(own.load, dear.load);
  // A larger machine is the same world and carries more.
  const Storms larger = storms({{"topology.nodePools.pool.type", "m6i.xlarge"}});
  EXPECT_TRUE(is_one_world(own, larger));
  EXPECT_NE(own.load, larger.load);
}

TEST(Storms, OfAnUnknownWorldAreNoOnes) { EXPECT_FALSE(is_one_world(Storms{}, Storms{})); }

}  // namespace storms_test
}  // namespace nines::scenarios
