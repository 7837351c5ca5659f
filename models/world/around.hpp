// What surrounds one group: which of its members run, stand still and hear each other. All that faults can change for it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/quorum/quorum.hpp"
#include "models/raft/types.hpp"
#include "sim/base/time.hpp"

namespace nines::world {

using Members = std::uint16_t;  // A set of members, one bit each.

constexpr Members only(raft::Member member) { return static_cast<Members>(1u << member); }
constexpr bool has(Members set, raft::Member member) { return (set >> member & 1) != 0; }
constexpr Members all_of(std::size_t members) { return static_cast<Members>((1u << members) - 1); }
constexpr int count(Members set) {  // Without a processor's own instruction std::popcount is a call; a group has few members.
  int members = 0;
  for (; set != 0; set = static_cast<Members>(set & (set - 1))) ++members;
  return members;
}

// What faults add to one directed link.
struct Quality {
  Duration extra_delay{0};
  double loss = 0;
  bool operator==(const Quality&) const = default;
};

struct Around {
  Members alive = 0;  // Their process runs (it may stand still).
  Members paused = 0;
  std::array<Members, raft::max_members> reaches{};  // From each member: to whom messages pass, whether those run or not.
  std::vector<Quality> quality;                      // members * members, or empty when no link is degraded.
  std::vector<Members> clients;                      // Per zone: the members its clients reach through some gateway; empty: all do.
  Members lost = 0;                                  // They do not run, and their disks will be empty when they do.
  Members corrupt = 0;                               // They do not run, and the end of their logs will not be readable.
  Members dark = 0;                  // Their machines do not run: what had not been flushed is gone. Kept for profiles that delay their flushes only.
  Members hung = 0;                  // Their disks finish nothing.
  std::vector<Duration> slow_disks;  // Per member: by how much its writes take longer; empty when no disk is slow.

  Members running() const { return static_cast<Members>(alive & ~paused); }
  bool same_disks(const Around& o) const {
    return lost == o.lost && corrupt == o.corrupt && dark == o.dark && hung == o.hung && slow_disks == o.slow_disks;
  }
  bool both_ways(raft::Member a, raft::Member b) const { return a == b || (has(reaches[a], b) && has(reaches[b], a)); }
  bool operator==(const Around&) const = default;
};

// Do some of `voters` reach each other both ways through one of them, a majority of `members` strong?
inline bool quorum_among(const Around& around, Members voters, std::size_t members) {
  const int needed = static_cast<int>(members / 2 + 1);
  if (count(voters) < needed) return false;
  for (raft::Member center = 0; center < members; ++center) {
    if (!has(voters, center)) continue;
    int reached = 0;
    for (raft::Member other = 0; other < members; ++other)
      if (has(voters, other) && around.both_ways(center, other)) ++reached;
    if (reached >= needed) return true;
  }
  return false;
}

// The same for a configuration: do some of `present` reach each other both ways through one of its voters, enough to decide in it?
inline bool quorum_among(const Around& around, Members present, const quorum::Configuration& configuration) {
  for (raft::Member center = 0; center < raft::max_members; ++center) {
    if (!has(static_cast<Members>(present & configuration.voters()), center)) continue;
    Members reached = 0;
    for (raft::Member other = 0; other < raft::max_members; ++other)
      if (has(present, other) && around.both_ways(center, other)) reached = static_cast<Members>(reached | only(other));
    if (quorum::has_quorum(reached, configuration)) return true;
  }
  return false;
}

}  // namespace nines::world
