// The course of a sweep: which units there are, who has done which, and what the finished ones say of every point.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/sweep/crew.hpp"
#include "scenarios/sweep/journal.hpp"
#include "scenarios/sweep/points.hpp"
#include "scenarios/sweep/ranks.hpp"
#include "scenarios/sweep/rows.hpp"
#include "scenarios/sweep/shard.hpp"

namespace nines::scenarios {

// What there is to do.
struct Survey {
  struct Of {
    std::uint32_t replications = 0;  // 0: left out by `where`.
    float guess = 1;                 // What a replication costs, in no particular unit.
  };
  std::vector<Of> points;      // By point; empty where all are solved: nobody reads them all beforehand.
  std::uint64_t included = 0;  // Points that count, as far as they were read.
  Errors invalid;              // The first few points that are no scenarios.
  std::uint64_t invalid_points = 0;
};
Survey survey(const Points& points, Sweep::Method method, int jobs);

// How many units that makes, as many as it may be: more than most_units, and it is too much for one sweep.
double units_in(const Points& points, const Survey& survey, Sweep::Method method);
inline constexpr double most_units = 2e7;

// Of the methods that know them beforehand, sorted. Adaptive: those that solve every point.
std::vector<Unit> units_of(const Points& points, const Survey& survey, Sweep::Method method);

struct SweepProgress {
  std::uint64_t round = 0;         // Of adaptive sweeps: 0 solves, the others simulate where the front or an expectation is open.
  std::uint64_t done = 0, of = 0;  // Units of this process, in this round.
  double points_per_s = 0;         // Points' worth of units.
  std::chrono::duration<double> elapsed{0};
  std::optional<std::chrono::duration<double>> left{};
  std::optional<double> widest{};  // Relative error of the downtime that is known least, of what this process simulated.
};

// Adaptive sweeps: of the replications that all points would get, the share that may be spent.
inline constexpr double budget_share = 0.2;

using Workforce = std::function<Worked(Queue&, const Execute&, Journal&, const Watch&)>;

struct Working {
  Shard shard{};
  Workforce work = scenarios::work;  // Who works: this process's threads, or others.
  int jobs = 1;
  int workers = 0;    // On units, where they are more than the threads of this process; 0: its jobs.
  Perform perform{};  // Where they are: what each of them does with a unit, instead of Points::work_on.
  std::optional<std::chrono::duration<double>> max_time{};
  std::function<bool()> interrupted{};
  std::function<void(const SweepProgress&)> progress{};
};

struct Course {
  Worked worked;
  std::uint64_t rounds = 1;
  std::uint64_t units = 0;     // Of all rounds so far, this process's or not.
  std::uint64_t finished = 0;  // Of them, in the journal.
  Errors invalid;              // Points that are no scenarios, or cannot be solved.
  std::string why;             // Adaptive: why no further replications were asked for.
  bool complete() const { return finished == units && worked.stop == Stop::budget; }
  std::string stop_reason() const;  // "all 1,000 units"
};

// Works on what is not in the journal yet. Adaptive: not as one of several shards, which do not know what the others found.
Course work_through(const Points& points, const Survey& survey, Sweep::Method method, Journal& journal, const Working& working);

// What the journal says of every point, in the order of the points.
class SweepRows {
 public:
  // Points of which a block is missing have the blocks before it; those with none are told as they were solved, or left out.
  SweepRows(const Points& points, Journal& journal, int jobs);
  // Throws UnreadableJournal, as the constructor does.
  void each(const std::function<void(Row&&)>& to) const;

 private:
  Journal* journal_;
  std::vector<Journal::Entry> solved_;
  std::string simulated_;  // As rows.
};

}  // namespace nines::scenarios
