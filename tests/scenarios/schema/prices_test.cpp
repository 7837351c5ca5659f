// The price catalogues: every row says where it comes from, none stands out, and what is wrong with a file is said at its place.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace prices_test {

const cost::PriceBook& book(const std::string& name) {
  for (const auto& one : catalogs().prices)
    if (one->name == name) return *one;
  throw std::logic_error("no price catalogue " + name);
}

std::string prices(const std::string& rows) {
  return "apiVersion: nines/v1\nkind: Prices\nmetadata: {name: mine}\ncurrency: USD\nsources:\n  list: {title: a list, date: 2026-07-20, confidence: "
         "A}\n" +
         rows;
}

std::string refusal(const std::string& rows) {
  const auto read = read_catalogs({{"prices/mine.yaml", prices(rows)}});
  return read ? "accepted" : lines(read.error());
}

TEST(PriceCatalogues, AreOfThreeCloudsAHostAndMachinesOfOnesOwn) {
  EXPECT_EQ(catalogs().price_names(), (std::vector<std::string>{"aws", "azure", "gcp", "hetzner", "own-hardware"}));
}

TEST(PriceCatalogues, SayOfEveryRowWhereItComesFromAndWhen) {
  std::size_t rows = 0;
  for (const auto& one : catalogs().prices) {
    const auto check = [&](std::size_t source, const std::string& what) {
      ASSERT_LT(source, one->sources.size()) << one->name << ' ' << what;
      EXPECT_GT(one->sources[source].title.size(), 10u) << what;
      EXPECT_GE(one->sources[source].date, (cost::Date{2024, 1, 1})) << what;
      // What nobody published is an assumption, and says so.
      EXPECT_EQ(one->sources[source].title.starts_with("assumption"),
                one->sources[source].confidence == cost::Confidence::c && one->sources[source].key != "list")
          << one->name << ' ' << what;
      ++rows;
    };
    for (const auto& row : one->machines) check(row.price.source, row.type);
    for (const auto& row : one->discounts) check(row.source, cost::name(row.purchase));
    for (const auto& row : one->disks) {
      check(row.source, row.type);
      for (const auto& tier : row.tiers) check(tier.source, row.type);
    }
    for (const auto& row : one->transfers) check(row.source, cost::name(row.scope));
    for (const auto& row : one->services) check(row.price.source, row.name);
    for (const auto& row : one->hardware) check(row.source, row.type);
    ASSERT_TRUE(one->staff.has_value()) << one->name;
    check(one->staff->source, "staff");
  }
  EXPECT_GT(rows, 300u);
}

TEST(PriceCatalogues, HoldNoPriceThatStandsOut) {
  for (const auto& one : catalogs().prices)
    for (const auto& outlier : cost::outliers(*one)) ADD_FAILURE() << one->name << ": " << outlier.what;
}

