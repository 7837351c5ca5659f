// Random instants without a quorum: what is down then, and which fault came last. For what has no closed answer.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/why/cut_sets.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

// A random instant of the stationary law at which some listed cut set is down.
struct Loss {
  double weight = 0;                // Share of all time that it stands for, times the number of instants drawn.
  std::vector<std::uint32_t> cuts;  // The cut sets that are down, into CutSets::sets; never none.
  std::uint32_t trigger = 0;        // The atom that came last of those without which there would be a quorum: in the order of their ages.
};

// Draws a cut set by its probability, and the rest given it; a state that holds n of the sets counts for 1/n (Karp, Luby and Madras, Journal of
// Algorithms 10, 1989). Ages of faults have the law of the residual, whatever the durations' law is.
class LossSampler {
 public:
  // All of them must outlive it.
  LossSampler(const Model& model, std::size_t cluster, const world::Options& options, const CutSets& cuts);

  double sum_of_cuts() const { return sum_; }  // Of the probabilities of the cut sets.
  // The i-th of n: spread evenly over the cut sets and what may hold them down.
  Loss draw(std::uint64_t i, std::uint64_t n, std::uint64_t seed) const;

 private:
  const Model* model_;
  std::size_t cluster_;
  const world::Options* options_;
  const CutSets* cuts_;
  std::vector<double> upto_;                         // Of the sets' probabilities.
  std::vector<std::vector<std::uint32_t>> of_unit_;  // Per unit its sets.
  std::vector<std::uint32_t> unit_of_;               // Per atom; the number of units where it is in none.
  double sum_ = 0;
};

}  // namespace nines::analysis
