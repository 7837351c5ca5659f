// What users can do, solved: against enumeration by hand, and against the simulation.
#include "analysis/exact/capability.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "models/world/simulate.hpp"
#include "tests/support/worlds.hpp"

namespace nines::analysis {
namespace capability_test {

using failure::Effect;
using failure::Scope;
using services::Expression;

// Three brokers on nodes in zones of their own, one partition; storage on all nodes, two of three needed; a web application on node 0.
world::Options three() {
  world::Options options = testing_worlds::cluster(3, 3, 1, 3, testing_worlds::zeebe());
  services::Services& beside = options.services;
  for (std::uint32_t n = 0; n < 3; ++n)
    beside.processes.push_back({.name = "storage/" + std::to_string(n), .component = "storage", .node = NodeId{n}});
  beside.processes.push_back({.name = "web/0", .component = "web", .node = NodeId{0u}});
  beside.components.push_back({.name = "storage", .processes = {0, 1, 2}, .needed = 2});
  beside.components.push_back({.name = "web", .processes = {3}, .needs = services::component(0)});
  options.modes = {testing_worlds::exponential_mode("node-loss", Scope::node, Effect::stop, 99h, 1h),
                   testing_worlds::exponential_mode("zone-outage", Scope::zone, Effect::stop, 999h, 1h)};
  beside.modes = {testing_worlds::exponential_mode("crash", Scope::component, Effect::stop, 49h, 1h)};
  beside.capabilities = {
      {.name = "see", .cluster = 0, .works = services::component(1)},
      {.name = "write", .cluster = 0, .works = {.kind = Expression::Kind::partition, .index = 0}},
      {.name = "both", .cluster = 0, .works = services::all_of({services::component(1), {.kind = Expression::Kind::partition, .index = 0}})}};
  return options;
}

std::vector<CapabilityAnswer> solved(const world::Options& options) {
  std::vector<CapabilityAnswer> all;
  for (auto& one : capabilities_of(*model_of(options), options, std::vector<PartitionGaps>(1))) all.push_back(*one);
  return all;
}

TEST(Capability, IsMissingAsOftenAsTheSumOverAllStatesSays) {
  const auto answers = solved(three());
  const double node = 0.01, zone = 0.001, crash = 0.02;
  double see = 0, write = 0, both = 0;
  for (unsigned state = 0; state < 1u << 7; ++state) {  // Places 0 to 2, storages 3 to 5, the web application.
    double p = 1;
    const auto down = [&](unsigned i) { return (state >> i & 1) != 0; };
    for (unsigned i = 0; i < 7; ++i) {
      const double u = i < 3 ? 1 - (1 - node) * (1 - zone) : crash;
      p *= down(i) ? u : 1 - u;
    }
    int storages = 0, places = 0;
    for (unsigned i = 0; i < 3; ++i) {
      storages += !down(i) && !down(3 + i) ? 1 : 0;
      places += !down(i) ? 1 : 0;
    }
    const bool sees = storages >= 2 && !down(0) && !down(6), writes = places >= 2;
    see += sees ? 0 : p;
    write += writes ? 0 : p;
    both += sees && writes ? 0 : p;
  }
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_NEAR(answers[0].without / see, 1, 1e-12);
  EXPECT_NEAR(answers[1].without / write, 1, 1e-12);
  EXPECT_NEAR(answers[2].without / both, 1, 1e-12);
  EXPECT_FALSE(answers[0].approximate);
  EXPECT_EQ(answers[0].causes.front().mode, "crash");
  EXPECT_EQ(answers[1].causes.front().mode, "node-loss");
}

// What moves to another machine is away for a part of each loss: 4 standard errors of about 14,000 losses.
TEST(Capability, OfAProcessThatMovesAgreesWithItsSimulation) {
  world::Options options = three();
  services::Process& web = options.services.processes[3];
  web.others = {NodeId{0u}, NodeId{1u}, NodeId{2u}};
  web.after_loss = 10min;
  options.services.components[1].needs = services::all_of({});
  options.services.modes = {testing_worlds::exponential_mode("crash", Scope::component, Effect::stop, 4999h, 1h)};
  const CapabilityAnswer answer = solved(options).front();
  EXPECT_TRUE(answer.approximate);
  options.horizon = 8 * year;
  double away = 0;
  for (std::uint64_t r = 0; r < 20; ++r)
    for (const auto& outage : world::simulate(options, 1, r).capability_outages)
      if (outage.capability == 0) away += seconds(outage.end - outage.start);
  EXPECT_NEAR(away / (160 * seconds(year)) / answer.without, 1, 0.04);
}

TEST(Capability, OthersDoWithoutItForAWhile) {
  world::Options options = three();
  options.services.capabilities[0].works = services::component(0, 30min);
  options.horizon = 8 * year;
  const CapabilityAnswer answer = solved(options).front();
  EXPECT_TRUE(answer.approximate);
  double away = 0;
  for (std::uint64_t r = 0; r < 20; ++r)
    for (const auto& outage : world::simulate(options, 1, r).capability_outages)
      if (outage.capability == 0) away += seconds(outage.end - outage.start);
  EXPECT_LT(answer.without, 0.7 * solved(three()).front().without);
  EXPECT_NEAR(away / (160 * seconds(year)) / answer.without, 1, 0.25) << "an approximation: fault by fault";
}

}  // namespace capability_test
}  // namespace nines::analysis
