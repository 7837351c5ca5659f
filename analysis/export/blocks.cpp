#include "analysis/export/blocks.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/check.hpp"

namespace nines::analysis {

Blocks::Blocks(std::vector<std::size_t> shape, std::size_t values) : shape_(std::move(shape)) {
  for (const std::size_t length : shape_) {
    SIM_CHECK(length > 0, "an array that is filled has no empty dimension");
    size_ *= length;
  }
  if (shape_.empty()) return;
  axis_ = shape_.size() - 1;
  while (axis_ > 0 && inner_ * shape_[axis_] <= values) inner_ *= shape_[axis_--];
  // As few cuts as will do, and equal pieces: 8,193 rows are no 8,192 and one.
  const std::size_t most = std::clamp<std::size_t>(values / inner_, 1, shape_[axis_]);
  const std::size_t cuts = (shape_[axis_] + most - 1) / most;
  rows_ = (shape_[axis_] + cuts - 1) / cuts;
}

std::vector<std::size_t> Blocks::chunk() const {
  std::vector<std::size_t> lengths(shape_.size(), 1);
  for (std::size_t d = axis_; d < shape_.size(); ++d) lengths[d] = d == axis_ ? rows_ : shape_[d];
  return lengths;
}

Blocks::Block Blocks::at(std::uint64_t position) const {
  if (shape_.empty()) return {.begin = 0, .end = 1, .offset = {}, .count = {}};
  const std::uint64_t whole = static_cast<std::uint64_t>(shape_[axis_]) * inner_;
  const std::uint64_t outer = position / whole;
  const auto row = static_cast<std::size_t>(position % whole / inner_) / rows_ * rows_;
  const std::size_t rows = std::min(rows_, shape_[axis_] - row);
  Block block;
  block.begin = outer * whole + static_cast<std::uint64_t>(row) * inner_;
  block.end = block.begin + static_cast<std::uint64_t>(rows) * inner_;
  block.offset.assign(shape_.size(), 0);
  block.count = chunk();
  block.count[axis_] = rows;
  block.offset[axis_] = row;
  std::uint64_t rest = outer;
  for (std::size_t d = axis_; d-- > 0; rest /= shape_[d]) block.offset[d] = static_cast<std::size_t>(rest % shape_[d]);
  return block;
}

}  // namespace nines::analysis
