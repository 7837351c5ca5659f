// The answers to the points of a sweep, one after the other in any order and on any threads: as `--method exact` has them, but with what single faults
// cost measured once for all points of a kind. Milliseconds a point, and seconds a kind.
#pragma once

#include <cstdint>
#include <memory>

#include "analysis/report/report.hpp"
#include "models/world/options.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

class ExactPoints {
 public:
  static constexpr std::uint64_t lives = 48;  // Of each kind; their t interval is that of exact_answer()'s first look.
  // Of single faults, where they were measured under rates that are up to 1.42 times off. See tests/scenarios/run/exact_point_test.cpp.
  static constexpr double off = 0.05;
  static constexpr std::size_t most_bytes = std::size_t{256} << 20;  // Remembered.

  // `base`: the scenario that the points are variations of. The rates of its modes stand for those of points that change them: see
  // analysis::canonical().
  ExactPoints(const world::Options& base, std::uint64_t seed, std::size_t memory_bytes = most_bytes);
  ~ExactPoints();

  // Safe on several threads at once; the answer depends on the point, the base and the seed only. `world`: to_world(scenario). The report lacks what only
  // the caller knows of its provenance, and the time it took. Fails as exact_answer() does; a broken invariant is thrown.
  Result<analysis::Report> operator()(const Scenario& scenario, const world::Options& world) const;

  struct Counts {
    std::uint64_t points = 0;  // Asked for.
    std::uint64_t kinds = 0;   // Measured.
    std::uint64_t worlds = 0;  // Solved: points of one world differ in prices and machines only.
  };
  Counts counts() const;

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

}  // namespace nines::scenarios
