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
  if (replications_.number() < enough_replications) batches_.push_back(static_cast<float>(batch_sum_));
  batch_sum_ = 0;
}

void EventSum::close_replication() {
  replications_.add(replication_sum_);
  replication_sum_ = 0;
  batch_sum_ = 0;
  if (replications_.number() == enough_replications) batches_ = {};
}

void EventSum::merge(const EventSum& later) {
  seen_.merge(later.seen_);
  cautious_.merge(later.cautious_);
  long_cautious_.merge(later.long_cautious_);
  short_.merge(later.short_);
  replications_.merge(later.replications_);
  if (replications_.number() < enough_replications)
    batches_.insert(batches_.end(), later.batches_.begin(), later.batches_.end());
  else
    batches_ = {};
}

// Batches in runs, of those with nothing in them and of others by turns.
void EventSum::write(ByteWriter& out) const {
  for (const Weights* weights : {&seen_, &cautious_, &long_cautious_, &short_}) weights->write(out);
  replications_.write(out);
  out.number(batches_.size());
  for (auto batch = batches_.begin(); batch != batches_.end();) {
    const auto some = std::find_if(batch, batches_.end(), [](float sum) { return sum > 0; });
    const auto none = std::find(some, batches_.end(), 0.0f);
    out.number(static_cast<std::uint64_t>(some - batch));
    out.number(static_cast<std::uint64_t>(none - some));
    for (batch = some; batch != none; ++batch) out.real(*batch);
  }
}

void EventSum::read(ByteReader& in) {
  for (Weights* weights : {&seen_, &cautious_, &long_cautious_, &short_}) weights->read(in);
  replications_.read(in);
  const std::uint64_t number = in.number();
  if (number > enough_replications * batches) in.fail();
  batches_.clear();
  while (in.good() && batches_.size() < number) {
    const std::uint64_t none = in.number(), some = in.count(sizeof(float));
    if (none > number || batches_.size() + none + some > number || none + some == 0) return in.fail();
    batches_.resize(batches_.size() + static_cast<std::size_t>(none));
    for (std::uint64_t left = some; left > 0; --left) {
      batches_.push_back(in.short_real());
      if (!(batches_.back() > 0)) return in.fail();
    }
  }
}

