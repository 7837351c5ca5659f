// Confidence intervals that stay honest when events are few: gamma limits for counts and weighted sums, Student's t for means of
// many, order statistics for quantiles.
#pragma once

#include <cstdint>
#include <optional>

namespace nines::analysis {

struct Interval {
  double low = 0;
  double high = 0;
};

// Which tail of the distribution a limit leaves out: both halves of 1 - level, or all of it above.
enum class Sides : std::uint8_t { both, upper_only };

// Exact limits of the expected number of events behind a Poisson count (Garwood 1936). Zero events: low is 0, and with
// `upper_only` at 95 % high is 2.996, the rule of three.
Interval garwood(std::uint64_t events, double level, Sides sides = Sides::both);

// A sum of non-negative weights of Poisson events, as much of it as its interval needs.
struct WeightedSum {
  double sum = 0;
  double squares = 0;  // Sum of squared weights: estimates the variance of `sum`.
  double largest = 0;
  std::uint64_t events = 0;

  void add(double weight) {
    sum += weight;
    squares += weight * weight;
    if (weight > largest) largest = weight;
    ++events;
  }
};

// Limits of the expectation of a weighted sum of Poisson counts, from matched gamma distributions (Fay and Feuer, Statistics in
// Medicine 16, 1997): `sum` with variance `variance`, and one more event of weight `largest` on the upper side. With equal weights
// this is Garwood's interval. sum = 0: low is 0, high is 2.996 * largest for `upper_only` at 95 %.
Interval fay_feuer(double sum, double variance, double largest, double level, Sides sides = Sides::both);

// Mean of n values with sample deviation `deviation`; n >= 2.
Interval student(double mean, double deviation, std::uint64_t n, double level, Sides sides = Sides::both);

// Ranks (from 1) of the order statistics that bound the p-quantile of n independent values, whatever their law. A limit that n is
// too small for is absent; the one that remains then uses all of 1 - level.
struct Ranks {
  std::optional<std::uint64_t> low;
  std::optional<std::uint64_t> high;
};
Ranks quantile_ranks(std::uint64_t n, double p, double level);

// The rank (from 1) of the p-quantile among n >= 1 sorted values: the least rank that at least a share p does not exceed.
std::uint64_t quantile_rank(std::uint64_t n, double p);

}  // namespace nines::analysis
