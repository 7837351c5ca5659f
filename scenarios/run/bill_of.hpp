// From a scenario to its bill of a month: machines, disks, zones and load become quantities, the price catalogue prices them.
#pragma once

#include <optional>
#include <string>
#include <vector>

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

}  // namespace nines::scenarios
