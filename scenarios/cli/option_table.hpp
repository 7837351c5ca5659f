// What can be typed after `nines`: every command and every option, one row each. Help, completions and the manual are printed from it.
#pragma once

#include <span>
#include <string_view>

#include "scenarios/cli/arguments.hpp"

namespace nines::scenarios {

constexpr unsigned bit(Command command) { return 1u << static_cast<unsigned>(command); }

// Adding an option means a row here and a line in apply() of arguments.cpp.
struct Option {
  const char* name;   // As Boost reads it: "out,o".
  const char* value;  // What it is called in help; empty: a switch.
  const char* help;
  unsigned commands;  // Bits of those that take it.
};
std::span<const Option> options();
std::string_view long_name(const Option& option);   // "out"
const Option* option_named(std::string_view name);  // By its long name; null when there is none.

struct CommandText {
  Command command;
  const char* name;
  const char* synopsis;
  const char* summary;
  const char* example;
};
std::span<const CommandText> commands();
const CommandText& text_of(Command command);

}  // namespace nines::scenarios
