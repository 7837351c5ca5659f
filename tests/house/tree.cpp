#include "tests/house/tree.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace nines::house {
namespace {

bool is_left_behind(const std::string& name) {
  return name == ".git" || name.starts_with("build") || name == "results" || name == "__pycache__" || name.ends_with(".tmp");
}

// The closing sequence of the raw string that starts at `quote` (the character after R), or empty if none does.
std::string raw_end(std::string_view text, std::size_t quote) {
  const std::size_t open = text.find('(', quote);
  if (open == std::string_view::npos || open - quote > 17) return {};
  return ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"";
}

}  // namespace

Tree read_tree(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  Tree tree;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
    if (is_left_behind(it->path().filename().string())) {
      it.disable_recursion_pending();
      continue;
    }
    if (!it->is_regular_file()) continue;
    std::ifstream in(it->path(), std::ios::binary);
    std::ostringstream out;
    if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
    std::string text = std::move(out).str();
    if (text.find('\0') != std::string::npos) continue;
    tree.emplace(it->path().lexically_relative(root).generic_string(), std::move(text));
  }
  return tree;
}

bool is_source(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string code_of(std::string_view text) {
  std::string code(text);
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, code.size()); ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    std::size_t end = i + 1;
    if (rest.starts_with("//")) {
      end = std::min(text.find('\n', i), text.size());
      blank(i, end);
    } else if (rest.starts_with("/*")) {
      end = text.find("*/", i);
      end = end == std::string_view::npos ? text.size() : end + 2;
      blank(i, end);
    } else if (rest.starts_with("R\"")) {
      const std::string close = raw_end(text, i + 1);
      end = close.empty() ? std::string_view::npos : text.find(close, i);
      end = end == std::string_view::npos ? text.size() : end + close.size();
      blank(i + 2, end - 1);
    } else if (rest[0] == '#') {
      // An include's path is no string literal: rules read it.
      const std::size_t line_end = std::min(text.find('\n', i), text.size());
      if (rest.substr(1, line_end - i).find("include") != std::string_view::npos) {
        const std::size_t comment = text.substr(i, line_end - i).find("//");
        if (comment != std::string_view::npos) blank(i + comment, line_end);
        end = line_end;
      }
    } else if (rest[0] == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0) {
      // A digit separator: 1'000.
    } else if (rest[0] == '"' || rest[0] == '\'') {
      while (end < text.size() && text[end] != rest[0] && text[end] != '\n') end += text[end] == '\\' ? 2u : 1u;
      blank(i + 1, end);
      ++end;
    }
    i = end;
  }
  return code;
}

int line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n'));
}

std::string listed(const Findings& findings) {
  std::string text;
  for (const Finding& f : findings) text += f.path + ":" + std::to_string(f.line) + ": " + f.what + "\n";
  return text;
}

}  // namespace nines::house
