#include "analysis/choose/frontier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "sim/base/check.hpp"

namespace nines::analysis {

void ranked(std::span<const Choice> choices, const std::function<void(const Ranked&)>& to) {
  for (const Choice& choice : choices)
    SIM_CHECK(std::isfinite(choice.cost) && std::isfinite(choice.downtime), "a choice without a finite cost or downtime");
  std::vector<std::size_t> order(choices.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(choices[a].cost, choices[a].downtime, a) < std::tuple(choices[b].cost, choices[b].downtime, b);
  });
  std::optional<std::size_t> best;  // Of all that cost no more: the one that is down least.
  for (const std::size_t index : order) {
    const Choice& choice = choices[index];
    Ranked one{.index = index, .beaten = {}, .against = {}, .per_minute = {}};
    if (best && choices[*best].downtime <= choice.downtime) {
      one.beaten = best;
    } else {
      if (best) {
        one.against = best;
        one.per_minute = 12 * (choice.cost - choices[*best].cost) / (choices[*best].downtime - choice.downtime);
      }
      best = index;
    }
    to(one);
  }
}

std::vector<Ranked> ranked(std::span<const Choice> choices) {
  std::vector<Ranked> all;
  all.reserve(choices.size());
  ranked(choices, [&](const Ranked& one) { all.push_back(one); });
  return all;
}

}  // namespace nines::analysis
