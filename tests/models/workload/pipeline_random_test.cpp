// Random deployments, random loads, random incidents: what must hold in all of them.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/models/workload/loads.hpp"

namespace nines::workload {
namespace pipeline_random_test {

PipelineOptions random_incident(Dice& dice, Deployment& d, std::uint64_t seed) {
  PipelineOptions o;
  o.seed = seed;
  const double rate = 20 + 300 * dice.unit();
  o.load.routing = dice.happens(0.5) ? Routing::free : Routing::even;
  o.load.timeout = dice.happens(0.5) ? Duration{15s} : Duration{500ms};
  switch (dice.below(3)) {
    case 0:
      o.load.kind = Load::Kind::closed;
      o.load.outstanding = dice.between(1, 50);
      o.load.think = dice.happens(0.5) ? 20ms : 0ms;
      break;
    case 1: o.load.kind = Load::Kind::spaced; [[fallthrough]];
    default: o.load.rates = {{Instant{}, rate}, {Instant{3s}, 3 * rate}, {Instant{5s}, 0}, {Instant{6s}, rate}};
  }
  o.flow.requests.kind = static_cast<RequestLimitOptions::Kind>(dice.below(4));
  if (dice.happens(0.3)) o.flow.writes = {.per_s = 500, .throttling = dice.happens(0.5), .acceptable_backlog = 1000, .resolution = 1s};
  if (dice.happens(0.3)) {
    for (Machine& machine : d.machines) machine.disk_bytes = (2LL << 30) + 10'000'000;
  }
  o.log.snapshot_every = 2s;
  o.log.segment_bytes = 1 << 20;
  o.changes = random_changes(dice, d, 10s);
  o.edges = every(1s, 12);
  return o;
}

TEST(PipelineRandom, EveryCommandEndsOnce) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Dice dice(seed);
    Deployment d = random_deployment(dice);
    PipelineOptions o = random_incident(dice, d, seed);
    o.load.until = Instant{11s};
    Pipeline pipeline(d, o);
    pipeline.run_until(Instant{7s} + 1ns);
    const Timeline midway = pipeline.timeline();
    ASSERT_EQ(midway.total.offered, ends(midway.total) + static_cast<std::uint64_t>(midway.in_flight)) << "seed " << seed;
    ASSERT_GT(midway.total.offered, 10u) << "seed " << seed;
    // The last client gives up 15 s after the last command.
    pipeline.run_until(Instant{27s});
    const Timeline end = pipeline.timeline();
    ASSERT_EQ(end.in_flight, 0) << "seed " << seed;
    ASSERT_EQ(end.total.offered, ends(end.total)) << "seed " << seed;
    // Every completed command was committed once for every round.
    ASSERT_LE(end.total.completed * static_cast<std::uint64_t>(d.service.rounds), end.committed) << "seed " << seed;
    Counts sum;
    for (const Interval& interval : end.intervals) sum.add(interval.counts);
    ASSERT_LE(ends(sum), ends(end.total)) << "seed " << seed;
  }
}

TEST(PipelineRandom, ACopyContinuesIdentically) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Dice dice(1000 + seed);
    Deployment d = random_deployment(dice);
    const PipelineOptions o = random_incident(dice, d, seed);
    Pipeline whole(d, o);
    whole.run_until(Instant{12s});
    Pipeline first(d, o);
    first.run_until(Instant{Duration{static_cast<std::int64_t>(dice.unit() * 11e9)}});
    Pipeline copy(first);
    copy.run_until(Instant{5s} < copy.now() ? copy.now() : Instant{5s});
    copy.run_until(Instant{12s});
    first.run_until(Instant{12s});
    ASSERT_EQ(copy.timeline().fingerprint, whole.timeline().fingerprint) << "seed " << seed;
    ASSERT_EQ(first.timeline().fingerprint, whole.timeline().fingerprint) << "seed " << seed;
    ASSERT_EQ(copy.timeline().intervals, whole.timeline().intervals) << "seed " << seed;
    ASSERT_EQ(copy.timeline().stations, whole.timeline().stations) << "seed " << seed;
  }
}

// Little (1961): the mean number present is the rate of arrivals times the mean stay. The number is integrated where it changes, stays are summed
// where they are known; they may differ by what was there at the first edge and the last.
TEST(PipelineRandom, LittlesLawHoldsAtEveryStation) {
  int checked = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Dice dice(2000 + seed);
    const Deployment d = random_deployment(dice);
    PipelineOptions o;
    o.seed = seed;
    o.load.rates = {{Instant{}, 100 + 200 * dice.unit()}};
    o.load.routing = dice.happens(0.5) ? Routing::free : Routing::even;
    o.edges = every(100s, 1, Instant{2s});
    const Timeline t = simulate(d, o);
    ASSERT_GT(t.total.completed, 9'500u) << "seed " << seed;
    for (const Station& s : t.stations) {
      if (s.arrivals < 500) continue;
      ++checked;
      const double by_law = static_cast<double>(s.arrivals) / 100 * s.mean_sojourn_s;
      ASSERT_NEAR(s.mean_number, by_law, 0.01 * by_law + 1e-6) << "seed " << seed << ", " << name(s, d);
      ASSERT_LE(s.utilisation, 1.001) << "seed " << seed << ", " << name(s, d);
    }
    // And of the whole: from sending to answer.
    const Interval& all = t.intervals[0];
    ASSERT_NEAR(all.per_s(all.counts.completed), all.per_s(all.counts.offered), 0.02 * all.per_s(all.counts.offered));
  }
  EXPECT_GT(checked, 400);
}

}  // namespace pipeline_random_test
}  // namespace nines::workload
