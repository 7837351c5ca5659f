// Fixed-effort multilevel splitting (Garvels 2000; Villen-Altamirano 1991 for the idea): excursions are copied where another failure brings
// them nearer to losing a quorum, so that each level is no rarer than the first. It biases no law and weighs nothing but where an
// excursion begins.
#pragma once

#include "analysis/rare/cuts.hpp"
#include "analysis/rare/system.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {

struct SplittingOptions {
  std::size_t effort = 4'000;  // Paths per level.
};

// One repetition: independent of the others, and unbiased.
struct Repetition {
  double value = 0;         // Share of time without a quorum.
  double losses_per_s = 0;  // How often it begins.
  std::uint64_t hits = 0;   // Paths of the last level that lost a quorum.
  std::uint64_t changes = 0;
  bool finished = true;
};
Repetition split(const System& system, const Cuts& cuts, const Streams& streams, const SplittingOptions& options);

}  // namespace nines::analysis
