// Majority arithmetic over small sets of members: who is a quorum, who has won, and how far a log is committed; for one configuration and for
// the two of a joint one. Pure functions that know no message and no time.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace nines::quorum {

// A set of members of one group: bit i stands for the i-th member of the group's list.
using Members = std::uint16_t;
inline constexpr int max_members = 16;

constexpr Members member(int i) { return static_cast<Members>(1u << i); }
constexpr Members first_members(int n) { return static_cast<Members>((1u << n) - 1u); }  // Members 0 .. n-1, n at most 16.
constexpr int count(Members members) { return std::popcount(members); }
constexpr bool contains(Members members, int i) { return (members & member(i)) != 0; }
constexpr Members intersection(Members a, Members b) { return static_cast<Members>(a & b); }

// The least number of n voters that two decisions must share a voter in. Raft paper 5.2: more than half.
constexpr int majority(int n) { return n / 2 + 1; }

// How many of n voters may fail while the others still form a majority: 0, 0, 1, 1, 2, 2 for n = 1 .. 6.
constexpr int tolerated_failures(int n) { return n == 0 ? 0 : n - majority(n); }

// An empty set of voters needs nobody: the half of a joint configuration that is not in use agrees with everything.
constexpr bool has_quorum(Members present, Members voters) { return voters == 0 || count(intersection(present, voters)) >= majority(count(voters)); }

// Who belongs to a group, and how. One set of voters, or two while a joint change (Raft paper 6) is under way: then both must agree. Small
// enough to travel in messages and log entries. `change.hpp` makes a new one from an old one.
struct Configuration {
  Members incoming = 0;
  Members outgoing = 0;       // Empty: no change is under way.
  Members learners = 0;       // They are sent the log and are never counted.
  Members learners_next = 0;  // Outgoing voters that become learners when the joint configuration is left.
  Members witnesses = 0;      // Voters that hold no data: counted like the others, of no use to a reader.
  bool auto_leave = false;    // The leader leaves the joint configuration by itself.
  constexpr Members voters() const { return static_cast<Members>(incoming | outgoing); }
  constexpr Members members() const { return static_cast<Members>(voters() | learners); }
  constexpr Members with_data() const { return static_cast<Members>(members() & ~witnesses); }
  constexpr bool joint() const { return outgoing != 0; }
  constexpr bool operator==(const Configuration&) const = default;
};
static_assert(sizeof(Configuration) == 12);

// Nobody is a voter and a learner at once; learners_next is a part of the outgoing voters, witnesses of the voters; what belongs to a joint
// configuration is empty outside one. Every function that changes a consistent configuration leaves it consistent.
constexpr bool consistent(Configuration configuration) {
  const Configuration& c = configuration;
  if (!c.joint() && (c.learners_next != 0 || c.auto_leave)) return false;
  return intersection(c.learners, c.voters()) == 0 && (c.learners_next & ~c.outgoing) == 0 && intersection(c.learners_next, c.incoming) == 0 &&
         (c.witnesses & ~c.voters()) == 0;
}

constexpr bool has_quorum(Members present, Configuration configuration) {
  return has_quorum(present, configuration.incoming) && has_quorum(present, configuration.outgoing);
}

enum class Vote : std::uint8_t { pending, won, lost };

// Where a vote stands. It is lost as soon as those who did not refuse are no majority. Nobody to ask: won.
constexpr Vote vote_result(Members granted, Members refused, Members voters) {
  if (has_quorum(granted, voters)) return Vote::won;
  const auto open = static_cast<Members>(voters & ~refused);
  return has_quorum(open, voters) ? Vote::pending : Vote::lost;
}

constexpr Vote vote_result(Members granted, Members refused, Configuration configuration) {
  const Vote incoming = vote_result(granted, refused, configuration.incoming);
  const Vote outgoing = vote_result(granted, refused, configuration.outgoing);
  if (incoming == Vote::lost || outgoing == Vote::lost) return Vote::lost;
  return incoming == Vote::won && outgoing == Vote::won ? Vote::won : Vote::pending;
}

// What an empty set of voters is said to have committed, so that the minimum over both halves of a joint configuration is the other half's.
inline constexpr std::uint64_t everything = std::numeric_limits<std::uint64_t>::max();

// The largest index that a majority of the voters holds; `match[i]` is what member i is known to hold, 0 for nothing. A voter beyond the
// span holds nothing.
constexpr std::uint64_t committed_index(std::span<const std::uint64_t> match, Members voters) {
  if (voters == 0) return everything;
  std::array<std::uint64_t, max_members> held{};
  std::size_t n = 0;
  for (Members left = voters; left != 0; left = static_cast<Members>(left & (left - 1))) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    held[n++] = i < match.size() ? match[i] : 0;
  }
  // Insertion sort: at most 16 values, nearly always 3 or 5.
  for (std::size_t i = 1; i < n; ++i)
    for (std::size_t j = i; j > 0 && held[j - 1] < held[j]; --j) std::swap(held[j - 1], held[j]);
  return held[static_cast<std::size_t>(majority(static_cast<int>(n)) - 1)];
}

constexpr std::uint64_t committed_index(std::span<const std::uint64_t> match, Configuration configuration) {
  return std::min(committed_index(match, configuration.incoming), committed_index(match, configuration.outgoing));
}

// The fewest members of `alive` whose further loss leaves no quorum: 1 means that one more failure stops the group, 0 that it is stopped.
constexpr int losses_to_stop(Members alive, Members voters) { return std::max(0, count(intersection(alive, voters)) - majority(count(voters)) + 1); }

}  // namespace nines::quorum
