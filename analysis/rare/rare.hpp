// Rare events: how much of the time some partition has no quorum, simulated although hardly any plain simulation would ever see it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "analysis/exact/model.hpp"
#include "analysis/rare/biasing.hpp"
#include "analysis/rare/splitting.hpp"
#include "analysis/rare/tally.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

enum class RareMethod : std::uint8_t { biasing, splitting };

struct RareOptions {
  std::uint64_t seed = 1;
  RareMethod method = RareMethod::biasing;
  double relative_error = 0.02;              // Stops when half a 95 % interval is no more than this share of the value,
  std::uint64_t most_changes = 200'000'000;  // or when so many failures and repairs have been simulated.
  std::uint64_t batch = 2'000;       // Paths. The relative error is looked at after so many batches, and then each time a quarter more of them are
  std::uint64_t least_batches = 20;  // there: every look is a chance to stop on a spread that came out small.
  std::uint64_t repetitions = 20;    // Of splitting: at least so many.
  SplittingOptions splitting;
  std::function<bool()> stopped{};  // Asked between batches: enough is enough.
};

struct RareAnswer {
  std::vector<RareEstimate> clusters;  // As in the model.
};

// Batch `number` of a cluster's excursions: by jumps where every law is exponential, by clocks elsewhere. It depends on nothing but its
// arguments, so batches may be computed anywhere and merged in the order of their numbers.
Tally one_batch(const System& system, const RareOptions& options, std::uint64_t number, Bias bias = Bias::balanced);
Tally one_batch_by_clocks(const System& system, const RareOptions& options, std::uint64_t number, Bias bias = Bias::balanced);

// What the batches so far say; refuses where the diagnostics object, or where the precision that was asked for is not reached.
RareEstimate judged(const System& system, const Tally& tally, const RareOptions& options);

// Mean of independent repetitions with Student's t on the scale of the logarithm (delta method).
RareEstimate judged(const Cuts& cuts, const std::vector<Repetition>& repetitions, const RareOptions& options);

RareEstimate rare_quorum(const System& system, const RareOptions& options);

// Per cluster. The atoms' laws are those of options.modes.
RareAnswer rare_quorum(const Model& model, const world::Options& options, const RareOptions& rare);

}  // namespace nines::analysis
