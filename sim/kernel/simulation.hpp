// The event loop: a clock, a queue of keys, pooled payloads and deadline timers. Events are plain values, delivered to
// `model.on(now, event, simulation)`; the overload is chosen at compile time.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/time.hpp"
#include "sim/kernel/key.hpp"
#include "sim/kernel/pool.hpp"
#include "sim/kernel/queue.hpp"
#include "sim/kernel/timer.hpp"
#include "sim/kernel/trace.hpp"

namespace nines::sim {

// A timer is due. It is disarmed when this is delivered.
struct Alarm {
  TimerId timer;
};

// An event that says no more than whom it is for lives in its key: struct Tick { std::uint32_t index; }, with an index below 2^24.
template <class Event>
concept Addressed = sizeof(Event) == sizeof(std::uint32_t) && requires(Event event) {
  { event.index } -> std::same_as<std::uint32_t&>;
};

// Optional members of an event type: `void digest(Hash&) const` adds its payload to the fingerprint; `std::string text() const` is its
// line in a trace; `static constexpr bool commutes = true` says that two pooled ones with one time and rank may leave in either order.
template <class Event>
concept Digestible = requires(const Event event, Hash& hash) {
  event.digest(hash);
};
template <class Event>
concept Readable = requires(const Event event) {
  { event.text() } -> std::convertible_to<std::string>;
};
template <class Event>
concept Commuting = requires {
  requires Event::commutes;
};

// The delay of every event that takes a lane, by the lane's number.
template <std::size_t count>
using Lanes = std::array<Duration, count>;

#ifdef NINES_DEBUG_CHECKS
inline constexpr bool debug_checks = true;
#else
inline constexpr bool debug_checks = false;
#endif

// A value: a copy continues identically. Allocates nothing once its queues and pools have reached their largest size.
template <bool check_ties, std::size_t lane_count, class... Events>
class BasicSimulation {
  static_assert(sizeof...(Events) < 15, "a slot has 4 bits for the kind of an event, and one kind is the timers'");

 public:
  BasicSimulation() requires(lane_count == 0) = default;
  explicit BasicSimulation(const Lanes<lane_count>& delays) : delays_(delays) {}

  Instant now() const { return now_; }
  std::uint64_t events() const { return events_; }                    // Delivered so far; early surfacings of timers do not count.
  std::uint64_t fingerprint() const { return fingerprint_.value(); }  // Of all events delivered: time, rank, kind, payload.
  std::size_t pending() const { return queue_.size(); }
  void reserve(std::size_t pending) { queue_.reserve(pending); }

  // Delivers `event` at an instant that is not in the past. `rank` is computed from content: see make_rank.
  template <class Event>
  void at(Instant when, std::uint64_t rank, const Event& event) {
    SIM_CHECK(when >= now_, "an event is scheduled into the past");
    queue_.push(make_key(when, rank, slot_for(event)));
  }

  // Delivers `event` after the constant delay of a lane.
  template <class Event>
  void after(std::size_t lane, std::uint64_t rank, const Event& event) {
    queue_.push(lane, make_key(now_ + delays_[lane], rank, slot_for(event)));
  }

  TimerId add_timer(std::uint64_t rank) {
    SIM_CHECK(timers_.size() < index_limit, "more than 2^24 timers");
    return timers_.add(rank);
  }
  void arm(TimerId timer, Instant deadline) {
    SIM_CHECK(deadline >= now_ && deadline != never, "a timer is armed into the past or for never");
    if (timers_.arm(timer, deadline)) queue_.push(make_key(deadline, timers_.rank(timer), slot_of_timer(timer)));
  }
  void disarm(TimerId timer) { timers_.disarm(timer); }
  Instant deadline(TimerId timer) const { return timers_[timer].deadline; }  // `never` when disarmed.

  // Delivers everything that lies before `end`, then sets the clock to `end`.
  template <class Model, class Tracer = NoTrace>
  void run_until(Instant end, Model& model, Tracer&& trace = Tracer{}) {
    stopped_ = false;
    const Key limit = make_key(end, 0, 0);
    while (!stopped_) {
      const Key key = queue_.take_below(limit);
      if (key >= limit) {
        now_ = end;
        return;
      }
      deliver(key, model, trace);
    }
  }

  // Ends the run after the event that is being delivered; run_until continues it.
  void stop() { stopped_ = true; }

 private:
  static constexpr int index_bits = 24;
  static constexpr std::uint32_t index_limit = 1u << index_bits;
  static constexpr std::uint32_t timer_kind = 15;

