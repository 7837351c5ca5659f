// A scenario by a file's path or a name of the library.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/cli/arguments.hpp"
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
std::optional<Catalogs> built_in_catalogs();  // Says on standard error what is wrong with them.

// "-" is standard input; a file wins over a name of the library. `text_of_it`: what stands in it, where the operand is the file of a result.
tl::expected<Loaded, Refusal> load(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings,
                                   const std::string& text_of_it = {});

// The instants of the incident's recorded load, whose path is relative to the scenario's file.
tl::expected<void, Refusal> load_arrivals(const Arguments& arguments, const Loaded& loaded, Incident& incident);

// The command's scenario, with what there is to say of it on standard error; or the exit code.
tl::expected<Loaded, Exit> load(const Arguments& arguments);

}  // namespace nines::scenarios
