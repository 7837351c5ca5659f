#include "analysis/stats/event_sum.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/stats/metric.hpp"
#include "analysis/stats/text.hpp"
#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {
namespace {

constexpr std::uint64_t enough_for_a_bound = 10;  // Fewer may be alike by chance, and Student's t would believe them.
constexpr double negligible = 0.05;

}  // namespace

void EventSum::add(double weight, double cautious, bool long_one) {
  SIM_CHECK(weight >= 0 && cautious >= weight, "a cautious weight is at least the weight");
  seen_.add(weight);
  cautious_.add(cautious);
  if (long_one)
    long_cautious_.add(cautious);
  else
    short_.add(weight);
  replication_sum_ += weight;
  batch_sum_ += weight;
}

void EventSum::close_batch() {
  if (replications_ < enough_replications) batches_.push_back(batch_sum_);
  batch_sum_ = 0;
}

void EventSum::close_replication() {
  ++replications_;
  const double off = replication_sum_ - replication_mean_;
  replication_mean_ += off / static_cast<double>(replications_);
  replication_squares_ += off * (replication_sum_ - replication_mean_);
  replication_sum_ = 0;
  batch_sum_ = 0;
  if (replications_ == enough_replications) batches_ = {};
}

// Of the sum over all of them. Bunches that are longer than a batch show in neighbours that are alike: with a correlation beyond chance (one in
// forty) the batches are taken for a chain in which it falls off geometrically, and count for so many fewer.
double EventSum::variance_between_batches() const {
  const double n = static_cast<double>(batches_.size());
  if (batches_.size() < 20) return 0;
  const double mean = std::accumulate(batches_.begin(), batches_.end(), 0.0) / n;
  double squares = 0, products = 0;
  for (std::size_t b = 0; b < batches_.size(); ++b) {
    squares += (batches_[b] - mean) * (batches_[b] - mean);
    if (b % batches != 0) products += (batches_[b] - mean) * (batches_[b - 1] - mean);
  }
  if (squares <= 0) return 0;
  const double pairs = n - std::ceil(n / batches);
  const double likeness = std::min(0.95, products / pairs / (squares / n));
  const double fewer = likeness > 1.96 / std::sqrt(pairs) ? (1 + likeness) / (1 - likeness) : 1;
  return squares * n / (n - 1) * fewer;
}

// Of the sum over all replications. Independent events in a Poisson stream have the sum of their squares; events that come in bunches show
// in the spread between replications, or between batches of few long ones, so the larger of the two is taken.
double EventSum::variance(const WeightedSum& sum) const {
  if (replications_ < enough_replications) return scheduled_ ? sum.squares : std::max(sum.squares, variance_between_batches());
  const double n = static_cast<double>(replications_);
  const double between = replication_squares_ * n / (n - 1);
  return scheduled_ ? between : std::max(sum.squares, between);
}

Estimate EventSum::durations(double exposure, double longest, const std::string& events, const std::string& longest_words) const {
  if (seen_.events == 0) {
    const double high = fay_feuer(0, 0, longest, confidence, Sides::upper_only).high / exposure;
    return {std::nullopt, std::nullopt, high, "no " + events + " seen: rule of three x " + longest_words};
  }
  const double largest = std::max(longest, cautious_.largest);
  const double long_high = fay_feuer(long_cautious_.sum, long_cautious_.squares, largest, confidence, Sides::upper_only).high;
  const bool long_known = long_cautious_.events >= enough_events && cautious_.sum * cautious_.sum >= enough_effective_events * long_cautious_.squares;
  const std::string over = counted(seen_.events, events);
  if (seen_.events >= enough_events && (long_known || long_high <= negligible * seen_.sum)) {
    Interval interval = fay_feuer(seen_.sum, variance(seen_), seen_.largest, confidence);
    if (!long_known) interval.high = std::max(interval.high, fay_feuer(cautious_.sum, variance(cautious_), largest, confidence).high);
    return {seen_.sum / exposure, interval.low / exposure, interval.high / exposure, "gamma interval (Fay-Feuer), " + over};
  }
  const double high = fay_feuer(cautious_.sum, std::max(variance(seen_), cautious_.squares), largest, confidence, Sides::upper_only).high;
  const std::string repairs = long_cautious_.events == seen_.events ? "" : ", " + grouped(long_cautious_.events) + " of them repairs";
  return {seen_.sum / exposure, std::nullopt, high / exposure, "gamma upper bound (Fay-Feuer) on mean repair times, " + over + repairs};
}

Estimate EventSum::short_and_long(double exposure, double longest, const std::string& events, const std::string& longest_words) const {
  Estimate estimate = durations(exposure, longest, events, longest_words);
  if (estimate.low || short_.events == 0) return estimate;
  const double bunched = variance(seen_) / seen_.squares;
  const double largest = std::max(longest, cautious_.largest);
  estimate.low = fay_feuer(short_.sum, bunched * short_.squares, short_.largest, confidence).low / exposure;
  estimate.high = fay_feuer(cautious_.sum, std::max(variance(seen_), cautious_.squares), largest, confidence).high / exposure;
  estimate.method = "gamma interval (Fay-Feuer), repairs in its upper limit only, " + counted(seen_.events, events) + ", " +
                    grouped(long_cautious_.events) + " of them repairs";
  return estimate;
}

Estimate EventSum::counts(double exposure, double most, const std::string& events) const {
  if (seen_.events == 0) {
    return {std::nullopt, std::nullopt, fay_feuer(0, 0, most, confidence, Sides::upper_only).high / exposure, "no " + events + " seen: rule of three"};
  }
  const Interval interval = fay_feuer(seen_.sum, variance(seen_), std::max(most, seen_.largest), confidence);
  const bool plain = seen_.squares == seen_.sum && seen_.sum == static_cast<double>(seen_.events);
  return {seen_.sum / exposure, interval.low / exposure, interval.high / exposure,
          (plain ? "gamma interval (Garwood), " : "gamma interval (Fay-Feuer), ") + counted(seen_.events, events)};
}

void EventRatio::add(double numerator, double denominator) {
  ++events_;
  top_ += numerator;
  bottom_ += denominator;
  top_top_ += numerator * numerator;
  top_bottom_ += numerator * denominator;
  bottom_bottom_ += denominator * denominator;
}

Estimate EventRatio::estimate(const std::string& events) const {
  if (events_ == 0 || bottom_ <= 0) return {std::nullopt, std::nullopt, std::nullopt, "no " + events + " seen"};
  const double ratio = top_ / bottom_;
  const std::string over = counted(events_, events);
  if (events_ < enough_for_a_bound) return {ratio, std::nullopt, std::nullopt, over + ", too few for an interval"};
  const double n = static_cast<double>(events_);
  const double squares = std::max(0.0, top_top_ - 2 * ratio * top_bottom_ + ratio * ratio * bottom_bottom_);
  const double deviation = std::sqrt(squares / (n - 1)) / (bottom_ / n);
  if (events_ < enough_events) {
    return {ratio, std::nullopt, student(ratio, deviation, events_, confidence, Sides::upper_only).high, "t upper bound, " + over};
  }
  const Interval interval = student(ratio, deviation, events_, confidence);
  return {ratio, std::max(0.0, interval.low), interval.high, "t interval, " + over};
}

}  // namespace nines::analysis
