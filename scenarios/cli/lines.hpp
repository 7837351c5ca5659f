// A report as JSON lines: one metric a line, then one line for each expectation. For pipes that read line by line.
#pragma once

#include <string>

#include "analysis/report/report.hpp"

namespace nines::scenarios {

std::string json_lines(const analysis::Report& report);

}  // namespace nines::scenarios
