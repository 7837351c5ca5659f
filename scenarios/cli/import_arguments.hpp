// What was typed after `nines import`. Both say what is wrong, or nothing.
#pragma once

#include <string>
#include <vector>

#include "scenarios/cli/arguments.hpp"

namespace nines::scenarios {

std::string apply(ImportOptions& import_options, const std::string& name, const std::string& value);
std::string check_import(const std::vector<std::string>& operands, const ImportOptions& import_options);

}  // namespace nines::scenarios
