// Which of several designs is worth its price, as far as their downtimes can be told apart: analysis/choose/frontier.hpp ranks by values, which chance moves.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/choose/frontier.hpp"
#include "analysis/stats/paired.hpp"
#include "scenarios/run/sheets.hpp"

namespace nines::scenarios {

struct Worth {
  std::size_t index = 0;                 // Into the choices.
  std::optional<std::size_t> beaten{};   // By its value: see analysis::Ranked.
  std::optional<std::size_t> against{};  // The last cheaper one that is worth its price beyond doubt; none for the cheapest and the beaten.
  bool beyond_doubt = true;              // The whole interval of the difference in downtime says so; or both are down for equally long, exactly.
  std::optional<double> per_minute{}, low{}, high{};  // Money for each avoided minute, where that is beyond doubt; what is not bounded is absent.
};

// By rising cost. `avoided(from, to)`: the minutes a year that `to` is down less than `from`.
using Avoided = std::function<analysis::Difference(std::size_t from, std::size_t to)>;
std::vector<Worth> worth(std::span<const analysis::Choice> choices, const Avoided& avoided);
// The same one after the other, for sweeps: of a million choices only their order is kept.
void worth(std::span<const analysis::Choice> choices, const Avoided& avoided, const std::function<void(const Worth&)>& to);

// For a table: "27.1 USD", and "20.4 to 40.0 USD" or "exact".
Cell price_cell(const Worth& one, const std::string& money);
std::string price_limits(const Worth& one, const std::string& money);

}  // namespace nines::scenarios
