// How `nines` ends. Other programs depend on these numbers: add, never change.
#pragma once

namespace nines::scenarios {

enum class Exit : int {
  fine = 0,
  internal_error = 1,
  usage = 2,
  scenario_invalid = 3,
  expectation_failed = 4,
  comparison_regression = 5,
  interrupted = 6,
  expectation_undecided = 7,
  input_or_output = 8,
};

}  // namespace nines::scenarios
