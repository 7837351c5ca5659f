// Where commands wait: the cores of a machine, servers of bytes and records, and the books from which Little's law can be checked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/time.hpp"

namespace nines::workload {

// A queue that allocates only when it holds more than ever before. A value.
template <class T>
class Ring {
 public:
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return static_cast<std::size_t>(tail_ - head_); }
  std::size_t places() const { return items_.size(); }
  T& operator[](std::size_t i) { return items_[(head_ + i) & mask_]; }
  const T& operator[](std::size_t i) const { return items_[(head_ + i) & mask_]; }
  T& front() { return items_[head_ & mask_]; }
  T& back() { return items_[(tail_ - 1) & mask_]; }
  void push(const T& item) {
    if (size() == items_.size()) [[unlikely]]
      grow();
    items_[tail_++ & mask_] = item;
  }
  T pop() { return items_[head_++ & mask_]; }
  T pop_back() { return items_[--tail_ & mask_]; }
  void clear() { head_ = tail_ = 0; }

 private:
  void grow() {
    std::vector<T> larger(std::max<std::size_t>(4, 2 * items_.size()));
    const std::size_t kept = size();
    for (std::size_t i = 0; i < kept; ++i) larger[i] = (*this)[i];
    items_ = std::move(larger);
    mask_ = items_.size() - 1;
    head_ = 0;
    tail_ = kept;
  }

  std::vector<T> items_;  // A power of two, or empty.
  std::uint64_t mask_ = 0, head_ = 0, tail_ = 0;
};

// The books of one station. The number present is integrated over time where it changes; sojourns are summed where they are known: two ways to
// one quantity, which Little's law compares.
struct Meter {
  std::int64_t number = 0;
  std::uint64_t arrivals = 0, completions = 0;
  double area_ns = 0;
  double sojourn_ns = 0;
  double busy_ns = 0;  // Work that was done, in the unit of the station's capacity.
  Instant since{};

  void integrate(Instant now) {
    area_ns += static_cast<double>(number) * static_cast<double>((now - since).count());
    since = now;
  }
  void arrive(Instant now, std::int64_t more = 1) {
    integrate(now);
    number += more;
    arrivals += static_cast<std::uint64_t>(more);
  }
  void leave(Instant now, std::int64_t less = 1) {
    integrate(now);
    number -= less;
    completions += static_cast<std::uint64_t>(less);
  }
  void stayed(Duration sojourn) { sojourn_ns += static_cast<double>(sojourn.count()); }
  // What is here is gone without having been served.
  void vanish(Instant now, std::int64_t less) {
    integrate(now);
    number -= less;
  }
  // Measuring starts here; what is present stays.
  void reset(Instant now) {
    arrivals = completions = 0;
    area_ns = sojourn_ns = busy_ns = 0;
    since = now;
  }
};

// The cores of one machine: first come, first served, each job on one core; jobs of threads that hold one at a time go first.
class Cores {
 public:
  Cores() = default;
  explicit Cores(int cores) : free_(static_cast<std::size_t>(cores)) {}
  // Seconds of work that a core does in a second.
  void set_rate(double rate) {
    SIM_CHECK(rate > 0, "a machine has no CPU time left for its brokers");
    ns_per_s_ = 1e9 / rate;
  }
  // When a job of `work_s` seconds at speed 1 that comes now is done.
  Instant serve(Instant now, double work_s) {
    const Duration time = duration(work_s);
    return booked(now, time, put(free_, now, time));
  }
  // The same of a job that goes before all that wait, and waits only for others like it: of a thread that holds one job at a time. What it takes is
  // taken from those that come later, so that the cores together do no more than they can.
  Instant serve_first(Instant now, double work_s) {
    const Duration time = duration(work_s);
    if (first_.empty()) first_.resize(free_.size());
    put(free_, now, time);
    return booked(now, time, put(first_, now, time));
  }
  void done(Instant now) { meter.leave(now); }
  double time(double work_s) const { return work_s * ns_per_s_; }  // Of a job on a free core, in nanoseconds.
  std::size_t cores() const { return free_.size(); }

  Meter meter;

 private:
  Duration duration(double work_s) const { return Duration{static_cast<std::int64_t>(time(work_s) + 0.5)}; }
  static Instant put(std::vector<Instant>& cores, Instant now, Duration time) {
    Instant& core = next(cores, now);
    return core = std::max(core, now) + time;
  }
  Instant booked(Instant now, Duration time, Instant done) {
    meter.busy_ns += static_cast<double>(time.count());
    meter.arrive(now);
    meter.stayed(done - now);
    return done;
  }
  // The one that takes the next job. Those that are idle are all alike.
  static Instant& next(std::vector<Instant>& cores, Instant now) {
    Instant* first = cores.data();
    for (Instant& core : cores) {
      if (core <= now) return core;
      first = core < *first ? &core : first;
    }
    return *first;
  }

  std::vector<Instant> free_;   // When each core has done what it was given.
  std::vector<Instant> first_;  // The same of the jobs that go first.
  double ns_per_s_ = 1e9;
};

// One server for amounts (bytes, records) at a rate, first come, first served. Without a rate everything is done at once.
class Server {
 public:
  Server() = default;
  explicit Server(double rate) : ns_each_(rate > 0 ? 1e9 / rate : 0) {}
  bool limited() const { return ns_each_ > 0; }
  Instant serve(Instant now, double amount) {
    if (!limited()) return now;
    settle(now);
    const Duration time{static_cast<std::int64_t>(amount * ns_each_ + 0.5)};
    free_ = std::max(free_, now) + time;
    meter.busy_ns += static_cast<double>(time.count());
    meter.arrive(now);
    meter.stayed(free_ - now);
    departures_.push(free_);
    return free_;
  }
  // Brings the books up to date.
  void settle(Instant now) {
    while (!departures_.empty() && departures_.front() <= now) meter.leave(departures_.pop());
    meter.integrate(now);
  }
  std::size_t places() const { return departures_.places(); }

  Meter meter;

 private:
  double ns_each_ = 0;
  Instant free_{};
  Ring<Instant> departures_;
};

}  // namespace nines::workload
