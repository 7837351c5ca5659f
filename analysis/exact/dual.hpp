// A number and its derivative along one direction, carried together.
#pragma once

namespace nines::analysis {

// With `slope` = how often an atom fails, the slope of a system's unavailability is how often the system fails: unavailability is linear in each
// independent atom's own, so its derivative there is the probability that the atom is critical (Birnbaum).
struct Dual {
  double value = 0;
  double slope = 0;
};

constexpr Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
constexpr Dual operator*(Dual a, Dual b) { return {a.value * b.value, a.value * b.slope + a.slope * b.value}; }
constexpr Dual& operator+=(Dual& a, Dual b) { return a = a + b; }
constexpr Dual not_(Dual a) { return {1 - a.value, -a.slope}; }
// Of two independent events, at least one: a sum of positive terms, so that what is tiny keeps its precision.
constexpr Dual either(Dual a, Dual b) { return a + not_(a) * b; }

}  // namespace nines::analysis
