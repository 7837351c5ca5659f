// Whatever broke: once it is whole again a group with a quorum gets a leader that can write, and every replica that runs gets the log.
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/support/mixed_rules.hpp"
#include "tests/support/random_world.hpp"
#include "tests/support/safety.hpp"

namespace nines {
namespace {

using failure::Change;
using failure::Effect;
using testing_worlds::Dice;
using testing_worlds::Guard;
using testing_worlds::random_world;
using testing_worlds::RandomWorld;
using testing_worlds::Stage;

// How many seeds: some in every run; NINES_SEEDS=20000 for a night.
std::uint64_t seeds(std::uint64_t usual) {
  const char* wanted = std::getenv("NINES_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : usual;
}

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

struct Longest {
  double election_timeouts = 0;
  std::string where;
};

void expect_recovery(std::uint64_t seed, Longest& longest) {
  RandomWorld random = random_world(seed);
  random.options.fidelity = world::Fidelity::full;
  Dice dice(seed, 3);
  for (failure::Mode& mode : random.options.modes) mode.up_time.a /= 4;
  const Instant broken_until = Instant{} + from_seconds(5 + 15 * dice.uniform());
  const bool the_dead_stay_dead = dice.chance(0.5);
  if (dice.chance(0.5)) random.text += testing_worlds::mix_rules(random.options.clusters[0].profile, dice);
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

  const Duration timeout = random.options.clusters[0].profile.election_timeout;
  const Duration limit = std::max(24 * timeout, Duration{10s});
  const std::size_t groups = stage.world.groups();
  const auto group = [&](std::size_t g) -> const world::Group& { return stage.world.group(PartitionId{g}); };
  const auto can_write = [&](std::size_t g) { return world::quorum_among(group(g).around(), group(g).around().alive, stage.plan->groups[g].members); };
  std::vector<bool> has_written(groups);
  for (Instant t = broken_until; t < broken_until + limit; t += timeout / 4) {
    guard.run_until(t);
    for (std::size_t g = 0; g < groups; ++g) {
      if (has_written[g] || !group(g).writable()) continue;
      has_written[g] = true;
      const double took = seconds(t - broken_until) / seconds(timeout);
      if (took > longest.election_timeouts) longest = {took, random.text + "; group " + std::to_string(g)};
    }
  }
  std::vector<raft::Index> committed(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    ASSERT_TRUE(has_written[g] || !can_write(g)) << random.text << "; group " << g << " has a quorum and nobody to write";
    committed[g] = guard.of(g).committed();
  }
  guard.run_until(broken_until + 2 * limit);
  for (std::size_t g = 0; g < groups; ++g) {
    if (!can_write(g)) continue;
    for (raft::Member m = 0; m < stage.plan->groups[g].members; ++m) {
      if (!world::has(group(g).around().alive, m)) continue;
      EXPECT_GE(group(g).core(m).commit(), committed[g]) << random.text << "; group " << g << ", member " << int{m} << " never gets the log";
    }
  }
  ASSERT_TRUE(guard.violations().empty()) << random.text << "\n" << guard.violations().front();
}

TEST(Liveness, AGroupWithAQuorumCanWriteSoonAfterTheLastFaultAndItsLogsConverge) {
  Longest longest;
  for (std::uint64_t seed = 0; seed < seeds(1500) && !HasFailure(); ++seed) expect_recovery(seed, longest);
  RecordProperty("longest_in_election_timeouts", std::to_string(longest.election_timeouts) + ": " + longest.where);
}

}  // namespace
}  // namespace nines
