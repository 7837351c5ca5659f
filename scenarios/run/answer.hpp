// The answer to one scenario: replications simulated, summed up and judged. `nines run` without its command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/report/report.hpp"
#include "analysis/stats/summary.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "scenarios/run/replicate.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// What is known in the middle of a run.
struct Progress {
  std::uint64_t merged = 0;
  std::uint64_t of = 0;
  std::chrono::duration<double> elapsed{0};
  std::chrono::duration<double> left{0};  // An estimate; 0 while there is none.
  analysis::Metric headline;              // uptime.all of the first cluster.
};

struct Question {
  const Scenario* scenario = nullptr;
  world::Options world;             // to_world(*scenario)
  analysis::Provenance provenance;  // As far as it is known before the run: version, text, command.
  std::uint64_t first = 0;
  std::uint64_t replications = 1;
  int jobs = 1;
  std::optional<std::chrono::duration<double>> max_time{};
  // To stop as soon as the downtime of each cluster's uptime.all is known so well; `replications` is then the most. See analysis::Stopping.
  std::optional<double> relative_error{};
  std::optional<double> level{};  // Of error budgets; absent: what `expect:` promises of uptime.all, else Summary::usual_level.
  std::function<bool()> interrupted{};
  std::function<void(const Progress&)> progress{};
  // Called for every record in the order of the indices, beside the summary. May be empty.
  Merge also{};
  // What a replication is; empty: world::simulate. With faults of one's own (see the other simulate()), or in tests. Then nothing is solved beside it.
  std::function<world::Record(const world::Options&, std::uint64_t seed, std::uint64_t replication)> simulate{};
};

struct Answer {
  analysis::Report report;
  Stop stop = Stop::budget;
  std::vector<Broken> broken;
  std::shared_ptr<void> under_way;  // See Done.
};

// Runs the budget, or as much of it as the relative error needs. With a deadline, lines of `expect:` that are still undecided then go on in steps
// that double the number of replications, until they are decided at the end of a step by more than their interval (analysis::stretched), or time is up.
Answer answer(const Question& question);

}  // namespace nines::scenarios