// Of the sum over all of them. Bunches that are longer than a batch show in neighbours that are alike: with a correlation beyond chance (one in
// forty) the batches are taken for a chain in which it falls off geometrically, and count for so many fewer.
double EventSum::variance_between_batches() const {
  const double n = static_cast<double>(batches_.size());
  if (batches_.size() < 20) return 0;
  const double mean = std::accumulate(batches_.begin(), batches_.end(), 0.0) / n;
  const auto off = [&](std::size_t b) { return static_cast<double>(batches_[b]) - mean; };
  double squares = 0, products = 0;
  for (std::size_t b = 0; b < batches_.size(); ++b) {
    squares += off(b) * off(b);
    if (b % batches != 0) products += off(b) * off(b - 1);
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
  if (replications_.number() < enough_replications) return scheduled_ ? sum.squares : std::max(sum.squares, variance_between_batches());
  const double n = static_cast<double>(replications_.number());
  const double between = replications_.squares() * n / (n - 1);
  return scheduled_ ? between : std::max(sum.squares, between);
}

Estimate EventSum::durations(double exposure, double longest, const std::string& events, const std::string& longest_words) const {
  const WeightedSum seen = seen_.total(), cautious = cautious_.total(), long_cautious = long_cautious_.total();
  if (seen.events == 0) {
    const double high = fay_feuer(0, 0, longest, confidence, Sides::upper_only).high / exposure;
    return {std::nullopt, std::nullopt, high, "no " + events + " seen: rule of three x " + longest_words};
  }
  const double largest = std::max(longest, cautious.largest);
  const double long_high = fay_feuer(long_cautious.sum, long_cautious.squares, largest, confidence, Sides::upper_only).high;
  const bool long_known = long_cautious.events >= enough_events && cautious.sum * cautious.sum >= enough_effective_events * long_cautious.squares;
  const std::string over = counted(seen.events, events);
  if (seen.events >= enough_events && (long_known || long_high <= negligible * seen.sum)) {
    Interval interval = fay_feuer(seen.sum, variance(seen), seen.largest, confidence);
    if (!long_known) interval.high = std::max(interval.high, fay_feuer(cautious.sum, variance(cautious), largest, confidence).high);
    return {seen.sum / exposure, interval.low / exposure, interval.high / exposure, "gamma interval (Fay-Feuer), " + over};
  }
  const double high = fay_feuer(cautious.sum, std::max(variance(seen), cautious.squares), largest, confidence, Sides::upper_only).high;
  const std::string repairs = long_cautious.events == seen.events ? "" : ", " + grouped(long_cautious.events) + " of them repairs";
  return {seen.sum / exposure, std::nullopt, high / exposure, "gamma upper bound (Fay-Feuer) on mean repair times, " + over + repairs};
}

Estimate EventSum::short_and_long(double exposure, double longest, const std::string& events, const std::string& longest_words) const {
  const WeightedSum seen = seen_.total(), cautious = cautious_.total(), brief = short_.total();
  Estimate estimate = durations(exposure, longest, events, longest_words);
  if (estimate.low || brief.events == 0) return estimate;
  const double bunched = variance(seen) / seen.squares;
  const double largest = std::max(longest, cautious.largest);
  estimate.low = fay_feuer(brief.sum, bunched * brief.squares, brief.largest, confidence).low / exposure;
  estimate.high = fay_feuer(cautious.sum, std::max(variance(seen), cautious.squares), largest, confidence).high / exposure;
  estimate.method = "gamma interval (Fay-Feuer), repairs in its upper limit only, " + counted(seen.events, events) + ", " +
                    grouped(long_cautious_.events()) + " of them repairs";
  return estimate;
}

Estimate EventSum::counts(double exposure, double most, const std::string& events) const {
  const WeightedSum seen = seen_.total();
  if (seen.events == 0) {
    return {std::nullopt, std::nullopt, fay_feuer(0, 0, most, confidence, Sides::upper_only).high / exposure, "no " + events + " seen: rule of three"};
  }
  const double spread = variance(seen);
  const Interval interval = fay_feuer(seen.sum, spread, std::max(most, seen.largest), confidence);
  const bool plain = seen.squares == seen.sum && seen.sum == static_cast<double>(seen.events) && spread == seen.squares;
  return {seen.sum / exposure, interval.low / exposure, interval.high / exposure,
          (plain ? "gamma interval (Garwood), " : "gamma interval (Fay-Feuer), ") + counted(seen.events, events)};
}

void EventRatio::add(double numerator, double denominator) {
  ++events_;
  top_.add(numerator);
  bottom_.add(denominator);
  top_top_.add(numerator * numerator);
  top_bottom_.add(numerator * denominator);
  bottom_bottom_.add(denominator * denominator);
}

void EventRatio::merge(const EventRatio& later) {
  events_ += later.events_;
  top_.merge(later.top_);
  bottom_.merge(later.bottom_);
  top_top_.merge(later.top_top_);
  top_bottom_.merge(later.top_bottom_);
  bottom_bottom_.merge(later.bottom_bottom_);
}

void EventRatio::write(ByteWriter& out) const {
  out.number(events_);
  for (const ExactSum* sum : {&top_, &bottom_, &top_top_, &top_bottom_, &bottom_bottom_}) sum->write(out);
}

void EventRatio::read(ByteReader& in) {
  events_ = in.number();
  for (ExactSum* sum : {&top_, &bottom_, &top_top_, &top_bottom_, &bottom_bottom_}) sum->read(in);
}

Estimate EventRatio::estimate(const std::string& events) const {
  const double bottom = bottom_.value();
  if (events_ == 0 || bottom <= 0) return {std::nullopt, std::nullopt, std::nullopt, "no " + events + " seen"};
  const double ratio = top_.value() / bottom;
  const std::string over = counted(events_, events);
  if (events_ < enough_for_a_bound) return {ratio, std::nullopt, std::nullopt, over + ", too few for an interval"};
  const double n = static_cast<double>(events_);
  const double squares = std::max(0.0, top_top_.value() - 2 * ratio * top_bottom_.value() + ratio * ratio * bottom_bottom_.value());
  const double deviation = std::sqrt(squares / (n - 1)) / (bottom / n);
  if (events_ < enough_events) {
    return {ratio, std::nullopt, student(ratio, deviation, events_, confidence, Sides::upper_only).high, "t upper bound, " + over};
  }
  const Interval interval = student(ratio, deviation, events_, confidence);
  return {ratio, std::max(0.0, interval.low), interval.high, "t interval, " + over};
}

}  // namespace nines::analysis
