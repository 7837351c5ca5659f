#include "scenarios/run/memo.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace memo_test {

struct Square {
  int value = 0;
  std::size_t bytes() const { return 100; }
};

int square(Memo<Square>& memo, int of, std::atomic<int>& made) {
  return memo
      .get(std::to_string(of),
           [&] {
             ++made;
             return std::make_shared<const Square>(Square{of * of});
           })
      ->value;
}

TEST(Memo, ThreadsThatAskForOneThingTogetherHaveItMadeOnce) {
  Memo<Square> memo(10'000);
  std::atomic<int> made = 0, wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) wrong += square(memo, i % 20, made) == (i % 20) * (i % 20) ? 0 : 1;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(made, 20);
  EXPECT_EQ(memo.made(), 20u);
  EXPECT_EQ(memo.asked(), 800u);
}

TEST(Memo, ForgetsWhatWasNotAskedForTheLongest) {
  Memo<Square> memo(310);  // Three of them.
  std::atomic<int> made = 0;
  for (const int i : {1, 2, 3, 1, 4}) square(memo, i, made);
  EXPECT_EQ(made, 4);
  for (const int i : {1, 3, 4}) square(memo, i, made);
  EXPECT_EQ(made, 4);
  square(memo, 2, made);
  EXPECT_EQ(made, 5);
}

TEST(Memo, WhatFailsFailsForAllWhoWaitAndIsTriedAgain) {
  Memo<Square> memo(1000);
  std::atomic<int> made = 0;
  EXPECT_THROW(memo.get("5", []() -> std::shared_ptr<const Square> { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_EQ(square(memo, 5, made), 25);
}

}  // namespace memo_test
}  // namespace nines::scenarios
