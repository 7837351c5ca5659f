// Prices are looked up by the catalogue's name, and what the scenario adds to its costs is checked.
#include <algorithm>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

void resolve_prices(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  const auto& written = document.catalogs.prices;
  if (!written.ok) return;
  scenario.catalogs.prices = *written;
  if (*written == "none") return;
  const auto found = std::find_if(catalogs.prices.begin(), catalogs.prices.end(), [&](const auto& book) { return book->name == *written; });
  if (found != catalogs.prices.end()) {
    scenario.prices = *found;
    return;
  }
  context.error(written.place, "no price catalogue is called '" + *written + "'" + did_you_mean(*written, catalogs.price_names(), context));
}

void resolve_exchange(const CostsDocument& written, Scenario& scenario, Context& context) {
  Costs& costs = scenario.costs;
  if (written.currency.ok) costs.currency = *written.currency;
  if (costs.currency.empty() && scenario.prices) costs.currency = scenario.prices->currency;
  for (const auto& one : written.exchange) {
    if (!one.rate.ok || !one.date.ok || !one.source.ok) continue;
    if (*one.rate == 0) context.error(one.rate.place, "a currency is worth more than nothing");
    if (*one.name == costs.currency) context.error(one.name.place, "the bill is in " + costs.currency + " already");
    if (costs.currency.empty()) context.error(one.name.place, "into which currency? Say costs.currency");
    costs.exchanges.push_back({*one.name, costs.currency, {*one.rate}, *one.date, *one.source});
  }
}

void resolve_pool_costs(const CostsDocument& written, Scenario& scenario, Context& context) {
  std::vector<std::string> known;
  for (const auto& pool : scenario.topology.pools) known.push_back(pool.name);
  for (const auto& one : written.pools) {
    if (std::find(known.begin(), known.end(), *one.name) == known.end())
      context.error(one.name.place, "no node pool is called '" + *one.name + "'" + did_you_mean(*one.name, known, context));
    scenario.costs.pools.push_back({*one.name, *one.purchase});
  }
}

void resolve_extras(const CostsDocument& written, Costs& costs) {
  if (written.secondary_storage) {
    const SecondaryStorageDocument& storage = *written.secondary_storage;
    costs.secondary_storage = {.nodes = *storage.nodes,
                               .type = *storage.type,
                               .disk_type = *storage.disk.type,
                               .disk_bytes = *storage.disk.size,
                               .speed = {.iops = *storage.disk.iops, .bytes_per_s = *storage.disk.throughput},
                               .replicas = *storage.replicas};
  }
  if (written.backups) {
    costs.backups.emplace();
    if (written.backups->size.ok) costs.backups->bytes = *written.backups->size;
    if (written.backups->kept.ok) costs.backups->kept = *written.backups->kept;
    if (written.backups->requests.ok) costs.backups->requests_per_month = *written.backups->requests;
  }
  if (written.licence.ok) costs.licence = {.money = written.licence->money, .months = written.licence->per == "year" ? cost::months_per_year : 1};
}

void resolve_staff(const StaffDocument& written, Costs& costs, Context& context) {
  if (written.off.ok) return;
  costs.staff.emplace();
  if (written.engineers.ok) costs.staff->engineers = cost::Quantity{*written.engineers};
  if (written.salary.ok) {
    const bool by_year = written.salary->per == "year";
    const auto year = cost::times(written.salary->money, cost::whole(by_year ? 1 : cost::months_per_year));
    if (year)
      costs.staff->per_year = *year;
    else
      context.error(written.salary.place, "a salary beyond what can be counted");
  }
  if (written.on_call_share.ok) costs.staff->on_call_share = {*cost::to_millionths(*written.on_call_share)};
}

}  // namespace

void resolve_costs(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  resolve_prices(document, catalogs, scenario, context);
  const CostsDocument& written = document.costs;
  Costs& costs = scenario.costs;
  if (written.purchase.ok) costs.purchase = *written.purchase;
  if (written.kubernetes_fee.ok) costs.kubernetes_fee = *written.kubernetes_fee;
  resolve_exchange(written, scenario, context);
  resolve_pool_costs(written, scenario, context);
  for (const auto& one : written.services)
    if (one.millionths.ok) costs.services.push_back({*one.name, {*one.millionths}});
  resolve_extras(written, costs);
  if (written.staff) resolve_staff(*written.staff, costs, context);
  const auto set = [](const Written<double>& from, std::optional<double>& to) {
    if (from.ok) to = *from;
  };
  set(written.traffic.log, costs.traffic.log);
  set(written.traffic.clients, costs.traffic.clients);
  set(written.traffic.exporter, costs.traffic.exporter);
  costs.traffic.snapshots = *written.traffic.snapshots;
  costs.traffic.internet = *written.traffic.internet;
}

}  // namespace nines::scenarios
