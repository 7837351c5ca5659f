#include "tests/real/data_driven.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace nines::real {

namespace {

const std::string separator = "----";

std::vector<std::string> values_in(std::string text) {
  if (text.starts_with("(") && text.ends_with(")")) text = text.substr(1, text.size() - 2);
  std::replace(text.begin(), text.end(), ',', ' ');
  std::vector<std::string> values;
  std::istringstream in(text);
  for (std::string value; in >> value;) values.push_back(value);
  return values;
}

}  // namespace

const Argument* Directive::find(const std::string& key) const {
  const auto found = std::find_if(arguments.begin(), arguments.end(), [&](const Argument& a) { return a.key == key; });
  return found == arguments.end() ? nullptr : &*found;
}

std::string Directive::value(const std::string& key, const std::string& otherwise) const {
  const Argument* found = find(key);
  return found == nullptr || found->values.empty() ? otherwise : found->values.front();
}

std::vector<int> Directive::numbers() const {
  std::vector<int> all;
  for (const Argument& argument : arguments)
    if (argument.values.empty() && argument.key.find_first_not_of("0123456789") == std::string::npos) all.push_back(std::stoi(argument.key));
  return all;
}

std::vector<int> Directive::numbers(const std::string& key) const {
  std::vector<int> all;
  const Argument* found = find(key);
  if (found == nullptr) return all;
  for (const std::string& value : found->values) all.push_back(std::stoi(value));
  return all;
}

Directive read_command(const std::string& text) {
  Directive directive;
  std::vector<std::string> words(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ' ' || depth > 0) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  if (words.empty()) return directive;
  directive.command = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos) {
      directive.arguments.push_back({words[i], {}});
    } else {
      directive.arguments.push_back({words[i].substr(0, equals), values_in(words[i].substr(equals + 1))});
    }
  }
  return directive;
}

std::vector<Directive> read_directives(const std::filesystem::path& file) {
  std::ifstream in(file);
  return read_directives(in, file.filename().string());
}

std::vector<Directive> read_directives(std::istream& in, const std::string& name) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::vector<Directive> directives;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].starts_with("#")) continue;
    Directive directive = read_command(lines[i]);
    directive.file = name;
    directive.line = static_cast<int>(i) + 1;
    while (++i < lines.size() && lines[i] != separator) directive.input.push_back(lines[i]);
    // Doubled separators hold output with blank lines in it.
    const bool doubled = i + 1 < lines.size() && lines[i + 1] == separator;
    if (doubled) ++i;
    directive.expected_line = static_cast<int>(i) + 2;
    while (++i < lines.size()) {
      if (doubled ? lines[i] == separator && i + 1 < lines.size() && lines[i + 1] == separator : lines[i].empty()) break;
      directive.expected.push_back(lines[i]);
    }
    if (doubled) ++i;
    directives.push_back(directive);
  }
  return directives;
}

}  // namespace nines::real
