// Who is let in: limits of requests in work (AIMD, Vegas, fixed) and of records written, as pure state machines. Time arrives as an argument.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace nines::workload {

// How many requests a partition's leader has in work at most. Defaults: Zeebe 8.9 (zeebe/broker/.../AIMDCfg, VegasCfg, LimitCfg).
struct RequestLimitOptions {
  enum class Kind : std::uint8_t { off, fixed, aimd, vegas } kind = Kind::off;
  double fixed = 20;
  Duration target = 200ms;  // aimd: an answer within this raises the limit by one, a later one lowers it.
  double initial = 100;     // aimd. Vegas starts at `vegas_initial`.
  double least = 1, most = 1000;
  double backoff = 0.9;
  // aimd, vegas: answers are averaged over at least this long and this many (Netflix concurrency-limits, WindowedLimit); 0: every answer counts.
  Duration window = 1s;
  int window_answers = 10;
  double alpha = 3, beta = 6, vegas_initial = 20;  // vegas: grow below alpha, shrink above beta requests in a queue (TCP Vegas; Netflix concurrency-limits).
  bool operator==(const RequestLimitOptions&) const = default;
};

class RequestLimit {
 public:
  RequestLimit() = default;
  explicit RequestLimit(const RequestLimitOptions& options);
  // Whether one more is let in while `in_work` are; the caller counts.
  bool accepts(std::int64_t in_work) const { return options_.kind == RequestLimitOptions::Kind::off || static_cast<double>(in_work) < limit_; }
  // A request is answered `rtt` after it was let in; `in_work` are in work, it included.
  void answered(Instant now, Duration rtt, std::int64_t in_work);
  double limit() const { return limit_; }
  bool operator==(const RequestLimit&) const = default;

 private:
  void learn(Duration rtt, std::int64_t in_work);

  RequestLimitOptions options_;
  double limit_ = 0;
  Duration least_rtt_ = Duration::max();
  Instant window_ends_{};  // Of those that are averaged:
  int answers_ = 0;
  Duration sum_{0};
  std::int64_t most_in_work_ = 0;
};

// How many records a partition writes in a second (Zeebe `flowControl.write`, from 8.6 on; docs.camunda.io, "Configure flow control").
struct WriteLimitOptions {
  double per_s = 0;         // 0: no limit but that of throttling.
  bool throttling = false;  // By what is not exported yet.
  double acceptable_backlog = 100'000;
  double least_per_s = 100;
  Duration resolution = 15s;  // The rate of exporting is measured, and the limit set, this often.
  bool operator==(const WriteLimitOptions&) const = default;
};

// A token bucket that holds a tenth of a second, and the rate at which it is filled. What the broker itself must write may overdraw it.
class WriteLimit {
 public:
  WriteLimit() = default;
  explicit WriteLimit(const WriteLimitOptions& options);
  bool on() const { return options_.per_s > 0 || options_.throttling; }
  bool throttles() const { return options_.throttling; }
  Duration resolution() const { return options_.resolution; }
  bool accepts(Instant now);     // Whether a client's command may be written.
  void written(double records);  // By anybody.
  // Every `resolution`: the records that wait to be exported, and how many were exported since the last time.
  void measured(double backlog, double exported);
  double per_s() const { return rate_; }  // 0: no limit.
  bool operator==(const WriteLimit&) const = default;

 private:
  WriteLimitOptions options_;
  double rate_ = 0;
  double tokens_ = 0;
  Instant filled_{};
};

}  // namespace nines::workload
