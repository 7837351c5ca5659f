#include "scenarios/run/worth.hpp"

#include "analysis/stats/text.hpp"

namespace nines::scenarios {

namespace {

// What is known so far, by rising cost.
class Judge {
 public:
  Judge(std::span<const analysis::Choice> choices, const Avoided& avoided) : choices_(choices), avoided_(avoided) {}

  Worth operator()(const analysis::Ranked& ranked) {
    Worth one{.index = ranked.index, .beaten = ranked.beaten};
    if (one.beaten) {
      one.beyond_doubt = is_sure(*one.beaten, one.index);
      if (!one.beyond_doubt && is_sure(*last_, one.index)) one.beaten = last_, one.beyond_doubt = true;
      return one;
    }
    one.against = last_;
    if (last_) {
      const analysis::Difference less = avoided_(*last_, one.index);
      one.beyond_doubt = less.low && *less.low > 0;
      if (!one.beyond_doubt) return one;
      const double money = 12 * (choices_[one.index].cost - choices_[*last_].cost);
      if (less.value) one.per_minute = money / *less.value;
      one.high = money / *less.low;
      if (less.high) one.low = money / *less.high;
    }
    last_ = one.index;
    return one;
  }

 private:
  bool is_sure(std::size_t by, std::size_t beaten) const {
    const analysis::Difference less = avoided_(beaten, by);
    return less.low && *less.low >= 0;
  }

  std::span<const analysis::Choice> choices_;
  const Avoided& avoided_;
  std::optional<std::size_t> last_;  // Worth its price beyond doubt.
};

}  // namespace

void worth(std::span<const analysis::Choice> choices, const Avoided& avoided, const std::function<void(const Worth&)>& to) {
  Judge judge(choices, avoided);
  analysis::ranked(choices, [&](const analysis::Ranked& ranked) { to(judge(ranked)); });
}

std::vector<Worth> worth(std::span<const analysis::Choice> choices, const Avoided& avoided) {
  std::vector<Worth> all;
  worth(choices, avoided, [&](const Worth& one) { all.push_back(one); });
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
