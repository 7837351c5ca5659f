#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace catalog_test {

using namespace std::chrono_literals;

std::string refusal(const std::vector<SourceFile>& files) {
  const auto read = read_catalogs(files);
  return read ? "accepted" : lines(read.error());
}

TEST(Catalogues, HoldAProfileForEachSystemAndItsOtherName) {
  for (const char* version : {"8.5", "8.6", "8.7", "8.8", "8.9", "8.10"}) {
    ASSERT_NE(catalogs().profile(std::string("zeebe-") + version), nullptr) << version;
    EXPECT_EQ(catalogs().profile(std::string("camunda-") + version), catalogs().profile(std::string("zeebe-") + version));
  }
  for (const char* name : {"etcd-3.4", "etcd-3.5", "raft-paper", "redpanda-24", "kafka-kraft-4", "consul-1", "nuraft", "tikv", "cockroachdb"})
    EXPECT_NE(catalogs().profile(name), nullptr) << name;
  EXPECT_EQ(catalogs().profiles.size(), 15u);
  EXPECT_EQ(catalogs().profile("zeebe-9"), nullptr);
}

// Zeebe RaftPartitionConfig.java, ExperimentalCfg.java, CandidateRole.java.
TEST(Catalogues, ZeebeWaitsTwoAndAHalfSecondsByPriority) {
  const raft::Profile& zeebe = catalogs().profile("zeebe-8.9")->profile;
  EXPECT_EQ(zeebe.heartbeat, 250ms);
  EXPECT_TRUE(zeebe.heartbeat_only_when_idle);
  EXPECT_EQ(zeebe.election_timeout, 2500ms);
  EXPECT_EQ(zeebe.timeout_law, raft::TimeoutLaw::fixed);
  EXPECT_TRUE(zeebe.priority_election);
  EXPECT_EQ(zeebe.pre_vote, raft::PreVote::log_only);
  EXPECT_EQ(zeebe.pre_vote_timeout, 2500ms);
  EXPECT_EQ(zeebe.vote_lease, raft::VoteLease::off);
  EXPECT_EQ(zeebe.check_quorum.window, 5s);
  EXPECT_EQ(zeebe.vote_timeout_min, 2500ms);
  EXPECT_EQ(zeebe.vote_timeout_max, 5s);
  EXPECT_EQ(zeebe.vote_attempts, 2);
  EXPECT_EQ(zeebe.append_window, 6);
  EXPECT_EQ(zeebe.append_batch_bytes, 32 * 1024);
  EXPECT_TRUE(zeebe.flush.follower_before_ack);
  EXPECT_TRUE(zeebe.flush.leader_before_commit);
  EXPECT_EQ(zeebe.gateway, raft::Gateway::embedded);
  EXPECT_EQ(zeebe.client_timeout, 15s);
  EXPECT_EQ(zeebe.services_start, 80ms);
  EXPECT_TRUE(zeebe.heartbeat_checks_log);
  EXPECT_FALSE(zeebe.announce_commit);
  EXPECT_TRUE(zeebe.match_may_fall);
  EXPECT_TRUE(zeebe.candidate_yields);
  EXPECT_EQ(zeebe.rebalance, raft::Rebalance::step_down);
  EXPECT_EQ(zeebe.membership, raft::Membership::joint);
  EXPECT_EQ(zeebe.configuration_counts, raft::ConfigurationCounts::appended);
  EXPECT_EQ(zeebe.snapshots.period, 5min);
  EXPECT_EQ(zeebe.snapshots.entries, 0u);
  EXPECT_EQ(zeebe.snapshots.keep, 100u);
  EXPECT_EQ(zeebe.snapshots.prefer, 100u);
  EXPECT_EQ(zeebe.snapshots.chunk_bytes, 1 << 30);
  EXPECT_EQ(zeebe.snapshots.timeout, 2500ms);
  EXPECT_EQ(zeebe.reads, raft::Reads::log);
  EXPECT_TRUE(zeebe.hung_disk_stops_heartbeats);
  EXPECT_EQ(zeebe.leader_gone_after, 11s);
  EXPECT_EQ(zeebe.flush.delay, 0s);
  const raft::Profile& old = catalogs().profile("zeebe-8.6")->profile;
  EXPECT_EQ(old.append_window, 2);
  EXPECT_EQ(old.gateway, raft::Gateway::standalone);
}

