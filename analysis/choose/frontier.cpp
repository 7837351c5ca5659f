#include "analysis/choose/frontier.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "sim/base/check.hpp"

namespace nines::analysis {

std::vector<Ranked> ranked(std::span<const Choice> choices) {
  std::vector<Ranked> all;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    SIM_CHECK(std::isfinite(choices[i].cost) && std::isfinite(choices[i].downtime), "a choice without a finite cost or downtime");
    all.push_back({.index = i});
  }
  std::sort(all.begin(), all.end(), [&](const Ranked& a, const Ranked& b) {
    return std::tuple(choices[a.index].cost, choices[a.index].downtime, a.index) < std::tuple(choices[b.index].cost, choices[b.index].downtime, b.index);
  });
  std::optional<std::size_t> best;  // Of all that cost no more: the one that is down least.
  for (Ranked& one : all) {
    const Choice& choice = choices[one.index];
    if (best && choices[*best].downtime <= choice.downtime) {
      one.beaten = best;
      continue;
    }
    if (best) {
      one.against = best;
      one.per_minute = 12 * (choice.cost - choices[*best].cost) / (choices[*best].downtime - choice.downtime);
    }
    best = one.index;
  }
  return all;
}

}  // namespace nines::analysis
