#include "scenarios/run/gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "analysis/report/format.hpp"
#include "analysis/stats/decision.hpp"
#include "analysis/stats/replication.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/run/changes.hpp"
#include "scenarios/run/difference.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {
namespace {

using analysis::Bound;
using analysis::Difference;
using analysis::Metric;
using analysis::Verdict;
using analysis::without_cluster;

bool is_uptime(const Metric& metric) { return metric.unit == "1" && worse_is(metric.name) < 0; }

// "171 min a year", of an amount that is not negative.
std::string amount_text(const Metric& metric, double amount) {
  if (metric.unit == "1") return analysis::significant(100 * amount, 3) + " percentage points";
  if (metric.unit == "nines") return analysis::significant(amount, 2) + " nines";
  Metric shown{.name = "difference", .value = amount, .low = {}, .high = {}, .unit = metric.unit, .method = {}};
  return analysis::cells(shown).value;
}

std::string worse_text(const Metric& metric, double worse) {
  return worse == 0 ? std::string("0") : amount_text(metric, std::fabs(worse)) + (worse > 0 ? " worse" : " better");
}

struct Worsening {
  std::optional<double> value, low, high;  // Positive: worse.
};
Worsening worsening(const Change& change, double further) {
  const Difference by = scaled(change.by, worse_is(change.head->name));
  Worsening out{by.value, by.low, by.high};
  if (change.sure || further == 1) return out;
  const double middle = out.value ? *out.value : out.low && out.high ? (*out.low + *out.high) / 2 : 0;
  if (out.low) out.low = middle - further * (middle - *out.low);
  if (out.high) out.high = middle + further * (*out.high - middle);
  return out;
}

std::string range_text(const Metric& metric, const Worsening& by) {
  if (by.low && by.high) {
    const auto& [low, high] = std::pair(*by.low, *by.high);
    if (low > 0 && high > 0) return amount_text(metric, low) + " to " + worse_text(metric, high);
    if (low < 0 && high < 0) return amount_text(metric, -high) + " to " + worse_text(metric, low);
    return worse_text(metric, low) + " to " + worse_text(metric, high);
  }
  if (by.low) return "at least " + worse_text(metric, *by.low);
  if (by.high) return "at most " + worse_text(metric, *by.high);
  return "no interval";
}

std::string value_text(const Metric& metric) {
  const analysis::Cells cells = analysis::cells(metric);
  return cells.value;
}

const Tolerance* tolerance_of(const GateRules& rules, std::string_view name) {
  for (const Tolerance& one : rules.tolerances)
    if (one.metric == name || one.metric == without_cluster(name)) return &one;
  return nullptr;
}

bool says_nothing(const Metric& metric) { return !metric.value && metric.bound() == Bound::none; }

// In the metric's unit.
double allowed(const Tolerance* tolerance, const Metric& base) {
  if (tolerance == nullptr) return 0;
  if (!tolerance->is_share) return tolerance->amount;
  if (!base.value) return 0;
  return tolerance->amount * (is_uptime(base) ? 1 - *base.value : std::fabs(*base.value));
}

// data_loss appears only where something can be lost, and never where losses are not counted.
bool is_data_loss(std::string_view name) { return without_cluster(name) == "data_loss.per_year"; }
Metric nothing_lost(const std::string& name) {
  return {.name = name, .value = 0.0, .low = 0.0, .high = 0.0, .unit = "1/year", .method = "exact: nothing can be lost", .exact = true};
}

// What is solved never says what is lost: only the scenario tells whether anything can be.
bool cannot_lose(const Side& side, std::string_view name) {
  if (side.scenario == nullptr) return false;
  const auto is_meant = [&](const Cluster& cluster) { return name == without_cluster(name) || name == cluster.name + ".data_loss.per_year"; };
  const auto& clusters = side.scenario->clusters;
  return std::any_of(clusters.begin(), clusters.end(), is_meant) && !analysis::Layout(to_world(*side.scenario)).may_lose_data;
}

class Judge {
 public:
  Judge(const Side& base, const Side& head, const GateRules& rules, Gated& out) : base_(base), head_(head), rules_(rules), out_(out) {
    if (base.scenario != nullptr && head.scenario != nullptr) changed_ = changed_settings(*base.scenario, *head.scenario);
  }

  const std::vector<ChangedSetting>& changed() const { return changed_; }

  // What nobody judged has not passed.
  void conclude() {
    if (judged_ > 0) return;
    std::string names;
    for (const std::string& name : rules_.metrics) names += (names.empty() ? "" : ", ") + name;
    out_.gates.push_back({.text = "something is judged",
                          .verdict = Verdict::undecided,
                          .because = "nothing could be judged: of " + names + " none can be compared; --fail-on names what both answers have",
                          .place = {head_.scenario != nullptr ? head_.scenario->file : head_.operand, head_.scenario != nullptr ? 1 : 0, 0}});
  }

