// Who can write, from when to when not, and why: outages seen from outside.
#include <gtest/gtest.h>

#include "tests/support/worlds.hpp"

namespace nines::world {
namespace group_view_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::etcd;
using testing_worlds::scripted;
using testing_worlds::seed_led_by;
using testing_worlds::without_delays;
using testing_worlds::zeebe;

// One partition of three on three nodes, one a zone; messages take no time. Member 0, on b0, is the primary.
Options three(const raft::Profile& profile) {
  Options o = cluster(3, 3, 1, 3, profile);
  without_delays(o);
  o.horizon = 60s;
  return o;
}

Record run(const Options& options, std::uint64_t seed) { return simulate(options, seed, 0); }

TEST(Outage, BeginsWithTheLeadersCrashAndEndsWithTheNextLeadersServices) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "stop", {"b0"}, 30s)};
  const Record record = run(o, seed_led_by(o, 0));
  ASSERT_EQ(record.outages.size(), 1u);
  const Outage& outage = record.outages[0];
  EXPECT_EQ(outage.start, at(10s));
  // The secondary fires 5 s after the last heartbeat, at most 250 ms before the crash, and its services take 80 ms.
  EXPECT_GT(outage.end, at(10s + 4750ms + 80ms));
  EXPECT_LE(outage.end, at(10s + 5s + 80ms + 1us));
  EXPECT_EQ(outage.phase, Phase::election);
  EXPECT_EQ(outage.mode, 0u);
  ASSERT_EQ(record.failovers.size(), 1u);
  EXPECT_EQ(record.failovers[0].duration, outage.end - outage.start);
  EXPECT_TRUE(record.quorum_losses.empty());
}

TEST(Outage, AFollowersCrashIsNone) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "stop", {"b1"}, 5s)};
  EXPECT_TRUE(run(o, seed_led_by(o, 0)).outages.empty());
}

// The broker is back before anybody noticed; it has forgotten that it led, and the outage goes on until somebody leads again.
TEST(Outage, OfALeaderThatIsBackBeforeTheElectionIsOneOutage) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "stop", {"b0"}, 1s)};
  const Record record = run(o, seed_led_by(o, 0));
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_EQ(record.outages[0].phase, Phase::election);
  EXPECT_EQ(record.outages[0].recovery, 0s) << "the quorum was there all along";
  EXPECT_GT(record.outages[0].end, at(12500ms));
}

TEST(Outage, OfAGroupOfOneLastsUntilItsOnlyMemberLeadsAgain) {
  Options o = cluster(3, 1, 1, 1, zeebe());
  without_delays(o);
  o.horizon = 60s;
  o.script = {scripted(10s, "stop", {"b0"}, 5s)};
  const Record record = run(o, 1);
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_EQ(record.outages[0].phase, Phase::quorum);
  EXPECT_EQ(record.outages[0].start, at(10s));
  EXPECT_EQ(record.outages[0].end, at(15s + 2500ms + 80ms + 1ns));  // Back, its timer, its two writes one after the other, its services.
  EXPECT_EQ(record.outages[0].recovery, 2580ms + 1ns);
}

TEST(Outage, WithTooFewMembersIsOneOfTheQuorum) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "stop", {"b1"}, 20s), scripted(12s, "stop", {"b2"}, 5s)};
  const Record record = run(o, seed_led_by(o, 0));
  ASSERT_EQ(record.quorum_losses.size(), 1u);
  EXPECT_EQ(record.quorum_losses[0].start, at(12s));
  EXPECT_EQ(record.quorum_losses[0].end, at(17s));
  EXPECT_EQ(record.quorum_losses[0].mode, 1u);
  ASSERT_FALSE(record.outages.empty());
  EXPECT_EQ(record.outages[0].start, at(12s));
  EXPECT_GE(record.outages[0].end, at(17s));
  EXPECT_EQ(record.outages[0].phase, Phase::quorum);
  EXPECT_EQ(record.outages[0].recovery, record.outages[0].end - at(17s));
  EXPECT_EQ(record.outages[0].mode, 1u) << "the second fault is what took the quorum";
}

