#include "sim/base/bytes.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace nines {
namespace bytes_test {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

TEST(Bytes, AreReadBackAsTheyWereWritten) {
  const std::vector<std::uint64_t> numbers{0, 1, 127, 128, 300, 16383, 16384, 1ull << 32, 1ull << 62, most >> 1, (most >> 1) + 1, most};
  ByteWriter out;
  for (const std::uint64_t number : numbers) out.number(number), out.word(number);
  out.byte(0xff);
  out.real(-0.1);
  out.real(1.5f);
  out.text("");
  out.text(std::string_view("a\0b", 3));
  ByteReader in(out.bytes());
  for (const std::uint64_t number : numbers) {
    EXPECT_EQ(in.number(), number);
    EXPECT_EQ(in.word(), number);
  }
  EXPECT_EQ(in.byte(), 0xff);
  EXPECT_EQ(in.real(), -0.1);
  EXPECT_EQ(in.short_real(), 1.5f);
  EXPECT_EQ(in.text(), "");
  EXPECT_FALSE(in.finished());
  EXPECT_EQ(in.text(), std::string_view("a\0b", 3));
  EXPECT_TRUE(in.finished());
}

TEST(Bytes, AreTheSameOnEveryMachine) {
  ByteWriter out;
  out.word(0x0102030405060708);
  out.number(300);
  out.real(1.0);
  EXPECT_EQ(out.bytes(), std::string("\x08\x07\x06\x05\x04\x03\x02\x01\xac\x02\0\0\0\0\0\0\xf0\x3f", 18));
}

TEST(Bytes, WhatIsMissingIsZeroAndSaid) {
  ByteWriter out;
  out.word(7);
  for (std::size_t length = 0; length < 8; ++length) {
    ByteReader in(std::string_view(out.bytes()).substr(0, length));
    EXPECT_EQ(in.word(), 0u);
    EXPECT_FALSE(in.good());
    EXPECT_EQ(in.byte(), 0u) << "nothing is read after a failure";
    EXPECT_FALSE(in.finished());
  }
}

TEST(Bytes, ANumberOfMoreThan64BitsIsDamage) {
  ByteReader most_there_is(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10));
  EXPECT_EQ(most_there_is.number(), most);
  EXPECT_TRUE(most_there_is.finished());
  for (const std::string_view bytes : {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x01", "\xff"}) {
    ByteReader in(bytes);
    EXPECT_EQ(in.number(), 0u);
    EXPECT_FALSE(in.good());
  }
}

// Nobody allocates for things that the bytes left cannot hold.
TEST(Bytes, ACountIsAtMostWhatIsLeft) {
  ByteWriter out;
  out.number(3);
  for (int b = 0; b < 11; ++b) out.byte(0);
  ByteReader in(out.bytes()), too_large(out.bytes());
  EXPECT_EQ(in.count(3), 3u);
  EXPECT_TRUE(in.good());
  EXPECT_EQ(too_large.count(4), 0u);
  EXPECT_FALSE(too_large.good());
  ByteWriter huge;
  huge.number(most);
  ByteReader of_huge(huge.bytes());
  EXPECT_EQ(of_huge.text(), "");
  EXPECT_FALSE(of_huge.good());
}

}  // namespace bytes_test
}  // namespace nines
