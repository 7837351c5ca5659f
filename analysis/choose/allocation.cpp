#include "analysis/choose/allocation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/stats/decision.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr double z = 1.959963984540054 * for_looking_again;

double variance_of_one(const Contender& one) { return one.error * one.error * static_cast<double>(one.replications); }

}  // namespace

Allocation allocate(std::span<const Contender> contenders, std::uint64_t budget, std::uint64_t most, std::uint64_t block) {
  SIM_CHECK(block > 0, "replications come in blocks");
  Allocation result;
  const std::size_t n = contenders.size();
  result.more.assign(n, 0);
  std::vector<double> weight(n, 0);
  const auto wants = [&](std::size_t i, double difference) {
    const double seen = std::max(difference * difference, 1e-300);
    weight[i] = std::max(weight[i], variance_of_one(contenders[i]) / seen);
  };

  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Contender &x = contenders[a], &y = contenders[b];
    return x.cost != y.cost ? x.cost < y.cost : x.downtime != y.downtime ? x.downtime < y.downtime : a < b;
  });
  // Along rising cost: a contender that is surely beaten by a cheaper one is out, and takes no part in what follows.
  std::vector<std::size_t> cheaper;
  for (const std::size_t i : order) {
    const Contender& one = contenders[i];
    const bool beaten = std::any_of(cheaper.begin(), cheaper.end(), [&](std::size_t j) {
      return one.downtime - contenders[j].downtime > z * std::hypot(one.error, contenders[j].error);
    });
    if (beaten) continue;
    for (const std::size_t j : cheaper) {
      const double difference = std::abs(one.downtime - contenders[j].downtime), error = std::hypot(one.error, contenders[j].error);
      if (difference > z * error || error == 0) continue;
      // What the two may differ by, and how many replications each would take to see it.
      const double hoped = difference + error;
      const double needed = z * z * (variance_of_one(one) + variance_of_one(contenders[j])) / (hoped * hoped);
      if (needed > static_cast<double>(most)) {
        ++result.close_pairs;
        continue;
      }
      ++result.open_pairs;
      wants(i, hoped);
      wants(j, hoped);
    }
    cheaper.push_back(i);
  }
  const double largest = n == 0 ? 0 : *std::max_element(weight.begin(), weight.end());
  for (std::size_t i = 0; i < n; ++i)
    if (contenders[i].open) weight[i] = std::max(weight[i], largest > 0 ? largest : 1);

  double total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (contenders[i].replications >= most) weight[i] = 0;
    total += weight[i];
  }
  if (total == 0) return result;
  for (std::size_t i = 0; i < n; ++i) {
    if (weight[i] == 0) continue;
    const double share = static_cast<double>(budget) * weight[i] / total;
    const auto blocks = static_cast<std::uint64_t>(std::max(1.0, std::round(share / static_cast<double>(block))));
    result.more[i] = std::min(blocks * block, most - contenders[i].replications);
  }
  return result;
}

}  // namespace nines::analysis
