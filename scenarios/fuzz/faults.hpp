// Everything that can be done to a cluster, a row each: its name, how long and how strong it is drawn, and whom it takes hold of. What a hold does
// is the arena's.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "scenarios/fuzz/plan.hpp"

namespace nines::fuzz {

// What the arena can do to members and links until it lets go of them.
enum class Hold : std::uint8_t {
  call_write,     // A client writes a register.
  call_read,      // A client reads one through the log.
  call_all,       // Clients read it from everybody who leads, as call_index does.
  call_change,    // An operator asks for other members.
  call_index,     // A client reads one as the profile confirms reads; through the log where it knows no other way.
  stop,           // The process is gone; what was on its way to the disk is lost.
  stop_torn,      // As stop, but a part of what was on its way to the disk has reached it.
  stop_at_write,  // Stops after its next write and before it says so: between persist and send.
  write_fails,    // Its next write fails, and the process gives up.
  stop_for_good,  // Its disk is lost; nobody starts it again.
  stop_in_order,  // Told to stop; does so a little later.
  hand_over,      // Told to give its leadership away, and runs on.
  pause,          // Stands still.
  drift,          // Its clock runs faster or slower by `strength` millionths.
  jump,           // Its clock jumps ahead by `strength` election timeouts.
  cut,            // Links lose everything.
  cut_in_turns,   // As cut, but now these links and now others.
  fell_leaders,   // Whoever is elected is cut off soon, or stopped; when too few are left, somebody else comes back.
  clog,           // Links hold everything back; then it all comes.
  clog_in_turns,  // As clog, but link after link, and let go of in another order (swizzle).
  slow,           // Links take up to `strength` election timeouts longer, in order or not.
  lossy,          // Links lose the share `strength`.
  doubling,       // Links deliver the share `strength` twice.
  replay,         // `strength` messages of the past come again.
  slow_disk,      // Writes take up to `strength` election timeouts longer.
  hang_disk,      // Writes do not end until it is let go of; the process runs on.
  snapshot,       // Takes a snapshot and drops the log before it.
  change,         // Asked to change who belongs to the group.
  step_down,      // Told to give up its leadership.
  campaign,       // Told that the leader is gone.
  unreachable,    // The leader is told that it cannot reach somebody.
};

// Whom.
enum class Whom : std::uint8_t {
  nobody,
  one,
  leader,  // Of the newest term; anybody while there is none.
  zone,
  majority,  // A random one.
  everybody,
  link,      // One, one way.
  pair,      // One, both ways.
  outbound,  // All links from one.
  inbound,   // All links to one.
  around,    // All links of one.
  around_leader,
  to_leader,
  from_leader,
  halves,  // Between a random half and the rest.
  zones,   // Between one zone and the rest.
  bridge,  // Between two halves that one member connects.
  ring,    // All but those to the two neighbours.
  some,    // A random third of all links.
  all_links,
};

struct Fault {
  const char* name = "";
  Hold hold = {};
  Whom whom = {};
  double shortest = 0, longest = 0;  // In election timeouts; drawn so that every order of magnitude is alike.
  double weakest = 0, strongest = 0;
};

std::span<const Fault> faults();
inline constexpr std::uint8_t client_kinds = 5;  // The first rows are the clients' and the operators' calls.

// What an action has taken hold of.
struct Grip {
  Members members = 0;
  std::array<Members, raft::max_members> links{};  // By sender.
};

// What is needed of the cluster to find it.
struct Situation {
  raft::Member members = 0;
  raft::Member leader = raft::nobody;
  std::span<const std::uint8_t> zone;
};

// "isolate of b2 for 3.2 s"
std::string describe(const Action& action, const Grip& grip, raft::Member members);

Grip take(Whom whom, std::uint64_t word, const Situation& situation);

}  // namespace nines::fuzz
