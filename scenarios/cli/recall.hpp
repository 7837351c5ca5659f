// A run again from the file of its result: nines run answer.h5.
#pragma once

#include "analysis/export/run_reading.hpp"
#include "scenarios/cli/arguments.hpp"

namespace nines::scenarios {

// What the recorded command said, with what was typed now laid over it, about the recorded scenario. A run that ended early or went on for longer is
// repeated with as many replications as it had, so the fingerprint is the same where nothing else is typed. An error speaks of the file.
Result<Arguments> recalled(const Arguments& typed, const analysis::RunReading& run);

}  // namespace nines::scenarios
