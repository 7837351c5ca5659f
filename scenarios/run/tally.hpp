// What the replications of one scenario add up to. Blocks of them that different processes simulated are merged in order and give the bits of one run;
// between processes a tally travels as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/report.hpp"
#include "analysis/stats/summary.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "scenarios/run/cost_answer.hpp"
#include "scenarios/run/load_answer.hpp"
#include "scenarios/run/solutions.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// The share of time that each cluster is promised to be writable: `level`, or what is expected of its uptime.all, or Summary::usual_level.
std::vector<double> promised_levels(const Scenario& scenario, const world::Options& world, std::optional<double> level = {});

// What can be said of a scenario without simulating it. Both it and its world must outlive this.
struct Known {
  enum class Solve : std::uint8_t { what_can_be, nothing };
  Known(const Scenario& of, const world::Options& options, Solve solve = Solve::what_can_be);

  const Scenario& scenario;
  const world::Options& world;
  const Solve solve;
  CostAnswer costs;
  std::optional<Solutions> solutions;
};

// Where the budget ended a run: "budget: all of 1000 replications".
std::string budget_reached(std::uint64_t replications);

class Tally {
 public:
  // `levels`: see promised_levels. Needs neither scenario nor world afterwards.
  Tally(const Scenario& scenario, const world::Options& world, const std::vector<double>& levels);

  void add(const world::Record& record);  // In the order of the replications' indices.
  void merge(const Tally& later);         // Of the replications that follow, of the same scenario.

  std::string bytes() const;
  // In place of what was added. False: damaged, of another version, or of a scenario that differs in the parts of its world, in how long repairs take, in
  // its load or in its levels; the tally is then of no more use. How often things fail is not compared: who keeps bytes must know what they are of.
  bool read(std::string_view bytes);

  // Seconds in which some partition of the cluster was down, by replication, in order: two designs that saw the same storms are compared pair by pair.
  const std::vector<double>& downtime_s(std::size_t cluster) const { return summary_.downtime_s(cluster); }
  const analysis::Summary& summary() const { return summary_; }

  // Metrics, self-checks of the losses of quorum, and expectations: what a look in the middle of a run needs.
  analysis::Report look(const Known& known) const;
  // The rest: bands, what downtime costs, warnings, and where the answer comes from. The seed of `from` is that of the bands.
  void conclude(const Known& known, const analysis::Provenance& from, analysis::Report& look) const;
  // Both. Without a stop reason in `from` the budget was reached.
  analysis::Report report(const Known& known, const analysis::Provenance& from) const;

 private:
  analysis::Summary summary_;
  LoadAnswer load_;
  std::uint64_t of_ = 0;  // Hash of what read() compares.
};

}  // namespace nines::scenarios
