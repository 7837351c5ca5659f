#include "analysis/export/blocks.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace nines::analysis {
namespace blocks_test {

using Lengths = std::vector<std::size_t>;

// The position in row-major order of `offset` in an array of this shape.
std::uint64_t position(const Lengths& shape, const Lengths& offset) {
  std::uint64_t at = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) at = at * shape[d] + offset[d];
  return at;
}

// Blocks follow each other, are what their coordinates say, and lie on the grid of chunks, so that each is a chunk of its own.
void expect_tiles(const Lengths& shape, std::size_t values) {
  const Blocks blocks(shape, values);
  const Lengths chunk = blocks.chunk();
  std::uint64_t next = 0;
  while (next < blocks.size()) {
    const Blocks::Block block = blocks.at(next);
    ASSERT_EQ(block.begin, next);
    ASSERT_EQ(block.begin, position(shape, block.offset));
    ASSERT_EQ(block.end - block.begin, std::accumulate(block.count.begin(), block.count.end(), std::uint64_t{1}, std::multiplies<>()));
    ASSERT_EQ(blocks.at(block.end - 1).begin, block.begin);
    ASSERT_LE(block.end - block.begin, values);
    for (std::size_t d = 0; d < shape.size(); ++d) {
      ASSERT_EQ(block.offset[d] % chunk[d], 0u);
      ASSERT_TRUE(block.count[d] == chunk[d] || block.offset[d] + block.count[d] == shape[d]);
    }
    Lengths last = block.offset;
    for (std::size_t d = 0; d < shape.size(); ++d) last[d] += block.count[d] - 1;
    ASSERT_EQ(position(shape, last), block.end - 1);
    next = block.end;
  }
  EXPECT_EQ(next, blocks.size());
}

TEST(Blocks, FollowEachOtherInEveryShape) {
  const Lengths shapes[] = {{},         {1},        {7},       {8},       {9},       {100},         {3, 4},   {4, 2},
                            {2, 3, 17}, {17, 3, 2}, {5, 1, 9}, {1, 1, 1}, {3, 8, 3}, {2, 16, 2, 3}, {9, 9, 9}};
  for (const Lengths& shape : shapes) {
    for (const std::size_t values : Lengths{1, 2, 5, 8, 64, 10'000}) expect_tiles(shape, values);
  }
}

TEST(Blocks, AreCutAlongTheDimensionThatIsLong) {
  EXPECT_EQ(Blocks({2, 3, 1'000'000}, 8192).chunk(), (Lengths{1, 1, 8131}));
  EXPECT_EQ(Blocks({1'000'000, 2, 3}, 8192).chunk(), (Lengths{1365, 2, 3}));
  EXPECT_EQ(Blocks({100, 100, 100}, 8192).chunk(), (Lengths{1, 50, 100}));
  EXPECT_EQ(Blocks({8193}, 8192).chunk(), (Lengths{4097}));
  EXPECT_EQ(Blocks({3, 5}, 8192).chunk(), (Lengths{3, 5}));
}

}  // namespace blocks_test
}  // namespace nines::analysis
