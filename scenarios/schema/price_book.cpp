// From the document of a price catalogue to a price book: sources are looked up, rows dealt over their regions.
#include <set>
#include <tuple>

#include "scenarios/schema/prices_document.hpp"

namespace nines::scenarios {

namespace {

class Books {
 public:
  Books(cost::PriceBook& book, Context& context) : book_(book), context_(context) {}

  void add(const SourceDocument& written) {
    keys_.push_back(*written.name);
    book_.sources.push_back({*written.name, *written.title, *written.date, *written.confidence});
  }

  void add(const MachineRow& row) {
    if (row.per_hour.given == row.per_month.given) {
      good_ = context_.error(row.type.place, "either perHour or perMonth");
      return;
    }
    const bool by_hour = row.per_hour.given;
    for (const RegionalPrice& price : by_hour ? *row.per_hour : *row.per_month) {
      once("machine " + *row.type + ", " + cost::name(*row.purchase), price.region, price.place);
      book_.machines.push_back({.type = *row.type,
                                .family = *row.family,
                                .vcpus = *row.vcpus,
                                .region = price.region,
                                .purchase = *row.purchase,
                                .per = by_hour ? cost::Unit::hour : cost::Unit::month,
                                .price = {price.micros, source(row.source)}});
    }
  }

  void add(const DiscountRow& row) {
    once(std::string("discount ") + cost::name(*row.purchase), "", row.purchase.place);
    book_.discounts.push_back({*row.purchase, {cost::to_millionths(*row.share).value_or(0)}, source(row.source)});
  }

  void add(const DiskRow& row) {
    if (row.per_gib_month.given == row.tiers.given) {
      good_ = context_.error(row.type.place, "either perGiBMonth or tiers");
      return;
    }
    cost::DiskPrice price{.type = *row.type,
                          .iops_included = *row.iops_included,
                          .per_iops_month = *row.per_iops_month,
                          .mbps_included = *row.mbps_included,
                          .per_mbps_month = *row.per_mbps_month,
                          .source = source(row.source)};
    for (const auto& tier : *row.tiers) {
      const std::int64_t gib = *tier.size >> 30;
      if (!price.tiers.empty() && gib <= price.tiers.back().gib) good_ = context_.error(tier.size.place, "tiers ascend");
      price.tiers.push_back({gib, *tier.per_month, tier.source.given ? source(tier.source) : price.source});
    }
    const auto put = [&](const std::string& region, std::int64_t per_gib_month, const Place& place) {
      once("disk " + *row.type, region, place);
      price.region = region;
      price.per_gib_month = per_gib_month;
      book_.disks.push_back(price);
    };
    for (const RegionalPrice& one : *row.per_gib_month) put(one.region, one.micros, one.place);
    if (!row.tiers.given) return;
    for (const auto& region : row.regions) put(*region, 0, region.place);
    if (row.regions.empty()) put("", 0, row.type.place);
  }

  void add(const TransferRow& row) {
    const std::vector<Written<std::string>> any(1);
    for (const auto& from : row.from.empty() ? any : row.from) {
      for (const auto& to : row.to.empty() ? any : row.to) {
        if (!from->empty() && *from == *to) continue;  // Of a list of regions among themselves.
        once(std::string(cost::name(*row.scope)) + " from " + *from + " to " + *to, "", row.scope.place);
        book_.transfers.push_back({*row.scope, *from, *to, *row.out, *row.in, source(row.source)});
      }
    }
  }

  void add(const ServiceRow& row) {
    for (const RegionalPrice& price : *row.price) {
      once("service " + *row.name, price.region, price.place);
      book_.services.push_back({*row.name, price.region, *row.per, {price.micros, source(row.source)}});
    }
  }

  void add(const HardwareRow& row) {
    cost::HardwarePrice price{.type = *row.type,
                              .purchase = *row.purchase,
                              .life_years = *row.life_years,
                              .spare = {cost::to_millionths(*row.spare).value_or(0)},
                              .kilowatts = {*row.kilowatts},
                              .power_usage_effectiveness = {*row.effectiveness},
                              .per_kilowatt_hour = *row.per_kilowatt_hour,
                              .rack_units = *row.rack_units,
                              .per_rack_unit_month = *row.per_rack_unit_month,
                              .support_per_year = {cost::to_millionths(*row.support).value_or(0)},
                              .source = source(row.source)};
    const std::vector<Written<std::string>> any(1);
    for (const auto& region : row.regions.empty() ? any : row.regions) {
      once("machine " + *row.type + ", own", *region, row.type.place);
      price.region = *region;
      book_.hardware.push_back(price);
    }
  }

  void add(const StaffRow& row) {
    cost::StaffPrice price{.per_engineer_year = *row.per_engineer_year,
                           .per_more_region = {*row.per_more_region},
                           .per_stateful_system = {*row.per_stateful_system},
                           .source = source(row.source)};
    price.platforms = {
        {"kubernetes", {*row.platforms.kubernetes}}, {"ecs", {*row.platforms.ecs}}, {"vm", {*row.platforms.vm}}, {"bare-metal", {*row.platforms.bare_metal}}};
    price.on_call = {
        {"24x7", {*row.on_call.always}}, {"16x7", {*row.on_call.every_day}}, {"12x5", {*row.on_call.long_days}}, {"8x5", {*row.on_call.working_hours}}};
    book_.staff = std::move(price);
  }

  bool is_good() const { return good_; }

 private:
  std::size_t source(const Written<std::string>& key) {
    for (std::size_t i = 0; i < keys_.size(); ++i)
      if (keys_[i] == *key) return i;
    good_ = context_.error(key.place, "no source is called '" + *key + "'" + did_you_mean(*key, keys_, context_));
    return 0;
  }

  void once(const std::string& what, const std::string& region, const Place& place) {
    if (!seen_.insert({what, region}).second)
      good_ = context_.error(place, "this price is there twice: " + what + (region.empty() ? "" : ", " + region));
  }

  cost::PriceBook& book_;
  Context& context_;
  std::vector<std::string> keys_;
  std::set<std::pair<std::string, std::string>> seen_;
  bool good_ = true;
};

}  // namespace

bool to_book(const PricesDocument& document, cost::PriceBook& book, Context& context) {
  book.name = *document.metadata.name;
  book.currency = *document.currency;
  Books books(book, context);
  for (const auto& source : document.sources) books.add(source);
  for (const auto& row : document.machines) books.add(row);
  for (const auto& row : document.discounts) books.add(row);
  for (const auto& row : document.disks) books.add(row);
  for (const auto& row : document.transfers) books.add(row);
  for (const auto& row : document.services) books.add(row);
  for (const auto& row : document.hardware) books.add(row);
  if (document.staff) books.add(*document.staff);
  return books.is_good();
}

}  // namespace nines::scenarios
