#include "analysis/rare/splitting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace nines::analysis {
namespace {

enum class State : std::uint8_t { up, alone, grown };

// An excursion at the moment it came nearer. Clocks are kept as ages, not as times of the next change: given its age, what is left of a clock is
// independent of the past, and copies draw it anew.
struct Entry {
  double weight = 0;         // 1 / s
  std::vector<double> ages;  // Per part: in its state.
  std::vector<State> states;
};

class Splitter {
 public:
  Splitter(const System& system, const Cuts& cuts, const Streams& streams, const SplittingOptions& options)
      : system_(system),
        streams_(streams),
        effort_(options.effort),
        n_(system.parts.size()),
        watch_(*system.model),
        distance_(cuts, n_),
        states_(n_),
        since_(n_),
        next_(n_) {}

  Repetition run() {
    const std::size_t far = distance_.value();  // Of all up.
    std::vector<Entry> entries = first_failures();
    double share = 1;
    for (std::size_t level = far; level-- > 0 && !entries.empty();) {
      std::vector<Entry> nearer;
      const std::size_t paths = level + 1 == far ? entries.size() : effort_;
      for (std::size_t path = 0; path < paths && repetition_.finished; ++path) {
        const Stream stream = streams_.of((level + 1) << 32 | path, Purpose::level);
        const std::size_t from = level + 1 == far ? path : stream.word({0, n_}) % entries.size();
        if (approach(entries[from], level, stream)) nearer.push_back(entry(entries[from].weight));
      }
      share *= static_cast<double>(nearer.size()) / static_cast<double>(paths);
      entries = std::move(nearer);
    }
    repetition_.hits = entries.size();
    for (std::size_t i = 0; i < entries.size() && repetition_.finished; ++i) {
      const double weight = share * entries[i].weight / static_cast<double>(entries.size());
      see_out(entries[i], weight, streams_.of(i, Purpose::level));
    }
    return repetition_;
  }

 private:
  const Part& part(std::size_t i) const { return system_.parts[i]; }

  std::vector<Entry> first_failures() {
    std::vector<Entry> entries(effort_);
    for (std::size_t path = 0; path < effort_; ++path) {
      const Stream stream = streams_.of(path, Purpose::excursion);
      const Words words = stream.words({0, n_});
      const Start start = draw_start(system_, to_unit(words[0]), to_unit(words[1]), Bias::balanced);
      entries[path].weight = start.weight;
      entries[path].states.assign(n_, State::up);
      entries[path].ages.assign(n_, 0);
      entries[path].states[start.part] = failed(start.part, to_unit(words[2]));
      for (std::size_t i = 0; i < n_; ++i) {
        if (i == start.part || part(i).up.memoryless()) continue;
        const Words age = stream.words({0, i});
        entries[path].ages[i] = part(i).up.stationary_age(to_unit(age[0]), to_unit(age[1]));
      }
    }
    return entries;
  }

  State failed(std::size_t i, double u) const { return u < part(i).grows ? State::grown : State::alone; }

  void set(std::size_t i, State state) {
    if (states_[i] == state) return;
    for (const State each : {states_[i], state}) {
      if (each == State::up) continue;
      const bool down = each == state;
      watch_.set(each == State::grown ? part(i).whole : part(i).atom, down);
      distance_.set(fault_of(i, each == State::grown ? 1 : 0), down);
      down_count_ += down ? 1u : static_cast<std::size_t>(-1);
    }
    states_[i] = state;
  }

  void resume(const Entry& from, const Stream& stream) {
    now_ = 0;
    steps_ = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      set(i, from.states[i]);
      since_[i] = -from.ages[i];
      const Hazard& law = from.states[i] == State::up ? part(i).up : part(i).down;
      next_[i] = law.left(from.ages[i], to_unit(stream.words({0, i, 1})[0]));
    }
  }
  Entry entry(double weight) const {
    Entry here{.weight = weight, .ages = std::vector<double>(n_), .states = states_};
    for (std::size_t i = 0; i < n_; ++i) here.ages[i] = now_ - since_[i];
    return here;
  }
  double until_next() {
    soonest_ = 0;
    for (std::size_t i = 1; i < n_; ++i)
      if (next_[i] < next_[soonest_]) soonest_ = i;
    return next_[soonest_] - now_;
  }
  void step(const Stream& stream) {
    const std::size_t i = soonest_;
    now_ = next_[i];
    since_[i] = now_;
    ++steps_;
    ++repetition_.changes;
    const bool fails = states_[i] == State::up;
    const Words words = stream.words({steps_, i});
    set(i, fails ? failed(i, to_unit(words[1])) : State::up);
    const Hazard& law = fails ? part(i).down : part(i).up;
    next_[i] = now_ + law.sample(to_unit(words[0]));
  }
  bool given_up() {
    if (steps_ < longest_path) return false;
    repetition_.finished = false;
    return true;
  }
  bool near(std::size_t level) const { return level == 0 ? system_.lost(watch_) : system_.lost(watch_) || distance_.value() <= level; }

  // Whether the excursion comes so near before all is up.
  bool approach(const Entry& from, std::size_t level, const Stream& stream) {
    resume(from, stream);
    while (!near(level)) {
      until_next();
      step(stream);
      if (down_count_ == 0 || given_up()) return false;
    }
    return true;
  }

  void see_out(const Entry& from, double weight, const Stream& stream) {
    resume(from, stream);
    bool was_lost = false;
    double lost_s = 0, losses = 0;
    while (down_count_ > 0 && !given_up()) {
      const bool lost = system_.lost(watch_);
      if (lost && !was_lost) losses += 1;
      was_lost = lost;
      const double stays = until_next();
      if (lost) lost_s += stays;
      step(stream);
    }
    repetition_.value += weight * lost_s;
    repetition_.losses_per_s += weight * losses;
  }

  const System& system_;
  const Streams& streams_;
  std::size_t effort_, n_;
  Watch watch_;
  Distance distance_;
  std::vector<State> states_;
  std::vector<double> since_, next_;
  double now_ = 0;
  std::size_t soonest_ = 0, down_count_ = 0;
  std::uint64_t steps_ = 0;
  Repetition repetition_;
};

}  // namespace

Repetition split(const System& system, const Cuts& cuts, const Streams& streams, const SplittingOptions& options) {
  return Splitter(system, cuts, streams, options).run();
}

}  // namespace nines::analysis
