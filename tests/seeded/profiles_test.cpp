// Every profile of the catalogue elects: in a cluster of three whose brokers crash one after the other, the lost leader is followed by another.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/seeded/catalogue.hpp"
#include "tests/support/worlds.hpp"

namespace nines {
namespace profiles_test {

using testing_worlds::scripted;
using testing_worlds::Stage;

// Brokers b0, b1 and b2 crash for four minutes each, with time between them to come back; whoever leads then is among them now and then.
world::Record crash_each(const raft::Profile& profile, std::uint64_t seed) {
  world::Options options = testing_worlds::cluster(3, 3, 1, 3, profile);
  options.clusters[0].load = {20, 512};  // A group with something to do does not fall silent.
  options.horizon = 1600s;
  for (int b = 0; b < 3; ++b)
    options.script.push_back(scripted(from_seconds(100 + 500 * b + 0.173 * static_cast<double>(seed)), "stop", {"b" + std::to_string(b)}, 240s));
  Stage stage(options, seed);
  const Instant end = Instant{} + options.horizon;
  stage.run_until(end);
  return stage.world.finish(end, stage.timeline.faults());
}

// The bound is what the statistics take for the longest failover: four waits of the longest kind.
TEST(Profiles, EachElectsALeaderAfterACrashWithinFourOfItsLongestWaits) {
  for (const raft::Profile& profile : seeded::catalogue_profiles()) {
    const Duration bound = 4 * std::max(profile.election_timeout, profile.election_timeout_max) + profile.services_start;
    Duration longest{0};
    std::size_t outages = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const world::Record record = crash_each(profile, seed);
      for (const auto& outage : record.outages) longest = std::max(longest, outage.end - outage.start);
      outages += record.outages.size();
    }
    EXPECT_GE(outages, 40u) << profile.name << " lost too few leaders to tell";
    EXPECT_LT(longest, bound) << profile.name << ": " << seconds(longest) << " s instead of " << seconds(bound) << " s";
    RecordProperty(profile.name, std::to_string(seconds(longest)) + " s of " + std::to_string(seconds(bound)) + " s");
  }
}

}  // namespace profiles_test
}  // namespace nines
