// Durations in bounded memory: exact while they are few, then buckets of 0.1 % width. Least, largest, count and sum stay exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "sim/base/time.hpp"

namespace nines::analysis {

class Sketch {
 public:
  static constexpr std::size_t default_capacity = std::size_t{1} << 17;  // 1 MiB of values.
  explicit Sketch(std::size_t capacity = default_capacity) : capacity_(capacity) {}

  void add(Duration value);  // Not negative.
  std::uint64_t count() const { return count_; }
  Duration largest() const { return largest_; }
  bool exact() const { return buckets_.empty(); }  // Otherwise at() is off by at most 0.05 %.
  Duration at(std::uint64_t rank) const;           // The value of this rank, from 1 to count(), in ascending order.

  struct Values {
    Duration value{0};
    std::uint64_t number = 0;
  };
  std::vector<Values> values() const;  // As exact as at(); not sorted.

 private:
  void spill();

  std::size_t capacity_;
  std::uint64_t count_ = 0;
  Duration smallest_ = Duration::max();
  Duration largest_{0};
  mutable std::vector<std::int64_t> values_;  // Sorted when somebody asks.
  mutable bool sorted_ = true;
  std::map<std::uint32_t, std::uint64_t> buckets_;
};

}  // namespace nines::analysis