  void judge(const std::string& name) {
    const std::vector<Pair> pairs = pairs_of(base_, head_, name);
    if (pairs.empty() && is_data_loss(name) && is_named(name) && cannot_lose(base_, name) && cannot_lose(head_, name)) {
      const Metric none = nothing_lost(name);
      return judge(change_of(base_, head_, none, none));
    }
    if (pairs.empty() && is_named(name)) return cannot(name, "neither answer has it");
    for (Pair pair : pairs) {
      const Metric* known = pair.head != nullptr ? pair.head : pair.base;
      const Metric none = nothing_lost(known->name);
      if (is_data_loss(name)) {
        if (pair.base == nullptr && cannot_lose(base_, none.name)) pair.base = &none;
        if (pair.head == nullptr && cannot_lose(head_, none.name)) pair.head = &none;
      }
      if (pair.base == nullptr || pair.head == nullptr)
        cannot(known->name, only_has(pair, name));
      else if (const Change change = change_of(base_, head_, *pair.base, *pair.head); change.is_one_answer)
        judge(change);
      else if (says_nothing(*pair.base) || says_nothing(*pair.head))
        cannot(known->name, std::string(says_nothing(*pair.head) ? "HEAD" : "BASE") +
                                " says nothing of it: " + (says_nothing(*pair.head) ? pair.head->method : pair.base->method));
      else if (pair.base->unit != pair.head->unit)
        cannot(known->name, "it is in " + pair.base->unit + " in BASE and in " + pair.head->unit + " in HEAD");
      else
        judge(change);
    }
  }

  // Of a cluster that is not there.
  void judge(const Tolerance& tolerance) {
    const auto is_it = [&](const Metric& metric) { return tolerance.metric == metric.name || tolerance.metric == without_cluster(metric.name); };
    for (const Side* side : {&base_, &head_})
      if (std::any_of(side->metrics.begin(), side->metrics.end(), is_it)) return;
    const auto is_told = [&](const analysis::Gate& gate) { return gate.text.starts_with(tolerance.metric + ' '); };
    if (std::none_of(out_.gates.begin(), out_.gates.end(), is_told)) cannot(tolerance.metric, "neither answer has it");
  }

 private:
  // By the user, in either way.
  bool is_named(const std::string& name) const { return rules_.named || tolerance_of(rules_, name) != nullptr; }

  static std::string only_has(const Pair& pair, const std::string& name) {
    const bool is_head = pair.head != nullptr;
    std::string words = std::string("only ") + (is_head ? "HEAD" : "BASE") + " has it";
    if (is_data_loss(name)) words += std::string(", and of ") + (is_head ? "BASE" : "HEAD") + " nothing says that no data can be lost";
    return words;
  }

  // Undecided, and counted as what is not distinguishable is: where it is asked for strictly. What the user named always counts.
  void cannot(const std::string& name, const std::string& why) {
    out_.gates.push_back({.text = text_of(name, tolerance_of(rules_, name)),
                          .verdict = Verdict::undecided,
                          .because = "cannot be compared: " + why,
                          .place = place_of(name),
                          .counts = rules_.strict || is_named(name)});
  }

  std::string text_of(const std::string& name, const Tolerance* tolerance) const {
    return name + " is no worse than in " + base_.name + (tolerance != nullptr ? " by more than " + tolerance->text : "");
  }

  // The line that did it, if it is one line; else the line that expects something of the metric, or the file.
  Place place_of(const std::string& name) const {
    if (head_.scenario == nullptr) return {head_.operand, 0, 0};
    if (changed_.size() == 1 && changed_.front().place.line > 0) return changed_.front().place;
    for (const Expectation& expected : head_.scenario->expect)
      if (expected.metric == name || expected.metric == without_cluster(name)) return expected.place;
    return {head_.scenario->file, 1, 1};
  }

