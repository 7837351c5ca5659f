// A price catalogue as it is written: rows of prices by region, each naming a source of the same file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/cost/prices.hpp"
#include "scenarios/schema/catalog_document.hpp"
#include "scenarios/schema/costs_document.hpp"

namespace nines::scenarios {

// `0.08` everywhere, or {us-east-1: 0.08, eu-west-1: 0.088}.
struct RegionalPrice {
  std::string region;  // Empty: all.
  std::int64_t micros = 0;
  Place place;
};
using RegionalPrices = Written<std::vector<RegionalPrice>>;

struct SourceDocument {
  Written<std::string> name, title;
  Written<cost::Date> date;
  Written<cost::Confidence> confidence;
};
struct MachineRow {
  Written<std::string> type, family, source;
  Written<int> vcpus;
  Written<cost::Purchase> purchase;
  RegionalPrices per_hour, per_month;
};
struct DiscountRow {
  Written<cost::Purchase> purchase;
  Written<double> share;
  Written<std::string> source;
};
struct TierDocument {
  Written<std::int64_t> size, per_month;
  Written<std::string> source;
};
struct DiskRow {
  Written<std::string> type, source;
  RegionalPrices per_gib_month;
  Written<std::vector<TierDocument>> tiers;
  std::vector<Written<std::string>> regions;
  Written<std::int64_t> per_iops_month, per_mbps_month;
  Written<int> iops_included, mbps_included;
};
struct TransferRow {
  Written<cost::Scope> scope;
  std::vector<Written<std::string>> from, to;
  Written<std::int64_t> out, in;
  Written<std::string> source;
};
struct ServiceRow {
  Written<std::string> name, source;
  Written<cost::Unit> per;
  RegionalPrices price;
};
struct HardwareRow {
  Written<std::string> type, source;
  std::vector<Written<std::string>> regions;
  Written<std::int64_t> purchase, per_kilowatt_hour, per_rack_unit_month, effectiveness, kilowatts;
  Written<int> life_years, rack_units;
  Written<double> spare, support;
};
struct PlatformsDocument {
  Written<std::int64_t> kubernetes, ecs, vm, bare_metal;
};
struct OnCallDocument {
  Written<std::int64_t> always, every_day, long_days, working_hours;
};
struct StaffRow {
  Written<std::int64_t> per_engineer_year, per_more_region, per_stateful_system;
  PlatformsDocument platforms;
  OnCallDocument on_call;
  Written<std::string> source;
};

struct PricesDocument {
  Written<std::string> api_version, kind, currency;
  CatalogMetadata metadata;
  std::vector<SourceDocument> sources;
  std::vector<MachineRow> machines;
  std::vector<DiscountRow> discounts;
  std::vector<DiskRow> disks;
  std::vector<TransferRow> transfers;
  std::vector<ServiceRow> services;
  std::vector<HardwareRow> hardware;
  std::optional<StaffRow> staff;
};
template <>
struct Table<PricesDocument> {
  static const char* name();
  static const std::vector<Field<PricesDocument>>& fields();
};

// Looks up the sources and lays out the regions. Errors: a source that is not there, a price that is there twice.
bool to_book(const PricesDocument& document, cost::PriceBook& book, Context& context);

}  // namespace nines::scenarios
