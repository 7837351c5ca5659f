// The field tables of a price catalogue.
#include "scenarios/schema/prices_document.hpp"

namespace nines::scenarios {

template <>
struct Words<cost::Confidence> {
  static constexpr std::pair<const char*, cost::Confidence> words[] = {{"A", cost::Confidence::a}, {"B", cost::Confidence::b}, {"C", cost::Confidence::c}};
};
template <>
struct Words<cost::Scope> {
  static constexpr std::pair<const char*, cost::Scope> words[] = {
      {"cross-zone", cost::Scope::cross_zone}, {"cross-region", cost::Scope::cross_region}, {"internet", cost::Scope::internet}};
};
template <>
struct Words<cost::Unit> {
  static constexpr std::pair<const char*, cost::Unit> words[] = {{"hour", cost::Unit::hour},          {"month", cost::Unit::month},
                                                                 {"year", cost::Unit::year},          {"GB", cost::Unit::gb},
                                                                 {"GiBMonth", cost::Unit::gib_month}, {"thousand", cost::Unit::thousand}};
};

namespace {

struct PriceByRegion {
  using Value = std::vector<RegionalPrice>;
  static bool read(const Node& node, Value& out, Context& context) {
    if (node.kind != Node::Kind::map) {
      RegionalPrice everywhere{.region = {}, .micros = 0, .place = node.place};
      if (!Decimal::read(node, everywhere.micros, context)) return false;
      out = {everywhere};
      return true;
    }
    std::vector<CountDocument> prices;
    if (!Named<CountText>::read(node, prices, context)) return false;
    for (const auto& one : prices) out.push_back({*one.name, *one.millionths, one.name.place});
    return out.empty() ? context.error(node.place, "expected a price, or prices by region") : true;
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [" + Decimal::schema(definitions) + ", " + Named<CountText>::schema(definitions) + "]}";
  }
};

using Regions = List<Sited<Name>, 1, Single::allowed>;

constexpr const char* of_source = "Its key under sources.";

}  // namespace

template <>
struct Table<SourceDocument> {
  static const char* name() { return "priceSource"; }
  static const std::vector<Field<SourceDocument>>& fields() {
    using D = SourceDocument;
    static const std::vector<Field<D>> all{
        required<Text, &D::title>("title", "Where it can be read."),
        required<DateText, &D::date>("date", "Of which day the prices are."),
        required<Enum<cost::Confidence>, &D::confidence>(
            "confidence", "A: generated from the provider's interface; B: a published tool's recorded output; C: at second hand, or assumed."),
    };
    return all;
  }
};

template <>
struct Table<MachineRow> {
  static const char* name() { return "machinePrice"; }
  static const std::vector<Field<MachineRow>>& fields() {
    using D = MachineRow;
    static const std::vector<Field<D>> all{
        required<Name, &D::type>("type", "As scenarios call it."),
        required<Name, &D::family>("family", "Machines whose prices per vCPU are alike: general, compute, memory, storage, burstable."),
        required<Integer<1, 10'000>, &D::vcpus>("vcpus", "How many."),
        field<Enum<cost::Purchase>, &D::purchase>("purchase", "on-demand", "needs no commitment", "How it is bought."),
        optional_field<PriceByRegion, &D::per_hour>("perHour", "By region, or everywhere."),
        optional_field<PriceByRegion, &D::per_month>("perMonth", "Where it is rented by the month."),
        required<Name, &D::source>("source", of_source),
    };
    return all;
  }
};

template <>
struct Table<DiscountRow> {
  static const char* name() { return "discount"; }
  static const std::vector<Field<DiscountRow>>& fields() {
    using D = DiscountRow;
    static const std::vector<Field<D>> all{
        required<Enum<cost::Purchase>, &D::purchase>("purchase", "For whom: reserved-1y, reserved-3y, spot."),
        required<Fraction, &D::share>("share", "Off the on-demand price, for machines without a row of their own."),
        required<Name, &D::source>("source", of_source),
    };
    return all;
  }
};