  void judge(const Change& change) {
    const Metric& metric = *change.head;
    const Tolerance* tolerance = tolerance_of(rules_, metric.name);
    const std::string money = metric.unit.substr(0, metric.unit.find('/'));
    if (tolerance != nullptr && !tolerance->currency.empty() && tolerance->currency != money)
      return cannot(metric.name, "its tolerance is in " + tolerance->currency + ", the bill in " + money);
    ++judged_;
    const double limit = allowed(tolerance, *change.base);
    const Worsening by = worsening(change, rules_.further);
    const double hair = 1e-9 * std::max(std::fabs(change.base->value.value_or(0)), std::fabs(metric.value.value_or(0)));  // Of rounding.
    analysis::Gate gate{.text = text_of(metric.name, tolerance), .verdict = Verdict::passed, .because = {}, .details = {}, .place = place_of(metric.name)};
    std::string numbers = value_text(*change.base) + " in BASE, " + value_text(metric) + " in HEAD";
    if (by.value) numbers += ": " + worse_text(metric, *by.value);
    numbers += change.sure ? " (" + change.by.method + ")" : " (95 %: " + range_text(metric, by) + "; " + change.by.method + ")";
    std::string state;
    if (by.low && *by.low > limit + hair) {
      gate.verdict = Verdict::failed;
      gate.because = (limit > 0 ? "worse by more than is allowed: " : "worse: ") + numbers;
      state = "worse";
      constexpr std::size_t most = 12;
      for (std::size_t i = 0; i < std::min(most, changed_.size()); ++i) gate.details.push_back("changed: " + line_of(changed_[i]));
      if (changed_.size() > most) gate.details.push_back("and " + std::to_string(changed_.size() - most) + " more settings");
    } else if (by.high && *by.high <= limit + hair) {
      const bool better = *by.high < -hair;
      state = better ? "better" : change.sure && by.value && std::fabs(*by.value) <= hair ? "the same" : "no worse";
      gate.because = state + (limit > 0 && !better ? " than is allowed: " : ": ") + numbers;
    } else {
      out_.decided = false;
      state = "not distinguishable";
      if (rules_.strict) gate.verdict = Verdict::undecided;
      gate.because = "not distinguishable: " + numbers;
    }
    out_.gates.push_back(std::move(gate));
  }

