#include <algorithm>
#include <string>
#include <string_view>

#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

namespace {

std::string_view line_of(std::string_view text, int number) {
  std::size_t start = 0;
  for (int line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return {};
    start = end + 1;
  }
  std::string_view line = text.substr(start, text.find('\n', start) - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

constexpr bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }  // A later byte of a UTF-8 sequence.

// At most so many bytes of a line, with the column in view.
constexpr std::size_t widest = 150;

void append_line_and_caret(std::string& out, std::string_view line, int column) {
  std::size_t at = std::min(static_cast<std::size_t>(std::max(column, 1) - 1), line.size());
  if (line.size() > widest) {
    std::size_t from = at > widest / 2 ? at - widest / 2 : 0;
    while (from < line.size() && continues(line[from])) ++from;
    std::size_t to = std::min(line.size(), from + widest);
    while (to < line.size() && continues(line[to])) ++to;
    line = line.substr(from, to - from);
    at = std::min(at - std::min(at, from), line.size());
  }
  out += "  ";
  for (const char c : line) out += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? '?' : c;  // A terminal must not be steered by a file.
  out += "\n  ";
  for (const char c : line.substr(0, at))
    if (!continues(c)) out += c == '\t' ? '\t' : ' ';  // One column for each character, whatever its bytes.
  out += "^\n";
}

}  // namespace

std::string render(const Errors& errors, std::string_view text, std::string_view severity) {
  std::string out;
  for (const auto& error : errors) {
    out += error.place.file;
    if (error.place.line > 0) out += ':' + std::to_string(error.place.line) + ':' + std::to_string(error.place.column);
    out += ": ";
    out += severity;
    out += ": " + error.what + '\n';
    if (error.place.line > 0)
      if (const std::string_view line = line_of(text, error.place.line); !line.empty()) append_line_and_caret(out, line, error.place.column);
  }
  return out;
}

}  // namespace nines::scenarios
