#include "analysis/load/order_statistic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/topology/delay.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr int jitter_slices = 24;
constexpr std::size_t most_acks = 64;

double least_flush_s(const Law& law) {
  const double low = std::max(0.0, seconds(law.minimum));
  switch (law.kind) {
    case Law::Kind::fixed:
    case Law::Kind::uniform:
    case Law::Kind::pareto: return std::max(low, law.a);
    case Law::Kind::empirical: return std::max(low, law.points.empty() ? 0 : law.points.front());
    case Law::Kind::exponential:
    case Law::Kind::weibull:
    case Law::Kind::lognormal:
    case Law::Kind::gamma: break;
  }
  return low;
}

// P(a sample is not greater than s).
double written_by(const Law& law, double s) {
  if (s < 0 || s < seconds(law.minimum)) return 0;
  if (law.maximum != Duration::max() && s >= seconds(law.maximum)) return 1;
  if (law.kind == Law::Kind::fixed) return s >= law.a ? 1 : 0;
  return 1 - law.survival(s);
}

bool constant(const Ack& ack) { return ack.jitter_s.empty() && ack.flush.kind == Law::Kind::fixed; }

}  // namespace

Ack acknowledgement(const topology::LinkLaw& there, const topology::LinkLaw& back, double more_s, const Law& flush) {
  Ack ack{.fixed_s = more_s + seconds(there.minimum) + seconds(back.minimum), .flush = flush, .jitter_s = {}};
  const auto jitter = [](const topology::LinkLaw& law, double u) { return seconds(topology::sample_delay(law, u) - law.minimum); };
  const bool none = topology::greatest_delay(there) == there.minimum && topology::greatest_delay(back) == back.minimum;
  if (none) return ack;
  std::vector<double> sums;
  sums.reserve(jitter_slices * jitter_slices);
  for (int i = 0; i < jitter_slices; ++i) {
    const double out = jitter(there, (i + 0.5) / jitter_slices);
    for (int j = 0; j < jitter_slices; ++j) sums.push_back(out + jitter(back, (j + 0.5) / jitter_slices));
  }
  std::sort(sums.begin(), sums.end());
  for (int i = 0; i < jitter_slices; ++i) {
    double sum = 0;
    for (int j = 0; j < jitter_slices; ++j) sum += sums[static_cast<std::size_t>(i * jitter_slices + j)];
    ack.jitter_s.push_back(sum / jitter_slices);
  }
  return ack;
}

double acknowledged_by(const Ack& ack, double t) {
  const double left = t - ack.fixed_s;
  if (ack.jitter_s.empty()) return written_by(ack.flush, left);
  if (ack.flush.kind == Law::Kind::fixed) {
    // Between the middles of two slices the law is taken as uniform, so that it has no steps.
    const double jitter = left - least_flush_s(ack.flush);
    const auto above = std::upper_bound(ack.jitter_s.begin(), ack.jitter_s.end(), jitter);
    const auto n = static_cast<double>(ack.jitter_s.size());
    if (jitter <= 0) return 0;
    const auto i = static_cast<double>(above - ack.jitter_s.begin());
    const double low = above == ack.jitter_s.begin() ? 0 : *(above - 1);
    const double from = above == ack.jitter_s.begin() ? 0 : (i - 0.5) / n;
    if (above == ack.jitter_s.end()) return std::min(1.0, from + 0.5 / n * (low > 0 ? (jitter - low) / (0.25 * low) : 1));
    const double to = (i + 0.5) / n;
    return from + (to - from) * (*above > low ? (jitter - low) / (*above - low) : 1);
  }
  double sum = 0;
  for (const double jitter : ack.jitter_s) sum += written_by(ack.flush, left - jitter);
  return sum / static_cast<double>(ack.jitter_s.size());
}

double quorum_by(std::span<const Ack> acks, int k, double t) {
  SIM_CHECK(acks.size() < most_acks, "too many replicas");
  if (k <= 0) return 1;
  std::array<double, most_acks> exactly{};  // P(exactly j so far).
  exactly[0] = 1;
  std::size_t seen = 0;
  for (const Ack& ack : acks) {
    const double p = acknowledged_by(ack, t);
    ++seen;
    for (std::size_t j = seen; j > 0; --j) exactly[j] = exactly[j] * (1 - p) + exactly[j - 1] * p;
    exactly[0] *= 1 - p;
  }
  double sum = 0;
  for (std::size_t j = static_cast<std::size_t>(k); j <= seen; ++j) sum += exactly[j];
  return std::min(sum, 1.0);
}

double quorum_quantile_s(std::span<const Ack> acks, int k, double p) {
  if (k <= 0) return 0;
  SIM_CHECK(k <= static_cast<int>(acks.size()), "a quorum of more than there are");
  double low = 0, high = 1e-6;
  while (quorum_by(acks, k, high) < p && high < 1e9) high *= 2;
  for (int i = 0; i < 60 && high - low > 1e-13 * high; ++i) {
    const double middle = (low + high) / 2;
    (quorum_by(acks, k, middle) < p ? low : high) = middle;
  }
  return high;
}

TimeSpread quorum_time(std::span<const Ack> acks, int k) {
  if (k <= 0) return {};
  SIM_CHECK(k <= static_cast<int>(acks.size()), "a quorum of more than there are");
  std::vector<double> starts;  // Where an acknowledgement becomes possible: steps and kinks.
  for (const Ack& ack : acks) starts.push_back(ack.fixed_s + least_flush_s(ack.flush));
  std::sort(starts.begin(), starts.end());
  TimeSpread spread{.least_s = starts[static_cast<std::size_t>(k) - 1]};
  if (std::all_of(acks.begin(), acks.end(), constant)) {
    spread.mean_s = spread.least_s;
    return spread;
  }
  // The mean is the integral of P(later than t), the mean square that of 2 t times it. From one start to the next; finer behind each.
  const double last = std::max(spread.least_s, quorum_quantile_s(acks, k, 1 - 1e-9));
  std::vector<double> edges;
  for (const double start : starts) {
    if (start >= spread.least_s && start < last && (edges.empty() || start > edges.back())) edges.push_back(start);
  }
  edges.push_back(last);
  constexpr double nodes[] = {-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831, 0.9061798459386640};  // Gauss and Legendre.
  constexpr double weights[] = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891};
  constexpr int halvings = 12;
  double beyond = 0, beyond_t = 0;  // Above `least_s`.
  for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
    const double width = edges[e + 1] - edges[e];
    double from = edges[e];
    for (int h = halvings; h >= 0; --h) {
      const double to = edges[e] + std::ldexp(width, -h);
      for (int i = 0; i < 5; ++i) {
        const double t = (from + to) / 2 + (to - from) / 2 * nodes[i];
        const double weight = weights[i] * (to - from) / 2 * (1 - quorum_by(acks, k, t));
        beyond += weight;
        beyond_t += 2 * (t - spread.least_s) * weight;
      }
      from = to;
    }
  }
  spread.mean_s = spread.least_s + beyond;
  spread.variance_s2 = std::max(0.0, beyond_t - beyond * beyond);
  return spread;
}

}  // namespace nines::analysis
