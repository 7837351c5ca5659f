// Failovers of a real etcd 3.4.23 cluster, recorded trial by trial (etcd/*.csv), beside the same faults in the simulated one. One profile for
// all files: what differs between them is what differed between the recorded clusters' command lines and faults.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/reference/trial.hpp"
#include "tests/reference/trust.hpp"
#include "tests/support/worlds.hpp"

namespace nines::reference {
namespace etcd_failover_test {

constexpr std::uint64_t seed = 34;
constexpr std::uint64_t trials = 4000;

enum class Fault { kill, cut, pause };

struct Recording {
  const char* file;
  std::size_t members;
  Duration heartbeat;         // --heartbeat-interval
  Duration election_timeout;  // --election-timeout
  raft::PreVote pre_vote;     // --pre-vote
  Fault fault;
};

const Recording recordings[] = {
    {"n3_kill", 3, 100ms, 1s, raft::PreVote::off, Fault::kill},        {"n3_kill_b", 3, 100ms, 1s, raft::PreVote::off, Fault::kill},
    {"n3_kill_hb50", 3, 50ms, 500ms, raft::PreVote::off, Fault::kill}, {"n3_kill_prevote", 3, 100ms, 1s, raft::PreVote::freshness, Fault::kill},
    {"n5_kill", 5, 100ms, 1s, raft::PreVote::off, Fault::kill},        {"n3_partition", 3, 100ms, 1s, raft::PreVote::off, Fault::cut},
    {"n3_stop3", 3, 100ms, 1s, raft::PreVote::off, Fault::pause},
};

// etcd counts everything in ticks of its heartbeat interval (etcdserver/raft.go), so these are all that the two command-line options move.
raft::Profile etcd_profile(Duration heartbeat, Duration election_timeout, raft::PreVote pre_vote) {
  raft::Profile p = catalog_profile("etcd-3.4");
  p.heartbeat = p.tick = heartbeat;
  p.election_timeout = election_timeout;
  p.election_timeout_max = 2 * election_timeout - heartbeat;
  p.check_quorum = {election_timeout, election_timeout};
  p.pre_vote = pre_vote;
  return p;
}

// As it was measured: all members on one machine (tens of microseconds between them), data on a file system in memory, a put every 10 ms.
std::shared_ptr<const world::Plan> recorded_cluster(std::size_t members, const raft::Profile& profile) {
  world::Options options = testing_worlds::cluster(members, 1, 1, members, profile);
  options.topology.same_zone = testing_worlds::constant_delay(50us);
  for (world::Broker& broker : options.brokers) broker.flush = Law::fixed(1us);
  options.clusters[0].load = {100, 256};
  return std::make_shared<const world::Plan>(std::move(options));
}

// Column `name` of a recording, empty cells left out.
std::vector<double> recorded(const std::string& file, const std::string& name) {
  std::ifstream in(std::filesystem::path(NINES_SOURCE_DIR "/tests/reference/etcd") / (file + ".csv"));
  std::vector<double> values;
  std::size_t column = 0;
  std::string line;
  for (bool header = true; std::getline(in, line); header = false) {
    std::istringstream cells(line);
    std::string cell;
    for (std::size_t i = 0; std::getline(cells, cell, ','); ++i) {
      if (header && cell == name) column = i;
      if (!header && i == column && !cell.empty()) values.push_back(std::strtod(cell.c_str(), nullptr));
    }
  }
  return values;
}

struct Failovers {
  std::vector<double> to_leader_ms;  // From the fault to the next leader.
  double again = 0;                  // Share with more than one candidacy: the first one failed.
};

failure::Effect effect_of(Fault fault) {
  switch (fault) {
    case Fault::kill: return failure::Effect::stop;
    case Fault::cut: return failure::Effect::cut;
    case Fault::pause: return failure::Effect::pause;
  }
  return failure::Effect::stop;
}

Failovers simulated(const std::shared_ptr<const world::Plan>& plan, Fault fault) {
  Failovers result;
  const bool asks_first = plan->options.clusters[0].profile.pre_vote != raft::PreVote::off;
  const raft::Role first_role = asks_first ? raft::Role::pre_candidate : raft::Role::candidate;  // What etcd logs as "starting a new election".
  std::uint64_t again = 0;
  for (std::uint64_t k = 0; k < trials; ++k) {
    Trial trial(plan, seed, k);
    const Instant start = testing_worlds::at(3s) + from_seconds(chance(seed, k, 0));  // Ten heartbeats wide: any phase.
    trial.run_until(start);
    const raft::Member old = trial.leader();
    trial.begin(start, effect_of(fault), old);
    const auto leader = trial.next_leader(start, start + 30s, 100ms);
    if (!leader) continue;  // The caller counts.
    result.to_leader_ms.push_back(seconds(leader->at - start) * 1e3);
    int candidacies = 0;
    for (const world::RoleChange& change : trial.roles())
      if (change.at >= start && change.at <= leader->at && change.role == first_role) ++candidacies;
    again += candidacies > 1 ? 1 : 0;
  }
  result.again = static_cast<double>(again) / static_cast<double>(trials);
  return result;
}

// One line of the table: a recording and its simulated counterpart.
struct Comparison {
  Recording recording;
  std::vector<double> real_ms;
  Failovers simulated;
  double again = 0;     // Recorded share of second elections.
  double distance = 0;  // Kolmogorov-Smirnov.
  double limit = 0;
};

Comparison compare(const Recording& r) {
  Comparison c;
  c.recording = r;
  c.real_ms = recorded(r.file, "new_leader_ms");
  c.simulated = simulated(recorded_cluster(r.members, etcd_profile(r.heartbeat, r.election_timeout, r.pre_vote)), r.fault);
  const std::vector<double> elections = recorded(r.file, "elections");
  for (const double e : elections) c.again += e > 1 ? 1 / static_cast<double>(elections.size()) : 0;
  c.distance = kolmogorov_smirnov(c.real_ms, c.simulated.to_leader_ms);
  c.limit = 1.68 / std::sqrt(static_cast<double>(c.real_ms.size()));
  return c;
}

const std::vector<Comparison>& comparisons() {
  static const std::vector<Comparison> all = [] {
    std::vector<Comparison> done;
    for (const Recording& r : recordings) done.push_back(compare(r));
    return done;
  }();
  return all;
}

std::string table() {
  std::ostringstream out;
  out << "From the fault to the next leader, ms: recorded | simulated with one etcd-3.4 profile, " << trials << " trials.\n"
      << "recording        trials     10 %         median         90 %        KS distance  limit    second elections\n";
  for (const Comparison& c : comparisons()) {
    const auto q = [](const std::vector<double>& sample, double p) { return quantile_of(sample, p); };
    const std::vector<double>&real = c.real_ms, &sim = c.simulated.to_leader_ms;
    char line[200];
    std::snprintf(line, sizeof line, "%-16s %6zu  %4.0f | %4.0f   %4.0f | %4.0f   %4.0f | %4.0f        %5.3f  %5.3f   %4.1f %% | %4.1f %%\n",
                  c.recording.file, real.size(), q(real, 0.1), q(sim, 0.1), q(real, 0.5), q(sim, 0.5), q(real, 0.9), q(sim, 0.9), c.distance, c.limit,
                  100 * c.again, 100 * c.simulated.again);
    out << line;
  }
  return out.str();
}

// 1.68 / sqrt(n) is passed by chance against its own law with probability 0.7 %.
TEST(EtcdFailover, TimeToTheNextLeaderIsThatOfTheRecordedClusters) {
  Worst distances("KS distance", Worst::As::number), medians("medians");
  std::size_t failovers = 0;
  for (const Comparison& c : comparisons()) {
    ASSERT_GE(c.real_ms.size(), 30u) << c.recording.file;
    ASSERT_EQ(c.simulated.to_leader_ms.size(), trials) << c.recording.file;
    EXPECT_LE(c.distance, c.limit) << c.recording.file;
    const double real = quantile_of(c.real_ms, 0.5);
    const double median = quantile_of(c.simulated.to_leader_ms, 0.5);
    EXPECT_NEAR(median, real, 0.1 * real) << c.recording.file;
    distances.see(c.distance, c.limit, c.recording.file);
    medians.see(median / real - 1, 0.1, c.recording.file);
    failovers += c.real_ms.size();
  }
  record_trust({"Time to the next leader of a recorded etcd 3.4 cluster", "`tests/reference/etcd`"},
               std::to_string(failovers) + " failovers in " + std::to_string(std::size(recordings)) + " files", {distances, medians});
}

// The comparison sees what it should: a textbook follower that waits U[1 s, 2 s) from the last message and grants every vote is not etcd.
// The seven recordings together are enough to tell; one of 60 trials is not.
TEST(EtcdFailover, ContinuousTimeoutsWithoutLeasesAreNotTheRecordedClusters) {
  raft::Profile textbook = etcd_profile(100ms, 1s, raft::PreVote::off);
  textbook.timeout_law = raft::TimeoutLaw::uniform;
  textbook.election_timeout_max = 2s;
  textbook.redraw = raft::Redraw::each_reset;
  textbook.tick = 0ns;
  textbook.vote_lease = raft::VoteLease::off;
  std::vector<double> real;
  for (const char* file : {"n3_kill", "n3_kill_b", "n3_partition", "n3_stop3"})
    for (const double ms : recorded(file, "new_leader_ms")) real.push_back(ms);
  const double limit = 1.68 / std::sqrt(static_cast<double>(real.size()));
  EXPECT_GT(kolmogorov_smirnov(real, simulated(recorded_cluster(3, textbook), Fault::kill).to_leader_ms), limit);
  EXPECT_LE(kolmogorov_smirnov(real, comparisons()[0].simulated.to_leader_ms), limit);
}

// The first candidate drew the shortest timeout and the voter's tick comes later than its own: the voter still trusts the dead leader. With 3
// members 2 * 0.1 * 0.9 / 2 + 0.01 = 10 % at ten ticks, 20 % at five; recorded were 33 of 270 and 22 of 90. Sampling error here: 0.5 and 0.6 %.
TEST(EtcdFailover, AFirstCandidateThatComesBeforeTheVotersLeaseEndsHasToRunAgain) {
  EXPECT_NEAR(simulated(recorded_cluster(3, etcd_profile(100ms, 1s, raft::PreVote::off)), Fault::kill).again, 0.10, 0.04);
  EXPECT_NEAR(simulated(recorded_cluster(3, etcd_profile(100ms, 500ms, raft::PreVote::off)), Fault::kill).again, 0.20, 0.06);
}

// Cut off for 4 s, as recorded (n3_isolate_follower): does the group elect anew after the healing? It may take several rounds, since the member
// that was away has the highest term and a log too old to win.
int elections_after_healing(raft::PreVote pre_vote, int wanted) {
  const auto plan = recorded_cluster(3, etcd_profile(100ms, 1s, pre_vote));
  int elections = 0;
  for (int k = 0; k < wanted; ++k) {
    Trial trial(plan, seed + 1, static_cast<std::uint64_t>(k));
    const Instant start = testing_worlds::at(3s) + from_seconds(chance(seed + 1, static_cast<std::uint64_t>(k), 0));
    trial.run_until(start);
    const raft::Member old = trial.leader();
    const auto follower = static_cast<raft::Member>((old + 1 + k % 2) % 3);
    trial.begin(start, failure::Effect::cut, follower);
    trial.end(start + 4s, failure::Effect::cut, follower);
    elections += trial.next_leader(start, start + 60s, 100ms).has_value() ? 1 : 0;
  }
  return elections;
}

// Its term grew while it was alone; the first message it answers tells the leader so.
TEST(EtcdFailover, AFollowerThatComesBackUnseatsTheLeaderUnlessPreVotesKeptItsTerm) {
  EXPECT_EQ(elections_after_healing(raft::PreVote::off, 200), 200);
  EXPECT_EQ(elections_after_healing(raft::PreVote::freshness, 200), 0);
}

// Recorded (n3_transfer): 0.2-4.6 ms from the request to the next leader.
TEST(EtcdFailover, LeadershipThatIsHandedOverIsTakenWithinTwentyMilliseconds) {
  for (const double ms : recorded("n3_transfer", "new_leader_ms")) EXPECT_LE(ms, 20);
  for (const std::size_t members : {3u, 5u}) {
    const auto plan = recorded_cluster(members, etcd_profile(100ms, 1s, raft::PreVote::off));
    for (std::uint64_t k = 0; k < 200; ++k) {
      Trial trial(plan, seed + 2, k);
      const Instant start = testing_worlds::at(3s) + from_seconds(chance(seed + 2, k, 0));
      trial.run_until(start);
      const raft::Member old = trial.leader();
      trial.announce(start, old);
      const auto leader = trial.next_leader(start, start + 10s, 10ms);
      ASSERT_TRUE(leader.has_value());
      EXPECT_NE(leader->member, old);
      EXPECT_LE(leader->at - start, 20ms);
    }
  }
}

// etcd/failovers.txt is what README.md quotes. `NINES_GOLDEN=1 tests_reference --gtest_filter='*TableOfTheREADME*'` writes it anew.
TEST(EtcdFailover, TableOfTheREADMEIsWhatIsSimulatedNow) {
  const std::filesystem::path path = NINES_SOURCE_DIR "/tests/reference/etcd/failovers.txt";
  const std::string now = table();
  std::puts(now.c_str());
  if (std::getenv("NINES_GOLDEN") != nullptr) std::ofstream(path) << now;
  std::ostringstream kept;
  kept << std::ifstream(path).rdbuf();
  EXPECT_EQ(kept.str(), now);
  std::ostringstream readme;
  readme << std::ifstream(path.parent_path() / "README.md").rdbuf();
  EXPECT_NE(readme.str().find(now), std::string::npos) << "README.md quotes another table";
}

}  // namespace etcd_failover_test
}  // namespace nines::reference
