// When users could not do something: components of processes and brokers, needs, graces, moves to other machines, and shares of partitions.
#include "models/services/watch.hpp"

#include <gtest/gtest.h>

#include "models/world/simulate.hpp"
#include "models/world/site.hpp"
#include "sim/base/check.hpp"
#include "tests/support/worlds.hpp"

namespace nines::services {
namespace watch_test {

using failure::Change;
using failure::Effect;
using failure::Scope;
using failure::Stage;
using testing_worlds::at;

// Three brokers on nodes 0 to 2 in zones of their own, two partitions of three replicas; storage on all three nodes, a web application on node 0.
world::Options three() {
  world::Options options = testing_worlds::cluster(3, 3, 2, 3, testing_worlds::zeebe());
  Services& services = options.services;
  for (std::uint32_t n = 0; n < 3; ++n)
    services.processes.push_back({.name = "storage/" + std::to_string(n), .component = "storage", .node = NodeId{n}});
  services.processes.push_back({.name = "web/0", .component = "web", .node = NodeId{0u}});
  services.processes.push_back({.name = "login", .component = "login", .node = {}});
  services.components.push_back({.name = "storage", .processes = {0, 1, 2}, .needed = 2});
  services.components.push_back({.name = "web", .processes = {3}, .needs = component(0)});
  services.components.push_back({.name = "login", .processes = {4}});
  services.components.push_back({.name = "gateway", .brokers = {BrokerId{0u}, BrokerId{1u}, BrokerId{2u}}});
  return options;
}

Change change(Instant when, Scope scope, std::uint32_t element, Stage stage, Effect effect = Effect::stop, std::uint16_t mode = 0) {
  return {.at = when, .element = {scope, element, 0}, .effect = effect, .stage = stage, .mode = mode};
}

std::vector<Change> down(Scope scope, std::uint32_t element, Duration from, Duration to, Effect effect = Effect::stop, std::uint16_t mode = 0) {
  return {change(at(from), scope, element, Stage::begin, effect, mode), change(at(to), scope, element, Stage::end, effect, mode)};
}

class Watching : public testing::Test {
 protected:
  // The capability that `works` says, under these changes.
  std::vector<CapabilityOutage> seen(const Expression& works, const std::vector<Change>& world, const std::vector<Change>& own = {},
                                     const std::vector<PartitionDown>& downs = {}) {
    options.services.capabilities = {{.name = "it", .cluster = 0, .works = works}};
    const Watch watch(options.services, world::site_of(options), {0, 2}, 10);
    return watch.outages(world, own, downs, at(1000s));
  }
  world::Options options = three();
};

TEST_F(Watching, AComponentIsThereWhileEnoughOfItsProcessesRun) {
  std::vector<Change> changes = down(Scope::node, 0, 100s, 300s);
  EXPECT_TRUE(seen(component(0), changes).empty()) << "two of three are enough";
  for (const Change& more : down(Scope::zone, 1, 200s, 250s, Effect::cut, 3)) changes.push_back(more);
  const auto outages = seen(component(0), changes);
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].start, at(200s));
  EXPECT_EQ(outages[0].end, at(250s));
  EXPECT_EQ(outages[0].mean, 50s);
  EXPECT_EQ(outages[0].mode, 3);
}

TEST_F(Watching, WhatNeedsWhatIsGoneIsGone) {
  const auto outages = seen(component(1), {}, [&] {
    auto two = down(Scope::component, 0, 10s, 30s, Effect::stop, 1);
    for (const Change& more : down(Scope::component, 2, 20s, 40s, Effect::stop, 1)) two.push_back(more);
    return two;
  }());
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].start, at(20s));
  EXPECT_EQ(outages[0].end, at(30s));
  EXPECT_EQ(outages[0].mode, 11) << "of the services' own modes, which follow after the world's";
}

TEST_F(Watching, AServiceOfOthersStandsOnNoMachine) {
  EXPECT_TRUE(seen(component(2), down(Scope::region, 0, 10s, 30s)).empty());
  EXPECT_EQ(seen(component(2), {}, down(Scope::external, 0, 10s, 30s)).size(), 1u);
}

TEST_F(Watching, WhatRunsInTheBrokersGoesWithThem) {
  std::vector<Change> changes = down(Scope::broker, 0, 10s, 60s);
  for (const Change& more : down(Scope::node, 1, 20s, 50s)) changes.push_back(more);
  EXPECT_TRUE(seen(component(3), changes).empty()) << "any of them will do";
  for (const Change& more : down(Scope::cluster, 0, 30s, 35s)) changes.push_back(more);
  EXPECT_EQ(seen(component(3), changes).size(), 1u);
}

TEST_F(Watching, OthersGoOnForAWhileWithoutIt) {
  const Expression patient = component(2, 60s);
  EXPECT_TRUE(seen(patient, {}, down(Scope::external, 0, 100s, 150s)).empty());
  const auto outages = seen(patient, {}, down(Scope::external, 0, 100s, 250s));
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].start, at(160s));
  EXPECT_EQ(outages[0].end, at(250s));
}

