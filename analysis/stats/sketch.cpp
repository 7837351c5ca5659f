#include "analysis/stats/sketch.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <utility>

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
  if (values_.size() > capacity_) spill();
}

void Sketch::spill() {
  for (const std::int64_t value : values_) ++buckets_[bucket_of(value)];
  values_ = {};
}

std::vector<std::int64_t> Sketch::sorted() const {
  std::vector<std::int64_t> values = values_;
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<Sketch::Values> Sketch::values() const {
  std::vector<Values> all;
  for (const std::int64_t value : sorted()) {
    if (all.empty() || all.back().value.count() != value) all.push_back({Duration{value}, 0});
    ++all.back().number;
  }
  for (const auto& [bucket, number] : buckets_) all.push_back({std::clamp(Duration{middle_of(bucket)}, smallest_, largest_), number});
  return all;
}

Sketch::Ranked Sketch::ranked() const {
  Ranked ranked;
  ranked.values_ = values();
  ranked.smallest_ = smallest_;
  ranked.largest_ = largest_;
  std::uint64_t up_to = 0;
  for (Values& values : ranked.values_) values.number = up_to += values.number;
  return ranked;
}

Duration Sketch::Ranked::at(std::uint64_t rank) const {
  SIM_CHECK(rank >= 1 && !values_.empty() && rank <= values_.back().number, "a rank counts from one to the number of values");
  if (rank == 1) return smallest_;
  if (rank == values_.back().number) return largest_;
  return std::lower_bound(values_.begin(), values_.end(), rank, [](const Values& values, std::uint64_t wanted) { return values.number < wanted; })->value;
}

void Sketch::merge(const Sketch& later) {
  SIM_CHECK(capacity_ == later.capacity_, "sketches that are merged hold the same number of values");
  count_ += later.count_;
  smallest_ = std::min(smallest_, later.smallest_);
  largest_ = std::max(largest_, later.largest_);
  if (exact() && later.exact() && count_ <= capacity_) {
    values_.insert(values_.end(), later.values_.begin(), later.values_.end());
    return;
  }
  if (exact()) spill();
  for (const std::int64_t value : later.values_) ++buckets_[bucket_of(value)];
  for (const auto& [bucket, number] : later.buckets_) buckets_[bucket] += number;
}

namespace {

enum class Kind : std::uint8_t { values, buckets, unlike };

// Ascending.
void write_values(ByteWriter& out, const std::vector<std::int64_t>& values) {
  out.number(values.size());
  std::int64_t last = 0;
  for (const std::int64_t value : values) {
    out.number(static_cast<std::uint64_t>(value - last));
    last = value;
  }
}

std::vector<std::int64_t> read_values(ByteReader& in) {
  std::vector<std::int64_t> values(in.count(1));
  std::uint64_t last = 0;
  for (std::int64_t& value : values) {
    const std::uint64_t more = in.number();
    if (more > static_cast<std::uint64_t>(Duration::max().count()) - last) in.fail();
    if (!in.good()) return {};
    value = static_cast<std::int64_t>(last += more);
  }
  return values;
}

std::vector<std::int64_t> without(const std::vector<std::int64_t>& all, const std::vector<std::int64_t>& those) {
  std::vector<std::int64_t> left;
  std::set_difference(all.begin(), all.end(), those.begin(), those.end(), std::back_inserter(left));
  return left;
}

}  // namespace

void Sketch::write(ByteWriter& out, const Sketch* like) const {
  if (!exact()) {
    out.byte(static_cast<std::uint8_t>(Kind::buckets));
    out.number(static_cast<std::uint64_t>(smallest_.count()));
    out.number(static_cast<std::uint64_t>(largest_.count()));
    out.number(buckets_.size());
    std::uint32_t last = 0;
    for (const auto& [bucket, number] : buckets_) {
      out.number(bucket - last);
      out.number(number);
      last = bucket;
    }
    return;
  }
  const std::vector<std::int64_t> mine = sorted();
  if (like != nullptr && like->exact()) {
    const std::vector<std::int64_t> other = like->sorted(), more = without(mine, other), fewer = without(other, mine);
    if (more.size() + fewer.size() < mine.size()) {
      out.byte(static_cast<std::uint8_t>(Kind::unlike));
      write_values(out, more);
      write_values(out, fewer);
      return;
    }
  }
  out.byte(static_cast<std::uint8_t>(Kind::values));
  write_values(out, mine);
}

void Sketch::read(ByteReader& in, const Sketch* like) {
  *this = Sketch(capacity_);
  const std::uint8_t kind = in.byte();
  if (kind == static_cast<std::uint8_t>(Kind::buckets)) {
    smallest_ = Duration{static_cast<std::int64_t>(in.number())};
    largest_ = Duration{static_cast<std::int64_t>(in.number())};
    std::uint64_t last = 0;
    for (std::size_t left = in.count(2); left > 0 && in.good(); --left) {
      last += in.number();
      const std::uint64_t number = in.number();
      if (last > bucket_of(Duration::max().count()) || number > std::numeric_limits<std::uint64_t>::max() - count_) return in.fail();
      if (number == 0 || (!buckets_.empty() && last <= buckets_.rbegin()->first)) return in.fail();
      buckets_.emplace_hint(buckets_.end(), static_cast<std::uint32_t>(last), number);
      count_ += number;
    }
    const auto bucket = [](Duration value) { return bucket_of(value.count()); };
    if (smallest_ < Duration{0} || count_ <= capacity_ || bucket(smallest_) != buckets_.begin()->first ||
        bucket(largest_) != buckets_.rbegin()->first || smallest_ > largest_)
      in.fail();
    return;
  }
  std::vector<std::int64_t> values = read_values(in);
  if (kind == static_cast<std::uint8_t>(Kind::unlike)) {
    if (like == nullptr || !like->exact()) return in.fail();
    const std::vector<std::int64_t> fewer = read_values(in), same = without(like->sorted(), fewer);
    std::vector<std::int64_t> both;
    std::merge(values.begin(), values.end(), same.begin(), same.end(), std::back_inserter(both));
    values = std::move(both);
  } else if (kind != static_cast<std::uint8_t>(Kind::values)) {
    return in.fail();
  }
  if (values.size() > capacity_) return in.fail();
  if (values.empty()) return;
  count_ = values.size();
  smallest_ = Duration{values.front()};
  largest_ = Duration{values.back()};
  values_ = std::move(values);
}

}  // namespace nines::analysis
