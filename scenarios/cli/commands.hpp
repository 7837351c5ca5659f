// The commands, one function each. They have their arguments checked and answer with an exit code.
#pragma once

#include <optional>
#include <string>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/exit.hpp"
#include "scenarios/sweep/ranks.hpp"

namespace nines::scenarios {

Exit run_scenario(const Arguments& arguments);
Exit incident(const Arguments& arguments);
Exit explain(const Arguments& arguments);
Exit cost(const Arguments& arguments);
Exit compare(const Arguments& arguments);
Exit sweep(const Arguments& arguments, Ranks* ranks = nullptr);
Exit merge(const Arguments& arguments);
Exit submit(const Arguments& arguments);
Exit import_deployment(const Arguments& arguments);
Exit fuzz(const Arguments& arguments);
Exit fit(const Arguments& arguments);
Exit validate(const Arguments& arguments);
Exit list(const Arguments& arguments);
Exit init(const Arguments& arguments);
Exit schema(const Arguments& arguments);
Exit completion(const Arguments& arguments);
Exit manual(const Arguments& arguments);
Exit version(const Arguments& arguments);
Exit help(const Arguments& arguments);

const char* program_version();
const char* program_sources();  // A digest of what it was made of: builds of one version may differ.

// The command of this name, or a message on standard error.
std::optional<Command> command_called(const std::string& name);

// Text to standard output, or the error on standard error.
Exit print(const std::string& text);

}  // namespace nines::scenarios
