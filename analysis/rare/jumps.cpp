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
      if (is_down(part, watch) != down) continue;
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
      if (is_down(system_.parts[i], watch_) != down_) continue;
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
  const Start start = draw_start(system, to_unit(words[0]), to_unit(words[1]), bias);
  path.weight = start.weight;
  path.likelihood = start.weight / system.excursions_per_s;
  const auto weigh = [&](double ratio) {
    path.weight *= ratio;
    path.likelihood *= ratio;
  };
  std::size_t down = 0;
  Bias now = bias;  // None after the loss.
  const auto failed = [&](std::size_t part) {
    weigh(fail(system.parts[part], watch, to_unit(words[2]), now));
    ++path.changes;
    ++down;
  };
  const auto repaired = [&](std::size_t part) {
    repair(system.parts[part], watch);
    ++path.changes;
    --down;
  };
  failed(start.part);
  bool was_lost = false;
  while (down > 0) {
    const Chooser failures(system, watch, &Part::fails_per_s, false), repairs(system, watch, &Part::repairs_per_s, true);
    const double rate = failures.total() + repairs.total();
    const bool lost = system.lost(watch);
    if (lost) {
      path.lost_s += 1 / rate;
      now = Bias::none;
      if (!was_lost) path.losses += 1;
    }
    was_lost = lost;
    if (path.changes == longest_path) path.finished = false;
    words = stream.words({0, path.changes});
    const double u = to_unit(words[0]), v = to_unit(words[1]);
    if (!path.finished) {
      repaired(repairs.by_rate(v).part);
    } else if (now == Bias::balanced && failures.count() > 0) {
      if (u < failure_first) {
        const Choice next = failures.balanced(v);
        weigh(system.parts[next.part].fails_per_s / rate / (failure_first * next.probability));
        failed(next.part);
      } else {
        weigh(repairs.total() / rate / (1 - failure_first));
        repaired(repairs.by_rate(v).part);
      }
    } else if (u * rate < failures.total()) {
      failed(failures.by_rate(v).part);
    } else {
      repaired(repairs.by_rate(v).part);
    }
  }
  return path;
}

}  // namespace nines::analysis