  template <class Event>
  static constexpr std::uint32_t kind_of() {
    std::uint32_t kind = 0;
    const bool found = ((std::is_same_v<Event, Events> || (++kind, false)) || ...);
    return found ? kind : timer_kind;
  }

  template <class Event>
  std::uint32_t slot_for(const Event& event) {
    constexpr std::uint32_t kind = kind_of<Event>();
    static_assert(kind != timer_kind, "this simulation has no such event");
    if constexpr (Addressed<Event>) {
      SIM_DEBUG_CHECK(event.index < index_limit, "an event addresses an index of more than 24 bits");
      return (kind << index_bits) | event.index;
    } else {
      return (kind << index_bits) | std::get<Pool<Event>>(pools_).put(event);
    }
  }
  static constexpr std::uint32_t slot_of_timer(TimerId timer) { return (timer_kind << index_bits) | timer.value; }

  template <class Model, class Tracer>
  void deliver(Key key, Model& model, Tracer& trace) {
    now_ = time_of(key);
    const std::uint32_t kind = slot_of(key) >> index_bits;
    const bool delivered = [&]<std::size_t... kinds>(std::index_sequence<kinds...>) {
      return ((kind == kinds && (deliver_as<Events>(key, model, trace), true)) || ...);
    }
    (std::index_sequence_for<Events...>{});
    if (!delivered) deliver_alarm(key, model, trace);
  }

  template <class Event, class Model, class Tracer>
  void deliver_as(Key key, Model& model, Tracer& trace) {
    const std::uint32_t index = slot_of(key) & (index_limit - 1);
    if constexpr (Addressed<Event>) {
      record<Event>(key, static_cast<std::uint64_t>(key), Event{index}, trace);
      model.on(now_, Event{index}, *this);
    } else {
      // A place in a pool is history, not content: it must neither decide an order nor enter the fingerprint.
      const Event event = std::get<Pool<Event>>(pools_).take(index);
      if constexpr (check_ties && !Commuting<Event>) {
        SIM_CHECK(((key ^ queue_.least()) >> index_bits) != 0,
                  "two pending events share their time, rank and kind: their order would be an accident");
      }
      record<Event>(key, static_cast<std::uint64_t>(key) & ~std::uint64_t{index_limit - 1}, event, trace);
      model.on(now_, event, *this);
    }
  }

  template <class Model, class Tracer>
  void deliver_alarm(Key key, Model& model, Tracer& trace) {
    const TimerId timer{slot_of(key) & (index_limit - 1)};
    switch (timers_.surface(timer, now_)) {
      case Surfaced::stale: return;
      case Surfaced::early: return queue_.push(with_time(key, timers_[timer].deadline));
      case Surfaced::due: break;
    }
    if constexpr (requires { model.on(now_, Alarm{timer}, *this); }) {
      record<Alarm>(key, static_cast<std::uint64_t>(key), Alarm{timer}, trace);
      model.on(now_, Alarm{timer}, *this);
    } else {
      SIM_CHECK(false, "a timer is due in a model without `on` for alarms");
    }
  }

  template <class Event, class Tracer>
  void record(Key key, std::uint64_t content, const Event& event, Tracer& trace) {
    ++events_;
    // The product is off the critical path: one multiply-fold an event.
    fingerprint_.add(static_cast<std::uint64_t>(count_ns(now_)) * 0xd1342543de82ef95ull + content);
    if constexpr (Digestible<Event>) event.digest(fingerprint_);
    if constexpr (std::remove_cvref_t<Tracer>::on) {
      if constexpr (Readable<Event>) {
        trace.add(now_, event.text());
      } else if constexpr (std::is_same_v<Event, Alarm>) {
        trace.add(now_, "timer " + std::to_string(event.timer.value) + " is due");
      } else {
        trace.add(now_, "event of kind " + std::to_string(kind_of<Event>()) + " and rank " + std::to_string(rank_of(key)));
      }
    }
  }

  Instant now_{};
  Queue<lane_count> queue_;
  Lanes<lane_count> delays_{};
  Timers timers_;
  std::tuple<Pool<Events>...> pools_;
  Hash fingerprint_;
  std::uint64_t events_ = 0;
  bool stopped_ = false;
};

template <std::size_t lane_count, class... Events>
using Simulation = BasicSimulation<debug_checks, lane_count, Events...>;

}  // namespace nines::sim
