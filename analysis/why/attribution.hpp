// Who took the time away: every second in which some partition cannot be written, charged to failure modes in three ways.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/exact/quorum.hpp"
#include "analysis/why/cut_sets.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

// Of one mode. Shares are of the downtime: of the time without a quorum and of the gaps beside it, which are charged to the mode whose fault left them.
struct Blame {
  double losses_per_s = 0;  // Quorums lost because a fault of it came last. Exact; over the modes they add up to all losses.
  double trigger = 0;       // The last straw: the whole of a loss to the mode whose fault, of those present, came last. Adds up to 1.
  double shared = 0;  // Evenly to the minimal cut sets that are down, of each evenly to its units, of each evenly to what is down there. Adds up to 1.
  double but_for = 0;                          // Share of time that would be won if the mode never happened. Solved; does not add up.
  double gaps = 0;                             // Share of time.
  double trigger_error = 0, shared_error = 0;  // Standard errors of sampling; 0: solved.
};

struct Attribution {
  Recurring lost;            // Some partition has no quorum: exact.
  double gaps = 0;           // Share of time beside it.
  std::vector<Blame> modes;  // As Model::modes.
  std::uint64_t drawn = 0;   // Instants of loss that the trigger's shares of time were taken from.
  bool shared_solved = true;
  double covered = 1;  // Of the time without a quorum, what the cut sets that were looked at explain.
  double fraction() const { return lost.fraction + gaps; }
};

inline constexpr std::uint64_t instants_drawn = 20'000;

// `gaps`: a share of time per mode. The share of the trigger's losses is exact; of its time it is sampled, for how long a loss lasts depends on all of
// the durations' laws. Of the minimal cuts it is solved by going through the states of up to 20 units, and sampled beyond.
Attribution attribute(const Model& model, std::size_t cluster, const world::Options& options, const CutSets& cuts, std::span<const double> gaps,
                      std::uint64_t seed, std::uint64_t instants = instants_drawn);

// The laws of a model in which some modes never happen.
std::vector<Dual> laws_without(const Model& model, std::span<const std::uint16_t> modes);

}  // namespace nines::analysis
