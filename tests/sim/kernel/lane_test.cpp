#include "sim/kernel/lane.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "sim/base/random.hpp"

namespace nines::sim {
namespace lane_test {

Key key(std::int64_t time, std::uint64_t rank = 0) { return make_key(Instant{Duration{time}}, rank, 0); }

TEST(Lane, IsAQueueThroughGrowthAndWrapping) {
  Lane lane;
  std::deque<Key> reference;
  std::int64_t time = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const std::uint64_t word = Streams(1).of(0, Purpose::test).word({.index = i});
    if (word % 100 < (i < 10'000 ? 53u : 45u)) {
      const Key next = key(++time);
      ASSERT_TRUE(lane.accepts(next));
      lane.push(next);
      reference.push_back(next);
    } else if (!reference.empty()) {
      lane.pop();
      reference.pop_front();
    }
    ASSERT_EQ(lane.size(), reference.size());
    ASSERT_EQ(lane.front(), reference.empty() ? no_key : reference.front());
  }
}

TEST(Lane, RefusesAKeyThatWouldJumpTheQueue) {
  Lane lane;
  lane.push(key(5, 7));
  EXPECT_TRUE(lane.accepts(key(5, 7)));
  EXPECT_TRUE(lane.accepts(key(5, 8)));
  EXPECT_FALSE(lane.accepts(key(5, 6)));
  EXPECT_FALSE(lane.accepts(key(4, 9)));
  lane.pop();
  EXPECT_TRUE(lane.accepts(key(5, 6))) << "an empty lane takes anything";
}

}  // namespace lane_test
}  // namespace nines::sim
