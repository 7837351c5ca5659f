#include "sim/kernel/pool.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nines::sim {
namespace pool_test {

TEST(Pool, GivesBackWhatWasPut) {
  Pool<std::string> pool;
  const auto first = pool.put("first");
  const auto second = pool.put("second");
  EXPECT_NE(first, second);
  EXPECT_EQ(pool.size(), 2u);
  EXPECT_EQ(pool.take(first), "first");
  EXPECT_EQ(pool.size(), 1u);
  EXPECT_EQ(pool.put("third"), first) << "the place that was freed last is the warm one";
  EXPECT_EQ(pool.take(second), "second");
  EXPECT_EQ(pool.take(first), "third");
  EXPECT_EQ(pool.size(), 0u);
}

TEST(Pool, CopiesAreIndependent) {
  Pool<int> pool;
  const auto place = pool.put(1);
  Pool<int> copy = pool;
  pool.take(place);
  pool.put(2);
  EXPECT_EQ(copy.take(place), 1);
}

}  // namespace pool_test
}  // namespace nines::sim
