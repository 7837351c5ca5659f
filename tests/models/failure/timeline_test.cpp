// The catalogue as a source of faults: stationary from the start, keyed by name, and scripts on top.
#include "models/failure/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "sim/base/check.hpp"

namespace nines::failure {
namespace timeline_test {

constexpr Instant at(Duration since_start) { return Instant{} + since_start; }

Site site(std::size_t brokers) {
  Site s;
  for (std::size_t b = 0; b < brokers; ++b) {
    s.brokers.push_back("b" + std::to_string(b));
    s.nodes.push_back("n" + std::to_string(b));
  }
  s.zones = {"r/a", "r/b", "s/a"};
  s.regions = {"r", "s"};
  s.zone_region = {0, 0, 1};
  s.clusters = {"orders"};
  s.racks = {"r/b/left"};
  s.rack_zone = {1};
  for (std::uint32_t b = 0; b < brokers; ++b) {
    s.broker_node.push_back(b);
    s.broker_cluster.push_back(b == 2 ? Site::nowhere : 0);
    s.node_zone.push_back(b % 3);
    s.node_rack.push_back(b % 3 == 1 ? 0 : Site::nowhere);
  }
  return s;
}

Mode mode(std::string name, Scope scope, Effect effect, Law up, Law down) {
  Mode m;
  m.name = std::move(name);
  m.scope = scope;
  m.effect = effect;
  m.up_time = std::move(up);
  m.duration = std::move(down);
  return m;
}

std::vector<Change> changes(Timeline& timeline, Instant until) {
  std::vector<Change> all;
  for (Change c = timeline.next(Instant{}); c.at < until; c = timeline.next(c.at)) all.push_back(c);
  return all;
}

// --- The stationary start ---

// 4000 elements that are down a quarter of their time: within 4.4 standard deviations, so a false alarm has a probability of 1e-5.
TEST(Timeline, StartsWithTheShareThatIsDownInTheLongRun) {
  const Mode quarter = mode("crash", Scope::broker, Effect::stop, Law::weibull(30s, 0.7), Law::fixed(from_seconds(Law::weibull(30s, 0.7).mean_s() / 3)));
  const Timeline timeline({quarter}, {}, site(4000), Streams(1));
  const double expected = 1000, deviation = std::sqrt(4000 * 0.25 * 0.75);
  EXPECT_NEAR(static_cast<double>(timeline.active().size()), expected, 4.4 * deviation);
  for (const Change& c : timeline.active()) EXPECT_EQ(c.stage, Stage::begin);
}

// What is down at the start has been down for a while: a fixed duration's residual is uniform, so its mean is half of it.
TEST(Timeline, WhatIsDownAtTheStartEndsAfterItsResidual) {
  const Mode half = mode("crash", Scope::broker, Effect::stop, Law::fixed(100s), Law::fixed(100s));
  Timeline timeline({half}, {}, site(2000), Streams(2));
  const std::size_t down = timeline.active().size();
  double sum = 0, ends = 0;
  for (const Change& c : changes(timeline, at(100s) + 1ns))
    if (c.stage == Stage::end) {
      sum += seconds(c.at - Instant{});
      ++ends;
    }
  EXPECT_EQ(static_cast<std::size_t>(ends), down);
  EXPECT_NEAR(sum / ends, 50, 4.4 * 100 / std::sqrt(12 * ends));  // A false alarm has a probability of 1e-5.
}

// The renewal theorem: from a stationary start faults come at one rate, in the first second as in any other.
TEST(Timeline, FaultsComeAtOneRateFromTheStart) {
  const Mode wearing = mode("crash", Scope::broker, Effect::stop, Law::weibull(100s, 3), Law::exponential(10s));
  Timeline timeline({wearing}, {}, site(4000), Streams(3));
  const double rate = 4000 / (Law::weibull(100s, 3).mean_s() + 10);
  std::map<int, double> per_ten_seconds;
  for (const Change& c : changes(timeline, at(100s)))
    if (c.stage == Stage::begin) ++per_ten_seconds[static_cast<int>(seconds(c.at - Instant{}) / 10)];
  // A fresh start would see hardly any in the first ten seconds. Renewals vary less than a Poisson count: 5 deviations of that.
  for (const auto& [decade, count] : per_ten_seconds) EXPECT_NEAR(count, rate * 10, 5 * std::sqrt(rate * 10)) << decade;
  EXPECT_EQ(per_ten_seconds.size(), 10u);
}

TEST(Timeline, AOneWayCutThatIsGoingOnAtTheStartHasWidenedLongAgo) {
  Timeline timeline({mode("mute", Scope::node, Effect::cut_out, Law::fixed(1s), Law::fixed(1000s))}, {}, site(20), Streams(1));
  ASSERT_FALSE(timeline.active().empty());
  std::size_t begun = 0, widened = 0;
  for (const Change& c : timeline.active()) {
    begun += c.stage == Stage::begin ? 1u : 0u;
    widened += c.stage == Stage::widen ? 1u : 0u;
  }
  EXPECT_EQ(begun, widened);
  Timeline blinks({mode("mute", Scope::node, Effect::cut_out, Law::fixed(100ms), Law::fixed(100ms))}, {}, site(20), Streams(1));
  for (const Change& c : blinks.active()) EXPECT_EQ(c.stage, Stage::begin) << "over before TCP notices";
}

// --- Streams by name ---

TEST(Timeline, OneMoreBrokerMovesNobodyElsesFaults) {
  const std::vector<Mode> modes{mode("crash", Scope::broker, Effect::stop, Law::exponential(60s), Law::lognormal(5s, 1)),
                                mode("zone", Scope::zone, Effect::stop, Law::exponential(300s), Law::exponential(10s))};
  Timeline small(modes, {}, site(4), Streams(9)), large(modes, {}, site(5), Streams(9));
  std::vector<Change> of_small = changes(small, at(1h)), of_large = changes(large, at(1h));
  std::erase_if(of_large, [](const Change& c) { return c.element.scope == Scope::broker && c.element.a == 4; });
  ASSERT_EQ(of_small.size(), of_large.size());
  for (std::size_t i = 0; i < of_small.size(); ++i) {
    EXPECT_EQ(of_small[i].at, of_large[i].at);
    EXPECT_EQ(of_small[i].element, of_large[i].element);
  }
}

TEST(Timeline, OneMoreModeMovesNoOther) {
  const Mode crash = mode("crash", Scope::broker, Effect::stop, Law::exponential(60s), Law::exponential(5s));
  const Mode node = mode("node", Scope::node, Effect::stop, Law::exponential(90s), Law::exponential(5s));
  Timeline alone({crash}, {}, site(4), Streams(9)), second({node, crash}, {}, site(4), Streams(9));
  std::vector<Change> of_alone = changes(alone, at(1h)), of_second = changes(second, at(1h));
  std::erase_if(of_second, [](const Change& c) { return c.mode == 0; });
  ASSERT_EQ(of_alone.size(), of_second.size());
  for (std::size_t i = 0; i < of_alone.size(); ++i) EXPECT_EQ(of_alone[i].at, of_second[i].at);
}

TEST(Timeline, AnotherSeedIsAnotherHistory) {
  const Mode crash = mode("crash", Scope::broker, Effect::stop, Law::exponential(60s), Law::exponential(5s));
  Timeline a({crash}, {}, site(4), Streams(1)), b({crash}, {}, site(4), Streams(2)), c({crash}, {}, site(4), Streams(1, 1));
  const Instant first = a.next(Instant{}).at;
  EXPECT_NE(first, b.next(Instant{}).at);
  EXPECT_NE(first, c.next(Instant{}).at);
}

// --- Each element's own story ---

TEST(Timeline, EachElementsFaultsBeginAndEndInTurnAndTimeNeverRunsBack) {
  const std::vector<Mode> modes{mode("crash", Scope::broker, Effect::stop, Law::exponential(20s), Law::exponential(5s)),
                                mode("planned", Scope::node, Effect::planned_stop, Law::exponential(30s), Law::exponential(5s)),
                                mode("mute", Scope::node, Effect::cut_out, Law::exponential(30s), Law::exponential(1s))};
  Timeline timeline(modes, {}, site(6), Streams(4));
  std::map<std::pair<int, int>, Stage> last;
  for (const Change& c : timeline.active()) last[{c.mode, c.element.a}] = c.stage;
  Instant before{};
  std::uint64_t begun = 0;
  for (const Change& c : changes(timeline, at(1h))) {
    EXPECT_GE(c.at, before);
    before = c.at;
    const auto known = last.find({c.mode, static_cast<int>(c.element.a)});
    const Stage previous = known == last.end() ? Stage::end : known->second;
    switch (c.stage) {
      case Stage::announce: EXPECT_EQ(previous, Stage::end); break;
      case Stage::begin:
        EXPECT_EQ(previous, modes[c.mode].effect == Effect::planned_stop ? Stage::announce : Stage::end);
        ++begun;
        break;
      case Stage::widen: EXPECT_EQ(previous, Stage::begin); break;
      case Stage::end: EXPECT_TRUE(previous == Stage::begin || previous == Stage::widen); break;
    }
    last[{c.mode, static_cast<int>(c.element.a)}] = c.stage;
  }
  EXPECT_GT(begun, 1000u);
  EXPECT_GE(timeline.faults(), begun);
  EXPECT_LE(timeline.faults(), begun + 1) << "one may lie beyond the end that was asked for";
}

TEST(Timeline, ALinkInsideARegionAndARegionPairAreElementsOfTheirOwn) {
  const auto hit = [](Scope scope) {
    std::vector<Element> elements;
    Timeline timeline({mode("cut", scope, Effect::cut, Law::fixed(10s), Law::fixed(1s))}, {}, site(3), Streams(1));
    for (const Change& c : changes(timeline, at(30s)))
      if (std::find(elements.begin(), elements.end(), c.element) == elements.end()) elements.push_back(c.element);
    return elements;
  };
  ASSERT_EQ(hit(Scope::zone_pair).size(), 1u);  // Zones of different regions have no link of their own.
  EXPECT_EQ(hit(Scope::zone_pair)[0], (Element{Scope::zone_pair, 0, 1}));
  ASSERT_EQ(hit(Scope::region_pair).size(), 1u);
  EXPECT_EQ(hit(Scope::cluster).size(), 1u);
  EXPECT_EQ(hit(Scope::zone).size(), 3u);
}

// --- Faults that grow ---

Mode growing(Scope from, Scope to, double probability) {
  Mode m = mode("outage", from, Effect::stop, Law::exponential(100s), Law::exponential(50s));
  m.escalation = Escalation{to, probability, {probability, probability}};
  return m;
}

// 4,000 nodes and some 25,000 faults, one in five of which grows: within 4.4 standard deviations at the start and after it, a false alarm of 1e-5 each.
TEST(Escalation, OneFaultInSoManyHitsTheWholePlaceAlsoAtTheStart) {
  Timeline timeline({growing(Scope::node, Scope::zone, 0.2)}, {}, site(4000), Streams(5));
  const auto within = [](double grown, double all, const char* when) { EXPECT_NEAR(grown / all, 0.2, 4.4 * std::sqrt(0.16 / all)) << when; };
  double begun = 0, grown = 0;
  for (const Change& c : timeline.active()) grown += c.element.scope == Scope::zone ? 1 : 0;
  within(grown, static_cast<double>(timeline.active().size()), "at the start");
  grown = 0;
  for (const Change& c : changes(timeline, at(1000s))) {
    if (c.stage != Stage::begin) continue;
    ++begun;
    grown += c.element.scope == Scope::zone ? 1 : 0;
  }
  EXPECT_GT(begun, 20'000);
  within(grown, begun, "after it");
}

TEST(Escalation, WhatBeganWholeEndsWholeAndAllOfItsFaultsAreTheModes) {
  Timeline timeline({growing(Scope::zone, Scope::region, 0.5)}, {}, site(3), Streams(6));
  std::map<std::pair<Scope, std::uint32_t>, int> going;
  for (const Change& c : timeline.active()) ++going[{c.element.scope, c.element.a}];
  std::size_t ended = 0;
  for (const Change& c : changes(timeline, at(20h))) {
    int& here = going[{c.element.scope, c.element.a}];
    here += c.stage == Stage::begin ? 1 : -1;
    ended += c.stage == Stage::end && c.element.scope == Scope::region ? 1u : 0u;
    EXPECT_GE(here, 0) << "something ended that had not begun";
    EXPECT_LE(here, 2) << "one fault a zone at a time";
    EXPECT_EQ(c.mode, 0);
  }
  EXPECT_GT(ended, 100u);
}

TEST(Escalation, MovesNoFaultInTime) {
  Mode alone = growing(Scope::zone, Scope::region, 0.3);
  alone.escalation.reset();
  Timeline with({growing(Scope::zone, Scope::region, 0.3)}, {}, site(3), Streams(7)), without({alone}, {}, site(3), Streams(7));
  const std::vector<Change> a = changes(with, at(5h)), b = changes(without, at(5h));
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].at, b[i].at);
}

TEST(Escalation, GoesToThePlaceThatHoldsTheElement) {
  const Site s = site(6);
  EXPECT_EQ(enclosing(s, {Scope::broker, 4, 0}, Scope::node), (Element{Scope::node, 4, 0}));
  EXPECT_EQ(enclosing(s, {Scope::broker, 4, 0}, Scope::rack), (Element{Scope::rack, 0, 0}));
  EXPECT_EQ(enclosing(s, {Scope::broker, 5, 0}, Scope::zone), (Element{Scope::zone, 2, 0}));
  EXPECT_EQ(enclosing(s, {Scope::broker, 5, 0}, Scope::region), (Element{Scope::region, 1, 0}));
  EXPECT_EQ(enclosing(s, {Scope::broker, 5, 0}, Scope::cluster), (Element{Scope::cluster, 0, 0}));
  EXPECT_EQ(enclosing(s, {Scope::node, 1, 0}, Scope::region), (Element{Scope::region, 0, 0}));
  EXPECT_EQ(enclosing(s, {Scope::rack, 0, 0}, Scope::zone), (Element{Scope::zone, 1, 0}));
  EXPECT_EQ(enclosing(s, {Scope::rack, 0, 0}, Scope::region), (Element{Scope::region, 0, 0}));
  EXPECT_EQ(enclosing(s, {Scope::zone, 2, 0}, Scope::region), (Element{Scope::region, 1, 0}));
  EXPECT_EQ(enclosing(s, {Scope::broker, 2, 0}, Scope::cluster), (Element{Scope::broker, 2, 0})) << "it serves no cluster";
  EXPECT_EQ(enclosing(s, {Scope::node, 0, 0}, Scope::rack), (Element{Scope::node, 0, 0})) << "it stands in no rack";
  EXPECT_THROW(enclosing(s, {Scope::zone, 0, 0}, Scope::node), BrokenInvariant);
}

// --- Scripts ---

TEST(Script, AFaultComesWhenAndWhereItIsWritten) {
  Timeline timeline({}, {{10s, "stop", {"b1"}, 5s}, {3s, "pause", {"n0"}, 1s}}, site(3), Streams(1));
  const std::vector<Change> all = changes(timeline, never);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].at, at(3s));
  EXPECT_EQ(all[0].effect, Effect::pause);
  EXPECT_EQ(all[0].element, (Element{Scope::node, 0, 0}));
  EXPECT_EQ(all[0].mode, 1u) << "scripted faults follow after the modes in their order";
  EXPECT_EQ(all[1].at, at(4s));
  EXPECT_EQ(all[1].stage, Stage::end);
  EXPECT_EQ(all[2].at, at(10s));
  EXPECT_EQ(all[3].at, at(15s));
  EXPECT_EQ(timeline.faults(), 2u);
}

