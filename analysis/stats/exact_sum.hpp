// Sums that do not depend on their order. What is added is added exactly and rounded once, when somebody asks: so replications that were summed up
// in parts, in whatever parts, give the same bits as replications that were summed up in a row.
#pragma once

#include <array>
#include <cstdint>

#include "analysis/stats/interval.hpp"
#include "sim/base/bytes.hpp"

namespace nines::analysis {

// A whole multiple of 2^-128 below 2^127. What lies between two multiples is cut off, from each number by itself; what is not below 2^126 is infinite,
// and so is the sum.
class ExactSum {
 public:
  void add(double value);
  void merge(const ExactSum& later);
  double value() const;  // To the nearest double.
  double rest() const;   // What value() is off by: the two together have more than 100 bits.
  bool operator==(const ExactSum&) const = default;

  void write(ByteWriter& out) const;
  void read(ByteReader& in);

 private:
  void add(std::array<std::uint64_t, 2> part, std::size_t at);
  void subtract(std::array<std::uint64_t, 2> part, std::size_t at);

  std::array<std::uint64_t, 4> words_{};  // Lowest first; two's complement.
  bool infinite_ = false;
};

// A WeightedSum in the making.
class Weights {
 public:
  void add(double weight);
  void merge(const Weights& later);
  WeightedSum total() const { return {sum_.value(), squares_.value(), largest_, events_}; }
  std::uint64_t events() const { return events_; }
  double largest() const { return largest_; }

  void write(ByteWriter& out) const;
  void read(ByteReader& in);

 private:
  ExactSum sum_, squares_;
  double largest_ = 0;
  std::uint64_t events_ = 0;
};

// Mean and spread of numbers, one a replication.
class Spread {
 public:
  void add(double value);
  void merge(const Spread& later);
  std::uint64_t number() const { return number_; }
  double mean() const { return sum_.value() / static_cast<double>(number_); }
  double squares() const;  // Of the deviations from the mean, summed.

  void write(ByteWriter& out) const;
  void read(ByteReader& in);

 private:
  std::uint64_t number_ = 0;
  ExactSum sum_, squares_;
};

}  // namespace nines::analysis
