// A failure source of one's own beside the catalogue's.
#include "models/failure/beside.hpp"

#include <gtest/gtest.h>

#include "models/world/simulate.hpp"
#include "tests/support/worlds.hpp"

namespace nines::failure {
namespace beside_test {

using testing_worlds::at;

struct Scripted {
  std::vector<Change> changes;
  std::size_t told = 0;
  Change next(Instant) { return told < changes.size() ? changes[told++] : Change{}; }
};
static_assert(FailureSource<Scripted> && FailureSource<Beside<Timeline, Scripted>>);

Change change(Duration when, std::uint32_t node, Stage stage, std::uint16_t mode = world::no_mode) {
  return {at(when), {Scope::node, node, 0}, Effect::stop, stage, mode, 0ns, 0};
}

// A node an hour down four times a year, three of them.
world::Options failing() {
  world::Options options = testing_worlds::cluster(3, 3, 2, 3, testing_worlds::zeebe());
  options.modes = {testing_worlds::exponential_mode("node-loss", Scope::node, Effect::stop, year / 4, 1h)};
  options.horizon = year / 4;
  return options;
}

TEST(Beside, TellsBothStoriesInOrderOfTime) {
  Scripted first{{change(1s, 0, Stage::begin), change(4s, 0, Stage::end)}}, second{{change(1s, 1, Stage::begin), change(3s, 1, Stage::end)}};
  Beside both(first, second);
  std::vector<std::pair<std::int64_t, std::uint32_t>> told;
  for (Change next = both.next(Instant{}); next.at != never; next = both.next(next.at))
    told.emplace_back(count_ns(next.at) / 1'000'000'000, next.element.a);
  EXPECT_EQ(told, (std::vector<std::pair<std::int64_t, std::uint32_t>>{{1, 0}, {1, 1}, {3, 1}, {4, 0}}));
  EXPECT_EQ(both.begun(), 1u);
  EXPECT_EQ(both.next(at(4s)).at, never);
}

TEST(Beside, ASourceThatTellsNothingChangesNothing) {
  const auto plan = std::make_shared<const world::Plan>(failing());
  const world::Record alone = world::simulate(plan, 7, 3), beside = world::simulate(plan, 7, 3, Scripted{});
  EXPECT_EQ(beside.history, alone.history);
  EXPECT_EQ(beside.trace, alone.trace);
  EXPECT_EQ(beside.faults, alone.faults);
  EXPECT_GT(alone.faults, 0u);
}

TEST(Beside, ASourceThatTellsAScriptDoesWhatTheScriptDoes) {
  world::Options options = failing();
  const auto plain = std::make_shared<const world::Plan>(options);
  options.script = {testing_worlds::scripted(30h, "stop", {"n0"}, 2h), testing_worlds::scripted(31h, "stop", {"n1"}, 2h)};
  const world::Record scripted = world::simulate(options, 7, 3);
  const world::Record told = world::simulate(
      plain, 7, 3, Scripted{{change(30h, 0, Stage::begin, 1), change(31h, 1, Stage::begin, 2), change(32h, 0, Stage::end, 1), change(33h, 1, Stage::end, 2)}});
  EXPECT_EQ(told.history, scripted.history);
  EXPECT_EQ(told.faults, scripted.faults);
  ASSERT_FALSE(told.quorum_losses.empty());
  EXPECT_EQ(told.quorum_losses.size(), scripted.quorum_losses.size());
  EXPECT_NE(told.history, world::simulate(plain, 7, 3).history);
}

}  // namespace beside_test
}  // namespace nines::failure
