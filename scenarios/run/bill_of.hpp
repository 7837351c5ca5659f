// From a scenario to its bill of a month: machines, disks, zones and load become quantities, the price catalogue prices them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"
#include "models/cost/bill.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

struct Priced {
  cost::Bill bill;
  std::vector<std::string> notes;  // What is not on it, and what was taken for granted. Sentences.
};

// `down` is the share of time that is down, for the expected cost of downtime; absent: it is not on the bill. Errors at their place in the scenario:
// no price catalogue, a machine, disk, region or service that it does not know, a currency without a rate.
Result<Priced> bill_of(const Scenario& scenario, std::optional<double> down = {});

// cost.month and cost.compute|storage|traffic|platform|staff, exact. cost.month is without the expected cost of downtime, which is no expense.
analysis::Metrics metrics_of(const cost::Bill& bill);

// "prices of 2024-07-01 to 2026-07-20, confidence A to C"
std::string provenance_of(const cost::Bill& bill);

// Sources of the bill that are older than half a year on that day, and prices on it that stand out of their catalogue. Sentences.
std::vector<std::string> doubts_about(const Scenario& scenario, const cost::Bill& bill, const cost::Date& as_of);

}  // namespace nines::scenarios
