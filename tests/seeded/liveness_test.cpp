// Whatever broke: once it is whole again a group with a quorum gets a leader that can write, and every replica that runs gets the log.
#include <algorithm>

#include <gtest/gtest.h>

#include "scenarios/fuzz/mixed_rules.hpp"
#include "tests/seeded/catalogue.hpp"
#include "tests/support/guard.hpp"
#include "tests/support/random_world.hpp"
#include "tests/support/seeds.hpp"

namespace nines {
namespace liveness_test {

using failure::Change;
using failure::Effect;
using seeded::random_world;
using seeded::silent_world;
using testing_worlds::Dice;
using testing_worlds::Guard;
using testing_worlds::RandomWorld;
using testing_worlds::seeds;
using testing_worlds::Stage;

// The faults that are going on.
class Ongoing {
 public:
  void note(const Change& change) {
    if (change.stage == failure::Stage::begin) going_.push_back(change);
    if (change.stage == failure::Stage::end)
      going_.erase(std::find_if(going_.begin(), going_.end(), [&](const Change& c) { return c.element == change.element && c.mode == change.mode; }));
  }
  // Ends all but those that `stay`.
  template <class Stays>
  void end(Guard& guard, Instant at, Stays stay) {
    for (Change change : going_) {
      if (stay(change)) continue;
      change.at = at;
      change.stage = failure::Stage::end;
      guard.apply(change);
    }
  }

 private:
  std::vector<Change> going_;
};

// A packet that was lost again and again holds up its connection for a while after the fault, until a new one is made.
bool loses_packets(const world::Options& options) {
  const auto lossy = [](const failure::Mode& mode) { return mode.effect == Effect::lossy; };
  return options.topology.same_zone.loss > 0 || std::any_of(options.modes.begin(), options.modes.end(), lossy);
}

struct Longest {
  double election_timeouts = 0;
  std::string where;
};

void expect_recovery(RandomWorld random, std::uint64_t seed, Longest& longest) {
  random.options.fidelity = world::Fidelity::full;
  Dice dice(seed, 3);
  for (failure::Mode& mode : random.options.modes) mode.up_time.a /= 4;
  const Instant broken_until = Instant{} + from_seconds(5 + 15 * dice.uniform());
  const bool the_dead_stay_dead = dice.chance(0.5);
  if (dice.chance(0.5)) random.text += fuzz::mix_rules(random.options.clusters[0].profile, dice);
  random.text += "; faults end at " + std::to_string(seconds(broken_until - Instant{})) + " s" + (the_dead_stay_dead ? ", the dead stay dead" : "");
  Stage stage(random.options, seed);
  Guard guard(stage);
  Ongoing ongoing;
  for (const Change& change : stage.timeline.active()) ongoing.note(change);
  for (; stage.upcoming.at < broken_until; stage.upcoming = stage.timeline.next(stage.upcoming.at)) {
    guard.apply(stage.upcoming);
    ongoing.note(stage.upcoming);
  }
  ongoing.end(guard, broken_until, [&](const Change& c) { return the_dead_stay_dead && c.effect == Effect::stop; });
  stage.upcoming = Change{};  // Nothing breaks any more.
  Instant now = broken_until;

  const Duration timeout = random.options.clusters[0].profile.election_timeout;
  const raft::Profile& profile = random.options.clusters[0].profile;
  const Duration unnoticed = profile.quiesce_after > 0ns ? profile.leader_gone_after + profile.tick : 0ns;
  const Duration patience = std::max(24 * timeout, Duration{10s}) + unnoticed + (loses_packets(random.options) ? 2 * world::reconnect_after : 0s);
  const std::size_t groups = stage.world.groups();
  const auto group = [&](std::size_t g) -> const world::Group& { return stage.world.group(PartitionId{g}); };
  const auto has_quorum = [&](std::size_t g) { return world::quorum_among(group(g).around(), group(g).around().alive, stage.plan->groups[g].members); };
  // Runs on until every group with a quorum is done, or patience ends.
  const auto wait_until = [&](auto done, const std::string& otherwise) {
    std::vector<bool> is_done(groups);
    for (const Instant limit = now + patience; now < limit; now += timeout / 4) {
      guard.run_until(now);
      for (std::size_t g = 0; g < groups; ++g) is_done[g] = is_done[g] || !has_quorum(g) || done(g);
      if (std::find(is_done.begin(), is_done.end(), false) == is_done.end()) return;
    }
    for (std::size_t g = 0; g < groups; ++g) EXPECT_TRUE(is_done[g]) << random.text << "; group " << g << otherwise;
  };

  wait_until([&](std::size_t g) { return group(g).writable(); }, " has a quorum and nobody to write");
  const double took = seconds(now - broken_until) / seconds(timeout);
  if (took > longest.election_timeouts) longest = {took, random.text};
  std::vector<raft::Index> committed;
  for (std::size_t g = 0; g < groups; ++g) committed.push_back(guard.of(g).committed());
  const auto has_log = [&](std::size_t g) {
    for (raft::Member m = 0; m < stage.plan->groups[g].members; ++m)
      if (world::has(group(g).around().alive, m) && group(g).core(m).commit() < committed[g]) return false;
    return true;
  };
  wait_until(has_log, " has a member that runs and never gets the log");
  ASSERT_TRUE(guard.violations().empty()) << random.text << "\n" << guard.violations().front();
}

TEST(Liveness, AGroupWithAQuorumCanWriteSoonAfterTheLastFaultAndItsLogsConverge) {
  Longest longest;
  for (std::uint64_t seed = 0; seed < seeds(6000) && !HasFailure(); ++seed) expect_recovery(random_world(seed), seed, longest);
  RecordProperty("longest_in_election_timeouts", std::to_string(longest.election_timeouts) + ": " + longest.where);
}

TEST(Liveness, ASilentGroupThatLostItsLeaderHearsOfItAndItsLogsConverge) {
  Longest longest;
  for (std::uint64_t seed = 0; seed < seeds(2000) && !HasFailure(); ++seed) expect_recovery(silent_world(seed), seed, longest);
  RecordProperty("longest_in_election_timeouts", std::to_string(longest.election_timeouts) + ": " + longest.where);
}

}  // namespace liveness_test
}  // namespace nines
