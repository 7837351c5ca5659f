// What every program of a comparison shares: the generator, the sizes and the process's CPU clock. C++17, because ns-3 asks for it.
#pragma once

#include <cmath>
#include <cstdint>
#include <ctime>
#include <vector>

namespace nines::bench {

// xoshiro256++ (Blackman, Vigna: Scrambled linear pseudorandom number generators, ACM TOMS 47(4), 2021), seeded by splitmix64.
class Xoshiro {
 public:
  explicit Xoshiro(std::uint64_t seed) {
    for (auto& word : state_) {
      seed += 0x9e3779b97f4a7c15u;
      std::uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      word = z ^ (z >> 31);
    }
  }
  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }
  // Exponential with a mean of one second, in whole nanoseconds, at least one.
  std::int64_t exponential_ns() {
    const double u = static_cast<double>(next() >> 12) * 0x1.0p-52 + 0x1.0p-53;
    return 1 + static_cast<std::int64_t>(-std::log(u) * 1e9);
  }

 private:
  static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t state_[4];
};

// PHOLD (Fujimoto, Performance of Time Warp under synthetic workloads, 1990): every event draws a delay and a uniform destination.
// The checksum does not depend on the order of events of one instant, and on nothing else that a kernel may choose.
struct Phold {
  static constexpr std::uint64_t warm_up = 100'000;
  static constexpr std::uint64_t events = 1'000'000;  // Timed, after the warm-up.

  std::vector<std::uint64_t> hits;
  Xoshiro draws{42};
  std::uint64_t checksum = 0;
  std::uint64_t seen = 0;

  explicit Phold(std::size_t pending) : hits(pending) {}
  void touch(std::int64_t now_ns, std::uint32_t job) {
    checksum += (static_cast<std::uint64_t>(now_ns) ^ job) * ++hits[job];
    ++seen;
  }
  std::uint32_t destination() { return draws.below(static_cast<std::uint32_t>(hits.size())); }
};

// Groups of a leader and two followers: a tick every 250 ms, one heartbeat to each follower, one acknowledgement back, 1 ms each way;
// every heartbeat resets its follower's election timer of 2.5 s, which therefore never fires.
struct Heartbeat {
  static constexpr std::int64_t tick_ns = 250'000'000;
  static constexpr std::int64_t network_ns = 1'000'000;
  static constexpr std::int64_t election_ns = 2'500'000'000;
  static constexpr std::int64_t warm_up_s = 3;
  static constexpr std::int64_t simulated_s(std::size_t groups) { return groups < 1000 ? 2000 : 24; }  // Timed, after the warm-up.

  std::vector<std::uint64_t> acknowledged;
  std::uint64_t events = 0;
  std::uint64_t resets = 0;

  explicit Heartbeat(std::size_t groups) : acknowledged(groups) {}
  std::uint64_t checksum() const {
    std::uint64_t sum = resets;
    for (const auto word : acknowledged) sum = sum * 31 + word;
    return sum;
  }
};

// CPU seconds of this process: the machine may be shared, and every program here has one thread.
inline double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace nines::bench
