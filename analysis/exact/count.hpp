// How many of a few unlike, independent elements are up: the Poisson-binomial law, as point probabilities of nodes ask for it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace nines::analysis {

// P(exactly k of n are up) for k = 0..n; `down[i]` is the probability that element i is down. Products and sums of positive numbers only:
// a probability of 1e-18 is as precise, relatively, as one of 0.5. O(n^2).
std::vector<double> law_of_up_count(std::span<const double> down);

// P(fewer than k are up): a quorum of k is lost.
double fewer_than_up(std::span<const double> down, std::size_t k);

// P(at least k are up).
double at_least_up(std::span<const double> down, std::size_t k);

}  // namespace nines::analysis
