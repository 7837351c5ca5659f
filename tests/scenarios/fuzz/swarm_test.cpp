// The swarm: a run follows from its seed, everything that can be done is done, the core stands it, and a finding is made small.
#include <set>

#include <gtest/gtest.h>

#include "scenarios/fuzz/campaign.hpp"
#include "scenarios/fuzz/faults.hpp"
#include "scenarios/fuzz/shrink.hpp"
#include "tests/support/watched.hpp"
#include "tests/support/worlds.hpp"

namespace nines::fuzz {
namespace swarm_test {

std::vector<raft::Profile> profiles() {
  return {testing_worlds::zeebe(), testing_worlds::etcd(raft::PreVote::off), testing_worlds::etcd(raft::PreVote::freshness), testing_worlds::raft_paper()};
}

Campaign campaign(std::uint64_t seeds, int jobs) {
  Campaign c;
  c.profiles = profiles();
  c.seeds = seeds;
  c.jobs = jobs;
  return c;
}

std::string text_of(const Report& report) {
  return report.finding ? "seed " + std::to_string(report.seed) + ": " + report.finding->property + ": " + report.finding->what : std::string();
}

TEST(Swarm, ThousandsOfHostileClustersKeepEveryPropertyAndNothingIsLeftUntried) {
  const std::uint64_t seeds = testing_worlds::watched ? 100 : 3000;
  const Report report = run(campaign(seeds, 2));
  EXPECT_EQ(text_of(report), "");
  EXPECT_EQ(report.coverage.seeds, seeds);
  if (seeds < 1000) return;
  for (std::size_t kind = 0; kind < faults().size(); ++kind) EXPECT_GT(report.coverage.kinds[kind], 0u) << faults()[kind].name << " was never done";
  for (std::size_t turn = 0; turn < turns; ++turn) {
    if (static_cast<Turn>(turn) == Turn::held_up) continue;  // Rare.
    EXPECT_GT(report.coverage.taken[turn], 0u) << name_of(static_cast<Turn>(turn)) << " never happened";
  }
}

TEST(Swarm, WhatIsFoundAndCoveredDoesNotDependOnTheThreads) { EXPECT_EQ(run(campaign(200, 1)).coverage, run(campaign(200, 4)).coverage); }

TEST(Swarm, ARunFollowsFromItsPlan) {
  const std::vector<raft::Profile> some = profiles();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Plan a = draw_plan(seed, some, Rules::also_mixed), b = draw_plan(seed, some, Rules::also_mixed);
    ASSERT_EQ(story_of(a, 1'000'000), story_of(b, 1'000'000)) << "seed " << seed;
  }
}

// Drawing subsets is the point: most seeds leave most kinds out, and each kind is left out somewhere.
TEST(Swarm, EverySeedLeavesKindsOut) {
  const std::vector<raft::Profile> some = profiles();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::set<std::uint8_t> kinds;
    for (const Action& action : draw_plan(seed, some, Rules::also_mixed).actions) kinds.insert(action.kind);
    EXPECT_LT(kinds.size(), faults().size()) << "seed " << seed;
  }
}

// A majority that is never made whole again cannot be live: the finding is real, small, and told.
TEST(Shrinking, TakesAwayWhatDoesNotMatter) {
  const std::vector<raft::Profile> some{testing_worlds::raft_paper()};
  Plan plan = draw_plan(3, some, Rules::of_profiles);
  ASSERT_GT(plan.actions.size(), 20u);
  plan.core = 0;  // Everybody is stopped for good.
  const Outcome outcome = run_plan(plan);
  ASSERT_TRUE(outcome.finding);
  EXPECT_EQ(outcome.finding->property, "liveness");
  const Plan small = shrink(plan, *outcome.finding, 500);
  EXPECT_TRUE(small.actions.empty());
  EXPECT_NE(story_of(small, 50).find("the others stop for good"), std::string::npos);
}

TEST(Shrinking, EndsWhenItIsToldTo) {
  const std::vector<raft::Profile> some{testing_worlds::raft_paper()};
  Plan plan = draw_plan(3, some, Rules::of_profiles);
  plan.core = 0;
  const Outcome outcome = run_plan(plan);
  ASSERT_TRUE(outcome.finding);
  const Plan same = shrink(plan, *outcome.finding, 500, [] { return true; });
  EXPECT_EQ(same.actions.size(), plan.actions.size());
  int asked = 0;
  const Plan smaller = shrink(plan, *outcome.finding, 500, [&] { return ++asked > 4; });
  EXPECT_FALSE(smaller.actions.empty());
  EXPECT_LT(smaller.actions.size(), plan.actions.size());
}

TEST(Faults, AGripHoldsOnlyMembersOfTheGroup) {
  for (const Fault& fault : faults())
    for (raft::Member members = 1; members <= 7; ++members)
      for (std::uint64_t word = 1; word < 2000; word += 7) {
        const std::array<std::uint8_t, raft::max_members> zone{0, 1, 2, 0, 1, 2, 0};
        const Grip grip = take(fault.whom, word * 0x9e3779b97f4a7c15ull, {members, word % 2 == 0 ? raft::nobody : raft::Member{0}, zone});
        ASSERT_EQ(grip.members >> members, 0) << fault.name;
        for (raft::Member from = 0; from < raft::max_members; ++from) {
          ASSERT_EQ(grip.links[from] >> members, 0) << fault.name;
          ASSERT_EQ(grip.links[from] >> from & 1, 0) << fault.name << ": a link to itself";
          ASSERT_TRUE(from < members || grip.links[from] == 0) << fault.name;
        }
      }
}

}  // namespace swarm_test
}  // namespace nines::fuzz
