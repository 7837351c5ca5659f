#include "analysis/stats/sketch.hpp"

#include <algorithm>
#include <bit>

#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr int mantissa_bits = 10;  // 1,024 buckets to a factor of two.

// Values below 2,048 ns have a bucket of their own; above, the leading 11 bits name it.
std::uint32_t bucket_of(std::int64_t value) {
  const auto v = static_cast<std::uint64_t>(value);
  const int width = static_cast<int>(std::bit_width(v));
  if (width <= mantissa_bits + 1) return static_cast<std::uint32_t>(v);
  const int shift = width - mantissa_bits - 1;
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(shift) << mantissa_bits) + (v >> shift));
}

std::int64_t middle_of(std::uint32_t bucket) {
  if (bucket < (2u << mantissa_bits)) return bucket;
  const std::uint32_t shift = (bucket >> mantissa_bits) - 1;
  const std::uint64_t leading = bucket - (std::uint64_t{shift} << mantissa_bits);
  return static_cast<std::int64_t>((leading << shift) + (std::uint64_t{1} << (shift - 1)));
}

}  // namespace

void Sketch::add(Duration value) {
  SIM_CHECK(value >= Duration{0}, "a duration is not negative");
  ++count_;
  smallest_ = std::min(smallest_, value);
  largest_ = std::max(largest_, value);
  if (!buckets_.empty()) {
    ++buckets_[bucket_of(value.count())];
    return;
  }
  values_.push_back(value.count());
  sorted_ = false;
  if (values_.size() > capacity_) spill();
}

void Sketch::spill() {
  for (const std::int64_t value : values_) ++buckets_[bucket_of(value)];
  values_ = {};
}

std::vector<Sketch::Values> Sketch::values() const {
  std::vector<Values> all;
  all.reserve(values_.size() + buckets_.size());
  for (const std::int64_t value : values_) all.push_back({Duration{value}, 1});
  for (const auto& [bucket, number] : buckets_) all.push_back({std::clamp(Duration{middle_of(bucket)}, smallest_, largest_), number});
  return all;
}

Duration Sketch::at(std::uint64_t rank) const {
  SIM_CHECK(rank >= 1 && rank <= count_, "a rank counts from one to the number of values");
  if (rank == 1) return smallest_;
  if (rank == count_) return largest_;
  if (buckets_.empty()) {
    if (!sorted_) std::sort(values_.begin(), values_.end());
    sorted_ = true;
    return Duration{values_[static_cast<std::size_t>(rank - 1)]};
  }
  std::uint64_t below = 0;
  for (const auto& [bucket, number] : buckets_) {
    below += number;
    if (below >= rank) return std::clamp(Duration{middle_of(bucket)}, smallest_, largest_);
  }
  return largest_;
}

}  // namespace nines::analysis