  const Side &base_, &head_;
  const GateRules& rules_;
  Gated& out_;
  std::vector<ChangedSetting> changed_;
  std::size_t judged_ = 0;
};

// Signed, for the table: "+171 min a year".
std::string signed_text(const Metric& metric, double value) {
  return value == 0 ? std::string("0") : (value > 0 ? "+" : "-") + amount_text(metric, std::fabs(value));
}

void add_row(Sheet& sheet, const Change& change, double further) {
  const Metric& metric = *change.head;
  Change shown = change;
  const Worsening by = worsening(change, further);
  if (worse_is(metric.name) > 0)
    shown.by.low = by.low, shown.by.high = by.high;
  else
    shown.by.low = by.high ? std::optional<double>(-*by.high) : std::nullopt, shown.by.high = by.low ? std::optional<double>(-*by.low) : std::nullopt;
  const auto& [value, low, high, method] = shown.by;
  std::string limits = "-";
  if (change.sure)
    limits = method.starts_with("exact") ? "exact" : "no interval";
  else if (low && high)
    limits = signed_text(metric, *low) + " to " + signed_text(metric, *high);
  else if (low)
    limits = "≥ " + signed_text(metric, *low);
  else if (high)
    limits = "≤ " + signed_text(metric, *high);
  const double hair = 1e-9 * std::max(std::fabs(change.base->value.value_or(0)), std::fabs(metric.value.value_or(0)));
  std::string verdict = "not distinguishable";
  if (by.low && *by.low > hair)
    verdict = "worse";
  else if (by.high && *by.high < -hair)
    verdict = "better";
  else if (change.sure)
    verdict = "the same";
  sheet.rows.push_back({{metric.name},
                        {metric.unit},
                        {value_text(*change.base), change.base->value},
                        {value_text(metric), metric.value},
                        {value ? signed_text(metric, *value) : "-", value},
                        {limits},
                        {"", low},
                        {"", high},
                        {verdict},
                        {method}});
}

Sheet differences(const Side& base, const Side& head, const GateRules& rules) {
  Sheet sheet{.key = "differences",
              .title = "What " + head.name + " (HEAD) changes against " + base.name + " (BASE)",
              .method = "intervals: 95 %; " + pairing_words(base, head) + "; unpaired: of two answers that know nothing of each other",
              .columns = {{"metric", "metric", ""},
                          {"unit", "", ""},
                          {"base", "BASE", "unit"},
                          {"head", "HEAD", "unit"},
                          {"difference", "HEAD - BASE", "unit"},
                          {"limits", "95 %", ""},
                          {"low", "", "unit"},
                          {"high", "", "unit"},
                          {"verdict", "HEAD is", ""},
                          {"method", "how", ""}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  std::vector<std::string> names{"uptime.all",         "downtime.minutes_per_year", "failover.p99", "data_loss.per_year",
                                 "throughput.healthy", "throughput.long_run",       "demand_met",   "latency.p99",
                                 "cost.month"};
  for (const std::string& name : rules.metrics)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  for (const std::string& name : names)
    for (const Pair& pair : pairs_of(base, head, name))
      if (pair.base != nullptr && pair.head != nullptr && pair.base->unit == pair.head->unit)
        add_row(sheet, change_of(base, head, *pair.base, *pair.head), rules.further);
  return sheet;
}

}  // namespace

bool can_get_worse(std::string_view name) {
  const std::string_view own = without_cluster(name);
  if (worse_is(name) == 0) return false;
  if (!analysis::meaning(own).empty()) return true;
  constexpr std::array<std::string_view, 4> families{"data_loss.", "rto.", "rpo.", "capability."};
  return std::any_of(families.begin(), families.end(), [&](std::string_view family) { return own.starts_with(family) && own.size() > family.size(); });
}

Result<Tolerance> read_tolerance(const std::string& text) {
  const auto wrong = [&](const std::string& what) { return fail(Place{}, "--tolerance needs " + what + ", not '" + text.substr(0, 80) + "'"); };
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    return wrong("METRIC=AMOUNT, for example downtime.minutes_per_year=5%");
  Tolerance out{.metric = text.substr(0, equals), .amount = 0, .is_share = false, .currency = {}, .text = text.substr(equals + 1)};
  if (!can_get_worse(out.metric))
    return wrong("a metric such as uptime.all, downtime.minutes_per_year, failover.p99, throughput.long_run or cost.month");
  const std::string_view own = without_cluster(out.metric);
  std::optional<double> amount;
  if (out.text.ends_with('%')) {
    out.is_share = true;
    amount = read_fraction(out.text);
  } else if (own.starts_with("cost.")) {
    if (const auto money = read_money(out.text); money && money->per.empty()) {
      out.currency = money->money.currency;
      amount = cost::value_of(money->money.micros);
    }
  } else if (own.starts_with("throughput.")) {
    amount = read_rate(out.text);
  } else if (own == "downtime.minutes_per_year") {
    amount = read_seconds(out.text);
    if (amount) *amount /= 60;
  } else if (!own.ends_with("per_year") && !own.ends_with("fraction")) {
    amount = read_seconds(out.text);
  }
  if (!amount) amount = read_number(out.text);
  if (!amount || !(*amount >= 0)) return wrong("an amount such as 5%, 500ms, 10min, 5/s, 50 USD or a number in the metric's unit");
  out.amount = *amount;
  return out;
}

Result<void> check_tolerances(const GateRules& rules) {
  for (const Tolerance& one : rules.tolerances) {
    const auto is_it = [&](const std::string& name) {
      return one.metric == name || without_cluster(one.metric) == name || one.metric == without_cluster(name);
    };
    if (std::any_of(rules.metrics.begin(), rules.metrics.end(), is_it)) continue;
    std::string judged;
    for (const std::string& name : rules.metrics) judged += (judged.empty() ? "" : ", ") + name;
    return fail(Place{},
                "--tolerance " + one.metric + '=' + one.text + " is of a metric that is not judged; judged: " + judged + "; --fail-on names what is");
  }
  return {};
}

Gated gate(const Side& base, const Side& head, const GateRules& rules) {
  Gated out;
  Judge judge(base, head, rules, out);
  for (const std::string& name : rules.metrics) judge.judge(name);
  for (const Tolerance& tolerance : rules.tolerances) judge.judge(tolerance);
  judge.conclude();
  out.sheets.push_back(differences(base, head, rules));
  if (base.scenario != nullptr && head.scenario != nullptr) {
    out.sheets.push_back(sheet_of(judge.changed()));
    if (auto bill = bill_difference(*base.scenario, *head.scenario)) out.sheets.push_back(std::move(*bill));
  }
  if (base.seed != head.seed)
    out.notes.push_back("The two have different seeds, so they met different storms and nothing is paired: the same --seed narrows every interval.");
  return out;
}

Sheet gates_sheet(const std::vector<analysis::Gate>& gates) {
  Sheet sheet{.key = "gates",
              .title = "What must not get worse",
              .method = "",
              .columns = {{"verdict", "verdict", ""}, {"gate", "gate", ""}, {"because", "because", ""}, {"where", "where", ""}},
              .rows = {},
              .shown = 1000,
              .notes = {}};
  for (const analysis::Gate& gate : gates) {
    const char* word = gate.verdict == Verdict::passed ? "passed" : gate.verdict == Verdict::failed ? "failed" : "undecided";
    sheet.rows.push_back({{word}, {gate.text}, {gate.because}, {gate.place.file + (gate.place.line > 0 ? ':' + std::to_string(gate.place.line) : "")}});
  }
  return sheet;
}

}  // namespace nines::scenarios
