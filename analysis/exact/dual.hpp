// A number and its derivative along one direction, carried together; and eight numbers side by side, for the same question about eight worlds.
#pragma once

#include <array>
#include <cstddef>

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
constexpr bool is_nothing(Dual a) { return a.value == 0 && a.slope == 0; }

// Values alone, equal to those of a Dual bit by bit.
struct Many {
  static constexpr std::size_t size = 8;
  std::array<double, size> value{};
};

constexpr Many& operator+=(Many& a, const Many& b) {
  for (std::size_t i = 0; i < Many::size; ++i) a.value[i] += b.value[i];
  return a;
}
constexpr Many operator+(Many a, const Many& b) { return a += b; }
constexpr Many operator*(Many a, const Many& b) {
  for (std::size_t i = 0; i < Many::size; ++i) a.value[i] *= b.value[i];
  return a;
}
constexpr Many not_(Many a) {
  for (double& value : a.value) value = 1 - value;
  return a;
}
constexpr bool is_nothing(const Many& a) {
  for (const double value : a.value)
    if (value != 0) return false;
  return true;
}

template <class Number>
constexpr Number surely() {
  return {1};
}
template <>
constexpr Many surely<Many>() {
  return not_(Many{});
}

// Of two independent events, at least one: a sum of positive terms, so that what is tiny keeps its precision.
template <class Number>
constexpr Number either(const Number& a, const Number& b) {
  return a + not_(a) * b;
}

}  // namespace nines::analysis
