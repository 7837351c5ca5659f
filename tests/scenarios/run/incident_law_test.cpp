// Two roads to one number: every command simulated in a saturated closed loop, and the bottleneck law.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "analysis/load/closed_network.hpp"
#include "models/workload/capacity.hpp"
#include "models/workload/pipeline.hpp"
#include "scenarios/run/deployment_of.hpp"
#include "scenarios/run/translate.hpp"
#include "tests/scenarios/run/library.hpp"
#include "tests/support/watched.hpp"

namespace nines::scenarios {
namespace incident_law_test {

using Kind = workload::Change::Kind;

struct Condition {
  std::string scenario, name;
  std::vector<std::uint16_t> down;
};

std::vector<Condition> conditions_of(const std::string& name, const workload::Deployment& d) {
  std::vector<Condition> all{{name, "healthy", {}}};
  const auto node = workload::brokers_at(d.machine_of, d.machine_of[0]), zone = workload::brokers_at(d.zone_of, d.zone_of[0]);
  if (node.size() < d.brokers()) all.push_back({name, "a node lost", node});
  if (zone.size() < d.brokers() && zone != node) all.push_back({name, "a zone lost", zone});
  return all;
}

struct Measured {
  double per_s = 0;
  int outstanding = 0;
  workload::Timeline timeline;
};

// The loop is as full as it must be: twice as many clients no longer complete more. What is left of it is chance.
Measured saturated(const workload::Deployment& d, const Condition& condition, const workload::State& state) {
  workload::PipelineOptions options;
  options.load.kind = workload::Load::Kind::closed;
  options.load.routing = workload::Routing::even;
  options.load.timeout = std::chrono::hours{1};
  for (const std::uint16_t b : condition.down) options.changes.push_back({Instant{}, Kind::broker_stops, b, 0, 0});
  for (std::size_t p = 0; p < state.leader.size(); ++p)
    if (state.leader[p] >= 0 && state.leader[p] != static_cast<std::int16_t>(d.partitions[p].brokers.front()))
      options.changes.push_back({Instant{}, Kind::leader_serves, static_cast<std::uint16_t>(state.leader[p]), 0, static_cast<std::uint16_t>(p)});
  const double expected = workload::capacity(d, state).per_s;
  // At least fifty thousand commands: half a per cent of chance.
  const Duration warm = 10s, span = std::max<Duration>(20s, from_seconds(std::min(200.0, 50'000 / expected)));
  options.edges = {Instant{warm}, Instant{warm + span}};
  Measured best;
  for (int outstanding = 200; outstanding <= 12'800; outstanding *= 2) {
    options.load.outstanding = outstanding;
    workload::Timeline timeline = workload::simulate(d, options);
    const double per_s = timeline.intervals[0].per_s(timeline.intervals[0].counts.completed);
    const bool grows = per_s > 1.01 * best.per_s;
    if (per_s > best.per_s) best = {per_s, outstanding, std::move(timeline)};
    if (!grows) break;
  }
  return best;
}

class LawAndIncident : public testing::TestWithParam<std::string> {};

TEST_P(LawAndIncident, AgreeOnWhatASaturatedClusterCarriesAndOnWhatBinds) {
  if (testing_worlds::watched) GTEST_SKIP() << testing_worlds::figures_elsewhere;
  const Scenario scenario = library(GetParam());
  const workload::Deployment d = deployment_of(scenario, to_world(scenario), 0);
  for (const Condition& condition : conditions_of(GetParam(), d)) {
    SCOPED_TRACE(condition.name);
    const workload::State state = condition.down.empty() ? workload::healthy(d) : workload::without(d, condition.down);
    const workload::Capacity law = workload::capacity(d, state);
    if (law.per_s == 0) {
      std::printf("%-20s %-12s carries nothing\n", condition.scenario.c_str(), condition.name.c_str());
      continue;
    }
    const Measured measured = saturated(d, condition, state);
    const workload::Station* busiest = measured.timeline.busiest();
    ASSERT_NE(busiest, nullptr);
    const double lead = law.next.per_s / law.per_s;
    std::printf("%-20s %-12s law %8.1f/s %-18s next %5.0f %% above %-18s simulated %8.1f/s (%+.2f %%) with %5d clients, busiest %s, %.1f %%\n",
                condition.scenario.c_str(), condition.name.c_str(), law.per_s, name(law.binding.resource), 100 * (lead - 1), name(law.next.resource),
                measured.per_s, 100 * (measured.per_s / law.per_s - 1), measured.outstanding, name(*busiest, d).c_str(), 100 * busiest->utilisation);
    if (lead >= 1.15) {
      EXPECT_NEAR(measured.per_s, law.per_s, 0.03 * law.per_s);
      EXPECT_STREQ(name(busiest->resource), name(law.binding.resource));
      continue;
    }
    analysis::ClosedNetwork network;
    for (const workload::Limit& limit : law.limits)
      if (limit.per_s > 0 && std::isfinite(limit.per_s)) network.stations.push_back({1 / limit.per_s, 1});
    const analysis::LoopBounds bounds = analysis::asymptotic_bounds(network, measured.outstanding);
    EXPECT_GE(measured.per_s, bounds.least_per_s);
    EXPECT_LE(measured.per_s, 1.01 * bounds.most_per_s);  // A per cent of chance.
  }
}

INSTANTIATE_TEST_SUITE_P(Library, LawAndIncident,
                         testing::Values("camunda-single-node", "camunda-single-zone", "camunda-three-zones", "camunda-two-regions",
                                         "etcd-three-zones", "etcd-five-nodes"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace incident_law_test
}  // namespace nines::scenarios
