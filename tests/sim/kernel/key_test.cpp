#include "sim/kernel/key.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace nines::sim {
namespace key_test {

TEST(Key, OrdersByTimeThenRankThenSlot) {
  const Instant early{1ns}, late{2ns};
  const std::vector<Key> ordered = {
      make_key(Instant{}, 0, 0),          make_key(early, 0, 5), make_key(early, 1, 0), make_key(early, 1, slot_limit - 1),
      make_key(early, rank_limit - 1, 0), make_key(late, 0, 0),  make_key(never, 0, 0), no_key};
  for (std::size_t i = 0; i + 1 < ordered.size(); ++i) EXPECT_LT(ordered[i], ordered[i + 1]) << i;
}

TEST(Key, GivesItsPartsBack) {
  const Instant time{year * 100};
  const Key key = make_key(time, rank_limit - 2, slot_limit - 3);
  EXPECT_EQ(time_of(key), time);
  EXPECT_EQ(rank_of(key), rank_limit - 2);
  EXPECT_EQ(slot_of(key), slot_limit - 3);
  const Key moved = with_time(key, never);
  EXPECT_EQ(time_of(moved), never);
  EXPECT_EQ(rank_of(moved), rank_limit - 2);
  EXPECT_EQ(slot_of(moved), slot_limit - 3);
}

TEST(Key, RanksFaultsBeforeArrivalsBeforeDurableBeforeAlarms) {
  const std::vector<std::uint64_t> ordered = {
      make_rank(Class::fault, 1),      make_rank(Class::arrival, 0), make_rank(Class::arrival, 0, 0, 0, 1), make_rank(Class::arrival, 0, 0, 1),
      make_rank(Class::arrival, 0, 1), make_rank(Class::arrival, 1), make_rank(Class::durable, 0),          make_rank(Class::alarm, 0)};
  for (std::size_t i = 0; i + 1 < ordered.size(); ++i) EXPECT_LT(ordered[i], ordered[i + 1]) << i;
  EXPECT_LT(make_rank(Class::alarm, (1u << 20) - 1, 15, 15, 15), rank_limit);
}

#ifdef NINES_DEBUG_CHECKS
TEST(Key, RefusesWhatDoesNotFit) {
  EXPECT_THROW(make_key(Instant{-1ns}, 0, 0), BrokenInvariant);
  EXPECT_THROW(make_key(Instant{}, rank_limit, 0), BrokenInvariant);
  EXPECT_THROW(make_key(Instant{}, 0, slot_limit), BrokenInvariant);
  EXPECT_THROW(make_rank(Class::alarm, 0, 16), BrokenInvariant);
}
#endif

}  // namespace key_test
}  // namespace nines::sim
