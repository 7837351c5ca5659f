// A recorded history as a source of faults: what happened happens again, from the beginning or from anywhere.
#include "models/failure/trace.hpp"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "models/failure/timeline.hpp"
#include "sim/base/check.hpp"

namespace nines::failure {
namespace trace_test {

constexpr Instant at(Duration since_start) { return Instant{} + since_start; }

std::vector<Mode> recorded_mode() {
  Mode mode;
  mode.name = "trace";
  mode.scope = Scope::node;
  mode.recorded = true;
  mode.up_time = Law::exponential(1s);  // Were it not recorded, there would be many faults of it.
  mode.duration = Law::exponential(1s);
  return {mode};
}

Site two_nodes() {
  Site site;
  site.nodes = {"n0", "n1"};
  return site;
}

constexpr Element first{Scope::node, 0, 0}, second{Scope::node, 1, 0};

// n0 is down from 0 to 10 s and from 50 to 90 s, n1 from 40 to 50 s and, for no time at all, at 70 s. The trace is 100 s long.
std::shared_ptr<const Trace> trace(Rotation rotation) {
  const std::vector<RecordedFault> faults{{0s, 10s, first, 0}, {50s, 90s, first, 0}, {40s, 50s, second, 0}, {70s, 70s, second, 0}};
  return std::make_shared<const Trace>(faults, 100s, rotation);
}

TEST(Trace, HappensAgainAsItHappenedAndNothingElse) {
  Timeline timeline(recorded_mode(), {}, two_nodes(), Streams(1), trace(Rotation::none));
  EXPECT_TRUE(timeline.active().empty());
  const std::vector<std::tuple<Duration, Element, Stage>> expected{{0s, first, Stage::begin}, {10s, first, Stage::end},   {40s, second, Stage::begin},
                                                                   {50s, second, Stage::end}, {50s, first, Stage::begin}, {70s, second, Stage::begin},
                                                                   {70s, second, Stage::end}, {90s, first, Stage::end}};
  for (const auto& [when, element, stage] : expected) {
    const Change change = timeline.next(Instant{});
    EXPECT_EQ(change.at, at(when));
    EXPECT_EQ(change.element, element);
    EXPECT_EQ(change.stage, stage);
    EXPECT_EQ(change.effect, Effect::stop);
  }
  EXPECT_EQ(timeline.next(Instant{}).at, never);
  EXPECT_EQ(timeline.faults(), 4u);
}

TEST(Trace, GoesOnBesideScriptsAndRandomFaultsInOrderOfTime) {
  std::vector<Mode> modes = recorded_mode();
  modes.push_back(modes[0]);
  modes[1].name = "crash";
  modes[1].recorded = false;
  Timeline timeline(modes, {{45s, "stop", {"n1"}, 30s}}, two_nodes(), Streams(1), trace(Rotation::none));
  Instant before{};
  std::map<std::uint16_t, int> seen;
  for (Change c = timeline.next(Instant{}); c.at < at(100s); c = timeline.next(c.at)) {
    EXPECT_GE(c.at, before);
    before = c.at;
    ++seen[c.mode];
  }
  EXPECT_EQ(seen[0], 8);
  EXPECT_GT(seen[1], 50);
  EXPECT_EQ(seen[2], 2);
}

// From wherever it begins, over one whole length each element is down as long as in the record, and one down at the start ends on time.
TEST(Trace, RotatedItLosesAndAddsNothing) {
  std::map<bool, int> began_down;
  for (std::uint64_t replication = 0; replication < 200; ++replication) {
    Timeline timeline(recorded_mode(), {}, two_nodes(), Streams(3, replication), trace(Rotation::everywhere));
    std::map<std::uint32_t, Instant> since;
    std::map<std::uint32_t, Duration> down;
    for (const Change& c : timeline.active()) since[c.element.a] = Instant{};
    ++began_down[!since.empty()];
    for (Change c = timeline.next(Instant{}); c.at < at(100s); c = timeline.next(c.at)) {
      if (c.stage == Stage::begin) {
        EXPECT_FALSE(since.contains(c.element.a)) << "it was down";
        since[c.element.a] = c.at;
      } else {
        ASSERT_TRUE(since.contains(c.element.a)) << "it was not down";
        down[c.element.a] += c.at - since[c.element.a];
        since.erase(c.element.a);
      }
    }
    for (const auto& [element, when] : since) down[element] += at(100s) - when;
    EXPECT_EQ(down[0], 50s) << replication;
    EXPECT_EQ(down[1], 10s) << replication;
  }
  // Six tenths of all instants find somebody down: within 4.4 standard deviations, a false alarm of 1e-5.
  EXPECT_NEAR(began_down[true], 120, 4.4 * std::sqrt(200 * 0.6 * 0.4));
}

TEST(Trace, RefusesWhatLiesOutsideOfIt) {
  EXPECT_THROW(Trace({{5s, 11s, first, 0}}, 10s, Rotation::none), BrokenInvariant);
  EXPECT_THROW(Trace({{6s, 5s, first, 0}}, 10s, Rotation::none), BrokenInvariant);
  EXPECT_THROW(Trace({}, 0s, Rotation::none), BrokenInvariant);
}

}  // namespace trace_test
}  // namespace nines::failure
