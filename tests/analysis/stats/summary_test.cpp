#include "analysis/stats/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace summary_test {

using namespace test;

constexpr double year_s = 31557600;

const Metric& get(const Metrics& metrics, std::string_view name) {
  const Metric* metric = find(metrics, name);
  if (metric == nullptr) throw std::runtime_error("no metric " + std::string(name));
  return *metric;
}

// Two partitions, one year. Partition 0 is down for 60 s, and with partition 1 for 3600 s of an outage of which 1 has the first 1800 s.
world::Record bad_year() {
  world::Record record = quiet_year();
  record.outages = {outage(0, 100s, 160s, 0), outage(0, 1000s, 4600s, 1, world::Phase::quorum), outage(1, 1000s, 2800s, 1, world::Phase::quorum)};
  record.quorum_losses = {quorum_loss(0, 1000s, 4590s), quorum_loss(1, 1000s, 2790s)};
  record.failovers = {failover(0, 100s, 5s), failover(1, 5000s, 2500ms)};
  record.client_outages = {client_outage(1, 0, 1000s, 4600s)};
  record.faults = 3;
  return record;
}

TEST(Summary, AddsUpWhatHappened) {
  Summary summary(three_zones(2));
  summary.add(bad_year());
  const Metrics metrics = summary.metrics();
  EXPECT_DOUBLE_EQ(*get(metrics, "uptime.all").value, 1 - 3660 / year_s);
  EXPECT_DOUBLE_EQ(*get(metrics, "uptime.mean").value, 1 - (3660 + 1800) / 2 / year_s);
  EXPECT_DOUBLE_EQ(*get(metrics, "uptime.any").value, 1 - 1800 / year_s);
  EXPECT_DOUBLE_EQ(*get(metrics, "nines").value, -std::log10(3660 / year_s));
  EXPECT_NEAR(*get(metrics, "downtime.minutes_per_year").value, 61, 1e-9);
  EXPECT_DOUBLE_EQ(*get(metrics, "downtime.p50").value, 3660);
  EXPECT_DOUBLE_EQ(*get(metrics, "downtime.share.broker-crash").value, 60.0 / 3660);
  EXPECT_DOUBLE_EQ(*get(metrics, "downtime.share.zone-outage").value, 3600.0 / 3660);
  EXPECT_DOUBLE_EQ(*get(metrics, "quorum_loss.per_year").value, 1);
  EXPECT_DOUBLE_EQ(*get(metrics, "quorum_loss.cluster.per_year").value, 1);
  EXPECT_DOUBLE_EQ(*get(metrics, "quorum_loss.fraction").value, (3590 + 1790) / 2 / year_s);
  EXPECT_DOUBLE_EQ(*get(metrics, "quorum_loss.cluster.fraction").value, 3590 / year_s);
  EXPECT_DOUBLE_EQ(*get(metrics, "quorum_loss.mean").value, (3590 + 1790) / 2);
  EXPECT_DOUBLE_EQ(*get(metrics, "quorum_loss.cluster.mean").value, 3590);
  EXPECT_DOUBLE_EQ(*get(metrics, "failover.per_year").value, 2);
  EXPECT_DOUBLE_EQ(*get(metrics, "failover.mean").value, 3.75);
  EXPECT_DOUBLE_EQ(*get(metrics, "failover.max").value, 5);
  EXPECT_DOUBLE_EQ(*get(metrics, "client.r/b.uptime").value, 1 - 3600 / 2 / year_s);
  EXPECT_DOUBLE_EQ(*get(metrics, "client.r/b.outage_p50").value, 3600);
  EXPECT_FALSE(get(metrics, "client.r/a.uptime").value);
  EXPECT_EQ(summary.totals().faults, 3u);
  EXPECT_DOUBLE_EQ(summary.totals().years, 1);
  EXPECT_EQ(summary.headline(), get(metrics, "uptime.all"));
}

// What a solved quorum term leaves to simulation: the crash's 60 s, and 10 s after each partition's quorum has come back.
TEST(Summary, ExcessIsDowntimeBeyondTheLossOfQuorums) {
  Summary summary(three_zones(2));
  summary.add(bad_year());
  const Summary::Excess excess = summary.excess(0);
  EXPECT_DOUBLE_EQ(*excess.all.value, (60 + 10) / year_s);
  EXPECT_DOUBLE_EQ(*excess.mean.value, (60 + 10 + 10) / 2.0 / year_s);
  EXPECT_DOUBLE_EQ(*excess.any.value, 10 / year_s);
}

