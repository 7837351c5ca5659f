// Clusters in which not everybody hears everybody. Who gets a stable leader depends on two rules: a pre-vote that is refused while a live leader
// is heard, and a leader that steps down when it hears no quorum (H. Howard and I. Abraham, "Raft does not guarantee liveness in the face of
// network faults", decentralizedthoughts 2020-12-12, after Cloudflare's outage of 2020-11-02; NuRaft docs/prevote_protocol.md).
#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "tests/reference/trial.hpp"
#include "tests/reference/trust.hpp"
#include "tests/support/worlds.hpp"

namespace nines::reference {
namespace partial_connectivity_test {

constexpr std::uint64_t seed = 15;
constexpr std::uint64_t worlds = 100;
constexpr Duration heartbeat = 50ms;

enum class Rules { plain, pre_vote, both };

// Servers 1 to 5, as the sources number them.
struct Shape {
  std::vector<std::pair<int, int>> hear_each_other;
  std::vector<int> dead;
  int leader = 0;  // Of the time before; 0: anybody.
};

// 1, 2 and 3 hear each other, 4 only 2, 5 only 3.
const Shape two_outposts{{{1, 2}, {1, 3}, {2, 3}, {2, 4}, {3, 5}}, {}, 0};
// 5 is dead, and the leader, 4, hears only 2.
const Shape leader_in_an_outpost{{{1, 2}, {1, 3}, {2, 3}, {2, 4}}, {5}, 4};
// Cliques {1, 2, 3}, {2, 3, 5}, {4, 5}, {1, 4}.
const Shape rivals{{{1, 2}, {1, 3}, {2, 3}, {2, 5}, {3, 5}, {4, 5}, {1, 4}}, {}, 0};

// One way 2 to 5 ms, election timeout 100 to 200 ms.
std::shared_ptr<const world::Plan> plan_of(Rules rules) {
  raft::Profile p = catalog_profile("raft-paper");
  p.heartbeat = heartbeat;
  p.heartbeat_only_when_idle = false;
  p.election_timeout = 100ms;
  p.election_timeout_max = 200ms;
  if (rules != Rules::plain) p.pre_vote = raft::PreVote::freshness;
  if (rules == Rules::both) p.check_quorum = {200ms, 0ns};
  world::Options options = testing_worlds::cluster(5, 1, 1, 5, p);
  topology::LinkLaw& link = options.topology.same_zone;
  link.minimum = 2ms;
  link.jitter_median = 1500us;
  link.jitter_sigma = 1;
  link.maximum = 5ms;
  return std::make_shared<const world::Plan>(std::move(options));
}

struct Ending {
  int stable = 0;     // Worlds where, within 10 s of the cuts, a leader that could commit was in office for 16 heartbeats without a break.
  int elections = 0;  // Leaders elected until then, over all worlds.
};

void play(const std::shared_ptr<const world::Plan>& plan, const Shape& shape, std::uint64_t number, Ending& ending) {
  Trial trial(plan, seed, number);
  Instant t = testing_worlds::at(1s) + from_seconds(0.2 * chance(seed, number, 0));
  trial.run_until(t);
  // Whoever leads plays the part of the shape's leader; the others follow in their order.
  const raft::Member now = trial.leader();
  const auto member = [&](int server) {
    const int shift = shape.leader == 0 ? 0 : now - (shape.leader - 1);
    return static_cast<raft::Member>((server - 1 + shift + 5) % 5);
  };
  for (const int server : shape.dead) trial.begin(t, failure::Effect::stop, member(server));
  for (int a = 1; a <= 5; ++a)
    for (int b = a + 1; b <= 5; ++b)
      if (std::find(shape.hear_each_other.begin(), shape.hear_each_other.end(), std::pair(a, b)) == shape.hear_each_other.end())
        trial.cut_between(t, member(a), member(b));
  const Instant start = t, end = t + 10s;
  raft::Member writer = raft::nobody;
  raft::Term term = 0;
  Instant since = t;
  for (bool stable = false; t < end && !stable; t += 1ms) {
    trial.run_until(t);
    const raft::Member writes = trial.group().writer();
    const raft::Term its_term = writes == raft::nobody ? 0 : trial.core(writes).term();
    if (writes != writer || its_term != term) {
      writer = writes;
      term = its_term;
      since = t;
    }
    stable = writer != raft::nobody && t - since >= 16 * heartbeat;
    ending.stable += stable ? 1 : 0;
  }
  for (const world::RoleChange& change : trial.roles()) ending.elections += change.at >= start && change.role == raft::Role::leader ? 1 : 0;
}

Ending end_of(const Shape& shape, Rules rules) {
  const auto plan = plan_of(rules);
  Ending ending;
  for (std::uint64_t k = 0; k < worlds; ++k) play(plan, shape, k, ending);
  return ending;
}

constexpr int all = static_cast<int>(worlds);
const Known truth_table{"Who gets a stable leader where not everybody hears everybody", "Howard and Abraham 2020; NuRaft, `prevote_protocol.md`"};

std::string worlds_of(int cells) { return counted(static_cast<std::size_t>(cells * all), "worlds"); }

TEST(PartialConnectivity, TwoOutpostsUnseatEveryLeaderUnlessPreVotesAreRefusedWhileOneIsHeard) {
  const Ending plain = end_of(two_outposts, Rules::plain);
  EXPECT_EQ(plain.stable, 0);
  EXPECT_GT(plain.elections, 10 * all);
  const int led = end_of(two_outposts, Rules::pre_vote).stable;
  EXPECT_EQ(led, all);
  record_trust(truth_table, worlds_of(2), plain.stable + all - led);
}

// Server 2 hears its leader and refuses the pre-votes of 1 and 3; the leader hears too few to commit anything and never learns of it.
TEST(PartialConnectivity, PreVotesKeepALeaderInAnOutpostInOfficeForEverUnlessItChecksItsQuorum) {
  const int led = end_of(leader_in_an_outpost, Rules::plain).stable;
  EXPECT_EQ(led, all);
  const Ending stuck = end_of(leader_in_an_outpost, Rules::pre_vote);
  EXPECT_EQ(stuck.stable, 0);
  EXPECT_EQ(stuck.elections, 0);
  EXPECT_EQ(end_of(leader_in_an_outpost, Rules::both).stable, all);
  record_trust(truth_table, worlds_of(2), all - led + stuck.stable);
}

TEST(PartialConnectivity, RivalsThatDoNotHearEachOtherDuelForEverWithoutPreVotes) {
  const Ending plain = end_of(rivals, Rules::plain);
  EXPECT_EQ(plain.stable, 0);
  EXPECT_GT(plain.elections, 10 * all);
  record_trust(truth_table, worlds_of(1), plain.stable);
}

TEST(PartialConnectivity, WithPreVotesAndCheckedQuorumsSomebodyAlwaysLeads) {
  int led = 0;
  for (const Shape& shape : {two_outposts, leader_in_an_outpost, rivals}) {
    const int stable = end_of(shape, Rules::both).stable;
    EXPECT_EQ(stable, all);
    led += stable;
  }
  record_trust(truth_table, worlds_of(3), 3 * all - led);
}

}  // namespace partial_connectivity_test
}  // namespace nines::reference