TEST(Script, AModesNameBringsItsEffect) {
  Mode slow = mode("bad-cable", Scope::node, Effect::slow, Law::fixed(year), Law::fixed(0ns));
  slow.extra_delay = 7ms;
  Timeline timeline({slow}, {{1s, "bad-cable", {"n1"}, 5s}}, site(3), Streams(1));
  const Change begin = timeline.next(Instant{});
  EXPECT_EQ(begin.effect, Effect::slow);
  EXPECT_EQ(begin.extra_delay, 7ms);
}

TEST(Script, APlannedStopIsAnnounced) {
  Timeline timeline({}, {{10s, "planned-stop", {"b1"}, 5s}}, site(3), Streams(1));
  const std::vector<Change> all = changes(timeline, never);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].stage, Stage::announce);
  EXPECT_EQ(all[0].at, at(10s));
  EXPECT_EQ(all[1].stage, Stage::begin);
  EXPECT_EQ(all[1].at, at(10s) + notice);
  EXPECT_EQ(all[2].at, at(15s));
}

TEST(Script, AOneWayCutWidensUnlessItIsOverBefore) {
  Timeline timeline({}, {{1s, "cut-out", {"b0", "b1"}, 5s}, {10s, "cut-out", {"b0"}, widening}}, site(3), Streams(1));
  const std::vector<Change> all = changes(timeline, never);
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[1].stage, Stage::widen);
  EXPECT_EQ(all[1].at, at(1s) + widening);
  EXPECT_EQ(all[0].element.scope, Scope::broker_pair);
  EXPECT_EQ(all[3].stage, Stage::begin);
  EXPECT_EQ(all[4].stage, Stage::end);
}

