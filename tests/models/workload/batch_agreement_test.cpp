// Two roads to one number where batches cost CPU: the bottleneck law, which shares what a batch costs among as many entries as it holds at most, and
// every command simulated, whose batches are as large as waiting makes them.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/models/workload/loads.hpp"

namespace nines::workload {
namespace batch_agreement_test {

double simulated_per_s(const Deployment& d, double expected_per_s, std::uint64_t seed, int clients) {
  const Timeline t = saturated(d, expected_per_s, seed, clients);
  return t.intervals[0].per_s(t.intervals[0].counts.completed);
}

// One to five partitions for each of three to five machines of one or two cores, batches of 4 to 16 entries, costs of a batch up to twenty times those
// of an entry; a thousand clients for each partition. Where two resources are nearly full, less than either gets through: those are left out.
TEST(BatchAgreement, FullBatchesShareTheirCost) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    Dice dice(seed);
    const int brokers = dice.between(3, 5);
    Deployment d = cluster(brokers, brokers * dice.between(1, 2), 3, Duration{dice.between(50'000, 300'000)});
    d.service.bytes = 1024;
    d.service.leader_s = 1e-6 * dice.between(50, 200);
    d.service.follower_s = 1e-6 * dice.between(10, 50);
    d.service.leader_batch_s = 1e-6 * dice.between(100, 1000);
    d.service.follower_batch_s = 1e-6 * dice.between(50, 500);
    d.replication.window = dice.between(1, 6);
    d.replication.batch_bytes = 1024 * dice.between(4, 16);
    d.replication.leader_flush = static_cast<LeaderFlush>(dice.below(3));
    const int cores = dice.between(1, 2);
    for (Machine& machine : d.machines) {
      machine.cores = cores;
      machine.flush = Law::exponential(100us);
    }
    const Capacity law = capacity(d, healthy(d));
    if (law.binding.resource != Resource::cpu || law.next.per_s < 2 * law.per_s) continue;
    EXPECT_NEAR(simulated_per_s(d, law.per_s, seed, 1000 * static_cast<int>(d.partitions.size())), law.per_s, 0.03 * law.per_s) << "seed " << seed;
    ++compared;
  }
  EXPECT_GE(compared, 8);
}

// A leader whose batches cost CPU writes the next one when its fsync of the last is done: a full batch for each of them, however wide the window is.
TEST(BatchAgreement, ALeaderThatWritesOneBatchAtATimeIsHeldUpByItsOwnFsync) {
  Deployment d = cluster(3, 3, 3, 100us);
  d.service.bytes = 1024;
  d.service.leader_batch_s = 100e-6;
  d.replication = {.window = 8, .batch_bytes = 4 * 1024, .leader_flush = LeaderFlush::beside, .follower_flush = true};
  for (Machine& machine : d.machines) {
    machine.cap = 1;
    machine.flush = Law::fixed(2ms);
  }
  const Capacity law = capacity(d, healthy(d));
  EXPECT_EQ(law.binding.resource, Resource::flush);
  EXPECT_NEAR(law.per_s, 3 * 4 / 2.1e-3, 1e-6);
  EXPECT_NEAR(simulated_per_s(d, law.per_s, 1, 3000), law.per_s, 0.03 * law.per_s);
}

}  // namespace batch_agreement_test
}  // namespace nines::workload
