// What the answer hangs on: each mode's rate and duration moved between the catalogue's bounds, and how much rarer it would have to be for half a nine more.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/world/options.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

// A share of time in which some partition cannot be written, with one mode's rate or duration at its bounds.
struct Swing {
  std::uint16_t mode = 0;
  enum class Of : std::uint8_t { rate, duration } of = Of::rate;
  double low_factor = 1, high_factor = 1;  // On the base value.
  double at_low = 0, at_high = 0;          // Of time.
  double width() const { return at_high > at_low ? at_high - at_low : at_low - at_high; }
};

// How to reach a share of time by making modes rarer.
struct Purchase {
  std::vector<std::uint16_t> modes;  // One, or several by the same factor.
  double factor = 0;                 // On their rates.
};

struct Sensitivity {
  double base = 0;                  // Share of time.
  std::vector<Swing> swings;        // The widest first.
  double aim = 0;                   // base x 10^-0.5
  std::vector<Purchase> purchases;  // The cheapest (largest factor) first. Of single modes; where none suffices, of the fewest that do together.
  bool single = true;               // A purchase of one mode suffices.
  std::size_t left_out = 0;         // Modes that were not moved because it would have taken too long: those with the least to win.
};

// `gaps`: a share of time per mode beside the quorum, scaled with its rate. Quorums are solved anew for every value. Fails as model_of() does.
Result<Sensitivity> sensitivity_of(const world::Options& options, std::size_t cluster, std::span<const double> gaps, double most_work = 4e8);

}  // namespace nines::analysis