// Thousands of years of practice: a leader that stands still and moves on is still the leader.
TEST(Outage, OfALeaderThatStandsStillLastsAsLongAsThePause) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "pause", {"b0"}, 1s)};
  const Record record = run(o, seed_led_by(o, 0));
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_EQ(record.outages[0].start, at(10s));
  EXPECT_EQ(record.outages[0].end, at(11s));
  EXPECT_EQ(record.outages[0].phase, Phase::pause);
  EXPECT_TRUE(record.failovers.empty());
}

// A partition is down from the fault, not from when its leader notices.
TEST(Outage, OfAnIsolatedLeaderBeginsWithTheCut) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "cut", {"n0"}, 30s)};
  const std::uint64_t seed = seed_led_by(o, 0);
  testing_worlds::Stage stage(o, seed);
  stage.run_until(at(10s + 1ms));
  EXPECT_FALSE(stage.world.group(PartitionId{0u}).writable());
  EXPECT_EQ(stage.world.group(PartitionId{0u}).core(0).role(), raft::Role::leader);
  EXPECT_EQ(run(o, seed).outages[0].start, at(10s));
}

TEST(Outage, ALeaderThatIsHeardAndDoesNotHearCannotWrite) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "cut-out", {"b1", "b0"}, 100ms), scripted(10s, "cut-out", {"b2", "b0"}, 100ms)};
  const Record record = run(o, seed_led_by(o, 0));
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_EQ(record.outages[0].start, at(10s));
  EXPECT_EQ(record.outages[0].end, at(10100ms));
}

TEST(Outage, ThatOutlastsTheRunEndsWithIt) {
  Options o = three(zeebe());
  o.script = {scripted(50s, "stop", {"b0"}, 1h), scripted(50s, "stop", {"b1"}, 1h)};
  const Record record = run(o, 1);
  ASSERT_EQ(record.outages.size(), 1u);
  EXPECT_EQ(record.outages[0].end, at(60s));
  EXPECT_EQ(record.quorum_losses[0].end, at(60s));
  EXPECT_TRUE(record.failovers.empty());
}

// --- The client's side ---

// Zeebe GatewayCfg: a request that was lost with its leader hangs for 15 s, and so does each one after it.
TEST(ClientOutage, LastsWholeRequestTimeouts) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "stop", {"b0"}, 30s)};
  const Record record = run(o, seed_led_by(o, 0));
  ASSERT_EQ(record.client_outages.size(), 3u);  // One of each zone.
  for (const ClientOutage& outage : record.client_outages) {
    EXPECT_EQ(outage.start, at(10s));
    EXPECT_EQ(outage.end, at(25s));
  }
}

TEST(ClientOutage, OfAShortPauseIsTheLengthOfThePause) {
  Options o = three(zeebe());
  o.script = {scripted(10s, "pause", {"b0"}, 1s)};
  const Record record = run(o, seed_led_by(o, 0));
  ASSERT_EQ(record.client_outages.size(), 3u);
  EXPECT_EQ(record.client_outages[0].end, at(11s));
}

// The zone's clients are cut off with it; those of the other zones go on.
TEST(ClientOutage, OfAZoneThatIsCutOffBelongsToItsOwnClients) {
  Options o = three(zeebe());
  const std::uint64_t seed = seed_led_by(o, 0);
  o.script = {scripted(10s, "cut", {"r/c"}, 5s)};  // b2 and nobody else.
  const Record record = run(o, seed);
  EXPECT_TRUE(record.outages.empty());
  ASSERT_EQ(record.client_outages.size(), 1u);
  EXPECT_EQ(record.client_outages[0].zone, ZoneId{2u});
  EXPECT_EQ(record.client_outages[0].start, at(10s));
  EXPECT_EQ(record.client_outages[0].end, at(25s));
}

}  // namespace group_view_test
}  // namespace nines::world
