// Whether one design is worse than another, metric by metric, and what was changed between the two: `nines compare BASE HEAD`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/gate.hpp"
#include "scenarios/run/sheets.hpp"
#include "scenarios/run/side.hpp"

namespace nines::scenarios {

// How much worse a metric may be. "downtime.minutes_per_year=5%" of what it was in BASE (of an uptime: of its downtime), "failover.p99=500ms",
// "cost.month=50 USD", or a number in the metric's unit.
struct Tolerance {
  std::string metric;
  double amount = 0;
  bool is_share = false;
  std::string currency;
  std::string text;  // "5%"
};
// An error's text says what would be right.
Result<Tolerance> read_tolerance(const std::string& text);

// Whether `name` is a metric that can get worse; with a cluster's name in front or without.
bool can_get_worse(std::string_view name);

struct GateRules {
  // uptime.all and nines say no more than downtime does.
  std::vector<std::string> metrics{"downtime.minutes_per_year", "failover.p99", "data_loss.per_year", "throughput.long_run", "cost.month"};
  bool named = false;  // By the user: what cannot be compared is then undecided instead of left out, as is what a tolerance names.
  std::vector<Tolerance> tolerances;
  bool strict = false;  // What is not distinguishable is undecided, not passed.
  double further = 1;   // How many times as far limits are taken: see analysis::for_looking_again.
};

// Refuses a tolerance of a metric that is not judged. Its clusters are not known yet.
Result<void> check_tolerances(const GateRules& rules);

struct Gated {
  std::vector<analysis::Gate> gates;
  std::vector<Sheet> sheets;       // The differences, the settings that were changed, the bills side by side.
  std::vector<std::string> notes;  // Sentences.
  bool decided = true;             // No gate is between worse and not worse.
};

Gated gate(const Side& base, const Side& head, const GateRules& rules);

// The gates as a table of the book, for programs.
Sheet gates_sheet(const std::vector<analysis::Gate>& gates);

}  // namespace nines::scenarios
