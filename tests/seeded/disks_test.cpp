// Disks that fail in thousands of random worlds: what may be lost then, what may not, and that nothing stops a group for good.

#include <gtest/gtest.h>

#include "tests/seeded/catalogue.hpp"
#include "tests/support/random_world.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/worlds.hpp"

namespace nines {
namespace disks_test {

using testing_worlds::RandomWorld;
using testing_worlds::seeds;
using testing_worlds::Stage;

// A newcomer is let in once a majority of the others holds everything; so as long as no majority of disks is gone at a time, nothing is lost.
// Voters that come back under their old name may lose more (Zeebe), and so may flushes that nobody waits for.
TEST(FailingDisks, LoseNothingCommittedWhileAMajorityKeepsItsDataAndReplacementsAreNewcomers) {
  std::uint64_t safe = 0, with_loss = 0, voters_lost = 0;
  for (std::uint64_t seed = 0; seed < seeds(3000); ++seed) {
    RandomWorld random = seeded::random_world(seed);
    testing_worlds::let_disks_fail(random, seed);
    const raft::Profile& profile = random.options.clusters[0].profile;
    const bool promises = !profile.match_may_fall && profile.flush.delay == 0ns && profile.flush.follower_before_ack;
    Stage stage(random.options, seed);
    const Instant horizon = Instant{} + random.options.horizon;
    stage.run_until(horizon);
    stage.world.finish(horizon, 0);
    for (std::size_t g = 0; g < stage.world.groups(); ++g) {
      const world::Group& group = stage.world.group(PartitionId{g});
      if (group.majorities_lost() > 0) {
        with_loss += group.data_losses().empty() ? 0u : 1u;
      } else if (promises) {
        ++safe;
        ASSERT_TRUE(group.data_losses().empty()) << random.text << "; group " << g;
      } else {
        voters_lost += group.data_losses().empty() ? 0u : 1u;
      }
    }
  }
  // Neither promise is empty: much is lost where it may be.
  EXPECT_GT(safe, seeds(3000) / 2);
  EXPECT_GT(with_loss, seeds(3000) / 2);
  EXPECT_GT(voters_lost, seeds(3000) / 100);
}

// Two minutes after the last fault everybody who runs belongs to the group and holds what is committed.
TEST(FailingDisks, LetEveryGroupWriteAgainOnceTheyAreOver) {
  for (std::uint64_t seed = 0; seed < seeds(600); ++seed) {
    RandomWorld random = seeded::random_world(seed);
    testing_worlds::let_disks_fail(random, seed);
    // A link that is always lossy, or too narrow for the load, may keep a group from electing anybody for long.
    for (topology::LinkLaw* link : {&random.options.topology.same_zone, &random.options.topology.same_region})
      link->loss = link->bandwidth_bytes_per_s = 0;
    Stage stage(random.options, seed);
    std::vector<failure::Change> going_on = stage.timeline.active();
    const Instant last = Instant{} + 100s;
    for (; stage.upcoming.at < last; stage.upcoming = stage.timeline.next(stage.upcoming.at)) {
      stage.world.apply(stage.upcoming);
      if (stage.upcoming.stage == failure::Stage::begin || stage.upcoming.stage == failure::Stage::widen) going_on.push_back(stage.upcoming);
      if (stage.upcoming.stage == failure::Stage::end)
        std::erase_if(going_on, [&](const failure::Change& c) { return c.mode == stage.upcoming.mode && c.element == stage.upcoming.element; });
    }
    for (failure::Change change : going_on) {
      if (change.stage != failure::Stage::begin) continue;  // The end of a cut ends its widening too.
      change.stage = failure::Stage::end;
      change.at = last;
      stage.world.apply(change);
    }
    stage.world.advance(last + 120s);
    for (std::size_t g = 0; g < stage.world.groups(); ++g) {
      const world::Group& group = stage.world.group(PartitionId{g});
      EXPECT_TRUE(group.writable()) << random.text << "; group " << g;
      EXPECT_EQ(group.around().running(), world::all_of(stage.plan->groups[g].members)) << random.text << "; group " << g;
    }
    if (HasFailure()) return;
  }
}

}  // namespace disks_test
}  // namespace nines
