// In which order the units of a sweep are handed out: dear ones early, so that nobody waits at the end for somebody who got a dear one last. What a
// point costs is known once one of its units is done, and guessed before. The order changes no result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <set>
#include <vector>

#include "scenarios/sweep/unit.hpp"

namespace nines::scenarios {

class Queue {
 public:
  // `units` sorted. `guess`: what a replication of a point costs, in any measure; empty: all the same.
  explicit Queue(std::vector<Unit> units, const std::function<double(std::uint64_t point)>& guess = {});

  // The next one to work on; nothing when all are handed out. One thread at a time.
  std::optional<Unit> next();
  void done(const Unit& unit, double seconds);

  std::uint64_t size() const { return units_.size(); }
  std::uint64_t finished() const { return finished_; }
  // Work left, in seconds of one worker; nothing before the first unit is done.
  std::optional<double> seconds_left() const;

 private:
  // The units of one point, in a row.
  struct Group {
    std::uint32_t next = 0, end = 0;  // Into units_.
    float cost = 1;                   // Of a replication, or of a solved point: guessed, then in seconds.
    bool known = false;
  };
  struct Dear {
    float cost = 0;  // Of the unit that comes next.
    std::uint32_t group = 0;
    bool operator<(const Dear& other) const { return cost != other.cost ? cost < other.cost : group > other.group; }
  };
  static double weight(const Unit& unit) { return unit.count == 0 ? unit.points : unit.count; }
  std::size_t group_of(const Unit& unit) const;
  Unit take(std::size_t group);

  std::vector<Unit> units_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> fresh_;  // Groups of which nothing was handed out, the dearest last.
  std::priority_queue<Dear> known_;   // With units left.
  std::set<std::uint32_t> unknown_;   // Begun, none of their units done, with units left.
  std::uint64_t finished_ = 0;
  double guessed_left_ = 0;  // Guessed cost of what is not done.
  double guessed_done_ = 0, seconds_done_ = 0;
  std::vector<float> guesses_;  // By group.
};

}  // namespace nines::scenarios
