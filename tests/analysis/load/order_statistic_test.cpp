#include "analysis/load/order_statistic.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "models/topology/delay.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {
namespace order_statistic_test {

std::vector<Ack> alike(int n, Law law) {
  return std::vector<Ack>(static_cast<std::size_t>(n), Ack{.fixed_s = 0, .flush = std::move(law), .jitter_s = {}});
}

// Of n exponential times with mean 1 the k-th takes 1/n + 1/(n-1) + ... + 1/(n-k+1).
TEST(OrderStatistic, OfExponentialTimesIsASumOfFractions) {
  struct Case {
    int k, n;
    double mean;
  };
  for (const Case& c : {Case{1, 2, 0.5}, Case{2, 3, 0.8333}, Case{2, 4, 0.5833}, Case{3, 4, 1.0833}, Case{3, 5, 0.7833}, Case{3, 6, 0.6167}}) {
    const TimeSpread spread = quorum_time(alike(c.n, Law::exponential(1s)), c.k);
    EXPECT_NEAR(spread.mean_s, c.mean, 5e-5) << c.k << " of " << c.n;
    double variance = 0;
    for (int i = 0; i < c.k; ++i) variance += 1.0 / ((c.n - i) * (c.n - i));
    EXPECT_NEAR(spread.variance_s2, variance, 1e-5);
  }
}

// The leader's fsync Exp(2 ms), a near follower 1 ms + Exp(2 ms), a far one 70 ms + Exp(2 ms).
TEST(OrderStatistic, ANearFollowerDecidesAndTheTailWaitsForBoth) {
  const Law law = Law::exponential(2ms);
  const std::vector<Ack> acks = {Ack{.fixed_s = 0, .flush = law, .jitter_s = {}}, Ack{.fixed_s = 1e-3, .flush = law, .jitter_s = {}},
                                 Ack{.fixed_s = 70e-3, .flush = law, .jitter_s = {}}};
  EXPECT_NEAR(1e3 * quorum_quantile_s(acks, 2, 0.5), 3.0421, 5e-5);
  EXPECT_NEAR(1e3 * quorum_quantile_s(acks, 2, 0.99), 11.1538, 5e-5);
  EXPECT_NEAR(1e3 * quorum_time(acks, 2).mean_s, 3.6065, 5e-5);
}

TEST(OrderStatistic, ConstantTimesAreSorted) {
  const Law law = Law::fixed(1ms);
  const std::vector<Ack> acks = {Ack{.fixed_s = 0, .flush = law, .jitter_s = {}}, Ack{.fixed_s = 20e-3, .flush = law, .jitter_s = {}},
                                 Ack{.fixed_s = 5e-3, .flush = law, .jitter_s = {}}};
  const TimeSpread spread = quorum_time(acks, 2);
  EXPECT_DOUBLE_EQ(spread.mean_s, 6e-3);
  EXPECT_EQ(spread.variance_s2, 0);
  EXPECT_NEAR(quorum_quantile_s(acks, 2, 0.5), 6e-3, 1e-12);
}

// Against drawing: links with jitter, a lognormal and a fixed fsync. 200,000 triples; four standard errors of the mean, a false alarm in 16,000 seeds.
TEST(OrderStatistic, JitterOfLinksIsPartOfAnAcknowledgement) {
  const topology::LinkLaw link = topology::link_law(500us, 1500us, 0.6, 5ms);
  const Law flushes[] = {Law::lognormal(800us, 0.5), Law::fixed(1ms), Law::lognormal(800us, 0.5)};
  std::vector<Ack> acks;
  for (const Law& flush : flushes) acks.push_back(acknowledgement(link, link, 0, flush));
  const Streams streams(7, 0);
  constexpr int draws = 200'000;
  double sum = 0, squares = 0;
  std::uint64_t slot = 0;
  const Stream stream = streams.of(0, Purpose::test);
  const auto uniform = [&] { return stream.uniform(Slot{.index = slot++}); };
  for (int i = 0; i < draws; ++i) {
    double times[3];
    for (int a = 0; a < 3; ++a)
      times[a] = seconds(topology::sample_delay(link, uniform()) + topology::sample_delay(link, uniform()) + flushes[a].sample(uniform()));
    std::sort(times, times + 3);
    sum += times[1];
    squares += times[1] * times[1];
  }
  const double mean = sum / draws, variance = squares / draws - mean * mean;
  const TimeSpread spread = quorum_time(acks, 2);
  EXPECT_NEAR(spread.mean_s, mean, 4 * std::sqrt(variance / draws));
  EXPECT_NEAR(spread.variance_s2, variance, 0.05 * variance);  // Slices of the jitter lose a little of its tail.
}

}  // namespace order_statistic_test
}  // namespace nines::analysis
