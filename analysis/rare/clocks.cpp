#include <algorithm>
#include <cmath>

#include "analysis/rare/biasing.hpp"

namespace nines::analysis {
namespace {

constexpr double length_biased_share = 0.7;
class Excursion {
 public:
  Excursion(const System& system, Watch& watch, const Stream& stream, Bias bias)
      : system_(system), watch_(watch), stream_(stream), bias_(bias), parts_(system.parts.size()) {}

  Path run() {
    begin();
    if (bias_ == Bias::balanced) {
      while (down_ > 0 && !system_.lost(watch_) && path_.weight > 0) step_biased();
      if (path_.weight == 0) return clear_up();
    }
    if (down_ > 0) run_plainly();
    return path_;
  }

 private:
  // Seconds from the excursion's start on.
  struct State {
    double since = 0;    // Up: when it came up, or what its age says.
    double changes = 0;  // Down: when it is repaired. Up, after the loss: when it fails.
    double hazard = 0;   // Up, before the loss: cumulative, of its age now.
    double within = 0;   // And what is added until the next repair.
    double fails = 0;    // The probability of failing until then.
  };
  Words words(std::size_t of) const { return stream_.words({path_.changes, of}); }
  const Part& part(std::size_t i) const { return system_.parts[i]; }
  bool down(std::size_t i) const { return is_down(part(i), watch_); }

  void begin() {
    const Words drawn = stream_.words({0, parts_.size()});
    const Start start = draw_start(system_, to_unit(drawn[0]), to_unit(drawn[1]), bias_);
    path_.weight = start.weight;
    path_.likelihood = path_.weight / system_.excursions_per_s;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i == start.part || part(i).up.memoryless()) continue;
      const Words age = words(i);
      parts_[i].since = -part(i).up.stationary_age(to_unit(age[0]), to_unit(age[1]));
    }
    fail(start.part);
  }

  void weigh(double ratio) {
    path_.weight *= ratio;
    path_.likelihood *= ratio;
  }

  // What follows a fault while it lasts is the rarer the shorter it is, so long ones are drawn more often; but less so where many more
  // faults are to be expected anyway, since each would multiply the weights.
  void fail(std::size_t i) {
    ++path_.changes;
    ++down_;
    const Words drawn = words(i);
    weigh(analysis::fail(part(i), watch_, to_unit(drawn[3]), bias_));
    const Hazard& law = part(i).down;
    const double u = to_unit(drawn[0]), v = to_unit(drawn[1]);
    double lasts = 0;
    if (bias_ == Bias::balanced) {
      const double longer = length_biased_share / (1 + expected_);
      lasts = to_unit(drawn[2]) >= longer ? law.sample(u) : law.length_biased(u, v);
      weigh(1 / (1 - longer + longer * lasts / law.mean()));
    } else {
      lasts = law.sample(u);
    }
    parts_[i].changes = now_ + lasts;
  }

  void repair(std::size_t i) {
    analysis::repair(part(i), watch_);
    ++path_.changes;
    --down_;
    parts_[i].since = now_;
  }

  // A failure before the next repair, or that repair.
  void step_biased() {
    std::size_t next = 0;
    double at = infinity, last = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!down(i)) continue;
      last = std::max(last, parts_[i].changes);
      if (parts_[i].changes < at) {
        at = parts_[i].changes;
        next = i;
      }
    }
    double total = 0, added = 0, candidates = 0, later = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (down(i)) continue;
      State& up = parts_[i];
      up.hazard = part(i).up.cumulative(now_ - up.since);
      up.within = std::max(0.0, part(i).up.cumulative(at - up.since) - up.hazard);
      if (part(i).up.memoryless()) up.within = (at - now_) * part(i).fails_per_s;
      if (last > at && std::isfinite(up.within)) {  // What surely fails before the repair is not failing later.
        later += part(i).up.memoryless() ? (last - at) * part(i).fails_per_s : part(i).up.cumulative(last - up.since) - up.hazard - up.within;
      }
      up.fails = -std::expm1(-up.within);
      total += up.fails;
      added += up.within;
      candidates += up.fails > 0 ? 1 : 0;
    }
    expected_ = added + later;
    const double anyway = -std::expm1(-added), wanted = std::max(anyway, failure_first / (1 + later));
    const Words drawn = words(parts_.size());
    if (candidates == 0 || to_unit(drawn[0]) >= wanted) {
      if (candidates > 0) weigh(std::exp(-added) / (1 - wanted));
      now_ = at;
      return repair(next);
    }
    const auto share = [&](const State& up) { return 0.5 / candidates + 0.5 * up.fails / total; };
    std::size_t failing = parts_.size();
    double rest = to_unit(drawn[1]);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (down(i) || parts_[i].fails <= 0) continue;
      failing = i;
      rest -= share(parts_[i]);
      if (rest < 0) break;
    }
    const State& up = parts_[failing];
    const double hazard = -std::log1p(-to_unit(drawn[2]) * up.fails);  // Until its failure, given that it fails before the repair.
    const double then = part(failing).up.memoryless() ? now_ + hazard / part(failing).fails_per_s : up.since + part(failing).up.inverse(up.hazard + hazard);
    const double moment = std::clamp(then, now_, at);
    double others = 0;  // None of the others fails sooner.
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i == failing || down(i)) continue;
      others += part(i).up.memoryless() ? (moment - now_) * part(i).fails_per_s
                                        : std::max(0.0, part(i).up.cumulative(moment - parts_[i].since) - parts_[i].hazard);
    }
    weigh(up.fails / (wanted * share(up)) * std::exp(-others));
    now_ = moment;
    fail(failing);
  }

  void run_plainly() {
    bias_ = Bias::none;
    const std::uint64_t at_loss = path_.changes;
    for (std::size_t i = 0; i < parts_.size(); ++i)
      if (!down(i)) parts_[i].changes = now_ + part(i).up.left(now_ - parts_[i].since, to_unit(stream_.words({at_loss, i, 1})[0]));
    bool was_lost = false;
    while (down_ > 0) {
      const bool lost = system_.lost(watch_);
      if (lost && !was_lost) path_.losses += 1;
      was_lost = lost;
      std::size_t next = 0;
      for (std::size_t i = 1; i < parts_.size(); ++i)
        if (parts_[i].changes < parts_[next].changes) next = i;
      if (lost) path_.lost_s += parts_[next].changes - now_;
      now_ = parts_[next].changes;
      if (down(next)) {
        repair(next);
        parts_[next].changes = now_ + part(next).up.sample(to_unit(words(next)[0]));
      } else {
        fail(next);
      }
      if (path_.changes >= longest_path) {
        path_.finished = false;
        clear_up();
      }
    }
  }

  Path clear_up() {
    for (const Part& each : system_.parts) analysis::repair(each, watch_);
    down_ = 0;
    return path_;
  }

  const System& system_;
  Watch& watch_;
  const Stream& stream_;
  Bias bias_;
  std::vector<State> parts_;
  Path path_;
  double now_ = 0;
  double expected_ = 0;  // Failures until the last of the present faults is repaired.
  std::size_t down_ = 0;
};

}  // namespace

Path excursion_by_clocks(const System& system, Watch& watch, const Stream& stream, Bias bias) { return Excursion(system, watch, stream, bias).run(); }

}  // namespace nines::analysis
