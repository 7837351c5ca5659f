#include "scenarios/run/translate.hpp"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "analysis/exact/model.hpp"
#include "scenarios/run/resources.hpp"

namespace nines::scenarios {
namespace translate_test {

const Catalogs& catalogs() {
  static const Catalogs all = [] {
    auto read = read_catalogs(embedded_files("catalog"));
    EXPECT_TRUE(read.has_value()) << (read ? "" : render(read.error(), ""));
    return read ? *read : Catalogs{};
  }();
  return all;
}

constexpr const char* three_zones = R"yaml(apiVersion: nines/v1
kind: Scenario
metadata: {name: test}
topology:
  regions: [{name: us-east-1, zones: [a, b, {name: c, racks: [r1, r2]}]}]
  nodePools: {brokers: {zones: us-east-1/*, nodes: 6, type: m6i.xlarge, disk: {type: gp3, size: 64Gi}}}
cluster: {profile: zeebe-8.9, nodePool: brokers, brokers: 6, partitions: 4, replication: 3, load: none}
)yaml";

Scenario read(const std::string& text, const std::vector<Setting>& settings = {}) {
  auto scenario = read_scenario(text, "test.yaml", catalogs(), settings);
  EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : render(scenario.error(), text));
  return scenario ? *scenario : Scenario{};
}

std::string zone_of(const world::Options& world, BrokerId broker) {
  return world.topology.zones[world.topology.nodes[world.brokers[broker.index()].node.index()].zone.index()].name;
}

TEST(Translate, BrokersStandOnNodesInTheZonesOfTheirPool) {
  const world::Options world = to_world(read(three_zones));
  ASSERT_EQ(world.brokers.size(), 6u);
  EXPECT_EQ(world.topology.nodes.size(), 6u);
  EXPECT_EQ(world.brokers[4].name, "cluster/4");
  for (std::size_t b = 0; b < 6; ++b) EXPECT_EQ(zone_of(world, BrokerId{b}), std::string("us-east-1/") + "abc"[b % 3]);
  EXPECT_EQ(world.topology.racks.size(), 2u);
  EXPECT_EQ(world.topology.nodes[2].rack, RackId{0});
  EXPECT_EQ(world.topology.nodes[5].rack, RackId{1});
}

TEST(Translate, PartitionsArePlacedRoundRobinWithPriorities) {
  const world::Options world = to_world(read(three_zones));
  ASSERT_EQ(world.clusters.size(), 1u);
  ASSERT_EQ(world.clusters[0].partitions.size(), 4u);
  const auto& second = world.clusters[0].partitions[1];
  ASSERT_EQ(second.size(), 3u);
  for (std::size_t r = 0; r < 3; ++r) {
    EXPECT_EQ(second[r].broker, BrokerId{1 + r});
    EXPECT_EQ(second[r].priority, 3 - static_cast<int>(r));
  }
}

TEST(Translate, SpreadByNodeLetsNeighboursShareAZone) {
  const world::Options world = to_world(read(three_zones, {{"cluster.spread", "node"}}));
  EXPECT_EQ(zone_of(world, BrokerId{0}), zone_of(world, BrokerId{1}));
  EXPECT_NE(world.brokers[0].node, world.brokers[1].node);
}

TEST(Translate, LoadIsSharedByThePartitions) {
  EXPECT_EQ(to_world(read(three_zones)).clusters[0].load.appends_per_second, 0);
  const Scenario loaded = read(three_zones, {{"cluster.load", "{processInstances: 100/s, payload: 1KiB}"}});
  const world::Load load = to_world(loaded).clusters[0].load;
  EXPECT_GE(loaded.clusters[0].load.appends_per_s, 100);
  EXPECT_DOUBLE_EQ(load.appends_per_second, loaded.clusters[0].load.appends_per_s / 4);
  EXPECT_EQ(load.together, loaded.clusters[0].profile.heartbeat);
}

TEST(Translate, TheHorizonOfWholeYearsIsExact) {
  EXPECT_EQ(to_world(read(three_zones, {{"simulation.years", "7"}})).horizon, 7 * year);
  EXPECT_EQ(to_world(read(three_zones, {{"simulation.years", "0.5"}})).horizon, year / 2);
}

TEST(Translate, ZoneAwarePlacementKeepsToItsShares) {
  const Scenario scenario = read(three_zones, {{"cluster.placement",
                                                "{zoneAware: [{zone: us-east-1/a, replicas: 1, priority: 10}, "
                                                "{zone: us-east-1/b, replicas: 2, priority: 5}]}"}});
  ASSERT_FALSE(scenario.clusters.empty());
  const world::Options world = to_world(scenario);
  for (const auto& partition : world.clusters[0].partitions) {
    ASSERT_EQ(partition.size(), 3u);
    std::map<std::string, int> replicas;
    for (const world::Replica& replica : partition) ++replicas[zone_of(world, replica.broker)];
    EXPECT_EQ(replicas, (std::map<std::string, int>{{"us-east-1/a", 1}, {"us-east-1/b", 2}}));
    EXPECT_EQ(zone_of(world, partition[0].broker), "us-east-1/a");
    EXPECT_EQ(partition[0].priority, 3);
  }
}

// Every scenario of the library can be built, and no partition names a broker twice or one of another cluster.
TEST(Translate, EveryScenarioOfTheLibraryBecomesAWorld) {
  ASSERT_GE(library_names().size(), 6u);
  for (const std::string& name : library_names()) {
    const world::Options world = to_world(read(library_file(name)->text));
    ASSERT_FALSE(world.clusters.empty()) << name;
    for (const world::Cluster& cluster : world.clusters)
      for (const auto& partition : cluster.partitions) {
        std::set<BrokerId> brokers;
        for (const world::Replica& replica : partition) {
          brokers.insert(replica.broker);
          ASSERT_LT(replica.broker.index(), world.brokers.size());
          EXPECT_TRUE(world.brokers[replica.broker.index()].name.starts_with(cluster.name + '/'));
        }
        EXPECT_EQ(brokers.size(), partition.size()) << name;
      }
  }
}

TEST(Resources, TheLibraryIsFoundByNameAndTheCataloguesByFolder) {
  EXPECT_TRUE(library_file("camunda-three-zones").has_value());
  EXPECT_TRUE(library_file("camunda-three-zones.yaml").has_value());
  EXPECT_FALSE(library_file("camunda-three").has_value());
  EXPECT_FALSE(library_file("../catalog/faults/public-cloud").has_value());
  for (const SourceFile& file : embedded_files("catalog")) {
    EXPECT_TRUE(file.name.ends_with(".yaml"));
    EXPECT_NE(file.name.find('/'), std::string::npos);
    EXPECT_FALSE(file.text.empty());
  }
  EXPECT_TRUE(embedded_files("cat").empty());
}

TEST(ToWorld, HoursOfWorkAreThoseOfTheCoverage) {
  const auto shift = [](const char* coverage) {
    return to_world(read(three_zones, {{"operations.coverage", coverage}, {"faults.node-loss.repair", "people"}})).modes.front().repair.shift;
  };
  EXPECT_EQ(failure::mean_wait(shift("8x5")) / 1s, 5120 * 3600 / 336);
  EXPECT_EQ(failure::mean_wait(shift("12x5")) / 1s, (4 * 12 * 12 + 60 * 60) * 3600 / 336);
  EXPECT_EQ(failure::mean_wait(shift("16x7")) / 1s, 7 * 8 * 8 * 3600 / 336);
  EXPECT_TRUE(shift("24x7").always());
}

TEST(Translate, GivesPlannedWorkItsBudgetAndNothingElse) {
  const world::Options with = to_world(read(three_zones, {{"operations.maxUnavailable", "2"}})), without = to_world(read(three_zones));
  int planned = 0;
  for (const failure::Mode& mode : with.modes) {
    EXPECT_EQ(mode.most_unavailable, mode.effect == failure::Effect::planned_stop ? 2 : 0) << mode.name;
    planned += mode.effect == failure::Effect::planned_stop ? 1 : 0;
  }
  EXPECT_GT(planned, 0);
  for (const failure::Mode& mode : without.modes) EXPECT_EQ(mode.most_unavailable, 0) << mode.name;
  EXPECT_TRUE(analysis::model_of(without));
  const auto refused = analysis::model_of(with);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error()[0].what.find("operations.maxUnavailable"), std::string::npos);
}

}  // namespace translate_test
}  // namespace nines::scenarios
