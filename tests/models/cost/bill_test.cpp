// Bills that were worked out by hand, and what a bill may not do.
#include "models/cost/bill.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/cost/staff.hpp"
#include "models/cost/traffic.hpp"

namespace nines::cost {
namespace bill_test {

Source source(const char* key = "list") { return {key, "a list", {2026, 7, 20}, Confidence::a}; }

PriceBook book() {
  PriceBook book;
  book.name = "test";
  book.currency = "USD";
  book.sources = {source()};
  book.transfers = {{.scope = Scope::cross_zone, .per_gb_out = 10'000, .per_gb_in = 10'000},
                    {.scope = Scope::cross_region, .per_gb_out = 90'000},
                    {.scope = Scope::cross_region, .from = "east", .per_gb_out = 20'000},
                    {.scope = Scope::cross_region, .from = "east", .to = "middle", .per_gb_out = 10'000}};
  return book;
}

void put(Bill& bill, Category category, const char* what, std::int64_t quantity, std::int64_t unit_price_micros) {
  ASSERT_TRUE(add(
      bill, {.category = category, .what = what, .quantity = whole(quantity), .unit = "one", .unit_price = {unit_price_micros, "USD"}, .source = source()}));
}

std::vector<Flow> three_zones_at(double bytes_per_s) {
  Traffic traffic;
  replicate(traffic, "replication", {"east", "a"}, {{"east", "b"}, {"east", "c"}}, bytes_per_s);
  return traffic.flows();
}

// us-east-1, six m6i.xlarge on EKS, three brokers, three nodes of secondary storage, 1 MB/s of log: the prices of 2024 to 2026.
TEST(Bill, OfAReferenceInstallationAddsUpToTheCent) {
  Bill bill{.currency = "USD", .exchanges = {}, .items = {}};
  put(bill, Category::compute, "m6i.xlarge", 6 * hours_per_month, 192'000);
  put(bill, Category::platform, "EKS", hours_per_month, 100'000);
  put(bill, Category::storage, "brokers", 3 * 64, 80'000);
  put(bill, Category::storage, "secondary storage", 3 * 256, 80'000);
  put(bill, Category::platform, "NAT", 3, 32'850'000);
  put(bill, Category::platform, "NLB", 1, 16'430'000);
  ASSERT_TRUE(add_traffic(bill, book(), three_zones_at(1e6)));
  put(bill, Category::storage, "S3", 100, 23'000);
  const std::vector<std::string> expected{"840.96", "73.00", "15.36", "61.44", "98.55", "16.43", "105.12", "2.30"};
  ASSERT_EQ(bill.items.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(decimal(bill.items[i].amount.micros, 2), expected[i]) << bill.items[i].what;
  EXPECT_EQ(total(bill)->micros, 1'213'160'000);
  EXPECT_EQ(total(bill, Category::storage)->micros, 79'100'000);
  EXPECT_EQ(total(bill, Category::staff)->micros, 0);
}

TEST(Bill, TenTimesTheLogIsTenTimesTheTraffic) {
  Bill bill{.currency = "USD", .exchanges = {}, .items = {}};
  ASSERT_TRUE(add_traffic(bill, book(), three_zones_at(10e6)));
  ASSERT_EQ(bill.items.size(), 1u);
  EXPECT_EQ(bill.items[0].quantity, whole(52'560));
  EXPECT_EQ(total(bill)->micros, 1'051'200'000);
}

// 10,000 over five years with 15 % spares, 0.3 kW at 1.5 and 0.25 a kWh, two units at 60, 12 % support a year.
TEST(Bill, AMachineOfOnesOwnCostsItsWriteOffEnergySpaceAndSupport) {
  Bill bill{.currency = "USD", .exchanges = {}, .items = {}};
  const HardwarePrice hardware{.type = "server",
                               .purchase = 10'000'000'000,
                               .life_years = 5,
                               .spare = {150'000},
                               .kilowatts = {300'000},
                               .power_usage_effectiveness = {1'500'000},
                               .per_kilowatt_hour = 250'000,
                               .rack_units = 2,
                               .per_rack_unit_month = 60'000'000,
                               .support_per_year = {120'000}};
  ASSERT_TRUE(add_hardware(bill, book(), hardware, 1, "server"));
  ASSERT_EQ(bill.items.size(), 4u);
  EXPECT_EQ(bill.items[0].amount.micros, 191'666'667);
  EXPECT_EQ(bill.items[1].amount.micros, 82'125'000);
  EXPECT_EQ(bill.items[2].amount.micros, 120'000'000);
  EXPECT_EQ(bill.items[3].amount.micros, 100'000'000);
  EXPECT_EQ(rounded(total(bill)->micros, 0), "494");
}

// Gcore's comparison of a year: managed Kubernetes with one engineer, self-hosted with three.
TEST(Bill, PeopleAreMostOfWhatKubernetesOfOnesOwnCosts) {
  const auto year = [](std::int64_t infrastructure_micros, std::int64_t staff_micros) {
    Bill bill{.currency = "USD", .exchanges = {}, .items = {}};
    EXPECT_TRUE(add(
        bill,
        {.category = Category::compute, .what = "infrastructure", .quantity = whole(1), .unit = "year", .unit_price = {infrastructure_micros, "USD"}, .months = 12, .source = source()}));
    EXPECT_TRUE(add_staff(bill, {staff_micros, "USD"}, {{"engineers", whole(1)}}, source()));
    return rounded(total(bill)->micros * 12, 0);
  };
  EXPECT_EQ(year(6'157'800'000, 107'167'000'000), "113,325");
  EXPECT_EQ(year(13'737'640'000, 321'500'000'000), "335,238");
}

TEST(Bill, ConvertsOnlyByARateThatWasGiven) {
  Bill bill{.currency = "EUR", .exchanges = {}, .items = {}};
  const Item item{.category = Category::compute, .what = "a machine", .quantity = whole(730), .unit = "h", .unit_price = {192'000, "USD"}, .source = source()};
  const auto refused = add(bill, item);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().what, "no rate of exchange from USD to EUR is given, for a machine");
  EXPECT_TRUE(bill.items.empty());
  bill.exchanges = {{"USD", "EUR", {920'000}, {2026, 7, 1}, "a bank"}};
  ASSERT_TRUE(add(bill, item));
  EXPECT_EQ(*total(bill), (Money{128'947'200, "EUR"}));
  EXPECT_EQ(used_exchanges(bill).size(), 1u);
}

TEST(Bill, SaysWhatIsMoreThanCanBeCounted) {
  Bill bill{.currency = "USD", .exchanges = {}, .items = {}};
  const auto refused =
      add(bill, {.what = "everything", .quantity = whole(10'000'000), .unit = "one", .unit_price = {10'000'000'000'000, "USD"}, .source = source()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().what, "more than can be counted: everything");
  for (int i = 0; i < 2; ++i) put(bill, Category::licence, "half of it", 1, 5'000'000'000'000'000'000);
  EXPECT_FALSE(total(bill));
}

TEST(Traffic, IsPaidForWhereItCrossesABorderAndNotWithinAZone) {
  Traffic traffic;
  replicate(traffic, "replication", {"east", "a"}, {{"east", "a"}, {"east", "b"}, {"west", "a"}, {"west", "b"}}, 100);
  traffic.send_within("clients", "east", 4, 100);
  traffic.send_within("clients", "west", 1, 100);
  const auto flows = traffic.flows();
  ASSERT_EQ(flows.size(), 3u);
  EXPECT_EQ(flows[0].what, "clients");
  EXPECT_EQ(flows[0].bytes_per_s, 75);
  EXPECT_EQ(flows[1].scope, Scope::cross_zone);
  EXPECT_EQ(flows[1].bytes_per_s, 100);
  EXPECT_EQ(flows[2].scope, Scope::cross_region);
  EXPECT_EQ(flows[2].to, "west");
  EXPECT_EQ(flows[2].bytes_per_s, 200);
}

TEST(Traffic, BetweenRegionsIsPricedByThePairThenByWhereItLeaves) {
  EXPECT_EQ(find_transfer(book(), Scope::cross_region, "east", "middle")->per_gb_out, 10'000);
  EXPECT_EQ(find_transfer(book(), Scope::cross_region, "east", "west")->per_gb_out, 20'000);
  EXPECT_EQ(find_transfer(book(), Scope::cross_region, "south", "west")->per_gb_out, 90'000);
  EXPECT_EQ(find_transfer(book(), Scope::internet, "east", ""), nullptr);
  Bill bill{.currency = "USD", .exchanges = {}, .items = {}};
  const auto refused = add_traffic(bill, book(), {{"visitors", Scope::internet, "east", "", 1}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().what, "the prices 'test' know no internet traffic, east to the internet, for visitors");
}

TEST(Staff, GrowsWithRegionsStatefulSystemsAndAShareOfTheRotation) {
  StaffPrice staff;
  staff.platforms = {{"kubernetes", {500'000}}, {"vm", {600'000}}};
  staff.per_more_region = {400'000};
  staff.per_stateful_system = {200'000};
  staff.on_call = {{"24x7", {2'000'000}}};
  const auto work = engineers(staff, {.platform = "kubernetes", .coverage = "24x7", .regions = 2, .stateful_systems = 1, .on_call_share = {250'000}});
  std::int64_t sum = 0;
  for (const Work& one : work) sum += one.engineers.millionths;
  EXPECT_EQ(sum, 500'000 + 400'000 + 200'000 + 500'000);
  EXPECT_EQ(engineers(staff, {.platform = "vm", .coverage = "8x5"}).size(), 1u);
}

}  // namespace bill_test
}  // namespace nines::cost
