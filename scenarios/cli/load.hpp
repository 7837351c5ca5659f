// A scenario by a file's path or a name of the library.
#pragma once

#include <string>
#include <vector>

#include "scenarios/cli/exit.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

struct Loaded {
  Scenario scenario;
  std::string text;  // As it was read.
};

// Why not, for standard error, and the exit code that goes with it.
struct Refusal {
  Exit exit = Exit::scenario_invalid;
  std::string text;
};

// The embedded catalogues. An error in one of them is a bug of this build.
Result<Catalogs> built_in_catalogs();

// "-" is standard input; a file wins over a name of the library.
tl::expected<Loaded, Refusal> load(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings);

}  // namespace nines::scenarios