// etcd raft.go: [E, 2E - 1] ticks, redrawn with the term, votes ignored under a lease, pre-vote by default from 3.5.
TEST(Catalogues, EtcdCountsTicks) {
  const raft::Profile& etcd = catalogs().profile("etcd-3.4")->profile;
  EXPECT_EQ(etcd.tick, 100ms);
  EXPECT_EQ(etcd.election_timeout, 1s);
  EXPECT_EQ(etcd.election_timeout_max, 1900ms);
  EXPECT_EQ(etcd.timeout_law, raft::TimeoutLaw::ticks);
  EXPECT_EQ(etcd.redraw, raft::Redraw::each_term);
  EXPECT_EQ(etcd.vote_lease, raft::VoteLease::ignore);
  EXPECT_EQ(etcd.check_quorum.window, 1s);
  EXPECT_EQ(etcd.pre_vote, raft::PreVote::off);
  EXPECT_EQ(etcd.append_window, 512);
  EXPECT_TRUE(etcd.probe_after_election);
  EXPECT_FALSE(etcd.flush.leader_before_commit);
  EXPECT_EQ(etcd.client_timeout, 7s);
  EXPECT_TRUE(etcd.transfer_on_stop);
  EXPECT_FALSE(etcd.heartbeat_checks_log);
  EXPECT_TRUE(etcd.announce_commit);
  EXPECT_EQ(etcd.membership, raft::Membership::single);
  EXPECT_EQ(etcd.configuration_counts, raft::ConfigurationCounts::applied);
  EXPECT_EQ(etcd.snapshots.entries, 100'000u);
  EXPECT_EQ(etcd.snapshots.keep, 5000u);
  EXPECT_TRUE(etcd.snapshots.on_demand);
  EXPECT_EQ(etcd.reads, raft::Reads::heartbeat);
  EXPECT_EQ(etcd.quiesce_after, 0s);
  EXPECT_TRUE(etcd.leader_grants_pre_votes);
  EXPECT_FALSE(etcd.answers_stale_votes);
  EXPECT_TRUE(etcd.answers_stale_leaders);
  EXPECT_EQ(catalogs().profile("etcd-3.5")->profile.pre_vote, raft::PreVote::freshness);
}

TEST(Catalogues, ThePapersRaftHasNothingButTheAlgorithm) {
  const raft::Profile& paper = catalogs().profile("raft-paper")->profile;
  EXPECT_EQ(paper.heartbeat, 75ms);
  EXPECT_EQ(paper.election_timeout, 150ms);
  EXPECT_EQ(paper.election_timeout_max, 300ms);
  EXPECT_EQ(paper.timeout_law, raft::TimeoutLaw::uniform);
  EXPECT_EQ(paper.pre_vote, raft::PreVote::off);
  EXPECT_EQ(paper.vote_lease, raft::VoteLease::off);
  EXPECT_EQ(paper.check_quorum.window, 0s);
  EXPECT_FALSE(paper.candidate_yields);
}

TEST(Catalogues, EveryProfileNamesASourceForEveryValue) {
  for (const auto& entry : catalogs().profiles) {
    EXPECT_EQ(entry.explanations.size(), 63u) << entry.profile.name;
    for (const auto& value : entry.explanations) EXPECT_GT(value.source.size(), 5u) << entry.profile.name << ' ' << value.path;
  }
}

// Not the reader's check alone: a preset whose bounds left its rate out would be accepted nowhere, one without bounds would.
TEST(Catalogues, EveryFailureModeOfEveryPresetHasARateBoundsAndASource) {
  std::vector<std::string> names;
  for (const auto& catalog : catalogs().faults) {
    names.push_back(catalog.name);
    for (const auto& mode : catalog.modes) {
      const std::string which = catalog.name + ' ' + mode.name;
      const double rate = seconds(year) / mode.up_time.mean_s();
      EXPECT_GT(mode.rate_per_year.low, 0) << which;
      EXPECT_LE(mode.rate_per_year.low, rate * 1.0000001) << which;
      EXPECT_GE(mode.rate_per_year.high, rate * 0.9999999) << which;
      EXPECT_LT(mode.rate_per_year.low, mode.rate_per_year.high) << which;
      EXPECT_GT(mode.duration.mean_s(), 0) << which;
      EXPECT_LT(mode.duration_factor.low, 1) << which;
      EXPECT_GE(mode.duration_factor.high, 1) << which;
      if (mode.escalation) {
        EXPECT_LT(mode.escalation->range.low, mode.escalation->probability) << which;
        EXPECT_GT(mode.escalation->range.high, mode.escalation->probability) << which;
      }
      EXPECT_NE(mode.source.find("duration range"), std::string::npos) << which << " does not say why its duration is so uncertain";
      EXPECT_GT(mode.source.find("duration range"), 20u) << which << " names no source of its rate";
      const bool by_hardware = mode.name == "node-hardware" || mode.name == "disk-loss";
      EXPECT_TRUE(mode.up_time.kind == Law::Kind::exponential || mode.effect == failure::Effect::planned_stop || by_hardware) << which;
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"cloud-vm", "local-dev", "on-prem", "public-cloud"}));
}

