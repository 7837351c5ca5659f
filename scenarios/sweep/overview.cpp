#include "scenarios/sweep/overview.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "analysis/report/format.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/worth.hpp"
#include "sim/base/hash.hpp"

namespace nines::scenarios {
namespace {

using analysis::Metric;
using analysis::Verdict;

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_kinds_of_warnings = 8;

std::string digits(double value) { return std::isfinite(value) ? analysis::significant(value, 3) : "-"; }
std::string range(double low, double high) {
  if (std::isfinite(low) && std::isfinite(high)) return low == high ? "exact" : digits(low) + " to " + digits(high);
  return std::isfinite(high) ? "at most " + digits(high) : std::isfinite(low) ? "at least " + digits(low) : "-";
}
Cell number(double value, std::string text) { return std::isfinite(value) ? Cell{std::move(text), value} : Cell{"-", {}}; }

std::uint64_t hash_of(const std::string& text) {
  Hash hash;
  for (const char c : text) hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  return hash.value();
}

std::string method_of(std::uint64_t replications) { return replications == 0 ? "solved" : analysis::counted(replications, "replications"); }

}  // namespace

void Overview::add(const Row& row) {
  Figures figures{.point = row.point, .replications = row.replications, .downtime = none, .low = none, .high = none, .nines = none, .cost = none};
  if (const Metric* down = most_down(row.metrics)) {
    figures.downtime = down->value.value_or(none);
    figures.low = down->low.value_or(none);
    figures.high = down->high.value_or(none);
  }
  for (const Metric& metric : row.metrics) {
    if (analysis::without_cluster(metric.name) == "nines") {
      figures.nines = std::fmin(figures.nines, metric.value.value_or(none));
    } else if (metric.name == "cost.month") {
      figures.cost = metric.value.value_or(none);
      if (money_.empty()) money_ = metric.unit;
      if (money_ != metric.unit) one_currency_ = false;
    }
  }
  figures.history = hash_of(row.fingerprint);
  points_.push_back(figures);
  replications_ += row.replications;
  years_ += row.years;
  if (row.replications == 0) ++solved_;
  for (std::size_t i = 0; i < row.expectations.size(); ++i) {
    const analysis::Expectation& expected = row.expectations[i];
    auto line = i < lines_.size() && lines_[i].text == expected.text
                    ? lines_.begin() + static_cast<std::ptrdiff_t>(i)
                    : std::find_if(lines_.begin(), lines_.end(), [&](const Line& known) { return known.text == expected.text; });
    if (line == lines_.end()) line = lines_.insert(lines_.end(), Line{.text = expected.text});
    ++(expected.verdict == Verdict::passed ? line->passed : expected.verdict == Verdict::failed ? line->failed : line->undecided);
    if (expected.verdict != Verdict::passed && line->missed.size() < most_missed) line->missed.push_back({row.point, expected});
  }
  for (const std::string& warning : row.warnings)
    if (warnings_.contains(warning) || warnings_.size() < most_kinds_of_warnings) ++warnings_[warning];
}

Verdict Overview::verdict() const {
  Verdict so_far = Verdict::passed;
  for (const Line& line : lines_) {
    if (line.failed > 0) return Verdict::failed;
    if (line.undecided > 0) so_far = Verdict::undecided;
  }
  return so_far;
}

std::vector<const Overview::Figures*> Overview::comparable() const {
  std::vector<const Figures*> all;
  all.reserve(points_.size());
  for (const Figures& figures : points_)
    if (std::isfinite(figures.cost) && std::isfinite(figures.downtime)) all.push_back(&figures);
  return all;
}

std::vector<Cell> Overview::axes(std::uint64_t point) const {
  std::vector<Cell> cells;
  const std::vector<std::size_t> at = space_->coordinates(point);
  for (std::size_t d = 0; d < at.size(); ++d) cells.push_back({space_->dimensions()[d].labels[at[d]], {}});
  return cells;
}

namespace {

std::vector<Column> columns_of(const Space& space, std::vector<Column> more) {
  std::vector<Column> columns;
  for (const Dimension& dimension : space.dimensions()) {
    const auto dot = dimension.name.rfind('.');
    columns.push_back({dimension.name, dot == std::string::npos ? dimension.name : dimension.name.substr(dot + 1), ""});
  }
  // Two paths may end alike: then each is told as a whole.
  std::set<std::string> titles, twice;
  for (const Column& column : columns)
    if (!titles.insert(column.title).second) twice.insert(column.title);
  for (Column& column : columns)
    if (twice.contains(column.title)) column.title = column.key;
  columns.insert(columns.end(), more.begin(), more.end());
  return columns;
}

}  // namespace

// By which `to` is down less than `from`: points are not paired, and each has limits of its own. What has the same history, or the same solution to the
// last bit, is equal.
analysis::Difference Overview::fewer_minutes(const Figures& from, const Figures& to) {
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  if (same(from.downtime, to.downtime) && same(from.low, to.low) && same(from.high, to.high) && from.history == to.history)
    return {0.0, 0.0, 0.0, "exact"};
  const auto known = [](double value) { return std::isfinite(value) ? std::optional<double>(value) : std::nullopt; };
  return {known(from.downtime - to.downtime), known(from.low - to.high), known(from.high - to.low), "unpaired"};
}

Sheet Overview::front(const std::vector<const Figures*>& all) const {
  const std::string money = money_.substr(0, money_.find('/'));
  Sheet sheet{.key = "front",
              .title = "Worth their price",
              .method =
                  "cheapest first: no other point costs as little and is down as briefly; a minute avoided against the last row above that is "
                  "told apart from those before it",
              .columns = columns_of(*space_, {{"nines", "nines", "nines"},
                                              {"downtime", "downtime", "min/year"},
                                              {"downtime_limits", "95 %", ""},
                                              {"cost", "a month", money_},
                                              {"per_minute", "for a minute avoided", money + "/min"},
                                              {"per_minute_limits", "95 %", ""},
                                              {"method", "by", ""}}),
              .rows = {},
              .shown = 20,
              .notes = {}};
  std::vector<analysis::Choice> choices;
  choices.reserve(all.size());
  for (const Figures* figures : all) choices.push_back({.cost = figures->cost, .downtime = figures->downtime});
  const auto avoided = [&](std::size_t from, std::size_t to) { return fewer_minutes(*all[from], *all[to]); };
  std::uint64_t close = 0, not_told_apart = 0;
  worth(choices, avoided, [&](const Worth& one) {
    const Figures& figures = *all[one.index];
    if (one.beaten) {
      if (!one.beyond_doubt) ++close;
      return;
    }
    if (!one.beyond_doubt) ++not_told_apart;
    std::vector<Cell> row = axes(figures.point);
    row.push_back(number(figures.nines, digits(figures.nines)));
    row.push_back(number(figures.downtime, digits(figures.downtime) + " min/year"));
    row.push_back({range(figures.low, figures.high), {}});
    row.push_back(number(figures.cost, analysis::fixed(figures.cost, 0) + ' ' + money));
    row.push_back(one.beyond_doubt ? price_cell(one, money) : Cell{"not told apart", {}});
    row.push_back({price_limits(one, money), {}});
    row.push_back({method_of(figures.replications), {}});
    sheet.rows.push_back(std::move(row));
  });
  if (close > 0)
    sheet.notes.push_back(analysis::counted(close, "further points") + (close == 1 ? " is" : " are") +
                          " beaten, but not beyond doubt: the 95 % interval overlaps that of a better one.");
  if (not_told_apart > 0)
    sheet.notes.push_back(analysis::counted(not_told_apart, "points") + " above " + (not_told_apart == 1 ? "is" : "are") + " worth more by " +
                          (not_told_apart == 1 ? "its value" : "their values") +
                          " only, not beyond doubt: the 95 % interval of the difference in downtime holds zero.");
  return sheet;
}

Sheet Overview::best() const {
  Sheet sheet{.key = "best",
              .title = "Down least",
              .method = "by downtime of the cluster that is down most",
              .columns = columns_of(
                  *space_, {{"nines", "nines", "nines"}, {"downtime", "downtime", "min/year"}, {"downtime_limits", "95 %", ""}, {"method", "by", ""}}),
              .rows = {},
              .shown = 12,
              .notes = {}};
  constexpr std::size_t most = 100;
  std::vector<const Figures*> order;
  for (const Figures& figures : points_) order.push_back(&figures);
  const auto key = [](const Figures* figures) {
    return std::isfinite(figures->downtime) ? figures->downtime
           : std::isfinite(figures->high)   ? figures->high
                                            : std::numeric_limits<double>::infinity();
  };
  std::stable_sort(order.begin(), order.end(), [&](const Figures* a, const Figures* b) { return key(a) < key(b); });
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
    const Figures& figures = *order[i];
    std::vector<Cell> row = axes(figures.point);
    row.push_back(number(figures.nines, digits(figures.nines)));
    row.push_back(number(figures.downtime, digits(figures.downtime) + " min/year"));
    row.push_back({range(figures.low, figures.high), {}});
    row.push_back({method_of(figures.replications), {}});
    sheet.rows.push_back(std::move(row));
  }
  if (order.size() > most)
    sheet.notes.push_back("The first " + std::to_string(most) + " of " + std::to_string(order.size()) + " points; all are in the file of -o.");
  return sheet;
}

