#include "models/workload/limiter.hpp"

#include <algorithm>
#include <cmath>

namespace nines::workload {

using Kind = RequestLimitOptions::Kind;

RequestLimit::RequestLimit(const RequestLimitOptions& options) : options_(options) {
  if (options.kind == Kind::fixed) limit_ = options.fixed;
  if (options.kind == Kind::aimd) limit_ = options.initial;
  if (options.kind == Kind::vegas) limit_ = options.vegas_initial;
}

void RequestLimit::answered(Instant now, Duration rtt, std::int64_t in_work) {
  if (options_.kind == Kind::off || options_.kind == Kind::fixed) return;
  ++answers_;
  sum_ += rtt;
  most_in_work_ = std::max(most_in_work_, in_work);
  if (options_.window > Duration{0} && (now < window_ends_ || answers_ < options_.window_answers)) return;
  learn(sum_ / answers_, most_in_work_);
  window_ends_ = now + options_.window;
  answers_ = 0;
  sum_ = Duration{0};
  most_in_work_ = 0;
}

void RequestLimit::learn(Duration rtt, std::int64_t in_work) {
  switch (options_.kind) {
    case Kind::off:
    case Kind::fixed: return;
    case Kind::aimd:
      // A limit that is not half used says nothing about a higher one (Netflix concurrency-limits, AIMDLimit).
      if (rtt > options_.target) {
        limit_ *= options_.backoff;
      } else if (static_cast<double>(in_work) * 2 >= limit_) {
        limit_ += 1;
      }
      limit_ = std::clamp(std::floor(limit_), options_.least, options_.most);
      return;
    case Kind::vegas: {
      least_rtt_ = std::min(least_rtt_, std::max(rtt, Duration{1}));
      if (static_cast<double>(in_work) * 2 < limit_) return;
      // What of the limit waits in a queue, were the least time to answer the time without one.
      const double queued = std::ceil(limit_ * (1 - seconds(least_rtt_) / seconds(std::max(rtt, Duration{1}))));
      if (queued < options_.alpha) limit_ += 1;
      if (queued > options_.beta) limit_ -= 1;
      limit_ = std::clamp(limit_, options_.least, options_.most);
      return;
    }
  }
}

WriteLimit::WriteLimit(const WriteLimitOptions& options) : options_(options), rate_(options.per_s) {}

bool WriteLimit::accepts(Instant now) {
  if (rate_ <= 0) return true;
  tokens_ = std::min(tokens_ + rate_ * seconds(now - filled_), std::max(1.0, rate_ / 10));
  filled_ = now;
  return tokens_ >= 0;
}

void WriteLimit::written(double records) {
  if (rate_ > 0) tokens_ -= records;
}

void WriteLimit::measured(double backlog, double exported) {
  if (!options_.throttling) return;
  const double before = rate_;
  rate_ = options_.per_s;
  if (backlog > 0 && options_.acceptable_backlog < 2 * backlog) {
    const double sustained = options_.acceptable_backlog / backlog * exported / seconds(options_.resolution);
    rate_ = std::max(sustained, options_.least_per_s);
    if (options_.per_s > 0) rate_ = std::min(rate_, options_.per_s);
  }
  if (before <= 0) tokens_ = 0;
}

}  // namespace nines::workload
