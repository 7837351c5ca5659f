// What fails as one: the atoms that do the same to a cluster, taken together, so that a zone with one broker in it, that broker and its node are
// one thing to count with.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/exact/model.hpp"

namespace nines::analysis {

struct Unit {
  enum class Kind : std::uint8_t {
    stops,    // Its brokers are down, or cut off where none of them has a majority: that is as good as down.
    island,   // Its brokers reach only each other.
    between,  // Its brokers do not reach the others.
  };
  Kind kind = Kind::stops;
  std::vector<std::uint32_t> brokers, others;  // Of the cluster, ascending.
  std::vector<std::uint32_t> atoms;            // Ascending. One of them down: the unit is down.
};

// Ascending by kind and brokers. Atoms that no partition of the cluster would feel are in none of them.
std::vector<Unit> units_of(const Model& model, std::size_t cluster);

// P(some atom of it is down)
double unavailability_of(const Model& model, const std::vector<std::uint32_t>& atoms);

// Of the time in which the unit is down, the part that each of its atoms answers for when those that are down share it evenly. Adds up to 1; in
// the order of its atoms.
std::vector<double> shares_within(const Model& model, const Unit& unit);

}  // namespace nines::analysis
