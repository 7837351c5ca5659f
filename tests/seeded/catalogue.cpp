#include "tests/seeded/catalogue.hpp"

#include "scenarios/run/resources.hpp"
#include "sim/base/check.hpp"

namespace nines::seeded {

const std::vector<raft::Profile>& catalogue_profiles() {
  static const std::vector<raft::Profile> all = [] {
    const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
    SIM_CHECK(catalogs.has_value(), "the catalogues cannot be read");
    std::vector<raft::Profile> profiles;
    for (const scenarios::ProfileEntry& entry : catalogs->profiles) profiles.push_back(entry.profile);
    return profiles;
  }();
  return all;
}

testing_worlds::RandomWorld silent_world(std::uint64_t seed) {
  testing_worlds::RandomWorld world = testing_worlds::random_world(seed);
  testing_worlds::Dice dice(seed, 6);
  world::Cluster& cluster = world.options.clusters[0];
  raft::Profile& profile = cluster.profile;
  const bool own_rules = profile.replication == raft::Replication::push && dice.chance(0.25);
  if (own_rules) {
    profile.quiesce_after = profile.heartbeat * dice.between(2, 40);
    profile.leader_gone_after = profile.heartbeat * dice.between(1, 40);
  } else {
    const std::string name = dice.chance(0.5) ? "cockroachdb" : "tikv";
    for (const raft::Profile& known : catalogue_profiles())
      if (known.name == name) profile = known;
    if (dice.chance(0.3)) {  // A fifth of every wait, so that more happens in the same time.
      for (Duration* wait : {&profile.heartbeat, &profile.election_timeout, &profile.election_timeout_max, &profile.tick, &profile.check_quorum.window,
                             &profile.check_quorum.interval, &profile.lease, &profile.quiesce_after, &profile.leader_gone_after})
        *wait /= 5;
    }
  }
  world.text += ", but rather " + profile.name + ", silent after " + std::to_string(seconds(profile.quiesce_after)) + " s, gossip after " +
                std::to_string(seconds(profile.leader_gone_after)) + " s";
  if (dice.chance(0.6)) {
    const double rate = dice.chance(0.5) ? 0 : dice.magnitude(0.02, 2);
    cluster.load = {rate, rate > 0 ? 512 : 0};
    world.text += ", load rather " + std::to_string(rate);
  }
  if (dice.chance(0.3)) {
    world.options.horizon *= 4;
    for (failure::Mode& mode : world.options.modes) mode.up_time.a *= 4;
    world.text += ", four times as slow";
  }
  return world;
}

testing_worlds::RandomWorld random_world(std::uint64_t seed) { return testing_worlds::random_world(seed, catalogue_profiles()); }

}  // namespace nines::seeded
