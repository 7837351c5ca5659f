#include "models/cost/prices.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace nines::cost {

namespace {

template <class Rows, class Fits>
auto best(const Rows& rows, std::string_view region, Fits fits) -> const typename Rows::value_type* {
  const typename Rows::value_type* everywhere = nullptr;
  for (const auto& row : rows) {
    if (!fits(row)) continue;
    if (row.region == region) return &row;
    if (row.region.empty() && everywhere == nullptr) everywhere = &row;
  }
  return everywhere;
}

std::vector<std::string> sorted(const std::set<std::string>& names) { return {names.begin(), names.end()}; }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double per_hour(const MachinePrice& row) { return value_of(row.price.micros) / (row.per == Unit::month ? hours_per_month : 1); }

std::string times_text(double ratio) {
  const auto tenths = to_millionths(ratio);
  return tenths ? rounded(*tenths, 2) : std::string("many");
}

std::string where(const MachinePrice& row) { return row.type + (row.region.empty() ? "" : " in " + row.region); }

void add_family_outliers(const PriceBook& book, std::vector<Outlier>& found) {
  std::map<std::string, std::vector<double>> families;
  for (const auto& row : book.machines)
    if (row.purchase == Purchase::on_demand) families[row.family].push_back(per_hour(row) / row.vcpus);
  for (const auto& row : book.machines) {
    if (row.purchase != Purchase::on_demand) continue;
    const double ratio = per_hour(row) / row.vcpus / median(families[row.family]);
    if (ratio >= 0.3 && ratio <= 3) continue;
    found.push_back({row.type, row.region, "a vCPU of " + where(row) + " costs " + times_text(ratio) + " times the median of the family '" + row.family + "'"});
  }
}

// How dear a region is: the median, over machines, of its price to the same machine's in the region where most machines are priced. A machine far off
// its region's level is an artefact of the list, not of the market.
void add_regional_outliers(const PriceBook& book, std::vector<Outlier>& found) {
  std::map<std::string, std::map<std::string, double>> by_type;
  std::map<std::string, int> counts;
  for (const auto& row : book.machines) {
    if (row.purchase != Purchase::on_demand || row.region.empty()) continue;
    by_type[row.type][row.region] = per_hour(row);
    ++counts[row.region];
  }
  std::string base;
  for (const auto& [region, count] : counts)
    if (base.empty() || count > counts[base]) base = region;
  std::map<std::string, std::vector<double>> ratios;
  for (const auto& [type, prices] : by_type) {
    const auto at_base = prices.find(base);
    if (at_base == prices.end()) continue;
    for (const auto& [region, price] : prices) ratios[region].push_back(price / at_base->second);
  }
  for (const auto& [type, prices] : by_type) {
    const auto at_base = prices.find(base);
    if (at_base == prices.end()) continue;
    for (const auto& [region, price] : prices) {
      const double ratio = price / at_base->second, level = median(ratios[region]);
      if (ratio <= 1.5 * level && level <= 1.5 * ratio) continue;
      found.push_back({type, region,
                       type + " costs in " + region + " " + times_text(ratio) + " times as much as in " + base + "; other machines " + times_text(level) + " times"});
    }
  }
}

}  // namespace

char letter(Confidence confidence) { return confidence == Confidence::a ? 'A' : confidence == Confidence::b ? 'B' : 'C'; }

const char* name(Purchase purchase) {
  switch (purchase) {
    case Purchase::on_demand: return "on-demand";
    case Purchase::reserved_1y: return "reserved-1y";
    case Purchase::reserved_3y: return "reserved-3y";
    case Purchase::spot: return "spot";
  }
  return "?";
}

const char* name(Unit unit) {
  switch (unit) {
    case Unit::hour: return "h";
    case Unit::month: return "month";
    case Unit::year: return "year";
    case Unit::gb: return "GB";
    case Unit::gib_month: return "GiB-month";
    case Unit::thousand: return "thousand";
  }
  return "?";
}

const char* name(Scope scope) {
  switch (scope) {
    case Scope::cross_zone: return "cross-zone";
    case Scope::cross_region: return "cross-region";
    case Scope::internet: return "internet";
  }
  return "?";
}

const MachinePrice* find_machine(const PriceBook& book, std::string_view type, std::string_view region, Purchase purchase) {
  return best(book.machines, region, [&](const MachinePrice& row) { return row.type == type && row.purchase == purchase; });
}

const HardwarePrice* find_hardware(const PriceBook& book, std::string_view type, std::string_view region) {
  return best(book.hardware, region, [&](const HardwarePrice& row) { return row.type == type; });
}

const Discount* find_discount(const PriceBook& book, Purchase purchase) {
  const auto found = std::find_if(book.discounts.begin(), book.discounts.end(), [&](const Discount& row) { return row.purchase == purchase; });
  return found == book.discounts.end() ? nullptr : &*found;
}

const DiskPrice* find_disk(const PriceBook& book, std::string_view type, std::string_view region) {
  return best(book.disks, region, [&](const DiskPrice& row) { return row.type == type; });
}

const ServicePrice* find_service(const PriceBook& book, std::string_view name, std::string_view region) {
  return best(book.services, region, [&](const ServicePrice& row) { return row.name == name; });
}

const TransferPrice* find_transfer(const PriceBook& book, Scope scope, std::string_view from, std::string_view to) {
  const TransferPrice* found = nullptr;
  int fit = -1;
  for (const auto& row : book.transfers) {
    if (row.scope != scope || (!row.from.empty() && row.from != from) || (!row.to.empty() && row.to != to)) continue;
    const int here = (row.from.empty() ? 0 : 1) + (row.to.empty() ? 0 : 1);
    if (here > fit) {
      found = &row;
      fit = here;
    }
  }
  return found;
}

std::vector<std::string> machine_types(const PriceBook& book) {
  std::set<std::string> names;
  for (const auto& row : book.machines) names.insert(row.type);
  for (const auto& row : book.hardware) names.insert(row.type);
  return sorted(names);
}

std::vector<std::string> disk_types(const PriceBook& book) {
  std::set<std::string> names;
  for (const auto& row : book.disks) names.insert(row.type);
  return sorted(names);
}

std::vector<std::string> service_names(const PriceBook& book) {
  std::set<std::string> names;
  for (const auto& row : book.services) names.insert(row.name);
  return sorted(names);
}

std::vector<std::string> regions(const PriceBook& book) {
  std::set<std::string> names;
  for (const auto& row : book.machines) names.insert(row.region);
  for (const auto& row : book.disks) names.insert(row.region);
  for (const auto& row : book.services) names.insert(row.region);
  for (const auto& row : book.hardware) names.insert(row.region);
  names.erase("");
  return sorted(names);
}

std::vector<std::string> regions_of_machine(const PriceBook& book, std::string_view type) {
  std::set<std::string> names;
  for (const auto& row : book.machines)
    if (row.type == type) names.insert(row.region);
  for (const auto& row : book.hardware)
    if (row.type == type) names.insert(row.region);
  names.erase("");
  return sorted(names);
}

bool is_stale(const Date& priced, const Date& as_of) { return day_number(as_of) - day_number(priced) > stale_after_days; }

std::vector<Outlier> outliers(const PriceBook& book) {
  std::vector<Outlier> found;
  add_family_outliers(book, found);
  add_regional_outliers(book, found);
  return found;
}

}  // namespace nines::cost
