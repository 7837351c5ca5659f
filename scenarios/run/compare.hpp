// Several answers side by side: nines, throughput, latency and price, and what each avoided minute of downtime costs against the next cheaper one.
#pragma once

#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"
#include "scenarios/run/sheets.hpp"

namespace nines::scenarios {

struct Compared {
  std::string name;
  analysis::Metrics metrics;
};

// One row an answer, in the given order; a scenario of several clusters has a row for each. Avoided minutes are priced where all have a bill in one
// currency and a downtime.
Book comparison(const std::vector<Compared>& answers);

}  // namespace nines::scenarios
