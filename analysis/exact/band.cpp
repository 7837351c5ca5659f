#include "analysis/exact/band.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <boost/math/distributions/normal.hpp>

#include "analysis/stats/interval.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {
namespace {

constexpr double most_work = 4e7;  // Steps of the solver, over all draws: about a second.

// A pool's own mode is as far off as the mode it comes from, unless the pool knows better.
std::uint64_t key_of(std::string_view name) {
  Hash hash;
  for (const char c : name) hash.add(static_cast<unsigned char>(c));
  return hash.value();
}

// A factor on a base that lies between its bounds.
class Between {
 public:
  Between(double base, const failure::Range& range) {
    if (!(range.low > 0) || !(range.high >= range.low) || base <= 0 || range.low > base || range.high < base) return;
    below_ = std::log(range.low / base);
    above_ = std::log(range.high / base);
  }
  bool fixed() const { return below_ == 0 && above_ == 0; }
  double at(double off) const { return fixed() ? 1 : std::exp(off < 0 ? -off * below_ : off * above_); }

 private:
  double below_ = 0, above_ = 0;
};

// The mean of a law's samples when it is stretched; without limits it stretches with it.
class Mean {
 public:
  explicit Mean(const Law& law) : law_(&law), mean_s_(law.sample_mean_s()), limited_(law.minimum > Duration{0} || law.maximum < Duration::max()) {}
  double stretched_s(double by) const { return by == 1 ? mean_s_ : limited_ ? law_->stretched(by).sample_mean_s() : mean_s_ * by; }

 private:
  const Law* law_;
  double mean_s_;
  bool limited_;
};

struct OfMode {
  Between rate, duration, escalation;
  Mean up, down;
  double grows = 0;

  explicit OfMode(const failure::Mode& mode)
      : rate(seconds(year) / mode.up_time.mean_s(), mode.rate_per_year),
        duration(1, mode.duration_factor),
        escalation(mode.escalation ? mode.escalation->probability : 0, mode.escalation ? mode.escalation->range : failure::Range{}),
        up(mode.up_time),
        down(mode.duration),
        grows(mode.escalation ? mode.escalation->probability : 0) {}
};

bool has_bounds(const failure::Mode& mode) {
  const auto wide = [](const failure::Range& range) { return range.high > range.low; };
  return wide(mode.rate_per_year) || wide(mode.duration_factor) || (mode.escalation && wide(mode.escalation->range));
}

}  // namespace

Draws::Draws(const std::vector<failure::Mode>& modes, std::uint64_t seed) : modes_(modes.size()) {
  const boost::math::normal_distribution<double> normal;
  const double at_bound = boost::math::quantile(normal, 0.975);
  for (std::uint64_t draw = 0; draw < most; ++draw) {
    const Streams streams(seed, draw);
    for (const failure::Mode& mode : modes) {
      const Words words = streams.of(key_of(failure::stem_of(mode)), Purpose::uncertainty).words({});
      std::array<double, 3>& off = off_.emplace_back();
      for (std::size_t i = 0; i < off.size(); ++i) off[i] = boost::math::quantile(normal, to_unit(words[i])) / at_bound;
    }
  }
}

std::optional<Band> catalogue_band(const world::Options& options, std::size_t cluster, std::span<const double> gaps, std::uint64_t seed) {
  if (std::none_of(options.modes.begin(), options.modes.end(), has_bounds)) return std::nullopt;
  const auto model = model_of(options);
  if (!model) return std::nullopt;
  return catalogue_band(*model, QuorumSolver(*model, cluster), options.modes, gaps, Draws(options.modes, seed));
}

std::optional<Band> catalogue_band(const Model& model, const QuorumSolver& solver, const std::vector<failure::Mode>& modes,
                                   std::span<const double> gaps, const Draws& draws) {
  if (std::none_of(modes.begin(), modes.end(), has_bounds)) return std::nullopt;
  const double work = static_cast<double>(solver.work());
  const auto count = static_cast<std::uint64_t>(std::clamp(most_work / work, static_cast<double>(Draws::least), static_cast<double>(Draws::most)));
  const std::vector<OfMode> of(modes.begin(), modes.end());
  std::vector<double> shares;
  std::vector<ModeMeans> means(modes.size());
  std::vector<AtomLaw> one;
  std::vector<Many> laws(model.atoms.size());
  for (std::uint64_t first = 0; first < count; first += Many::size) {
    Many beside;
    for (std::size_t i = 0; i < Many::size; ++i) {
      const std::uint64_t draw = std::min(first + i, count - 1);
      for (std::size_t m = 0; m < modes.size(); ++m) {
        const auto& [rate, duration, escalation] = draws.at(draw, m);
        const double times = of[m].rate.at(rate);
        means[m] = {of[m].up.stretched_s(1 / times), of[m].down.stretched_s(of[m].duration.at(duration)),
                    std::min(1.0, of[m].grows * of[m].escalation.at(escalation))};
        beside.value[i] += gaps[m] * times;
      }
      atom_laws(model, means, one);
      for (std::size_t a = 0; a < one.size(); ++a) laws[a].value[i] = one[a].unavailability;
    }
    const Many lost = solver.some_lost(laws);
    for (std::size_t i = 0; i < Many::size && first + i < count; ++i) shares.push_back(std::min(1.0, lost.value[i] + beside.value[i]));
  }
  std::sort(shares.begin(), shares.end());
  return Band{shares[quantile_rank(count, 0.05) - 1], shares[quantile_rank(count, 0.95) - 1]};
}

}  // namespace nines::analysis
