// What is said of failovers by people: how long they took, and what was lost; and when nothing can be.
#include "analysis/stats/procedures.hpp"

#include <gtest/gtest.h>

#include "tests/support/worlds.hpp"

namespace nines::analysis {
namespace procedures_test {

using testing_worlds::at;
using testing_worlds::cluster;
using testing_worlds::zeebe;

// `first` and `second` replicas of each partition in two regions.
world::Options regions_with(std::size_t first, std::size_t second) {
  world::Options options = cluster(first + second, 1, 1, first + second, zeebe());
  options.topology.regions.push_back({"s"});
  options.topology.zones.push_back({"s/b", RegionId{1u}});
  for (std::size_t n = first; n < first + second; ++n) options.topology.nodes[n].zone = ZoneId{1u};
  options.clusters[0].load = {10, 512};
  options.failovers = {world::RegionFailover{}};
  options.modes = {testing_worlds::exponential_mode("region-outage", failure::Scope::region, failure::Effect::stop, 1000h, 1h)};
  options.horizon = 1000h;
  return options;
}

// By enumeration: an entry is held by some majority; a region goes; a majority of those left may hold nothing of it.
bool may_lose_by_enumeration(int first, int second) {
  const int members = first + second;
  const auto count = [](unsigned set) { return __builtin_popcount(set); };
  const unsigned regions[] = {(1u << first) - 1, ((1u << members) - 1) & ~((1u << first) - 1)};
  for (const unsigned gone : regions) {
    const unsigned left = ((1u << members) - 1) & ~gone;
    if (gone == 0 || left == 0) continue;
    for (unsigned holders = 0; holders < 1u << members; ++holders) {
      if (count(holders) < members / 2 + 1) continue;
      if (count(left & ~holders) >= count(left) / 2 + 1) return true;
    }
  }
  return false;
}

TEST(Procedures, SayWhenARemovalMayLoseSomething) {
  for (int first = 1; first <= 4; ++first)
    for (int second = 1; second <= 4; ++second)
      EXPECT_EQ(removal_may_lose(regions_with(static_cast<std::size_t>(first), static_cast<std::size_t>(second)), 0), may_lose_by_enumeration(first, second))
          << first << " and " << second;
  EXPECT_FALSE(removal_may_lose(regions_with(2, 2), 0));  // Camunda's four replicas.
  EXPECT_TRUE(removal_may_lose(regions_with(3, 3), 0));   // Two of three that are left decide, and one alone must hold it.
}

world::Record record_of(Duration recovery, Duration lost) {
  world::Record record;
  record.horizon = 1000h;
  world::Procedure procedure;
  procedure.mode = 0;
  procedure.lost = at(1h);
  procedure.forced = at(1h + recovery / 2);
  procedure.writable = at(1h + recovery);
  procedure.returned = at(10h);
  procedure.whole = at(11h);
  procedure.lost_time = lost;
  procedure.lost_entries = static_cast<std::uint64_t>(lost / 100ms);
  record.procedures = {procedure};
  return record;
}

const Metric& get(const Metrics& metrics, std::string_view name) {
  const Metric* found = find(metrics, name);
  EXPECT_NE(found, nullptr) << name;
  static const Metric none;
  return found == nullptr ? none : *found;
}

Metrics metrics_of(const world::Options& options, const std::vector<world::Record>& records) {
  const Layout layout(options);
  ProcedureSums one(options, layout), other(options, layout);
  for (std::size_t r = 0; r < records.size(); ++r) (r % 2 == 0 ? one : other).add(records[r], layout);
  one.merge(other);
  ByteWriter out;
  one.write(out);
  const std::string bytes = out.take();
  ProcedureSums again(options, layout);
  ByteReader in(bytes);
  again.read(in);
  EXPECT_TRUE(in.finished());
  Metrics metrics, before;
  again.put_into(metrics, 0, "");
  one.put_into(before, 0, "");
  EXPECT_EQ(metrics, before);
  return metrics;
}

TEST(Procedures, AddUpToObjectives) {
  std::vector<world::Record> records;
  for (int i = 1; i <= 200; ++i) records.push_back(record_of(i * 6s, 0s));
  const Metrics metrics = metrics_of(regions_with(2, 2), records);
  const Metric& rto = get(metrics, "rto.region-outage");
  EXPECT_DOUBLE_EQ(*rto.value, 603);
  EXPECT_LT(*rto.low, 603);
  EXPECT_GT(*rto.high, 603);
  EXPECT_DOUBLE_EQ(*get(metrics, "rto.region-outage.p95").value, 1140);
  EXPECT_DOUBLE_EQ(*get(metrics, "rto.region-outage.failback").value, 3600);
  const Metric& rpo = get(metrics, "rpo.region-outage");
  EXPECT_EQ(rpo.value, 0.0);
  EXPECT_TRUE(rpo.exact);
}

TEST(Procedures, ThatLoseSomethingSayHowMuch) {
  std::vector<world::Record> records;
  for (int i = 0; i < 200; ++i) records.push_back(record_of(600s, i % 4 == 0 ? 2s : 0s));
  const Metric rpo = get(metrics_of(regions_with(2, 1), records), "rpo.region-outage");
  EXPECT_DOUBLE_EQ(rpo.value.value_or(-1), 0.5);
  EXPECT_TRUE(rpo.low && rpo.high);
  EXPECT_FALSE(rpo.exact);
  EXPECT_NE(rpo.method.find("50 lost something, 2.0 s at most"), std::string::npos) << rpo.method;
}

// Nothing seen is not nothing: where something can be lost, there is no value without a loss.
TEST(Procedures, NoLossSeenIsNoProof) {
  const Metrics metrics = metrics_of(regions_with(2, 1), {record_of(600s, 0s), record_of(600s, 0s)});
  EXPECT_FALSE(get(metrics, "rpo.region-outage").value);
  EXPECT_FALSE(get(metrics, "rpo.region-outage").exact);
  const Metrics none = metrics_of(regions_with(2, 1), {});
  EXPECT_FALSE(get(none, "rpo.region-outage").value);
  EXPECT_FALSE(get(none, "rto.region-outage").value);
}

// A statement that is contradicted by what was seen is not made.
TEST(Procedures, AnExactNothingGivesWayToALoss) {
  const Metric rpo = get(metrics_of(regions_with(2, 2), {record_of(600s, 2s)}), "rpo.region-outage");
  EXPECT_FALSE(rpo.value);
  EXPECT_FALSE(rpo.exact);
}

// Backups every 4 h, complete after 10 min; restorations of 1, 2 and 3 h, and one that does not end.
TEST(Procedures, SayWhatABackupGivesBackAndWhen) {
  world::Options options = cluster(1, 1, 1, 1, zeebe());
  world::BackupRestore restore;
  restore.every = 4h;
  restore.takes = 10min;
  options.restores = {restore};
  const Layout layout(options);
  ProcedureSums sums(options, layout), later(options, layout);
  const auto told = [&](const ProcedureSums& of) {
    Metrics metrics;
    of.put_into(metrics, 0, "");
    return metrics;
  };
  Metrics none = told(sums);
  ASSERT_EQ(none.size(), 4u);
  EXPECT_EQ(none[0].name, "rto.backup");
  EXPECT_FALSE(none[0].value.has_value());
  EXPECT_EQ(none[2].value, 7800);  // Half of four hours, and ten minutes.
  EXPECT_TRUE(none[2].exact);
  EXPECT_EQ(none[3].value, 15000);
  const auto record = [](std::initializer_list<Duration> recoveries) {
    world::Record out;
    out.horizon = 1000h;
    for (const Duration recovery : recoveries) {
      world::Restoration restoration;
      restoration.lost = at(990h);
      if (recovery < 10h) restoration.writable = at(990h + recovery);
      out.restorations.push_back(restoration);
    }
    return out;
  };
  sums.add(record({1h, 2h}), layout);
  later.add(record({3h, 11h}), layout);
  sums.merge(later);
  const Metrics all = told(sums);
  EXPECT_DOUBLE_EQ(all[0].value.value(), 3600 * (1 + 2 + 3 + 10) / 4.0);  // The last one until the horizon.
  EXPECT_EQ(all[1].name, "rto.backup.p95");
  ByteWriter out;
  sums.write(out);
  const auto bytes = out.take();
  ByteReader in(bytes);
  ProcedureSums read(options, layout);
  read.read(in);
  EXPECT_EQ(told(read)[0].value, all[0].value);
  EXPECT_EQ(told(read)[1].value, all[1].value);
}

}  // namespace procedures_test
}  // namespace nines::analysis
