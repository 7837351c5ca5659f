#include "analysis/stats/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace nines::analysis {
namespace {

constexpr int below_one = 128;     // Bits.
constexpr double limit = 0x1p126;  // Sums of such have room for their sign.

}  // namespace

void ExactSum::add(std::array<std::uint64_t, 2> part, std::size_t at) {
  std::uint64_t carry = 0;
  for (std::size_t w = at; w < words_.size() && (w < at + 2 || carry > 0); ++w) {
    const auto sum = static_cast<unsigned __int128>(words_[w]) + (w < at + 2 ? part[w - at] : 0) + carry;
    words_[w] = static_cast<std::uint64_t>(sum);
    carry = static_cast<std::uint64_t>(sum >> 64);
  }
}

void ExactSum::subtract(std::array<std::uint64_t, 2> part, std::size_t at) {
  std::uint64_t borrow = 0;
  for (std::size_t w = at; w < words_.size() && (w < at + 2 || borrow > 0); ++w) {
    const auto difference = static_cast<unsigned __int128>(words_[w]) - (w < at + 2 ? part[w - at] : 0) - borrow;
    words_[w] = static_cast<std::uint64_t>(difference);
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  }
}

void ExactSum::add(double value) {
  if (!(std::abs(value) < limit)) {
    infinite_ = true;
    return;
  }
  const auto bits = std::bit_cast<std::uint64_t>(value);
  constexpr std::uint64_t hidden = std::uint64_t{1} << 52;
  auto exponent = static_cast<int>(bits >> 52 & 0x7ff);
  std::uint64_t mantissa = bits & (hidden - 1);
  if (exponent > 0)
    mantissa |= hidden;
  else
    exponent = 1;
  int shift = exponent - 1075 + below_one;
  if (shift < 0) {
    if (shift < -52) return;
    mantissa >>= -shift;
    shift = 0;
  }
  const auto at = static_cast<std::size_t>(shift / 64);
  const int bit = shift % 64;
  const std::array<std::uint64_t, 2> part{mantissa << bit, bit > 0 ? mantissa >> (64 - bit) : 0};
  if (std::signbit(value))
    subtract(part, at);
  else
    add(part, at);
}

void ExactSum::merge(const ExactSum& later) {
  std::uint64_t carry = 0;
  for (std::size_t w = 0; w < words_.size(); ++w) {
    const auto sum = static_cast<unsigned __int128>(words_[w]) + later.words_[w] + carry;
    words_[w] = static_cast<std::uint64_t>(sum);
    carry = static_cast<std::uint64_t>(sum >> 64);
  }
  infinite_ = infinite_ || later.infinite_;
}

double ExactSum::value() const {
  if (infinite_) return std::numeric_limits<double>::infinity();
  const bool negative = words_.back() >> 63 != 0;
  std::array<std::uint64_t, 4> words = words_;
  if (negative) {
    std::uint64_t carry = 1;
    for (std::uint64_t& word : words) {
      word = ~word + carry;
      carry = carry > 0 && word == 0 ? 1 : 0;
    }
  }
  std::size_t top = words.size() - 1;
  while (top > 0 && words[top] == 0) --top;
  if (words[top] == 0) return 0;
  const int lead = std::countl_zero(words[top]);
  std::uint64_t first = words[top] << lead;
  bool more = false;  // Than the first 64 bits: it decides where they lie half-way between two doubles.
  if (top > 0) {
    if (lead > 0) first |= words[top - 1] >> (64 - lead);
    more = words[top - 1] << lead != 0;
    for (std::size_t w = 0; w + 1 < top; ++w) more = more || words[w] != 0;
  }
  const double magnitude = std::ldexp(static_cast<double>(first | (more ? 1 : 0)), 64 * static_cast<int>(top) - lead - below_one);
  return negative ? -magnitude : magnitude;
}

double ExactSum::rest() const {
  ExactSum left = *this;
  left.add(-value());
  return left.value();
}

// Bytes of a fraction are mostly zero at its low end, those of a whole number at its high end.
void ExactSum::write(ByteWriter& out) const {
  std::uint8_t which = infinite_ ? 16 : 0;
  for (std::size_t w = 0; w < words_.size(); ++w)
    if (words_[w] != 0) which = static_cast<std::uint8_t>(which | 1 << w);
  out.byte(which);
  for (std::size_t w = 0; w < words_.size(); ++w)
    if (words_[w] != 0) out.number(w < 2 ? __builtin_bswap64(words_[w]) : words_[w]);
}

void ExactSum::read(ByteReader& in) {
  const std::uint8_t which = in.byte();
  if (which >= 32) in.fail();
  for (std::size_t w = 0; w < words_.size(); ++w) {
    words_[w] = (which >> w & 1) != 0 ? in.number() : 0;
    if (w < 2) words_[w] = __builtin_bswap64(words_[w]);
  }
  infinite_ = (which & 16) != 0;
}

void Weights::add(double weight) {
  sum_.add(weight);
  squares_.add(weight * weight);
  largest_ = std::max(largest_, weight);
  ++events_;
}

void Weights::merge(const Weights& later) {
  sum_.merge(later.sum_);
  squares_.merge(later.squares_);
  largest_ = std::max(largest_, later.largest_);
  events_ += later.events_;
}

void Weights::write(ByteWriter& out) const {
  out.number(events_);
  if (events_ == 0) return;
  sum_.write(out);
  squares_.write(out);
  out.real(largest_);
}

void Weights::read(ByteReader& in) {
  *this = {};
  events_ = in.number();
  if (events_ == 0) return;
  sum_.read(in);
  squares_.read(in);
  largest_ = in.real();
  if (!(largest_ >= 0)) in.fail();
}

void Spread::add(double value) {
  ++number_;
  sum_.add(value);
  // The square in two parts, without rounding: the deviations may be small beside the mean.
  const double square = value * value;
  squares_.add(square);
  if (std::isfinite(square)) squares_.add(std::fma(value, value, -square));
}

void Spread::merge(const Spread& later) {
  number_ += later.number_;
  sum_.merge(later.sum_);
  squares_.merge(later.squares_);
}

// The sum of squares less the square of the sum over n, in twice the digits of a double: nearly all of them may cancel.
double Spread::squares() const {
  if (number_ == 0) return 0;
  const double n = static_cast<double>(number_);
  const double sum = sum_.value(), product = sum * sum;
  const double off = std::fma(sum, sum, -product) + 2 * sum * sum_.rest();
  const double part = product / n, part_off = (std::fma(-part, n, product) + off) / n;
  return std::max(0.0, (squares_.value() - part) + (squares_.rest() - part_off));
}

void Spread::write(ByteWriter& out) const {
  out.number(number_);
  sum_.write(out);
  squares_.write(out);
}

void Spread::read(ByteReader& in) {
  number_ = in.number();
  sum_.read(in);
  squares_.read(in);
}

}  // namespace nines::analysis
