#include "scenarios/run/compare.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "analysis/report/format.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/difference.hpp"
#include "scenarios/run/worth.hpp"

namespace nines::scenarios {
namespace {

using analysis::Metric;
using analysis::Metrics;

struct Line {
  std::string name, prefix;
  const Side* side = nullptr;
  const Metric* find(const std::string& own) const { return analysis::find(side->metrics, prefix + own); }
  const Metric* cost(const char* own) const { return analysis::find(side->metrics, own); }  // Of the scenario as a whole.
};

// The clusters of an answer, by the prefixes of its metrics.
std::vector<std::string> prefixes(const Metrics& metrics) {
  std::vector<std::string> all;
  for (const Metric& metric : metrics) {
    const std::string_view own = analysis::without_cluster(metric.name);
    if (own == "throughput.healthy") all.push_back(metric.name.substr(0, metric.name.size() - own.size()));
  }
  return all;
}

Cell cell(const Metric* metric) {
  if (metric == nullptr || (!metric->value && !metric->low && !metric->high)) return {"-", {}};
  return {analysis::cells(*metric).value, metric->value};
}
Cell limits(const Metric* metric) { return metric == nullptr ? Cell{"-", {}} : Cell{analysis::cells(*metric).range, {}}; }

// What binds, out of the method's words.
Cell binding(const Metric* metric) {
  if (metric == nullptr) return {"-", {}};
  const auto end = std::min(metric->method.find(" of "), metric->method.find(" binds"));
  return {end == std::string::npos ? "-" : metric->method.substr(0, end), {}};
}

Sheet availability(const std::vector<Line>& lines) {
  Sheet sheet{.key = "availability",
              .title = "How available",
              .method = "intervals: 95 %",
              .columns = {{"scenario", "scenario", ""},
                          {"nines", "nines", "nines"},
                          {"downtime", "downtime", "min/year"},
                          {"downtime_limits", "95 %", ""},
                          {"demand_met", "demand met", "1"}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  for (const Line& line : lines)
    sheet.rows.push_back({{line.name, {}},
                          cell(line.find("nines")),
                          cell(line.find("downtime.minutes_per_year")),
                          limits(line.find("downtime.minutes_per_year")),
                          cell(line.find("demand_met"))});
  return sheet;
}

Sheet load(const std::vector<Line>& lines) {
  Sheet sheet{.key = "load",
              .title = "What it carries",
              .method = "bottleneck law; over the years: simulated",
              .columns = {{"scenario", "scenario", ""},
                          {"healthy", "healthy", "1/s"},
                          {"binding", "binds", ""},
                          {"long_run", "over the years", "1/s"},
                          {"node_lost", "without a node", "1/s"},
                          {"zone_lost", "without a zone", "1/s"},
                          {"p99", "99 % within", "s"}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  for (const Line& line : lines)
    sheet.rows.push_back({{line.name, {}},
                          cell(line.find("throughput.healthy")),
                          binding(line.find("throughput.healthy")),
                          cell(line.find("throughput.long_run")),
                          cell(line.find("throughput.node_lost")),
                          cell(line.find("throughput.zone_lost")),
                          cell(line.find("latency.p99"))});
  return sheet;
}

// Cost and downtime of every line, in one currency; nothing where one is missing, with the reason.
std::optional<std::vector<analysis::Choice>> choices(const std::vector<Line>& lines, std::string& why_not) {
  std::vector<analysis::Choice> all;
  std::set<std::string> units;
  for (const Line& line : lines) {
    const Metric *cost = line.cost("cost.month"), *downtime = line.find("downtime.minutes_per_year");
    if (cost == nullptr || !cost->value)
      why_not = line.name + " has no bill: 'catalogs: {prices: ...}' names a price catalogue";
    else if (downtime == nullptr || !downtime->value)
      why_not = line.name + " has no downtime to compare";
    if (!why_not.empty()) return std::nullopt;
    units.insert(cost->unit);
    all.push_back({.cost = *cost->value, .downtime = *downtime->value});
  }
  if (units.size() > 1) {
    why_not = "the bills are in different currencies: 'costs: {currency: ..., exchange: ...}' brings them together";
    return std::nullopt;
  }
  return all;
}

Sheet price(const std::vector<Line>& lines) {
  std::string why_not;
  const auto all = choices(lines, why_not);
  const Metric* any = lines.empty() ? nullptr : lines.front().cost("cost.month");
  const std::string money = all && any != nullptr ? any->unit.substr(0, any->unit.find('/')) : "money";
  Sheet sheet{.key = "price",
              .title = "At what price",
              .method =
                  "cheapest first; a minute avoided: a year's difference in cost over the difference in downtime, against the next cheaper that is "
                  "worth its price; a price only where the whole 95 % interval of that difference has one sign",
              .columns = {{"scenario", "scenario", ""},
                          {"cost", "a month", money + "/month"},
                          {"downtime_cost", "downtime, a month", money + "/month"},
                          {"per_minute", "for a minute avoided", money + "/min"},
                          {"per_minute_limits", "95 %", ""},
                          {"per_minute_low", "", money + "/min"},
                          {"per_minute_high", "", money + "/min"},
                          {"against", "against", ""}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  const auto row = [&](const Line& line, const Worth& one, const std::string& against) {
    sheet.rows.push_back({{line.name, {}},
                          cell(line.cost("cost.month")),
                          cell(line.cost("cost.downtime")),
                          price_cell(one, money),
                          {price_limits(one, money), {}},
                          {"", one.low},
                          {"", one.high},
                          {against, {}}});
  };
  if (!all) {
    for (const Line& line : lines) row(line, {}, "-");
    sheet.notes.push_back("No price of an avoided minute: " + why_not + '.');
    return sheet;
  }
  const auto avoided = [&](std::size_t from, std::size_t to) {
    const Line &before = lines[from], &after = lines[to];
    const auto downtime = [](const Line& line) { return line.find("downtime.minutes_per_year"); };
    return scaled(change_of(*before.side, *after.side, *downtime(before), *downtime(after)).by, -1);
  };
  for (const Worth& one : worth(*all, avoided)) {
    const Line& line = lines[one.index];
    if (one.beaten)
      row(line, one, "beaten by " + lines[*one.beaten].name + (one.beyond_doubt ? "" : ", not beyond doubt"));
    else if (!one.against)
      row(line, one, "the cheapest");
    else if (!one.beyond_doubt)
      row(line, one, "not told apart from " + lines[*one.against].name);
    else
      row(line, one, lines[*one.against].name);
  }
  return sheet;
}

}  // namespace

Book comparison(const std::vector<Side>& answers) {
  Book book{.title = "Compared: ", .headline = {}, .sheets = {}, .notes = {}};
  std::vector<Line> lines;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    book.title += (i == 0 ? "" : ", ") + answers[i].name;
    const std::vector<std::string> own = prefixes(answers[i].metrics);
    for (const std::string& prefix : own)
      lines.push_back({answers[i].name + (prefix.empty() ? "" : " " + prefix.substr(0, prefix.size() - 1)), prefix, &answers[i]});
  }
  book.sheets = {availability(lines), load(lines), price(lines)};
  return book;
}

}  // namespace nines::scenarios
