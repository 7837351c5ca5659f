// What the catalogue does not know: the spread of the answer when its rates and durations are drawn from between their plausible bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "analysis/exact/model.hpp"
#include "analysis/exact/quorum.hpp"
#include "models/failure/mode.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

// A 90 % band: one draw in twenty lies below it, one above.
struct Band {
  double low = 0;
  double high = 0;
};

// The modes as one draw of the catalogue has them. A low bound is taken for the 2.5 % quantile, a high one for the 97.5 % quantile, and the base for the
// median, of a law whose logarithm is normal on either side. Rate, duration and escalation are drawn apart, each mode by itself; the same
// `draw` moves a mode of the same name alike in every scenario. `factors`: per mode what became of its rate.
std::vector<failure::Mode> drawn(const std::vector<failure::Mode>& modes, std::uint64_t seed, std::uint64_t draw, std::vector<double>& factors);

// Of a cluster's share of time in which some partition cannot be written: its quorum solved anew for every draw, the gaps beside it scaled with the
// rate of the mode that brings them (`gaps`, a share of time per mode). Nothing where no mode has bounds, or the model cannot express the scenario.
std::optional<Band> catalogue_band(const world::Options& options, std::size_t cluster, std::span<const double> gaps, std::uint64_t seed);
// The same with the structure known already: a model of a world that differs from the modes' in rates and durations at most, and its solver.
std::optional<Band> catalogue_band(const Model& model, const QuorumSolver& solver, const std::vector<failure::Mode>& modes, std::span<const double> gaps,
                                   std::uint64_t seed);

}  // namespace nines::analysis
