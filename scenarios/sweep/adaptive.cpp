#include "scenarios/sweep/adaptive.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "analysis/report/format.hpp"
#include "analysis/stats/decision.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/sweep/in_order.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

constexpr double z = 1.959963984540054;
constexpr std::uint64_t first_look = 2 * block;

bool undecided(const Row& row) { return worst(row.expectations) == analysis::Verdict::undecided; }

}  // namespace

analysis::Contender contender_of(const Row& row) {
  analysis::Contender one{.cost = 0, .downtime = 0, .error = 0, .replications = row.replications, .open = undecided(row)};
  for (const analysis::Metric& metric : row.metrics)
    if (metric.name == "cost.month") one.cost = metric.value.value_or(0);
  if (const analysis::Metric* down = most_down(row.metrics)) {
    // With one limit only, the value may lie anywhere on its side of it.
    const double high = down->high.value_or(2 * down->value.value_or(0)), low = down->low.value_or(0);
    one.downtime = down->value.value_or((low + high) / 2);
    one.error = down->exact ? 0 : std::max(0.0, high - low) / (2 * z);
  }
  return one;
}

Adaptive::Adaptive(const Points& points, const Survey& survey, Journal& journal, int jobs)
    : points_(points), survey_(survey), journal_(journal), jobs_(jobs) {}

void Adaptive::screen() {
  screened_ = true;
  struct Solved {
    Candidate candidate;
    double low = 0, high = 0;  // Of the downtime, with the margin.
    bool known = false;
  };
  std::vector<Solved> all;
  double wanted = 0;
  for (const Journal::Entry& entry : journal_.entries()) {
    if (entry.unit.count > 0) continue;
    const bool good = read_rows(payload_of(journal_, entry), [&](Row&& row) {
      Solved one{.candidate = {.point = row.point, .most = survey_.points[static_cast<std::size_t>(row.point)].replications, .contender = contender_of(row)}};
      wanted += static_cast<double>(one.candidate.most);
      const analysis::Contender& contender = one.candidate.contender;
      one.known = !row.metrics.empty();
      one.low = one.known ? std::max(0.0, contender.downtime - z * contender.error) / margin : 0;
      one.high = one.known ? (contender.downtime + z * contender.error) * margin : std::numeric_limits<double>::infinity();
      all.push_back(one);
    });
    SIM_CHECK(good, "rows whose checksum is right can be read");
  }
  budget_ = static_cast<std::uint64_t>(std::ceil(budget_share * wanted));
  std::stable_sort(all.begin(), all.end(), [](const Solved& a, const Solved& b) { return a.candidate.contender.cost < b.candidate.contender.cost; });
  double best = std::numeric_limits<double>::infinity();  // Of the upper ends of those that cost no more.
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    for (; end < all.size() && all[end].candidate.contender.cost == all[i].candidate.contender.cost; ++end) best = std::min(best, all[end].high);
    for (; i < end; ++i)
      if (!all[i].known || all[i].low <= best || all[i].candidate.contender.open) candidates_.push_back(all[i].candidate);
  }
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) { return a.point < b.point; });
  for (Candidate& candidate : candidates_) candidate.contender.replications = 0;
}

// What the replications so far say of the candidates.
void Adaptive::look() {
  std::map<std::uint64_t, std::vector<Journal::Entry>> blocks;
  for (const Journal::Entry& entry : journal_.entries())
    if (entry.unit.count > 0) blocks[entry.unit.point].push_back(entry);
  const auto make = [&](std::uint64_t index) {
    const Candidate& candidate = candidates_[static_cast<std::size_t>(index)];
    // A journal of a run that got further may hold more: what counts is what was asked for.
    std::vector<Journal::Entry>& own = blocks.at(candidate.point);
    std::erase_if(own, [&](const Journal::Entry& entry) { return entry.unit.first >= candidate.contender.replications; });
    const auto point = points_.at(candidate.point);
    analysis::Contender now = contender_of(points_.row(candidate.point, *point, points_.tally(*point, journal_, own)));
    now.error /= analysis::for_looking_again;  // The row's limits know of that, and so does who allocates.
    return now;
  };
  in_order<analysis::Contender>(candidates_.size(), jobs_, make,
                                [&](std::uint64_t index, analysis::Contender&& now) { candidates_[static_cast<std::size_t>(index)].contender = now; });
}

// Why no more is simulated, and what stays open then.
std::string Adaptive::why(const analysis::Allocation& last, bool nothing_to_gain) const {
  const auto waiting = static_cast<std::uint64_t>(
      std::count_if(candidates_.begin(), candidates_.end(), [](const Candidate& candidate) { return candidate.contender.open; }));
  std::vector<std::string> open;
  if (last.open_pairs > 0) open.push_back(analysis::counted(last.open_pairs, "pairs") + " of points are not told apart");
  if (waiting > 0) open.push_back("expectations of " + analysis::counted(waiting, "points") + " are undecided");
  if (last.close_pairs > 0) open.push_back(analysis::counted(last.close_pairs, "pairs") + " of points are too close for the replications of a point");
  std::string left;
  for (const std::string& one : open) left += (left.empty() ? "" : "; ") + one;
  if (!nothing_to_gain) return "the budget of " + analysis::grouped(budget_) + " replications is spent" + (left.empty() ? "" : ": " + left);
  if (left.empty()) return "front and expectations are decided";
  return "all that replications decide is decided: " + left;
}

std::vector<Unit> Adaptive::next() {
  std::vector<std::uint64_t> more;
  if (!screened_) {
    screen();
    const std::uint64_t each = budget_ / std::max<std::uint64_t>(1, candidates_.size()) / block * block;
    for (const Candidate& candidate : candidates_) more.push_back(std::min(std::clamp<std::uint64_t>(each, block, first_look), candidate.most));
  } else {
    look();
    std::vector<analysis::Contender> contenders;
    std::uint64_t most = 0;
    for (const Candidate& candidate : candidates_) {
      contenders.push_back(candidate.contender);
      most = std::max(most, candidate.most);
    }
    const std::uint64_t left = budget_ > spent_ ? budget_ - spent_ : 0;
    const analysis::Allocation next = analysis::allocate(contenders, std::min(left, std::max(spent_ / 2, std::uint64_t{block})), most, block);
    more = next.more;
    for (std::size_t i = 0; i < more.size(); ++i)
      more[i] = std::min(more[i], candidates_[i].most - std::min(candidates_[i].most, contenders[i].replications));
    const bool nothing = std::all_of(more.begin(), more.end(), [](std::uint64_t number) { return number == 0; });
    why_ = why(next, nothing);
    if (nothing || left < block) return {};
    // Everybody's last block together must not exceed what is left.
    std::uint64_t to_spend = left;
    for (std::uint64_t& number : more) {
      number = std::min(number, to_spend / block * block);
      to_spend -= number;
    }
  }
  std::vector<Unit> units;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    Candidate& candidate = candidates_[i];
    const std::uint64_t from = candidate.contender.replications, to = from + more[i];
    // Whole blocks, but for the last of a point.
    for (std::uint64_t first = from; first < to; first += block)
      units.push_back(
          {.point = candidate.point, .first = first, .points = 1, .count = static_cast<std::uint32_t>(std::min<std::uint64_t>(block, candidate.most - first))});
    candidate.contender.replications = std::min(candidate.most, (to + block - 1) / block * block);
    spent_ += candidate.contender.replications - from;
  }
  if (units.empty()) why_ = "no point is a candidate";
  return units;
}

}  // namespace nines::scenarios
