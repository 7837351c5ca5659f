#include "analysis/stats/compound_poisson.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/stats/interval.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/text.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr std::size_t fine = 2048, coarse = 512;  // Cells of a budget: for one answer, and for the steps of a search.
constexpr double most_events = 500;               // exp(-500) is still a number.

// Panjer (ASTIN Bulletin 12, 1981), Poisson case: the law of the sum on 0 .. n, from the expected number of events of each size.
std::vector<double> panjer(const std::vector<double>& expected, double all) {
  std::vector<double> law{std::exp(-all)};
  law.reserve(expected.size());
  for (std::size_t k = 1; k < expected.size(); ++k) {
    double sum = 0;
    for (std::size_t j = 1; j <= k; ++j) sum += static_cast<double>(j) * expected[j] * law[k - j];
    law.push_back(sum / static_cast<double>(k));
  }
  return law;
}

// The law of the sum of two independent ones, as far as it was known.
std::vector<double> twice(const std::vector<double>& law) {
  std::vector<double> sum(law.size());
  for (std::size_t k = 0; k < law.size(); ++k)
    for (std::size_t j = 0; j <= k; ++j) sum[k] += law[j] * law[k - j];
  return sum;
}

double at(const std::vector<double>& cumulative, double cell) {
  if (cell < 0) return 0;
  const auto below = static_cast<std::size_t>(cell);
  if (below + 1 >= cumulative.size()) return cumulative.back();
  const double share = cell - static_cast<double>(below);
  return cumulative[below] + share * (cumulative[below + 1] - cumulative[below]);
}

}  // namespace

CompoundPoisson::CompoundPoisson(std::vector<Outages> seen, double exposure_s, double period_s)
    : seen_(std::move(seen)), period_per_exposure_(period_s / exposure_s) {
  SIM_CHECK(exposure_s > 0 && period_s > 0, "a rate needs an exposure");
  for (const Outages& outages : seen_) {
    events_ += outages.number;
    sum_s_ += outages.number * outages.length_s;
    longest_s_ = std::max(longest_s_, outages.length_s);
  }
}

// Up to the budget; without cells where what is too short for one fills the budget alone. Lengths are shared out between two cells so that means stay; what is shorter than a quarter of one only counts with its mean.
CompoundPoisson::Law CompoundPoisson::law_up_to(double budget_s, std::size_t cells) const {
  const double shortest = budget_s / static_cast<double>(4 * cells);
  double shift = 0;
  for (const Outages& outages : seen_)
    if (outages.length_s < shortest) shift += outages.number * outages.length_s * period_per_exposure_;
  const double cell_s = (budget_s - shift) / static_cast<double>(cells);
  if (!(cell_s > 0)) return {};
  std::vector<double> expected(cells + 1);
  double all = 0;
  for (const Outages& outages : seen_) {
    if (outages.length_s < shortest) continue;
    const double number = outages.number * period_per_exposure_;
    all += number;
    const double cell = outages.length_s / cell_s;
    const auto below = static_cast<std::size_t>(std::min(cell, static_cast<double>(cells + 1)));
    const double share = cell - static_cast<double>(below);
    if (cell > static_cast<double>(cells)) continue;  // More than the budget alone.
    expected[below] += number * (1 - share);
    if (below < cells) expected[below + 1] += number * share;
  }
  all -= expected[0];
  int halvings = 0;
  for (; all > most_events; ++halvings) all /= 2;
  for (double& number : expected) number = std::ldexp(number, -halvings);
  std::vector<double> law = panjer(expected, all);
  for (; halvings > 0; --halvings) law = twice(law);
  for (std::size_t k = 1; k < law.size(); ++k) law[k] += law[k - 1];
  return {std::move(law), cell_s};
}

CompoundPoisson::Tail CompoundPoisson::tail(double budget_s, std::size_t cells) const {
  if (budget_s <= 0) {  // Any outage at all.
    const Interval number = fay_feuer(events_, events_, 1, confidence);
    const auto some = [&](double events) { return -std::expm1(-events * period_per_exposure_); };
    return {some(events_), some(number.low), some(number.high)};
  }
  const Law law = law_up_to(budget_s, cells);
  if (law.at_most.empty()) return {1, 1, 1};
  const double kept = std::min(1.0, law.at_most.back());
  // One more outage of length x makes the tail grow by P(budget - x < sum <= budget): its derivative, exactly. So the estimate moves with each
  // outage as a weighted sum does with its events.
  double variance = 0;
  for (const Outages& outages : seen_) {
    const double weight = period_per_exposure_ * (kept - at(law.at_most, static_cast<double>(cells) - outages.length_s / law.cell_s));
    variance += outages.number * weight * weight;
  }
  const Interval limits = fay_feuer(1 - kept, variance, period_per_exposure_ * kept, confidence);
  return {1 - kept, std::max(0.0, limits.low), std::min(1.0, limits.high)};
}

Estimate CompoundPoisson::exceeds(double budget_s) const {
  if (events_ == 0) {
    const double high = fay_feuer(0, 0, period_per_exposure_, confidence, Sides::upper_only).high;
    if (high >= 1) return {std::nullopt, std::nullopt, std::nullopt, "no outages seen, too few periods for a bound"};
    return {std::nullopt, std::nullopt, high, "no outages seen: rule of three"};
  }
  const Tail found = tail(budget_s, fine);
  return {found.value, found.low, found.high, "compound Poisson, " + counted(static_cast<std::uint64_t>(std::llround(events_)), "outages")};
}

Estimate CompoundPoisson::quantile(double p) const {
  SIM_CHECK(p > 0 && p < 1, "a quantile lies between 0 and 1");
  if (events_ == 0) return {std::nullopt, std::nullopt, std::nullopt, "no outages seen"};
  // Each of the three falls with the budget; the least budget at which it is no more than 1 - p.
  const double most = std::max(longest_s_, sum_s_ * period_per_exposure_) * 1e3;
  const auto least = [&](double Tail::*which) -> std::optional<double> {
    if (tail(0, coarse).*which <= 1 - p) return 0;
    if (tail(most, coarse).*which > 1 - p) return std::nullopt;
    double low = most * 1e-15, high = most;
    for (int step = 0; step < 60 && high > low * 1.0005; ++step) {
      const double middle = std::sqrt(low * high);
      (tail(middle, coarse).*which <= 1 - p ? high : low) = middle;
    }
    return high;
  };
  return {least(&Tail::value), least(&Tail::low), least(&Tail::high),
          "compound Poisson, " + counted(static_cast<std::uint64_t>(std::llround(events_)), "outages")};
}

}  // namespace nines::analysis
