#include "scenarios/schema/condition.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace condition_test {

const std::vector<Explanation>& values() {
  static const std::vector<Explanation> all{
      {"cluster.brokers", "5", {}, {}},
      {"cluster.replication", "3", {}, {}},
      {"cluster.spread", "zone", {}, {}},
      {"cluster.profile", "etcd-3.5", {}, {}},
      {"cluster.client.timeout", "2.5s", {}, {}},
      {"cluster.load.appends", "100/s", {}, {}},
      {"cluster.load.size", "1KiB", {}, {}},
      {"cluster.state", "0", {}, {}},
      {"cluster.raft.replication", "streaming", {}, {}},
      {"topology.nodePools.brokers.nodes", "6", {}, {}},
      {"topology.nodePools.other.nodes", "2", {}, {}},
      {"topology.nodePools.brokers.zones", "us-east-1/*", {}, {}},
      {"operations.downtimeCost", "5000 USD/h", {}, {}},
      {"faults.zone-outage.share", "15%", {}, {}},
  };
  return all;
}

// "true", "false" or the error with its column.
std::string judged(const std::string& text) {
  const auto condition = Condition::parse({text, {"f", 1, 1}}, values());
  if (!condition) return lines(condition.error());
  const auto holds = condition->holds(values());
  if (!holds) return lines(holds.error());
  return *holds ? "true" : "false";
}

TEST(Condition, ComparesValuesByTheLastPartOfTheirPaths) {
  EXPECT_EQ(judged("replication <= brokers"), "true");
  EXPECT_EQ(judged("cluster.replication > cluster.brokers"), "false");
  EXPECT_EQ(judged("brokers.nodes == 6"), "true");
  EXPECT_EQ(judged("replication != 3"), "false");
}

TEST(Condition, CalculatesWithUnits) {
  EXPECT_EQ(judged("appends * 1min == 6000"), "true");
  EXPECT_EQ(judged("appends * size <= 1MB/s"), "true");
  EXPECT_EQ(judged("timeout + 500ms >= 3 s"), "true");
  EXPECT_EQ(judged("downtimeCost * 2h == 10000 USD"), "true");
  EXPECT_EQ(judged("2 + 3 * 4 == 14 and (2 + 3) * 4 == 20 and 7 - 2 - 1 == 4 and 8 / 2 / 2 == 2"), "true");
  EXPECT_EQ(judged("share == 0.15 and share < 20%"), "true");
  EXPECT_EQ(judged("brokers/replication > 1.6"), "true");
  EXPECT_EQ(judged("-1 < brokers"), "true");
}

TEST(Condition, TakesZeroForAnyUnit) { EXPECT_EQ(judged("state <= 1GiB and timeout > 0 and state + 1B == 1B"), "true"); }

TEST(Condition, JoinsConditionsInTheUsualOrder) {
  EXPECT_EQ(judged("brokers == 5 or brokers == 6 and replication == 9"), "true");
  EXPECT_EQ(judged("(brokers == 5 or brokers == 6) and replication == 9"), "false");
  EXPECT_EQ(judged("not brokers == 6 and not (replication == 9)"), "true");
}

TEST(Condition, ComparesTextsInQuotesOrBare) {
  EXPECT_EQ(judged("spread == zone"), "true");
  EXPECT_EQ(judged("node == spread"), "false");
  EXPECT_EQ(judged("profile == etcd-3.5 and zones == 'us-east-1/*'"), "true");
  EXPECT_EQ(judged("profile != \"zeebe-8.9\""), "true");
}

