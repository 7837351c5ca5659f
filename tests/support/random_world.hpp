// Random small worlds from a seed, with everything that can go wrong going wrong often: what seeded tests run thousands of.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "models/world/options.hpp"
#include "scenarios/fuzz/dice.hpp"

namespace nines::testing_worlds {

using fuzz::Dice;

struct RandomWorld {
  world::Options options;
  std::string text;  // What it is, for the failure message.
};

// 3-9 nodes in 1-3 zones, 1-12 partitions of 1-7 replicas, any profile; zero, constant or jittered delays, loss, disks, load, narrow links; every kind of
// fault, minutes apart. Runs for two or five minutes. Half of the worlds have one of the `others`, if there are any, and differ in nothing else.
RandomWorld random_world(std::uint64_t seed, std::span<const raft::Profile> others = {});

// The same world with disks that fail too: lost with their machine, unreadable at the end, slow, hung; and at times flushes that nobody waits for.
void let_disks_fail(RandomWorld& world, std::uint64_t seed);

}  // namespace nines::testing_worlds
