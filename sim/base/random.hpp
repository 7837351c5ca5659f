// Keyed random numbers: a draw is addressed by who draws, what for and which slot, never by how many were drawn before.
// Philox4x64-10 (Salmon et al., SC 2011): key = (seed, replication), counter = (element, purpose | block, term, index).
#pragma once

#include <array>
#include <cstdint>

namespace nines {

// What a number is drawn for. The values are part of every result: append, never renumber.
enum class Purpose : std::uint16_t {
  up_time = 1,
  down_time = 2,
  initial_state = 3,
  phase = 4,
  election_timeout = 5,
  message_delay = 6,
  message_loss = 7,
  disk_flush = 8,
  victim = 9,
  effect = 10,
  client = 11,
  bit_rot = 12,
  injection = 13,
  uncertainty = 14,
  procedure = 15,    // How long people take for the steps of one.
  excursion = 20,    // A path of rare-event simulation.
  level = 21,        // A path of splitting, from one level to the next.
  attribution = 22,  // An instant without a quorum, to see why.
  offer = 30,        // When the next command is sent.
  command = 31,      // What one command draws: work, delays, its partition.
  append_delay = 32,
  append_flush = 33,
  test = 100,
};

// Which draw of a stream. A slot is named by content (a term, a log index, a heartbeat's number); rejection consumes `block`.
struct Slot {
  std::uint64_t term = 0;
  std::uint64_t index = 0;
  std::uint32_t block = 0;
};

using Words = std::array<std::uint64_t, 4>;

// Uniform in (0, 1): 52 bits, never 0 nor 1, so that logarithms of it and of its complement are finite. (With 53 bits the largest
// sum would round up to 1.)
constexpr double to_unit(std::uint64_t word) { return static_cast<double>(word >> 12) * 0x1.0p-52 + 0x1.0p-53; }

// One element's draws for one purpose. A value of 40 bytes; drawing changes nothing in it.
class Stream {
 public:
  constexpr Stream(std::uint64_t seed, std::uint64_t replication, std::uint64_t element, Purpose purpose)
      : seed_(seed), replication_(replication), element_(element), purpose_(purpose) {}

  Words words(Slot slot) const;  // Four independent words of 64 bits.
  std::uint64_t word(Slot slot) const { return words(slot)[0]; }
  double uniform(Slot slot) const { return to_unit(word(slot)); }  // (0, 1)

 private:
  std::uint64_t seed_, replication_, element_;
  Purpose purpose_;
};

// All streams of one replication.
class Streams {
 public:
  constexpr explicit Streams(std::uint64_t seed, std::uint64_t replication = 0) : seed_(seed), replication_(replication) {}
  constexpr Stream of(std::uint64_t element, Purpose purpose) const { return Stream(seed_, replication_, element, purpose); }
  constexpr std::uint64_t seed() const { return seed_; }
  constexpr std::uint64_t replication() const { return replication_; }

 private:
  std::uint64_t seed_, replication_;
};

}  // namespace nines
