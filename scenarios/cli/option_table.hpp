// What can be typed after `nines`: every command and every option, one row each. Help, completions and the manual are printed from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/cli/arguments.hpp"

namespace nines::scenarios {

constexpr unsigned bit(Command command) { return 1u << static_cast<unsigned>(command); }

// Adding an option means a row here and a line in apply() of arguments.cpp.
struct Option {
  const char* name;   // As Boost reads it: "out,o".
  const char* value;  // What it is called in help; empty: a switch.
  const char* help;
  unsigned commands;       // Bits of those that take it.
  const char* words = "";  // What can be given, where that is a choice, for completions: "table json"; "@profiles": names of `nines list profiles`.
                           // A command is offered those of them that it takes.
};
std::span<const Option> options();
std::string_view long_name(const Option& option);   // "out"
std::string_view short_name(const Option& option);  // "o"; empty where there is none.
bool may_repeat(const Option& option);              // Given twice, both hold.
const Option* option_named(std::string_view name);  // By its long name; null when there is none.

struct CommandText {
  Command command;
  const char* name;
  const char* synopsis;  // Its words say what completions offer, see operands_of().
  const char* summary;
  const char* example;
  bool aside = false;  // The overview of `nines help` only names it.
};
std::span<const CommandText> commands();
const CommandText& text_of(Command command);

// What a command's operands are, by its synopsis: FILE, NAME of the library, COMMAND, or one of the words between bars.
struct Operands {
  bool files = false;
  bool scenarios = false;
  bool commands = false;
  std::vector<std::string> words;
};
Operands operands_of(const CommandText& text);

}  // namespace nines::scenarios
