// What `nines incident` makes of a world's history, and that no command is lost on the way.
#include "scenarios/run/incident.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/run/incident_changes.hpp"
#include "scenarios/run/incident_facts.hpp"
#include "scenarios/run/incident_picture.hpp"
#include "scenarios/run/incident_report.hpp"
#include "scenarios/run/resources.hpp"
#include "tests/scenarios/run/library.hpp"

namespace nines::scenarios {
namespace incident_test {

using Kind = workload::Change::Kind;
using What = world::BrokerChange::What;

Instant at(Duration time) { return Instant{} + time; }

Incident script(std::vector<failure::ScriptedFault> faults, const Scenario& scenario, Duration length = 60s) {
  Incident incident;
  incident.name = "test";
  incident.script = std::move(faults);
  incident.length = length;
  incident.load = default_load(scenario.clusters[0]);
  return incident;
}

// Three brokers in three zones; broker 0 leads partition 0 and so on. Nothing has happened yet.
struct History {
  Scenario scenario = library("camunda-three-zones");
  Incident incident;
  world::Record record;
  explicit History(std::vector<failure::ScriptedFault> faults) : incident(script(std::move(faults), scenario)) {
    record.horizon = incident.length;
    for (std::size_t p = 0; p < 3; ++p) record.leaderships.push_back({PartitionId{p}, Instant{}, BrokerId{p}});
  }
  std::vector<workload::Change> changes() const { return changes_of(scenario, incident, world_of(scenario, incident), record); }
};

TEST(IncidentChanges, AZoneThatIsLostTellsNobodyAndItsPartitionIsServedByTheNextLeader) {
  History h({{.at = 10s, .mode = "zone-outage", .on = {"us-east-1/a"}, .duration = 20s}});
  h.record.broker_changes = {{at(10s), BrokerId{0u}, What::stopped}, {at(30s), BrokerId{0u}, What::started}};
  h.record.outages = {{.partition = PartitionId{0u}, .start = at(10s), .end = at(13s)}};
  h.record.leaderships.insert(h.record.leaderships.begin() + 1, {PartitionId{0u}, at(13s), BrokerId{1u}});
  EXPECT_EQ(h.changes(), (std::vector<workload::Change>{
                             {at(10s), Kind::broker_vanishes, 0, 0, 0}, {at(13s), Kind::leader_serves, 1, 0, 0}, {at(30s), Kind::broker_returns, 0, 0, 0}}));
}

TEST(IncidentChanges, AProcessThatEndsSaysSo) {
  History h({{.at = 10s, .mode = "stop", .on = {"cluster/0"}, .duration = 20s}});
  h.record.broker_changes = {{at(10s), BrokerId{0u}, What::stopped}, {at(30s), BrokerId{0u}, What::started}};
  h.record.outages = {{.partition = PartitionId{0u}, .start = at(10s), .end = at(12s)}};
  h.record.leaderships.insert(h.record.leaderships.begin() + 1, {PartitionId{0u}, at(12s), BrokerId{2u}});
  EXPECT_EQ(h.changes(), (std::vector<workload::Change>{{at(10s), Kind::broker_stops, 0, 0, 0},
                                                        {at(10s), Kind::leader_lost, 0, 0, 0},
                                                        {at(12s), Kind::leader_serves, 2, 0, 0},
                                                        {at(30s), Kind::broker_returns, 0, 0, 0}}));
}

// Zeebe's SWIM confirms a dead member after eleven seconds; until then gateways send to it.
TEST(IncidentChanges, WithoutAFollowerGatewaysLearnOfALostLeaderByGossip) {
  History h({{.at = 10s, .mode = "stop", .on = {"us-east-1"}, .duration = 40s}});
  for (const std::size_t b : {0u, 1u, 2u}) h.record.broker_changes.push_back({at(10s), BrokerId{b}, What::stopped});
  for (const std::size_t p : {0u, 1u, 2u})
    h.record.outages.push_back({.partition = PartitionId{p}, .start = at(10s), .end = at(60s), .phase = world::Phase::quorum});
  const auto changes = h.changes();
  ASSERT_EQ(changes.size(), 6u);
  for (std::size_t p = 0; p < 3; ++p) EXPECT_EQ(changes[3 + p], (workload::Change{at(21s), Kind::leader_lost, 0, 0, static_cast<std::uint16_t>(p)}));
}

TEST(IncidentChanges, ALeaderWithoutAQuorumLeadsOnForItsCheckQuorumWindow) {
  History h({{.at = 10s, .mode = "cut", .on = {"cluster/0"}, .duration = 20s}});
  for (const std::size_t b : {1u, 2u}) {
    h.record.link_changes.push_back({at(10s), BrokerId{0u}, BrokerId{b}, false});
    h.record.link_changes.push_back({at(10s), BrokerId{b}, BrokerId{0u}, false});
  }
  h.record.outages = {{.partition = PartitionId{0u}, .start = at(10s), .end = at(28s)}};
  h.record.leaderships.insert(h.record.leaderships.begin() + 1, {PartitionId{0u}, at(28s), BrokerId{1u}});
  EXPECT_EQ(h.changes(), (std::vector<workload::Change>{{at(10s), Kind::link_cut, 0, 1, 0},
                                                        {at(10s), Kind::link_cut, 0, 2, 0},
                                                        {at(15s), Kind::leader_lost, 0, 0, 0},
                                                        {at(28s), Kind::leader_serves, 1, 0, 0}}));
}

TEST(IncidentChanges, AShortPauseCostsNoLeader) {
  History h({{.at = 10s, .mode = "pause", .on = {"cluster/0"}, .duration = 1s}});
  h.record.broker_changes = {{at(10s), BrokerId{0u}, What::paused}, {at(11s), BrokerId{0u}, What::resumed}};
  h.record.outages = {{.partition = PartitionId{0u}, .start = at(10s), .end = at(11s), .phase = world::Phase::pause}};
  EXPECT_EQ(h.changes(), (std::vector<workload::Change>{{at(10s), Kind::broker_pauses, 0, 0, 0}, {at(11s), Kind::broker_resumes, 0, 0, 0}}));
}

TEST(IncidentChanges, ASecondaryThatLeadsFromTheStartServesFromTheStart) {
  History h({});
  h.record.leaderships[2].leader = BrokerId{0u};
  EXPECT_EQ(h.changes(), (std::vector<workload::Change>{{at(0s), Kind::leader_serves, 0, 0, 2}}));
}

TEST(IncidentChanges, HungDisksAndStoppedExportsAreTheScripts) {
  History h({{.at = 10s, .mode = "hung-disk", .on = {"us-east-1/b"}, .duration = 5s}, {.at = 12s, .mode = "hung-disk", .on = {"cluster/1"}, .duration = 9s}});
  h.incident.export_stops = {{.at = 20s, .duration = 100s}};
  EXPECT_EQ(h.changes(), (std::vector<workload::Change>{
                             {at(10s), Kind::disk_hangs, 1, 0, 0}, {at(20s), Kind::export_stops, 0, 0, 0}, {at(21s), Kind::disk_recovers, 1, 0, 0}}));  // It resumes after the end.
}

TEST(IncidentChanges, OfSeveralClustersOnlyOneIsMeant) {
  const auto catalogs = read_catalogs(embedded_files("catalog"));
  const auto scenario = read_scenario(R"(apiVersion: nines/v1
kind: Scenario
metadata: {name: two}
topology:
  regions: [{name: r, zones: [a, b, c]}]
  nodePools: {pool: {zones: r/*, nodes: 3, type: m6i.large, disk: {type: gp3, size: 10Gi}}}
clusters:
  first: {profile: zeebe-8.9, brokers: 3, partitions: 2, replication: 3, load: {processInstances: 5/s}}
  second: {profile: zeebe-8.9, brokers: 3, partitions: 2, replication: 3, load: {processInstances: 5/s}}
incidents: {x: {cluster: second, script: [{at: 10s, fault: stop, on: second/1, for: 20s}]}}
)",
                                      "two.yaml", *catalogs);
  ASSERT_TRUE(scenario.has_value());
  const Incident& incident = scenario->incidents[0];
  world::Record record;
  record.horizon = 60s;
  record.broker_changes = {{at(10s), BrokerId{1u}, What::stopped}, {at(10s), BrokerId{4u}, What::stopped}};
  record.outages = {{.partition = PartitionId{1u}, .start = at(10s), .end = at(13s)}, {.partition = PartitionId{3u}, .start = at(10s), .end = at(13s)}};
  record.leaderships = {{PartitionId{1u}, at(13s), BrokerId{2u}}, {PartitionId{3u}, at(13s), BrokerId{5u}}};
  EXPECT_EQ(changes_of(*scenario, incident, world_of(*scenario, incident), record),
            (std::vector<workload::Change>{
                {at(10s), Kind::broker_stops, 1, 0, 0}, {at(10s), Kind::leader_lost, 0, 0, 1}, {at(13s), Kind::leader_serves, 2, 0, 1}}));
}

TEST(Incident, EdgesAreSecondsAndTenthsAroundAChange) {
  const auto edges = edges_of(60s, {at(30s)});
  EXPECT_EQ(edges.size(), 61u + 9 * 20);
  EXPECT_EQ(edges.front(), Instant{});
  EXPECT_EQ(edges.back(), at(60s));
  EXPECT_TRUE(std::binary_search(edges.begin(), edges.end(), at(20100ms)));
  EXPECT_TRUE(std::binary_search(edges.begin(), edges.end(), at(39900ms)));
  EXPECT_FALSE(std::binary_search(edges.begin(), edges.end(), at(40100ms)));
  EXPECT_EQ(edges_of(1500ms, {}), (std::vector<Instant>{at(0s), at(1s), at(1500ms)}));
  EXPECT_LE(edges_of(std::chrono::hours{168}, {}).size(), 3601u);
}

TEST(Incident, TheBuiltInOneTakesTheZoneOfTheFirstPartitionsLeaderOrItsNode) {
  const Scenario zones = library("camunda-three-zones"), node = library("camunda-single-zone");
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    const Incident incident = default_incident(zones, seed, 60s);
    const auto played = play(zones, incident, seed);
    ASSERT_EQ(played->options.changes.empty(), false);
    const workload::Interval& before = played->phases.front().of;
    ASSERT_EQ(incident.script[0].on.size(), 1u);
    EXPECT_TRUE(holds(played->world, incident.script[0].on[0], static_cast<std::size_t>(before.partitions[0].leader)));
    EXPECT_EQ(incident.script[0].at, 20s);
    EXPECT_EQ(incident.script[0].duration, 20s);
  }
  EXPECT_EQ(default_incident(node, 1).script[0].on[0].rfind("brokers-", 0), 0u);
}

void expect_conserved(const Played& played) {
  workload::Counts sum, of_phases;
  for (const workload::Interval& interval : played.timeline.intervals) sum.add(interval.counts);
  for (const IncidentPhase& phase : played.phases) of_phases.add(phase.of.counts);
  const workload::Counts& all = played.timeline.total;
  EXPECT_EQ(sum, all);
  EXPECT_EQ(of_phases, all);
  EXPECT_EQ(all.completed + all.rejected_in_all() + all.failed + all.timed_out + static_cast<std::uint64_t>(played.timeline.in_flight), all.offered);
}

TEST(Incident, EveryCommandEndsOnceWhateverHappens) {
  const Scenario scenario = library("camunda-three-zones");
  const std::vector<std::vector<failure::ScriptedFault>> scripts{
      {{.at = 10s, .mode = "zone-outage", .on = {"us-east-1/b"}, .duration = 20s}},
      {{.at = 10s, .mode = "stop", .on = {"cluster/0"}, .duration = 5s}, {.at = 12s, .mode = "stop", .on = {"cluster/1"}, .duration = 20s}},
      {{.at = 10s, .mode = "cut", .on = {"us-east-1/a"}, .duration = 15s}},
      {{.at = 10s, .mode = "cut-out", .on = {"cluster/0", "cluster/1"}, .duration = 15s}},
      {{.at = 10s, .mode = "pause", .on = {"cluster/2"}, .duration = 20s}},
      {{.at = 10s, .mode = "hung-disk", .on = {"cluster/1"}, .duration = 20s}},
      {{.at = 10s, .mode = "stop", .on = {"us-east-1"}, .duration = 20s}},
  };
  for (const auto& faults : scripts) {
    SCOPED_TRACE(faults[0].mode + " of " + faults[0].on[0]);
    Incident incident = script(faults, scenario, 45s);
    const auto played = play(scenario, incident, 7);
    expect_conserved(*played);
    EXPECT_GT(played->timeline.total.completed, 1000u);
    EXPECT_EQ(play(scenario, incident, 7)->timeline.fingerprint, played->timeline.fingerprint);
    EXPECT_NE(play(scenario, incident, 8)->timeline.fingerprint, played->timeline.fingerprint);
    incident.load.kind = workload::Load::Kind::closed;
    incident.load.outstanding = 50;
    expect_conserved(*play(scenario, incident, 7));
  }
}

// With the whole region away nothing completes until it is back; when it is, everything does.
TEST(Incident, ARegionThatIsLostIsAGapAsLongAsItsLoss) {
  const Scenario scenario = library("camunda-three-zones");
  const auto played = play(scenario, script({{.at = 10s, .mode = "stop", .on = {"us-east-1"}, .duration = 20s}}, scenario), 1);
  const Gap gap = longest_gap(played->timeline);
  EXPECT_GE(gap.length() + gap.blur, 20s);
  EXPECT_LE(gap.length(), 30s);
  EXPECT_GE(gap.from, at(9900ms));
  EXPECT_GT(played->timeline.intervals.back().counts.completed, 0u);
  EXPECT_GT(played->timeline.total.timed_out + played->timeline.total.failed + played->timeline.total.rejected_in_all(), 0u);
}

TEST(Incident, WithoutFlowControlThereIsOneHistory) {
  const Scenario off = library("camunda-three-zones", {{"cluster.flowControl.requests", "off"}});
  EXPECT_FALSE(play(off, script({}, off, 5s), 1)->unlimited.has_value());
  const Scenario on = library("camunda-three-zones");
  EXPECT_TRUE(play(on, script({}, on, 5s), 1)->unlimited.has_value());
}

TEST(Incident, AnInterruptedOneIsNone) {
  const Scenario scenario = library("camunda-three-zones");
  int asked = 0;
  EXPECT_FALSE(play(scenario, script({}, scenario), 1, [&] { return ++asked > 3; }).has_value());
}

workload::Interval interval(Duration from, Duration to, std::uint64_t completed, std::int64_t in_flight, Duration p90 = 10ms) {
  workload::Interval out;
  out.from = at(from);
  out.to = at(to);
  out.counts.offered = 1;
  out.counts.completed = completed;
  out.latency = {.count = completed, .p50 = p90, .p90 = p90, .p99 = p90, .max = p90, .mean_s = seconds(p90)};
  out.in_flight = in_flight;
  return out;
}

TEST(IncidentFacts, TheLongestGapIsOfIntervalsWithoutACompletion) {
  workload::Timeline timeline;
  timeline.intervals = {interval(0s, 1s, 5, 1), interval(1s, 1100ms, 0, 3), interval(1100ms, 2s, 0, 3), interval(2s, 3s, 1, 3), interval(3s, 3500ms, 0, 1)};
  const Gap gap = longest_gap(timeline);
  EXPECT_EQ(gap.from, at(1s));
  EXPECT_EQ(gap.to, at(2s));
  EXPECT_EQ(gap.blur, 2s);
}

TEST(IncidentFacts, NormalIsTenSecondsAsFastAsBefore) {
  Played played;
  played.incident.length = 60s;
  played.faults = {{at(20s), at(40s), "x is lost", "x lost"}};
  IncidentPhase before;
  before.to = at(20s);
  before.of.latency = {.count = 1000, .p50 = 10ms, .p90 = 15ms, .p99 = 20ms, .max = 30ms, .mean_s = 0.01};
  played.phases = {before};
  for (int s = 0; s < 60; ++s) {
    const bool slow = (s >= 20 && s < 24) || s == 30 || s >= 55;
    played.timeline.intervals.push_back(interval(1s * s, 1s * (s + 1), 10, 1, slow ? 25ms : 19ms));
  }
  const auto normal = normal_again(played);
  ASSERT_EQ(normal.size(), 2u);
  EXPECT_EQ(normal[0].from, at(31s));  // Six calm seconds before 30 were too few.
  EXPECT_EQ(normal[1].from, at(40s));
}

// A tenth of a second before the next fault is too soon to call latency normal.
TEST(IncidentFacts, AMomentBeforeTheNextFaultIsNotBackToNormal) {
  Played played;
  played.incident.length = 60s;
  played.faults = {{at(20s), at(40s), "x is lost", "x lost"}};
  IncidentPhase before;
  before.to = at(20s);
  before.of.latency = {.count = 1000, .p50 = 10ms, .p90 = 15ms, .p99 = 20ms, .max = 30ms, .mean_s = 0.01};
  played.phases = {before};
  for (int tenth = 0; tenth < 600; ++tenth) {
    const bool slow = tenth >= 200 && tenth != 399 && tenth < 500;
    played.timeline.intervals.push_back(interval(100ms * tenth, 100ms * (tenth + 1), 10, 1, slow ? 25ms : 19ms));
  }
  const auto normal = normal_again(played);
  ASSERT_EQ(normal.size(), 2u);
  EXPECT_FALSE(normal[0].from.has_value());
  EXPECT_EQ(normal[1].from, at(50s));
}

TEST(Incident, MoreCommandsThanCanBeSimulatedAreToldBeforehand) {
  workload::Load load;
  load.rates = {{at(0s), 1000}, {at(10s), 10'000}};
  EXPECT_EQ(too_much(load, 10min), "");
  EXPECT_NE(too_much(load, 24h), "");
  load.rates = {{at(0s), 1}, {at(1h), 1e9}};
  EXPECT_EQ(too_much(load, 1h), "");  // The step is never reached.
  EXPECT_NE(too_much(load, 1h + 1s), "");
}

TEST(IncidentReport, IsTheSameBytesAndHoldsTheWholeTimelineForPrograms) {
  const Scenario scenario = library("camunda-three-zones");
  const Incident incident = script({{.at = 20s, .mode = "zone-outage", .on = {"us-east-1/b"}, .duration = 20s}}, scenario);
  const auto played = play(scenario, incident, 1), again = play(scenario, incident, 1);
  const std::string csv = csv_of(*played);
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')), played->timeline.intervals.size() + 1);
  EXPECT_EQ(csv.substr(0, 20), "from_s,to_s,offered,");
  EXPECT_EQ(csv, csv_of(*again));
  EXPECT_EQ(json(book_of(*played, scenario, Readers::programs)), json(book_of(*again, scenario, Readers::programs)));
  const std::string people = text(book_of(*played, scenario, Readers::people));
  EXPECT_NE(people.find("At 0:20 zone us-east-1/b is lost, for 20.0 s."), std::string::npos) << people;
  EXPECT_NE(people.find("one simulated history, seed 1"), std::string::npos);
  EXPECT_NE(people.find("leader of 1"), std::string::npos);
}

TEST(IncidentPicture, TellsTimeAsClocksDo) {
  EXPECT_EQ(clock_text(at(0s)), "0:00");
  EXPECT_EQ(clock_text(at(204100ms)), "3:24.1");
  EXPECT_EQ(clock_text(at(3723s)), "1:02:03");
}

}  // namespace incident_test
}  // namespace nines::scenarios