// Whole downtime less whole quorum loss, however the partitions' outages lie in each other.
TEST(Summary, ExcessAddsUpToDowntimeLessQuorumLoss) {
  constexpr std::size_t partitions = 3;
  Summary summary(three_zones(partitions));
  for (std::uint64_t r = 0; r < 50; ++r) {
    Draws draws(43, r);
    world::Record record = quiet_year();
    for (std::size_t p = 0; p < partitions; ++p) {
      Duration next = from_seconds(20000 * draws.uniform());
      for (int o = 0; o < 20; ++o) {
        const Duration quorum = from_seconds(3000 * draws.uniform()), before = from_seconds(300 * draws.uniform());
        const Duration end = next + before + quorum + from_seconds(300 * draws.uniform());
        record.outages.push_back(outage(p, next, end, 1, world::Phase::quorum));
        if (o % 3 != 0) record.quorum_losses.push_back(quorum_loss(p, next + before, next + before + quorum));
        next = end + from_seconds(4000 * draws.uniform());
      }
    }
    summary.add(record);
  }
  const Metrics metrics = summary.metrics();
  const Summary::Excess excess = summary.excess(0);
  EXPECT_NEAR(*excess.all.value, 1 - *get(metrics, "uptime.all").value - *get(metrics, "quorum_loss.cluster.fraction").value, 1e-15);
  EXPECT_NEAR(*excess.mean.value, 1 - *get(metrics, "uptime.mean").value - *get(metrics, "quorum_loss.fraction").value, 1e-15);
  EXPECT_LT(*excess.any.value, 1 - *get(metrics, "uptime.any").value);
  EXPECT_GT(*excess.any.value, 0);
}

// Elections are bounded by their timers: their sum needs no hundred of them for two limits. A cut may last as long as its cable.
TEST(Summary, ExcessOfElectionsIsTwoSidedFromTheFirstOn) {
  world::Options options = three_zones(2);
  Summary stops(options);
  options.modes.push_back(mode("zone-partition", Law::fixed(1h)));
  options.modes.back().effect = failure::Effect::cut;
  Summary cuts(options);
  world::Record record = quiet_year();
  record.outages = {outage(0, 100s, 105s, 0)};
  EXPECT_FALSE(stops.excess(0).all.value);
  stops.add(quiet_year()), cuts.add(quiet_year());
  EXPECT_NEAR(*stops.excess(0).all.high, 2.995732 * 10 / year_s, 1e-12);
  EXPECT_NEAR(*cuts.excess(0).all.high, 2.995732 * 3610 / year_s, 1e-9);
  stops.add(record), cuts.add(record);
  const Estimate elections = stops.excess(0).all, either = cuts.excess(0).all;
  EXPECT_DOUBLE_EQ(*elections.value, 5 / (2 * year_s));
  ASSERT_TRUE(elections.low && elections.high);
  EXPECT_NEAR(*elections.low, 0.0253178 * *elections.value, 1e-5 * *elections.value);  // Garwood's for one event.
  EXPECT_GT(*elections.high, 5.5716 * *elections.value);                               // More than his: the next may take 10 s.
  EXPECT_DOUBLE_EQ(*either.low, *elections.low);
  EXPECT_GT(*either.high, 3600 / (2 * year_s));
}

// Only where something can lose data is it worth a word; then also that nothing was lost.
TEST(Summary, CountsLossesOfDataWhereAFaultMayCauseThem) {
  world::Options options = three_zones(2);
  Summary without(options);
  without.add(quiet_year());
  EXPECT_EQ(find(without.metrics(), "data_loss.per_year"), nullptr);
  options.modes[0].effect = failure::Effect::replace;
  Summary none(options), some(options);
  none.add(quiet_year());
  EXPECT_FALSE(get(none.metrics(), "data_loss.per_year").value);
  EXPECT_GT(get(none.metrics(), "data_loss.per_year").high, 0.5);
  world::Record record = quiet_year();
  record.data_losses = {{PartitionId{0u}, Instant{} + 100s, 7, 0}, {PartitionId{1u}, Instant{} + 100s, 9, 0}};
  some.add(record);
  some.add(quiet_year());
  EXPECT_DOUBLE_EQ(*get(some.metrics(), "data_loss.per_year").value, 1);
  // Two partitions at once are one event: less sure than two at different times.
  Summary apart(options);
  record.data_losses[1].at = Instant{} + 100 * 24h;
  apart.add(record);
  apart.add(quiet_year());
  EXPECT_DOUBLE_EQ(*get(apart.metrics(), "data_loss.per_year").value, 1);
  EXPECT_GT(*get(some.metrics(), "data_loss.per_year").high, 1.1 * *get(apart.metrics(), "data_loss.per_year").high);
}

