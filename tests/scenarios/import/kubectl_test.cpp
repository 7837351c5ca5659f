#include "scenarios/import/kubectl.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/run/translate.hpp"
#include "tests/scenarios/import/imports.hpp"

namespace nines::scenarios {
namespace kubectl_test {

using testing::HasSubstr;
using testing::Not;

SourceFile list(const std::string& name) { return {name, text_of(source_tree() / "tests/scenarios/import/kubectl" / name)}; }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

// The zones of each partition's replicas, the primary's first, as the world has them.
std::vector<std::vector<std::string>> zones_of_partitions(const Imported& imported) {
  const auto world = to_world(imported.scenario);
  std::vector<std::vector<std::string>> all;
  for (const auto& partition : world.clusters.at(0).partitions) {
    auto& zones = all.emplace_back();
    for (const auto& replica : partition)
      zones.push_back(world.topology.zones[world.topology.nodes[world.brokers[replica.broker.index()].node.index()].zone.index()].name);
  }
  return all;
}

TEST(ImportKubectl, FindsBrokersOnTheirZones) {
  const Imported imported = import_kubectl({list("nodes.json"), list("pods.json"), list("statefulsets.json")});
  const Cluster& cluster = imported.scenario.clusters.at(0);
  EXPECT_EQ(cluster.profile.name, "zeebe-8.7");
  EXPECT_EQ(cluster.brokers, 3);
  EXPECT_EQ(cluster.partitions, 3);
  EXPECT_EQ(cluster.replication, 3);
  EXPECT_EQ(cluster.spread, Spread::zone);
  EXPECT_EQ(cluster.placement, Placement::round_robin);
  EXPECT_DOUBLE_EQ(cluster.cpu_limit, 0.96);
  // camunda-zeebe-0 runs in zone c, 1 in a, 2 in b.
  EXPECT_THAT(zones_of_partitions(imported).at(0), testing::ElementsAre("eu-west-1/eu-west-1c", "eu-west-1/eu-west-1a", "eu-west-1/eu-west-1b"));
  EXPECT_EQ(imported.scenario.topology.pools.at(0).disk.size_bytes, 64LL << 30);
  EXPECT_EQ(imported.scenario.topology.pools.at(0).disk.type, "gp2");
  EXPECT_THAT(imported.text, HasSubstr("secondaryStorage: {kind: elasticsearch, replicas: 1}"));
  EXPECT_THAT(imported.text, HasSubstr("gateway: {replicas: 2}"));
  EXPECT_THAT(imported.text, HasSubstr("connectors: off"));
  EXPECT_THAT(imported.text, HasSubstr("identityProvider: off"));
  EXPECT_TRUE(cluster.has_services);
  EXPECT_THAT(imported.warnings, HasSubstr("Elasticsearch runs once"));
  EXPECT_THAT(imported.warnings, Not(HasSubstr("the loss of the zone")));
}

TEST(ImportKubectl, DoesNotCareForTheOrderOfTheLists) {
  const Imported one = import_kubectl({list("nodes.json"), list("pods.json"), list("statefulsets.json")});
  const Imported other = import_kubectl({list("statefulsets.json"), list("pods.json"), list("nodes.json")});
  EXPECT_EQ(one.text.substr(one.text.find('\n')), other.text.substr(other.text.find('\n')));
}

// Where six brokers stand 3-2-1 over zones, in an order of the scheduler's own.
TEST(ImportKubectl, PlacesPartitionsOneByOneWhereNoRuleSaysWhereBrokersAre) {
  const Imported imported = import_kubectl({list("skewed_nodes.json"), list("skewed_pods.json")});
  const Cluster& cluster = imported.scenario.clusters.at(0);
  EXPECT_EQ(cluster.placement, Placement::fixed);
  const std::vector<std::string> zone_of{"a", "b", "a", "c", "a", "b"};  // By Zeebe's number.
  const auto zones = zones_of_partitions(imported);
  ASSERT_EQ(zones.size(), 6u);
  for (std::size_t p = 0; p < 6; ++p)
    for (std::size_t r = 0; r < 3; ++r) EXPECT_EQ(zones[p][r], "eu-west-1/eu-west-1" + zone_of[(p + r) % 6]) << "partition " << p + 1;
  EXPECT_THAT(imported.warnings, HasSubstr("the loss of the zone eu-west-1/eu-west-1a stops 3 of 6 partitions"));
  EXPECT_THAT(imported.text, HasSubstr("type: m6i.2xlarge"));
}

TEST(ImportKubectl, ReadsConfigurationsAndTwoRegions) {
  const Imported imported = import_kubectl({list("london.json"), list("paris.json")});
  const Cluster& cluster = imported.scenario.clusters.at(0);
  EXPECT_EQ(cluster.profile.name, "zeebe-8.9");
  EXPECT_EQ(cluster.brokers, 4);
  EXPECT_EQ(cluster.partitions, 4);
  EXPECT_EQ(cluster.replication, 4);
  EXPECT_EQ(cluster.spread, Spread::zone);
  EXPECT_THAT(imported.text, HasSubstr("# london.json:"));
  EXPECT_THAT(imported.warnings, HasSubstr("the loss of the region eu-west-2 stops 4 of 4 partitions"));
  EXPECT_THAT(import_kubectl({list("london.json")}).errors,
              HasSubstr("a cluster of 4 brokers, and 2 pods: give the lists of its other regions as well"));
}

TEST(ImportKubectl, OfOneMachineWithoutLabelsSaysWhatIsMissing) {
  const Imported imported = import_kubectl({list("kind.json")});
  EXPECT_THAT(imported.warnings, HasSubstr("the pod 'camunda-zeebe-2' is not scheduled"));
  EXPECT_THAT(imported.warnings, HasSubstr("without the label topology.kubernetes.io/zone"));
  EXPECT_THAT(imported.warnings, HasSubstr("1 node for 3 brokers"));
  EXPECT_THAT(imported.warnings, HasSubstr("all brokers stand in the zone unlabelled/unlabelled"));
  EXPECT_THAT(import_kubectl({list("kind.json")}, {.regions = {"here"}}).text, HasSubstr("{name: here, zones: [unlabelled]}"));
}

TEST(ImportKubectl, KeepsBrokersTogetherThatShareANode) {
  const SourceFile pods = list("pods.json");
  // 0 in c, 1 and 2 in a: an uneven sharing; then six brokers, two on each of three nodes.
  const Imported uneven = import_kubectl({list("nodes.json"), {"pods.json", replaced(pods.text, "ip-10-0-4-1", "ip-10-0-0-1")}});
  EXPECT_THAT(uneven.warnings, HasSubstr("some nodes hold more brokers than others"));
  std::string six = list("skewed_pods.json").text;
  for (const auto& [from, to] : {std::pair("node-0\"", "node-2\""), std::pair("node-1\"", "node-3\""), std::pair("node-4\"", "node-5\"")})
    six = replaced(six, from, to);
  const Imported even = import_kubectl({list("skewed_nodes.json"), {"pods.json", six}});
  EXPECT_THAT(even.warnings, Not(HasSubstr("some nodes hold more brokers")));
  const auto world = to_world(even.scenario);
  std::map<std::size_t, int> brokers_on;
  for (const auto& broker : world.brokers) ++brokers_on[broker.node.index()];
  EXPECT_EQ(brokers_on.size(), 3u);
  for (const auto& [node, brokers] : brokers_on) EXPECT_EQ(brokers, 2);
}

TEST(ImportKubectl, AssumesTheChartsNumbersWhereNothingSaysThem) {
  const Imported imported =
      import_kubectl({list("nodes.json"), {"pods.json", replaced(list("pods.json").text, "ZEEBE_BROKER_CLUSTER_PART", "OTHER_")}});
  EXPECT_EQ(imported.scenario.clusters.at(0).partitions, 3);
  EXPECT_THAT(imported.warnings, HasSubstr("says the number of partitions: taken for 3"));
}

TEST(ImportKubectl, IsRefusedWithEveryErrorAtItsPlace) {
  const auto pods = [](const std::string& from, const std::string& to) {
    return import_kubectl({list("nodes.json"), {"pods.json", replaced(list("pods.json").text, from, to)}}).errors;
  };
  EXPECT_EQ(import_kubectl({{"a.json", ""}}).errors, "a.json:0:0: the file is empty; write it by 'kubectl get nodes -o json'\n");
  EXPECT_THAT(import_kubectl({{"a.json", "{\"items\": []}"}}).errors, HasSubstr("a.json:1:1: not what 'kubectl get ... -o json' prints"));
  EXPECT_THAT(import_kubectl({{"a.json", "{\"kind\": \"List\", \"items\": [}"}}).errors, HasSubstr("a.json:1:28"));
  EXPECT_THAT(import_kubectl({list("pods.json")}).errors, HasSubstr("no nodes"));
  EXPECT_THAT(import_kubectl({list("nodes.json")}).errors, HasSubstr("none of 0 pods is a broker"));
  EXPECT_THAT(import_kubectl({list("nodes.json"), list("nodes.json"), list("pods.json")}).errors, HasSubstr("is there twice"));
  EXPECT_THAT(pods("ip-10-0-4-1.ec2", "elsewhere"), HasSubstr("pods.json:"));
  EXPECT_THAT(pods("ip-10-0-4-1.ec2", "elsewhere"), HasSubstr("which is in no list of nodes"));
  EXPECT_THAT(pods("camunda-zeebe-1\"", "camunda-zeebe-7\""), HasSubstr("the pod camunda/camunda-zeebe-1 is missing"));
  EXPECT_THAT(pods("camunda-zeebe-1\"", "camunda-zeebe\""), HasSubstr("is not called as a statefulset's are"));
  EXPECT_THAT(pods("\"value\": \"3\"", "\"value\": \"three\""), HasSubstr("expected a whole number from 1 to 2000, not 'three'"));
  EXPECT_THAT(pods("960m", "fast"), HasSubstr("resources.limits.cpu: expected a quantity"));
  EXPECT_THAT(pods("\"value\": \"3\"", "\"value\": \"4\""), HasSubstr("a cluster of 4 brokers, and 3 pods"));
}

// A whole import as a text. NINES_GOLDEN=1 tests_scenarios --gtest_filter='*AsAWholeReads*' writes it anew.
TEST(ImportKubectl, AsAWholeReadsAsTheGoldenText) {
  const Imported imported = import_kubectl({list("skewed_nodes.json"), list("skewed_pods.json")});
  const auto path = source_tree() / "tests/scenarios/import/golden/kubectl.txt";
  const std::string now = imported.warnings + '\n' + imported.text;
  if (std::getenv("NINES_GOLDEN") != nullptr) std::ofstream(path) << now;
  EXPECT_EQ(text_of(path), now);
}

}  // namespace kubectl_test
}  // namespace nines::scenarios
