// The 16-byte key of an event: time (64) | rank (36) | slot (28). One comparison orders events by time and then by content.
#pragma once

#include <cstdint>

#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

// Checks that cost time on the hottest paths: on in debug and sanitizer builds only. All other invariants use SIM_CHECK.
#ifdef NINES_DEBUG_CHECKS
#define SIM_DEBUG_CHECK(condition, what) SIM_CHECK(condition, what)
#else
#define SIM_DEBUG_CHECK(condition, what) \
  do {                                   \
  } while (false)
#endif

namespace nines::sim {

using Key = unsigned __int128;

inline constexpr int slot_bits = 28;
inline constexpr int rank_bits = 36;
inline constexpr std::uint64_t rank_limit = std::uint64_t{1} << rank_bits;
inline constexpr std::uint32_t slot_limit = std::uint32_t{1} << slot_bits;
inline constexpr Key no_key = ~Key{0};  // Later than every event.

// Events lie at or after Instant{}: a negative time would sort last. rank < 2^36, slot < 2^28.
constexpr Key make_key(Instant time, std::uint64_t rank, std::uint32_t slot) {
  SIM_DEBUG_CHECK(time >= Instant{}, "an event lies before the start of the time line");
  SIM_DEBUG_CHECK(rank < rank_limit && slot < slot_limit, "an event's rank or slot is too large");
  return (Key{static_cast<std::uint64_t>(count_ns(time))} << 64) | (rank << slot_bits) | slot;
}

constexpr Instant time_of(Key key) { return Instant{Duration{static_cast<std::int64_t>(static_cast<std::uint64_t>(key >> 64))}}; }
constexpr std::uint64_t rank_of(Key key) { return static_cast<std::uint64_t>(key) >> slot_bits; }
constexpr std::uint32_t slot_of(Key key) { return static_cast<std::uint32_t>(key) & (slot_limit - 1); }
constexpr Key with_time(Key key, Instant time) { return (Key{static_cast<std::uint64_t>(count_ns(time))} << 64) | static_cast<std::uint64_t>(key); }

// What happens first among the events of one instant.
enum class Class : std::uint8_t { fault, arrival, durable, alarm };

// The canonical rank of an event, from its content only: class (4 bits), then group (20), receiver (4), sender (4), and an order (4)
// for what one sender sends to one receiver at one instant. Two events of one instant may share a rank only if they commute.
constexpr std::uint64_t make_rank(Class event_class, std::uint64_t group, std::uint64_t receiver = 0, std::uint64_t sender = 0, std::uint64_t order = 0) {
  SIM_DEBUG_CHECK(group < (1u << 20) && receiver < 16 && sender < 16 && order < 16, "a part of an event's rank is too large");
  return (std::uint64_t{static_cast<std::uint8_t>(event_class)} << 32) | (group << 12) | (receiver << 8) | (sender << 4) | order;
}

}  // namespace nines::sim
