// Several answers side by side: nines, throughput, latency and price, and what each avoided minute of downtime costs against the next cheaper one.
#pragma once

#include <vector>

#include "scenarios/run/sheets.hpp"
#include "scenarios/run/side.hpp"

namespace nines::scenarios {

// One row an answer, in the given order; a scenario of several clusters has a row for each. Avoided minutes are priced where all have a bill in one
// currency and a downtime, and where their downtimes are told apart.
Book comparison(const std::vector<Side>& answers);

}  // namespace nines::scenarios
