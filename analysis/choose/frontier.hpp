// Which of several deployments is worth its price: those that no other beats in both cost and downtime, and what each avoided minute costs against the
// next cheaper of them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace nines::analysis {

struct Choice {
  double cost = 0;      // A month, of one currency for all.
  double downtime = 0;  // Minutes a year.
};

struct Ranked {
  std::size_t index = 0;                // Into the choices.
  std::optional<std::size_t> beaten{};  // By a choice that costs no more and is down no longer, and is better in one of them. Of equals, the first stays.
  std::optional<std::size_t> against{};  // The next cheaper that is not beaten; none for the cheapest, and none where this one is beaten.
  std::optional<double> per_minute{};  // Money for each minute a year that it avoids against that one: a year's difference in cost over the difference in downtime.
};

// By rising cost; of equal costs by downtime, then by index. Non-finite numbers are refused by a broken invariant.
std::vector<Ranked> ranked(std::span<const Choice> choices);
// The same one after the other: of a million choices only their order is kept.
void ranked(std::span<const Choice> choices, const std::function<void(const Ranked&)>& to);

}  // namespace nines::analysis
