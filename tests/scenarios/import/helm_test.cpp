#include "scenarios/import/helm.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/import/imports.hpp"

namespace nines::scenarios {
namespace helm_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Cluster& cluster_of(const Imported& imported) { return imported.scenario.clusters.at(0); }

TEST(ImportHelm, OfNoFileIsTheChartsDefaults) {
  const Imported imported = import_helm({});
  const Cluster& cluster = cluster_of(imported);
  EXPECT_EQ(cluster.profile.name, "zeebe-8.9");
  EXPECT_EQ(cluster.brokers, 3);
  EXPECT_EQ(cluster.partitions, 3);
  EXPECT_EQ(cluster.replication, 3);
  EXPECT_EQ(cluster.spread, Spread::node);
  EXPECT_DOUBLE_EQ(cluster.cpu_limit, 2);
  EXPECT_EQ(imported.scenario.topology.pools.at(0).disk.size_bytes, 32LL << 30);
  EXPECT_THAT(imported.text, HasSubstr("# chart 8.9: orchestration.clusterSize"));
  EXPECT_THAT(imported.warnings, HasSubstr("no spread over zones is asked for"));
  EXPECT_THAT(imported.warnings, HasSubstr("no secondary storage is configured"));
}

TEST(ImportHelm, KnowsTheChartsOfFiveReleasesAndTheNextOne) {
  EXPECT_THAT(chart_versions(catalogs()), ElementsAre("8.5", "8.6", "8.7", "8.8", "8.9", "8.10"));
  for (const auto& version : chart_versions(catalogs())) {
    const Imported imported = import_helm({}, {.chart_version = version});
    EXPECT_EQ(cluster_of(imported).brokers, 3) << version;
    EXPECT_EQ(cluster_of(imported).profile.name, "zeebe-" + version);
  }
}

// The loss of a zone that holds two of three brokers must show, as the values admit it.
TEST(ImportHelm, WithoutASpreadLetsNeighboursShareAZone) {
  EXPECT_THAT(import_helm({}).warnings, HasSubstr("the loss of the zone us-east-1/a stops 3 of 3 partitions"));
}

TEST(ImportHelm, LaysLaterFilesOverEarlierOnesMapByMap) {
  const Imported imported = import_helm({"orchestration:\n  clusterSize: \"5\"\n  partitionCount: 7\n", "orchestration: {clusterSize: 6}\n"});
  EXPECT_EQ(cluster_of(imported).brokers, 6);
  EXPECT_EQ(cluster_of(imported).partitions, 7);
  EXPECT_THAT(imported.text, HasSubstr("# b.yaml:1 orchestration.clusterSize"));
  EXPECT_THAT(imported.text, HasSubstr("# a.yaml:3 orchestration.partitionCount"));
}

TEST(ImportHelm, ReplacesListsAsAWhole) {
  const std::string zone =
      "orchestration: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}]}\n";
  EXPECT_EQ(cluster_of(import_helm({zone})).spread, Spread::zone);
  EXPECT_EQ(cluster_of(import_helm({zone, "orchestration: {topologySpreadConstraints: []}\n"})).spread, Spread::node);
}

TEST(ImportHelm, TakesADefaultAwayWhereNullStands) {
  const Imported imported = import_helm({"orchestration: {affinity: {podAntiAffinity: null}, resources: null}\n"});
  EXPECT_THAT(imported.warnings, HasSubstr("nothing forbids two brokers on one node"));
  EXPECT_EQ(cluster_of(imported).cpu_limit, 0);
}

TEST(ImportHelm, RefusesNullWhereTheBrokersNeedANumber) {
  EXPECT_EQ(import_helm({"orchestration:\n  clusterSize: 3\n  partitionCount:\n"}).errors,
            "a.yaml:3:3: orchestration.partitionCount: null takes the chart's default away; the brokers need a number\n");
  EXPECT_THAT(import_helm({"orchestration:\n"}).errors, HasSubstr("orchestration.clusterSize: null"));
}

TEST(ImportHelm, ReadsNumbersAndQuantitiesAsKubernetesDoes) {
  const Imported imported = import_helm({"orchestration: {clusterSize: \"3\", resources: {limits: {cpu: 1500m, memory: 4Gi}}, pvcSize: \"128G\"}\n"});
  EXPECT_DOUBLE_EQ(cluster_of(imported).cpu_limit, 1.5);
  EXPECT_EQ(imported.scenario.topology.pools.at(0).disk.size_bytes, 128'000'000'000);
  EXPECT_THAT(imported.text, HasSubstr("memory 4096Mi is not simulated"));
}

TEST(ImportHelm, FollowsAnchorsAndMergesThem) {
  const Imported imported = import_helm({"x: &size {clusterSize: 5, partitionCount: 2}\norchestration:\n  <<: *size\n  partitionCount: 4\n"});
  EXPECT_EQ(cluster_of(imported).brokers, 5);
  EXPECT_EQ(cluster_of(imported).partitions, 4);
}

TEST(ImportHelm, CallsTheBrokersZeebeUpTo87) {
  const std::string old = "zeebe: {clusterSize: 5, pvcSize: 10Gi}\nzeebeGateway: {replicas: 1}\n";
  const Imported imported = import_helm({old});
  EXPECT_EQ(cluster_of(imported).profile.name, "zeebe-8.7");
  EXPECT_EQ(cluster_of(imported).brokers, 5);
  EXPECT_THAT(imported.text, HasSubstr("gateway: {replicas: 1}"));
  EXPECT_THAT(imported.warnings, HasSubstr("a.yaml:2:26: zeebeGateway.replicas 1"));
  const Imported unread = import_helm({old}, {.chart_version = "8.9"});
  EXPECT_EQ(cluster_of(unread).brokers, 3);
  EXPECT_THAT(unread.warnings, HasSubstr("a.yaml:1:1: the chart of 8.9 does not read 'zeebe'"));
}

TEST(ImportHelm, OfAChartThatPassesSpreadConstraintsOverHasNone) {
  const std::string constraint = "topologySpreadConstraints: [{topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}]";
  const Imported old = import_helm({"zeebe: {" + constraint + "}\n"}, {.chart_version = "8.6"});
  EXPECT_EQ(cluster_of(old).spread, Spread::node);
  EXPECT_THAT(old.warnings, HasSubstr("is not read by the chart of 8.6"));
  EXPECT_EQ(cluster_of(import_helm({"orchestration: {" + constraint + "}\n"})).spread, Spread::zone);
}

TEST(ImportHelm, TakesAWishForASpreadAndSaysThatItIsOne) {
  const Imported imported = import_helm(
      {"orchestration: {topologySpreadConstraints: [{maxSkew: 2, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}]}\n"});
  EXPECT_EQ(cluster_of(imported).spread, Spread::zone);
  EXPECT_THAT(imported.warnings, HasSubstr("is a wish"));
  EXPECT_THAT(imported.warnings, HasSubstr("maxSkew 2"));
}

TEST(ImportHelm, KnowsAntiAffinityOnZones) {
  const std::string apart =
      "orchestration: {clusterSize: SIZE, affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
      "[{topologyKey: topology.kubernetes.io/zone}]}}}\n";
  const auto with = [&](const std::string& size) { return std::string(apart).replace(apart.find("SIZE"), 4, size); };
  const Imported three = import_helm({with("3")});
  EXPECT_EQ(cluster_of(three).spread, Spread::zone);
  EXPECT_THAT(three.warnings, Not(HasSubstr("zone")));
  EXPECT_THAT(import_helm({with("4")}).warnings, HasSubstr("never two brokers in a zone, and 4 brokers for 3 zones"));
}

TEST(ImportHelm, TakesZonesFromWhatRestrictsTheNodes) {
  const Imported imported =
      import_helm({"orchestration: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
                   "[{matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [eu-west-1a, eu-west-1b]}]}]}}}}\n"});
  ASSERT_EQ(imported.scenario.topology.regions.size(), 1u);
  EXPECT_EQ(imported.scenario.topology.regions[0].name, "eu-west-1");
  EXPECT_EQ(imported.scenario.topology.regions[0].zones.at(1).name, "eu-west-1/eu-west-1b");
  EXPECT_EQ(imported.scenario.catalogs.prices, "aws");
  const Imported one = import_helm({"orchestration: {nodeSelector: {topology.kubernetes.io/zone: eu-west-1a}}\n"});
  EXPECT_THAT(one.warnings, HasSubstr("all brokers stand in the zone eu-west-1/eu-west-1a"));
}

// Templates of the chart: nodeId = ordinal * regions + regionId, so that even brokers stand in the first of two regions.
TEST(ImportHelm, DealsBrokersOverRegionsByTheirNumber) {
  const Imported imported = import_helm(
      {"global: {multiregion: {regions: 2, regionId: 1}}\norchestration: {clusterSize: \"8\", partitionCount: \"8\", replicationFactor: \"4\", "
       "topologySpreadConstraints: [{topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}]}\n"},
      {.regions = {"eu-west-2", "eu-west-3"}});
  ASSERT_EQ(imported.scenario.topology.regions.size(), 2u);
  EXPECT_EQ(imported.scenario.topology.regions[1].name, "eu-west-3");
  EXPECT_EQ(cluster_of(imported).spread, Spread::zone);
  EXPECT_EQ(cluster_of(imported).placement, Placement::round_robin);
  EXPECT_THAT(imported.text, HasSubstr("nodeId = ordinal * 2 + regionId"));
  EXPECT_THAT(imported.warnings, HasSubstr("the loss of the region eu-west-2 stops 8 of 8 partitions until somebody steps in"));
}

TEST(ImportHelm, WarnsOfWhatWillHurt) {
  EXPECT_THAT(import_helm({"orchestration: {replicationFactor: 2}\n"}).warnings,
              HasSubstr("a.yaml:1:36: orchestration.replicationFactor 2: both replicas must run"));
  EXPECT_THAT(import_helm({"global: {multiregion: {regions: 2}}\norchestration: {clusterSize: 5}\n"}).warnings,
              HasSubstr("a.yaml:2:30: orchestration.clusterSize 5 is no multiple of 2 regions"));
  const std::string spread = "orchestration: {clusterSize: SIZE, topologySpreadConstraints: [{topologyKey: topology.kubernetes.io/zone}]}\n";
  const auto with = [&](const std::string& size) { return std::string(spread).replace(spread.find("SIZE"), 4, size); };
  EXPECT_THAT(import_helm({with("4")}, {.zones = 2}).warnings, HasSubstr("3 replicas over 2 zones, an even number, leave too few"));
  EXPECT_THAT(import_helm({with("4")}, {.zones = 3}).warnings, HasSubstr("4 brokers are no multiple of 3 zones"));
  EXPECT_THAT(import_helm({with("6")}, {.zones = 3}).warnings, Not(HasSubstr("the loss of the zone")));
  EXPECT_THAT(import_helm({"elasticsearch: {enabled: true, master: {replicaCount: 1}}\n"}).warnings,
              HasSubstr("a.yaml:1:55: Elasticsearch runs once"));
  EXPECT_THAT(import_helm({}, {.nodes = 2}).warnings, HasSubstr("2 nodes for 3 brokers: never two on one, so some never start"));
  EXPECT_THAT(import_helm({"orchestration: {persistenceType: memory}\n"}).warnings, HasSubstr("loses its data"));
  EXPECT_THAT(import_helm({"orchestration: {env: [{name: ZEEBE_BROKER_CLUSTER_PARTITIONSCOUNT, value: \"9\"}]}\n"}).warnings,
              HasSubstr("wins over the chart's own value"));
}

TEST(ImportHelm, TurnsADisruptionBudgetIntoWhatMayBeDown) {
  const auto most = [](const std::string& budget) {
    const Imported imported = import_helm({"orchestration: {clusterSize: 5, podDisruptionBudget: {enabled: true, " + budget + "}}\n"});
    return imported.scenario.operations->max_unavailable;
  };
  EXPECT_EQ(most("maxUnavailable: 1"), 1);
  EXPECT_EQ(most("minAvailable: 3"), 2);
  EXPECT_EQ(most("maxUnavailable: 30%"), 2);  // 1.5, rounded up.
  EXPECT_EQ(import_helm({"orchestration: {podDisruptionBudget: {enabled: false, maxUnavailable: 1}}\n"}).scenario.operations->max_unavailable, 0);
  EXPECT_THAT(import_helm({"orchestration: {podDisruptionBudget: {enabled: true, minAvailable: 3}}\n"}).warnings, HasSubstr("lets no broker go"));
}

TEST(ImportHelm, SaysWhatRunsBesideTheBrokers) {
  const auto text = [](const std::string& values, const char* version = "8.9") { return import_helm({values}, {.chart_version = version}).text; };
  EXPECT_THAT(text("elasticsearch: {enabled: true}\n"), HasSubstr("secondaryStorage: {kind: elasticsearch, replicas: 3}"));
  EXPECT_THAT(text("orchestration: {data: {secondaryStorage: {type: rdbms}}}\n"), HasSubstr("secondaryStorage: {kind: rdbms, runs: external}"));
  EXPECT_THAT(text("global: {opensearch: {enabled: true}}\n"), HasSubstr("secondaryStorage: {kind: opensearch, runs: external}"));
  EXPECT_THAT(text("global: {elasticsearch: {enabled: true, external: true}}\nelasticsearch: {enabled: false}\n", "8.7"),
              HasSubstr("secondaryStorage: {kind: elasticsearch, runs: external}"));
  EXPECT_THAT(
      text("optimize: {enabled: true}\nconnectors: {replicas: 2}\nconsole: {enabled: true}\nwebModeler: {enabled: true, restapi: {replicas: 2}}\n"),
      testing::AllOf(HasSubstr("optimize: on"), HasSubstr("connectors: {replicas: 2}"), HasSubstr("console: {replicas: 1}"), HasSubstr("webModeler: {replicas: 2}")));
  // Each release knows its own components: the reader takes all of these, and has an answer for what users can do.
  const Imported old = import_helm({"console: {enabled: true}\nidentityKeycloak: {enabled: false}\n"}, {.chart_version = "8.7"});
  EXPECT_THAT(old.text, HasSubstr("identityProvider: {runs: external}"));
  EXPECT_THAT(old.text, HasSubstr("management:"));
  EXPECT_TRUE(cluster_of(old).has_services);
  const Imported oidc = import_helm({"global: {security: {authentication: {method: oidc}}}\n"});
  EXPECT_THAT(oidc.text, HasSubstr("identityProvider: {runs: external}"));
  const Imported next = import_helm({"elasticsearch: {enabled: true}\n"}, {.chart_version = "8.10"});
  EXPECT_THAT(next.warnings, HasSubstr("brings no Elasticsearch with it"));
  EXPECT_THAT(next.text, HasSubstr("secondaryStorage: off"));
}

TEST(ImportHelm, KnowsDisksByTheirStorageClass) {
  const auto type = [](const std::string& name) {
    return import_helm({"orchestration: {pvcStorageClassName: " + name + "}\n"}).scenario.topology.pools.at(0).disk.type;
  };
  EXPECT_EQ(type("gp2"), "gp2");
  EXPECT_EQ(type("managed-csi-premium"), "premium-ssd");
  EXPECT_EQ(type("premium-rwo"), "pd-ssd");
  EXPECT_EQ(type("ours"), "gp3");
  const Imported azure = import_helm({}, {.machine = "D4s_v5", .regions = {"eastus"}});
  EXPECT_EQ(azure.scenario.catalogs.prices, "azure");
  EXPECT_EQ(azure.scenario.topology.pools.at(0).disk.type, "premium-ssd");
}

TEST(ImportHelm, IsRefusedWithEveryErrorAtItsPlace) {
  const auto errors = [](const std::string& values) { return import_helm({values}).errors; };
  EXPECT_EQ(errors(""), "a.yaml:0:0: the file is empty; leave it out where the chart's defaults are meant\n");
  EXPECT_EQ(errors("# nothing\n"), "a.yaml:0:0: the file is empty; leave it out where the chart's defaults are meant\n");
  EXPECT_EQ(errors(std::string("a\0b", 3)), "a.yaml:1:2: a NUL byte; a file of values is a text in UTF-8\n");
  EXPECT_EQ(errors("a: &x [*x]\n"), "a.yaml:1:8: an alias inside of what it names: a circle without end\n");
  EXPECT_EQ(errors("- a\n"), "a.yaml:1:1: a file of values is a map of keys, such as 'orchestration: {clusterSize: 3}'\n");
  EXPECT_EQ(errors("a: 1\na: 2\n"), "a.yaml:2:1: the key 'a' is there twice\n");
  EXPECT_EQ(errors("orchestration: 3\n"), "a.yaml:1:16: orchestration: expected a map of keys, not '3'\n");
  EXPECT_EQ(errors("orchestration: {clusterSize: {}, partitionCount: 3.5}\n"),
            "a.yaml:1:30: orchestration.clusterSize: expected a whole number from 1 to 2000, not a map\n"
            "a.yaml:1:50: orchestration.partitionCount: expected a whole number from 1 to 20000, not '3.5'\n");
  EXPECT_EQ(errors("orchestration: {clusterSize: '{{ .Values.n }}'}\n"),
            "a.yaml:1:30: orchestration.clusterSize: expected a whole number from 1 to 2000, not '{{ .Values.n }}'\n");
  EXPECT_THAT(errors("orchestration: {clusterSize: 1}\n"), HasSubstr("replicationFactor 3 needs as many brokers; clusterSize is 1"));
  EXPECT_THAT(errors("orchestration: {enabled: false}\n"), HasSubstr("there are no brokers to import"));
  EXPECT_THAT(errors("global: {multiregion: {regions: 2, regionId: 2}}\n"), HasSubstr("regionId counts from 0 to 1"));
  EXPECT_THAT(errors("global: {multiregion: {regions: 9}}\norchestration: {clusterSize: 9}\n"), HasSubstr("9 regions need as many names"));
  EXPECT_THAT(errors("orchestration: {pvcSize: 32 Gigs, resources: {limits: {cpu: fast}}}\n"),
              HasSubstr("orchestration.pvcSize: expected a quantity such as 32Gi"));
}

// A list that names itself nine times in each of many levels would be larger than any memory.
TEST(ImportHelm, IsNotBlownUpByAliases) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    bomb += 'a' + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int i = 0; i < 9; ++i) bomb += (i > 0 ? ", " : "") + below;
    bomb += "]\n";
  }
  EXPECT_THAT(import_helm({bomb}).errors, HasSubstr("with aliases written out more than 500000 values"));
}

// A whole import as a text. NINES_GOLDEN=1 tests_scenarios --gtest_filter='*AsAWholeReads*' writes it anew.
TEST(ImportHelm, AsAWholeReadsAsTheGoldenText) {
  const Imported imported = import_helm({"global: {multiregion: {regions: 2, regionId: 0}}\n"
                                         "orchestration:\n"
                                         "  clusterSize: \"8\"\n"
                                         "  partitionCount: \"8\"\n"
                                         "  replicationFactor: \"4\"\n"
                                         "  pvcStorageClassName: gp3-csi\n"
                                         "  podDisruptionBudget: {enabled: true}\n"
                                         "elasticsearch: {enabled: true, master: {replicaCount: 1}}\n"},
                                        {.chart_version = "8.9", .zones = 3, .regions = {"eu-west-2", "eu-west-3"}});
  const auto path = source_tree() / "tests/scenarios/import/golden/helm.txt";
  const std::string now = imported.warnings + '\n' + imported.text;
  if (std::getenv("NINES_GOLDEN") != nullptr) std::ofstream(path) << now;
  EXPECT_EQ(text_of(path), now);
}

}  // namespace helm_test
}  // namespace nines::scenarios
