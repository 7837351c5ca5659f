#include "sim/base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace nines {
namespace random_test {

// Random123 1.14, tests/kat_vectors, "philox4x64 10": all bits of counter and key 0.
TEST(Random, IsPhilox4x64With10Rounds) {
  const Words words = Stream(0, 0, 0, Purpose{}).words({});
  EXPECT_EQ(words, (Words{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}));
}

TEST(Random, EveryPartOfTheKeyMatters) {
  const auto draw = [](std::uint64_t seed, std::uint64_t replication, std::uint64_t element, Purpose purpose, Slot slot) {
    return Streams(seed, replication).of(element, purpose).word(slot);
  };
  const std::set<std::uint64_t> words = {draw(1, 2, 3, Purpose::phase, {4, 5, 6}), draw(9, 2, 3, Purpose::phase, {4, 5, 6}),
                                         draw(1, 9, 3, Purpose::phase, {4, 5, 6}), draw(1, 2, 9, Purpose::phase, {4, 5, 6}),
                                         draw(1, 2, 3, Purpose::test, {4, 5, 6}),  draw(1, 2, 3, Purpose::phase, {9, 5, 6}),
                                         draw(1, 2, 3, Purpose::phase, {4, 9, 6}), draw(1, 2, 3, Purpose::phase, {4, 5, 9})};
  EXPECT_EQ(words.size(), 8u);
}

TEST(Random, ADrawIsAnAddressNotAPlaceInASequence) {
  const Stream stream = Streams(42).of(7, Purpose::test);
  const std::uint64_t tenth = stream.word({.index = 10});
  for (std::uint64_t i = 0; i < 10; ++i) stream.word({.index = i});
  EXPECT_EQ(stream.word({.index = 10}), tenth);
}

TEST(Random, AUnitNeverReachesItsEnds) {
  EXPECT_GT(to_unit(0), 0);
  EXPECT_LT(to_unit(~std::uint64_t{0}), 1);
  EXPECT_TRUE(std::isfinite(std::log(to_unit(0))));
  EXPECT_TRUE(std::isfinite(std::log1p(-to_unit(~std::uint64_t{0}))));
}

// The mean of 10,000 uniforms has a standard error of 0.0029: five of them make a false alarm of 6e-7.
TEST(Random, UniformsAverageOneHalf) {
  const Stream stream = Streams(1).of(0, Purpose::test);
  double sum = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) sum += stream.uniform({.index = i});
  EXPECT_NEAR(sum / 10'000, 0.5, 5 * 0.0029);
}

}  // namespace random_test
}  // namespace nines
