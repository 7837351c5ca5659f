// Does what was simulated agree with what was solved? Part of every answer that has both.
#pragma once

#include <optional>
#include <string>

namespace nines::analysis {

struct SelfCheck {
  static constexpr double alarm = 1e-4;  // A smaller p-value is taken for a mistake in one of the two methods.

  std::string cluster;
  std::optional<double> quorum;  // p-value of the losses of quorum simulated, if the solution holds; absent: too few to be informative.
  std::optional<double> gaps;    // Of the time lost beside the quorum.
  std::string quorum_over;       // "934 losses of quorum, 956 expected"
  std::string gaps_over;

  bool flagged() const { return (quorum && *quorum < alarm) || (gaps && *gaps < alarm); }
};

}  // namespace nines::analysis
