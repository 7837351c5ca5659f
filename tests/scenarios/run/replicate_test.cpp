#include "scenarios/run/replicate.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace replicate_test {

world::Record numbered(std::uint64_t replication) {
  world::Record record;
  record.events = replication;
  return record;
}

// Work that takes long for some replications and short for others, so that they finish out of order.
world::Record uneven(std::uint64_t replication) {
  volatile std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < (replication * 7919 % 13) * 20'000; ++i) sum = sum + i;
  return numbered(replication);
}

std::vector<std::uint64_t> merged_by(int jobs, std::uint64_t first, std::uint64_t replications) {
  std::vector<std::uint64_t> order;
  const Done done = replicate(uneven,
                              [&](std::uint64_t replication, const world::Record& record) {
                                EXPECT_EQ(record.events, replication);
                                order.push_back(replication);
                              },
                              {.first = first, .replications = replications, .jobs = jobs});
  EXPECT_EQ(done.merged, replications);
  EXPECT_EQ(done.stop, Stop::budget);
  EXPECT_EQ(done.under_way, nullptr);
  return order;
}

TEST(Replicate, MergesInIndexOrderWhateverTheNumberOfThreads) {
  const auto one = merged_by(1, 0, 300);
  for (std::uint64_t i = 0; i < 300; ++i) ASSERT_EQ(one[i], i);
  EXPECT_EQ(merged_by(2, 0, 300), one);
  EXPECT_EQ(merged_by(7, 0, 300), one);
}

TEST(Replicate, BeginsWhereItIsTold) {
  EXPECT_EQ(merged_by(3, 41, 3), (std::vector<std::uint64_t>{41, 42, 43}));
  EXPECT_TRUE(merged_by(3, 41, 0).empty());
}

// A slow first replication must not let the others pile up behind it.
TEST(Replicate, LooksAheadOnlySoFar) {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t started = 0, furthest = 0;
  constexpr std::uint64_t ahead = 4 * 2 + 8;  // For two threads.
  const Simulate simulate = [&](std::uint64_t replication) {
    std::unique_lock lock(mutex);
    ++started;
    furthest = std::max(furthest, replication);
    changed.notify_all();
    if (replication == 0) {  // It waits until the other thread has run dry: everything that may be started is.
      changed.wait(lock, [&] { return started == ahead; });
      EXPECT_EQ(furthest, ahead - 1);
    }
    return numbered(replication);
  };
  std::uint64_t count = 0;
  replicate(simulate, [&](std::uint64_t, const world::Record&) { ++count; }, {.replications = 100, .jobs = 2});
  EXPECT_EQ(count, 100u);
}

TEST(Replicate, ABrokenReplicationIsNamedAndTheOthersGoOn) {
  std::vector<std::uint64_t> order;
  const Simulate simulate = [](std::uint64_t replication) {
    SIM_CHECK(replication != 5, "two leaders in one term");
    if (replication == 7) throw std::bad_alloc();
    return numbered(replication);
  };
  const Done done =
      replicate(simulate, [&](std::uint64_t replication, const world::Record&) { order.push_back(replication); }, {.replications = 10, .jobs = 3});
  EXPECT_EQ(order, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 6, 8, 9}));
  ASSERT_EQ(done.broken.size(), 2u);
  EXPECT_EQ(done.broken[0].replication, 5u);
  EXPECT_NE(done.broken[0].what.find("two leaders in one term"), std::string::npos);
  EXPECT_EQ(done.broken[1].replication, 7u);
  EXPECT_EQ(done.merged, 10u);
}

TEST(Replicate, AnInterruptionLeavesAPrefix) {
  std::atomic<bool> stop{false};
  std::uint64_t count = 0;
  const Done done = replicate(uneven,
                              [&](std::uint64_t replication, const world::Record&) {
                                EXPECT_EQ(replication, count);
                                if (++count == 20) stop = true;
                              },
                              {.replications = 1'000'000, .jobs = 3, .interrupted = [&] { return stop.load(); }});
  EXPECT_EQ(done.stop, Stop::interrupted);
  EXPECT_EQ(done.merged, 20u);
  EXPECT_EQ(done.under_way, nullptr);
}

TEST(Replicate, ADeadlineThatHasPassedStopsBeforeTheFirst) {
  const Done done = replicate(uneven, [](std::uint64_t, const world::Record&) { FAIL(); },
                              {.replications = 10, .jobs = 2, .deadline = std::chrono::steady_clock::now()});
  EXPECT_EQ(done.stop, Stop::max_time);
  EXPECT_EQ(done.merged, 0u);
}

// What is stuck cannot be stopped from outside; the answer must not wait for it.
TEST(Replicate, AReplicationThatDoesNotEndIsLeftBehind) {
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false, left = false;
  };
  const auto gate = std::make_shared<Gate>();  // The thread outlives the call.
  const Simulate simulate = [gate](std::uint64_t replication) {
    std::unique_lock lock(gate->mutex);
    gate->changed.wait(lock, [&] { return gate->open; });
    gate->left = true;
    gate->changed.notify_all();
    return numbered(replication);
  };
  std::atomic<int> asked{0};
  const Done stuck = replicate(simulate, [](std::uint64_t, const world::Record&) { FAIL(); },
                               {.replications = 1, .jobs = 1, .patience = std::chrono::milliseconds(50), .interrupted = [&] { return ++asked > 1; }});
  EXPECT_EQ(stuck.stop, Stop::interrupted);
  EXPECT_NE(stuck.under_way, nullptr);
  std::unique_lock lock(gate->mutex);
  gate->open = true;
  gate->changed.notify_all();
  gate->changed.wait(lock, [&] { return gate->left; });
}

TEST(Replicate, ProgressCountsUpToTheEnd) {
  std::uint64_t last = 0;
  replicate(uneven, [](std::uint64_t, const world::Record&) {}, {.replications = 50, .jobs = 2, .progress = [&](std::uint64_t merged) {
                                                                   EXPECT_GE(merged, last);
                                                                   last = merged;
                                                                 }});
  EXPECT_EQ(last, 50u);
}

}  // namespace replicate_test
}  // namespace nines::scenarios
