#include "analysis/rare/biasing.hpp"

namespace nines::analysis {
namespace {

struct Choice {
  std::size_t part = 0;
  double probability = 0;
};

// Among the parts that are down as asked, by their rates `Part::*rate`, or half of the draws evenly.
class Chooser {
 public:
  Chooser(const System& system, const Watch& watch, double Part::*rate, bool down) : system_(system), watch_(watch), rate_(rate), down_(down) {
    for (const Part& part : system.parts) {
      if (watch.down(part.atom) != down) continue;
      total_ += part.*rate;
      ++count_;
    }
  }
  double total() const { return total_; }
  std::size_t count() const { return count_; }

  Choice by_rate(double u) const {
    const std::size_t i = find(u * total_, [this](const Part& part) { return part.*rate_; });
    return {i, system_.parts[i].*rate_ / total_};
  }
  Choice balanced(double u) const {
    const auto n = static_cast<double>(count_);
    const std::size_t i = find(u, [this, n](const Part& part) { return 0.5 / n + 0.5 * (part.*rate_) / total_; });
    return {i, 0.5 / n + 0.5 * (system_.parts[i].*rate_) / total_};
  }

 private:
  template <class Share>
  std::size_t find(double rest, Share share) const {
    std::size_t last = 0;
    for (std::size_t i = 0; i < system_.parts.size(); ++i) {
      if (watch_.down(system_.parts[i].atom) != down_) continue;
      last = i;
      rest -= share(system_.parts[i]);
      if (rest < 0) break;
    }
    return last;
  }

  const System& system_;
  const Watch& watch_;
  double Part::*rate_;
  bool down_;
  double total_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

Path excursion_by_jumps(const System& system, Watch& watch, const Stream& stream, Bias bias) {
  Path path;
  Words words = stream.words({});
  const Start start = draw_start(system, bias == Bias::none ? 1 : to_unit(words[0]), to_unit(words[1]));
  path.weight = bias == Bias::none ? system.excursions_per_s : start.weight;
  path.likelihood = path.weight / system.excursions_per_s;
  const auto change = [&](std::size_t part, bool down) {
    watch.set(system.parts[part].atom, down);
    ++path.changes;
  };
  change(start.part, true);
  std::size_t down = 1;
  bool was_lost = false, biased = bias == Bias::balanced;
  while (down > 0) {
    const Chooser failures(system, watch, &Part::fails_per_s, false), repairs(system, watch, &Part::repairs_per_s, true);
    const double rate = failures.total() + repairs.total();
    const bool lost = system.lost(watch);
    if (lost) {
      path.lost_s += 1 / rate;
      biased = false;
      if (!was_lost) path.losses += 1;
    }
    was_lost = lost;
    if (path.changes == longest_path) path.finished = false;
    words = stream.words({0, path.changes});
    const double u = to_unit(words[0]), v = to_unit(words[1]);
    double ratio = 1;
    if (!path.finished) {
      change(repairs.by_rate(v).part, false);
      --down;
      continue;
    }
    if (biased && failures.count() > 0) {
      if (u < failure_first) {
        const Choice next = failures.balanced(v);
        ratio = system.parts[next.part].fails_per_s / rate / (failure_first * next.probability);
        change(next.part, true);
        ++down;
      } else {
        ratio = repairs.total() / rate / (1 - failure_first);
        change(repairs.by_rate(v).part, false);
        --down;
      }
      path.weight *= ratio;
      path.likelihood *= ratio;
    } else if (u * rate < failures.total()) {
      change(failures.by_rate(v).part, true);
      ++down;
    } else {
      change(repairs.by_rate(v).part, false);
      --down;
    }
  }
  return path;
}

}  // namespace nines::analysis