// A thousand quiet years prove less than 100 %: at most 2.996 outages a thousand years, each an hour and ten seconds on average.
TEST(Summary, AQuietWorldIsBoundedNeverPerfect) {
  Summary summary(three_zones(2));
  for (int r = 0; r < 1000; ++r) summary.add(quiet_year());
  const Metrics metrics = summary.metrics();
  const double most = 2.995732 * 3610 / (1000 * year_s);
  const Metric& all = get(metrics, "uptime.all");
  EXPECT_FALSE(all.value);
  EXPECT_EQ(all.bound(), Bound::at_least);
  EXPECT_NEAR(*all.low, 1 - most, 1e-12);
  EXPECT_EQ(get(metrics, "nines").bound(), Bound::at_least);
  EXPECT_NEAR(*get(metrics, "nines").low, -std::log10(most), 1e-6);
  EXPECT_EQ(get(metrics, "downtime.minutes_per_year").bound(), Bound::at_most);
  EXPECT_NEAR(*get(metrics, "quorum_loss.per_year").high, 2.995732e-3, 1e-8);
  EXPECT_FALSE(get(metrics, "failover.p99").value);
  for (const Metric& metric : metrics) {
    for (const auto& number : {metric.value, metric.low, metric.high}) {
      EXPECT_TRUE(!number || std::isfinite(*number)) << metric.name;
      const bool uptime = metric.name.find("uptime") != std::string::npos;
      EXPECT_TRUE(!uptime || !number || *number < 1) << metric.name;
    }
  }
}

TEST(Summary, NothingSimulatedIsNoAnswer) { EXPECT_TRUE(Summary(three_zones(2)).metrics().empty()); }

// 1 ns in ten thousand years is less than a double can take from 1.
TEST(Summary, DowntimeBelowTheResolutionOfNumbersIsStillDowntime) {
  Summary summary(three_zones(1));
  for (int r = 0; r < 9999; ++r) summary.add(quiet_year());
  world::Record record = quiet_year();
  record.outages = {outage(0, 1s, 1s + 1ns)};
  summary.add(record);
  EXPECT_LT(*get(summary.metrics(), "uptime.all").value, 1);
}

// Twelve partitions that always fail together say no more than one.
TEST(Summary, PartitionsThatFailTogetherAreOneEvent) {
  const auto fraction = [](std::size_t partitions) {
    Summary summary(three_zones(partitions));
    for (std::uint64_t r = 0; r < 300; ++r) {
      world::Record record = quiet_year();
      Draws draws(41, r);
      const Duration start = from_seconds(1e6 * draws.uniform());
      const Duration end = start + from_seconds(3600 * draws.exponential());
      for (std::size_t p = 0; p < partitions; ++p) record.quorum_losses.push_back(quorum_loss(p, start, end));
      summary.add(record);
    }
    return summary.metrics();
  };
  const Metrics one = fraction(1), twelve = fraction(12);
  for (const char* name : {"quorum_loss.fraction", "quorum_loss.per_year", "quorum_loss.mean"}) {
    ASSERT_TRUE(get(one, name).low && get(one, name).high) << name;
    EXPECT_NEAR(*get(one, name).low, *get(twelve, name).low, 1e-9 * *get(one, name).low) << name;
    EXPECT_NEAR(*get(one, name).high, *get(twelve, name).high, 1e-9 * *get(one, name).high) << name;
  }
}

