// One cluster's elements as alternating renewal processes, and the excursions in which all of its downtime lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/exact/model.hpp"
#include "analysis/rare/hazard.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

struct Part {
  std::uint32_t atom = 0;  // Into Model::atoms.
  Hazard up, down;
  double fails_per_s = 0;       // Of up-time: 1 / mean.
  double repairs_per_s = 0;     // Of down-time.
  double excursions_per_s = 0;  // How often an excursion begins with it.
};

// An excursion begins when one part fails while all others are up, and ends when all are up again. In balance part i begins
// excursions_per_s = its failures per second x P(all others are up) of them, and finds the others as the stationary law has them, because parts
// are independent. Every moment without a quorum lies in one excursion, so its share of time is the sum over i of excursions_per_s times
// the mean time without a quorum in such an excursion: whatever the laws, and with no estimate of a cycle's length in it.
struct System {
  System(const Model& model, const world::Options& options, std::size_t cluster);

  const Model* model;
  std::size_t cluster;
  std::vector<Part> parts;  // Those that touch the cluster.
  double excursions_per_s = 0;
  double all_up = 1;       // P(every part is up).
  bool memoryless = true;  // All laws are exponential: the system is a Markov chain.
  bool finite = true;      // All laws have means.

  bool lost(const Watch& watch) const { return watch.lost_of(cluster) > 0; }
};

// What one simulated excursion says.
struct Path {
  double weight = 0;          // 1 / s: how many excursions per second it stands for, times the likelihood ratio of what was biased.
  double likelihood = 1;      // The same against all excursions: 1 in the mean.
  double lost_s = 0;          // Time without a quorum, or its expectation given the states visited.
  double losses = 0;          // How often a quorum was lost.
  std::uint64_t changes = 0;  // Failures and repairs simulated.
  bool finished = true;       // False: given up because its elements are hardly ever all up at once.
};

inline constexpr std::uint64_t longest_path = 200'000;  // Changes.

// Which part begins: half of the draws by how often it does, half evenly, so that neither a rare but heavy beginning nor a frequent one
// is neglected by more than a factor of two ("balanced").
struct Start {
  std::size_t part = 0;
  double weight = 0;  // 1 / s
};
Start draw_start(const System& system, double u, double v);

}  // namespace nines::analysis
