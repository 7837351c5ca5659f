// The field tables of the section `costs:`.
#include "scenarios/schema/costs_document.hpp"

#include <algorithm>

namespace nines::scenarios {

bool DateText::read(const Node& node, cost::Date& out, Context& context) {
  static const char* const expected = "a day such as '2026-07-20'";
  if (!check_scalar(node, expected, context)) return false;
  const auto date = cost::read_date(node.text);
  if (!date) return context.error(node.place, std::string("expected ") + expected + ", not '" + node.text.substr(0, 60) + "'");
  out = *date;
  context.explain(node, node.text);
  return true;
}
// Some readers of YAML make a value of their own of a date without quotes, of which JSON Schema knows nothing: no type here.
std::string DateText::schema(Definitions&) { return R"({"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})"; }

bool Decimal::read(const Node& node, std::int64_t& out, Context& context) {
  static const char* const expected = "a decimal number from 0 on, with six decimals at most, such as '0.192'";
  if (!check_scalar(node, expected, context)) return false;
  const auto value = cost::read_millionths(node.text);
  if (!value || *value < 0) return context.error(node.place, std::string("expected ") + expected + ", not '" + node.text.substr(0, 60) + "'");
  out = *value;
  context.explain(node, node.text);
  return true;
}
std::string Decimal::schema(Definitions&) { return R"({"type": "number", "minimum": 0})"; }

bool Currency::read(const Node& node, std::string& out, Context& context) {
  static const char* const expected = "a currency of three capitals such as 'USD'";
  if (!check_scalar(node, expected, context)) return false;
  const bool good = node.text.size() == 3 && std::all_of(node.text.begin(), node.text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!good) return context.error(node.place, std::string("expected ") + expected + ", not '" + node.text.substr(0, 60) + "'");
  out = node.text;
  context.explain(node, node.text);
  return true;
}
std::string Currency::schema(Definitions&) { return R"({"type": "string", "pattern": "^[A-Z]{3}$"})"; }

namespace {

// "12000 USD/year".
struct MoneyPerMonthOrYear {
  using Value = MoneyPer;
  static bool read(const Node& node, MoneyPer& out, Context& context) {
    static const char* const expected = "money by the month or the year such as '12000 USD/year'";
    if (!check_scalar(node, expected, context)) return false;
    const auto value = read_money(node.text);
    if (!value || (value->per != "month" && value->per != "year") || value->money.micros < 0)
      return context.error(node.place, std::string("expected ") + expected + ", not '" + node.text.substr(0, 60) + "'");
    out = *value;
    context.explain(node, node.text);
    return true;
  }
  static std::string schema(Definitions&) { return R"({"type": "string", "pattern": "^[0-9.]+ ?[A-Z]{3}/(month|year)$"})"; }
};

}  // namespace

template <>
struct Table<ExchangeDocument> {
  static const char* name() { return "exchange"; }
  static const std::vector<Field<ExchangeDocument>>& fields() {
    using D = ExchangeDocument;
    static const std::vector<Field<D>> all{
        required<Decimal, &D::rate>("rate", "What one unit is worth in the bill's currency."),
        required<DateText, &D::date>("date", "The day it held."),
        required<Text, &D::source>("source", "Who says so."),
    };
    return all;
  }
};

template <>
struct Table<PoolCostsDocument> {
  static const char* name() { return "poolCosts"; }
  static const std::vector<Field<PoolCostsDocument>>& fields() {
    using D = PoolCostsDocument;
    static const std::vector<Field<D>> all{
        required<Enum<cost::Purchase>, &D::purchase>("purchase", "How its machines are bought."),
    };
    return all;
  }
};

template <>
struct Table<PricedDiskDocument> {
  static const char* name() { return "pricedDisk"; }
  static const std::vector<Field<PricedDiskDocument>>& fields() {
    using D = PricedDiskDocument;
    static const std::vector<Field<D>> all{
        required<Name, &D::type>("type", "The type in the price catalogue."),
        required<Bytes, &D::size>("size", "Of each disk."),
        optional_field<Rate, &D::iops>("iops", "Of each disk, such as 6000/s; what its type includes when it is not given."),
        optional_field<ByteRate, &D::throughput>("throughput", "Of each disk; what its type includes when it is not given."),
    };
    return all;
  }
};