// A year's downtime drawn from its law, a thousand times: the printed interval must hold what it says it holds.
TEST(Summary, TheIntervalOfUptimeCovers) {
  // Per year: 0.4 outages of a zone, exponential with mean 1 h, and 12 elections of 5 s. 400 years: about 160 repairs.
  const double truth = 1 - (0.4 * 3600 + 12 * 5) / year_s;
  int covered = 0;
  constexpr int experiments = 500;
  for (int e = 0; e < experiments; ++e) {
    Summary summary(three_zones(1));
    for (std::uint64_t r = 0; r < 400; ++r) {
      Draws draws(42, static_cast<std::uint64_t>(e) * 400 + r);
      world::Record record = quiet_year();
      Duration next = 1h;  // Outages stand in a row: when they happen does not matter here.
      for (std::uint64_t left = draws.poisson(12); left > 0; --left, next += 1h) record.outages.push_back(outage(0, next, next + 5s));
      for (std::uint64_t left = draws.poisson(0.4); left > 0; --left) {
        const Duration length = from_seconds(3600 * draws.exponential());
        record.outages.push_back(outage(0, next, next + length, 1, world::Phase::quorum));
        next += length + 1h;
      }
      summary.add(record);
    }
    const Metric all = summary.headline();
    ASSERT_EQ(all.bound(), Bound::two_sided);
    covered += *all.low <= truth && truth <= *all.high;
  }
  EXPECT_GE(covered, (0.95 - 4 * 0.00975) * experiments);  // False alarm below 3e-5.
}

// Of ten years at once nothing ranks single years: what was seen is laid out as a Poisson stream. The same outages, cut into years, rank alike.
TEST(Summary, PercentilesOfAYearNeedNoReplicationsOfAYear) {
  world::Options decades = three_zones(1);
  decades.horizon = 10 * year;
  Summary by_decade(decades), by_year(three_zones(1));
  for (std::uint64_t r = 0; r < 500; ++r) {
    world::Record decade = quiet_year();
    decade.horizon = decades.horizon;
    for (std::uint64_t y = 0; y < 10; ++y) {
      Draws draws(44, 10 * r + y);
      world::Record record = quiet_year();
      Duration next = 1h;
      for (std::uint64_t left = draws.poisson(1.5); left > 0; --left) {
        const Duration length = from_seconds(3600 * draws.exponential());
        record.outages.push_back(outage(0, next, next + length, 1, world::Phase::quorum));
        decade.outages.push_back(record.outages.back());
        decade.outages.back().start += year * static_cast<std::int64_t>(y);
        decade.outages.back().end += year * static_cast<std::int64_t>(y);
        next += length + 24h;
      }
      by_year.add(record);
    }
    by_decade.add(decade);
  }
  const Metrics ranked = by_year.metrics(), summed = by_decade.metrics();
  for (const char* name : {"downtime.p50", "downtime.p90", "downtime.p99"}) {
    const Metric &rank = get(ranked, name), &sum = get(summed, name);
    ASSERT_TRUE(sum.low && sum.high && rank.low && rank.high) << name;
    EXPECT_NEAR(*sum.value, *rank.value, (*rank.high - *rank.low)) << name;
    EXPECT_LT(*sum.low, *rank.high) << name;
    EXPECT_GT(*sum.high, *rank.low) << name;
  }
  EXPECT_NE(get(summed, "downtime.p50").method.find("compound Poisson"), std::string::npos);
}

// A hundred outages in a hundred years, and all of them in one: a single replication knows that it hardly knows.
TEST(Summary, OneLongReplicationIsReadInBatches) {
  world::Options options = three_zones(1);
  options.horizon = 100 * year;
  const auto of = [&](Duration apart) {
    Summary summary(options);
    world::Record record;
    record.horizon = options.horizon;
    for (int o = 0; o < 200; ++o) record.outages.push_back(outage(0, 1h + apart * o, 1h + apart * o + 60s, 0));
    summary.add(record);
    return get(summary.metrics(), "downtime.minutes_per_year");
  };
  const Metric even = of(180 * 24h), bunched = of(24h);
  ASSERT_TRUE(even.low && even.high && bunched.low && bunched.high);
  EXPECT_LT(*even.high - *even.low, 0.32 * *even.value);
  EXPECT_GT(*bunched.high - *bunched.low, 3 * *bunched.value);
}

