// Random small worlds from a seed, with everything that can go wrong going wrong often: what seeded tests run thousands of.
#pragma once

#include <cstdint>
#include <string>

#include "models/world/options.hpp"
#include "sim/base/random.hpp"

namespace nines::testing_worlds {

// Draws in sequence, for tests that make things up as they go.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t which) : stream_(seed, 0, which, Purpose::test) {}
  double uniform() { return stream_.uniform({0, next_++}); }
  int between(int low, int high) { return low + static_cast<int>(uniform() * (high - low + 1)); }  // Both included.
  bool chance(double probability) { return uniform() < probability; }

 private:
  Stream stream_;
  std::uint64_t next_ = 0;
};

struct RandomWorld {
  world::Options options;
  std::string text;  // What it is, for the failure message.
};

// 3-9 nodes in 1-3 zones, 1-12 partitions of 1-7 replicas, any profile; zero, constant or jittered delays, loss, disks, load, narrow links; every kind of
// fault, minutes apart. Runs for two or five minutes.
RandomWorld random_world(std::uint64_t seed);

}  // namespace nines::testing_worlds
