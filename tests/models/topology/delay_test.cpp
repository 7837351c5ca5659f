#include "models/topology/delay.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "sim/base/random.hpp"

namespace nines::topology {
namespace delay_test {

TEST(Delay, ALinkWithoutJitterAlwaysTakesItsMinimum) {
  const LinkLaw law{.minimum = 250us, .maximum = 250us};
  for (const double u : {0x1.0p-54, 0.5, 1 - 0x1.0p-53}) EXPECT_EQ(sample_delay(law, u), 250us);
  EXPECT_EQ(least_delay(law), greatest_delay(law));
}

TEST(Delay, EverySampleLiesBetweenTheLeastAndTheGreatest) {
  const LinkLaw law = link_law(500us, 1500us, 0.6, 5ms);
  for (const double u : {0x1.0p-54, 1e-9, 0.01, 0.5, 0.99, 1 - 1e-9, 1 - 0x1.0p-53}) {
    EXPECT_GE(sample_delay(law, u), least_delay(law)) << u;
    EXPECT_LE(sample_delay(law, u), greatest_delay(law)) << u;
  }
  EXPECT_EQ(greatest_delay(law), 5ms);
  EXPECT_EQ(sample_delay(law, 1 - 0x1.0p-53), 5ms);
}

TEST(Delay, AGreaterUniformNeverMeansAnEarlierArrival) {
  const LinkLaw law = link_law(500us, 1500us, 0.6, 5ms);
  Duration before{0};
  for (int i = 1; i < 1000; ++i) {
    const Duration now = sample_delay(law, i / 1000.0);
    EXPECT_GE(now, before) << i;
    before = now;
  }
}

TEST(Delay, ALawMadeFromPublishedPercentilesHasThem) {
  const LinkLaw law = link_law(6500us, 7500us, 0.97, 20ms);
  EXPECT_NEAR(seconds(sample_delay(law, 0.5)), 6.5e-3, 1e-8);
  EXPECT_NEAR(seconds(sample_delay(law, 0.99)), 7.5e-3, 1e-8);
  EXPECT_EQ(law.minimum, 6305us);
}

TEST(Delay, TheMeanIsThatOfItsSamples) {
  for (const LinkLaw& law : {link_law(500us, 1500us, 0.6, 1800us), LinkLaw{.minimum = 250us, .maximum = 250us}}) {
    double sum = 0;
    for (int i = 0; i < 10'000; ++i) sum += seconds(sample_delay(law, (i + 0.5) / 10'000));
    EXPECT_NEAR(mean_delay_s(law), sum / 10'000, 1e-4 * mean_delay_s(law));
  }
}

TEST(Delay, APercentileNotAboveTheMedianMeansNoJitter) {
  const LinkLaw law = link_law(1ms, 1ms, 0.6, 5ms);
  EXPECT_EQ(least_delay(law), 1ms);
  EXPECT_EQ(greatest_delay(law), 1ms);
}

// RFC 6298 5.5: the retransmission timer doubles.
TEST(Delay, ResendsWaitTwiceAsLongEachTime) {
  EXPECT_EQ(resend_delay(0.1, 200ms, 0.5), 0ms);
  EXPECT_EQ(resend_delay(0.1, 200ms, 0.05), 200ms);
  EXPECT_EQ(resend_delay(0.1, 200ms, 0.005), 600ms);
  EXPECT_EQ(resend_delay(0.1, 200ms, 0.0005), 1400ms);
  EXPECT_EQ(resend_delay(0, 200ms, 0x1.0p-54), 0ms);
}

// The first copy arrives with probability 1 - loss. 50,000 draws at 2 %: six sigma is 0.38 %, a false alarm once in 5e8 seeds.
TEST(Delay, TheShareOfResentPacketsIsTheLoss) {
  const Stream draws = Streams(11).of(0, Purpose::test);
  int resent = 0;
  for (std::uint64_t i = 0; i < 50'000; ++i) resent += resend_delay(0.02, 200ms, draws.uniform({.index = i})) > 0ms ? 1 : 0;
  EXPECT_NEAR(resent / 50'000.0, 0.02, 0.0038);
}

}  // namespace delay_test
}  // namespace nines::topology
