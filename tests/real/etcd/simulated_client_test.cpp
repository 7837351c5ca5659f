#include "tests/real/etcd/simulated_client.hpp"

#include <gtest/gtest.h>

#include "tests/real/etcd/simulate.hpp"
#include "tests/support/worlds.hpp"

namespace nines::real_etcd {
namespace simulated_client_test {

using testing_worlds::at;

// Three members 10 ms apart, the client running since 1 s; the k-th put goes to member k modulo 3 first.
struct Scene {
  Scene() : plan(constant_plan()), trial(plan, 7, 0), client(trial, {}, one_way, at(1s)) {}

  static std::shared_ptr<const world::Plan> constant_plan() {
    const Configuration c;
    world::Options options = plan_of(c, etcd_profile(c))->options;
    options.topology.same_zone = testing_worlds::constant_delay(one_way);
    return std::make_shared<const world::Plan>(std::move(options));
  }
  void run_until(Instant t) { client.run_until(t); }
  void hit(Instant t, failure::Effect effect, raft::Member member) {
    client.run_until(t);
    trial.begin(t, effect, member);
    if (effect == failure::Effect::stop) client.reset(member);
  }
  Instant next_leader(Instant since) const {
    for (const world::RoleChange& change : trial.roles())
      if (change.at >= since && change.role == raft::Role::leader) return change.at;
    return never;
  }

  static constexpr Duration one_way{10ms};
  std::shared_ptr<const world::Plan> plan;
  reference::Trial trial;
  Client client;
};

TEST(SimulatedClient, APutTakesOneRoundTripAtTheLeaderAndTwoAtAFollower) {
  Scene scene;
  scene.run_until(at(2s));
  const raft::Member leader = scene.trial.leader();
  for (std::size_t k = 0; k < 90; ++k) {
    const Put& put = scene.client.puts()[k];
    EXPECT_NEAR(seconds(put.done - put.issued) * 1e3, k % 3 == leader ? 20.71 : 40.71, 0.1) << k;
    EXPECT_EQ(put.attempts, 1);
  }
}

TEST(SimulatedClient, AMemberThatIsGoneRefusesAndTheNextOneIsTriedAtOnce) {
  Scene scene;
  scene.run_until(at(2s));
  const auto follower = static_cast<raft::Member>((scene.trial.leader() + 1) % 3);
  scene.hit(at(2s), failure::Effect::stop, follower);
  scene.run_until(at(3s));
  int elsewhere = 0;
  for (std::size_t k = 105; k < 180; ++k) {
    const Put& put = scene.client.puts()[k];
    EXPECT_LE(put.done - put.issued, 42ms) << k;
    EXPECT_EQ(put.attempts, k % 3 == follower ? 2 : 1);
    elsewhere += put.attempts == 2;
  }
  EXPECT_EQ(elsewhere, 25);
}

// Followers forward to the dead leader until they miss it: who asked them before waits for its timeout, who asks later for the next leader.
TEST(SimulatedClient, WhatIsForwardedToADeadLeaderIsLostAndWhatWaitsForANewOneIsNot) {
  Scene scene;
  scene.run_until(at(2s));
  const raft::Member leader = scene.trial.leader();
  scene.hit(at(2s), failure::Effect::stop, leader);
  scene.run_until(at(8s));
  const Instant elected = scene.next_leader(at(2s));
  ASSERT_NE(elected, never);
  int lost = 0, waited = 0;
  for (const Put& put : scene.client.puts()) {
    if (put.issued < at(2s) || put.issued >= elected) continue;
    ASSERT_NE(put.done, never);
    EXPECT_GE(put.done, elected + 40ms);  // The entry of the new term, then the puts: two round trips.
    lost += put.timeouts > 0;
    waited += put.timeouts == 0;
    EXPECT_LE(put.done, elected + (put.timeouts == 0 ? 1s : 3s));
  }
  EXPECT_GE(lost, 80);  // All of the first second but for those of the moment before it was missed.
  EXPECT_GE(waited, 1);
}

TEST(SimulatedClient, ALeaderThatStandsStillKeepsItsClientsUntilTheyTimeOut) {
  Scene scene;
  scene.run_until(at(2s));
  const raft::Member leader = scene.trial.leader();
  scene.hit(at(2s), failure::Effect::pause, leader);
  scene.run_until(at(9s));
  int waited = 0;
  for (const Put& put : scene.client.puts()) {
    const auto k = static_cast<std::size_t>((put.issued - at(1s)) / 10ms);
    if (put.issued < at(5s) || put.issued >= at(7s)) continue;
    EXPECT_EQ(put.timeouts, k % 3 == leader ? 1 : 0) << k;
    waited += put.timeouts;
  }
  EXPECT_GE(waited, 60);
}

// etcd raft.go stepLeader drops proposals meanwhile: an own client hears of it, a forwarded one does not.
TEST(SimulatedClient, WhileLeadershipIsHandedOverForwardedPutsAreLost) {
  Scene scene;
  scene.run_until(at(2s));
  scene.trial.announce(at(2s), scene.trial.leader());
  scene.run_until(at(5s));
  const Instant elected = scene.next_leader(at(2s));
  ASSERT_LE(elected, at(2s) + 100ms);
  int lost = 0;
  for (const Put& put : scene.client.puts())
    if (put.issued < at(3s)) lost += put.timeouts;
  EXPECT_GE(lost, 1);
  EXPECT_LE(lost, 10);
}

TEST(SimulatedClient, NoAttemptIsMadeAfterItHasGivenUp) {
  Scene scene;
  scene.hit(at(2s), failure::Effect::stop, 0);
  scene.hit(at(2s), failure::Effect::stop, 1);
  scene.run_until(at(14s));
  const std::vector<Put> then = scene.client.puts();
  scene.run_until(at(16s));
  for (std::size_t k = 110; k < 200; ++k) {  // Issued before 3 s.
    EXPECT_EQ(then[k].done, never);
    EXPECT_EQ(then[k].attempts, scene.client.puts()[k].attempts);
    EXPECT_GE(then[k].timeouts, 8);
  }
}

}  // namespace simulated_client_test
}  // namespace nines::real_etcd
