// Counts every allocation of the test program: a core in its stride makes none.
#include <gtest/gtest.h>

#include "tests/models/raft/flow.hpp"
#include "tests/support/worlds.hpp"

// The address sanitizer has an operator new of its own, for every way to ask for memory; there nothing is counted.
#ifndef NINES_SANITIZED

#include "tests/support/allocations.hpp"

namespace nines::raft {
namespace allocation_test {

using testing_allocations::allocations;

TEST(RaftAllocation, AGroupUnderLoadAllocatesNothingOnceItIsWarm) {
  for (const Profile& profile : {testing_worlds::zeebe(), testing_worlds::etcd(PreVote::freshness), testing_worlds::raft_paper()}) {
    Flow flow(profile, 5, 100us);
    flow.run_until(Instant{1s});
    const std::uint64_t messages = flow.messages();
    const Index committed = flow.core(0).commit();
    const unsigned long before = allocations.load();
    flow.run_until(Instant{3s});
    EXPECT_EQ(allocations.load(), before) << profile.name;
    EXPECT_GT(flow.messages(), messages + 10'000) << profile.name;
    EXPECT_GT(flow.core(0).commit(), committed + 10'000) << profile.name;
  }
}

TEST(RaftAllocation, TheCounterCounts) {
  const unsigned long before = allocations.load();
  const Flow flow(testing_worlds::zeebe(), 5, 100us);
  EXPECT_GT(allocations.load(), before + 5) << "each core has its log and what it knows of its peers";
}

}  // namespace allocation_test
}  // namespace nines::raft

#endif
