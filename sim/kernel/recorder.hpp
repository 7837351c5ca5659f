// What a model writes down while it runs: how often, and for how long in which state. Plain values; two of them add up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace nines::sim {

struct Counter {
  std::uint64_t count = 0;

  void add(std::uint64_t more = 1) { count += more; }
  void merge(const Counter& other) { count += other.count; }
  double per_year(Duration observed) const { return static_cast<double>(count) / years(observed); }
};

// Time spent in each of a few states. Exact: times are integers.
class TimeInState {
 public:
  TimeInState(std::size_t states, std::size_t state, Instant since) : times_(states, Duration{0}), state_(state), since_(since) {
    SIM_CHECK(state < states, "a recorder starts in a state that it does not have");
  }

  std::size_t state() const { return state_; }
  Instant since() const { return since_; }

  // The state changes at `now`; entering the current state again only brings the books up to date.
  void enter(std::size_t state, Instant now) {
    SIM_CHECK(state < times_.size(), "a recorder enters a state that it does not have");
    SIM_CHECK(now >= since_, "a recorder's time runs backwards");
    times_[state_] += now - since_;
    state_ = state;
    since_ = now;
  }

  // Up to `until`, which is not before the last change.
  Duration time_in(std::size_t state, Instant until) const { return times_[state] + (state == state_ ? until - since_ : Duration{0}); }
  Duration total(Instant until) const {
    Duration sum = until - since_;
    for (const Duration time : times_) sum += time;
    return sum;
  }
  double share_of(std::size_t state, Instant until) const {
    const Duration all = total(until);
    return all == Duration{0} ? 0 : static_cast<double>(time_in(state, until).count()) / static_cast<double>(all.count());
  }

  // Adds what another recorder has closed; call enter(state(), until) on both first.
  void merge(const TimeInState& other) {
    SIM_CHECK(times_.size() == other.times_.size(), "recorders of different states do not add up");
    for (std::size_t i = 0; i < times_.size(); ++i) times_[i] += other.times_[i];
  }

 private:
  std::vector<Duration> times_;
  std::size_t state_;
  Instant since_;
};

}  // namespace nines::sim
