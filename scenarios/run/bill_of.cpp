#include "scenarios/run/bill_of.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "models/cost/staff.hpp"
#include "models/cost/traffic.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

namespace {

using cost::Category;
using cost::Item;
using cost::Quantity;
using cost::whole;

constexpr double bytes_per_gib = 1024.0 * 1024 * 1024;

// Counts by region, in the order of the topology.
using ByRegion = std::vector<std::pair<std::string, std::int64_t>>;

class Pricing {
 public:
  Pricing(const Scenario& scenario, std::optional<double> down)
      : scenario_(scenario), book_(*scenario.prices), costs_(scenario.costs), world_(to_world(scenario)), down_(down) {
    priced_.bill.currency = costs_.currency.empty() ? book_.currency : costs_.currency;
    priced_.bill.exchanges = costs_.exchanges;
    if (scenario.operations) platform_ = scenario.operations->platform;
    if (scenario.operations) coverage_ = scenario.operations->coverage;
  }

  Result<Priced> all() {
    check_regions();
    if (!errors_.empty()) return fail(std::move(errors_));
    add_machines();
    add_disks();
    add_secondary_storage();
    add_backups();
    add_log_traffic();
    add_platform();
    add_people();
    add_licence();
    add_downtime();
    if (!errors_.empty()) return fail(std::move(errors_));
    if (auto sum = cost::total(priced_.bill); !sum) return fail(scenario_.place_of("costs"), sum.error().front().what);
    add_notes();
    return std::move(priced_);
  }

 private:
  // --- What can go wrong, at its place. ---

  void error(const std::string& path, std::string what) {
    const Place place = scenario_.place_of(path);
    const auto is_said = [&](const Error& one) { return one.place.line == place.line && one.place.column == place.column && one.what == what; };
    if (std::none_of(errors_.begin(), errors_.end(), is_said)) errors_.push_back({place, std::move(what)});
  }

  void unknown(const std::string& path, const std::string& what, const std::string& word, const std::vector<std::string>& known) {
    error(path, "the prices '" + book_.name + "' know no " + what + " '" + word + "'" + did_you_mean(word, known));
  }

  void put(const std::string& path, Item item) {
    if (item.quantity.millionths == 0) return;
    if (auto added = cost::add(priced_.bill, std::move(item)); !added) error(path, added.error().front().what);
  }

  Quantity measured(const std::string& path, double value) {
    const auto found = cost::to_millionths(value);
    if (!found) error(path, "more than can be counted");
    return {found.value_or(0)};
  }

  const cost::Source& source(std::size_t index) const { return book_.sources[index]; }
  cost::Money money(std::int64_t micros) const { return {micros, book_.currency}; }

  // --- Where things stand. ---

  const std::string& region_of(NodeId node) const { return world_.topology.regions[world_.topology.region_of(node).index()].name; }
  cost::Site site_of(BrokerId broker) const {
    const NodeId node = world_.brokers[broker.index()].node;
    return {region_of(node), world_.topology.zones[world_.topology.nodes[node.index()].zone.index()].name};
  }

  template <class Counts>
  ByRegion in_order(const Counts& counts) const {
    ByRegion ordered;
    for (const auto& region : scenario_.topology.regions)
      if (const auto found = counts.find(region.name); found != counts.end()) ordered.emplace_back(region.name, found->second);
    return ordered;
  }

  ByRegion nodes_of(const NodePool& pool) const {
    std::map<std::string, std::int64_t> counts;
    for (std::size_t n = 0; n < world_.topology.nodes.size(); ++n)
      if (world_.topology.nodes[n].pool == pool.name) ++counts[region_of(NodeId{n})];
    return in_order(counts);
  }

  ByRegion brokers_of(const NodePool& pool) const {
    std::map<std::string, std::int64_t> counts;
    for (const auto& broker : world_.brokers)
      if (world_.topology.nodes[broker.node.index()].pool == pool.name) ++counts[region_of(broker.node)];
    return in_order(counts);
  }

  std::vector<std::string> regions() const {
    std::set<std::string> used;
    for (std::size_t n = 0; n < world_.topology.nodes.size(); ++n) used.insert(region_of(NodeId{n}));
    std::vector<std::string> ordered;
    for (const auto& region : scenario_.topology.regions)
      if (used.contains(region.name)) ordered.push_back(region.name);
    return ordered;
  }

