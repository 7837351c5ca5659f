// Draws in sequence, for what makes things up as it goes: a swarm's set-up, a random test. Everything comes from the seed.
#pragma once

#include <cstdint>

#include "sim/base/random.hpp"
#include "sim/base/time.hpp"

namespace nines::fuzz {

class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t which) : stream_(seed, 0, which, Purpose::test) {}
  double uniform() { return stream_.uniform({0, next_++}); }
  int between(int low, int high) { return low + static_cast<int>(uniform() * (high - low + 1)); }  // Both included.
  bool chance(double probability) { return uniform() < probability; }
  std::uint64_t word() { return stream_.word({0, next_++}); }
  // Between `low` and `high`, every order of magnitude alike.
  double magnitude(double low, double high);
  Duration magnitude(Duration low, Duration high) { return from_seconds(magnitude(seconds(low), seconds(high))); }

 private:
  Stream stream_;
  std::uint64_t next_ = 0;
};

}  // namespace nines::fuzz
