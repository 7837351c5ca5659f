#include "tests/support/random_world.hpp"

#include <algorithm>
#include <array>

#include "tests/support/worlds.hpp"

namespace nines::testing_worlds {

namespace {

using failure::Effect;
using failure::Scope;

raft::Profile random_profile(Dice& dice, std::string& text) {
  raft::Profile profile;
  switch (dice.between(0, 6)) {
    case 0: profile = zeebe(); break;
    case 1:
      profile = zeebe();
      profile.name = "zeebe with a window of 2, timers first";
      profile.append_window = 2;
      profile.after_pause = raft::AfterPause::timers_first;
      break;
    case 2: profile = etcd(raft::PreVote::off); break;
    case 3: profile = etcd(raft::PreVote::freshness); break;
    case 4:
      profile = etcd(raft::PreVote::off);
      profile.name = "etcd without leases";
      profile.vote_lease = raft::VoteLease::off;
      break;
    case 5: profile = kraft(); break;
    default: profile = raft_paper();
  }
  text += ", " + profile.name + (profile.pre_vote == raft::PreVote::freshness ? " with pre-vote" : "");
  return profile;
}

void random_delays(Dice& dice, world::Options& o, std::string& text) {
  switch (dice.between(0, 3)) {
    case 0:
      without_delays(o);
      text += ", no delays";
      break;
    case 1: break;
    case 2:
      o.topology.same_zone = jittered_delay(200us);
      o.topology.same_region = jittered_delay(700us);
      text += ", jitter";
      break;
    default:
      o.topology.same_zone = jittered_delay(1ms);
      o.topology.same_region = jittered_delay(5ms);
      text += ", long jitter";
  }
  if (dice.chance(0.15)) {
    o.topology.same_region.loss = 0.02;
    o.topology.same_zone.loss = 0.01;
    text += ", loss";
  }
  const int disk = dice.between(0, 2);
  for (world::Broker& broker : o.brokers)
    broker.flush = disk == 0 ? Law::fixed(0ns) : disk == 1 ? Law::fixed(1ms) : Law::lognormal(700us, 0.5).truncated(0ns, 5ms);
  text += disk == 0 ? ", no disks" : disk == 1 ? ", 1 ms disks" : ", random disks";
}

struct Kind {
  const char* name;
  Scope scope;
  Effect effect;
  double up_s, down_s;
  double extra_s = 0, loss = 0;
};

constexpr std::array kinds{
    Kind{"crash", Scope::broker, Effect::stop, 60, 5},
    Kind{"planned", Scope::broker, Effect::planned_stop, 90, 4},
    Kind{"node", Scope::node, Effect::stop, 90, 12},
    Kind{"pause", Scope::broker, Effect::pause, 30, 1.5},
    Kind{"long-pause", Scope::node, Effect::pause, 60, 4},
    Kind{"zone", Scope::zone, Effect::stop, 200, 15},
    Kind{"zone-cut", Scope::zone_pair, Effect::cut, 120, 8},
    Kind{"zone-cut-one-way", Scope::zone_pair, Effect::cut_out, 120, 6},
    Kind{"zone-slow", Scope::zone_pair, Effect::slow, 120, 10, 0.01},
    Kind{"isolated", Scope::node, Effect::cut, 90, 8},
    Kind{"mute", Scope::node, Effect::cut_out, 90, 8},
    Kind{"slow", Scope::node, Effect::slow, 90, 10, 0.02},
    Kind{"gray", Scope::node, Effect::lossy, 120, 8, 0, 0.15},
    Kind{"region", Scope::region, Effect::stop, 400, 10},
    Kind{"everything", Scope::cluster, Effect::stop, 400, 5},
    Kind{"blink", Scope::zone, Effect::pause, 100, 0.3},
    Kind{"long-zone-cut", Scope::zone_pair, Effect::cut, 150, 60},  // Long enough for polls in vain to repeat themselves.
    Kind{"long-isolated", Scope::node, Effect::cut, 200, 60},
    Kind{"long-gray", Scope::node, Effect::lossy, 200, 60, 0, 0.05},
    Kind{"burst", Scope::zone, Effect::stop, 60, 0.2},  // A second fault within the look-back window of the first.
};

constexpr std::array disk_kinds{
    Kind{"lost-disk", Scope::broker, Effect::replace, 120, 10},
    Kind{"lost-disk-at-once", Scope::broker, Effect::replace, 150, 0.3},
    Kind{"replaced-node", Scope::node, Effect::replace, 200, 25},
    Kind{"zone-with-local-disks", Scope::zone, Effect::replace, 400, 12},
    Kind{"rot", Scope::broker, Effect::corrupt, 120, 4},
    Kind{"rotten-node", Scope::node, Effect::corrupt, 200, 8},
    Kind{"slow-disk", Scope::node, Effect::slow_disk, 90, 12, 0.01},
    Kind{"very-slow-disk", Scope::node, Effect::slow_disk, 150, 20, 0.3},
    Kind{"hung-disk", Scope::node, Effect::hung_disk, 100, 6},
    Kind{"hung-blink", Scope::zone, Effect::hung_disk, 100, 0.3},
};

}  // namespace

void let_disks_fail(RandomWorld& world, std::uint64_t seed) {
  Dice dice(seed, 9);
  world.text += ", disks:";
  for (const Kind& kind : disk_kinds) {
    if (!dice.chance(0.4)) continue;
    failure::Mode mode = exponential_mode(kind.name, kind.scope, kind.effect, from_seconds(kind.up_s), from_seconds(kind.down_s));
    mode.extra_delay = from_seconds(kind.extra_s);
    world.options.modes.push_back(std::move(mode));
    world.text += std::string(" ") + kind.name;
  }
  world::Cluster& cluster = world.options.clusters[0];
  cluster.state_bytes = std::array<std::int64_t, 3>{0, 20'000'000, 400'000'000}[static_cast<std::size_t>(dice.between(0, 2))];
  if (dice.chance(0.2)) {
    cluster.profile.flush.delay = dice.chance(0.5) ? 1s : 20s;
    world.text += " late flushes";
  }
}

RandomWorld random_world(std::uint64_t seed, std::span<const raft::Profile> others) {
  Dice dice(seed, 1);
  RandomWorld world;
  const int nodes = dice.between(3, 9), zones = dice.between(1, 3), partitions = dice.between(1, 12);
  constexpr std::array replications{1, 2, 3, 3, 3, 3, 4, 5, 5, 7};
  const int replication = std::min(nodes, replications[static_cast<std::size_t>(dice.between(0, 9))]);
  world.text = "seed " + std::to_string(seed) + ": " + std::to_string(nodes) + " nodes, " + std::to_string(zones) + " zones, " +
               std::to_string(partitions) + " partitions of " + std::to_string(replication);
  raft::Profile profile = random_profile(dice, world.text);
  Dice which(seed, 5);
  if (!others.empty() && which.chance(0.5)) {
    profile = others[static_cast<std::size_t>(which.between(0, static_cast<int>(others.size()) - 1))];
    world.text += ", but rather " + profile.name;
  }
  world::Options& o = world.options;
  const auto size = [](int n) { return static_cast<std::size_t>(n); };
  o = cluster(size(nodes), size(zones), size(partitions), size(replication), profile);
  random_delays(dice, o, world.text);
  if (dice.chance(0.4)) {
    o.clusters[0].load = {dice.chance(0.5) ? 20.0 : 2.0, 512};
    world.text += ", load " + std::to_string(o.clusters[0].load.appends_per_second);
  }
  const double calmness = dice.chance(0.5) ? 1 : 4;
  world.text += ", modes:";
  for (const Kind& kind : kinds) {
    if (!dice.chance(0.5) || (kind.scope == Scope::zone_pair && zones == 1)) continue;
    failure::Mode mode = exponential_mode(kind.name, kind.scope, kind.effect, from_seconds(kind.up_s * calmness), from_seconds(kind.down_s));
    mode.extra_delay = from_seconds(kind.extra_s);
    mode.loss = kind.loss;
    o.modes.push_back(std::move(mode));
    world.text += std::string(" ") + kind.name;
  }
  o.horizon = dice.chance(0.5) ? 120s : 300s;
  const bool loaded = o.clusters[0].load.appends_per_second > 0;
  const auto narrow = [&](double bytes_per_s, const char* said) {
    o.topology.same_region.bandwidth_bytes_per_s = o.topology.same_zone.bandwidth_bytes_per_s = bytes_per_s;
    world.text += said;
  };
  if (loaded && dice.chance(0.3)) {
    dice.chance(0.5) ? narrow(2e7, ", 20 MB/s") : narrow(2e6, ", 2 MB/s");
  } else if (loaded && static_cast<double>(profile.append_batch_bytes) / 3e4 < seconds(profile.election_timeout) / 2 && dice.chance(0.3)) {
    // Not where one batch may take longer than a follower waits for its leader: who has to catch up would never do so.
    narrow(3e4, ", 30 kB/s");
  }
  return world;
}

}  // namespace nines::testing_worlds