template <>
struct Table<SecondaryStorageDocument> {
  static const char* name() { return "secondaryStorageCosts"; }
  static const std::vector<Field<SecondaryStorageDocument>>& fields() {
    using D = SecondaryStorageDocument;
    static const std::vector<Field<D>> all{
        required<Integer<1, 1000>, &D::nodes>("nodes", "In each region."),
        optional_field<Name, &D::type>("type", "A machine of its own for each node; on the brokers' machines when it is not given."),
        required<Object<PricedDiskDocument>, &D::disk>("disk", "Of each node."),
        field<Integer<0, 10>, &D::replicas>("replicas", "1", "Elasticsearch's own: index.number_of_replicas is 1",
                                            "Copies of the data beside the first."),
    };
    return all;
  }
};

template <>
struct Table<BackupsDocument> {
  static const char* name() { return "backups"; }
  static const std::vector<Field<BackupsDocument>>& fields() {
    using D = BackupsDocument;
    static const std::vector<Field<D>> all{
        optional_field<Bytes, &D::size>("size", "Of one backup; the state of every partition when it is not given."),
        field<Integer<1, 10'000>, &D::kept>("kept", "1", "the last one", "How many are kept at a time."),
        field<Real<0, 1'000'000'000'000>, &D::requests>("requests", "0", "a few cents at most", "Objects written a month."),
    };
    return all;
  }
};

template <>
struct Table<StaffDocument> {
  static const char* name() { return "staff"; }
  static const std::vector<Field<StaffDocument>>& fields() {
    using D = StaffDocument;
    static const std::vector<Field<D>> all{
        optional_field<Decimal, &D::engineers>("engineers", "How many; by the catalogue's rule of thumb when it is not given."),
        optional_field<MoneyPerMonthOrYear, &D::salary>("salary", "What one costs; the catalogue's when it is not given."),
        field<Fraction, &D::on_call_share>("onCallShare", "25%", "assumption: a rotation looks after four services",
                                           "What of a rotation on call falls to this scenario."),
    };
    return all;
  }
};

template <>
struct Table<TrafficDocument> {
  static const char* name() { return "traffic"; }
  static const std::vector<Field<TrafficDocument>>& fields() {
    using D = TrafficDocument;
    static const std::vector<Field<D>> all{
        optional_field<ByteRate, &D::log>("log", "Replicated, over all clusters; what the load writes when it is not given."),
        optional_field<ByteRate, &D::clients>("clients", "Between clients and gateways within a region; as much as the log when it is not given."),
        optional_field<ByteRate, &D::exporter>("exporter", "To the secondary storage; as much as the log when it is not given, if there is one."),
        field<ByteRate, &D::snapshots>("snapshots", "0B/s", "a follower is sent one only when it has lost its disk or lags far behind",
                                       "From leaders to each follower."),
        field<ByteRate, &D::internet>("internet", "0B/s", "nothing was said of users outside", "From the first region to the internet."),
    };
    return all;
  }
};

const char* Table<CostsDocument>::name() { return "costs"; }

const std::vector<Field<CostsDocument>>& Table<CostsDocument>::fields() {
  using D = CostsDocument;
  static const std::vector<Field<D>> all{
      field<Enum<cost::Purchase>, &D::purchase>("purchase", "on-demand", "needs no commitment", "How machines are bought."),
      optional_field<Currency, &D::currency>("currency", "Of the bill; the price catalogue's when it is not given."),
      optional_field<Named<Object<ExchangeDocument>>, &D::exchange>("exchange",
                                                                    "Rates into the bill's currency, by currency; there is no other conversion."),
      field<Flag, &D::kubernetes_fee>("kubernetesFee", "true", "managed control planes have a fee at every large provider",
                                      "With operations.platform kubernetes: one managed control plane a region, if the provider sells it."),
      optional_field<Named<Object<PoolCostsDocument>>, &D::pools>("pools", "What differs for the machines of a node pool, by its name."),
      optional_field<Named<CountText>, &D::services>(
          "services",
          "How many of what else the catalogue sells, by name: nat-gateway: 3. In its own unit a month where that is GB, GiB or thousand."),
      optional_field<Object<SecondaryStorageDocument>, &D::secondary_storage>("secondaryStorage", "Where exported records are kept."),
      optional_field<Object<BackupsDocument>, &D::backups>("backups", "Copies in object storage."),
      optional_field<MoneyPerMonthOrYear, &D::licence>("licence", "What the licence costs."),
      optional_field<OrOff<Object<StaffDocument>>, &D::staff>("staff", "What people cost; not counted when it is not given. {}: by a rule of thumb."),
      field<Object<TrafficDocument>, &D::traffic>("traffic", "{}", "", "Bytes a second, where the load does not say them."),
  };
  return all;
}

}  // namespace nines::scenarios
