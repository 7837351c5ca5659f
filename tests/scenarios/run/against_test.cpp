// Departures from the reference architecture are told, each with what it costs.
#include "scenarios/run/against.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/scenarios/run/library.hpp"

namespace nines::scenarios {
namespace against_test {

const Departure* find(const std::vector<Departure>& all, const std::string& what) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Departure& one) { return one.what == what; });
  return found == all.end() ? nullptr : &*found;
}

TEST(Against, TheReferenceDepartsInNothing) { EXPECT_TRUE(departures_of(library("camunda-three-zones")).empty()); }

TEST(Against, TwoReplicasStopWithEither) {
  const auto all = departures_of(library("camunda-three-zones", {{"cluster.replication", "2"}}));
  const Departure* trap = find(all, "two replicas");
  ASSERT_NE(trap, nullptr);
  EXPECT_GT(*trap->minutes_a_year, 100);
  EXPECT_EQ(trap->instead, "three replicas");
  EXPECT_NE(trap->sentence.find("Both must agree"), std::string::npos);
}

TEST(Against, OfTwoZonesOneTakesTheQuorumAlong) {
  const auto all = departures_of(library("camunda-three-zones", {{"topology.nodePools.brokers.zones", "[us-east-1/a, us-east-1/b]"}}));
  const Departure* trap = find(all, "two zones");
  ASSERT_NE(trap, nullptr);
  EXPECT_GT(*trap->minutes_a_year, 1);
  EXPECT_NE(trap->sentence.find("3 of 3 partitions"), std::string::npos) << trap->sentence;
}

// Six brokers, zone by zone: 0 and 1 in a, 2 and 3 in b, 4 and 5 in c.
TEST(Against, BrokersKeptApartByNodeOnlyShareZonesWithTheirNeighbours) {
  const std::vector<Setting> six{{"cluster.brokers", "6"}, {"topology.nodePools.brokers.nodes", "6"}, {"cluster.partitions", "6"}};
  EXPECT_TRUE(departures_of(library("camunda-three-zones", six)).empty());
  std::vector<Setting> by_node = six;
  by_node.push_back({"cluster.spread", "node"});
  const auto all = departures_of(library("camunda-three-zones", by_node));
  const Departure* trap = find(all, "brokers kept apart by node and not by zone");
  ASSERT_NE(trap, nullptr);
  EXPECT_GT(*trap->minutes_a_year, 1);
  EXPECT_NE(trap->sentence.find("6 of 6 partitions"), std::string::npos) << trap->sentence;
}

TEST(Against, AStorageOfOneProcessIsPricedByWhatUsersDoNotSee) {
  const auto all = departures_of(library("camunda-three-zones", {{"cluster.components", "{secondaryStorage: {replicas: 1}}"}}));
  const Departure* single = find(all, "one process of the secondary storage");
  ASSERT_NE(single, nullptr);
  EXPECT_GT(*single->minutes_a_year, 10);
}

TEST(Against, WhatCannotBeSolvedHasNoPrice) {
  auto scenario = library("camunda-three-zones", {{"cluster.replication", "2"}});
  scenario.script.push_back({.at = 1h, .mode = "stop", .on = {"cluster/0"}, .duration = 1h});
  const auto all = departures_of(scenario);
  ASSERT_NE(find(all, "two replicas"), nullptr);
  EXPECT_FALSE(find(all, "two replicas")->minutes_a_year);
}

}  // namespace against_test
}  // namespace nines::scenarios
