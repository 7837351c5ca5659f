#include "sim/kernel/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sim/base/check.hpp"

namespace nines::sim {

// Values below 2^bits have a bucket each; above, the leading bits + 1 bits of the value name the bucket.
std::size_t Histogram::bucket_of(std::uint64_t value) {
  if (value < (1u << bits)) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - bits - 1;
  return (static_cast<std::size_t>(shift) << bits) + static_cast<std::size_t>(value >> shift);
}

Duration Histogram::low_of(std::size_t bucket) {
  const std::size_t row = bucket >> bits;
  if (row == 0) return Duration{static_cast<std::int64_t>(bucket)};
  const std::uint64_t leading = (bucket & ((1u << bits) - 1)) + (1u << bits);
  return Duration{static_cast<std::int64_t>(std::min<std::uint64_t>(leading << (row - 1), INT64_MAX))};
}

void Histogram::add(Duration value, std::uint64_t times) {
  SIM_CHECK(value >= Duration{0}, "a histogram holds durations, and this one is negative");
  if (times == 0) return;
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value.count()));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  buckets_[bucket] += times;
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  count_ += times;
  const auto sum =
      (static_cast<unsigned __int128>(sum_high_) << 64 | sum_low_) + static_cast<unsigned __int128>(static_cast<std::uint64_t>(value.count())) * times;
  sum_low_ = static_cast<std::uint64_t>(sum);
  sum_high_ = static_cast<std::uint64_t>(sum >> 64);
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  if (buckets_.size() < other.buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  count_ += other.count_;
  const auto sum = (static_cast<unsigned __int128>(sum_high_) << 64 | sum_low_) + (static_cast<unsigned __int128>(other.sum_high_) << 64 | other.sum_low_);
  sum_low_ = static_cast<std::uint64_t>(sum);
  sum_high_ = static_cast<std::uint64_t>(sum >> 64);
}

double Histogram::mean_s() const {
  if (count_ == 0) return 0;
  return (static_cast<double>(sum_high_) * 0x1.0p64 + static_cast<double>(sum_low_)) / static_cast<double>(count_) * 1e-9;
}

Duration Histogram::quantile(double probability) const {
  if (count_ == 0) return Duration{0};
  const double wanted = std::ceil(std::clamp(probability, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) {
      const Duration low = low_of(i);
      return std::clamp(low + (low_of(i + 1) - low) / 2, min_, max_);  // The middle of the bucket.
    }
  }
  return max_;
}

}  // namespace nines::sim
