// How an array of a fixed shape is cut into chunks that fill one after the other when its values come in row-major order, the last
// dimension fastest: a chunk is some consecutive rows of one dimension, with all of those behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nines::analysis {

class Blocks {
 public:
  // Of at most `values` values each, of as equal size as the shape allows. No length is 0.
  Blocks(std::vector<std::size_t> shape, std::size_t values);

  struct Block {
    std::uint64_t begin = 0, end = 0;        // Positions in row-major order.
    std::vector<std::size_t> offset, count;  // The same in coordinates.
  };
  Block at(std::uint64_t position) const;

  const std::vector<std::size_t>& shape() const { return shape_; }
  std::vector<std::size_t> chunk() const;              // By dimension; empty when there are none.
  std::size_t most() const { return rows_ * inner_; }  // Values of the largest block.
  std::uint64_t size() const { return size_; }

 private:
  std::vector<std::size_t> shape_;
  std::size_t axis_ = 0;   // Cut along this dimension.
  std::size_t rows_ = 1;   // Into this many rows.
  std::size_t inner_ = 1;  // Of this many values.
  std::uint64_t size_ = 1;
};

}  // namespace nines::analysis