TEST(Condition, RefusesToCompareWhatIsNotAlikeAtItsColumn) {
  EXPECT_EQ(judged("timeout > 3"), "1:9: a time and a number cannot be compared\n");
  EXPECT_EQ(judged("brokers >= 3 and appends < 10ms"), "1:26: a rate and a time cannot be compared\n");
  EXPECT_EQ(judged("timeout + brokers > 1s"), "1:9: a time and a number cannot be added\n");
  EXPECT_EQ(judged("spread == 3"), "1:8: a text and a number cannot be compared\n");
  EXPECT_EQ(judged("spread < 'zone'"), "1:8: texts are equal or not; neither is more than the other\n");
  EXPECT_EQ(judged("downtimeCost > 10 EUR/h"), "1:14: money in USD per time and money in EUR per time cannot be compared\n");
  EXPECT_EQ(judged("brokers"), "1:1: expected a condition here, such as 'brokers >= 3', not a number\n");
  EXPECT_EQ(judged("brokers and replication == 3"), "1:1: expected a condition here, such as 'brokers >= 3', not a number\n");
  EXPECT_EQ(judged("brokers == 5 or timeout == 3"), "1:25: a time and a number cannot be compared\n");  // Whatever the left side says.
}

TEST(Condition, NamesTheNearestOfAnUnknownName) {
  EXPECT_EQ(judged("replicatoin <= 3"), "1:1: no value is called 'replicatoin'; did you mean 'replication'?\n");
  EXPECT_EQ(judged("3 <= cluster.brokrs"), "1:6: no value is called 'cluster.brokrs'; did you mean 'cluster.brokers'?\n");
  EXPECT_EQ(judged("sprea == zon"), "1:1: no value is called 'sprea'; did you mean 'spread'?\n");
  EXPECT_EQ(judged("xyzzy == 3"), "1:1: no value is called 'xyzzy'; 'nines validate --explain' prints all names, and a text needs quotes\n");
  EXPECT_EQ(judged("nodes > 1"), "1:1: 'nodes' could be topology.nodePools.brokers.nodes or topology.nodePools.other.nodes; say which\n");
}

TEST(Condition, RefusesWhatIsNoCondition) {
  EXPECT_EQ(judged("brokers >"), "1:10: expected a value, found the end\n");
  EXPECT_EQ(judged("brokers = 3"), "1:9: expected '=='\n");
  EXPECT_EQ(judged("(brokers > 3"), "1:1: a '(' without its ')'\n");
  EXPECT_EQ(judged("brokers > 3)"), "1:12: expected 'and', 'or', a comparison or the end, not ')'\n");
  EXPECT_EQ(judged("1 < brokers < 9"), "1:13: one comparison after another; join them with 'and'\n");
  EXPECT_EQ(judged("brokers > 3 && replication > 1"), "1:13: expected 'and', 'or', a comparison or the end, not '&& replication > 1'\n");
  EXPECT_EQ(judged("timeout > 3parsecs"), "1:11: '3parsecs' is no number with a known unit\n");
  EXPECT_EQ(judged("spread == 'zone"), "1:11: a quotation mark without its partner\n");
  EXPECT_EQ(judged("and brokers > 3"), "1:1: expected a value before 'and'\n");
  std::string nested(101, '(');
  nested.back() = '1';
  EXPECT_EQ(judged(nested), "1:52: nested more than 50 levels deep; no condition needs that\n");
  std::string many_nots;
  for (int i = 0; i < 100; ++i) many_nots += "not ";
  EXPECT_NE(judged(many_nots + "brokers > 3").find("nested more than 50"), std::string::npos);
}

// A path may be there at some points only, or be of another kind.
TEST(Condition, SaysWhatIsMissingAtAPoint) {
  const auto condition = Condition::parse({"timeout >= 1s", {"f", 1, 1}}, values());
  ASSERT_TRUE(condition.has_value());
  EXPECT_EQ(condition->paths(), std::vector<std::string>{"cluster.client.timeout"});
  EXPECT_EQ(lines(condition->holds({}).error()), "1:1: 'cluster.client.timeout' has no value here\n");
  EXPECT_EQ(lines(condition->holds({{"cluster.client.timeout", "5", {}, {}}}).error()), "1:9: a number and a time cannot be compared\n");
}

}  // namespace condition_test
}  // namespace nines::scenarios
