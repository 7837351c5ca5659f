#include "scenarios/schema/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "scenarios/schema/resolve.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace scenario_test {

using namespace std::chrono_literals;

Scenario read(const std::string& text, const std::vector<Setting>& settings = {}) {
  auto scenario = read_scenario(text, "file.yaml", catalogs(), settings);
  EXPECT_TRUE(scenario.has_value()) << (scenario ? "" : render(scenario.error(), text));
  return scenario ? *scenario : Scenario{};
}

const Explanation* explanation(const Scenario& scenario, const std::string& path) {
  const auto found = std::find_if(scenario.explanations.begin(), scenario.explanations.end(), [&](const Explanation& one) { return one.path == path; });
  return found == scenario.explanations.end() ? nullptr : &*found;
}

const failure::Mode* mode(const Scenario& scenario, const std::string& name) {
  const auto found = std::find_if(scenario.faults.begin(), scenario.faults.end(), [&](const failure::Mode& one) { return one.name == name; });
  return found == scenario.faults.end() ? nullptr : &*found;
}

TEST(Scenario, DisksFailByModeAndByScript) {
  const Scenario scenario =
      read(three_zones("faults:\n"
                       "  node-replacement: {effect: replace}\n"
                       "  rot: {scope: broker, effect: corrupt, rate: 1/year, duration: 1min}\n"
                       "  tired: {scope: node, effect: slow-disk, extraDelay: 50ms, rate: 1/year, duration: 1h}\n"
                       "script: [{at: 1h, fault: hung-disk, on: broker-0, for: 1min}, {at: 2h, fault: replace, on: brokers-1, for: 1h}]\n"));
  EXPECT_EQ(mode(scenario, "node-replacement")->effect, failure::Effect::replace);
  EXPECT_EQ(mode(scenario, "rot")->effect, failure::Effect::corrupt);
  EXPECT_EQ(mode(scenario, "tired")->effect, failure::Effect::slow_disk);
  EXPECT_EQ(mode(scenario, "tired")->extra_delay, 50ms);
  EXPECT_EQ(explanation(scenario, "faults.tired")->value.substr(0, 19), "slow-disk of a node");
  ASSERT_EQ(scenario.script.size(), 2u);
  EXPECT_EQ(failure::effect_of(scenario.script[0], scenario.faults), failure::Effect::hung_disk);
  EXPECT_EQ(failure::effect_of(scenario.script[1], scenario.faults), failure::Effect::replace);
  EXPECT_EQ(scenario.clusters[0].state_bytes, std::int64_t{1} << 30);
  EXPECT_EQ(explanation(scenario, "cluster.state")->source.substr(0, 10), "assumption");
  EXPECT_EQ(read(three_zones(), {{"cluster.state", "20GiB"}}).clusters[0].state_bytes, std::int64_t{20} << 30);
}

TEST(Scenario, TheSmallestOneHasEverythingElseByDefault) {
  const Scenario scenario = read(three_zones());
  EXPECT_EQ(scenario.metadata.name, "three-zones");
  ASSERT_EQ(scenario.topology.regions.size(), 1u);
  ASSERT_EQ(scenario.topology.regions[0].zones.size(), 3u);
  EXPECT_EQ(scenario.topology.regions[0].zones[2].name, "us-east-1/c");
  ASSERT_EQ(scenario.topology.pools.size(), 1u);
  EXPECT_EQ(scenario.topology.pools[0].zones, (std::vector<std::string>{"us-east-1/a", "us-east-1/b", "us-east-1/c"}));
  EXPECT_EQ(scenario.topology.pools[0].disk.type, "gp3");
  EXPECT_EQ(scenario.topology.pools[0].disk.size_bytes, 32LL << 30);
  ASSERT_EQ(scenario.clusters.size(), 1u);
  const Cluster& cluster = scenario.clusters[0];
  EXPECT_EQ(cluster.name, "cluster");
  EXPECT_EQ(cluster.pools, std::vector<std::string>{"brokers"});
  EXPECT_EQ(cluster.profile.name, "zeebe-8.9");
  EXPECT_EQ(cluster.spread, Spread::zone);
  EXPECT_EQ(cluster.placement, Placement::round_robin);
  EXPECT_EQ(cluster.load.kind, Load::Kind::appends);
  EXPECT_EQ(cluster.load.appends_per_s, 10);
  EXPECT_EQ(cluster.load.bytes, 1024);
  EXPECT_EQ(scenario.simulation.years, 1);
  EXPECT_EQ(scenario.simulation.replications, 1000);
  EXPECT_EQ(scenario.simulation.fidelity, Fidelity::sleep);
  EXPECT_EQ(scenario.simulation.seed, 1u);
  EXPECT_EQ(scenario.catalogs.faults, "public-cloud");
  EXPECT_FALSE(scenario.faults.empty());
  EXPECT_TRUE(scenario.warnings.empty()) << render(scenario.warnings, "");
}

