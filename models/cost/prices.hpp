// A price book: what one provider asks, per region, every row with its source, date and confidence. Plain values; scenarios/catalog/prices holds the data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/cost/money.hpp"

namespace nines::cost {

inline constexpr int hours_per_month = 730;  // Of every bill: 8,760 h / 12, as the providers' calculators have it.
inline constexpr int months_per_year = 12;

enum class Confidence : std::uint8_t {
  a,  // Generated from the provider's own interface, and dated.
  b,  // A published tool's recorded output, dated.
  c,  // At second hand, or an assumption.
};
char letter(Confidence confidence);

struct Source {
  std::string key{};
  std::string title{};
  Date date{};
  Confidence confidence = Confidence::c;
};

// In the book's currency. `source` is an index of PriceBook::sources.
struct Price {
  std::int64_t micros = 0;
  std::size_t source = 0;
};

enum class Purchase : std::uint8_t { on_demand, reserved_1y, reserved_3y, spot };
const char* name(Purchase purchase);  // "on-demand"

enum class Unit : std::uint8_t { hour, month, year, gb, gib_month, thousand };
const char* name(Unit unit);  // "h", "month", "year", "GB" = 10^9 bytes sent, "GiB-month" = 2^30 bytes kept, "thousand"

// In every row: an empty region means all of the provider's.
struct MachinePrice {
  std::string type{};    // "m6i.xlarge"
  std::string family{};  // Machines whose prices per vCPU can be compared: "general".
  int vcpus = 1;
  std::string region{};
  Purchase purchase = Purchase::on_demand;
  Unit per = Unit::hour;  // Or month.
  Price price{};
};

// Off the on-demand price of every machine that has no row of its own.
struct Discount {
  Purchase purchase = Purchase::reserved_1y;
  Quantity share{};  // 0.37 saves 37 %.
  std::size_t source = 0;
};

struct DiskPrice {
  std::string type{};  // "gp3"
  std::string region{};
  std::int64_t per_gib_month = 0;
  std::int64_t iops_included = 0;   // Of each disk.
  std::int64_t per_iops_month = 0;  // Of those above. 0: none are sold.
  std::int64_t mbps_included = 0;   // MB/s of each disk.
  std::int64_t per_mbps_month = 0;
  struct Tier {
    std::int64_t gib = 0;
    std::int64_t per_month = 0;
    std::size_t source = 0;
  };
  std::vector<Tier> tiers{};  // Ascending. Where there are any, a disk is sold in these sizes only: the least that holds it.
  std::size_t source = 0;
};

enum class Scope : std::uint8_t { cross_zone, cross_region, internet };
const char* name(Scope scope);

// Traffic in GB, paid where it leaves and where it arrives.
struct TransferPrice {
  Scope scope = Scope::cross_zone;
  std::string from{}, to{};  // Regions; `to` only of cross_region.
  std::int64_t per_gb_out = 0;
  std::int64_t per_gb_in = 0;
  std::size_t source = 0;
};

// Whatever else is sold by name: "kubernetes", "load-balancer", "nat-gateway", "object-storage", a database's instance.
struct ServicePrice {
  std::string name{};
  std::string region{};
  Unit per = Unit::month;
  Price price{};
};

// A machine of one's own, by what it costs to have it for a month.
struct HardwarePrice {
  std::string type{};
  std::string region{};
  std::int64_t purchase = 0;             // Once.
  int life_years = 5;                    // Written off evenly over it.
  Quantity spare{};                      // 0.15: 15 % more machines are bought than run.
  Quantity kilowatts{};                  // Drawn on average.
  Quantity power_usage_effectiveness{};  // What the building adds: 1.5.
  std::int64_t per_kilowatt_hour = 0;
  int rack_units = 1;
  std::int64_t per_rack_unit_month = 0;
  Quantity support_per_year{};  // A share of the purchase.
  std::size_t source = 0;
};

// What people cost, and how many of them a deployment takes (staff.hpp).
struct StaffPrice {
  std::int64_t per_engineer_year = 0;
  struct OfPlatform {
    std::string platform;
    Quantity engineers;
  };
  std::vector<OfPlatform> platforms{};
  Quantity per_more_region{};
  Quantity per_stateful_system{};
  struct OnCall {
    std::string coverage;
    Quantity engineers;  // Of a whole rotation, before it is shared with other services.
  };
  std::vector<OnCall> on_call{};
  std::size_t source = 0;
};

struct PriceBook {
  std::string name{};      // "aws"
  std::string currency{};  // Of all its prices.
  std::vector<Source> sources{};
  std::vector<MachinePrice> machines{};
  std::vector<Discount> discounts{};
  std::vector<DiskPrice> disks{};
  std::vector<TransferPrice> transfers{};
  std::vector<ServicePrice> services{};
  std::vector<HardwarePrice> hardware{};
  std::optional<StaffPrice> staff;
};

// The row of this name in this region; before one of all regions, its own. Null when there is none.
const MachinePrice* find_machine(const PriceBook& book, std::string_view type, std::string_view region, Purchase purchase);
const HardwarePrice* find_hardware(const PriceBook& book, std::string_view type, std::string_view region);
const Discount* find_discount(const PriceBook& book, Purchase purchase);
const DiskPrice* find_disk(const PriceBook& book, std::string_view type, std::string_view region);
const ServicePrice* find_service(const PriceBook& book, std::string_view name, std::string_view region);
// A pair that is named wins, then what leaves `from` for anywhere, then what holds everywhere.
const TransferPrice* find_transfer(const PriceBook& book, Scope scope, std::string_view from, std::string_view to);

// Sorted, each once. `regions`: those that any row names; empty where all of its rows hold everywhere.
std::vector<std::string> machine_types(const PriceBook& book);
std::vector<std::string> disk_types(const PriceBook& book);
std::vector<std::string> service_names(const PriceBook& book);
std::vector<std::string> regions(const PriceBook& book);
// Where this machine is sold: the regions of its rows; empty where it is sold everywhere or not at all.
std::vector<std::string> regions_of_machine(const PriceBook& book, std::string_view type);

inline constexpr std::int64_t stale_after_days = 180;
bool is_stale(const Date& priced, const Date& as_of);

// On-demand prices that cannot be right. Two looks: a price per vCPU outside 0.3 to 3 times the median of its family, and a machine that is dearer or
// cheaper in one region than its other prices and the region's level say, by more than a half.
struct Outlier {
  std::string type{}, region{};
  std::string what{};  // A sentence.
};
std::vector<Outlier> outliers(const PriceBook& book);

}  // namespace nines::cost
