// The file format of cockroachdb/datadriven, in which etcd-io/raft keeps its tests: a command, its input, "----" and what it prints.
//   enter-joint autoleave=true
//   v2 v3
//   ----
//   voters=(1 2 3)&&(1) autoleave
#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace nines::real {

struct Argument {
  std::string key;
  std::vector<std::string> values;  // Of `key=(a,b)` or `key=a`; empty for a bare word.
};

struct Directive {
  std::string file;
  int line = 0;  // Of the command.
  std::string command;
  std::vector<Argument> arguments;
  std::vector<std::string> input;
  std::vector<std::string> expected;
  int expected_line = 0;  // Of the first line of `expected`.

  std::string place() const { return file + ":" + std::to_string(line); }
  const Argument* find(const std::string& key) const;
  std::string value(const std::string& key, const std::string& otherwise = "") const;  // The first value of `key`.
  std::vector<int> numbers() const;                                                    // The bare words that are numbers.
  std::vector<int> numbers(const std::string& key) const;
};

// The words of a command line: a bracket keeps its blanks.
Directive read_command(const std::string& text);

std::vector<Directive> read_directives(const std::filesystem::path& file);
std::vector<Directive> read_directives(std::istream& in, const std::string& name);

}  // namespace nines::real
