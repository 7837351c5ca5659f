// An answer as text: a table for people, JSON for programs, CSV for spreadsheets, Markdown for pull requests. Every number carries its
// unit, its limits and its method; what was never seen prints as a bound in every one of them, never as 100 % or infinity.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/stats/decision.hpp"
#include "analysis/stats/metric.hpp"
#include "analysis/stats/provenance.hpp"
#include "analysis/stats/self_check.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

// What became of one line of `expect:`.
struct Expectation {
  std::string text;  // "uptime.all >= 99.95%"
  Verdict verdict = Verdict::undecided;
  std::string because;  // "the whole interval lies above"
  Place place{};        // Where the line stands.
  bool operator==(const Expectation& other) const {
    return text == other.text && verdict == other.verdict && because == other.because && place.file == other.place.file &&
           place.line == other.place.line && place.column == other.place.column;
  }
};

struct Report {
  Provenance provenance;
  Metrics metrics;
  std::vector<Expectation> expectations;
  std::vector<SelfCheck> self_checks;  // By cluster; empty where there is only one method.
  std::vector<std::string> warnings;   // Sentences; below the table.
  std::optional<double> wall_s;        // Only people see it: outputs for programs are the same bytes every time.
};

enum class Color : std::uint8_t { off, on };

std::string table(const Report& report, Color color);
std::string json(const Report& report);
std::string csv(const Report& report);
std::string markdown(const Report& report);

}  // namespace nines::analysis
