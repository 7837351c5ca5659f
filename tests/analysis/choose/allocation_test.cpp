#include "analysis/choose/allocation.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "analysis/choose/frontier.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {
namespace allocation_test {

std::uint64_t sum(const std::vector<std::uint64_t>& all) { return std::accumulate(all.begin(), all.end(), std::uint64_t{0}); }

TEST(Allocation, WhatIsDecidedGetsNothing) {
  const std::vector<Contender> clear{{.cost = 1, .downtime = 100, .error = 1, .replications = 50}, {.cost = 2, .downtime = 50, .error = 1, .replications = 50}};
  EXPECT_EQ(sum(allocate(clear, 1000, 1000, 25).more), 0u);
}

TEST(Allocation, ThePairThatIsOpenSharesTheBudgetByItsVariances) {
  const std::vector<Contender> three{{.cost = 1, .downtime = 100, .error = 4, .replications = 50},
                                     {.cost = 2, .downtime = 92, .error = 2, .replications = 50},
                                     {.cost = 3, .downtime = 500, .error = 30, .replications = 50}};
  const Allocation got = allocate(three, 1000, 10'000, 25);
  EXPECT_EQ(got.open_pairs, 1u);
  EXPECT_EQ(got.more[2], 0u);  // Beaten for certain.
  EXPECT_EQ(got.more[0], 800u);
  EXPECT_EQ(got.more[1], 200u);
}

TEST(Allocation, APairThatNoBudgetTellsApartIsLeftAlone) {
  const std::vector<Contender> equal{{.cost = 1, .downtime = 100, .error = 1, .replications = 400}, {.cost = 2, .downtime = 100, .error = 1, .replications = 400}};
  const Allocation got = allocate(equal, 1000, 1000, 25);
  EXPECT_EQ(got.close_pairs, 1u);
  EXPECT_EQ(sum(got.more), 0u);
}

TEST(Allocation, NobodyGetsBeyondTheMost) {
  const std::vector<Contender> open{{.cost = 1, .downtime = 100, .error = 10, .replications = 990, .open = true},
                                    {.cost = 2, .downtime = 10, .error = 1, .replications = 1000, .open = true}};
  const Allocation got = allocate(open, 100'000, 1000, 25);
  EXPECT_EQ(got.more[0], 10u);
  EXPECT_EQ(got.more[1], 0u);
}

// Thirty designs with exponential downtimes of each replication, most of them beaten: with a fifth of the replications the same front comes out as with
// all, but for pairs that all of them do not tell apart either.
TEST(Allocation, AFifthOfTheReplicationsFindsTheSameFront) {
  constexpr std::size_t designs = 30;
  constexpr std::uint64_t most = 1000;
  std::uint64_t different = 0, trials = 0;
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    const Streams streams(7, trial);
    std::vector<double> mean(designs), cost(designs);
    for (std::size_t d = 0; d < designs; ++d) {
      const Stream law = streams.of(1000 + d, Purpose::test);
      cost[d] = std::floor(law.uniform({.index = 0}) * 20);
      mean[d] = 20 + 200 * law.uniform({.index = 1}) + 200 * std::exp(-cost[d] / 4);
    }
    const auto estimate = [&](std::size_t d, std::uint64_t replications) {
      const Stream draws = streams.of(d, Purpose::test);
      double total = 0, squares = 0;
      for (std::uint64_t r = 0; r < replications; ++r) {
        const double x = -mean[d] * std::log(draws.uniform({.index = r}));
        total += x;
        squares += x * x;
      }
      const auto n = static_cast<double>(replications);
      return Contender{.cost = cost[d], .downtime = total / n, .error = std::sqrt((squares - total * total / n) / (n - 1) / n), .replications = replications};
    };
    std::vector<Contender> contenders, all;
    for (std::size_t d = 0; d < designs; ++d) {
      contenders.push_back(estimate(d, 50));
      all.push_back(estimate(d, most));
    }
    std::uint64_t spent = 50 * designs;
    constexpr std::uint64_t budget = designs * most / 5;
    while (spent < budget) {
      const Allocation next = allocate(contenders, std::min<std::uint64_t>(1000, budget - spent), most, 25);
      if (sum(next.more) == 0) break;
      for (std::size_t d = 0; d < designs; ++d)
        if (next.more[d] > 0) contenders[d] = estimate(d, contenders[d].replications + next.more[d]);
      spent += sum(next.more);
    }
    EXPECT_LE(spent, budget + 25 * designs);
    const auto front = [](const std::vector<Contender>& of) {
      std::vector<Choice> choices;
      for (const Contender& one : of) choices.push_back({one.cost, one.downtime});
      std::vector<bool> on(of.size());
      for (const Ranked& one : ranked(choices)) on[one.index] = !one.beaten;
      return on;
    };
    const std::vector<bool> found = front(contenders), brute = front(all);
    for (std::size_t d = 0; d < designs; ++d) {
      ++trials;
      if (found[d] == brute[d]) continue;
      // Its strongest rival among those that cost no more; told apart from it by all replications, it is a mistake.
      std::size_t rival = designs;
      for (std::size_t e = 0; e < designs; ++e)
        if (e != d && cost[e] <= cost[d] && (rival == designs || all[e].downtime < all[rival].downtime)) rival = e;
      ASSERT_LT(rival, designs);
      const bool close = std::abs(all[d].downtime - all[rival].downtime) <= 1.96 * std::hypot(all[d].error, all[rival].error);
      different += close ? 0 : 1;
    }
  }
  EXPECT_LE(different, trials / 500) << "of " << trials;
}

}  // namespace allocation_test
}  // namespace nines::analysis
