// What decides whether a build goes on, as build servers read it: JUnit XML for reports of tests, workflow commands for GitHub's annotations.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/report.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

// One thing that holds or does not: a line of `expect:`, or a metric that must not be worse than it was.
struct Gate {
  std::string text;  // "uptime.all >= 99.95%"
  Verdict verdict = Verdict::undecided;
  std::string because{};               // One sentence.
  std::vector<std::string> details{};  // Below it, a line each: "cluster.replication: 3 -> 1 (cluster.yaml:13)".
  Place place{};                       // The line that says so, or did it; no file: none is known.
  std::string suite{};                 // What it is about: a scenario, a point of a sweep. Empty: the scenario of the provenance.
  bool counts = true;                  // False: undecided, and nobody has asked for it: told, but no reason to stop.
};

// A line of `expect:` is a gate.
std::vector<Gate> gates_of(const Report& report);

// The worst of those that count: failed before undecided before passed. None: passed.
Verdict worst(const std::vector<Gate>& gates);

// JUnit XML as GitHub's, GitLab's and Jenkins' readers take it: a suite a scenario, a case a gate; no times, so equal runs give equal bytes. What failed
// is a <failure>; what is undecided an <error type="undecided">: it did not pass, and readers count the two apart. What does not count is <skipped>.
std::string junit(const std::vector<Gate>& gates, const Provenance& from);

// GitHub's workflow commands: an ::error a failed gate, then a ::warning an undecided one, each at its line; last a ::notice with the headline.
std::string github(const std::vector<Gate>& gates, const Provenance& from, std::string_view headline);

// "3.8 nines (95 %: 3.7 to 3.9)": what an answer says first, in plain text.
std::string headline(const Report& report);

// Markdown of at most `most` bytes: what is longer loses rows of its longest tables, then its end, and says so. Shorter text comes back as it is.
std::string shortened(std::string markdown, std::size_t most);
inline constexpr std::size_t most_of_a_comment = 65'535;     // GitHub takes 65,536 characters in a comment.
inline constexpr std::size_t most_of_a_summary = 1'048'575;  // And 1 MiB in the summary of a step.

}  // namespace nines::analysis
