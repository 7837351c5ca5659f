// Planned work that waits while enough of its cluster is down for planned work.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "models/failure/timeline.hpp"

namespace nines::failure {
namespace budget_test {

// Brokers 0 .. 5 of "orders" and 6 .. 8 of "mail"; two on each node but the last.
Site two_clusters() {
  Site site;
  for (std::uint32_t b = 0; b < 9; ++b) {
    site.brokers.push_back("b" + std::to_string(b));
    site.broker_node.push_back(b / 2);
    site.broker_cluster.push_back(b < 6 ? 0 : 1);
  }
  for (std::uint32_t n = 0; n < 5; ++n) {
    site.nodes.push_back("n" + std::to_string(n));
    site.node_rack.push_back(Site::nowhere);
    site.node_zone.push_back(0);
  }
  site.zones = {"r/a"};
  site.regions = {"r"};
  site.zone_region = {0};
  site.clusters = {"orders", "mail"};
  return site;
}

Mode upgrade(Scope scope, int most) {
  Mode mode;
  mode.name = "rolling-upgrade";
  mode.scope = scope;
  mode.effect = Effect::planned_stop;
  mode.up_time = Law::exponential(10h);
  mode.duration = Law::exponential(2h);
  mode.most_unavailable = most;
  return mode;
}

// What is down for planned work, step by step over 2000 hours; `look` is shown each state.
template <class Look>
std::map<std::uint32_t, int> watch(const std::vector<Mode>& modes, std::uint64_t seed, Look look) {
  Timeline timeline(modes, {}, two_clusters(), Streams(seed));
  std::multiset<std::uint32_t> down;
  for (const Change& change : timeline.active()) down.insert(change.element.a);
  look(down);
  std::map<std::uint32_t, int> worked;
  Instant now;
  for (Change c = timeline.next(now); c.at < Instant{} + 2000h; c = timeline.next(c.at)) {
    EXPECT_GE(c.at, now);
    now = c.at;
    if (c.stage == Stage::begin) {
      down.insert(c.element.a);
      ++worked[c.element.a];
    }
    if (c.stage == Stage::end) down.erase(down.find(c.element.a));
    look(down);
  }
  return worked;
}

std::size_t of_orders(const std::multiset<std::uint32_t>& down) {
  return static_cast<std::size_t>(std::count_if(down.begin(), down.end(), [](std::uint32_t b) { return b < 6; }));
}

TEST(Budget, LetsAsManyBrokersOfAClusterBeDownForPlannedWorkAndNoMore) {
  for (const int most : {1, 2}) {
    std::size_t deepest = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
      watch({upgrade(Scope::broker, most)}, seed, [&](const auto& down) { deepest = std::max(deepest, of_orders(down)); });
    EXPECT_EQ(deepest, static_cast<std::size_t>(most));
  }
  std::size_t deepest = 0;
  watch({upgrade(Scope::broker, 0)}, 1, [&](const auto& down) { deepest = std::max(deepest, of_orders(down)); });
  EXPECT_GT(deepest, 2u) << "without a budget";
}

TEST(Budget, IsEachClustersOwn) {
  bool both = false;
  watch({upgrade(Scope::broker, 1)}, 1, [&](const auto& down) { both = both || (of_orders(down) == 1 && down.size() == 2); });
  EXPECT_TRUE(both);
}

// Six brokers that are worked on for two hours after ten each: a crew of one is busy nearly always, and each gets its sixth of 2000 h / 2 h.
TEST(Budget, LosesNoWorkAndForgetsNobody) {
  const auto worked = watch({upgrade(Scope::broker, 1)}, 1, [](const auto&) {});
  ASSERT_EQ(worked.size(), 9u);
  for (const auto& [broker, times] : worked) {
    EXPECT_GT(times, 80) << broker;
    EXPECT_LT(times, 260) << broker;
  }
}

TEST(Budget, LetsANodeWithMoreBrokersThanItGoAlone) {
  std::size_t deepest = 0;
  const auto worked = watch({upgrade(Scope::node, 1)}, 1, [&](const auto& down) {
    deepest = std::max(deepest, static_cast<std::size_t>(std::count_if(down.begin(), down.end(), [](std::uint32_t n) { return n < 3; })));
  });
  EXPECT_EQ(deepest, 1u);
  EXPECT_EQ(worked.size(), 5u);
}

TEST(Budget, IsSharedByAllPlannedWork) {
  Mode patching = upgrade(Scope::broker, 1);
  patching.name = "node-patching";
  std::size_t deepest = 0;
  watch({upgrade(Scope::broker, 1), patching}, 1, [&](const auto& down) { deepest = std::max(deepest, of_orders(down)); });
  EXPECT_EQ(deepest, 1u);
}

}  // namespace budget_test
}  // namespace nines::failure
