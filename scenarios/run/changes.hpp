// What was changed between two scenarios: settings, and items of the bill.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/run/sheets.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

struct ChangedSetting {
  std::string path;
  std::string base, head;  // As a scenario would write it; empty: it is not there.
  Place place;             // In HEAD; line 0: it is not written there.
};

// What is written in either scenario and has another value in the other; where that explains nothing, defaults that differ. In the order of HEAD. Names
// and questions, what is expected and what is asked of the simulation change no architecture, and are left out.
std::vector<ChangedSetting> changed_settings(const Scenario& base, const Scenario& head);

Sheet sheet_of(const std::vector<ChangedSetting>& changed);
std::string line_of(const ChangedSetting& changed);  // "cluster.replication: 3 -> 1 (cluster.yaml:13)"

// Both bills item by item: what came, went and changed, and the totals. Nothing where one has no bill, or they are in different currencies.
std::optional<Sheet> bill_difference(const Scenario& base, const Scenario& head);

}  // namespace nines::scenarios