TEST(Summary, AScriptOfAnotherLengthHasNoPercentilesOfAYear) {
  world::Options options = three_zones(1);
  options.horizon = 1h;
  options.script = {{.at = 60s, .mode = "stop", .on = {"r/a"}, .duration = 60s}};
  Summary summary(options);
  world::Record record;
  record.horizon = options.horizon;
  summary.add(record);
  EXPECT_FALSE(get(summary.metrics(), "downtime.p99").value);
  EXPECT_NE(get(summary.metrics(), "downtime.p99").method.find("not available"), std::string::npos);
  EXPECT_EQ(get(summary.metrics(), "budget.exhausted_year").bound(), Bound::none);
}

TEST(Summary, ErrorBudgetsAreThoseOfThePromise) {
  Summary usual(three_zones(1)), strict(three_zones(1), {0.99999});
  for (int r = 0; r < 400; ++r) {
    world::Record record = quiet_year();
    record.outages = {outage(0, 1000h, 1000h + 6min)};  // Ten minutes a year are 99.998 %.
    usual.add(record), strict.add(record);
  }
  EXPECT_LT(*get(usual.metrics(), "budget.exhausted_year").value, 1e-6);
  EXPECT_DOUBLE_EQ(*get(strict.metrics(), "budget.exhausted_year").value, 1);
  EXPECT_DOUBLE_EQ(*get(strict.metrics(), "budget.exhausted_month").value, 1.0 / 12);
  EXPECT_EQ(get(strict.metrics(), "budget.exhausted_year").method, "400 of 400 periods; budget 5.26 min (99.999 %)");
}

TEST(Summary, YearlyDowntimeIsRankedWithLimits) {
  Summary summary(three_zones(1));
  for (int r = 1; r <= 100; ++r) {
    world::Record record = quiet_year();
    record.outages = {outage(0, 1s, 1s + r * 1s)};
    summary.add(record);
  }
  const Metrics metrics = summary.metrics();
  EXPECT_DOUBLE_EQ(*get(metrics, "downtime.p50").value, 50);
  EXPECT_DOUBLE_EQ(*get(metrics, "downtime.p50").low, 40);
  EXPECT_DOUBLE_EQ(*get(metrics, "downtime.p50").high, 61);
  EXPECT_DOUBLE_EQ(*get(metrics, "downtime.p99").value, 99);
  EXPECT_FALSE(get(metrics, "downtime.p99").high);
}

TEST(Summary, SeveralClustersAnswerUnderTheirNames) {
  Summary summary(two_clusters());
  world::Record record = quiet_year();
  record.outages = {outage(2, 0s, 60s)};
  summary.add(record);
  EXPECT_FALSE(get(summary.metrics(), "orders.uptime.all").value);
  EXPECT_DOUBLE_EQ(*get(summary.metrics(), "billing.downtime.minutes_per_year").value, 1);
  EXPECT_EQ(find(summary.metrics(), "uptime.all"), nullptr);
}

TEST(Summary, TheFingerprintDependsOnTheOrderOfReplications) {
  world::Record first = quiet_year(), second = quiet_year();
  first.history = 1;
  second.history = 2;
  Summary forth(three_zones(1)), back(three_zones(1));
  forth.add(first), forth.add(second);
  back.add(second), back.add(first);
  EXPECT_NE(forth.totals().history, back.totals().history);
}

TEST(Summary, AskingEarlyChangesNothing) {
  Summary asked(three_zones(2)), silent(three_zones(2));
  for (int r = 0; r < 5; ++r) {
    asked.add(bad_year()), silent.add(bad_year());
    EXPECT_FALSE(asked.metrics().empty());
  }
  EXPECT_EQ(asked.metrics(), silent.metrics());
}

TEST(Summary, ModesWithoutAnOutageHaveABoundOnTheirShare) {
  Summary summary(three_zones(1));
  world::Record record = quiet_year();
  record.outages = {outage(0, 0s, 600s, 0)};
  summary.add(record);
  const Metrics metrics = summary.metrics();
  const Metric& zone = get(metrics, "downtime.share.zone-outage");
  EXPECT_FALSE(zone.value);
  EXPECT_NEAR(*zone.high, 2.995732 * 3610 / (2.995732 * 3610 + 600), 1e-6);
  EXPECT_EQ(find(metrics, "downtime.share.unattributed"), nullptr);
}

}  // namespace summary_test
}  // namespace nines::analysis
