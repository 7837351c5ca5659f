// A quantile as a metric, with the limits that order statistics give whatever the law.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "analysis/stats/interval.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {

// Of n sorted values that behave like `independent` ones; `at` reads the value of a rank.
template <class At>
Metric quantile(std::string name, double p, std::uint64_t n, std::uint64_t independent, const At& at, std::string unit, const std::string& what) {
  Metric result{.name = std::move(name), .value = {}, .low = {}, .high = {}, .unit = std::move(unit), .method = {}};
  if (n == 0) {
    result.method = "no " + what + " seen";
    return result;
  }
  result.value = at(quantile_rank(n, p));
  const Ranks ranks = quantile_ranks(independent, p, confidence);
  // Where several values count as one, a rank among the independent ones stands for a whole share of the values.
  const auto share = [&](std::uint64_t rank) { return static_cast<double>(rank) / static_cast<double>(independent) * static_cast<double>(n); };
  if (ranks.low) result.low = at(std::min(n, static_cast<std::uint64_t>(share(*ranks.low - 1)) + 1));
  if (ranks.high) result.high = at(std::min(n, static_cast<std::uint64_t>(std::ceil(share(*ranks.high)))));
  if (result.low == 0.0 && !result.high) result.low.reset();  // "At least nothing" says nothing.
  const char* limits = result.low ? (result.high ? "order statistics, " : "order statistic, lower bound, ")
                                  : (result.high ? "order statistic, upper bound, " : "too few for an interval, ");
  result.method = limits + counted(n, what);
  if (independent != n) result.method += " in " + counted(independent, "independent events");
  return result;
}

}  // namespace nines::analysis
