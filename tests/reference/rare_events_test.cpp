// What has a closed form, simulated: plainly where it is seen plainly, by failure biasing and by splitting where it is not. Intervals are of 99.9 %,
// one seed in 1,000 falls outside each.
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>

#include <gtest/gtest.h>

#include "analysis/exact/count.hpp"
#include "analysis/rare/rare.hpp"
#include "models/failure/timeline.hpp"
#include "tests/reference/trial.hpp"
#include "tests/support/worlds.hpp"

namespace nines::reference {
namespace rare_events_test {

using analysis::Bias;
using analysis::RareEstimate;
using analysis::Tally;

constexpr double z999 = 3.2905, z95 = 1.9600;

failure::Mode node_loss(const Law& up, const Law& down) {
  failure::Mode mode = testing_worlds::exponential_mode("node-loss", failure::Scope::node, failure::Effect::stop, 1h, 1h);
  mode.up_time = up;
  mode.duration = down;
  return mode;
}

// One partition on n nodes of one zone.
struct Nodes {
  Nodes(std::size_t n, std::vector<failure::Mode> modes) : options(testing_worlds::cluster(n, 1, 1, n, testing_worlds::zeebe())) {
    options.modes = std::move(modes);
    model = *analysis::model_of(options);
  }
  world::Options options;
  analysis::Model model;
};

void expect_within(const RareEstimate& estimate, double exact, const char* what) {
  ASSERT_TRUE(estimate.value.has_value()) << what << ": " << estimate.refused;
  const double reach = std::expm1(z999 / z95 * estimate.relative_error) + 1e-9;  // One element has no variance but rounding.
  std::printf("%s: %.5g, 99.9 %% interval within %.2g %%, exact %.10g (%s)\n", what, *estimate.value, 100 * reach, exact, estimate.method.c_str());
  EXPECT_LE(std::abs(std::log(*estimate.value / exact)), std::log1p(reach)) << what;
}

// The share of time in which two or three of three nodes are down, by following the failure modes' own timeline.
double lost_share(const Nodes& nodes, std::uint64_t seed, std::uint64_t replication, Duration horizon) {
  failure::Timeline timeline(nodes.options.modes, {}, world::site_of(nodes.options), Streams(seed, replication));
  analysis::Watch watch(nodes.model);
  for (const failure::Change& change : timeline.active()) watch.set(change.element.a, true);
  Duration lost{0};
  Instant now{};
  while (now < Instant{horizon}) {
    const failure::Change change = timeline.next(now);
    const Instant at = std::min(change.at, Instant{horizon});
    if (watch.any_lost()) lost += at - now;
    now = at;
    watch.set(change.element.a, change.stage == failure::Stage::begin);
  }
  return seconds(lost) / seconds(horizon);
}

// With independent repair only the means of up-time and repair matter in balance, whatever the laws (the insensitivity property). Student's t over 400
// replications.
TEST(RareReference, HowLongAQuorumIsLostDependsOnNoMoreThanTheMeansOfTheLaws) {
  struct Case {
    Duration up, down;
    const char* exact;
    Duration horizon;
  };
  for (const Case& c : {Case{200h, 10h, "6.586762e-03", 10 * year}, Case{500h, 5h, "2.921476e-04", 40 * year}}) {
    const Law weibull = Law::weibull_with_mean(c.up, 0.7), lognormal = Law::lognormal(from_seconds(seconds(c.down) * std::exp(-0.98)), 1.4);
    const double u = seconds(c.down) / seconds(c.up + c.down), exact = analysis::fewer_than_up(std::array{u, u, u}, 2);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6e", exact);
    EXPECT_STREQ(text.data(), c.exact);
    for (const bool by_the_law : {true, false}) {
      const Nodes nodes(3, {by_the_law ? node_loss(weibull, lognormal) : node_loss(Law::exponential(c.up), Law::exponential(c.down))});
      std::vector<double> shares;
      for (std::uint64_t replication = 0; replication < 400; ++replication) shares.push_back(lost_share(nodes, 3, replication, c.horizon));
      const double mean = mean_of(shares), reach = 3.315 * standard_error_of(shares);
      std::printf("%s: %.5g, 99.9 %% interval of +- %.2g %%, exact %s\n", by_the_law ? "Weibull(0.7) and lognormal(1.4)" : "exponential", mean,
                  100 * reach / exact, c.exact);
      EXPECT_LE(std::abs(mean - exact), reach);
      EXPECT_LT(reach, 0.1 * exact);  // Narrow enough to say something.
      if (!by_the_law) continue;
      expect_within(analysis::rare_quorum(analysis::System(nodes.model, nodes.options, 0), {}), exact, "by scaled hazards");
    }
  }
}

TEST(RareReference, ElementsThatRunFor2000HoursLoseTheirMajorityAsOftenAsTheMachineRepairmanSays) {
  struct Row {
    std::size_t n;
    double exact;
  };
  for (const Row& row : {Row{1, 4.997501249375e-04}, Row{3, 7.490009367505e-07}, Row{5, 1.247191433129e-09}}) {
    const Nodes nodes(row.n, {node_loss(Law::exponential(2000h), Law::exponential(1h))});
    const analysis::System system(nodes.model, nodes.options, 0);
    const std::string what = std::to_string(row.n) + " nodes";
    analysis::RareOptions options;
    expect_within(analysis::rare_quorum(system, options), row.exact, (what + ", biased").c_str());
    options.method = analysis::RareMethod::splitting;
    options.relative_error = 0.1;
    options.splitting.effort = 20'000;
    expect_within(analysis::rare_quorum(system, options), row.exact, (what + ", split").c_str());
  }
}

// The beta factor: a share of all failures stops every node.
TEST(RareReference, ACommonCauseCostsWhatItsClosedFormSays) {
  struct Row {
    double beta;
    std::size_t n;
    double exact;
  };
  for (const Row& row : {Row{0.01, 3, 5.734076930e-06}, Row{0.01, 5, 5.001185170e-06}, Row{0.05, 3, 2.567537650e-05}, Row{0.05, 5, 2.500044442e-05},
                         Row{0.1, 3, 5.060424140e-05}, Row{0.1, 5, 4.999840949e-05}}) {
    failure::Mode shock = node_loss(Law::exponential(from_seconds(7.2e6 / row.beta)), Law::exponential(1h));
    shock.name = "common";
    shock.scope = failure::Scope::cluster;
    const Nodes nodes(row.n, {node_loss(Law::exponential(from_seconds(7.2e6 / (1 - row.beta))), Law::exponential(1h)), shock});
    const std::string what = "beta " + std::to_string(row.beta) + ", " + std::to_string(row.n) + " nodes";
    expect_within(analysis::rare_quorum(analysis::System(nodes.model, nodes.options, 0), {}), row.exact, what.c_str());
  }
}

// Work-normalised variance: variance of one excursion times the failures and repairs it simulates. Plain simulation is the same jump chain
// unbiased, with expected stays and the exact length of a cycle: better than simulated time would be. At MTTF 20 h and 60 h both are measured, and the
// plain variance agrees with the one that the biased paths predict, E[(rate x time lost)^2]; at 2,000 h, where two plain excursions in a million
// lose a quorum, the prediction stands for it.
TEST(RareReference, BiasingIsHundredThousandTimesBetterThanPlainSimulationWhereThreeOfFiveAreNeeded) {
  std::printf("MTTF h | U | plain variance, measured | predicted | biased | plain work | biased work | better by\n");
  double better = 0;
  for (const Duration mttf : {20h, 60h, 2000h}) {
    const Nodes nodes(5, {node_loss(Law::exponential(mttf), Law::exponential(1h))});
    const analysis::System system(nodes.model, nodes.options, 0);
    Tally plain, biased;
    for (std::uint64_t i = 0; i < 400; ++i) plain.merge(analysis::one_batch(system, {}, i, Bias::none));
    for (std::uint64_t i = 0; i < 50; ++i) biased.merge(analysis::one_batch(system, {}, i));
    const auto work = [](const Tally& tally) { return static_cast<double>(tally.changes()) / static_cast<double>(tally.paths()); };
    const double predicted = biased.plain_relative_variance(system.excursions_per_s);
    better = predicted * work(plain) / (biased.relative_variance() * work(biased));
    std::printf("%lld | %.4g | %.4g | %.4g | %.3g | %.3g | %.3g | %.3g\n", static_cast<long long>(mttf / 1h), biased.value(),
                plain.relative_variance(), predicted, biased.relative_variance(), work(plain), work(biased), better);
    if (mttf > 100h) continue;
    // 800,000 excursions: hits enough for a variance known to a few per cent.
    EXPECT_GT(plain.diagnostics().hits, 1000u);
    EXPECT_NEAR(plain.relative_variance() / predicted, 1, 0.15);
  }
  EXPECT_GE(better, 1e5);
}

}  // namespace rare_events_test
}  // namespace nines::reference
