// Values as bytes that another process reads back: little-endian, whole numbers in as few bytes as they need. A reader is given any bytes at all,
// also damaged ones: it never reads beyond them, and once it has failed it gives zeroes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace nines {

class ByteWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void word(std::uint64_t value) { fixed(value, 8); }
  void real(double value) { fixed(std::bit_cast<std::uint64_t>(value), 8); }
  void real(float value) { fixed(std::bit_cast<std::uint32_t>(value), 4); }
  // Seven bits a byte, lowest first: one byte below 128, ten at most.
  void number(std::uint64_t value) {
    for (; value >= 128; value >>= 7) byte(static_cast<std::uint8_t>(value | 128));
    byte(static_cast<std::uint8_t>(value));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
  }
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::exchange(bytes_, {}); }

 private:
  void fixed(std::uint64_t value, int bytes) {
    for (; bytes > 0; --bytes, value >>= 8) byte(static_cast<std::uint8_t>(value));
  }

  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  std::uint8_t byte() { return static_cast<std::uint8_t>(fixed(1)); }
  std::uint64_t word() { return fixed(8); }
  double real() { return std::bit_cast<double>(fixed(8)); }
  float short_real() { return std::bit_cast<float>(static_cast<std::uint32_t>(fixed(4))); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint64_t next = byte();
      if (shift == 63 && next > 1) break;  // More than 64 bits.
      value |= (next & 127) << shift;
      if (next < 128) return value;
    }
    fail();
    return 0;
  }
  // How many things follow, each of at least `bytes_each`. What the bytes that are left cannot hold is damage: nobody allocates for it.
  std::size_t count(std::size_t bytes_each) {
    const std::uint64_t value = number();
    if (value > left_.size() / bytes_each) fail();
    return good_ ? static_cast<std::size_t>(value) : 0;
  }
  // As long as the bytes that were given.
  std::string_view text() {
    const std::string_view value = left_.substr(0, count(1));
    left_.remove_prefix(value.size());
    return value;
  }

  void fail() {
    good_ = false;
    left_ = {};
  }
  bool good() const { return good_; }
  bool finished() const { return good_ && left_.empty(); }  // Everything was read, and nothing is left over.

 private:
  std::uint64_t fixed(std::size_t bytes) {
    if (left_.size() < bytes) {
      fail();
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t b = bytes; b > 0; --b) value = value << 8 | static_cast<std::uint8_t>(left_[b - 1]);
    left_.remove_prefix(bytes);
    return value;
  }

  std::string_view left_;
  bool good_ = true;
};

}  // namespace nines
