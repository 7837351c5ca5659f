// What a run says of simulated worlds: the part of downtime that a solved quorum term does not replace, and names that `expect:` knows.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/stats/summary.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "tests/support/watched.hpp"

namespace nines::scenarios {
namespace library_test {

world::Options library_world(const std::string& name, const Catalogs& catalogs) {
  const auto file = library_file(name);
  EXPECT_TRUE(file.has_value()) << name;
  auto scenario = read_scenario(file->text, file->name, catalogs);
  EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : render(scenario.error(), file->text));
  return scenario ? to_world(*scenario) : world::Options{};
}

// A partition without a quorum cannot be written: quorum losses lie within outages, so that the three terms add up whatever happened.
TEST(Excess, WithTheQuorumLossesItIsTheDowntimeOfEveryScenarioOfTheLibrary) {
  const auto catalogs = read_catalogs(embedded_files("catalog"));
  ASSERT_TRUE(catalogs.has_value());
  std::vector<std::string> names = library_names();
  if (testing_worlds::watched) names = {"camunda-three-zones", "camunda-two-regions", "etcd-five-nodes"};
  for (const std::string& name : names) {
    const world::Options options = library_world(name, *catalogs);
    analysis::Summary summary(options);
    for (std::uint64_t replication = 0; replication < (testing_worlds::watched ? 2 : 4); ++replication)
      summary.add(world::simulate(options, 1, replication));
    const analysis::Metrics metrics = summary.metrics();
    const auto value = [&](const std::string& metric) { return analysis::find(metrics, metric)->value.value_or(0); };
    for (std::size_t cluster = 0; cluster < options.clusters.size(); ++cluster) {
      const std::string at = options.clusters.size() > 1 ? options.clusters[cluster].name + "." : "";
      const analysis::Summary::Excess excess = summary.excess(cluster);
      ASSERT_TRUE(excess.all.value && excess.mean.value) << name;
      EXPECT_GT(*excess.all.value, 0) << name;
      EXPECT_NEAR(*excess.all.value, 1 - value(at + "uptime.all") - value(at + "quorum_loss.cluster.fraction"), 1e-12) << name;
      EXPECT_NEAR(*excess.mean.value, 1 - value(at + "uptime.mean") - value(at + "quorum_loss.fraction"), 1e-12) << name;
    }
  }
}

// What is printed can be expected, by the name under which it is printed.
TEST(Expect, KnowsEveryMetricThatARunPrints) {
  const auto catalogs = read_catalogs(embedded_files("catalog"));
  ASSERT_TRUE(catalogs.has_value());
  for (const char* name : {"camunda-three-zones", "camunda-two-regions", "etcd-five-nodes"}) {
    const auto file = library_file(name);
    const world::Options options = library_world(name, *catalogs);
    analysis::Summary summary(options);
    summary.add(world::simulate(options, 1, 0));
    for (const analysis::Metric& metric : summary.metrics()) {
      const std::string value = metric.unit == "1" ? "50%" : metric.unit == "s" ? "1s" : "1";
      const auto scenario = read_scenario(file->text, file->name, *catalogs, {{"expect", "[" + metric.name + " >= " + value + "]"}});
      EXPECT_TRUE(scenario.has_value()) << name << ": " << (scenario ? "" : scenario.error().front().what);
    }
  }
}

}  // namespace library_test
}  // namespace nines::scenarios
