#include "models/workload/limiter.hpp"

#include <gtest/gtest.h>

namespace nines::workload {
namespace limiter_test {

using Kind = RequestLimitOptions::Kind;

RequestLimit limit_of(Kind kind) { return RequestLimit({.kind = kind, .window = 0s}); }

TEST(RequestLimit, OffLetsEverybodyIn) { EXPECT_TRUE(limit_of(Kind::off).accepts(1'000'000)); }

TEST(RequestLimit, AFixedOneLetsTwentyIn) {
  RequestLimit limit = limit_of(Kind::fixed);
  EXPECT_TRUE(limit.accepts(19));
  EXPECT_FALSE(limit.accepts(20));
  limit.answered(Instant{}, 10s, 20);
  EXPECT_EQ(limit.limit(), 20);
}

TEST(RequestLimit, AimdGrowsByOneAndShrinksByATenth) {
  RequestLimit limit = limit_of(Kind::aimd);
  EXPECT_EQ(limit.limit(), 100);
  limit.answered(Instant{}, 199ms, 100);
  EXPECT_EQ(limit.limit(), 101);
  limit.answered(Instant{}, 201ms, 101);
  EXPECT_EQ(limit.limit(), 90);  // 90.9, and requests are whole.
}

TEST(RequestLimit, AimdDoesNotGrowWhereItIsNotUsed) {
  RequestLimit limit = limit_of(Kind::aimd);
  limit.answered(Instant{}, 1ms, 49);
  EXPECT_EQ(limit.limit(), 100);
  limit.answered(Instant{}, 1ms, 50);
  EXPECT_EQ(limit.limit(), 101);
}

TEST(RequestLimit, AimdStaysBetweenOneAndAThousand) {
  RequestLimit limit = limit_of(Kind::aimd);
  for (int i = 0; i < 2000; ++i) limit.answered(Instant{}, 1ms, 1000);
  EXPECT_EQ(limit.limit(), 1000);
  for (int i = 0; i < 2000; ++i) limit.answered(Instant{}, 1s, 1000);
  EXPECT_EQ(limit.limit(), 1);
  EXPECT_TRUE(limit.accepts(0));
}

TEST(RequestLimit, VegasGrowsWhileNobodyQueuesAndShrinksWhenTooManyDo) {
  RequestLimit limit = limit_of(Kind::vegas);
  EXPECT_EQ(limit.limit(), 20);
  limit.answered(Instant{}, 10ms, 20);  // The least time so far: nobody waits.
  EXPECT_EQ(limit.limit(), 21);
  limit.answered(Instant{}, 12ms, 21);  // 21 (1 - 10/12) = 3.5, rounded up to 4: between alpha and beta.
  EXPECT_EQ(limit.limit(), 21);
  limit.answered(Instant{}, 20ms, 21);  // Half of them wait.
  EXPECT_EQ(limit.limit(), 20);
}

TEST(RequestLimit, LearnsFromTheMeanOfASecond) {
  RequestLimit limit({.kind = Kind::aimd});
  for (int i = 0; i < 10; ++i) limit.answered(Instant{}, 100ms, 60);  // Ten answers close the first window.
  EXPECT_EQ(limit.limit(), 101);
  for (int i = 0; i < 20; ++i) limit.answered(Instant{i * 40ms}, i % 2 == 0 ? 300ms : 150ms, 101);
  EXPECT_EQ(limit.limit(), 101);
  limit.answered(Instant{1s}, 200ms, 101);  // 224 ms on average.
  EXPECT_EQ(limit.limit(), 90);
}

TEST(WriteLimit, ABucketFillsAtItsRate) {
  WriteLimit limit({.per_s = 100});
  int written = 0;
  for (Instant now{}; now < Instant{10s}; now += 1ms) {
    if (!limit.accepts(now)) continue;
    limit.written(1);
    ++written;
  }
  EXPECT_NEAR(written, 1000, 12);
}

TEST(WriteLimit, WhatTheBrokerWritesItselfIsPaidForLater) {
  WriteLimit limit({.per_s = 100});
  EXPECT_TRUE(limit.accepts(Instant{}));
  limit.written(50);
  EXPECT_FALSE(limit.accepts(Instant{490ms}));
  EXPECT_TRUE(limit.accepts(Instant{510ms}));
}

// docs.camunda.io, "Configure flow control": ratio = acceptable backlog / backlog; from 2 on no throttling, below it ratio x rate of exporting.
TEST(WriteLimit, ThrottlesByTheBacklogOfExporters) {
  WriteLimit limit({.throttling = true});
  EXPECT_TRUE(limit.on());
  limit.measured(50'000, 15'000);
  EXPECT_EQ(limit.per_s(), 0);  // Ratio 2: no limit.
  limit.measured(80'000, 15'000);
  EXPECT_DOUBLE_EQ(limit.per_s(), 1250);  // 100,000/80,000 x 1,000 a second.
  limit.measured(400'000, 15'000);
  EXPECT_DOUBLE_EQ(limit.per_s(), 250);
  limit.measured(400'000, 0);
  EXPECT_DOUBLE_EQ(limit.per_s(), 100);  // The least.
  limit.measured(10, 0);
  EXPECT_EQ(limit.per_s(), 0);
}

TEST(WriteLimit, ThrottlingNeverExceedsTheLimit) {
  WriteLimit limit({.per_s = 500, .throttling = true});
  limit.measured(80'000, 15'000);
  EXPECT_DOUBLE_EQ(limit.per_s(), 500);
  limit.measured(0, 15'000);
  EXPECT_DOUBLE_EQ(limit.per_s(), 500);
}

}  // namespace limiter_test
}  // namespace nines::workload