Sheet Overview::misses() const {
  std::uint64_t failed = 0, undecided = 0;
  for (const Line& line : lines_) {
    failed += line.failed;
    undecided += line.undecided;
  }
  Sheet sheet{.key = "expectations",
              .title = "Where expectations do not hold",
              .method = analysis::grouped(failed) + " failed, " + analysis::grouped(undecided) + " undecided",
              .columns = columns_of(*space_, {{"expect", "expected", ""}, {"verdict", "verdict", ""}, {"because", "because", ""}}),
              .rows = {},
              .shown = 12,
              .notes = {}};
  for (const Line& line : lines_) {
    for (const Missed& one : line.missed) {
      std::vector<Cell> row = axes(one.point);
      row.push_back({line.text, {}});
      row.push_back({one.line.verdict == Verdict::failed ? "failed" : "undecided", {}});
      row.push_back({one.line.because, {}});
      sheet.rows.push_back(std::move(row));
    }
  }
  return sheet;
}

Book Overview::book(const std::string& name) const {
  Book book{.title = "Sweep: " + name, .headline = {}, .sheets = {}, .notes = {}};
  const std::uint64_t all = space_->points();
  std::string line = analysis::counted(points_.size(), "points");
  if (points_.size() < all) line += " of " + std::to_string(all) + " (the others are left out)";
  if (solved_ == points_.size())
    line += ", all solved";
  else
    line += ", " + analysis::counted(replications_, "replications") + ", " + analysis::significant(years_, 3) + " simulated cluster-years" +
            (solved_ > 0 ? "; " + analysis::counted(solved_, "points") + " solved" : "");
  book.headline.push_back(line + '.');
  const std::vector<const Figures*> priced = comparable();
  if (priced.size() > 1 && one_currency_)
    book.sheets.push_back(front(priced));
  else
    book.sheets.push_back(best());
  if (verdict() != Verdict::passed) book.sheets.push_back(misses());
  for (const auto& [warning, at] : warnings_)
    book.notes.push_back(warning + (points_.size() > 1 ? " (at " + analysis::counted(at, "points") + ")" : ""));
  return book;
}

}  // namespace nines::scenarios
