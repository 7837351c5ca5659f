// From a scenario to its bill: what follows from places, load and platform, and what is refused.
#include "scenarios/run/bill_of.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scenarios/run/bill_metrics.hpp"
#include "scenarios/run/resources.hpp"

namespace nines::scenarios {
namespace bill_of_test {

const Catalogs& catalogs() {
  static const Catalogs all = *read_catalogs(embedded_files("catalog"));
  return all;
}

// Brokers alternate between London and Paris, three zones each; 1 MB/s of log.
std::string two_regions(const std::string& more = "") {
  return "apiVersion: nines/v1\n"
         "kind: Scenario\n"
         "metadata: {name: two}\n"
         "catalogs: {prices: aws}\n"
         "topology:\n"
         "  regions: [{name: eu-west-2, zones: [a, b, c]}, {name: eu-west-3, zones: [a, b, c]}]\n"
         "  nodePools: {pool: {zones: [eu-west-2/*, eu-west-3/*], nodes: 8, type: m6i.xlarge, disk: {type: gp3, size: 64Gi}}}\n"
         "cluster: {profile: camunda-8.9, brokers: 8, partitions: 8, replication: 4, load: {appends: 1000/s, size: 1kB}}\n" +
         more;
}

Scenario read(const std::string& text) {
  auto scenario = read_scenario(text, "file.yaml", catalogs());
  if (!scenario) throw std::logic_error(render(scenario.error(), text));
  return *std::move(scenario);
}

std::string without_prices() {
  std::string text = two_regions();
  text.erase(text.find("catalogs"), std::string("catalogs: {prices: aws}\n").size());
  return text;
}

// By what an item is called; nothing where there is none.
const cost::Item* item(const Priced& priced, const std::string& what) {
  for (const auto& one : priced.bill.items)
    if (one.what.find(what) != std::string::npos) return &one;
  return nullptr;
}

std::int64_t amount(const Priced& priced, const std::string& what) {
  const cost::Item* found = item(priced, what);
  return found == nullptr ? -1 : found->amount.micros;
}

std::string first_error(const std::string& text) {
  const auto priced = bill_of(read(text));
  if (priced) return "priced";
  const Error& error = priced.error().front();
  return std::to_string(error.place.line) + ": " + error.what;
}

// Each partition has its leader in one region, and two of its three followers in the other: half of 2 MB/s leave each region, at 0.02 a GB. The
// third follower stands in the leader's region, in another zone but where both stand in the same: four brokers over three zones.
TEST(BillOf, ReplicationIsPaidForByTheBorderItCrosses) {
  const auto priced = bill_of(read(two_regions()));
  ASSERT_TRUE(priced);
  EXPECT_EQ(item(*priced, "replication, eu-west-2 to eu-west-3")->quantity, cost::whole(2628));
  EXPECT_EQ(item(*priced, "replication, eu-west-3 to eu-west-2")->quantity, cost::whole(2628));
  EXPECT_EQ(amount(*priced, "replication, eu-west-2 to eu-west-3"), 52'560'000);
  const double within = cost::value_of(item(*priced, "replication, between zones of eu-west-2")->quantity.millionths) / 2628;
  EXPECT_NEAR(within, 0.375, 1e-9);  // Partition pairs (0, 2), (2, 4), (4, 6), (6, 0): the last two share a zone.
}

TEST(BillOf, MachinesAreCountedWhereTheyStand) {
  const auto priced = bill_of(read(two_regions()));
  ASSERT_TRUE(priced);
  EXPECT_EQ(amount(*priced, "m6i.xlarge, 4 nodes of pool pool in eu-west-2"), 648'240'000);
  EXPECT_EQ(amount(*priced, "m6i.xlarge, 4 nodes of pool pool in eu-west-3"), 654'080'000);
  EXPECT_EQ(amount(*priced, "managed Kubernetes"), 146'000'000);
}

TEST(BillOf, ExportedRecordsGoToTheSecondaryStorageOfEveryRegion) {
  const auto priced = bill_of(read(two_regions("costs: {secondaryStorage: {nodes: 3, disk: {type: gp3, size: 100Gi}}}\n")));
  ASSERT_TRUE(priced);
  EXPECT_EQ(item(*priced, "exporter, eu-west-2 to eu-west-3")->quantity, cost::whole(1314));
  EXPECT_EQ(item(*priced, "exporter, between zones of eu-west-2")->quantity, cost::whole(876));                      // Two thirds of half.
  EXPECT_EQ(item(*priced, "copies in secondary storage, between zones of eu-west-3")->quantity, cost::whole(1752));  // Two thirds of all.
  EXPECT_EQ(amount(*priced, "gp3, 3 nodes of secondary storage in eu-west-2"), 27'840'000);
}

TEST(BillOf, VolumesFollowBrokersOnKubernetesAndMachinesElsewhere) {
  const std::string costs = "cluster: {profile: zeebe-8.9, brokers: 3, partitions: 3, replication: 3}\n";
  std::string text = two_regions();
  text = text.substr(0, text.find("cluster:")) + costs;
  EXPECT_NE(item(*bill_of(read(text)), "gp3, 2 brokers of pool pool in eu-west-2"), nullptr);
  EXPECT_NE(item(*bill_of(read(text + "operations: {platform: vm}\n")), "gp3, 4 nodes of pool pool in eu-west-2"), nullptr);
  EXPECT_EQ(item(*bill_of(read(text + "operations: {platform: vm}\n")), "Kubernetes"), nullptr);
}

TEST(BillOf, MetricsAreThoseOfARun) {
  const auto priced = bill_of(read(two_regions("operations: {downtimeCost: 1000 USD/h}\n")), 0.001);
  ASSERT_TRUE(priced);
  const analysis::Metrics metrics = metrics_of(priced->bill);
  const auto value = [&](const char* name) { return *analysis::find(metrics, name)->value; };
  EXPECT_DOUBLE_EQ(value("cost.compute"), 1302.32);
  EXPECT_DOUBLE_EQ(value("cost.platform"), 146);
  EXPECT_DOUBLE_EQ(value("cost.staff"), 0);
  EXPECT_NEAR(value("cost.month"), value("cost.compute") + value("cost.storage") + value("cost.traffic") + value("cost.platform"), 1e-9);
  EXPECT_EQ(analysis::find(metrics, "cost.month")->unit, "USD/month");
  EXPECT_TRUE(analysis::find(metrics, "cost.month")->exact);
  EXPECT_EQ(amount(*priced, "expected downtime"), 730'000'000);  // 0.73 h at 1,000; no expense, so not part of cost.month.
}

TEST(BillOf, WhatTheCatalogueDoesNotKnowIsAnErrorAtItsPlace) {
  const auto changed = [](std::string text, const std::string& from, const std::string& to) { return text.replace(text.find(from), from.size(), to); };
  EXPECT_EQ(first_error(changed(two_regions(), "m6i.xlarge", "m6i.xlrge")),
            "7: the prices 'aws' know no machine 'm6i.xlrge'; did you mean 'm6i.xlarge'?");
  EXPECT_EQ(first_error(changed(two_regions(), "type: m6i.xlarge, ", "")),
            "7: the node pool 'pool' names no machine type, and without one its nodes have no price");
  EXPECT_EQ(first_error(changed(two_regions(), "gp3", "premium-ssd")).substr(0, 71),
            "7: the prices 'aws' know no disk in eu-west-2 of the type 'premium-ssd'");
  EXPECT_EQ(first_error(two_regions("costs: {pools: {pool: {purchase: spot}}, services: {natgateway: 1}}\n")),
            "9: the prices 'aws' know no service in eu-west-2 called 'natgateway'; did you mean 'nat-gateway'?");
  EXPECT_EQ(first_error(without_prices()).substr(0, 32), "0: no price catalogue is chosen;");
}

// Years after the catalogue was made every one of its sources is old.
TEST(BillOf, OldPricesAreDoubtedOnTheDayThatIsGiven) {
  const Scenario scenario = read(two_regions());
  const auto priced = bill_of(scenario);
  EXPECT_TRUE(doubts_about(scenario, priced->bill, {2024, 7, 1}).empty());
  EXPECT_EQ(doubts_about(scenario, priced->bill, {2030, 1, 1}).size(), cost::used_sources(priced->bill).size());
}

// A list that has one machine twice as dear in one region as all others there.
TEST(BillOf, AnUnlikelyPriceIsDoubtedWhereItIsOnTheBill) {
  Scenario scenario = read(two_regions());
  cost::PriceBook book = *scenario.prices;
  for (auto& row : book.machines)
    if (row.type == "m6i.xlarge" && row.region == "eu-west-3") row.price.micros *= 4;
  scenario.prices = std::make_shared<cost::PriceBook>(book);
  const auto priced = bill_of(scenario);
  const auto doubts = doubts_about(scenario, priced->bill, {2024, 7, 1});
  ASSERT_FALSE(doubts.empty());
  EXPECT_NE(doubts.front().find("an unlikely price: a vCPU of m6i.xlarge in eu-west-3"), std::string::npos) << doubts.front();
}

}  // namespace bill_of_test
}  // namespace nines::scenarios
