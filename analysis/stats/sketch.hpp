// Durations in bounded memory: exact while they are few, then buckets of 0.1 % width. Least, largest, count and sum stay exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {

class Sketch {
 public:
  static constexpr std::size_t default_capacity = std::size_t{1} << 17;  // 1 MiB of values.
  explicit Sketch(std::size_t capacity = default_capacity) : capacity_(capacity) {}

  void add(Duration value);  // Not negative.
  std::uint64_t count() const { return count_; }
  Duration largest() const { return largest_; }
  bool exact() const { return buckets_.empty(); }  // Otherwise values are off by at most 0.05 %.

  // Values that were added to another one of the same capacity: exactly as if they had been added here.
  void merge(const Sketch& later);
  // `like`: one that holds many of the same values, and that the reader has too.
  void write(ByteWriter& out, const Sketch* like = nullptr) const;
  void read(ByteReader& in, const Sketch* like = nullptr);

  struct Values {
    Duration value{0};
    std::uint64_t number = 0;
  };
  std::vector<Values> values() const;  // Ascending; each is there once.

  // The values of ranks.
  class Ranked {
   public:
    Duration at(std::uint64_t rank) const;  // From 1 to count(), in ascending order.

   private:
    friend class Sketch;
    std::vector<Values> values_;  // `number`: how many there are up to this one.
    Duration smallest_{0}, largest_{0};
  };
  Ranked ranked() const;  // Sorts.

 private:
  std::vector<std::int64_t> sorted() const;
  void spill();

  std::size_t capacity_;
  std::uint64_t count_ = 0;
  Duration smallest_ = Duration::max();
  Duration largest_{0};
  std::vector<std::int64_t> values_;
  std::map<std::uint32_t, std::uint64_t> buckets_;
};

}  // namespace nines::analysis
