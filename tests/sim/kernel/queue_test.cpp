#include "sim/kernel/queue.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sim/base/random.hpp"

namespace nines::sim {
namespace queue_test {

Key key(std::int64_t time, std::uint64_t rank = 0) { return make_key(Instant{Duration{time}}, rank, 0); }

TEST(Queue, LeavesWhatLiesAtTheLimitOrBehindIt) {
  Queue<1> queue;
  queue.push(key(5));
  queue.push(0, key(4));
  EXPECT_EQ(queue.take_below(key(4)), key(4));
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.take_below(key(5)), key(4));
  EXPECT_EQ(queue.take_below(key(5)), key(5));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue.take_below(no_key), key(5));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.take_below(no_key), no_key);
}

// The hole that take_below leaves in the heap must be closed by whatever comes next: a push, another take, a copy, a question.
template <std::size_t lanes>
void expect_agreement_with_a_set(std::uint64_t seed) {
  Queue<lanes> queue;
  std::multiset<Key> reference;
  std::int64_t now = 0;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const Words words = Streams(seed).of(0, Purpose::test).words({.index = i});
    const Key fresh = key(now + static_cast<std::int64_t>(words[0] % 40), words[1] % 5);
    switch (words[2] % 6) {
      case 0:
      case 1: {
        const Key limit = words[3] % 4 == 0 ? key(now + 3) : no_key;
        const Key least = reference.empty() ? no_key : *reference.begin();
        ASSERT_EQ(queue.take_below(limit), least);
        if (least < limit) {
          reference.erase(reference.begin());
          now = count_ns(time_of(least));
        }
        break;
      }
      case 2: {
        const Queue<lanes> copy = queue;
        queue = copy;
        break;
      }
      case 3: {
        ASSERT_EQ(queue.least(), reference.empty() ? no_key : *reference.begin());
        break;
      }
      case 4:
        if constexpr (lanes > 0) {
          const std::size_t lane = words[3] % lanes;
          const Key constant = key(now + 10 * static_cast<std::int64_t>(lane), words[1] % 5);
          queue.push(lane, constant);
          reference.insert(constant);
          break;
        }
        [[fallthrough]];
      default: queue.push(fresh); reference.insert(fresh);
    }
    ASSERT_EQ(queue.size(), reference.size());
  }
}

TEST(Queue, AgreesWithAnOrderedSetUnderRandomUse) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    expect_agreement_with_a_set<0>(seed);
    expect_agreement_with_a_set<1>(seed);
    expect_agreement_with_a_set<3>(seed);
  }
}

}  // namespace queue_test
}  // namespace nines::sim
