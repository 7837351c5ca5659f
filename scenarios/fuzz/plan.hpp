// One run of the arena as data: the cluster, its surroundings, and everything that is done to it, each action with its time. Whoever has the plan
// can repeat the run; shrinking a finding means taking actions away.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/raft/planted.hpp"
#include "models/raft/profile.hpp"
#include "models/raft/types.hpp"
#include "scenarios/fuzz/coverage.hpp"
#include "sim/base/time.hpp"

namespace nines::fuzz {

using raft::Members;

// Something that is done to the cluster: a fault or a client's call. Whom it hits is worked out when it comes, from `word` and the cluster's state.
struct Action {
  Instant at;
  Turn awaits = Turn::count_;  // Done at the next such turn of the protocol, to whoever took it; count_: at once.
  std::uint8_t kind = 0;       // A row of faults().
  std::uint64_t word = 0;      // Decides what the row leaves open.
  Duration lasts{0};
  double strength = 0;  // In the row's unit.
};

// What a cut does to messages: those that are sent meanwhile are lost, or those on their way too, or they come late (TCP sends them again).
enum class Cut : std::uint8_t { loses, loses_in_flight, holds };

// Between every two members. A message takes `least` plus up to `spread`; one in `1 / tail_share` takes up to `tail` more.
struct Wire {
  Duration least{100us};
  Duration spread{0};
  double tail_share = 0;
  Duration tail{0};
  double loss = 0;
  double duplicates = 0;
  bool connections = false;  // As over TCP: in order, and lost with the process they were sent to. Otherwise datagrams.
  Cut cut = Cut::loses;
};

// One write in `1 / tail_share` takes up to `tail` more, and holds up those behind it.
struct Disk {
  Duration least{0};
  Duration spread{0};
  double tail_share = 0;
  Duration tail{0};
};

// What is asked of the cluster, and of whom.
struct Demand {
  std::uint32_t clients = 3;
  std::uint32_t registers = 1;
  double informed = 0.6;    // The share of calls that go to the newest leader; most of the others go to anybody who leads, the rest to anybody.
  double loyal = 0;         // The share of calls that go to whom that client asked last, as long as it was not turned away there.
  Duration patience{0};     // Then a client gives up on its call and makes others.
  std::uint8_t wishes = 0;  // Which changes operators wish for: a bit a kind, see arena_calls.cpp; none: all of them.
  double joint = 0.75;      // The share of wishes that go through a joint configuration, where the rules have one.
  double insistent = 0;     // The share of new leaders that operators ask for other members as soon as they lead, up to three times.
};

struct Plan {
  std::uint64_t seed = 0;
  raft::Profile profile;
  raft::Member members = 3;           // Who can ever belong to the group.
  raft::Configuration configuration;  // At the start.
  std::array<std::uint8_t, raft::max_members> zone{};
  std::array<int, raft::max_members> priority{};
  std::array<int, raft::max_members> drift_ppm{};  // How much faster each member's clock runs than true time.
  Wire wire;
  Disk disk;
  std::vector<Action> actions;  // By time.
  Demand demand;
  Duration hostile{0};   // How long the safety phase lasts, in which all of this happens.
  Members core = 0;      // Who is whole and connected in the liveness phase; the others are stopped for good.
  Duration patience{0};  // How long the liveness phase may take.
#ifdef NINES_PLANTED_BUGS
  raft::Bug bug = raft::Bug::none;
#endif
  std::string text;  // What the swarm drew, in a line.
};

}  // namespace nines::fuzz
