// What a scenario costs, beside how available it is: the bill of a month, and what downtime is expected to cost on top.
#pragma once

#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// Behind the other metrics, where the scenario names a price catalogue: cost.month and its parts; and where it names `downtimeCost`, cost.downtime, from
// uptime.all of the cluster that is down most. What cannot be priced is said in `warnings`.
void put_costs(const Scenario& scenario, analysis::Metrics& metrics, std::vector<std::string>& warnings);

}  // namespace nines::scenarios