TEST(Script, AFaultWithoutEndLastsForEver) {
  Timeline timeline({}, {{1s, "stop", {"b0"}, Duration::max()}}, site(3), Streams(1));
  EXPECT_EQ(changes(timeline, never).size(), 1u);
}

TEST(Script, OfSomethingThatDoesNotExistIsABrokenInvariant) {
  EXPECT_THROW(Timeline({}, {{1s, "stop", {"b9"}, 1s}}, site(3), Streams(1)), BrokenInvariant);
}

TEST(Names, MeanOneElementOrTheLinkBetweenTwo) {
  const Site s = site(3);
  EXPECT_EQ(find_element(s, {"b2"}).element, (Element{Scope::broker, 2, 0}));
  EXPECT_EQ(find_element(s, {"r"}).element, (Element{Scope::region, 0, 0}));
  EXPECT_EQ(find_element(s, {"orders"}).element, (Element{Scope::cluster, 0, 0}));
  EXPECT_EQ(find_element(s, {"r/b", "r/a"}).element, (Element{Scope::zone_pair, 1, 0}));
  EXPECT_EQ(find_element(s, {"r", "s"}).element, (Element{Scope::region_pair, 0, 1}));
  EXPECT_FALSE(find_element(s, {"nowhere"}).exists);
  EXPECT_FALSE(find_element(s, {"b0", "r/a"}).exists) << "there is no link between a broker and a zone";
  EXPECT_FALSE(find_element(s, {"n0", "n1"}).exists);
  EXPECT_FALSE(find_element(s, {}).exists);
}

}  // namespace timeline_test
}  // namespace nines::failure