  void check_regions() {
    const std::vector<std::string> known = cost::regions(book_);
    if (known.empty()) return;  // One price everywhere.
    const auto is_everywhere = [](const auto& rows) {
      return std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.region.empty(); });
    };
    if (is_everywhere(book_.machines) || is_everywhere(book_.hardware)) return;
    for (const std::string& region : regions())
      if (std::find(known.begin(), known.end(), region) == known.end()) unknown("topology.regions." + region + ".name", "region", region, known);
  }

  // --- Machines and disks. ---

  cost::Purchase purchase_of(const NodePool& pool) const {
    const auto found = std::find_if(costs_.pools.begin(), costs_.pools.end(), [&](const PoolCosts& one) { return one.name == pool.name; });
    return found == costs_.pools.end() ? costs_.purchase : found->purchase;
  }

  void no_machine(const std::string& path, const std::string& type, const std::string& region, cost::Purchase purchase) {
    const std::vector<std::string> known = cost::machine_types(book_), sold = cost::regions_of_machine(book_, type);
    if (std::find(known.begin(), known.end(), type) == known.end()) return unknown(path, "machine", type, known);
    const std::string here = "the prices '" + book_.name + "' have none of " + type + " in " + region;
    if (cost::find_machine(book_, type, region, cost::Purchase::on_demand) != nullptr) return error(path, here + " as " + cost::name(purchase));
    std::string where;
    for (const std::string& one : sold) where += (where.empty() ? "" : ", ") + one;
    error(path, here + "; there is one in " + where);
  }

  void rent(const std::string& path, const std::string& what, const std::string& type, const std::string& region, std::int64_t count, cost::Purchase purchase) {
    const std::string text = type + ", " + std::to_string(count) + ' ' + what + " in " + region;
    if (const cost::HardwarePrice* own = cost::find_hardware(book_, type, region)) {
      if (auto added = cost::add_hardware(priced_.bill, book_, *own, count, text); !added) error(path, added.error().front().what);
      return;
    }
    const cost::MachinePrice* row = cost::find_machine(book_, type, region, purchase);
    const cost::Discount* discount = row == nullptr ? cost::find_discount(book_, purchase) : nullptr;
    if (discount != nullptr) row = cost::find_machine(book_, type, region, cost::Purchase::on_demand);
    if (row == nullptr) return no_machine(path, type, region, purchase);
    Item item{.category = Category::compute,
              .what = text + (purchase == cost::Purchase::on_demand ? "" : std::string(", ") + cost::name(purchase)),
              .quantity = whole(count * (row->per == cost::Unit::hour ? cost::hours_per_month : 1)),
              .unit = cost::name(row->per),
              .unit_price = money(row->price.micros),
              .source = source(row->price.source)};
    if (discount != nullptr) {
      item.unit_price = cost::times(item.unit_price, {cost::millionths_of_one - discount->share.millionths}).value_or(item.unit_price);
      item.source = source(discount->source);  // The weaker of the two.
    }
    put(path, std::move(item));
  }

  void add_machines() {
    for (const NodePool& pool : scenario_.topology.pools) {
      const std::string path = "topology.nodePools." + pool.name;
      if (pool.type.empty()) {
        error(path + ".nodes", "the node pool '" + pool.name + "' names no machine type, and without one its nodes have no price");
        continue;
      }
      const cost::Purchase purchase = purchase_of(pool);
      for (const auto& [region, count] : nodes_of(pool)) rent(path + ".type", "nodes of pool " + pool.name, pool.type, region, count, purchase);
    }
  }

  void store(const std::string& path, const std::string& what, const std::string& type, std::int64_t bytes, const DiskSpeed& speed,
             const std::string& region, std::int64_t count) {
    const cost::DiskPrice* row = cost::find_disk(book_, type, region);
    if (row == nullptr) return unknown(path, "disk in " + region + " of the type", type, cost::disk_types(book_));
    const std::string text = type + ", " + std::to_string(count) + ' ' + what + " in " + region;
    const auto item = [&](std::string name, Quantity quantity, const char* unit, std::int64_t price, std::size_t from) {
      put(path, {.category = Category::storage, .what = std::move(name), .quantity = quantity, .unit = unit, .unit_price = money(price), .source = source(from)});
    };
    const double gib = static_cast<double>(bytes) / bytes_per_gib;
    if (row->tiers.empty()) {
      item(text, measured(path, gib * static_cast<double>(count)), cost::name(cost::Unit::gib_month), row->per_gib_month, row->source);
    } else {
      const auto fits = std::find_if(row->tiers.begin(), row->tiers.end(), [&](const auto& tier) { return static_cast<double>(tier.gib) >= gib; });
      if (fits == row->tiers.end())
        return error(path, "the prices '" + book_.name + "' have no " + type + " of this size; the largest holds " +
                               std::to_string(row->tiers.back().gib) + "GiB");
      item(text + ", of " + std::to_string(fits->gib) + " GiB", whole(count), "disk, a month", fits->per_month, fits->source);
    }
    const auto above = [&](double wanted, std::int64_t included, std::int64_t price, const char* speed_of, const char* unit) {
      const double more = std::max(0.0, wanted - static_cast<double>(included));
      if (price == 0) return;  // Nobody sells more.
      item(text + ": " + speed_of + " above " + std::to_string(included) + " each", measured(path, more * static_cast<double>(count)), unit, price, row->source);
    };
    above(speed.iops, row->iops_included, row->per_iops_month, "IOPS", "IOPS-month");
    above(speed.bytes_per_s / 1e6, row->mbps_included, row->per_mbps_month, "MB/s", "MB/s-month");
  }

  // On Kubernetes and ECS a volume follows its broker; elsewhere, and in pools without brokers, each machine has its disk.
  void add_disks() {
    const bool follows = platform_ == "kubernetes" || platform_ == "ecs";
    for (const NodePool& pool : scenario_.topology.pools) {
      const ByRegion brokers = brokers_of(pool);
      const bool of_brokers = follows && !brokers.empty();
      for (const auto& [region, count] : of_brokers ? brokers : nodes_of(pool))
        store("topology.nodePools." + pool.name + ".disk.type", (of_brokers ? "brokers of pool " : "nodes of pool ") + pool.name, pool.disk.type,
              pool.disk.size_bytes, {.iops = pool.disk.iops, .bytes_per_s = pool.disk.bytes_per_s}, region, count);
    }
  }

  void add_secondary_storage() {
    if (!costs_.secondary_storage) return;
    const SecondaryStorageCosts& storage = *costs_.secondary_storage;
    for (const std::string& region : regions()) {
      if (!storage.type.empty())
        rent("costs.secondaryStorage.type", "nodes of secondary storage", storage.type, region, storage.nodes, costs_.purchase);
      store("costs.secondaryStorage.disk.type", "nodes of secondary storage", storage.disk_type, storage.disk_bytes, storage.speed, region, storage.nodes);
    }
  }

  void buy(const std::string& path, Category category, const std::string& name, const std::string& what, Quantity count) {
    const std::string region = regions().front();
    const cost::ServicePrice* row = cost::find_service(book_, name, region);
    if (row == nullptr) return unknown(path, "service in " + region + " called", name, cost::service_names(book_));
    const bool by_hour = row->per == cost::Unit::hour;
    if (by_hour && count.millionths > INT64_MAX / cost::hours_per_month) return error(path, "more than can be counted");
    put(path, {.category = category,
               .what = what,
               .quantity = {by_hour ? count.millionths * cost::hours_per_month : count.millionths},
               .unit = cost::name(row->per),
               .unit_price = money(row->price.micros),
               .months = row->per == cost::Unit::year ? cost::months_per_year : 1,
               .source = source(row->price.source)});
  }

  void add_backups() {
    if (!costs_.backups) return;
    double bytes = 0;
    for (const Cluster& cluster : scenario_.clusters) bytes += static_cast<double>(cluster.state_bytes) * cluster.partitions;
    if (costs_.backups->bytes) bytes = static_cast<double>(*costs_.backups->bytes);
    const std::string kept = std::to_string(costs_.backups->kept) + (costs_.backups->kept == 1 ? " backup" : " backups");
    buy("costs.backups.size", Category::storage, "object-storage", "object storage, " + kept,
        measured("costs.backups.size", bytes / bytes_per_gib * costs_.backups->kept));
    const Quantity requests = measured("costs.backups.requests", costs_.backups->requests_per_month / 1000);
    if (requests.millionths > 0) buy("costs.backups.requests", Category::storage, "object-storage-put", "object storage, writes", requests);
  }

  // --- Traffic. ---

  // A cluster's part of what the scenario says of all of them: by load or, without any, by partitions.
  double share_of(std::size_t cluster) const {
    double loads = 0, partitions = 0;
    for (const Cluster& one : scenario_.clusters) {
      loads += load_of(one);
      partitions += one.partitions;
    }
    const Cluster& own = scenario_.clusters[cluster];
    return loads > 0 ? load_of(own) / loads : own.partitions / partitions;
  }

  static double load_of(const Cluster& cluster) { return cluster.load.appends_per_s * static_cast<double>(cluster.load.bytes); }

  bool has_log() const {
    const auto writes = [](const Cluster& cluster) { return load_of(cluster) > 0; };
    return costs_.traffic.log ? *costs_.traffic.log > 0 : std::any_of(scenario_.clusters.begin(), scenario_.clusters.end(), writes);
  }

  bool has_secondary_storage() const {
    const auto has_storage = [](const Cluster& cluster) {
      return std::any_of(cluster.components.begin(), cluster.components.end(),
                         [](const Component& component) { return component.spec.name == "secondaryStorage"; });
    };
    return costs_.secondary_storage || std::any_of(scenario_.clusters.begin(), scenario_.clusters.end(), has_storage);
  }

  bool exports() const { return costs_.traffic.exporter || has_secondary_storage(); }

  // Bytes a second of one partition.
  struct Rates {
    double log = 0, clients = 0, exporter = 0, snapshots = 0;
  };

  Rates rates_of(std::size_t cluster) const {
    const double partitions = scenario_.clusters[cluster].partitions, share = share_of(cluster) / partitions;
    Rates rates;
    rates.log = costs_.traffic.log ? *costs_.traffic.log * share : load_of(scenario_.clusters[cluster]) / partitions;
    rates.clients = costs_.traffic.clients ? *costs_.traffic.clients * share : rates.log;
    rates.exporter = !exports() ? 0 : costs_.traffic.exporter ? *costs_.traffic.exporter * share : rates.log;
    rates.snapshots = costs_.traffic.snapshots * share;
    return rates;
  }

  // The leader's place first. Exported records go to the secondary storage of every region; within one, copies and clients know nothing of zones.
  void add_partition(cost::Traffic& traffic, const Rates& rates, const std::vector<cost::Site>& sites,
                     const std::map<std::string, std::set<std::string>>& zones) const {
    const cost::Site& leader = sites.front();
    const std::vector<cost::Site> followers(sites.begin() + 1, sites.end());
    cost::replicate(traffic, "replication", leader, followers, rates.log);
    cost::replicate(traffic, "snapshots", leader, followers, rates.snapshots);
    traffic.send_within("clients", leader.region, zones.at(leader.region).size(), rates.clients);
    const int copies = costs_.secondary_storage ? costs_.secondary_storage->replicas : 1;
    for (const auto& [region, in] : zones) {
      if (region == leader.region)
        traffic.send_within("exporter", region, in.size(), rates.exporter);
      else
        traffic.send("exporter", leader, {region, {}}, rates.exporter);
      traffic.send_within("copies in secondary storage", region, in.size(), rates.exporter * copies);
    }
  }

  void add_log_traffic() {
    cost::Traffic traffic;
    for (std::size_t c = 0; c < world_.clusters.size(); ++c) {
      std::map<std::string, std::set<std::string>> zones;  // With replicas of this cluster, by region.
      std::vector<std::vector<cost::Site>> placed;
      for (const auto& replicas : world_.clusters[c].partitions) {
        auto& sites = placed.emplace_back();
        const auto primary = std::max_element(replicas.begin(), replicas.end(), [](const auto& a, const auto& b) { return a.priority < b.priority; });
        for (const auto& replica : replicas) {
          sites.push_back(site_of(replica.broker));
          zones[sites.back().region].insert(sites.back().zone);
        }
        std::swap(sites.front(), sites[static_cast<std::size_t>(primary - replicas.begin())]);
      }
      for (const auto& sites : placed) add_partition(traffic, rates_of(c), sites, zones);
    }
    if (costs_.traffic.internet > 0) traffic.send_out("users outside", regions().front(), costs_.traffic.internet);
    if (auto added = cost::add_traffic(priced_.bill, book_, traffic.flows()); !added)
      error("topology.regions." + regions().front() + ".name", added.error().front().what);
  }

  // --- The rest. ---

  void add_platform() {
    const auto count = static_cast<std::int64_t>(regions().size());
    if (platform_ == "kubernetes" && costs_.kubernetes_fee) {
      if (cost::find_service(book_, "kubernetes", regions().front()) != nullptr)
        buy("operations.platform", Category::platform, "kubernetes", "managed Kubernetes control plane, one a region", whole(count));
      else
        priced_.notes.emplace_back("The prices '" + book_.name + "' have no managed Kubernetes; its control plane is not on the bill.");
    }
    for (const ServiceCount& service : costs_.services)
      buy("costs.services." + service.name, Category::platform, service.name, service.name, service.count);
  }

  void add_people() {
    if (!costs_.staff) return;
    const StaffCosts& staff = *costs_.staff;
    if (!book_.staff && (!staff.engineers || !staff.per_year))
      return error("costs.staff", "the prices '" + book_.name + "' say nothing of people; give engineers and salary");
    cost::Source given{.key = "scenario", .title = "the scenario", .date = {}, .confidence = cost::Confidence::c};
    if (book_.staff) given = source(book_.staff->source);
    cost::Effort effort{.platform = platform_, .coverage = coverage_, .regions = static_cast<int>(regions().size()), .on_call_share = staff.on_call_share};
    effort.stateful_systems = has_secondary_storage() ? 1 : 0;
    const std::vector<cost::Work> work = staff.engineers ? std::vector<cost::Work>{{"engineers", *staff.engineers}} : cost::engineers(*book_.staff, effort);
    if (auto added = cost::add_staff(priced_.bill, staff.per_year ? *staff.per_year : money(book_.staff->per_engineer_year), work, given); !added)
      error("costs.staff.salary", added.error().front().what);
  }

  void add_licence() {
    if (!costs_.licence) return;
    put("costs.licence", {.category = Category::licence,
                          .what = "licence",
                          .quantity = whole(1),
                          .unit = costs_.licence->months == 1 ? "month" : "year",
                          .unit_price = costs_.licence->money,
                          .months = costs_.licence->months,
                          .source = {.key = "scenario", .title = "the scenario", .date = {}, .confidence = cost::Confidence::c}});
  }

  void add_downtime() {
    if (!down_ || !scenario_.operations || !scenario_.operations->downtime_cost_per_h) return;
    put("operations.downtimeCost", {.category = Category::downtime,
                                    .what = "expected downtime",
                                    .quantity = measured("operations.downtimeCost", *down_ * cost::hours_per_month),
                                    .unit = cost::name(cost::Unit::hour),
                                    .unit_price = *scenario_.operations->downtime_cost_per_h,
                                    .source = {.key = "scenario", .title = "the scenario", .date = {}, .confidence = cost::Confidence::c}});
  }

  void add_notes() {
    const auto without = [&](const char* what) { priced_.notes.emplace_back(std::string("Not on the bill: ") + what); };
    if (!scenario_.operations) priced_.notes.emplace_back("No platform is named: taken for Kubernetes, with a volume for each broker.");
    if (costs_.services.empty()) without("load balancers, NAT gateways and databases; name them under costs.services.");
    if (!has_secondary_storage()) without("secondary storage; say it under costs.secondaryStorage.");
    if (!costs_.staff) without("people; costs.staff: {} counts them by a rule of thumb.");
    if (!costs_.licence) without("licences; say them under costs.licence.");
    if (down_ && (!scenario_.operations || !scenario_.operations->downtime_cost_per_h))
      without("downtime; say what an hour of it costs under operations.downtimeCost.");
    if (!has_log()) without("traffic of the log; there is no load.");
  }

  const Scenario& scenario_;
  const cost::PriceBook& book_;
  const Costs& costs_;
  const world::Options world_;
  const std::optional<double> down_;
  std::string platform_ = Operations{}.platform, coverage_ = Operations{}.coverage;
  Priced priced_;
  Errors errors_;
};

}  // namespace

Result<Priced> bill_of(const Scenario& scenario, std::optional<double> down) {
  if (!scenario.prices)
    return fail(scenario.place_of("catalogs.prices"),
                "no price catalogue is chosen; say 'catalogs: {prices: aws}' or another of 'nines list prices'");
  return Pricing(scenario, down).all();
}

}  // namespace nines::scenarios
