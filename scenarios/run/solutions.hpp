// What can be solved of a scenario that is simulated: put in place of what was simulated of it, and held against it.
#pragma once

#include <optional>
#include <vector>

#include "analysis/exact/combine.hpp"
#include "scenarios/run/gap_lives.hpp"

namespace nines::scenarios {

class Solutions {
 public:
  // Nothing where independent atoms cannot express the scenario: the answer is then simulated alone.
  static std::optional<Solutions> of(const world::Options& options);

  // `lives`: gaps measured on single faults, or null.
  std::vector<analysis::SelfCheck> check(const analysis::Summary& summary, const GapLives* lives) const;
  void put_into(const analysis::Summary& summary, analysis::Metrics& metrics) const;

 private:
  struct Cluster {
    std::string name, prefix;
    analysis::QuorumAnswer quorum;
  };
  std::vector<Cluster> clusters_;
};

}  // namespace nines::scenarios
