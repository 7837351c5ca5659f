#include "analysis/stats/interval.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

// Beyond a billion degrees of freedom the law is a normal one to nine digits (Wilson and Hilferty 1931), and Boost's iteration may not end.
double chi_squared(double probability, double degrees) {
  if (degrees > 1e9) {
    const double z = boost::math::quantile(boost::math::normal_distribution<double>(), probability);
    const double scale = 2 / (9 * degrees);
    return degrees * std::pow(1 - scale + z * std::sqrt(scale), 3);
  }
  return boost::math::quantile(boost::math::chi_squared_distribution<double>(degrees), probability);
}

double upper_tail(double level, Sides sides) { return sides == Sides::both ? (1 - level) / 2 : 1 - level; }

double binomial_at_most(std::uint64_t n, double p, std::uint64_t k) {
  if (k >= n) return 1;
  return boost::math::cdf(boost::math::binomial_distribution<double>(static_cast<double>(n), p), static_cast<double>(k));
}

// The largest rank l >= 1 with P(X < l) <= tail, X binomial(n, p).
std::optional<std::uint64_t> low_rank(std::uint64_t n, double p, double tail) {
  if (n == 0 || binomial_at_most(n, p, 0) > tail) return std::nullopt;
  std::uint64_t good = 1, bad = n + 1;
  while (bad - good > 1) {
    const std::uint64_t middle = good + (bad - good) / 2;
    (binomial_at_most(n, p, middle - 1) <= tail ? good : bad) = middle;
  }
  return good;
}

// The least rank u <= n with P(X >= u) <= tail.
std::optional<std::uint64_t> high_rank(std::uint64_t n, double p, double tail) {
  if (n == 0 || 1 - binomial_at_most(n, p, n - 1) > tail) return std::nullopt;
  std::uint64_t bad = 0, good = n;
  while (good - bad > 1) {
    const std::uint64_t middle = bad + (good - bad) / 2;
    (1 - binomial_at_most(n, p, middle - 1) <= tail ? good : bad) = middle;
  }
  return good;
}

}  // namespace

Interval garwood(std::uint64_t events, double level, Sides sides) {
  const double k = static_cast<double>(events);
  const double tail = upper_tail(level, sides);
  Interval interval;
  if (events > 0 && sides == Sides::both) interval.low = chi_squared(tail, 2 * k) / 2;
  interval.high = chi_squared(1 - tail, 2 * k + 2) / 2;
  return interval;
}

Interval fay_feuer(double sum, double variance, double largest, double level, Sides sides) {
  SIM_CHECK(sum >= 0 && variance >= 0 && largest >= 0, "weights of events are not negative");
  const double tail = upper_tail(level, sides);
  Interval interval{sum, sum};
  if (sides == Sides::upper_only)
    interval.low = 0;
  else if (sum > 0 && variance > 0)
    interval.low = variance / (2 * sum) * chi_squared(tail, 2 * sum * sum / variance);
  const double more = sum + largest;
  const double wider = variance + largest * largest;
  if (more > 0 && wider > 0) interval.high = wider / (2 * more) * chi_squared(1 - tail, 2 * more * more / wider);
  // Rounding alone could put the sum outside when its variance vanishes.
  return {std::min(interval.low, sum), std::max(interval.high, sum)};
}

Interval student(double mean, double deviation, std::uint64_t n, double level, Sides sides) {
  SIM_CHECK(n >= 2, "an interval of a mean needs two values");
  const double size = static_cast<double>(n);
  const boost::math::students_t_distribution<double> law(size - 1);
  const double half = boost::math::quantile(law, 1 - upper_tail(level, sides)) * deviation / std::sqrt(size);
  return {mean - half, mean + half};
}

Ranks quantile_ranks(std::uint64_t n, double p, double level) {
  SIM_CHECK(p > 0 && p < 1, "a quantile lies between 0 and 1");
  Ranks ranks{low_rank(n, p, (1 - level) / 2), high_rank(n, p, (1 - level) / 2)};
  if (!ranks.high)
    ranks.low = low_rank(n, p, 1 - level);
  else if (!ranks.low)
    ranks.high = high_rank(n, p, 1 - level);
  return ranks;
}

std::uint64_t quantile_rank(std::uint64_t n, double p) {
  const double exact = p * static_cast<double>(n);
  // A hair is taken off so that 0.9 * 10, which is a little more than 9 in binary, means rank 9.
  const auto rank = static_cast<std::uint64_t>(std::ceil(exact * (1 - 1e-12)));
  return std::clamp<std::uint64_t>(rank, 1, std::max<std::uint64_t>(n, 1));
}

}  // namespace nines::analysis
