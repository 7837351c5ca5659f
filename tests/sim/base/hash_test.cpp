#include "sim/base/hash.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace nines {
namespace hash_test {

TEST(Hash, DependsOnContentAndOrder) {
  Hash a, b, c;
  a.add(std::uint64_t{1}), a.add(std::uint64_t{2});
  b.add(std::uint64_t{1}), b.add(std::uint64_t{2});
  c.add(std::uint64_t{2}), c.add(std::uint64_t{1});
  EXPECT_EQ(a.value(), b.value());
  EXPECT_NE(a.value(), c.value());
}

TEST(Hash, ZeroesCount) {
  Hash one, two;
  one.add(std::uint64_t{0});
  two.add(std::uint64_t{0}), two.add(std::uint64_t{0});
  EXPECT_NE(one.value(), Hash{}.value());
  EXPECT_NE(one.value(), two.value());
}

TEST(Hash, NeighbouringHistoriesDoNotCollide) {
  std::set<std::uint64_t> values;
  for (std::uint64_t i = 0; i < 300; ++i) {
    for (std::uint64_t j = 0; j < 300; ++j) {
      Hash hash;
      hash.add(i), hash.add(j);
      values.insert(hash.value());
    }
  }
  EXPECT_EQ(values.size(), 90'000u);
}

}  // namespace hash_test
}  // namespace nines
