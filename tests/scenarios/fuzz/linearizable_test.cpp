// Histories of registers with known verdicts (after Herlihy and Wing 1990, and Lowe 2017).
#include <gtest/gtest.h>

#include "scenarios/fuzz/linearizable.hpp"

namespace nines::fuzz {
namespace linearizable_test {

Operation write(std::uint64_t value, Duration called, Duration returned) {
  return {Operation::Kind::write, 0, value, Instant{} + called, Instant{} + returned};
}
Operation read(std::uint64_t value, Duration called, Duration returned) {
  return {Operation::Kind::read, 0, value, Instant{} + called, Instant{} + returned};
}
Operation lost_write(std::uint64_t value, Duration called) { return {Operation::Kind::write, 0, value, Instant{} + called, never}; }

Verdict verdict(const std::vector<Operation>& history) {
  std::string what;
  return check_registers(history, 100'000, what);
}

TEST(Linearizable, ARegisterStartsEmpty) {
  EXPECT_EQ(verdict({}), Verdict::linearizable);
  EXPECT_EQ(verdict({read(0, 1s, 2s)}), Verdict::linearizable);
  EXPECT_EQ(verdict({read(1, 1s, 2s)}), Verdict::broken);
}

TEST(Linearizable, AReadAfterAWriteSeesIt) {
  EXPECT_EQ(verdict({write(1, 1s, 2s), read(1, 3s, 4s)}), Verdict::linearizable);
  EXPECT_EQ(verdict({write(1, 1s, 2s), read(0, 3s, 4s)}), Verdict::broken);
}

TEST(Linearizable, AConcurrentReadMaySeeEither) {
  EXPECT_EQ(verdict({write(1, 1s, 4s), read(0, 2s, 3s)}), Verdict::linearizable);
  EXPECT_EQ(verdict({write(1, 1s, 4s), read(1, 2s, 3s)}), Verdict::linearizable);
  EXPECT_EQ(verdict({write(1, 1s, 9s), read(1, 2s, 3s), read(0, 4s, 5s)}), Verdict::broken) << "what was seen once stays";
}

TEST(Linearizable, AnAnswerIsConcurrentToACallOfTheSameInstant) { EXPECT_EQ(verdict({write(1, 1s, 2s), read(0, 2s, 3s)}), Verdict::linearizable); }

TEST(Linearizable, AWriteWithoutAnAnswerMayHappenLateOrNever) {
  EXPECT_EQ(verdict({lost_write(1, 1s), read(0, 2s, 3s), read(1, 8s, 9s)}), Verdict::linearizable);
  EXPECT_EQ(verdict({lost_write(1, 1s), read(0, 2s, 3s)}), Verdict::linearizable);
  EXPECT_EQ(verdict({lost_write(1, 5s), read(1, 2s, 3s)}), Verdict::broken) << "not before it was called";
  EXPECT_EQ(verdict({lost_write(1, 1s), write(2, 2s, 3s), read(1, 4s, 5s), read(2, 6s, 7s), read(1, 8s, 9s)}), Verdict::broken) << "only once";
}

TEST(Linearizable, ReadersAgreeOnTheOrderOfConcurrentWrites) {
  EXPECT_EQ(verdict({write(1, 1s, 9s), write(2, 1s, 9s), read(1, 2s, 3s), read(2, 4s, 5s)}), Verdict::linearizable);
  EXPECT_EQ(verdict({write(1, 1s, 9s), write(2, 1s, 9s), read(1, 2s, 3s), read(2, 4s, 5s), read(1, 6s, 7s)}), Verdict::broken);
}

TEST(Linearizable, RegistersAreJudgedOneByOne) {
  Operation other = read(7, 3s, 4s);
  other.which_register = 1;
  std::string what;
  const std::vector<Operation> history{write(1, 1s, 2s), other};
  EXPECT_EQ(check_registers(history, 1000, what), Verdict::broken);
  EXPECT_NE(what.find("register 1"), std::string::npos) << what;
}

TEST(Linearizable, WhatIsTooWideIsLeftUndecided) {
  std::vector<Operation> history;
  for (std::uint64_t i = 1; i <= 20; ++i) history.push_back(write(i, 1s, 100s));
  history.push_back(read(99, 50s, 60s));  // Nobody wrote it: every order must be tried.
  std::string what;
  EXPECT_EQ(check_registers(history, 1000, what), Verdict::undecided);
}

// A long history of one client at a time is decided in one pass.
TEST(Linearizable, ALongCalmHistoryIsCheap) {
  std::vector<Operation> history;
  for (std::uint64_t i = 1; i <= 5000; ++i) {
    history.push_back(write(i, 10s * i, 10s * i + 1s));
    history.push_back(read(i, 10s * i + 2s, 10s * i + 3s));
  }
  std::string what;
  EXPECT_EQ(check_registers(history, 20'000, what), Verdict::linearizable);
}

}  // namespace linearizable_test
}  // namespace nines::fuzz
