// What the catalogue does not know: the spread of the answer when its rates and durations are drawn from between their plausible bounds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
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

// What chance makes of a catalogue in each of its draws: of every mode's rate, duration and escalation how far it lies off, 0 for not at all and 1 for at
// the bound. The same draw moves a mode of the same name alike in every scenario, and a pool's own mode like the one it comes from.
class Draws {
 public:
  static constexpr std::uint64_t most = 400, least = 40;
  Draws(const std::vector<failure::Mode>& modes, std::uint64_t seed);
  const std::array<double, 3>& at(std::uint64_t draw, std::size_t mode) const { return off_[draw * modes_ + mode]; }
  std::size_t bytes() const { return sizeof(*this) + off_.size() * sizeof(off_[0]); }

 private:
  std::size_t modes_;
  std::vector<std::array<double, 3>> off_;
};

// Of a cluster's share of time in which some partition cannot be written: its quorum solved anew for every draw, the gaps beside it scaled with the
// rate of the mode that brings them (`gaps`, a share of time per mode). A low bound is taken for the 2.5 % quantile, a high one for the 97.5 % quantile,
// and the base for the median, of a law whose logarithm is normal on either side; rate, duration and escalation are drawn apart, each mode by itself.
// Nothing where no mode has bounds, or the model cannot express the scenario.
std::optional<Band> catalogue_band(const world::Options& options, std::size_t cluster, std::span<const double> gaps, std::uint64_t seed);
// The same with structure and draws known already: a model of a world that differs from the modes' in rates and durations at most, its solver, and the
// draws of modes of these names.
std::optional<Band> catalogue_band(const Model& model, const QuorumSolver& solver, const std::vector<failure::Mode>& modes,
                                   std::span<const double> gaps, const Draws& draws);

}  // namespace nines::analysis