// Every key of the format is read: the words of the design's long example.
TEST(Scenario, EverySectionIsRead) {
  const Scenario scenario = read(text_of(source_tree() / "tests/fuzz/corpus/every_section.yaml"));
  ASSERT_EQ(scenario.clusters.size(), 1u);
  EXPECT_EQ(scenario.clusters[0].name, "orders");
  EXPECT_EQ(scenario.clusters[0].path, "clusters.orders");
  EXPECT_EQ(scenario.clusters[0].profile_name, "camunda-8.9");
  EXPECT_EQ(scenario.clusters[0].profile.name, "zeebe-8.9");
  const auto component = [&](const std::string& name) {
    const auto& all = scenario.clusters[0].components;
    return std::find_if(all.begin(), all.end(), [&](const Component& each) { return each.spec.name == name; });
  };
  EXPECT_EQ(component("optimize"), scenario.clusters[0].components.end());
  ASSERT_NE(component("secondaryStorage"), scenario.clusters[0].components.end());
  EXPECT_EQ(component("secondaryStorage")->spec.replicas, 3);
  EXPECT_EQ(component("secondaryStorage")->kind, "elasticsearch");
  EXPECT_EQ(scenario.topology.regions[0].zones[2].racks, (std::vector<std::string>{"us-east-1/c/r1", "us-east-1/c/r2"}));
  ASSERT_TRUE(scenario.management.has_value());
  EXPECT_EQ(scenario.management->manages, std::vector<std::string>{"orders"});
  ASSERT_TRUE(scenario.operations.has_value());
  EXPECT_EQ(scenario.operations->backup->every, 15min);
  EXPECT_EQ(scenario.operations->downtime_cost_per_h, (cost::Money{5'000'000'000, "USD"}));
  ASSERT_EQ(scenario.incidents.size(), 1u);
  ASSERT_EQ(scenario.incidents[0].script.size(), 1u);
  EXPECT_EQ(scenario.incidents[0].script[0].at, 3min);
  EXPECT_EQ(scenario.incidents[0].script[0].on, std::vector<std::string>{"us-east-1/b"});
  ASSERT_TRUE(scenario.sweep.has_value());
  ASSERT_EQ(scenario.sweep->axes.size(), 2u);
  EXPECT_EQ(scenario.sweep->axes[0].name, "clusters.orders.replication");
  ASSERT_EQ(scenario.sweep->axes[0].size(), 3u);
  EXPECT_EQ(scenario.sweep->axes[0].paths[0].values[2].text, "5");
  EXPECT_EQ(scenario.sweep->where.text, "replication <= brokers");
  ASSERT_EQ(scenario.expect.size(), 3u);
  EXPECT_EQ(scenario.expect[0].comparison, Expectation::Comparison::at_least);
  EXPECT_DOUBLE_EQ(scenario.expect[0].value, 0.9995);
  EXPECT_EQ(scenario.expect[1].comparison, Expectation::Comparison::at_most);
  EXPECT_EQ(scenario.expect[1].value, 10);
  EXPECT_EQ(scenario.expect[2].currency, "USD");
}

// What is read and changes nothing is said, never passed over; of the sections there is none left.
TEST(Scenario, EverySectionHasAnEffect) {
  for (const auto& warning : read(text_of(source_tree() / "tests/fuzz/corpus/every_section.yaml")).warnings)
    EXPECT_EQ(warning.what.find("has no effect yet"), std::string::npos) << warning.what;
}

TEST(Scenario, TheStepsBackToABackupFollowFromTheSizeOfTheState) {
  const Scenario plain = read(three_zones("operations: {backup: {every: 15min}}\n"));
  const Backup& backup = *plain.operations->backup;
  EXPECT_EQ(backup.every, 15min);
  EXPECT_EQ(backup.takes, 1min);
  EXPECT_EQ(backup.detection, Law::fixed(5min));
  EXPECT_EQ(backup.decision, Law::fixed(5min));
  EXPECT_EQ(backup.start, Law::fixed(172s));
  EXPECT_FALSE(backup.download.has_value());
  EXPECT_EQ(download_of(backup, 10.0 * (1 << 30)), Law::fixed(129s));
  const Scenario given = read(three_zones("operations: {backup: {every: 15min, takes: 0s, download: {lognormal: {median: 10min, sigma: 1}}}}\n"));
  EXPECT_EQ(given.operations->backup->takes, 0s);
  EXPECT_EQ(download_of(*given.operations->backup, 1), Law::lognormal(10min, 1));
}

TEST(Scenario, CostsWithoutPricesAreWarnedOf) {
  const std::string costs = "operations: {platform: vm, downtimeCost: 5 USD/h}\ncosts: {licence: 5 USD/year}\n";
  std::string said;
  for (const auto& warning : read(three_zones(costs)).warnings) said += warning.what + '\n';
  for (const char* path : {"'costs'", "'operations.platform'", "'operations.downtimeCost'"})
    EXPECT_NE(said.find(std::string(path) + " has no effect without prices"), std::string::npos) << said;
  EXPECT_TRUE(read(three_zones("catalogs: {prices: aws}\n" + costs)).warnings.empty());
}

TEST(Scenario, CostsAreRead) {
  const Scenario scenario =
      read(three_zones("catalogs: {prices: aws}\n"
                       "costs:\n"
                       "  purchase: reserved-1y\n"
                       "  currency: EUR\n"
                       "  exchange: {USD: {rate: 0.92, date: 2026-07-01, source: a bank}}\n"
                       "  kubernetesFee: false\n"
                       "  pools: {brokers: {purchase: spot}}\n"
                       "  services: {nat-gateway: 3, aurora-serverless-acu: 0.5}\n"
                       "  secondaryStorage: {nodes: 3, type: r6i.xlarge, disk: {type: gp3, size: 256Gi, iops: 4000/s, throughput: 250MB/s}}\n"
                       "  backups: {size: 100Gi, kept: 7, requests: 1000}\n"
                       "  licence: 12000 USD/year\n"
                       "  staff: {engineers: 1.5, salary: 8000 EUR/month, onCallShare: 10%}\n"
                       "  traffic: {log: 1MB/s, exporter: 2MB/s, snapshots: 1kB/s}\n"));
  const Costs& costs = scenario.costs;
  ASSERT_NE(scenario.prices, nullptr);
  EXPECT_EQ(scenario.prices->name, "aws");
  EXPECT_EQ(costs.purchase, cost::Purchase::reserved_1y);
  EXPECT_EQ(costs.currency, "EUR");
  ASSERT_EQ(costs.exchanges.size(), 1u);
  EXPECT_EQ(costs.exchanges[0].from, "USD");
  EXPECT_EQ(costs.exchanges[0].rate.millionths, 920'000);
  EXPECT_EQ(costs.exchanges[0].date, (cost::Date{2026, 7, 1}));
  EXPECT_FALSE(costs.kubernetes_fee);
  ASSERT_EQ(costs.pools.size(), 1u);
  EXPECT_EQ(costs.pools[0].purchase, cost::Purchase::spot);
  ASSERT_EQ(costs.services.size(), 2u);
  EXPECT_EQ(costs.services[1].count.millionths, 500'000);
  ASSERT_TRUE(costs.secondary_storage.has_value());
  EXPECT_EQ(costs.secondary_storage->type, "r6i.xlarge");
  EXPECT_EQ(costs.secondary_storage->disk_bytes, std::int64_t{256} << 30);
  EXPECT_EQ(costs.secondary_storage->speed.iops, 4000);
  EXPECT_EQ(costs.secondary_storage->speed.bytes_per_s, 250e6);
  EXPECT_EQ(costs.secondary_storage->replicas, 1);
  EXPECT_EQ(costs.backups->kept, 7);
  EXPECT_EQ(costs.licence->months, 12);
  EXPECT_EQ(costs.licence->money, (cost::Money{12'000'000'000, "USD"}));
  EXPECT_EQ(costs.staff->engineers->millionths, 1'500'000);
  EXPECT_EQ(costs.staff->per_year, (cost::Money{96'000'000'000, "EUR"}));
  EXPECT_EQ(costs.staff->on_call_share.millionths, 100'000);
  EXPECT_EQ(costs.traffic.log, 1e6);
  EXPECT_FALSE(costs.traffic.clients.has_value());
  EXPECT_EQ(costs.traffic.snapshots, 1e3);
  EXPECT_FALSE(read(three_zones()).costs.staff.has_value());
  EXPECT_FALSE(read(three_zones("costs: {staff: off}\n")).costs.staff.has_value());
  EXPECT_TRUE(read(three_zones("costs: {staff: {}}\n")).costs.staff.has_value());
}

TEST(Scenario, FaultsLawsAndPlacementsOfOnesOwnAreRead) {
  const Scenario scenario = read(text_of(source_tree() / "tests/fuzz/corpus/own_faults_and_laws.yaml"));
  ASSERT_EQ(scenario.faults.size(), 5u);  // catalogs.faults is none.
  const failure::Mode& stop = *mode(scenario, "own-stop");
  EXPECT_EQ(stop.scope, failure::Scope::node);
  EXPECT_EQ(stop.up_time.kind, Law::Kind::weibull);
  EXPECT_NEAR(stop.up_time.mean_s(), seconds(year) / 2, 1);
  EXPECT_EQ(stop.duration.maximum, 9 * 24h);
  EXPECT_NEAR(stop.rate_per_year.high, 9, 1e-9);
  EXPECT_EQ(stop.source, "the scenario");
  EXPECT_EQ(mode(scenario, "own-slow")->up_time.kind, Law::Kind::fixed);
  EXPECT_EQ(mode(scenario, "own-slow")->extra_delay, 50ms);
  EXPECT_EQ(mode(scenario, "own-slow")->duration.kind, Law::Kind::pareto);
  EXPECT_EQ(mode(scenario, "own-loss")->loss, 0.15);
  EXPECT_EQ(mode(scenario, "own-loss")->up_time.kind, Law::Kind::exponential);
  EXPECT_EQ(mode(scenario, "own-pause")->up_time.kind, Law::Kind::gamma);
  EXPECT_EQ(mode(scenario, "own-cut")->effect, failure::Effect::cut_out);
  ASSERT_EQ(scenario.clusters.size(), 2u);
  EXPECT_EQ(scenario.clusters[0].profile.client_timeout, 5s);
  EXPECT_EQ(scenario.clusters[0].profile.pre_vote, raft::PreVote::off);
  EXPECT_EQ(scenario.clusters[0].placement, Placement::fixed);
  EXPECT_EQ(scenario.clusters[0].fixed[1][0].broker, 2);
  EXPECT_EQ(scenario.clusters[1].placement, Placement::zone_aware);
  EXPECT_EQ(scenario.clusters[1].shares[0].zone, "eastus/1a");
  EXPECT_EQ(scenario.clusters[1].shares[2].zone, "westeurope");
  EXPECT_EQ(scenario.clusters[1].load.kind, Load::Kind::none);
  EXPECT_EQ(scenario.topology.pools[0].disk.fsync.kind, Law::Kind::gamma);
  EXPECT_EQ(scenario.topology.pools[0].disk.size_bytes, 32'000'000'000);
  ASSERT_EQ(scenario.script.size(), 2u);
  EXPECT_EQ(scenario.script[0].on, (std::vector<std::string>{"a/0", "a/1"}));
  EXPECT_EQ(scenario.simulation.fidelity, Fidelity::full);
}

TEST(Scenario, EveryLawOfADurationCanBeWritten) {
  const auto duration = [&](const std::string& law) {
    return mode(read(three_zones("faults: {zone-outage: {duration: " + law + "}}\n")), "zone-outage")->duration;
  };
  EXPECT_EQ(duration("10min"), Law::fixed(10min));
  EXPECT_EQ(duration("{fixed: 10min}"), Law::fixed(10min));
  EXPECT_EQ(duration("{exponential: {mean: 15min}}"), Law::exponential(15min));
  EXPECT_EQ(duration("{lognormal: {median: 2.5h, sigma: 1.2}}"), Law::lognormal(150min, 1.2));
  EXPECT_EQ(duration("{lognormal: {mean: 1h, p99: 5h}}"), Law::lognormal_with_mean_and_p99(1h, 5h));
  EXPECT_EQ(duration("{weibull: {scale: 1h, shape: 0.7}}"), Law::weibull(1h, 0.7));
  EXPECT_EQ(duration("{weibull: {mean: 1h, shape: 0.7}}"), Law::weibull_with_mean(1h, 0.7));
  EXPECT_EQ(duration("{uniform: {low: 1s, high: 10s}}"), Law::uniform(1s, 10s));
  EXPECT_EQ(duration("{gamma: {mean: 1h, shape: 2}}"), Law::gamma(1h, 2));
  EXPECT_EQ(duration("{pareto: {least: 1min, tail: 1.5}}"), Law::pareto(1min, 1.5));
  EXPECT_EQ(duration("{exponential: {mean: 15min}, max: 1h}"), Law::exponential(15min).truncated(Duration{0}, 1h));
  EXPECT_EQ(duration("{exponential: {mean: 15min}, min: 1min}"), Law::exponential(15min).truncated(1min, Duration::max()));
}

TEST(Scenario, AModeOfTheCatalogueKeepsWhatTheScenarioDoesNotSay) {
  const Scenario scenario = read(three_zones("faults:\n  zone-outage: {rate: 1/year}\n  rolling-upgrade: {rate: 6/year}\n  region-outage: off\n"));
  const failure::Mode& outage = *mode(scenario, "zone-outage");
  EXPECT_EQ(outage.up_time.kind, Law::Kind::exponential);
  EXPECT_NEAR(outage.up_time.mean_s(), seconds(year), 1e-6);
  EXPECT_EQ(outage.duration, Law::lognormal(150min, 1.2));
  EXPECT_NE(outage.source.find("AWS"), std::string::npos);
  EXPECT_EQ(mode(scenario, "rolling-upgrade")->up_time.kind, Law::Kind::fixed);  // Still regular.
  EXPECT_EQ(mode(scenario, "region-outage"), nullptr);
}

TEST(Scenario, AFaultMayGrowAndADurationMayBeUncertain) {
  const Scenario scenario =
      read(three_zones("faults:\n"
                       "  zone-outage: {escalates: {probability: {low: 0%, base: 10%, high: 30%}}}\n"
                       "  broker-crash: {durationRange: {low: 0.25, high: 8}, escalates: {to: cluster, probability: 3%}}\n"
                       "  region-outage: {duration: 1h}\n"));
  const failure::Mode& outage = *mode(scenario, "zone-outage");
  EXPECT_EQ(outage.escalation->to, failure::Scope::region) << "the catalogue's";
  EXPECT_EQ(outage.escalation->probability, 0.1);
  EXPECT_EQ(outage.escalation->range.low, 0);
  EXPECT_EQ(outage.escalation->range.high, 0.3);
  EXPECT_EQ(outage.duration_factor.high, 3);
  const failure::Mode& crash = *mode(scenario, "broker-crash");
  EXPECT_EQ(crash.duration_factor.low, 0.25);
  EXPECT_EQ(crash.duration_factor.high, 8);
  EXPECT_EQ(crash.escalation->to, failure::Scope::cluster);
  EXPECT_EQ(crash.escalation->range.low, 0.03);
  EXPECT_EQ(mode(scenario, "region-outage")->duration_factor.high, 1) << "who gives a duration knows it";
  EXPECT_FALSE(mode(read(three_zones("faults: {zone-outage: {escalates: off}}\n")), "zone-outage")->escalation);
}

TEST(Scenario, AFaultMayWaitForPeopleAndForHands) {
  const Scenario scenario =
      read(three_zones("catalogs: {faults: none}\n"
                       "operations: {coverage: 8x5}\n"
                       "faults:\n"
                       "  server: {scope: node, effect: stop, rate: 1/year, duration: 1h, repair: people}\n"
                       "  switch: {scope: zone, effect: cut, rate: 1/year, duration: 1h, repair: {crews: 2}}\n"
                       "  cable: {scope: zone, effect: cut, rate: 1/year, duration: 1h, repair: {by: people, crews: 2, crew: switch}}\n"
                       "  blip: {scope: node, effect: stop, rate: 1/year, duration: 1s, repair: itself}\n"));
  EXPECT_EQ(mode(scenario, "server")->repair, (failure::Repair{.people = true, .shift = {}, .crew = "", .crews = 0}));
  EXPECT_EQ(mode(scenario, "switch")->repair, (failure::Repair{.people = false, .shift = {}, .crew = "switch", .crews = 2}));
  EXPECT_EQ(mode(scenario, "cable")->repair, (failure::Repair{.people = true, .shift = {}, .crew = "switch", .crews = 2}));
  EXPECT_EQ(mode(scenario, "blip")->repair, failure::Repair{});
  EXPECT_TRUE(scenario.warnings.empty());
  const Scenario again =
      read(three_zones("catalogs: {faults: on-prem}\nfaults: {disk-loss: {repair: itself}, node-hardware: {repair: {crews: 2}}}\n"));
  EXPECT_EQ(mode(again, "disk-loss")->repair, failure::Repair{});
  EXPECT_EQ(mode(again, "node-hardware")->repair, (failure::Repair{.people = true, .shift = {}, .crew = "node-hardware", .crews = 2}));
  const Scenario shelf = read(three_zones(
      "catalogs: {faults: on-prem}\nfaults: {disk-loss: {repair: {spares: 2, delivery: 10days}}, node-hardware: {repair: {delivery: 3days}}}\n"));
  EXPECT_EQ(mode(shelf, "disk-loss")->repair,
            (failure::Repair{.people = true, .shift = {}, .crew = "", .crews = 0, .parts = failure::Parts{2, Law::fixed(240h)}}));
  EXPECT_EQ(mode(shelf, "node-hardware")->repair.parts, (failure::Parts{0, Law::fixed(72h)}));
  EXPECT_NE(mode_text(*mode(shelf, "disk-loss")).find("repaired by people, 2 spares on the shelf and another in"), std::string::npos);
  const Scenario nobody = read(three_zones("operations: {coverage: 8x5}\n"));
  ASSERT_EQ(nobody.warnings.size(), 1u);
  EXPECT_EQ(
      nobody.warnings[0].what,
      "nothing waits for these hours; 'repair: people' in a fault says that somebody has to come, and failover and backup need somebody who decides");
}

TEST(Scenario, ArrivalsMayChangeWithoutTheRate) {
  const Scenario scenario = read(three_zones("faults: {zone-outage: {arrival: {weibull: {shape: 0.7}}}}\n"));
  const Law& law = mode(scenario, "zone-outage")->up_time;
  EXPECT_EQ(law.kind, Law::Kind::weibull);
  EXPECT_NEAR(law.mean_s() / seconds(year), 1 / 0.15, 1e-6);
}

// Waits that the products derive from the election timeout follow it; what the scenario says itself stays.
TEST(Scenario, AChangedElectionTimeoutTakesItsFollowersAlong) {
  raft::Profile zeebe = read(three_zones("  raft: {electionTimeout: 5s}\n")).clusters[0].profile;
  EXPECT_EQ(zeebe.election_timeout, 5s);
  EXPECT_EQ(zeebe.pre_vote_timeout, 5s);
  EXPECT_EQ(zeebe.check_quorum.window, 10s);
  EXPECT_EQ(zeebe.vote_timeout_min, 5s);
  EXPECT_EQ(zeebe.vote_timeout_max, 10s);
  EXPECT_EQ(zeebe.heartbeat, 250ms);
  zeebe = read(three_zones("  raft: {electionTimeout: 5s, checkQuorumWindow: 7s}\n")).clusters[0].profile;
  EXPECT_EQ(zeebe.check_quorum.window, 7s);

  std::string etcd = three_zones("  raft: {electionTimeout: 500ms, heartbeat: 50ms}\n");
  etcd.replace(etcd.find("zeebe-8.9"), 9, "etcd-3.5");
  const Scenario scenario = read(etcd);
  EXPECT_EQ(scenario.clusters[0].profile.tick, 50ms);
  EXPECT_EQ(scenario.clusters[0].profile.election_timeout_max, 950ms);
  EXPECT_EQ(scenario.clusters[0].profile.check_quorum.window, 500ms);
  EXPECT_EQ(explanation(scenario, "cluster.raft.tick")->value, "0.05s");
  EXPECT_EQ(explanation(scenario, "cluster.raft.tick")->source.substr(0, 36), "follows heartbeat or electionTimeout");
}

Scenario with_profile(const std::string& profile, const std::string& raft) {
  std::string text = three_zones("  raft: {" + raft + "}\n");
  text.replace(text.find("zeebe-8.9"), 9, profile);
  return read(text);
}

// Consul multiplies all of its waits by raft_multiplier; a lease never outlasts what voters keep to.
TEST(Scenario, ALeaseFollowsTheElectionTimeoutAndStaysBelowIt) {
  EXPECT_EQ(with_profile("consul-1", "electionTimeout: 2s, heartbeat: 300ms").clusters[0].profile.lease, 1s);
  EXPECT_EQ(with_profile("tikv", "electionTimeout: 5s").clusters[0].profile.lease, 4s);
  EXPECT_EQ(with_profile("tikv", "electionTimeout: 5s, lease: 3s").clusters[0].profile.lease, 3s);
  EXPECT_EQ(with_profile("tikv", "appendWindow: 8").clusters[0].profile.lease, 9s);
}

TEST(Scenario, RulesThatTheWorldDoesNotSimulateYetAreWarnedOf) {
  const Scenario scenario = with_profile("tikv", "quiesceAfter: 20s, reads: heartbeat, lease: 0, appendWindow: 8");
  ASSERT_EQ(scenario.warnings.size(), 2u);
  EXPECT_EQ(scenario.warnings[0].what, "'reads' has no effect yet");
  EXPECT_EQ(scenario.warnings[1].what, "'lease' has no effect yet");
  EXPECT_EQ(scenario.clusters[0].profile.quiesce_after, 20s);
  EXPECT_TRUE(with_profile("kafka-kraft-4", "replication: push").warnings.empty());
  EXPECT_EQ(explanation(scenario, "cluster.raft.leaderGoneAfter")->value, "6s");
}

// What a scenario can say about each rule of a profile.
TEST(Scenario, EveryRuleOfAProfileCanBeOverridden) {
  const raft::Profile p =
      with_profile(
          "zeebe-8.9",
          "heartbeatChecksLog: false, matchMayFall: false, leaderGrantsPreVotes: true, answersStaleVotes: false, answersStaleLeaders: false, "
          "candidateYields: false, "
          "announceCommit: true, transferOnStop: true, transferTimeout: 3s, rebalance: transfer, "
          "membership: single, configurationCounts: applied, snapshotPeriod: 0, snapshotEntries: 1000, snapshotKeep: 10, snapshotPrefer: 20, "
          "snapshotOnDemand: true, snapshotChunk: 1MiB, snapshotTimeout: 4s, reads: lease, lease: 2s, voteLease: ignore, hungDiskStopsHeartbeats: "
          "false, leaderGoneAfter: 6s, flushDelay: 30s")
          .clusters[0]
          .profile;
  EXPECT_FALSE(p.match_may_fall || p.heartbeat_checks_log || p.candidate_yields || p.hung_disk_stops_heartbeats || p.answers_stale_votes || p.answers_stale_leaders);
  EXPECT_TRUE(p.announce_commit && p.transfer_on_stop && p.snapshots.on_demand && p.leader_grants_pre_votes);
  EXPECT_EQ(with_profile("zeebe-8.9", "replication: pull").clusters[0].profile.replication, raft::Replication::pull);
  EXPECT_EQ(p.transfer_timeout, 3s);
  EXPECT_EQ(p.rebalance, raft::Rebalance::transfer);
  EXPECT_EQ(p.membership, raft::Membership::single);
  EXPECT_EQ(p.configuration_counts, raft::ConfigurationCounts::applied);
  EXPECT_EQ(p.snapshots.period, 0s);
  EXPECT_EQ(p.snapshots.entries, 1000u);
  EXPECT_EQ(p.snapshots.keep, 10u);
  EXPECT_EQ(p.snapshots.prefer, 20u);
  EXPECT_EQ(p.snapshots.chunk_bytes, 1 << 20);
  EXPECT_EQ(p.snapshots.timeout, 4s);
  EXPECT_EQ(p.reads, raft::Reads::lease);
  EXPECT_EQ(p.lease, 2s);
  EXPECT_EQ(p.leader_gone_after, 6s);
  EXPECT_EQ(p.flush.delay, 30s);
}

// Zeebe does without stepping down once it has no priorities (RaftPartition.java, shouldStepDown): that is no contradiction.
TEST(Scenario, PrioritiesCanBeTurnedOffAlone) {
  const Scenario alone = with_profile("zeebe-8.9", "priorityElection: false");
  EXPECT_FALSE(alone.clusters[0].profile.priority_election);
  ASSERT_EQ(alone.warnings.size(), 1u);
  EXPECT_EQ(alone.warnings[0].what.substr(0, 56), "a fixed wait without priorities: all time out at once; Z");
  EXPECT_TRUE(with_profile("zeebe-8.9", "priorityElection: false, timeoutLaw: uniform, electionTimeoutMax: 5s").warnings.empty());
}

TEST(Scenario, TwoRegionsAlternateAndTheirDistanceComesFromTheCatalogue) {
  const Scenario scenario = read(text_of(source_tree() / "scenarios/library/camunda-two-regions.yaml"));
  EXPECT_EQ(scenario.clusters[0].replication, 4);
  EXPECT_TRUE(scenario.warnings.empty());  // Four replicas over two regions are what Camunda recommends.
  ASSERT_EQ(scenario.topology.between.size(), 1u);
  const topology::LinkLaw& link = scenario.topology.between[0].law;
  EXPECT_EQ(link.minimum + link.jitter_median, 4500us);  // Half of 9 ms.
  EXPECT_GT(link.maximum, link.minimum + link.jitter_median);
}

TEST(Scenario, ADistanceOfTheScenarioReplacesTheCatalogues) {
  std::string text = text_of(source_tree() / "scenarios/library/camunda-two-regions.yaml");
  text.insert(text.find("  nodePools:"), "  distances: [{between: [eu-west-3, eu-west-2], rtt: {p50: 20ms}}]\n");
  const Scenario scenario = read(text);
  ASSERT_EQ(scenario.topology.between.size(), 1u);
  EXPECT_EQ(scenario.topology.between[0].law.minimum, 10ms);
  EXPECT_EQ(scenario.topology.between[0].law.maximum, 10ms);
}

TEST(Scenario, RegionsThatTheCatalogueDoesNotKnowAreWarnedOf) {
  std::string text = three_zones();
  text.replace(text.find("[{name: us-east-1, zones: [a, b, c]}]"), 37, "[{name: us-east-1, zones: [a, b, c]}, {name: mars, zones: [a]}]");
  const Scenario scenario = read(text);
  ASSERT_EQ(scenario.warnings.size(), 1u);
  EXPECT_EQ(scenario.warnings[0].what,
            "the catalogue 'aws' does not know the distance between us-east-1 and mars; taken for p50 150ms, p99 159ms, max 240ms, say it under "
            "topology.distances");
}

// The percentiles of a round trip are those of its two halves together only in order of magnitude; each half keeps median and p99 at half the value.
TEST(Scenario, AOneWayDelayHasHalfOfEachPercentile) {
  const topology::LinkLaw law = one_way({.p50 = 2ms, .p99 = 4ms, .max = 22ms, .loss = 0.01, .bandwidth_bytes_per_s = 1e9}, 0.6);
  EXPECT_EQ(law.minimum, 600us);
  EXPECT_EQ(law.jitter_median, 400us);
  EXPECT_NEAR(seconds(law.minimum) + seconds(law.jitter_median) * std::exp(2.3263478740 * law.jitter_sigma), 2e-3, 1e-9);
  EXPECT_EQ(law.maximum, 11ms);
  EXPECT_EQ(law.loss, 0.01);
  EXPECT_EQ(law.bandwidth_bytes_per_s, 1e9);
}

TEST(Scenario, AnFsyncLawWithoutAMaximumGetsOne) {
  std::string text = three_zones();
  text.replace(text.find("nodes: 3}"), 9, "nodes: 3, disk: {type: tape, fsync: {exponential: {mean: 10ms}}}}");
  const Scenario scenario = read(text);
  EXPECT_NEAR(seconds(scenario.topology.pools[0].disk.fsync.maximum), 10 * 0.01 * std::log(100), 1e-9);
  ASSERT_NE(explanation(scenario, "topology.nodePools.brokers.disk.fsync.max"), nullptr);
  text.replace(text.find("{exponential: {mean: 10ms}}"), 27, "3ms");
  EXPECT_EQ(read(text).topology.pools[0].disk.fsync.maximum, 3ms);
}

TEST(Scenario, ProcessInstancesBecomeAppends) {
  std::string text = three_zones();
  text.replace(text.find("{appends: 10/s, size: 1KiB}"), 27, "{processInstances: 100/s}");
  const Scenario scenario = read(text);
  EXPECT_EQ(scenario.clusters[0].load.appends_per_s, 600);
  EXPECT_EQ(scenario.clusters[0].load.bytes, 1707);  // 20 records of 512 bytes in 6 appends.
  EXPECT_EQ(explanation(scenario, "cluster.load.recordsPerInstance")->value, "20");
  EXPECT_EQ(explanation(scenario, "cluster.load.appendsPerInstance")->value, "6");
  text.replace(text.find("{processInstances: 100/s}"), 25, "{processInstances: 100/s, recordsPerInstance: 40, appendsPerInstance: 10, payload: 100B}");
  const Load load = read(text).clusters[0].load;
  EXPECT_EQ(load.appends_per_s, 1000);
  EXPECT_EQ(load.bytes, 400);
}

TEST(Scenario, WhatIsProbablyNotMeantIsWarnedOf) {
  const auto warning = [](const std::string& what, const std::string& with, const std::string& more = "") {
    std::string text = three_zones(more);
    if (!what.empty()) text.replace(text.find(what), what.size(), with);
    const Scenario scenario = read(text);
    return scenario.warnings.empty() ? std::string("none") : scenario.warnings[0].what;
  };
  EXPECT_EQ(warning("", ""), "none");
  EXPECT_EQ(warning("replication: 3", "replication: 2"), "2 replicas stand the loss of 0, as 1 would; an odd number costs less");
  EXPECT_EQ(warning("brokers: 3\n", "brokers: 6\n"), "6 brokers share 3 nodes; one node's loss takes several");
  EXPECT_EQ(warning("nodes: 3", "nodes: 2"), "2 nodes for 3 zones; some zones stay empty");
  EXPECT_EQ(warning("  load: {appends: 10/s, size: 1KiB}\n", ""),
            "no load: a cluster that carries nothing elects a little otherwise; write 'load: none' if that is meant");
  EXPECT_EQ(warning("  load: {appends: 10/s, size: 1KiB}\n", "  load: none\n"), "none");
  const std::string shares =
      "  placement: {zoneAware: [{zone: us-east-1/a, replicas: 1, priority: 3}, {zone: us-east-1/b, replicas: 1, priority: 2}, {zone: us-east-1/c, "
      "replicas: 1, priority: 1}]}\n";
  EXPECT_EQ(warning("", "", shares), "zone-aware placement came with Camunda 8.10; zeebe-8.9 would not place so");
  EXPECT_EQ(warning("zeebe-8.9", "etcd-3.5", shares), "none");
  EXPECT_EQ(warning("", "", "script: [{at: 2years, fault: stop, on: broker-0, for: 1h}]\n"), "this is after the end of the run");
  EXPECT_EQ(
      warning("partitions: 3", "partitions: 1",
              "  placement: {fixed: [{partition: 1, replicas: [{broker: 0, priority: 2}, {broker: 1, priority: 2}, {broker: 2, priority: 1}]}]}\n"),
      "no primary: the highest priority is there twice");
}

TEST(Scenario, BrokersOfAZoneAreCountedAsTheyAreSpread) {
  // Six nodes, two a zone. Spread by node, brokers 0 and 1 stand in zone a; spread by zone, 0 and 3 do.
  const auto share_of_a = [](const std::string& spread, int replicas) {
    std::string text = three_zones("  spread: " + spread + "\n  placement: {zoneAware: [{zone: us-east-1/a, replicas: " + std::to_string(replicas) +
                                   ", priority: 3}]}\n");
    text.replace(text.find("nodes: 3"), 8, "nodes: 6");
    text.replace(text.find("replication: 3"), 14, "replication: " + std::to_string(replicas));
    const auto scenario = read_scenario(text, "file.yaml", catalogs());
    return scenario ? std::string("fits") : scenario.error()[0].what;
  };
  EXPECT_EQ(share_of_a("zone", 1), "fits");
  EXPECT_EQ(share_of_a("zone", 2), "2 replicas of a partition need as many brokers; us-east-1/a has 1");
  EXPECT_EQ(share_of_a("node", 2), "fits");
  EXPECT_EQ(share_of_a("node", 3), "3 replicas of a partition need as many brokers; us-east-1/a has 2");
  EXPECT_EQ(share_of_a("none", 3), "fits");
}

TEST(Scenario, NamesInAScriptAreSpelledAsTheWorldSpellsThem) {
  const Scenario scenario =
      read(three_zones("script:\n"
                       "  - {at: 1h, fault: stop, on: broker-2, for: 1h}\n"
                       "  - {at: 2h, fault: node-loss, on: brokers-1, for: 1h}\n"
                       "  - {at: 3h, fault: cut, on: [us-east-1/a, us-east-1/b], for: 1h}\n"
                       "  - {at: 4h, fault: zone-partition, on: [us-east-1/a, us-east-1/b], for: 1h}\n"
                       "  - {at: 5h, fault: region-outage, on: us-east-1, for: 1h}\n"
                       "  - {at: 6h, fault: operator-error, on: cluster, for: 1h}\n"
                       "  - {at: 7h, fault: cut-out, on: cluster/1, for: 1h}\n"));
  ASSERT_EQ(scenario.script.size(), 7u);
  EXPECT_EQ(scenario.script[0].on, std::vector<std::string>{"cluster/2"});
  EXPECT_EQ(scenario.script[1].on, std::vector<std::string>{"brokers-1"});
  EXPECT_EQ(scenario.script[3].on, (std::vector<std::string>{"us-east-1/a", "us-east-1/b"}));
  EXPECT_EQ(scenario.script[6].on, std::vector<std::string>{"cluster/1"});
}

// The world looks a mode up by name; one that is switched off would be taken for a stop.
TEST(Scenario, AScriptMayUseTheEffectOfAModeThatIsOff) {
  const Scenario scenario = read(three_zones("faults: {vm-pause: off}\nscript: [{at: 1h, fault: vm-pause, on: brokers-0, for: 5s}]\n"));
  EXPECT_EQ(scenario.script[0].mode, "pause");
}

TEST(Scenario, MetricsOfOneClusterAmongSeveralAreExpectedByItsName) {
  std::string text = three_zones();
  text = text.substr(0, text.find("cluster:")) +
         "clusters:\n  orders: {profile: zeebe-8.9, brokers: 3, replication: 3, load: none}\n  config: {profile: etcd-3.5, brokers: 3, replication: "
         "3, load: none}\n"
         "expect: [orders.uptime.all > 99%, client.us-east-1/a.uptime >= 99%, throughput.healthy >= 100/s, nines < 9, "
         "config.downtime.share.zone-outage <= 0.5]\n";
  const Scenario scenario = read(text);
  ASSERT_EQ(scenario.expect.size(), 5u);
  EXPECT_EQ(scenario.expect[0].metric, "orders.uptime.all");
  EXPECT_EQ(scenario.expect[0].comparison, Expectation::Comparison::greater);
  EXPECT_EQ(scenario.expect[2].value, 100);
  EXPECT_EQ(scenario.expect[3].comparison, Expectation::Comparison::less);
}

TEST(Scenario, EveryValueSaysWhereItComesFrom) {
  const Scenario scenario = read(three_zones());
  for (const auto& one : scenario.explanations) {
    EXPECT_FALSE(one.value.empty()) << one.path;
    EXPECT_FALSE(one.source.empty()) << one.path;
  }
  EXPECT_EQ(explanation(scenario, "cluster.replication")->source, "file.yaml:11");
  EXPECT_EQ(explanation(scenario, "cluster.replication")->value, "3");
  EXPECT_EQ(explanation(scenario, "cluster.raft.heartbeat")->value, "250ms");
  EXPECT_NE(explanation(scenario, "cluster.raft.heartbeat")->source.find("RaftPartitionConfig.java"), std::string::npos);
  EXPECT_EQ(explanation(scenario, "topology.nodePools.brokers.disk.size")->source, "Camunda Helm chart 8.9 pvcSize");
  EXPECT_NE(explanation(scenario, "faults.zone-outage"), nullptr);
  EXPECT_EQ(scenario.place_of("cluster.replication").line, 11);
  EXPECT_EQ(scenario.place_of("cluster.replication").column, 16);
  EXPECT_EQ(scenario.place_of("cluster.spread").line, 0);
}

TEST(Scenario, NothingIsExplainedTwice) {
  const Scenario scenario = read(text_of(source_tree() / "tests/fuzz/corpus/own_faults_and_laws.yaml"));
  std::vector<std::string> paths;
  for (const auto& one : scenario.explanations)
    if (one.path.rfind("faults.own-", 0) != 0 && one.path.rfind("topology.distances.", 0) != 0) paths.push_back(one.path);
  std::sort(paths.begin(), paths.end());
  EXPECT_EQ(std::adjacent_find(paths.begin(), paths.end()), paths.end()) << *std::adjacent_find(paths.begin(), paths.end());
}

}  // namespace scenario_test
}  // namespace nines::scenarios
