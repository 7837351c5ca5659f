// Small worlds for tests: profiles by hand, a cluster of n nodes dealt over zones, modes in a line.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "models/world/simulate.hpp"

namespace nines::testing_worlds {

raft::Profile zeebe();  // Zeebe 8.9's rules.
raft::Profile etcd(raft::PreVote pre_vote);
raft::Profile kraft();       // Kafka's controllers: followers fetch.
raft::Profile raft_paper();  // 150-300 ms, nothing else.

topology::LinkLaw constant_delay(Duration one_way);
topology::LinkLaw jittered_delay(Duration least);  // Up to three times as long.

// `nodes` nodes dealt round robin over `zones` zones "r/a", "r/b", ... of one region; one broker "b0", "b1", ... a node; Zeebe's round-robin
// placement with its alternating priorities. Links: 20 us inside a node, 150 us a zone, 500 us a region; writes take no time.
world::Options cluster(std::size_t nodes, std::size_t zones, std::size_t partitions, std::size_t replication, const raft::Profile& profile);
void without_delays(world::Options& options);

failure::Mode exponential_mode(std::string name, failure::Scope scope, failure::Effect effect, Duration mean_up, Duration mean_down);
failure::ScriptedFault scripted(Duration at, std::string effect, std::vector<std::string> on, Duration lasts);

// A world and its timeline that a test drives by hand.
struct Stage {
  explicit Stage(const world::Options& options, std::uint64_t seed = 1, std::uint64_t replication = 0);
  void run_until(Instant t);  // Every change before t, then every group up to t.

  std::shared_ptr<const world::Plan> plan;
  failure::Timeline timeline;
  world::World world;
  failure::Change upcoming;
};

// The first seed whose first group begins with that leader.
std::uint64_t seed_led_by(const world::Options& options, raft::Member leader);

constexpr Instant at(Duration since_start) { return Instant{} + since_start; }

}  // namespace nines::testing_worlds