TEST_F(Watching, WhatHasNoDataIsStartedOnAnotherMachine) {
  Process& web = options.services.processes[3];
  web.others = {NodeId{0u}, NodeId{1u}, NodeId{2u}};
  web.after_loss = 100s;
  web.after_drain = 20s;
  auto outages = seen(component(1), down(Scope::node, 0, 100s, 900s));
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].end - outages[0].start, 100s);
  outages = seen(component(1), down(Scope::node, 0, 100s, 900s, Effect::planned_stop));
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].end - outages[0].start, 20s);
  // Back on its own machine before that, it has not moved; and where it has moved to, it is lost again.
  EXPECT_EQ(seen(component(1), down(Scope::node, 0, 100s, 130s))[0].end, at(130s));
  std::vector<Change> both = down(Scope::node, 0, 100s, 900s);
  both.pop_back();
  for (const Change& more : down(Scope::node, 1, 300s, 320s)) both.push_back(more);
  outages = seen(component(1), both);
  ASSERT_EQ(outages.size(), 2u);
  EXPECT_EQ(outages[1].start, at(300s));
  EXPECT_EQ(outages[1].end, at(320s));
}

TEST_F(Watching, AUsersOwnPartitionCountsByItsShare) {
  const Expression own{.kind = Expression::Kind::partition, .index = 0}, some{.kind = Expression::Kind::some_partition, .index = 0},
      every{.kind = Expression::Kind::every_partition, .index = 0};
  const std::vector<PartitionDown> downs{{0, at(100s), at(200s), 4}, {1, at(150s), at(180s), 5}};
  ASSERT_EQ(seen(own, {}, {}, downs).size(), 1u);
  EXPECT_EQ(seen(own, {}, {}, downs)[0].mean, 65s) << "half of 100 s, and half of 30 s";
  EXPECT_EQ(seen(own, {}, {}, downs)[0].mode, 4);
  EXPECT_EQ(seen(some, {}, {}, downs)[0].mean, 30s);
  EXPECT_EQ(seen(every, {}, {}, downs)[0].mean, 100s);
  // Without the gateway nobody has a partition.
  const auto outages = seen(all_of({component(3), own}), down(Scope::cluster, 0, 190s, 210s), {}, downs);
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].end, at(210s));
  EXPECT_EQ(outages[0].mean, 80s);
}

TEST_F(Watching, WhatIsNotOverAtTheHorizonEndsThere) {
  const auto outages = seen(component(2), {}, {change(at(990s), Scope::external, 0, Stage::begin)});
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].end, at(1000s));
}

TEST(Services, AComponentComesAfterThoseItNeedsAndACircleIsNamed) {
  std::vector<Component> components{{.name = "a", .needs = all_of({component(2)})}, {.name = "b"}, {.name = "c", .needs = component(1)}};
  EXPECT_EQ(in_order_of_need(components).value(), (std::vector<std::uint32_t>{1, 2, 0}));
  components[1].needs = any_of({component(0)});
  const auto circle = in_order_of_need(components);
  ASSERT_FALSE(circle);
  EXPECT_NE(circle.error()[0].what.find("a needs c needs b needs a"), std::string::npos) << circle.error()[0].what;
}

// What runs beside the brokers moves nothing in them.
TEST(Services, AWorldWithComponentsIsTheWorldWithout) {
  world::Options with = three(), without = three();
  without.services = {};
  for (world::Options* options : {&with, &without}) {
    options->modes = {testing_worlds::exponential_mode("node-loss", Scope::node, Effect::stop, 20h, 1h)};
    options->horizon = 1000h;
  }
  with.services.modes = {testing_worlds::exponential_mode("crash", Scope::component, Effect::stop, 50h, 1h)};
  with.services.capabilities = {{.name = "see", .cluster = 0, .works = component(1)}};
  const world::Record a = world::simulate(with, 3, 0), b = world::simulate(without, 3, 0);
  EXPECT_EQ(a.history, b.history);
  EXPECT_EQ(a.trace, b.trace);
  EXPECT_EQ(a.outages.size(), b.outages.size());
  EXPECT_GT(a.capability_outages.size(), 10u);
  EXPECT_TRUE(b.capability_outages.empty());
}

// A failure source of one's own: the region is away for the second hour.
class OneOutage {
 public:
  Change next(Instant) {
    ++told_;
    if (told_ > 2) return {};
    return change(at(std::chrono::hours(told_)), Scope::region, 0, told_ == 1 ? Stage::begin : Stage::end, Effect::stop, world::no_mode);
  }

 private:
  int told_ = 0;
};

TEST(Services, FaultsOfASourceOfOnesOwnAreFeltBesideTheBrokersToo) {
  world::Options options = three();
  options.services.capabilities = {{.name = "see", .cluster = 0, .works = component(1)}};
  options.horizon = 5h;
  const world::Record record = world::simulate(std::make_shared<const world::Plan>(options), 1, 0, OneOutage());
  ASSERT_EQ(record.capability_outages.size(), 1u);
  EXPECT_EQ(record.capability_outages[0].start, at(1h));
  EXPECT_EQ(record.capability_outages[0].end, at(2h));
}

// Two of three that each stand 1 h of 21 h still, and one beside them: what independence says, within four standard errors of about 4,700 cycles.
TEST(Services, SharesOfTimeAreThoseOfKOutOfN) {
  world::Options options = three();
  options.services.capabilities = {{.name = "storage", .cluster = 0, .works = component(0)}};
  options.services.modes = {testing_worlds::exponential_mode("crash", Scope::component, Effect::stop, 20h, 1h)};
  options.horizon = 10 * year;
  double away = 0;
  for (std::uint64_t r = 0; r < 20; ++r)
    for (const CapabilityOutage& outage : world::simulate(options, 1, r).capability_outages) away += seconds(outage.end - outage.start);
  const double u = 1.0 / 21, exact = 3 * u * u * (1 - u) + u * u * u;
  EXPECT_NEAR(away / (200 * seconds(year)) / exact, 1, 0.05);
}

}  // namespace watch_test
}  // namespace nines::services
