// The source tree as a value: the rules of the house are checked on it, and a violation is planted in a copy of it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nines::house {

// Path from the repository's root, with '/', to the file's text.
using Tree = std::map<std::string, std::string>;

struct Finding {
  std::string path;
  int line = 0;
  std::string what;
  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

// Every text file of the project; neither .git nor what builds and runs leave behind.
Tree read_tree(const std::filesystem::path& root);

bool is_source(std::string_view path);                          // *.cpp, *.hpp
bool is_below(std::string_view path, std::string_view folder);  // "sim/base/id.hpp" is below "sim".

// The same number of lines and columns, with comments, and the insides of string and character literals, blank.
std::string code_of(std::string_view text);

int line_at(std::string_view text, std::size_t offset);

// One line a finding, "path:line: what", as a compiler prints it.
std::string listed(const Findings& findings);

}  // namespace nines::house
