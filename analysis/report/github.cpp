#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/gate.hpp"

namespace nines::analysis {
namespace {

enum class Part { message, property };

// As GitHub's own toolkit escapes (actions/toolkit, packages/core/src/command.ts). Other control characters would reach the log's terminal: dropped.
std::string escaped_for(Part part, std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\r')
      out += "%0D";
    else if (c == '\n')
      out += "%0A";
    else if (part == Part::property && c == ':')
      out += "%3A";
    else if (part == Part::property && c == ',')
      out += "%2C";
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
      out += c;
  }
  return out;
}

std::string property(const char* name, std::string_view value) { return std::string(name) + '=' + escaped_for(Part::property, value); }

std::string line(const char* command, const Place& place, std::string_view title, std::string_view message) {
  std::string out = std::string("::") + command + ' ';
  if (!place.file.empty()) {
    out += property("file", place.file) + ',';
    if (place.line > 0) out += property("line", std::to_string(place.line)) + ',';
    if (place.line > 0 && place.column > 0) out += property("col", std::to_string(place.column)) + ',';
  }
  return out + property("title", title) + "::" + escaped_for(Part::message, message) + '\n';
}

}  // namespace

std::string github(const std::vector<Gate>& gates, const Provenance& from, std::string_view headline) {
  std::string out;
  // GitHub shows the first ten of a kind beside the lines: what failed is an error, the rest a warning.
  const auto all_of = [&](Verdict verdict, const char* command, const char* word) {
    for (const Gate& gate : gates) {
      if (gate.verdict != verdict) continue;
      std::string message = gate.text + ' ' + word + ": " + gate.because;
      for (const std::string& detail : gate.details) message += '\n' + detail;
      out += line(command, gate.place, "nines: " + (gate.suite.empty() ? from.scenario : gate.suite), message);
    }
  };
  all_of(Verdict::failed, "error", "failed");
  all_of(Verdict::undecided, "warning", "is undecided");
  return out + line("notice", {}, "nines: " + from.scenario, headline);
}

}  // namespace nines::analysis
