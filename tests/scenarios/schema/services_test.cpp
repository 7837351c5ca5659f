// What runs beside the brokers, as scenarios and the catalogue write it.
#include <algorithm>

#include <gtest/gtest.h>

#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {
namespace services_test {

const Catalogs& catalogs() {
  static const Catalogs all = read_catalogs(embedded_files("catalog")).value();
  return all;
}

std::string text(const std::string& components, const std::string& rest = "", const std::string& profile = "camunda-8.9") {
  return "apiVersion: nines/v1\nkind: Scenario\nmetadata: {name: beside}\ncatalogs: {prices: none}\n"
         "topology: {regions: [{name: r, zones: [a, b, c]}], nodePools: {brokers: {zones: r/*, nodes: 3}, data: {zones: r/*, nodes: 3}}}\n"
         "cluster: {profile: " +
         profile + ", nodePool: brokers, brokers: 3, partitions: 3, replication: 3, load: none" +
         (components.empty() ? "" : ", components: " + components) + "}\n" + rest;
}

Result<Scenario> read(const std::string& components, const std::string& rest = "", const std::string& profile = "camunda-8.9") {
  return read_scenario(text(components, rest, profile), "beside.yaml", catalogs());
}

std::vector<std::string> names(const std::vector<services::Capability>& all) {
  std::vector<std::string> found;
  for (const auto& one : all) found.push_back(one.name);
  return found;
}
bool has(const std::vector<std::string>& all, const std::string& name) { return std::find(all.begin(), all.end(), name) != all.end(); }

TEST(ServicesOfAScenario, AreCountedOnlyWhereComponentsAreGiven) {
  EXPECT_TRUE(to_world(read("").value()).services.capabilities.empty());
  const world::Options world = to_world(read("{}").value());
  EXPECT_TRUE(has(names(world.services.capabilities), "complete-job"));
  EXPECT_EQ(world.modes.size() + world.services.modes.size(), read("{}").value().faults.size() - 1)
      << "nobody else runs anything: no outages of others";
}

TEST(ServicesOfAScenario, ShareTheBrokersProcessesFromEightEightOn) {
  const world::Options now = to_world(read("{}").value()), before = to_world(read("{}", "", "camunda-8.7").value());
  const auto of = [](const world::Options& world, const std::string& name) {
    return *std::find_if(world.services.components.begin(), world.services.components.end(), [&](const auto& each) { return each.name == name; });
  };
  EXPECT_EQ(of(now, "gateway").brokers.size(), 3u);
  EXPECT_EQ(of(now, "operate").brokers.size(), 3u);
  EXPECT_TRUE(of(before, "gateway").brokers.empty());
  EXPECT_EQ(of(before, "gateway").processes.size(), 2u);
  EXPECT_EQ(of(before, "secondaryStorage").needed, 2u) << "a majority of three";
}

TEST(ServicesOfAScenario, WhatIsOffTakesAlongWhatNeedsIt) {
  const auto all = names(to_world(read("{secondaryStorage: off}").value()).services.capabilities);
  EXPECT_FALSE(has(all, "monitor-in-operate"));
  EXPECT_FALSE(has(all, "work-on-user-tasks"));
  EXPECT_TRUE(has(all, "complete-job"));
  EXPECT_FALSE(has(names(to_world(read("{connectors: off}").value()).services.capabilities), "call-out"));
}

TEST(ServicesOfAScenario, StandWhereTheScenarioSays) {
  const world::Options world = to_world(read("{secondaryStorage: {replicas: 3, nodePool: data, kind: elasticsearch}, connectors: {replicas: 2}}").value());
  for (const auto& process : world.services.processes) {
    if (process.component != "secondaryStorage") continue;
    EXPECT_EQ(world.topology.nodes[process.node.index()].pool, "data") << process.name;
  }
  EXPECT_EQ(
      std::count_if(world.services.processes.begin(), world.services.processes.end(), [](const auto& each) { return each.component == "connectors"; }), 2);
  const world::Options managed = to_world(read("{secondaryStorage: {runs: external}}").value());
  const auto storage = std::find_if(managed.services.processes.begin(), managed.services.processes.end(),
                                    [](const auto& each) { return each.component == "secondaryStorage"; });
  EXPECT_FALSE(storage->node.exists());
  EXPECT_TRUE(storage->others.empty());
}

TEST(ServicesOfAScenario, WithoutDataMoveOnKubernetesAndWaitOnMachinesOfOnesOwn) {
  const auto connectors = [](const world::Options& world) {
    return *std::find_if(world.services.processes.begin(), world.services.processes.end(),
                         [](const auto& each) { return each.component == "connectors"; });
  };
  EXPECT_EQ(connectors(to_world(read("{}").value())).others.size(), 3u);
  EXPECT_TRUE(connectors(to_world(read("{}", "operations: {platform: vm}\n").value())).others.empty());
}

TEST(ServicesOfAScenario, TheManagementClusterIsAnOwnCluster) {
  const std::string rest = "management: {nodePool: data, manages: [cluster], identity: bundled}\n";
  const world::Options world = to_world(read("{identityProvider: {runs: management}}", rest).value());
  EXPECT_TRUE(has(names(world.services.capabilities), "manage-clusters"));
  const auto refused = read("{identityProvider: {runs: management}}");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error()[0].what.find("the management cluster's"), std::string::npos) << refused.error()[0].what;
}

TEST(ServicesOfAScenario, WhatMayRunOnceOnlyIsRefusedTwice) {
  const auto twice = read("{optimizeImporter: {replicas: 2}}");
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error()[0].what.find("only one"), std::string::npos) << twice.error()[0].what;
  EXPECT_FALSE(read("{}", "", "etcd-3.5")) << "nothing is known of what runs beside etcd";
}

TEST(ServicesOfACatalogue, ACircleOfNeedsAndUnknownNamesAreErrors) {
  const std::string head = "apiVersion: nines/v1\nkind: Services\nmetadata: {name: s}\nprofiles: [zeebe-8.9]\n";
  const auto read_one = [&](const std::string& body) { return read_catalogs({{"services/s.yaml", head + body}}); };
  const std::string a = "a: {runs: process, needs: [b], loss: x, source: assumption}",
                    b = "b: {runs: process, needs: [a], loss: x, source: assumption}";
  const auto circle = read_one("components: {" + a + ", " + b + "}\ncapabilities: {c: {needs: [a], source: assumption}}\n");
  ASSERT_FALSE(circle);
  EXPECT_NE(circle.error()[0].what.find("a needs b needs a"), std::string::npos) << circle.error()[0].what;
  const auto unknown = read_one(
      "components: {a: {runs: process, loss: x, source: assumption}}\ncapabilities: {c: {needs: [{atLeast: 1, of: [aa]}], source: assumption}}\n");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error()[0].what.find("no component is called 'aa'"), std::string::npos) << unknown.error()[0].what;
}

}  // namespace services_test
}  // namespace nines::scenarios
