// What a bill says elsewhere: as metrics of an answer, of which days its prices are, and what to doubt of them.
#pragma once

#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"
#include "models/cost/bill.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// cost.month and cost.compute|storage|traffic|platform|staff, exact. cost.month is without the expected cost of downtime, which is no expense.
analysis::Metrics metrics_of(const cost::Bill& bill);

// "prices of 2024-07-01 to 2026-07-20, confidence A to C"
std::string provenance_of(const cost::Bill& bill);

// Sources of the bill that are older than half a year on that day, and prices on it that stand out of their catalogue. Sentences.
std::vector<std::string> doubts_about(const Scenario& scenario, const cost::Bill& bill, const cost::Date& as_of);

}  // namespace nines::scenarios
