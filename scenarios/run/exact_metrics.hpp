// From what was solved and what was measured on single faults to the metrics of a report: what `--method exact` and the points of a sweep share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/exact/band.hpp"
#include "analysis/exact/capability.hpp"
#include "analysis/exact/gaps.hpp"
#include "analysis/exact/model.hpp"
#include "analysis/exact/quorum.hpp"
#include "analysis/report/report.hpp"
#include "models/world/options.hpp"
#include "scenarios/run/load_answer.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// The structure of a world's clusters. It does not move: the solvers look at the model.
class Structure {
 public:
  explicit Structure(analysis::Model model);
  Structure(const Structure&) = delete;
  Structure& operator=(const Structure&) = delete;

  const analysis::Model& model() const { return model_; }
  const analysis::QuorumSolver& solver(std::size_t cluster) const { return *solvers_[cluster]; }
  std::size_t bytes() const;  // About.

 private:
  analysis::Model model_;
  std::vector<std::unique_ptr<analysis::QuorumSolver>> solvers_;
};

// What single faults cost a world beside its quorums.
struct Gaps {
  const std::vector<analysis::GapSum>& of;  // By cluster.
  double election_s = 0;                    // What a gap costs that nobody has seen yet.
  // They were measured where faults come more or less often, which moves leaders and so costs by as much as this, relatively; 0: they were not.
  double off = 0;
  std::uint64_t lives() const { return of.front().lives(); }
};

// A share of time: solved, and with gaps measured beside it.
struct Share {
  double value = 0, low = 0, high = 0;
};
Share some_down(const analysis::Recurring& quorum, const analysis::GapSum& sum, const Gaps& gaps);

// By cluster.
std::vector<analysis::PartitionGaps> partition_gaps(const Gaps& gaps);

// Availability of every cluster, what users can do, its losses of quorum and its failovers, with what to doubt of them. `solved`: by cluster, with the world's rates.
void put_availability(const world::Options& world, const Structure& structure, const std::vector<analysis::QuorumAnswer>& solved, const Gaps& gaps,
                      const analysis::Draws& draws, analysis::Report& report);

// Load and costs, the verdicts on what is expected, and what the method assumes.
void put_rest(const Scenario& scenario, const LoadAnswer& load, analysis::Report& report);

}  // namespace nines::scenarios
