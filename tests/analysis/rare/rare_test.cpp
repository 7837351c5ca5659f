// Every statistical test has fixed seeds; its false-alarm probability over seeds stands beside it.
#include "analysis/rare/rare.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/exact/models.hpp"
#include "tests/analysis/rare/systems.hpp"
#include "tests/support/watched.hpp"

namespace nines::analysis {
namespace rare_test {

using failure::Effect;
using failure::Scope;
using testing::HasSubstr;
using testing_worlds::exponential_mode;

// Mean as asked, sigma of the logarithm 1.4 as in LANL's repair times.
Law long_repair(Duration mean) { return Law::lognormal(from_seconds(seconds(mean) * std::exp(-0.98)), 1.4); }

struct Coverage {
  int covered = 0, refused = 0, seeds = 0;
  double mean = 0, error = 0;  // Of value / exact.
  double likelihood = 0;       // Mean deviation of the likelihood ratio in its standard errors, times the square root of the seeds.
};

Coverage coverage(const test::Majority& majority, RareOptions options, int seeds) {
  Coverage seen{.seeds = seeds};
  double sum = 0, squares = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    options.seed = static_cast<std::uint64_t>(seed);
    const RareEstimate estimate = rare_quorum(majority.system, options);
    if (!estimate.value) {
      ++seen.refused;
      continue;
    }
    seen.covered += *estimate.low <= majority.exact && majority.exact <= *estimate.high ? 1 : 0;
    sum += *estimate.value / majority.exact;
    squares += *estimate.value / majority.exact * *estimate.value / majority.exact;
    if (estimate.diagnostics.likelihood_error > 0) {
      seen.likelihood += (estimate.diagnostics.likelihood - 1) / estimate.diagnostics.likelihood_error / std::sqrt(seeds);
    }
  }
  const double n = seeds - seen.refused;
  seen.mean = sum / n;
  seen.error = std::sqrt((squares / n - seen.mean * seen.mean) / n);
  std::printf("covers %.3f of %d seeds, mean of value / exact %.5f +- %.5f, likelihood ratio off by %.2f standard errors\n", seen.covered / n, seeds,
              seen.mean, seen.error, seen.likelihood);
  return seen;
}

// P(fewer than 180 of 200 | 0.95) = 9e-4 and P(fewer than 340 of 400) is less; a mean off by more than 3.5 standard errors: 5e-4.
void expect_honest(const Coverage& seen, double least_share) {
  EXPECT_EQ(seen.refused, 0);
  EXPECT_GE(seen.covered, least_share * seen.seeds);
  EXPECT_LE(std::abs(seen.mean - 1), 3.5 * seen.error);
  EXPECT_LE(std::abs(seen.likelihood), 3.5);
}

TEST(RareEvents, OfThreeOutOfFiveAreCoveredByTheirIntervalsAndUnbiased) {
  if (testing_worlds::watched) GTEST_SKIP() << testing_worlds::figures_elsewhere;
  const test::Majority five(5, Law::exponential(2000h), Law::exponential(1h));
  ASSERT_NEAR(five.exact, 1.247191433e-9, 1e-18);
  RareOptions options;
  expect_honest(coverage(five, options, 400), 0.93);
  options.relative_error = 0.005;  // The stopping rule has many looks then.
  expect_honest(coverage(five, options, 50), 0.86);
}

TEST(RareEvents, OfHeavyTailedRepairsAreCoveredToo) {
  if (testing_worlds::watched) GTEST_SKIP() << testing_worlds::figures_elsewhere;
  RareOptions options;
  options.relative_error = 0.03;
  expect_honest(coverage(test::Majority(3, Law::weibull_with_mean(500h, 0.7), long_repair(5h)), options, 200), 0.9);
  options.relative_error = 0.08;
  expect_honest(coverage(test::Majority(5, Law::exponential(500h), long_repair(5h)), options, 200), 0.9);
}

TEST(RareEvents, BySplittingAreCoveredToo) {
  if (testing_worlds::watched) GTEST_SKIP() << testing_worlds::figures_elsewhere;
  RareOptions options;
  options.method = RareMethod::splitting;
  options.splitting.effort = 1000;
  options.relative_error = 0.25;
  expect_honest(coverage(test::Majority(5, Law::exponential(200h), Law::exponential(1h)), options, 100), 0.88);
  expect_honest(coverage(test::Majority(3, Law::weibull_with_mean(500h, 0.7), long_repair(5h)), options, 100), 0.88);
}

// Exponential laws through the code for any law, against the jump chain: |z| > 3.9 in one of 10,000 seeds.
TEST(RareEvents, ByClocksAgreeWithThoseByJumps) {
  const test::Majority five(5, Law::exponential(2000h), Law::exponential(1h));
  Tally clocks;
  for (std::uint64_t i = 0; i < 50; ++i) clocks.merge(one_batch_by_clocks(five.system, {}, i));
  EXPECT_EQ(clocks.objection(), "");
  EXPECT_LE(std::abs(clocks.value() / five.exact - 1), 3.9 / 1.96 * clocks.relative_error());
  EXPECT_LT(clocks.relative_error(), 0.02);
}

// What fails at a time that is known beforehand, as planned work does, while another part is down for longer: |z| > 3.9 in one of 10,000 seeds.
TEST(RareEvents, OfPlannedWorkBesideLongRepairsAreCounted) {
  const test::Majority five(5, Law::fixed(100h), long_repair(2h));
  Tally tally;
  for (std::uint64_t i = 0; i < 50; ++i) tally.merge(one_batch(five.system, {}, i));
  EXPECT_EQ(tally.objection(), "");
  EXPECT_LE(std::abs(tally.value() / five.exact - 1), 3.9 / 1.96 * tally.relative_error());
}

// Plain excursions at a rarity where they see something, by jumps and by clocks: |z| > 3.9 in one of 10,000 seeds each.
TEST(RareEvents, ThatArePlainAreSeenPlainly) {
  const test::Majority three(3, Law::exponential(20h), Law::exponential(1h));
  const test::Majority unlike(3, Law::weibull_with_mean(20h, 1.5), Law::fixed(1h));
  Tally jumps, clocks, fixed;
  for (std::uint64_t i = 0; i < 50; ++i) {
    jumps.merge(one_batch(three.system, {}, i, Bias::none));
    clocks.merge(one_batch_by_clocks(three.system, {}, i, Bias::none));
    fixed.merge(one_batch(unlike.system, {}, i, Bias::none));
  }
  for (const Tally* tally : {&jumps, &clocks, &fixed}) {
    EXPECT_LE(std::abs(tally->value() / three.exact - 1), 3.9 / 1.96 * tally->relative_error());
    EXPECT_LT(tally->relative_error(), 0.05);
    EXPECT_EQ(tally->diagnostics().likelihood, 1);
  }
}

// Six nodes in three zones, four partitions; what fails often is short, what fails seldom is long; links between zones too, and one zone's outage in
// fifty is the region's.
struct Unlike {
  Unlike() {
    options = testing_worlds::cluster(6, 3, 4, 3, testing_worlds::zeebe());
    options.modes = {exponential_mode("broker-crash", Scope::broker, Effect::stop, 2000h, 1min),
                     exponential_mode("node-loss", Scope::node, Effect::stop, 4000h, 2h),
                     exponential_mode("zone-outage", Scope::zone, Effect::stop, 50'000h, 4h),
                     exponential_mode("zone-partition", Scope::zone_pair, Effect::cut, 20'000h, 10min)};
    options.modes[2].escalation = failure::Escalation{.to = Scope::region, .probability = 0.02, .range = {}};
    model = *model_of(options);
    exact = test::by_states(model, 0);
  }
  world::Options options;
  Model model;
  test::ByStates exact;
};

TEST(RareEvents, OfUnlikeElementsInZonesAgreeWithTheSumOverAllStates) {
  const Unlike unlike;
  const System system(unlike.model, unlike.options, 0);
  RareOptions options;
  const RareEstimate biased = rare_quorum(system, options);
  ASSERT_TRUE(biased.value.has_value()) << biased.refused;
  options.method = RareMethod::splitting;
  options.relative_error = 0.1;
  const RareEstimate splitted = rare_quorum(system, options);
  ASSERT_TRUE(splitted.value.has_value()) << splitted.refused;
  for (const RareEstimate* estimate : {&biased, &splitted}) {
    std::printf("%.4g to %.4g, exact %.6g, begins %.4g / s, exact %.4g: %s; %llu changes\n", *estimate->low, *estimate->high, unlike.exact.some,
                estimate->per_s, unlike.exact.some_per_s, estimate->method.c_str(), static_cast<unsigned long long>(estimate->diagnostics.changes));
    EXPECT_LE(std::abs(std::log(*estimate->value / unlike.exact.some)), 3.9 / 1.96 * estimate->relative_error);  // One of 10,000 seeds.
    EXPECT_NEAR(estimate->per_s / unlike.exact.some_per_s, 1, 4 * estimate->relative_error);
  }
}

TEST(RareEvents, OfOneClusterKnowNothingOfAnother) {
  world::Options options = testing_worlds::cluster(3, 1, 1, 3, testing_worlds::zeebe());
  options.modes = {exponential_mode("node-loss", Scope::node, Effect::stop, 2000h, 1h)};
  options.clusters.push_back(options.clusters[0]);
  options.clusters[1].partitions[0].resize(1);
  const Model model = *model_of(options);
  EXPECT_EQ(System(model, options, 0).parts.size(), 3u);
  EXPECT_EQ(System(model, options, 1).parts.size(), 1u);
  const RareAnswer answer = rare_quorum(model, options, {});
  EXPECT_NEAR(*answer.clusters[0].value / 7.490009e-7, 1, 0.04);
  EXPECT_NEAR(*answer.clusters[1].value / 4.997501e-4, 1, 0.04);
}

TEST(RareEvents, AreTheSameForTheSameSeedAndMergeInOrder) {
  const test::Majority five(5, Law::exponential(2000h), Law::exponential(1h));
  const RareOptions options;
  EXPECT_EQ(*rare_quorum(five.system, options).value, *rare_quorum(five.system, options).value);
  std::vector<Tally> batches(options.least_batches);
  for (std::uint64_t i = batches.size(); i-- > 0;) batches[i] = one_batch(five.system, options, i);  // Computed in any order.
  Tally all;
  for (const Tally& batch : batches) all.merge(batch);
  EXPECT_EQ(all.value(), *rare_quorum(five.system, options).value);
  RareOptions other;
  other.seed = 2;
  EXPECT_NE(*rare_quorum(five.system, other).value, all.value());
}

TEST(RareEvents, AreRefusedWithTheReason) {
  world::Options options = testing_worlds::cluster(3, 1, 1, 3, testing_worlds::zeebe());
  const auto refusal = [&](const failure::Mode& mode, RareOptions rare = {}) {
    options.modes = {mode};
    const Model model = *model_of(options);
    const RareEstimate estimate = rare_quorum(model, options, rare).clusters[0];
    EXPECT_FALSE(estimate.value || estimate.low || estimate.high);
    return estimate.refused;
  };
  const failure::Mode node_loss = exponential_mode("node-loss", Scope::node, Effect::stop, 2000h, 1h);
  EXPECT_THAT(refusal(exponential_mode("pause", Scope::node, Effect::pause, 20h, 1s)), HasSubstr("nothing that fails here"));
  failure::Mode endless = node_loss;
  endless.duration = Law::pareto(1h, 0.9);
  EXPECT_THAT(refusal(endless), HasSubstr("without a mean"));
  EXPECT_THAT(refusal(exponential_mode("node-loss", Scope::node, Effect::stop, 1h, 100'000h)), HasSubstr("nothing is rare here"));
  RareOptions hasty;
  hasty.most_changes = 100;
  hasty.batch = 50;
  EXPECT_THAT(refusal(node_loss, hasty), HasSubstr("lost a quorum; 100 are needed"));
  RareOptions little;
  little.method = RareMethod::splitting;
  little.splitting.effort = 2;
  EXPECT_THAT(refusal(node_loss, little), HasSubstr("no path reached the last level"));
}

// What the diagnostics are for: a tally in which one path weighs as much as all others, or whose ratios do not average to one.
TEST(RareEvents, WithWeightsThatCannotBeBelievedAreRefused) {
  Tally good;
  for (int i = 0; i < 1000; ++i)
    good.add({.weight = 1e-9 * (1 + i % 3), .likelihood = i % 2 == 0 ? 0.5 : 1.5, .lost_s = 60, .losses = 1, .changes = 4});
  EXPECT_EQ(good.objection(), "");
  Tally giants = good;
  for (int i = 0; i < 12; ++i) giants.add({.weight = 1e-6, .likelihood = 1, .lost_s = 60});
  EXPECT_THAT(giants.objection(), HasSubstr("count as"));
  Tally large_share;
  for (int i = 0; i < 4000; ++i) large_share.add({.weight = 1e-9, .likelihood = 1, .lost_s = 60});
  large_share.add({.weight = 1e-9, .likelihood = 1, .lost_s = 60 * 450});
  EXPECT_THAT(large_share.objection(), HasSubstr("one path carries 10 %"));
  Tally off;
  for (int i = 0; i < 1000; ++i) off.add({.weight = 1e-9, .likelihood = i % 2 == 0 ? 0.5 : 1.3, .lost_s = 60});
  EXPECT_THAT(off.objection(), HasSubstr("mean likelihood ratio is 0.9 "));
}

}  // namespace rare_test
}  // namespace nines::analysis
