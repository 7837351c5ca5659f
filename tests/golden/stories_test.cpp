// Readable traces, compared byte for byte with the files beside this one. README.md says how they are made anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/golden/story.hpp"
#include "tests/support/worlds.hpp"

namespace nines::golden {
namespace stories_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::raft_paper;
using testing_worlds::scripted;
using testing_worlds::seed_led_by;
using testing_worlds::Stage;
using testing_worlds::zeebe;

void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(NINES_SOURCE_DIR) / "tests/golden" / (name + ".txt");
  if (std::getenv("NINES_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream kept;
  kept << file.rdbuf();
  ASSERT_TRUE(file.good()) << path << " cannot be read";
  EXPECT_EQ(kept.str(), text) << "see tests/golden/README.md";
}

// Three members on b0, b1, b2, one in each of three zones half a millisecond apart; disks take 1 ms.
world::Options three(const raft::Profile& profile) {
  world::Options o = cluster(3, 3, 1, 3, profile);
  for (world::Broker& broker : o.brokers) broker.flush = Law::fixed(1ms);
  o.fidelity = world::Fidelity::full;
  return o;
}

std::string tell(const std::string& title, world::Options options, std::vector<failure::ScriptedFault> script, Instant from, Instant to) {
  const std::uint64_t seed = seed_led_by(options, 0);
  options.script = std::move(script);
  Stage stage(options, seed);
  return "# " + title + "\n" + story(stage, from, to);
}

TEST(Golden, ZeebeElectsAfterItsPrimaryCrashed) {
  expect_golden("zeebe_crash", tell("Zeebe: the primary b0 crashes at 10 s and is back at 20 s. b1 has waited its timeout twice when it polls.",
                                    three(zeebe()), {scripted(10s, "stop", {"b0"}, 10s)}, at(9900ms), at(21s)));
}

TEST(Golden, EtcdElectsAfterItsLeaderCrashed) {
  expect_golden("etcd_crash",
                tell("etcd 3.5: the leader b0 crashes at 10 s and is back at 15 s. Pre-vote, vote, and one probe before the window opens.",
                     three(etcd(raft::PreVote::freshness)), {scripted(10s, "stop", {"b0"}, 5s)}, at(9900ms), at(15500ms)));
}

TEST(Golden, ASilentGroupHearsThatItsLeaderIsGone) {
  raft::Profile silent = etcd(raft::PreVote::freshness);
  silent.quiesce_after = 500ms;
  silent.leader_gone_after = 3s;
  expect_golden("silent_crash",
                tell("etcd's rules with silence after half a second: the leader b0 crashes at 10 s and is back at 15 s. Nobody misses it "
                     "until both others hear of it, each at its next tick after 13 s.",
                     three(silent), {scripted(10s, "stop", {"b0"}, 5s)}, at(500ms), at(18s)));
}

TEST(Golden, EtcdHandsOverBeforeAPlannedStop) {
  expect_golden("etcd_planned_stop", tell("etcd 3.5: the leader b0 is told at 10 s that it will stop half a second later.",
                                          three(etcd(raft::PreVote::freshness)), {scripted(10s, "planned-stop", {"b0"}, 3s)}, at(9950ms), at(10800ms)));
}

TEST(Golden, AnIsolatedLeaderIsReplacedAndItsEntriesWithIt) {
  world::Options o = three(zeebe());
  o.clusters[0].load = {2, 100};
  expect_golden("zeebe_partition",
                tell("Zeebe with two writes a second: b0, the leader, is cut off from 10 s to 16.5 s and writes on alone until it steps down.", o,
                     {scripted(10s, "cut", {"n0"}, 6500ms)}, at(9900ms), at(17200ms)));
}

TEST(Golden, AFollowerThatWasCutOffUnseatsTheLeaderWhereNobodyAsksFirst) {
  expect_golden("paper_heal", tell("Raft as published: b1 is cut off from 10 s to 11 s, counts terms, and unseats the leader when the cut heals.",
                                   three(raft_paper()), {scripted(10s, "cut", {"n1"}, 1s)}, at(9950ms), at(11600ms)));
}

}  // namespace stories_test
}  // namespace nines::golden
