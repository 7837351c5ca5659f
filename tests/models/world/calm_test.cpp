// Which groups sleep. That sleeping is exact is shown by tests/seeded.
#include <gtest/gtest.h>

#include "tests/support/worlds.hpp"

namespace nines::world {
namespace calm_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::constant_delay;
using testing_worlds::Stage;

// An hour of 100 loaded groups whose proposals come as often as heartbeats, each group with a phase of its own, on links so long that about a
// third of them have an exchange under way at every heartbeat.
void expect_all_to_sleep(const raft::Profile& profile) {
  Options o = cluster(3, 3, 100, 3, profile);
  o.topology.same_region = constant_delay(profile.heartbeat / 12);
  o.topology.same_zone = constant_delay(profile.heartbeat / 12);
  o.clusters[0].load = {1 / seconds(profile.heartbeat), 100};
  Stage stage(o, 1);
  stage.run_until(at(std::chrono::hours{1}));
  for (std::size_t g = 0; g < stage.world.groups(); ++g)
    EXPECT_GT(stage.world.group(PartitionId{g}).calm_time(), std::chrono::minutes{59}) << profile.name << ", group " << g;
}

TEST(Calm, AGroupSleepsAlsoWhereProposalsMeetItsHeartbeats) {
  raft::Profile window_of_one = testing_worlds::zeebe();
  window_of_one.append_window = 1;
  expect_all_to_sleep(window_of_one);
}

TEST(Calm, AGroupWhoseFollowersFetchSleepsUnderLoad) { expect_all_to_sleep(testing_worlds::kraft()); }

}  // namespace calm_test
}  // namespace nines::world
