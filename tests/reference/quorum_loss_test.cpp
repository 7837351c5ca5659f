// Quorum loss has a closed form: a replica is down with probability u = 1 - (720/721)(8766/8770), its node or its zone being down, and three
// replicas in three zones fail on their own, so two or three of them are down with probability 3u^2 - 2u^3.
#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "models/world/simulate.hpp"
#include "tests/reference/trial.hpp"
#include "tests/reference/trust.hpp"
#include "tests/support/worlds.hpp"

namespace nines::reference {
namespace quorum_loss_test {

// 9 nodes dealt over 3 zones, 12 partitions: brokers i, i + 1, i + 2 mod 9 stand in three zones.
world::Options nine_nodes() {
  world::Options options = testing_worlds::cluster(9, 3, 12, 3, catalog_profile("zeebe-8.9"));
  options.modes.push_back(testing_worlds::exponential_mode("node-loss", failure::Scope::node, failure::Effect::stop, 720h, 1h));
  options.modes.push_back(testing_worlds::exponential_mode("zone-outage", failure::Scope::zone, failure::Effect::stop, year, 4h));
  options.horizon = 10 * year;
  return options;
}

// Each replication is one observation, so nothing is assumed of what partitions and years of one world share. Student's t with 399 degrees of
// freedom: the interval misses the truth in one of 1,000 seeds.
TEST(QuorumLoss, OfThePartitionsOfNineNodesInThreeZonesAgreesWithItsClosedForm) {
  const double u = 1 - (720.0 / 721) * (8766.0 / 8770);
  const double expected = 3 * u * u - 2 * u * u * u;
  ASSERT_NEAR(expected, 1.017114e-5, 1e-11);
  const auto plan = std::make_shared<const world::Plan>(nine_nodes());
  const std::uint64_t replications = 400;
  std::vector<double> unavailability;
  std::uint64_t losses = 0;
  for (std::uint64_t k = 0; k < replications; ++k) {
    const world::Record record = world::simulate(plan, 5, k);
    Duration lost{0};
    for (const world::QuorumLoss& loss : record.quorum_losses) lost += loss.end - loss.start;
    losses += record.quorum_losses.size();
    unavailability.push_back(seconds(lost) / seconds(record.horizon) / 12);
  }
  const double mean = mean_of(unavailability), reach = 3.315 * standard_error_of(unavailability);
  std::printf("quorum unavailability of a partition: %.4g, 99.9 %% interval %.4g to %.4g, from %llu losses in %llu cluster-years; closed form %.7g\n",
              mean, mean - reach, mean + reach, static_cast<unsigned long long>(losses), static_cast<unsigned long long>(10 * replications), expected);
  EXPECT_LE(std::abs(mean - expected), reach);
  EXPECT_LT(reach, 0.15 * expected);  // Narrow enough to say something.
  Worst worst("unavailability");
  worst.see(mean / expected - 1, reach / expected, "three replicas in three zones");
  record_trust({"How long quorums are lost", "the binomial formula"}, counted(10 * replications, "cluster-years"), {worst});
}

}  // namespace quorum_loss_test
}  // namespace nines::reference
