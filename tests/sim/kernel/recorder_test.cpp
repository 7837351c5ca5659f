#include "sim/kernel/recorder.hpp"

#include <gtest/gtest.h>

namespace nines::sim {
namespace recorder_test {

constexpr Instant at(Duration t) { return Instant{t}; }

TEST(TimeInState, AddsUpExactly) {
  TimeInState recorder(3, 0, at(0s));
  recorder.enter(2, at(5s));
  recorder.enter(0, at(5s) + 1ns);
  recorder.enter(0, at(7s));
  recorder.enter(1, at(10s));
  EXPECT_EQ(recorder.state(), 1u);
  EXPECT_EQ(recorder.time_in(0, at(12s)), 10s - 1ns);
  EXPECT_EQ(recorder.time_in(1, at(12s)), 2s);
  EXPECT_EQ(recorder.time_in(2, at(12s)), 1ns);
  EXPECT_EQ(recorder.total(at(12s)), 12s);
  EXPECT_DOUBLE_EQ(recorder.share_of(1, at(20s)), 0.5);
}

TEST(TimeInState, BeginsWhereItIsTold) {
  const TimeInState recorder(2, 1, at(100s));
  EXPECT_EQ(recorder.time_in(1, at(100s)), 0s);
  EXPECT_EQ(recorder.share_of(1, at(100s)), 0);
  EXPECT_EQ(recorder.total(at(130s)), 30s);
}

TEST(TimeInState, RefusesNonsense) {
  TimeInState recorder(2, 0, at(5s));
  EXPECT_THROW(recorder.enter(2, at(6s)), BrokenInvariant);
  EXPECT_THROW(recorder.enter(1, at(4s)), BrokenInvariant);
  EXPECT_THROW(TimeInState(2, 2, at(0s)), BrokenInvariant);
  EXPECT_THROW(recorder.merge(TimeInState(3, 0, at(0s))), BrokenInvariant);
}

TEST(TimeInState, Merges) {
  TimeInState one(2, 0, at(0s)), other(2, 1, at(0s));
  one.enter(0, at(3s));
  other.enter(0, at(4s));
  other.enter(0, at(9s));
  one.merge(other);
  EXPECT_EQ(one.time_in(0, at(3s)), 8s);
  EXPECT_EQ(one.time_in(1, at(3s)), 4s);
}

TEST(Counter, CountsPerYear) {
  Counter counter;
  counter.add();
  counter.add(9);
  Counter other{.count = 10};
  counter.merge(other);
  EXPECT_EQ(counter.count, 20u);
  EXPECT_EQ(counter.per_year(10 * year), 2);
}

}  // namespace recorder_test
}  // namespace nines::sim
