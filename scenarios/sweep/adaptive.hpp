// Which points of an adaptive sweep are simulated, and how often: solved first, all of them; then replications where it matters, round by round, until
// the front of cost against downtime and every expectation is decided, or the budget is spent. A round depends on the results of those before and on
// nothing else, so that a sweep that was killed goes on as if it had not been.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/choose/allocation.hpp"
#include "scenarios/sweep/course.hpp"

namespace nines::scenarios {

class Adaptive {
 public:
  // Every point is solved in the journal.
  Adaptive(const Points& points, const Survey& survey, Journal& journal, int jobs);

  // Units of the next round, sorted; those before are finished. None: it is over, and why() says why.
  std::vector<Unit> next();
  const std::string& why() const { return why_; }

 private:
  // A solution may be off by more than its interval says: what it leaves out, such as repairs that wait for each other, moves downtimes by so much
  // (assumption; the self-check of `nines run` flags more). Points that are beaten by more than that are not simulated.
  static constexpr double margin = 1.25;

  void screen();
  void look();
  std::string why(const analysis::Allocation& last, bool nothing_to_gain) const;

  const Points& points_;
  const Survey& survey_;
  Journal& journal_;
  int jobs_;
  struct Candidate {
    std::uint64_t point = 0;
    std::uint64_t most = 0;
    analysis::Contender contender;
  };
  std::vector<Candidate> candidates_;
  std::uint64_t budget_ = 0, spent_ = 0;
  bool screened_ = false;
  std::string why_;
};

// What a row says of a point, for the front: of the cluster that is down most. Without a bill all points cost the same.
analysis::Contender contender_of(const Row& row);

}  // namespace nines::scenarios
