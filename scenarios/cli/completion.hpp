// Scripts by which shells complete what is typed after `nines`, printed from the tables of option_table.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/cli/option_table.hpp"

namespace nines::scenarios {

enum class Shell : std::uint8_t { bash, zsh, fish };

// What is built in under a name.
struct BuiltIn {
  std::vector<std::string> scenarios, profiles;
};

// Words from which the option's value is chosen, as far as this command takes them; empty where the value is free.
std::vector<std::string> choices(Command command, const Option& option, const BuiltIn& names);

std::string completion_script(Shell shell, const BuiltIn& names);

}  // namespace nines::scenarios
