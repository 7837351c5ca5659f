#include "models/cost/traffic.hpp"

namespace nines::cost {

namespace {

constexpr double seconds_a_month = 3600.0 * hours_per_month;

std::string way(const Flow& flow) {
  switch (flow.scope) {
    case Scope::cross_zone: return "between zones of " + flow.from;
    case Scope::cross_region: return flow.from + " to " + flow.to;
    case Scope::internet: return flow.from + " to the internet";
  }
  return {};
}

}  // namespace

void Traffic::send(const std::string& what, const Site& from, const Site& to, double bytes_per_s) {
  if (from.region != to.region)
    bytes_[{what, Scope::cross_region, from.region, to.region}] += bytes_per_s;
  else if (from.zone != to.zone)
    bytes_[{what, Scope::cross_zone, from.region, from.region}] += bytes_per_s;
}

void Traffic::send_within(const std::string& what, const std::string& region, std::size_t zones, double bytes_per_s) {
  if (zones > 1) bytes_[{what, Scope::cross_zone, region, region}] += bytes_per_s * (1 - 1 / static_cast<double>(zones));
}

void Traffic::send_out(const std::string& what, const std::string& region, double bytes_per_s) {
  bytes_[{what, Scope::internet, region, std::string()}] += bytes_per_s;
}

std::vector<Flow> Traffic::flows() const {
  std::vector<Flow> all;
  for (const auto& [key, bytes] : bytes_)
    if (bytes > 0) all.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), bytes});
  return all;
}

void replicate(Traffic& traffic, const std::string& what, const Site& leader, const std::vector<Site>& followers, double bytes_per_s) {
  for (const Site& follower : followers) traffic.send(what, leader, follower, bytes_per_s);
}

std::optional<Quantity> gigabytes_a_month(double bytes_per_s) {
  const auto found = to_millionths(bytes_per_s * seconds_a_month / 1e9);
  if (!found) return std::nullopt;
  return Quantity{*found};
}

Result<void> add_traffic(Bill& bill, const PriceBook& book, const std::vector<Flow>& flows) {
  for (const Flow& flow : flows) {
    const TransferPrice* price = find_transfer(book, flow.scope, flow.from, flow.to);
    if (price == nullptr)
      return fail(Place{}, "the prices '" + book.name + "' know no " + name(flow.scope) + " traffic, " + way(flow) + ", for " + flow.what);
    const auto quantity = gigabytes_a_month(flow.bytes_per_s);
    if (!quantity) return fail(Place{}, "more than can be counted: " + flow.what + ", " + way(flow));
    Item item{.category = Category::traffic,
              .what = flow.what + ", " + way(flow),
              .quantity = *quantity,
              .unit = name(Unit::gb),
              .unit_price = {price->per_gb_out + price->per_gb_in, book.currency},
              .source = book.sources[price->source]};
    if (auto added = add(bill, std::move(item)); !added) return added;
  }
  return {};
}

}  // namespace nines::cost