// karpenter-provider-aws, 2026-07-20; karpenter-provider-azure, 2026-06-18; google-cloud-pricing-cost-calculator, 2025-03-06.
TEST(PriceCatalogues, HaveTheListPricesOfTheProviders) {
  const auto price = [](const char* name, const char* type, const char* region, cost::Purchase purchase = cost::Purchase::on_demand) {
    const cost::MachinePrice* row = cost::find_machine(book(name), type, region, purchase);
    return row == nullptr ? 0 : row->price.micros;
  };
  EXPECT_EQ(price("aws", "m6i.xlarge", "us-east-1"), 192'000);
  EXPECT_EQ(price("aws", "m8i.xlarge", "us-east-1"), 211'680);
  EXPECT_EQ(price("aws", "m6i.xlarge", "eu-central-1"), 230'000);
  EXPECT_EQ(price("azure", "D4s_v5", "germanywestcentral"), 230'000);
  EXPECT_EQ(price("azure", "E4s_v5", "brazilsouth"), 402'000);
  EXPECT_EQ(price("gcp", "n2-standard-4", "europe-west3"), 250'248);
  EXPECT_EQ(price("gcp", "n2-standard-4", "us-central1", cost::Purchase::spot), 59'952);
  EXPECT_EQ(price("hetzner", "CCX23", "anywhere"), 24'490'000);
  EXPECT_EQ(book("hetzner").currency, "EUR");
  EXPECT_EQ(cost::find_disk(book("aws"), "gp3", "us-east-1")->per_gib_month, 80'000);
  EXPECT_EQ(cost::find_transfer(book("aws"), cost::Scope::cross_region, "us-east-1", "us-east-2")->per_gb_out, 10'000);
  EXPECT_EQ(cost::find_transfer(book("aws"), cost::Scope::cross_region, "us-east-1", "eu-west-1")->per_gb_out, 20'000);
}

TEST(PriceCatalogues, AreRefusedWithoutASource) {
  EXPECT_EQ(refusal("machines: [{type: m, family: general, vcpus: 4, perHour: 0.1}]\n"), "7:12: 'source' is missing: Its key under sources.\n");
  EXPECT_EQ(refusal("machines: [{type: m, family: general, vcpus: 4, perHour: 0.1, source: lst}]\n"),
            "7:71: no source is called 'lst'; did you mean 'list'?\n");
  EXPECT_EQ(
      lines(read_catalogs({{"p", "apiVersion: nines/v1\nkind: Prices\nmetadata: {name: mine}\ncurrency: USD\nsources: {list: {title: a list}}\n"}}).error()),
      "5:17: 'date' is missing: Of which day the prices are.\n"
      "5:17: 'confidence' is missing: A: generated from the provider's interface; B: a published tool's recorded output; C: at second hand, or "
      "assumed.\n");
}

TEST(PriceCatalogues, AreRefusedWithTwoPricesForOneThing) {
  EXPECT_EQ(refusal("machines:\n"
                    "  - {type: m, family: general, vcpus: 4, perHour: {east: 0.1, west: 0.1}, source: list}\n"
                    "  - {type: m, family: general, vcpus: 4, perHour: {west: 0.2}, source: list}\n"),
            "9:52: this price is there twice: machine m, on-demand, west\n");
  EXPECT_EQ(refusal("machines: [{type: m, family: general, vcpus: 4, perHour: 0.1, perMonth: 70, source: list}]\n"),
            "7:19: either perHour or perMonth\n");
  EXPECT_EQ(refusal("disks: [{type: d, perGiBMonth: 0.1, tiers: [{size: 1Gi, perMonth: 1}], source: list}]\n"),
            "7:16: either perGiBMonth or tiers\n");
  EXPECT_EQ(refusal("transfers:\n  - {scope: cross-zone, out: 0.01, source: list}\n  - {scope: cross-zone, out: 0.02, source: list}\n"),
            "9:13: this price is there twice: cross-zone from  to \n");
}

TEST(PriceCatalogues, AreRefusedWithPricesThatAreNone) {
  EXPECT_EQ(refusal("services: [{name: s, per: week, price: 1, source: list}]\n"),
            "7:27: 'week' is not known here; there are hour, month, year, GB, GiBMonth, thousand\n");
  EXPECT_EQ(refusal("services: [{name: s, per: hour, price: -1, source: list}]\n"),
            "7:40: expected a decimal number from 0 on, with six decimals at most, such as '0.192', not '-1'\n");
  EXPECT_EQ(refusal("services: [{name: s, per: hour, price: {}, source: list}]\n"), "7:40: expected a price, or prices by region\n");
  EXPECT_EQ(refusal("disks: [{type: d, tiers: [{size: 2Gi, perMonth: 1}, {size: 1Gi, perMonth: 1}], source: list}]\n"), "7:60: tiers ascend\n");
}

TEST(PriceCatalogues, AreNotTwoOfOneName) {
  const auto read = read_catalogs({{"a.yaml", prices("")}, {"b.yaml", prices("")}});
  ASSERT_FALSE(read);
  EXPECT_EQ(lines(read.error()), "0:0: two price catalogues are called 'mine'\n");
}

}  // namespace prices_test
}  // namespace nines::scenarios
