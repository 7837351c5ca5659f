#include "models/cost/bill.hpp"

#include <algorithm>
#include <utility>

namespace nines::cost {

namespace {

template <class Takes>
Result<Money> sum_of(const Bill& bill, Takes takes) {
  Money sum{0, bill.currency};
  for (const Item& item : bill.items) {
    if (!takes(item)) continue;
    const auto next = plus(sum, item.amount);
    if (!next) return fail(Place{}, "the sum of this bill is more than can be counted");
    sum = *next;
  }
  return sum;
}

// a x b of two quantities that both count something; a quantity again.
std::optional<Quantity> product(Quantity a, Quantity b) {
  const auto found = times(Money{a.millionths, {}}, b);
  if (!found) return std::nullopt;
  return Quantity{found->micros};
}

}  // namespace

const char* name(Category category) {
  switch (category) {
    case Category::compute: return "compute";
    case Category::storage: return "storage";
    case Category::traffic: return "traffic";
    case Category::platform: return "platform";
    case Category::staff: return "staff";
    case Category::licence: return "licence";
    case Category::downtime: return "downtime";
  }
  return "?";
}

Result<void> add(Bill& bill, Item item) {
  auto amount = times(item.unit_price, item.quantity, item.months);
  if (amount && amount->currency != bill.currency) {
    const auto rate = std::find_if(bill.exchanges.begin(), bill.exchanges.end(), [&](const Exchange& one) { return one.from == amount->currency; });
    if (rate == bill.exchanges.end())
      return fail(Place{}, "no rate of exchange from " + amount->currency + " to " + bill.currency + " is given, for " + item.what);
    amount = convert(*amount, *rate);
  }
  if (!amount) return fail(Place{}, "more than can be counted: " + item.what);
  item.amount = *std::move(amount);
  bill.items.push_back(std::move(item));
  return {};
}

Result<Money> total(const Bill& bill) {
  return sum_of(bill, [](const Item&) { return true; });
}

Result<Money> total(const Bill& bill, Category category) {
  return sum_of(bill, [&](const Item& item) { return item.category == category; });
}

Result<void> add_hardware(Bill& bill, const PriceBook& book, const HardwarePrice& hardware, std::int64_t machines, const std::string& what) {
  const Money purchase{hardware.purchase, book.currency};
  const Source& source = book.sources[hardware.source];
  const Quantity count = whole(machines), hours = whole(machines * hours_per_month);
  const auto bought = product(count, {millionths_of_one + hardware.spare.millionths});
  const auto supported = product(count, hardware.support_per_year);
  auto energy = product(hardware.kilowatts, hardware.power_usage_effectiveness);
  if (energy) energy = product(*energy, hours);
  if (!bought || !supported || !energy) return fail(Place{}, "more than can be counted: " + what);
  const std::array<Item, 4> items{{
      {.category = Category::compute,
       .what = what + ": write-off over " + std::to_string(hardware.life_years) + " years, with spares",
       .quantity = *bought,
       .unit = "machine",
       .unit_price = purchase,
       .months = hardware.life_years * months_per_year,
       .source = source},
      {.category = Category::compute, .what = what + ": energy and cooling", .quantity = *energy, .unit = "kWh", .unit_price = {hardware.per_kilowatt_hour, book.currency}, .source = source},
      {.category = Category::compute,
       .what = what + ": space",
       .quantity = whole(machines * hardware.rack_units),
       .unit = "U-month",
       .unit_price = {hardware.per_rack_unit_month, book.currency},
       .source = source},
      {.category = Category::compute,
       .what = what + ": support, a share of the purchase a year",
       .quantity = *supported,
       .unit = "purchase a year",
       .unit_price = purchase,
       .months = months_per_year,
       .source = source},
  }};
  for (const Item& item : items)
    if (auto added = add(bill, item); !added) return added;
  return {};
}

std::vector<Exchange> used_exchanges(const Bill& bill) {
  std::vector<Exchange> used;
  for (const Exchange& one : bill.exchanges)
    if (std::any_of(bill.items.begin(), bill.items.end(), [&](const Item& item) { return item.unit_price.currency == one.from; }))
      used.push_back(one);
  return used;
}

std::vector<Source> used_sources(const Bill& bill) {
  std::vector<Source> used;
  for (const Item& item : bill.items)
    if (std::none_of(used.begin(), used.end(), [&](const Source& one) { return one.key == item.source.key; })) used.push_back(item.source);
  return used;
}

}  // namespace nines::cost
