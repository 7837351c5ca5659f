#include "scenarios/fuzz/dice.hpp"

#include <cmath>

namespace nines::fuzz {

double Dice::magnitude(double low, double high) { return low * std::pow(high / low, uniform()); }

}  // namespace nines::fuzz