template <>
struct Table<TierDocument> {
  static const char* name() { return "diskTier"; }
  static const std::vector<Field<TierDocument>>& fields() {
    using D = TierDocument;
    static const std::vector<Field<D>> all{
        required<Bytes, &D::size>("size", "What it holds."),
        required<Decimal, &D::per_month>("perMonth", "The price of one."),
        optional_field<Name, &D::source>("source", "Its key under sources; the row's when it is not given."),
    };
    return all;
  }
};

template <>
struct Table<DiskRow> {
  static const char* name() { return "diskPrice"; }
  static const std::vector<Field<DiskRow>>& fields() {
    using D = DiskRow;
    static const std::vector<Field<D>> all{
        required<Name, &D::type>("type", "As scenarios call it."),
        optional_field<PriceByRegion, &D::per_gib_month>("perGiBMonth", "By region, or everywhere."),
        optional_field<List<Object<TierDocument>, 1>, &D::tiers>("tiers", "Where it is sold in fixed sizes: those, ascending."),
        optional_field<Regions, &D::regions>("regions", "With tiers: where they hold."),
        optional_field<Integer<0, 1'000'000>, &D::iops_included>("iopsIncluded", "In the price of one disk."),
        optional_field<Decimal, &D::per_iops_month>("perIopsMonth", "For each above those."),
        optional_field<Integer<0, 1'000'000>, &D::mbps_included>("MBpsIncluded", "Megabytes a second in the price of one disk."),
        optional_field<Decimal, &D::per_mbps_month>("perMBpsMonth", "For each above those."),
        required<Name, &D::source>("source", of_source),
    };
    return all;
  }
};

template <>
struct Table<TransferRow> {
  static const char* name() { return "transferPrice"; }
  static const std::vector<Field<TransferRow>>& fields() {
    using D = TransferRow;
    static const std::vector<Field<D>> all{
        required<Enum<cost::Scope>, &D::scope>("scope", "Which border is crossed: cross-zone, cross-region, internet."),
        optional_field<Regions, &D::from>("from", "Regions it leaves; any when it is not given."),
        optional_field<Regions, &D::to>("to", "Regions it goes to; any when it is not given."),
        required<Decimal, &D::out>("out", "A GB, where it leaves."),
        field<Decimal, &D::in>("in", "0", "most providers take nothing for what arrives", "A GB, where it arrives."),
        required<Name, &D::source>("source", of_source),
    };
    return all;
  }
};

template <>
struct Table<ServiceRow> {
  static const char* name() { return "servicePrice"; }
  static const std::vector<Field<ServiceRow>>& fields() {
    using D = ServiceRow;
    static const std::vector<Field<D>> all{
        required<Name, &D::name>("name", "As scenarios call it; kubernetes, object-storage and object-storage-put are looked up by us."),
        required<Enum<cost::Unit>, &D::per>("per", "hour, month, year, GB, GiBMonth or thousand."),
        required<PriceByRegion, &D::price>("price", "By region, or everywhere."),
        required<Name, &D::source>("source", of_source),
    };
    return all;
  }
};

template <>
struct Table<HardwareRow> {
  static const char* name() { return "hardwarePrice"; }
  static const std::vector<Field<HardwareRow>>& fields() {
    using D = HardwareRow;
    static const std::vector<Field<D>> all{
        required<Name, &D::type>("type", "As scenarios call it."),
        optional_field<Regions, &D::regions>("regions", "Where this holds; everywhere when it is not given."),
        required<Decimal, &D::purchase>("purchase", "Of one machine, once."),
        required<Integer<1, 30>, &D::life_years>("lifeYears", "Over which it is written off."),
        required<Fraction, &D::spare>("spare", "How many more are bought than run."),
        required<Decimal, &D::kilowatts>("kilowatts", "Drawn on average."),
        required<Decimal, &D::effectiveness>("powerUsageEffectiveness", "What the building adds: 1.5."),
        required<Decimal, &D::per_kilowatt_hour>("perKilowattHour", "The price of energy."),
        required<Integer<1, 50>, &D::rack_units>("rackUnits", "How high it is."),
        required<Decimal, &D::per_rack_unit_month>("perRackUnitMonth", "The price of space."),
        required<Fraction, &D::support>("supportPerYear", "A share of the purchase."),
        required<Name, &D::source>("source", of_source),
    };
    return all;
  }
};

