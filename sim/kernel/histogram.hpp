// A histogram of durations with buckets that grow with the value, so that microseconds and days fit into one: every quantile is right
// within 1/256 of itself. The layout is that of HdrHistogram (Tene, hdrhistogram.org): a power of two, cut into equal parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/time.hpp"

namespace nines::sim {

// A value. Merging histograms gives the histogram of all their values, in any order of merging. Allocates when a value is larger than
// every value before it.
class Histogram {
 public:
  void add(Duration value, std::uint64_t times = 1);  // value >= 0.
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  Duration min() const { return min_; }         // Exact; 0 when empty.
  Duration max() const { return max_; }         // Exact; 0 when empty.
  double mean_s() const;                        // Of the exact values. Seconds; 0 when empty.
  Duration quantile(double probability) const;  // The least bucket that holds this share of the values; 0 when empty.

  // Calls visit(low, high, count) for every bucket that holds something; values lie in [low, high).
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      if (buckets_[i] != 0) visit(low_of(i), low_of(i + 1), buckets_[i]);
    }
  }

  bool operator==(const Histogram&) const = default;

 private:
  static constexpr int bits = 7;  // 128 buckets to a power of two: half a bucket is 1/256 of the value.
  static std::size_t bucket_of(std::uint64_t value);
  static Duration low_of(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  Duration min_{0};
  Duration max_{0};
  // The sum of all values, as high * 2^64 + low: nanoseconds of many long outages overflow 64 bits.
  std::uint64_t sum_low_ = 0;
  std::uint64_t sum_high_ = 0;
};

}  // namespace nines::sim
