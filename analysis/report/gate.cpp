#include "analysis/report/gate.hpp"

#include <algorithm>

#include "analysis/report/layout.hpp"

namespace nines::analysis {

std::vector<Gate> gates_of(const Report& report) {
  std::vector<Gate> gates;
  for (const Expectation& expected : report.expectations)
    gates.push_back({.text = expected.text, .verdict = expected.verdict, .because = expected.because, .place = expected.place});
  return gates;
}

Verdict worst(const std::vector<Gate>& gates) {
  const auto some = [&](Verdict verdict) {
    return std::any_of(gates.begin(), gates.end(), [&](const Gate& gate) { return gate.counts && gate.verdict == verdict; });
  };
  return some(Verdict::failed) ? Verdict::failed : some(Verdict::undecided) ? Verdict::undecided : Verdict::passed;
}

std::string headline(const Report& report) {
  std::string out;
  for (const Chapter& chapter : chapters(report)) {
    if (chapter.headline.empty()) continue;
    out += (out.empty() ? "" : "; ") + (chapter.cluster.empty() ? std::string() : chapter.cluster + ": ") + chapter.headline.front();
  }
  return out.empty() ? "no answer yet" : out;
}

}  // namespace nines::analysis
