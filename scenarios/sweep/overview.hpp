// A sweep for people: which of its points are worth their price, which are not told apart, and where what was expected does not hold.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/stats/decision.hpp"
#include "analysis/stats/paired.hpp"
#include "scenarios/run/sheets.hpp"
#include "scenarios/sweep/rows.hpp"
#include "scenarios/sweep/space.hpp"

namespace nines::scenarios {

class Overview {
 public:
  explicit Overview(const Space& space) : space_(&space) {}

  void add(const Row& row);  // In the order of the points. A few numbers of each are kept.

  // A line of `expect:` at a point where it does not pass.
  struct Missed {
    std::uint64_t point = 0;
    analysis::Expectation line;
  };
  static constexpr std::size_t most_missed = 1000;  // Of a line, that are kept; the others are counted.
  struct Line {
    std::string text;
    std::uint64_t passed = 0, failed = 0, undecided = 0;  // At so many points.
    std::vector<Missed> missed{};
  };
  const std::vector<Line>& lines() const { return lines_; }
  std::uint64_t points() const { return points_.size(); }
  std::uint64_t replications() const { return replications_; }
  double years() const { return years_; }
  analysis::Verdict verdict() const;  // The worst of all lines at all points.

  Book book(const std::string& name) const;

 private:
  struct Figures {
    std::uint64_t point = 0;
    std::uint64_t replications = 0;
    // Of the cluster that is down most; minutes a year. Absent: not a number.
    double downtime, low, high, nines, cost;
    std::uint64_t history = 0;  // A hash of the fingerprint: the same where the same was simulated, or it was solved.
  };
  std::vector<const Figures*> comparable() const;
  std::vector<Cell> axes(std::uint64_t point) const;
  static analysis::Difference fewer_minutes(const Figures& from, const Figures& to);
  Sheet front(const std::vector<const Figures*>& all) const;
  Sheet best() const;
  Sheet misses() const;

  const Space* space_;
  std::deque<Figures> points_;  // It grows in pieces: a million need no room for a copy.
  std::uint64_t replications_ = 0, solved_ = 0;
  double years_ = 0;
  std::string money_;  // "USD/month"; empty where there is no bill, or not everywhere in one currency.
  bool one_currency_ = true;
  std::vector<Line> lines_;
  std::map<std::string, std::uint64_t> warnings_;  // At how many points.
};

}  // namespace nines::scenarios