template <>
struct Table<PlatformsDocument> {
  static const char* name() { return "staffByPlatform"; }
  static const std::vector<Field<PlatformsDocument>>& fields() {
    using D = PlatformsDocument;
    static const std::vector<Field<D>> all{
        required<Decimal, &D::kubernetes>("kubernetes", "Engineers."),
        required<Decimal, &D::ecs>("ecs", "Engineers."),
        required<Decimal, &D::vm>("vm", "Engineers."),
        required<Decimal, &D::bare_metal>("bare-metal", "Engineers."),
    };
    return all;
  }
};

template <>
struct Table<OnCallDocument> {
  static const char* name() { return "staffOnCall"; }
  static const std::vector<Field<OnCallDocument>>& fields() {
    using D = OnCallDocument;
    static const std::vector<Field<D>> all{
        required<Decimal, &D::always>("24x7", "Engineers."),
        required<Decimal, &D::every_day>("16x7", "Engineers."),
        required<Decimal, &D::long_days>("12x5", "Engineers."),
        required<Decimal, &D::working_hours>("8x5", "Engineers."),
    };
    return all;
  }
};

template <>
struct Table<StaffRow> {
  static const char* name() { return "staffPrice"; }
  static const std::vector<Field<StaffRow>>& fields() {
    using D = StaffRow;
    static const std::vector<Field<D>> all{
        required<Decimal, &D::per_engineer_year>("perEngineerYear", "What one costs."),
        required<Object<PlatformsDocument>, &D::platforms>("platforms", "Engineers it takes, by operations.platform."),
        required<Decimal, &D::per_more_region>("perMoreRegion", "Engineers for each region after the first."),
        required<Decimal, &D::per_stateful_system>("perStatefulSystem", "Engineers for each stateful system beside the brokers."),
        required<Object<OnCallDocument>, &D::on_call>("onCall", "Engineers a whole rotation takes, by operations.coverage."),
        required<Name, &D::source>("source", of_source),
    };
    return all;
  }
};

const char* Table<PricesDocument>::name() { return "pricesCatalog"; }

const std::vector<Field<PricesDocument>>& Table<PricesDocument>::fields() {
  using D = PricesDocument;
  static const std::vector<Field<D>> all{
      required<Constant<CatalogVersion>, &D::api_version>("apiVersion", "The version of this format."),
      required<Name, &D::kind>("kind", "Prices."),
      required<Object<CatalogMetadata>, &D::metadata>("metadata", "Name and description."),
      required<Currency, &D::currency>("currency", "Of all prices."),
      required<Named<Object<SourceDocument>>, &D::sources>("sources", "Where prices come from, by the key that rows name."),
      optional_field<List<Object<MachineRow>>, &D::machines>("machines", "Rented machines."),
      optional_field<List<Object<DiscountRow>>, &D::discounts>("discounts", "For those who commit themselves."),
      optional_field<List<Object<DiskRow>>, &D::disks>("disks", "Block storage."),
      optional_field<List<Object<TransferRow>>, &D::transfers>("transfers", "Traffic."),
      optional_field<List<Object<ServiceRow>>, &D::services>("services", "What else is sold, by name."),
      optional_field<List<Object<HardwareRow>>, &D::hardware>("hardware", "Machines of one's own."),
      optional_field<Object<StaffRow>, &D::staff>("staff", "People."),
  };
  return all;
}

}  // namespace nines::scenarios