const failure::Mode& mode_of(const std::string& catalog, const std::string& name) {
  for (const auto& each : catalogs().faults)
    for (const auto& mode : each.modes)
      if (each.name == catalog && mode.name == name) return mode;
  ADD_FAILURE() << catalog << " has no " << name;
  return catalogs().faults[0].modes[0];
}

// The lognormal's mean is median x exp(sigma^2 / 2): a zone's outage of 5.1 h at 0.15 a year makes about 9e-5 of the time.
TEST(Catalogues, AZoneIsOutAboutNineTimesInAHundredThousand) {
  const failure::Mode& zone = mode_of("public-cloud", "zone-outage");
  const double down = zone.duration.mean_s(), up = zone.up_time.mean_s();
  EXPECT_NEAR(down / 3600, 5.14, 0.01);
  EXPECT_NEAR(down / (up + down), 8.8e-5, 0.1e-5);
}

// GCP europe-west9, 2023-04-26: water in one zone, and for a while its region was down.
TEST(Catalogues, OneZoneOutageInTwentyTakesItsRegionAlong) {
  const failure::Mode& zone = mode_of("public-cloud", "zone-outage");
  ASSERT_TRUE(zone.escalation);
  EXPECT_EQ(zone.escalation->to, failure::Scope::region);
  EXPECT_EQ(zone.escalation->probability, 0.05);
  EXPECT_EQ(zone.escalation->range.low, 0.01);
  EXPECT_EQ(zone.escalation->range.high, 0.2);
  for (const auto& catalog : catalogs().faults)
    for (const auto& mode : catalog.modes) EXPECT_EQ(mode.escalation.has_value(), mode.name == "zone-outage") << mode.name;
}

// Schroeder and Gibson, DSN 2006: failures of a node cluster in time, and repairs scatter widely about a median of an hour.
TEST(Catalogues, BareMetalFailsAsItDidInLosAlamos) {
  const failure::Mode& hardware = mode_of("on-prem", "node-hardware");
  EXPECT_EQ(hardware.up_time.kind, Law::Kind::weibull);
  EXPECT_EQ(hardware.up_time.b, 0.7);
  EXPECT_NEAR(seconds(year) / hardware.up_time.mean_s(), 1.1, 1e-6);
  EXPECT_NEAR(hardware.duration.quantile_s(0.5) / 3600, 1.06, 1e-6);
  EXPECT_EQ(hardware.duration.b, 1.4);
}

TEST(Catalogues, DisksThatGoWithTheirMachineAreLostWithIt) {
  EXPECT_EQ(mode_of("cloud-vm", "node-replacement").effect, failure::Effect::replace);
  EXPECT_EQ(mode_of("on-prem", "disk-loss").effect, failure::Effect::replace);
  EXPECT_EQ(mode_of("public-cloud", "node-replacement").effect, failure::Effect::stop) << "network disks are not";
}

TEST(Catalogues, EveryFsyncLawHasAMaximum) {
  for (const auto& disk : catalogs().disks) {
    EXPECT_LT(disk.fsync.maximum, 1s) << disk.name;
    EXPECT_FALSE(disk.source.empty());
  }
  const auto gp3 = std::find_if(catalogs().disks.begin(), catalogs().disks.end(), [](const DiskType& disk) { return disk.name == "gp3"; });
  ASSERT_NE(gp3, catalogs().disks.end());
  EXPECT_NEAR(gp3->fsync.mean_s(), 0.70e-3, 0.01e-3);  // besthub.dev.
}

