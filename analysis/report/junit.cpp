#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/report/gate.hpp"

namespace nines::analysis {
namespace {

// The code point at `at`, and how many bytes it takes; 0 bytes: it is no UTF-8.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > text.size()) return {0, 0};
  std::uint32_t point = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0u) != 0x80u) return {0, 0};
    point = point << 6 | (byte(at + i) & 0x3fu);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  return overlong || point > 0x10ffff ? std::pair<std::uint32_t, std::size_t>{0, 0} : std::pair{point, length};
}

// XML 1.0, section 2.2, but for the discouraged ones among the controls.
bool is_character(std::uint32_t point) {
  if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
  return !(point >= 0x7f && point < 0xa0) && !(point >= 0xd800 && point < 0xe000) && point != 0xfffe && point != 0xffff;
}

// For text and for attributes. Control characters are dropped, what is no UTF-8 becomes U+FFFD: a report that nobody can read says nothing.
std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [point, length] = code_point(text, at);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      ++at;
      continue;
    }
    switch (point) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      case '\n': out += "&#10;"; break;
      case '\r': out += "&#13;"; break;
      case '\t': out += "&#9;"; break;
      default:
        if (is_character(point)) out += text.substr(at, length);
    }
    at += length;
  }
  return out;
}

std::string attribute(const char* name, std::string_view value) { return std::string(" ") + name + "=\"" + xml(value) + '"'; }

struct Suite {
  std::string name;
  std::vector<const Gate*> gates;
  std::size_t count(Verdict verdict) const {
    return static_cast<std::size_t>(
        std::count_if(gates.begin(), gates.end(), [&](const Gate* gate) { return gate->counts && gate->verdict == verdict; }));
  }
  std::size_t skipped() const {
    return static_cast<std::size_t>(std::count_if(gates.begin(), gates.end(), [](const Gate* gate) { return !gate->counts; }));
  }
};

std::vector<Suite> suites_of(const std::vector<Gate>& gates, const Provenance& from) {
  std::vector<Suite> suites;
  for (const Gate& gate : gates) {
    const std::string& name = gate.suite.empty() ? from.scenario : gate.suite;
    auto suite = std::find_if(suites.begin(), suites.end(), [&](const Suite& one) { return one.name == name; });
    if (suite == suites.end()) suite = suites.insert(suites.end(), {name, {}});
    suite->gates.push_back(&gate);
  }
  if (suites.empty()) suites.push_back({from.scenario, {}});
  return suites;
}

std::string totals(std::size_t tests, std::size_t failures, std::size_t errors, std::size_t skipped) {
  return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) + attribute("errors", std::to_string(errors)) +
         (skipped > 0 ? attribute("skipped", std::to_string(skipped)) : "");
}

void add(std::string& out, const Gate& gate, const std::string& suite) {
  out += "    <testcase" + attribute("classname", suite) + attribute("name", gate.text);
  if (!gate.place.file.empty()) {
    out += attribute("file", gate.place.file);
    if (gate.place.line > 0) out += attribute("line", std::to_string(gate.place.line));
  }
  std::string details;
  for (const std::string& detail : gate.details) details += '\n' + detail;
  if (gate.verdict == Verdict::passed) {
    out += ">\n      <system-out>" + xml(gate.because + details) + "</system-out>\n    </testcase>\n";
    return;
  }
  if (!gate.counts) {
    out += ">\n      <skipped" + attribute("message", gate.because) + "/>\n    </testcase>\n";
    return;
  }
  const std::string element = gate.verdict == Verdict::failed ? "failure" : "error";
  std::string text = gate.text + ": " + gate.because + details;
  if (!gate.place.file.empty())
    text += "\nat " + gate.place.file + (gate.place.line > 0 ? ':' + std::to_string(gate.place.line) + ':' + std::to_string(gate.place.column) : "");
  out += ">\n      <" + element + attribute("type", gate.verdict == Verdict::failed ? "failed" : "undecided") + attribute("message", gate.because) +
         '>' + xml(text) + "</" + element + ">\n    </testcase>\n";
}

}  // namespace

std::string junit(const std::vector<Gate>& gates, const Provenance& from) {
  const std::vector<Suite> suites = suites_of(gates, from);
  std::size_t failures = 0, errors = 0, skipped = 0;
  for (const Suite& suite : suites) {
    failures += suite.count(Verdict::failed);
    errors += suite.count(Verdict::undecided);
    skipped += suite.skipped();
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", from.tool) +
                    totals(gates.size(), failures, errors, skipped) + ">\n";
  for (const Suite& suite : suites) {
    out += "  <testsuite" + attribute("name", suite.name) +
           totals(suite.gates.size(), suite.count(Verdict::failed), suite.count(Verdict::undecided), suite.skipped()) + ">\n";
    out += "    <properties>\n";
    const auto property = [&](const char* name, const std::string& value) {
      if (!value.empty()) out += "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
    };
    property("version", from.version);
    property("seed", std::to_string(from.seed));
    property("fingerprint", from.fingerprint);
    property("command", from.command);
    property("stop_reason", from.stop_reason);
    out += "    </properties>\n";
    for (const Gate* gate : suite.gates) add(out, *gate, suite.name);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace nines::analysis
