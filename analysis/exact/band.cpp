#include "analysis/exact/band.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include <boost/math/distributions/normal.hpp>

#include "analysis/stats/interval.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {
namespace {

constexpr std::uint64_t most_draws = 400, least_draws = 40;
constexpr double most_work = 4e7;  // Steps of the solver, over all draws: about a second.

double factor(double u, double base, double low, double high) {
  if (!(low > 0) || !(high >= low) || base <= 0 || low > base || high < base) return 1;
  static const boost::math::normal_distribution<double> normal;
  const double z = boost::math::quantile(normal, u) / boost::math::quantile(normal, 0.975);
  return z < 0 ? std::pow(low / base, -z) : std::pow(high / base, z);
}

// A pool's own mode is as far off as the mode it comes from, unless the pool knows better.
std::uint64_t key_of(std::string_view name) {
  Hash hash;
  for (const char c : name) hash.add(static_cast<unsigned char>(c));
  return hash.value();
}

bool has_bounds(const failure::Mode& mode) {
  const auto wide = [](const failure::Range& range) { return range.high > range.low; };
  return wide(mode.rate_per_year) || wide(mode.duration_factor) || (mode.escalation && wide(mode.escalation->range));
}

}  // namespace

std::vector<failure::Mode> drawn(const std::vector<failure::Mode>& modes, std::uint64_t seed, std::uint64_t draw, std::vector<double>& factors) {
  std::vector<failure::Mode> result = modes;
  factors.assign(modes.size(), 1);
  const Streams streams(seed, draw);
  for (std::size_t m = 0; m < modes.size(); ++m) {
    failure::Mode& mode = result[m];
    const Words words = streams.of(key_of(failure::stem_of(mode)), Purpose::uncertainty).words({});
    const double per_year = seconds(year) / mode.up_time.mean_s();
    factors[m] = factor(to_unit(words[0]), per_year, mode.rate_per_year.low, mode.rate_per_year.high);
    mode.up_time = mode.up_time.stretched(1 / factors[m]);
    mode.duration = mode.duration.stretched(factor(to_unit(words[1]), 1, mode.duration_factor.low, mode.duration_factor.high));
    if (mode.escalation) {
      const failure::Escalation base = *mode.escalation;
      mode.escalation->probability = std::min(1.0, base.probability * factor(to_unit(words[2]), base.probability, base.range.low, base.range.high));
    }
  }
  return result;
}

std::optional<Band> catalogue_band(const world::Options& options, std::size_t cluster, std::span<const double> gaps, std::uint64_t seed) {
  if (std::none_of(options.modes.begin(), options.modes.end(), has_bounds)) return std::nullopt;
  const auto model = model_of(options);
  if (!model) return std::nullopt;
  return catalogue_band(*model, QuorumSolver(*model, cluster), options.modes, gaps, seed);
}

std::optional<Band> catalogue_band(const Model& model, const QuorumSolver& solver, const std::vector<failure::Mode>& modes, std::span<const double> gaps,
                                   std::uint64_t seed) {
  if (std::none_of(modes.begin(), modes.end(), has_bounds)) return std::nullopt;
  const double work = static_cast<double>(solver.work());
  const auto draws = static_cast<std::uint64_t>(std::clamp(most_work / work, static_cast<double>(least_draws), static_cast<double>(most_draws)));
  std::vector<double> shares, factors;
  for (std::uint64_t draw = 0; draw < draws; ++draw) {
    const std::vector<failure::Mode> other = drawn(modes, seed, draw, factors);
    double share = solver.some_lost(laws_of(model, other)).fraction;
    for (std::size_t m = 0; m < factors.size(); ++m) share += gaps[m] * factors[m];
    shares.push_back(std::min(1.0, share));
  }
  std::sort(shares.begin(), shares.end());
  return Band{shares[quantile_rank(draws, 0.05) - 1], shares[quantile_rank(draws, 0.95) - 1]};
}

}  // namespace nines::analysis
