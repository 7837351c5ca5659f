// The section `costs:` as it was written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/schema/costs.hpp"
#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

// "2026-07-20".
struct DateText {
  using Value = cost::Date;
  static bool read(const Node& node, cost::Date& out, Context& context);
  static std::string schema(Definitions&);
};

// A decimal number from 0 on, exactly: "0.192". Millionths.
struct Decimal {
  using Value = std::int64_t;
  static bool read(const Node& node, std::int64_t& out, Context& context);
  static std::string schema(Definitions&);
};

// "USD".
struct Currency {
  using Value = std::string;
  static bool read(const Node& node, std::string& out, Context& context);
  static std::string schema(Definitions&);
};

// A number under a name of the user's.
struct CountDocument {
  Written<std::string> name;
  Written<std::int64_t> millionths;
};
struct CountText {
  using Value = CountDocument;
  static bool read(const Node& node, CountDocument& out, Context& context) { return read_into<Decimal>(node, out.millionths, context); }
  static std::string schema(Definitions& definitions) { return Decimal::schema(definitions); }
};

template <>
struct Words<cost::Purchase> {
  static constexpr std::pair<const char*, cost::Purchase> words[] = {{"on-demand", cost::Purchase::on_demand},
                                                                     {"reserved-1y", cost::Purchase::reserved_1y},
                                                                     {"reserved-3y", cost::Purchase::reserved_3y},
                                                                     {"spot", cost::Purchase::spot}};
};

struct ExchangeDocument {
  Written<std::string> name;
  Written<std::int64_t> rate;
  Written<cost::Date> date;
  Written<std::string> source;
};
struct PoolCostsDocument {
  Written<std::string> name;
  Written<cost::Purchase> purchase;
};
struct PricedDiskDocument {
  Written<std::string> type;
  Written<std::int64_t> size;
  Written<double> iops, throughput;
};
struct SecondaryStorageDocument {
  Written<int> nodes, replicas;
  Written<std::string> type;
  PricedDiskDocument disk;
};
struct BackupsDocument {
  Written<std::int64_t> size;
  Written<int> kept;
  Written<double> requests;
};
struct StaffDocument {
  Written<bool> off;
  Written<std::int64_t> engineers;
  Written<MoneyPer> salary;
  Written<double> on_call_share;
};
struct TrafficDocument {
  Written<double> log, clients, exporter, snapshots, internet;
};

struct CostsDocument {
  Written<cost::Purchase> purchase;
  Written<std::string> currency;
  std::vector<ExchangeDocument> exchange;
  Written<bool> kubernetes_fee;
  std::vector<PoolCostsDocument> pools;
  std::vector<CountDocument> services;
  std::optional<SecondaryStorageDocument> secondary_storage;
  std::optional<BackupsDocument> backups;
  Written<MoneyPer> licence;
  std::optional<StaffDocument> staff;
  TrafficDocument traffic;
};
template <>
struct Table<CostsDocument> {
  static const char* name();
  static const std::vector<Field<CostsDocument>>& fields();
};

}  // namespace nines::scenarios
