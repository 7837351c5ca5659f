// Who repairs, and when: hours of work against their closed form, crews against the machine repairman.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "models/failure/calendar.hpp"
#include "models/failure/timeline.hpp"
#include "sim/base/check.hpp"

namespace nines::failure {
namespace repair_test {

constexpr Shift office{.days = 5, .from_hour = 9, .to_hour = 17};

Site nodes(std::size_t count) {
  Site site;
  for (std::size_t i = 0; i < count; ++i) site.nodes.push_back("n" + std::to_string(i));
  return site;
}

Mode fault(Duration mean_up, Law duration) {
  Mode mode;
  mode.name = "fault";
  mode.scope = Scope::node;
  mode.up_time = Law::exponential(mean_up);
  mode.duration = std::move(duration);
  return mode;
}

struct Sample {
  std::vector<double> values;
  double mean() const {
    double sum = 0;
    for (const double x : values) sum += x;
    return sum / static_cast<double>(values.size());
  }
  double error() const {
    const double centre = mean();
    double sum = 0;
    for (const double x : values) sum += (x - centre) * (x - centre);
    return std::sqrt(sum / static_cast<double>(values.size() - 1) / static_cast<double>(values.size()));
  }
};

// --- Hours ---

TEST(Hours, BeginOnMondayMorning) {
  EXPECT_EQ(wait_for(office, 0h), 9h);
  EXPECT_EQ(wait_for(office, 8h + 59min), 1min);
  EXPECT_EQ(wait_for(office, 9h), 0h);
  EXPECT_EQ(wait_for(office, 17h - 1ns), 0h);
  EXPECT_EQ(wait_for(office, 17h), 16h) << "at five everybody goes";
  EXPECT_EQ(wait_for(office, 4 * 24h + 17h), 64h) << "on Friday for the weekend";
  EXPECT_EQ(wait_for(office, week - 1ns), 9h + 1ns);
  EXPECT_EQ(wait_for(Shift{}, 3 * 24h + 4h), 0h) << "around the clock";
  const Shift early_to_late{.days = 7, .from_hour = 6, .to_hour = 22};
  EXPECT_EQ(wait_for(early_to_late, week - 1h), 7h);
  EXPECT_EQ(longest_wait(early_to_late), 8h);
  EXPECT_THROW(wait_for(office, week), BrokenInvariant);
}

// (4 x 16^2 + 64^2) / 2 / 168 = 15.238 h; given that nobody is there, which is 1 - 40/168 of the time, 20.0 h.
TEST(Hours, ATeamThatWorksEightByFiveIsWaitedForFifteenHours) {
  const double mean_h = seconds(mean_wait(office)) / 3600;
  EXPECT_NEAR(mean_h, 15.24, 0.005);
  EXPECT_NEAR(mean_h, 5120.0 / 336, 1e-9);
  EXPECT_NEAR(mean_h / (1 - 40.0 / 168), 20.0, 1e-9);
  EXPECT_EQ(mean_wait(Shift{}), 0ns);
  double sum = 0;  // The same by hand, minute by minute.
  for (int minute = 0; minute < 168 * 60; ++minute) sum += seconds(wait_for(office, minute * 1min + 30s));
  EXPECT_NEAR(sum / (168 * 60) / 3600, mean_h, 1e-6);
}

// 1.3 million faults that come at any time, each repaired within 10 min of the team's arrival: the mean of what is beyond lies within the 99.9 %
// interval about the closed form. That nothing fails while it is down shifts the mean by less than the 2e-3 of the time that something is.
TEST(Hours, SimulatedFaultsWaitAsLongAsTheClosedFormSays) {
  Mode mode = fault(year, Law::fixed(10min));
  mode.repair = {.people = true, .shift = office, .crew = "", .crews = 0};
  Sample waits;
  for (std::uint64_t replication = 0; replication < 640; ++replication) {
    Timeline timeline({mode}, {}, nodes(20), Streams(11, replication));
    std::vector<Instant> since(20, never);
    for (Change c = timeline.next(Instant{}); c.at < Instant{} + 100 * year; c = timeline.next(c.at)) {
      if (c.stage == Stage::begin) since[c.element.a] = c.at;
      if (c.stage == Stage::end && since[c.element.a] != never) waits.values.push_back(seconds(c.at - since[c.element.a] - 10min) / 3600);
    }
  }
  const double closed = 5120.0 / 336, reach = 3.291 * waits.error();
  std::printf("wait for an 8x5 team: %.3f h, 99.9 %% interval %.3f to %.3f h, from %zu faults; closed form %.3f h\n", waits.mean(),
              waits.mean() - reach, waits.mean() + reach, waits.values.size(), closed);
  EXPECT_NEAR(waits.mean(), closed, reach);
  EXPECT_LT(reach, 0.005 * closed);
  EXPECT_EQ(std::count_if(waits.values.begin(), waits.values.end(), [](double w) { return w < 0 || w > 64; }), 0);
}

// --- Crews ---

// The machine repairman: birth and death with n - i failing and min(i, c) being repaired. The share of time in which at least `least` are down.
double repairman(int n, int crews, double failures, double repairs, int least) {
  std::vector<double> weight{1};
  for (int i = 0; i < n; ++i) weight.push_back(weight.back() * (n - i) * failures / (std::min(i + 1, crews) * repairs));
  double all = 0, down = 0;
  for (int i = 0; i <= n; ++i) (i >= least ? down : all) += weight[static_cast<std::size_t>(i)];
  return down / (all + down);
}

TEST(Crews, TheClosedFormGivesThePublishedDigits) {
  EXPECT_NEAR(repairman(3, 1, 1.0 / 2000, 1, 2), 1.498500001124e-06, 1e-18);
  EXPECT_NEAR(repairman(5, 1, 1.0 / 2000, 1, 3), 7.488744389084e-09, 1e-21);
  EXPECT_NEAR(repairman(3, 3, 1.0 / 2000, 1, 2), 7.490009367505e-07, 1e-18);
  EXPECT_NEAR(repairman(5, 5, 1.0 / 2000, 1, 3), 1.247191433129e-09, 1e-21);
}

// Share of time with at least `least` of n nodes down, one value a replication.
Sample share_down(const Mode& mode, std::size_t n, int least, Duration horizon, std::uint64_t replications, double* at_start = nullptr) {
  Sample sample;
  double down_at_start = 0;
  for (std::uint64_t replication = 0; replication < replications; ++replication) {
    Timeline timeline({mode}, {}, nodes(n), Streams(21, replication));
    int down = static_cast<int>(timeline.active().size());
    down_at_start += down >= least ? 1 : 0;
    Duration lost{0};
    Instant last{};
    const Instant end = Instant{} + horizon;
    for (Change c = timeline.next(Instant{}); last < end; c = timeline.next(c.at)) {
      const Instant until = std::min(c.at, end);
      if (down >= least) lost += until - last;
      last = until;
      down += c.stage == Stage::begin ? 1 : -1;
    }
    sample.values.push_back(seconds(lost) / seconds(horizon));
  }
  if (at_start != nullptr) *at_start = down_at_start / static_cast<double>(replications);
  return sample;
}

// Failures every 20 h and repairs of 1 h, where plain simulation sees enough. Replications are independent: Student's t with 199 degrees of freedom
// misses the truth in one of 1,000 seeds.
TEST(Crews, OneCrewLosesMajoritiesAsOftenAsTheMachineRepairman) {
  for (const auto& [n, least] : {std::pair<std::size_t, int>{3, 2}, {5, 3}}) {
    Mode mode = fault(20h, Law::exponential(1h));
    mode.repair = {.people = false, .shift = {}, .crew = "hands", .crews = 1};
    const Sample sample = share_down(mode, n, least, 2 * year, 200);
    const double expected = repairman(static_cast<int>(n), 1, 1.0 / 20, 1, least), reach = 3.340 * sample.error();
    std::printf("%d of %zu down with one crew: %.5g, 99.9 %% interval %.5g to %.5g; closed form %.6g, with independent repair %.6g\n", least, n,
                sample.mean(), sample.mean() - reach, sample.mean() + reach, expected, repairman(static_cast<int>(n), static_cast<int>(n), 1.0 / 20, 1, least));
    EXPECT_NEAR(sample.mean(), expected, reach);
    EXPECT_LT(reach, 0.05 * expected);
  }
}

TEST(Crews, AsManyCrewsAsNodesAreNoCrewsAtAll) {
  Mode alone = fault(20h, Law::exponential(1h)), many = alone;
  many.repair = {.people = false, .shift = {}, .crew = "hands", .crews = 3};
  const Sample a = share_down(alone, 3, 2, year, 200), b = share_down(many, 3, 2, year, 200);
  const double expected = repairman(3, 3, 1.0 / 20, 1, 2);
  EXPECT_NEAR(a.mean(), expected, 3.340 * a.error());
  EXPECT_NEAR(b.mean(), expected, 3.340 * b.error());
}

// The warm-up: at the start as many are down as in the long run. Four nodes and a crew that is busy most of the time, where independent elements
// would have half as many majorities down. 4,000 starts: within 3.291 standard deviations, a false alarm in one of 1,000 seeds.
TEST(Crews, TheStartIsThatOfTheLongRun) {
  Mode mode = fault(4h, Law::exponential(2h));
  mode.repair = {.people = false, .shift = {}, .crew = "hands", .crews = 1};
  double at_start = 0;
  share_down(mode, 4, 3, 1h, 4000, &at_start);
  const double expected = repairman(4, 1, 1.0 / 4, 1.0 / 2, 3), independent = repairman(4, 4, 1.0 / 4, 1.0 / 2, 3);
  EXPECT_GT(expected, 2 * independent);
  EXPECT_NEAR(at_start, expected, 3.291 * std::sqrt(expected * (1 - expected) / 4000));
}

TEST(Crews, AreSharedByModesThatNameThem) {
  Mode a = fault(10h, Law::fixed(1h)), b = a;
  b.name = "other";
  for (Mode* mode : {&a, &b}) mode->repair = {.people = false, .shift = {}, .crew = "hands", .crews = 1};
  Timeline timeline({a, b}, {}, nodes(2), Streams(31));
  Instant last_end = Instant{};
  int ends = 0;
  for (Change c = timeline.next(Instant{}); c.at < Instant{} + year; c = timeline.next(c.at)) {
    if (c.stage != Stage::end) continue;
    if (ends++ > 0) {
      EXPECT_GE(c.at - last_end, 1h) << "two were repaired at once";
    }
    last_end = c.at;
  }
  EXPECT_GT(ends, 2000);
}

TEST(Crews, MoveNoFaultOfWhoRepairsItself) {
  Mode waits = fault(10h, Law::exponential(1h)), alone = waits;
  alone.name = "alone";
  waits.repair = {.people = true, .shift = office, .crew = "hands", .crews = 1};
  Timeline with({waits, alone}, {}, nodes(3), Streams(41)), without({alone}, {}, nodes(3), Streams(41));
  const Instant end = Instant{} + 1000h;
  std::vector<Instant> a, b;
  for (Change c = with.next(Instant{}); c.at < end; c = with.next(c.at))
    if (c.mode == 1) a.push_back(c.at);
  for (Change c = without.next(Instant{}); c.at < end; c = without.next(c.at)) b.push_back(c.at);
  EXPECT_EQ(a, b);
  EXPECT_GT(a.size(), 100u);
}

// --- Parts ---

// Birth and death of the orders that are out: what is up fails, each order comes by itself. The share of time in which at least one of n is down
// because more orders are out than there were spares.
double without_a_part(int n, int spares, double failures, double deliveries) {
  std::vector<double> weight{1};
  for (int i = 0; i < n + spares; ++i) weight.push_back(weight.back() * (n - std::max(0, i - spares)) * failures / ((i + 1) * deliveries));
  double all = 0, down = 0;
  for (int i = 0; i <= n + spares; ++i) (i > spares ? down : all) += weight[static_cast<std::size_t>(i)];
  return down / (all + down);
}

TEST(Parts, AsOftenAsOrdersAreOutBeyondTheShelf) {
  for (const int spares : {0, 1, 2}) {
    Mode mode = fault(20h, Law::fixed(1ms));
    mode.repair.parts = Parts{.spares = spares, .delivery = Law::exponential(3h)};
    double at_start = 0;
    const Sample sample = share_down(mode, 4, 1, year / 4, 400, &at_start);
    const double expected = without_a_part(4, spares, 1.0 / 20, 1.0 / 3), reach = 3.340 * sample.error();
    std::printf("%d spares: %.5g of the time a node waits for a part, 99.9 %% interval %.5g to %.5g; closed form %.6g\n", spares, sample.mean(),
                sample.mean() - reach, sample.mean() + reach, expected);
    EXPECT_NEAR(sample.mean(), expected, reach) << spares;
    EXPECT_LT(reach, 0.05 * expected) << spares;
    EXPECT_NEAR(at_start, expected, 3.291 * std::sqrt(expected * (1 - expected) / 400)) << spares << ": the start is that of the long run";
  }
}

// A node that alone has failed waits for exactly its delivery, where nothing lies on the shelf, and not at all where something does.
TEST(Parts, ComeFromTheShelfOrAfterTheirDelivery) {
  for (const int spares : {0, 1}) {
    Mode mode = fault(1000h, Law::fixed(2h));
    mode.repair.parts = Parts{.spares = spares, .delivery = Law::fixed(10h)};
    Timeline timeline({mode}, {}, nodes(1), Streams(51));
    Instant begun = never, last_order = Instant{} - 1000h;
    int seen = 0;
    for (Change c = timeline.next(Instant{}); c.at < Instant{} + 20 * year; c = timeline.next(c.at)) {
      if (c.stage == Stage::begin) {
        begun = c.at;
        continue;
      }
      if (begun == never) continue;
      const Instant part = spares == 0 ? begun + 10h : std::max(begun, last_order + 10h);
      EXPECT_EQ(c.at, part + 2h);
      last_order = begun;
      ++seen;
    }
    EXPECT_GT(seen, 100);
  }
}

TEST(Parts, WhoFetchesThemComesInTheHours) {
  Mode mode = fault(100h, Law::fixed(1h));
  mode.repair = {.people = true, .shift = office, .crew = {}, .crews = 0, .parts = Parts{.spares = 0, .delivery = Law::fixed(30h)}};
  const Duration monday = hour_of_start(Streams(61));
  Timeline timeline({mode}, {}, nodes(1), Streams(61));
  Instant begun = never;
  int seen = 0;
  for (Change c = timeline.next(Instant{}); c.at < Instant{} + 5 * year; c = timeline.next(c.at)) {
    if (c.stage == Stage::begin) {
      begun = c.at;
    } else if (begun != never) {
      const Duration came = monday + (begun + 30h - Instant{});
      EXPECT_EQ(c.at, begun + 30h + wait_for(office, came % week) + 1h);
      ++seen;
    }
  }
  EXPECT_GT(seen, 100);
}

}  // namespace repair_test
}  // namespace nines::failure
