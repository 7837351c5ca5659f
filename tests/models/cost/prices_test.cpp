#include "models/cost/prices.hpp"

#include <gtest/gtest.h>

namespace nines::cost {
namespace prices_test {

MachinePrice machine(const char* type, const char* region, std::int64_t micros, const char* family = "general") {
  return {.type = type, .family = family, .vcpus = 4, .region = region, .price = {micros, 0}};
}

// Four machines in three regions, as Azure lists them.
PriceBook azure() {
  PriceBook book;
  book.machines = {machine("D4s_v5", "eastus", 192'000),  machine("D4s_v5", "northeurope", 214'000),  machine("D4s_v5", "uksouth", 222'000),
                   machine("D4ds_v5", "eastus", 226'000), machine("D4ds_v5", "northeurope", 252'000), machine("D4ds_v5", "uksouth", 262'000),
                   machine("D4s_v6", "eastus", 202'000),  machine("D4s_v6", "northeurope", 225'000),  machine("D4s_v6", "uksouth", 233'000)};
  return book;
}

TEST(Prices, OfARegionComeBeforeThoseOfAll) {
  PriceBook book;
  book.machines = {machine("m", "", 1), machine("m", "east", 2)};
  EXPECT_EQ(find_machine(book, "m", "east", Purchase::on_demand)->price.micros, 2);
  EXPECT_EQ(find_machine(book, "m", "west", Purchase::on_demand)->price.micros, 1);
  EXPECT_EQ(find_machine(book, "m", "east", Purchase::spot), nullptr);
  EXPECT_EQ(find_machine(book, "n", "east", Purchase::on_demand), nullptr);
}

TEST(Prices, AreStaleAfterHalfAYear) {
  EXPECT_FALSE(is_stale({2026, 1, 1}, {2026, 6, 30}));
  EXPECT_TRUE(is_stale({2026, 1, 1}, {2026, 7, 1}));
  EXPECT_FALSE(is_stale({2026, 7, 1}, {2026, 1, 1}));
}

TEST(Prices, ThatAreAlikeAreNoOutliers) { EXPECT_TRUE(outliers(azure()).empty()); }

// Azure's list had D4as_v5 for 0.172 in eastus and for 0.376 to 0.40 in five others, in June 2026: within three times the family's median.
TEST(Prices, AMachineThatIsTwiceAsDearInOneRegionOnlyIsAnOutlier) {
  PriceBook book = azure();
  book.machines.push_back(machine("D4as_v5", "eastus", 172'000));
  book.machines.push_back(machine("D4as_v5", "northeurope", 376'000));
  book.machines.push_back(machine("D4as_v5", "uksouth", 400'000));
  const auto found = outliers(book);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].type, "D4as_v5");
  EXPECT_EQ(found[0].region, "northeurope");
  EXPECT_EQ(found[0].what, "D4as_v5 costs in northeurope 2.19 times as much as in eastus; other machines 1.11 times");
  EXPECT_EQ(found[1].region, "uksouth");
}

TEST(Prices, AVcpuOfMoreThanThreeTimesTheFamilysMedianIsAnOutlier) {
  PriceBook book = azure();
  book.machines.push_back(machine("D4x", "eastus", 1'920'000));
  book.machines.push_back(machine("D4y", "eastus", 19'200));
  book.machines.push_back(machine("M4", "eastus", 1'920'000, "memory"));
  const auto found = outliers(book);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].type, "D4x");
  EXPECT_EQ(found[1].type, "D4y");
}

}  // namespace prices_test
}  // namespace nines::cost
