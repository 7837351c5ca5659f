#include "analysis/stats/paired.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/stats/event_sum.hpp"
#include "analysis/stats/interval.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/summary.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {
namespace {

constexpr std::size_t enough_pairs = 30;

// Differences of one sign: how much worse, or how much better, the replications are.
struct Part {
  double sum = 0, squares = 0;
  std::uint64_t events = 0;
  void add(double size) {
    if (size <= 0) return;
    sum += size;
    squares += size * size;
    ++events;
  }
  // Of the sum over n replications, by how they spread.
  double variance(std::size_t n) const {
    const double size = static_cast<double>(n);
    return std::max(0.0, squares - sum * sum / size) * size / (size - 1);
  }
};

// Distances from the estimate of a part to its limits.
struct Reach {
  double below = 0, above = 0;
};
Reach reach(const Part& part, double variance, double largest) {
  const Interval limits = fay_feuer(part.sum, variance, largest, confidence);
  return {part.sum - limits.low, limits.high - part.sum};
}

// How far the difference of two estimates may be off, where one is off by `x` one way and the other by `y` the other way.
double together(double x, double y, double correlation) { return std::sqrt(std::max(0.0, x * x + y * y - 2 * correlation * x * y)); }

}  // namespace

Difference paired(std::span<const double> base, std::span<const double> head, double largest) {
  const std::size_t n = std::min(base.size(), head.size());
  if (n == 0) return {{}, {}, {}, "no replications to pair"};
  Part worse, better;
  double most = largest;
  for (std::size_t i = 0; i < n; ++i) {
    const double change = head[i] - base[i];
    worse.add(change);
    better.add(-change);
    most = std::max({most, std::fabs(change)});
  }
  const double size = static_cast<double>(n);
  const std::uint64_t differing = worse.events + better.events;
  std::string method = "paired, " + counted(n, "replications") + ", " + (differing == n ? std::string("all") : grouped(differing)) + " of them differ";
  const double sum = worse.sum + better.sum, squares = worse.squares + better.squares;
  const bool enough = n >= enough_pairs && differing >= enough_pairs && sum * sum >= enough_effective_events * squares;
  // As if one more event of the largest size were still to come on either side; of few, nothing is known of how they spread over replications.
  if (most <= 0) return {{}, {}, {}, method + ": nothing to bound the difference by"};
  const double up_variance = enough ? worse.variance(n) : worse.squares, down_variance = enough ? better.variance(n) : better.squares;
  const double spread = std::sqrt(up_variance * down_variance);
  const double correlation = spread > 0 ? std::max(-1.0, -worse.sum * better.sum / (size - 1) / spread) : 0;
  const Reach up = reach(worse, up_variance, most), down = reach(better, down_variance, most);
  const double value = worse.sum - better.sum;
  Difference difference{
      {}, (value - together(up.below, down.above, correlation)) / size, (value + together(up.above, down.below, correlation)) / size, std::move(method)};
  if (enough)
    difference.value = value / size;
  else
    difference.method += ": too few or too uneven for more than bounds";
  return difference;
}

Series::Series(const world::Options& options) : reducer_(options), longest_beside_s_(longest_excess_s(options, reducer_.repairs())) {
  for (const Layout::Cluster& cluster : reducer_.layout().clusters) clusters_.push_back({cluster.name, {}, {}});
}

void Series::add(const world::Record& record) {
  const std::span<const ClusterEpisodes> episodes = reducer_.reduce(record);
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    Duration down{0}, beside{0};
    for (const Episode& episode : episodes[c].down) {
      down += episode.length;
      beside += episode.length - episode.without_quorum;
    }
    clusters_[c].down_s.push_back(seconds(down));
    clusters_[c].beside_s.push_back(seconds(beside));
  }
}

double Series::horizon_s() const { return seconds(reducer_.layout().horizon); }
double Series::longest_s() const { return seconds(reducer_.repairs().longest()); }

}  // namespace nines::analysis
