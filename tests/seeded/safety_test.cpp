// Raft's safety properties over thousands of random worlds, looked at after every event; and that whatever broke, a group comes back.

#include <gtest/gtest.h>

#include "scenarios/fuzz/mixed_rules.hpp"
#include "tests/seeded/catalogue.hpp"
#include "tests/support/guard.hpp"
#include "tests/support/random_world.hpp"
#include "tests/support/seeds.hpp"

namespace nines {
namespace safety_test {

using fuzz::mix_rules;
using seeded::random_world;
using testing_worlds::Dice;
using testing_worlds::Guard;
using testing_worlds::RandomWorld;
using testing_worlds::seeds;
using testing_worlds::Stage;

// The random world of that seed, pressed into half a minute: faults come four times as often and last as long, and half of the worlds follow
// rules that no system has.
RandomWorld dense_world(std::uint64_t seed) {
  RandomWorld random = random_world(seed);
  random.text += "; faults four times as often, 30 s";
  random.options.fidelity = world::Fidelity::full;
  random.options.horizon = 30s;
  for (failure::Mode& mode : random.options.modes) mode.up_time.a /= 4;
  Dice dice(seed, 4);
  if (dice.chance(0.5)) random.text += mix_rules(random.options.clusters[0].profile, dice);
  return random;
}

std::string in_lines(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += "\n  " + sentence;
  return text;
}

// Raft paper figure 3: election safety, leader append-only, log matching, leader completeness, state-machine safety; and that what is
// committed is durable, and that nothing is forgotten over a restart that should not be.
TEST(Safety, HoldsAfterEveryEventOfThousandsOfRandomWorlds) {
  std::uint64_t looks = 0, elections = 0;
  const std::uint64_t count = seeds(8000);
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    const RandomWorld random = dense_world(seed);
    Stage stage(random.options, seed);
    Guard guard(stage);
    guard.run_until(Instant{} + random.options.horizon);
    ASSERT_TRUE(guard.violations().empty()) << random.text << in_lines(guard.violations());
    looks += guard.looks();
    elections += guard.elections();
  }
  // A test of elections in which nobody is elected would prove nothing.
  EXPECT_GT(elections, count * 5);
  EXPECT_GT(looks, count * 1000);
  RecordProperty("looks", std::to_string(looks));
  RecordProperty("elections", std::to_string(elections));
}

}  // namespace safety_test
}  // namespace nines
