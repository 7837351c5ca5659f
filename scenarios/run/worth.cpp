#include "scenarios/run/worth.hpp"

#include "analysis/stats/text.hpp"

namespace nines::scenarios {

std::vector<Worth> worth(std::span<const analysis::Choice> choices, const std::function<analysis::Difference(std::size_t, std::size_t)>& avoided) {
  std::vector<Worth> all;
  std::optional<std::size_t> last;  // Worth its price beyond doubt.
  for (const analysis::Ranked& ranked : analysis::ranked(choices)) {
    Worth& one = all.emplace_back(Worth{.index = ranked.index, .beaten = ranked.beaten});
    if (one.beaten) {
      const auto is_sure = [&](std::size_t by) {
        const analysis::Difference less = avoided(one.index, by);
        return less.low && *less.low >= 0;
      };
      one.beyond_doubt = is_sure(*one.beaten);
      if (!one.beyond_doubt && is_sure(*last)) one.beaten = last, one.beyond_doubt = true;
      continue;
    }
    one.against = last;
    if (last) {
      const analysis::Difference less = avoided(*last, one.index);
      one.beyond_doubt = less.low && *less.low > 0;
      if (!one.beyond_doubt) continue;
      const double money = 12 * (choices[one.index].cost - choices[*last].cost);
      if (less.value) one.per_minute = money / *less.value;
      one.high = money / *less.low;
      if (less.high) one.low = money / *less.high;
    }
    last = one.index;
  }
  return all;
}

Cell price_cell(const Worth& one, const std::string& money) {
  return one.per_minute ? Cell{analysis::significant(*one.per_minute, 3) + ' ' + money, *one.per_minute} : Cell{"-", {}};
}

std::string price_limits(const Worth& one, const std::string& money) {
  const auto text = [&](double price) { return analysis::significant(price, 3) + ' ' + money; };
  if (one.low && one.high) return *one.low == *one.high ? "exact" : analysis::significant(*one.low, 3) + " to " + text(*one.high);
  return one.high ? "≤ " + text(*one.high) : "-";
}

}  // namespace nines::scenarios
