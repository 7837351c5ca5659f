// Swarm testing: from a seed a cluster, its rules, its surroundings and a random subset of everything that can go wrong, each at a random rate
// (Groce et al. 2012: leaving kinds out finds more than always doing everything).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/fuzz/arena.hpp"
#include "scenarios/fuzz/plan.hpp"

namespace nines::fuzz {

enum class Rules : std::uint8_t {
  of_profiles,  // As the catalogue has them.
  also_mixed,   // Half of the seeds follow rules drawn one by one, which no system has.
};

// `profiles` is not empty.
Plan draw_plan(std::uint64_t seed, std::span<const raft::Profile> profiles, Rules rules);

// How long a group that is whole may take to elect a leader, commit and agree: forty rounds of the longest wait its rules know. A round elects
// nobody only when the vote is split, which the random part of every timeout makes less likely than not while delays and writes are short against
// it (they are, at most a tenth); so a live group fails this once in 10^12 at most.
Duration patience_for(const raft::Profile& profile, raft::Member members);

struct Outcome {
  std::optional<Finding> finding;
  Coverage coverage;
};
Outcome run_plan(const Plan& plan);

}  // namespace nines::fuzz
