// Incidents and who is let in, as a scenario says them.
#include <gtest/gtest.h>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace incidents_test {

const std::string begin = R"(
apiVersion: nines/v1
kind: Scenario
metadata: {name: x}
topology:
  regions: [{name: r, zones: [a, b, c]}]
  nodePools: {pool: {zones: r/*, nodes: 3, type: m6i.large, disk: {type: gp3, size: 10Gi}}}
)";
const std::string zeebe = "cluster: {profile: zeebe-8.9, brokers: 3, partitions: 3, replication: 3, load: {processInstances: 100/s}}\n";

Scenario read(const std::string& text) {
  auto scenario = read_scenario(text, "file.yaml", catalogs());
  EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : lines(scenario.error()));
  return *std::move(scenario);
}

std::string source_of(const Scenario& scenario, const std::string& path) {
  for (const Explanation& one : scenario.explanations)
    if (one.path == path) return one.value + " | " + one.source;
  return "not explained";
}

using Load = workload::Load;
using Limit = workload::RequestLimitOptions;

TEST(Incidents, AListIsAScriptUnderTheClustersLoad) {
  const Scenario s = read(begin + zeebe + "incidents: {dies: [{at: 3min, fault: zone-outage, on: r/b, for: 10min}]}\n");
  ASSERT_EQ(s.incidents.size(), 1u);
  const Incident& incident = s.incidents[0];
  EXPECT_EQ(incident.length, 1040s);  // A third longer than the script, in whole seconds.
  EXPECT_EQ(incident.load.kind, Load::Kind::poisson);
  EXPECT_EQ(incident.load.rates, (std::vector<Load::Step>{{Instant{}, 100}}));
  EXPECT_EQ(incident.load.routing, workload::Routing::free);
  EXPECT_EQ(incident.load.timeout, 15s);
  for (const char* key : {"length", "load.rate", "clients.timeout", "clients.routing", "clients.spacing"})
    EXPECT_NE(source_of(s, std::string("incidents.dies.") + key), "not explained") << key;
}

TEST(Incidents, AShortScriptIsWatchedForTenMinutesAndAppendsAreKeyed) {
  const Scenario s = read(begin +
                          "cluster: {profile: etcd-3.5, brokers: 3, replication: 3, load: {appends: 10/s}}\n"
                          "incidents: {dies: [{at: 1min, fault: stop, on: broker-0, for: 1min}]}\n");
  EXPECT_EQ(s.incidents[0].length, 10min);
  EXPECT_EQ(s.incidents[0].load.routing, workload::Routing::even);
}

TEST(Incidents, AMapSaysHowLongAndUnderWhichLoad) {
  const Scenario s = read(begin + zeebe + R"(incidents:
  burst:
    length: 15min
    load: {steps: [{from: 0s, rate: 100/s}, {from: 2min, rate: 400/s}]}
    clients: {timeout: 10s, routing: even, spacing: spaced}
    script: [{at: 1min, fault: export-stop, on: cluster, for: 5min}, {at: 3min, fault: pause, on: broker-1, for: 3s}]
  loop: {load: {closed: 200, think: 10ms}, script: [{at: 1min, fault: stop, on: broker-1, for: 3min}]}
  recorded: {load: {trace: arrivals.csv}, script: [{at: 1min, fault: stop, on: broker-1, for: 3min}]}
)");
  ASSERT_EQ(s.incidents.size(), 3u);
  const Incident& burst = s.incidents[0];
  EXPECT_EQ(burst.length, 15min);
  EXPECT_EQ(burst.load.kind, Load::Kind::spaced);
  EXPECT_EQ(burst.load.rates, (std::vector<Load::Step>{{Instant{}, 100}, {Instant{2min}, 400}}));
  EXPECT_EQ(burst.load.timeout, 10s);
  EXPECT_EQ(burst.load.routing, workload::Routing::even);
  ASSERT_EQ(burst.export_stops.size(), 1u);
  EXPECT_EQ(burst.export_stops[0].duration, 5min);
  ASSERT_EQ(burst.script.size(), 1u);  // The world knows nothing of exporting.
  EXPECT_EQ(burst.script[0].mode, "pause");
  EXPECT_EQ(s.incidents[1].load.kind, Load::Kind::closed);
  EXPECT_EQ(s.incidents[1].load.outstanding, 200);
  EXPECT_EQ(s.incidents[1].load.think, 10ms);
  EXPECT_EQ(s.incidents[2].load.kind, Load::Kind::trace);
  EXPECT_EQ(s.incidents[2].arrivals, "arrivals.csv");
}

TEST(Incidents, ArrivalsAreSecondsInAnyOrder) {
  Incident incident;
  ASSERT_TRUE(read_arrivals("who,at\nx,2.5\ny,0.000000001\n", "a.csv", incident));
  EXPECT_EQ(incident.load.instants, (std::vector<Instant>{Instant{1ns}, Instant{2500ms}}));
  const auto wrong = read_arrivals("at\n1\n-1\nsoon\n", "a.csv", incident);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().size(), 2u);
  EXPECT_EQ(wrong.error()[0].place.line, 3);
  EXPECT_FALSE(read_arrivals("when\n1\n", "a.csv", incident).has_value());
  EXPECT_FALSE(read_arrivals("at\n", "a.csv", incident).has_value());
}

TEST(FlowControl, IsTheProfilesWithSourcesUnlessTheScenarioSaysOtherwise) {
  const Scenario s = read(begin + zeebe);
  EXPECT_EQ(s.clusters[0].flow.requests.kind, Limit::Kind::aimd);
  EXPECT_EQ(s.clusters[0].flow.requests.target, 200ms);
  EXPECT_EQ(s.clusters[0].flow.writes, workload::WriteLimitOptions{});
  EXPECT_EQ(source_of(s, "cluster.flowControl.requests.aimd.target"), "200ms | Zeebe 8.9 AIMDCfg.java, requestTimeout");
  EXPECT_EQ(source_of(s, "cluster.flowControl.writes").substr(0, 6), "off | ");
  const Scenario etcd = read(begin + "cluster: {profile: etcd-3.5, brokers: 3, replication: 3, load: {appends: 10/s}}\n");
  EXPECT_EQ(etcd.clusters[0].flow.requests.kind, Limit::Kind::off);
}

TEST(FlowControl, IsSetInPartsAndTheRestStaysTheProfiles) {
  const auto flow = [](const std::string& text) {
    return read(begin + zeebe.substr(0, zeebe.size() - 2) + ", flowControl: " + text + "}\n").clusters[0].flow;
  };
  EXPECT_EQ(flow("{requests: off}").requests.kind, Limit::Kind::off);
  EXPECT_EQ(flow("{requests: {fixed: 7}}").requests.fixed, 7);
  EXPECT_EQ(flow("{requests: {aimd: {target: 1s}}}").requests.target, 1s);
  EXPECT_EQ(flow("{requests: {aimd: {target: 1s}}}").requests.most, 1000);
  EXPECT_EQ(flow("{requests: vegas}").requests.vegas_initial, 20);
  EXPECT_EQ(flow("{writes: {limit: 4000/s}}").writes.per_s, 4000);
  EXPECT_EQ(flow("{writes: {limit: 4000/s}}").requests.kind, Limit::Kind::aimd);
  const auto throttled = flow("{writes: {throttling: {acceptableBacklog: 5}}}").writes;
  EXPECT_TRUE(throttled.throttling);
  EXPECT_EQ(throttled.acceptable_backlog, 5);
  EXPECT_EQ(throttled.resolution, 15s);
}

}  // namespace incidents_test
}  // namespace nines::scenarios
