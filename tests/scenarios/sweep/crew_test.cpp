#include "scenarios/sweep/crew.hpp"

#include <atomic>
#include <map>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace nines::scenarios {
namespace crew_test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::vector<Unit> units_of(std::uint64_t points, std::uint64_t blocks) {
  std::vector<Unit> units;
  for (std::uint64_t point = 0; point < points; ++point)
    for (std::uint64_t b = 0; b < blocks; ++b) units.push_back({.point = point, .first = b * block, .points = 1, .count = block});
  return units;
}

TEST(Queue, HandsOutEveryUnitOnce) {
  const std::vector<Unit> units = units_of(7, 5);
  Queue queue(units);
  std::vector<Unit> got;
  while (const auto unit = queue.next()) {
    got.push_back(*unit);
    if (got.size() % 3 != 0) queue.done(*unit, 0.1);
  }
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, units);
}

TEST(Queue, AfterAFirstUnitOfEachPointTheDearestPointGoesFirst) {
  Queue queue(units_of(4, 3));
  const std::vector<double> seconds{1, 5, 2, 4};
  for (int i = 0; i < 4; ++i) {
    const auto unit = queue.next();
    ASSERT_EQ(unit->first, 0u);
    queue.done(*unit, seconds[unit->point]);
  }
  EXPECT_DOUBLE_EQ(queue.seconds_left().value(), 2 * (1 + 5 + 2 + 4));
  std::vector<std::uint64_t> order;
  while (const auto unit = queue.next()) order.push_back(unit->point);
  EXPECT_EQ(order, (std::vector<std::uint64_t>{1, 1, 3, 3, 2, 2, 0, 0}));
}

TEST(Queue, AGuessPutsTheDearOnesFirst) {
  Queue queue(units_of(3, 1), [](std::uint64_t point) { return point == 1 ? 10.0 : 1.0; });
  EXPECT_EQ(queue.next()->point, 1u);
  EXPECT_EQ(queue.next()->point, 0u);
  EXPECT_EQ(queue.next()->point, 2u);
  EXPECT_FALSE(queue.next());
}

class Crew : public testing::Test {
 protected:
  void SetUp() override {
    folder = (fs::path(testing::TempDir()) / ("nines_crew_" + std::to_string(::getpid()) + '_' + testing::UnitTest::GetInstance()->current_test_info()->name()))
                 .string();
    fs::remove_all(folder);
    journal = std::make_unique<Journal>(std::move(Journal::open(folder, "main", "a sweep").value()));
  }
  void TearDown() override {
    journal.reset();
    fs::remove_all(folder);
  }
  std::string folder;
  std::unique_ptr<Journal> journal;
};

TEST_F(Crew, EveryUnitIsWorkedOnOnceAndJournalled) {
  const auto units = units_of(20, 4);
  Queue queue(units);
  std::atomic<int> calls{0};
  const auto execute = [&](const Unit& unit) {
    ++calls;
    return std::to_string(unit.point) + '/' + std::to_string(unit.first);
  };
  const Worked worked = work(queue, execute, *journal, {.jobs = 3});
  EXPECT_EQ(worked.stop, Stop::budget);
  EXPECT_EQ(worked.units, 80u);
  EXPECT_EQ(calls, 80);
  ASSERT_EQ(journal->entries().size(), 80u);
  for (const auto& entry : journal->entries())
    EXPECT_EQ(journal->payload(entry).value(), std::to_string(entry.unit.point) + '/' + std::to_string(entry.unit.first));
}

TEST_F(Crew, ABrokenUnitIsNamedAndTheOthersGoOn) {
  Queue queue(units_of(6, 2));
  const auto execute = [](const Unit& unit) -> std::string {
    if (unit.point == 3 && unit.first == block) throw std::logic_error("planted");
    return "fine";
  };
  const Worked worked = work(queue, execute, *journal, {.jobs = 2});
  EXPECT_EQ(worked.units, 11u);
  ASSERT_EQ(worked.broken.size(), 1u);
  EXPECT_EQ(worked.broken[0].unit, (Unit{.point = 3, .first = block, .points = 1, .count = block}));
  EXPECT_EQ(worked.broken[0].what, "planted");
}

TEST_F(Crew, AnInterruptionKeepsWhatIsFinishedAndDoesNotWaitForWhatIsNot) {
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
  };
  const auto gate = std::make_shared<Gate>();
  std::atomic<bool> reached{false};
  std::atomic<int> begun{0};
  Queue queue(units_of(10, 1));
  const auto execute = [gate, &reached, &begun](const Unit&) -> std::string {
    if (++begun == 5) {
      reached = true;
      std::unique_lock lock(gate->mutex);
      gate->changed.wait(lock, [&] { return gate->open; });
    }
    return "fine";
  };
  Worked worked = work(queue, execute, *journal, {.jobs = 1, .patience = 1ms, .interrupted = [&] { return reached.load(); }});
  EXPECT_EQ(worked.stop, Stop::interrupted);
  EXPECT_EQ(worked.units, 4u);
  EXPECT_EQ(journal->entries().size(), 4u);
  ASSERT_TRUE(worked.under_way);
  {
    const std::lock_guard lock(gate->mutex);
    gate->open = true;
  }
  gate->changed.notify_all();
  worked.under_way.reset();                  // Waits for the thread.
  EXPECT_EQ(journal->entries().size(), 4u);  // What came after the stop is nobody's.
}

TEST_F(Crew, WhatIsFinishedSoonAfterAnInterruptionIsKept) {
  std::atomic<bool> stop{false};
  Queue queue(units_of(10, 1));
  const auto execute = [&](const Unit&) -> std::string {
    stop = true;
    std::this_thread::sleep_for(300ms);  // The interruption is seen meanwhile.
    return "fine";
  };
  const Worked worked = work(queue, execute, *journal, {.jobs = 1, .patience = 30s, .interrupted = [&] { return stop.load(); }});
  EXPECT_EQ(worked.stop, Stop::interrupted);
  EXPECT_EQ(worked.units, 1u);
  EXPECT_EQ(journal->entries().size(), 1u);
}

TEST_F(Crew, ADeadlineEndsWork) {
  Queue queue(units_of(1000, 1));
  const auto execute = [](const Unit&) -> std::string {
    std::this_thread::sleep_for(5ms);
    return "fine";
  };
  const Worked worked = work(queue, execute, *journal, {.jobs = 2, .deadline = std::chrono::steady_clock::now() + 150ms});
  EXPECT_EQ(worked.stop, Stop::max_time);
  EXPECT_GT(worked.units, 0u);
  EXPECT_LT(worked.units, 1000u);
  EXPECT_EQ(journal->entries().size(), worked.units);
}

}  // namespace crew_test
}  // namespace nines::scenarios
