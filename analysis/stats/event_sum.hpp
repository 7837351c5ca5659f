// What independent events add up to (seconds of downtime, outages), and how sure the sum is per unit of exposure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/stats/exact_sum.hpp"
#include "analysis/stats/interval.hpp"
#include "sim/base/bytes.hpp"

namespace nines::analysis {

struct Estimate {
  std::optional<double> value;  // Absent when no event was seen.
  std::optional<double> low;
  std::optional<double> high;
  std::string method;
};

// Two-sided intervals of sums of sampled durations begin here. With lognormal durations of sigma 1.4 (the LANL repair times) a nominal
// 95 % Fay-Feuer interval covers 92 % at 30 events and 94.5 % at 100.
inline constexpr std::uint64_t enough_events = 100;
// A few giants among many dwarfs are still few: the squared sum over the sum of squares counts them. A hundred lognormal durations of
// sigma 1.2, the catalogue's for zones and regions, count as 100 / exp(1.2^2) = 24.
inline constexpr double enough_effective_events = 24;

class EventSum {
 public:
  // `cautious` is at least `weight` and at least what such an event weighs on average. `long_one`: its length follows a repair law, whose
  // tail may be heavy; the others are bounded by timers.
  void add(double weight, double cautious, bool long_one);
  void add(double weight) { add(weight, weight, false); }
  // A replication ends; where there are fewer than `enough_replications`, the spread between the equal stretches of time that close_batch() ended
  // within it stands for theirs.
  static constexpr std::uint64_t enough_replications = 30;
  static constexpr int batches = 40;  // Of a replication.
  void close_batch();
  void close_replication();
  // The schedule, not chance, sets how many events a replication has: only the spread between replications is uncertainty.
  void set_scheduled() { scheduled_ = true; }

  // The replications that follow, summed up elsewhere: exactly as if they had been added here.
  void merge(const EventSum& later);
  void write(ByteWriter& out) const;
  void read(ByteReader& in);

  WeightedSum seen() const { return seen_.total(); }
  double variance() const { return variance(seen()); }  // Of the sum: between events or between replications, whichever is larger.

  // Of sampled durations. `longest`: the largest mean weight that an event could have which has not been seen yet.
  // Two-sided when enough events were seen, and the long ones among them are enough too (also effectively), or so few that with the upper
  // bound on their part they make up less than 5 % of the sum. Otherwise one upper bound: Fay and Feuer's on the cautious weights, with
  // one more event of `longest`. With no event that bound is 2.996 * longest / exposure.
  Estimate durations(double exposure, double longest, const std::string& events, const std::string& longest_words) const;

  // The same of many short events and a few long ones: where durations() has one bound, this has two limits as soon as a short one was seen. The lower
  // one knows of short events only, which their timers bound.
  Estimate short_and_long(double exposure, double longest, const std::string& events, const std::string& longest_words) const;

  // Of bounded weights, as in a count of partitions: two-sided from one event on. `most`: the largest weight an event can have.
  Estimate counts(double exposure, double most, const std::string& events) const;

 private:
  double variance(const WeightedSum& sum) const;
  double variance_between_batches() const;

  Weights seen_, cautious_, long_cautious_, short_;
  bool scheduled_ = false;
  double replication_sum_ = 0;
  Spread replications_;
  double batch_sum_ = 0;
  std::vector<float> batches_;  // Of all replications, while they are few. Their spread needs no more digits.
};

// A ratio of two sums over events, such as time over number, with Student's t on the linearised ratio.
class EventRatio {
 public:
  void add(double numerator, double denominator);
  void merge(const EventRatio& later);
  void write(ByteWriter& out) const;
  void read(ByteReader& in);
  std::uint64_t events() const { return events_; }
  // Two-sided from enough_events on, below that an upper bound from ten events on, and no limit with fewer.
  Estimate estimate(const std::string& events) const;

 private:
  std::uint64_t events_ = 0;
  ExactSum top_, bottom_, top_top_, top_bottom_, bottom_bottom_;
};

}  // namespace nines::analysis