TEST(Catalogues, DistancesRiseFromNodeToRegion) {
  for (const auto& distances : catalogs().distances) {
    EXPECT_LT(distances.same_node.p50, distances.same_zone.p50);
    EXPECT_LT(distances.same_zone.p50, distances.same_region.p50);
    EXPECT_LT(distances.same_region.p50, distances.other_region.p50);
    for (const auto& pair : distances.pairs) {
      EXPECT_GT(pair.trip.p50, distances.same_region.p50) << pair.a << ' ' << pair.b;
      EXPECT_GT(pair.trip.p99, pair.trip.p50);
      EXPECT_GT(pair.trip.max, pair.trip.p99);
    }
  }
}

TEST(Catalogues, AreReadAsStrictlyAsScenarios) {
  const std::string head = "apiVersion: nines/v1\nkind: ";
  EXPECT_EQ(refusal({{"a", head + "Fault\n"}}), "2:7: 'Fault' is no kind of catalogue; did you mean 'Faults'?\n");
  EXPECT_EQ(refusal({{"a", "apiVersion: nines/v1\n"}}),
            "1:1: '' is no kind of catalogue; there are Profile, Distances, Disks, Machines, Faults, Prices, Services, Chart\n");
  EXPECT_EQ(refusal({{"a", "a: [\n"}}), "2:1: not valid YAML: a '[' without its ']'\n");
  EXPECT_EQ(
      refusal(
          {{"a", head + "Faults\nmetadata: {name: f}\nfaults:\n  x: {scope: node, effect: stop, rate: 1/year, duration: 1h}\n  y: {scope: node}\n"}}),
      "5:3: 'x' names no source; write assumption if nobody measured it\n6:3: 'y' is not in the catalogue, so it needs effect, rate, duration\n");
  EXPECT_EQ(refusal({{"a", head + "Disks\nmetadata: {name: d}\ndisks:\n  x: {fsync: {exponential: {mean: 1ms}}, source: me}\n"}}),
            "5:14: an fsync law needs a max\n");
  EXPECT_EQ(refusal({{"a", head + "Prices\nmetadata: {name: p}\ncurrency: dollar\nsources: {}\n"}}),
            "4:11: expected a currency of three capitals such as 'USD', not 'dollar'\n");
}

TEST(Catalogues, ADistanceLiesBetweenTwoRegionsOnce) {
  const std::string trip = "{p50: 1ms, p99: 2ms, source: me}\n";
  const std::string head = "apiVersion: nines/v1\nkind: Distances\nmetadata: {name: d}\nsameNode: " + trip + "sameZone: " + trip +
                           "sameRegion: " + trip + "otherRegion: " + trip + "regionPairs:\n";
  EXPECT_EQ(refusal({{"a", head + "  - {between: [a, b], p50: 1ms, p99: 2ms, source: me}\n  - {between: [b, a], p50: 1ms, p99: 2ms, source: me}\n  - "
                                  "{between: [c, c], p50: 1ms, p99: 2ms, source: me}\n"}}),
            "10:15: this pair is there twice\n11:15: a distance lies between two different regions\n");
}

TEST(Catalogues, AProfileNamesASourceForEveryValue) {
  std::string text = text_of(source_tree() / "scenarios/catalog/profiles/etcd-3.5.yaml");
  const std::size_t at = text.find("  heartbeat: ");
  text.replace(at, text.find('\n', at) - at, "  heartbeat: 100ms");
  EXPECT_NE(refusal({{"a", text}}).find("expected a map"), std::string::npos);
  text.replace(at, text.find('\n', at) - at, "  heartbeat: {value: 100ms}");
  EXPECT_NE(refusal({{"a", text}}).find("expected {value: ..., source: ...}"), std::string::npos);
  text.replace(at, text.find('\n', at) - at, "  heartbeat: {value: 2s, source: me}");
  EXPECT_NE(refusal({{"a", text}}).find("the heartbeat must be shorter than the election timeout"), std::string::npos);
}

TEST(Catalogues, HoldEachNameOnce) {
  const SourceFile file{"a", text_of(source_tree() / "scenarios/catalog/profiles/zeebe-8.9.yaml")};
  EXPECT_EQ(refusal({file, file}), "0:0: two profiles are called 'camunda-8.9'\n0:0: two profiles are called 'zeebe-8.9'\n");
}

}  // namespace catalog_test
}  // namespace nines::scenarios
