#include "scenarios/fuzz/shrink.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/fuzz/swarm.hpp"

namespace nines::fuzz {

namespace {

class Shrinker {
 public:
  Shrinker(Plan plan, const Finding& finding, std::size_t runs, const std::function<bool()>& stop)
      : best_(std::move(plan)), finding_(finding), runs_(runs), stop_(stop) {}

  // Keeps `plan` if it breaks the same property.
  bool try_out(Plan plan) {
    if (stop_ && stop_()) runs_ = 0;
    if (runs_ == 0) return false;
    --runs_;
    const Outcome outcome = run_plan(plan);
    if (!outcome.finding || outcome.finding->property != finding_.property) return false;
    if (outcome.finding->property != "liveness") {  // What would come later has no say.
      const Instant end = outcome.finding->at;
      plan.actions.erase(std::find_if(plan.actions.begin(), plan.actions.end(), [&](const Action& a) { return a.at > end; }), plan.actions.end());
    }
    best_ = std::move(plan);
    return true;
  }

  void take_actions_away() {
    for (std::size_t parts = 2; runs_ > 0 && !best_.actions.empty();) {
      const std::size_t size = best_.actions.size(), part = (size + parts - 1) / parts;
      bool smaller = false;
      for (std::size_t from = 0; from < best_.actions.size() && !smaller; from += part) {
        Plan without = best_;
        without.actions.erase(without.actions.begin() + static_cast<std::ptrdiff_t>(from),
                              without.actions.begin() + static_cast<std::ptrdiff_t>(std::min(from + part, without.actions.size())));
        smaller = try_out(std::move(without));
      }
      if (smaller)
        parts = std::max<std::size_t>(parts - 1, 2);
      else if (part == 1)
        return;
      else
        parts = std::min(2 * parts, size);
    }
  }

  template <class Change>
  void plainer(Change change) {
    Plan plan = best_;
    change(plan);
    try_out(std::move(plan));
  }

  const Plan& best() const { return best_; }

 private:
  Plan best_;
  const Finding& finding_;
  std::size_t runs_;
  const std::function<bool()>& stop_;
};

}  // namespace

Plan shrink(const Plan& plan, const Finding& finding, std::size_t runs, const std::function<bool()>& stop) {
  Shrinker shrinker(plan, finding, runs, stop);
  shrinker.try_out(plan);
  shrinker.take_actions_away();
  shrinker.plainer([](Plan& p) { p.wire.tail_share = 0; });
  shrinker.plainer([](Plan& p) { p.wire.loss = 0; });
  shrinker.plainer([](Plan& p) { p.wire.duplicates = 0; });
  shrinker.plainer([](Plan& p) { p.drift_ppm.fill(0); });
  shrinker.plainer([](Plan& p) { p.wire.connections = true; });
  shrinker.plainer([](Plan& p) { p.wire.spread = 0ns; });
  shrinker.plainer([](Plan& p) { p.disk.spread = 0ns; });
  shrinker.plainer([](Plan& p) { p.disk.tail_share = 0; });
  shrinker.plainer([](Plan& p) { p.demand.insistent = 0; });
  shrinker.take_actions_away();
  return shrinker.best();
}

std::string story_of(const Plan& plan, std::size_t lines) {
  std::string story;
  Arena arena(plan, &story);
  arena.run();
  std::vector<std::string_view> all;
  for (std::size_t at = 0; at < story.size();) {
    const std::size_t end = story.find('\n', at) + 1;
    all.push_back(std::string_view(story).substr(at, end - at));
    at = end;
  }
  // What was done must not be missed: it is why. Of the rest the beginning and, above all, the end.
  std::string text;
  bool left_out = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool keep = i < lines / 3 || all.size() - i <= lines - lines / 3 || all[i].find(" s  *   ") != std::string_view::npos;
    if (!keep && !left_out) text += "                ...\n";
    left_out = !keep;
    if (keep) text += all[i];
  }
  return text;
}

}  // namespace nines::fuzz
