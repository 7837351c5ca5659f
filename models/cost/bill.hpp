// A month's bill: quantities times prices, item by item, each with where its price comes from.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/cost/money.hpp"
#include "models/cost/prices.hpp"
#include "sim/base/result.hpp"

namespace nines::cost {

enum class Category : std::uint8_t { compute, storage, traffic, platform, staff, licence, downtime };
inline constexpr std::array<Category, 7> categories{Category::compute, Category::storage, Category::traffic, Category::platform,
                                                    Category::staff,   Category::licence, Category::downtime};
const char* name(Category category);

struct Item {
  Category category = Category::compute;
  std::string what;  // "m6i.xlarge, 6 nodes of brokers in us-east-1"
  Quantity quantity;
  std::string unit;  // "h"
  Money unit_price;  // As the source has it, in its currency.
  int months = 1;    // That the price of one unit is of: 12 for what is priced by the year.
  Source source;
  Money amount{};  // Of one month, in the bill's currency: quantity x unit price / months, converted. add() works it out.
};

struct Bill {
  std::string currency;
  std::vector<Exchange> exchanges;  // To the bill's currency; at most one from each.
  std::vector<Item> items;
};

// Works out the amount. An error without a place: no rate for its currency, or it does not fit.
Result<void> add(Bill& bill, Item item);

Result<Money> total(const Bill& bill);
Result<Money> total(const Bill& bill, Category category);

// A machine of one's own by the month: write-off with spares, energy, space, support.
Result<void> add_hardware(Bill& bill, const PriceBook& book, const HardwarePrice& hardware, std::int64_t machines, const std::string& what);

// Which exchanges the bill has made use of.
std::vector<Exchange> used_exchanges(const Bill& bill);
// The sources that it draws on, each once, in the order of the items.
std::vector<Source> used_sources(const Bill& bill);

}  // namespace nines::cost
