// What can be solved of a scenario that is simulated: put in place of what was simulated of it, and held against it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/exact/band.hpp"
#include "analysis/exact/combine.hpp"
#include "scenarios/run/gap_lives.hpp"

namespace nines::scenarios {

class Solutions {
 public:
  // Nothing where independent atoms cannot express the scenario, or where backups are gone back to for more than a thousandth of the time without a
  // quorum: the answer is then simulated alone.
  static std::optional<Solutions> of(const world::Options& options);

  // `lives`: gaps measured on single faults, or null.
  std::vector<analysis::SelfCheck> check(const analysis::Summary& summary, const GapLives* lives) const;
  void put_into(const analysis::Summary& summary, analysis::Metrics& metrics) const;

 private:
  struct Cluster {
    std::string name, prefix;
    analysis::QuorumAnswer quorum;
    double variance_per_s = 0;  // Of the time without some quorum.
  };
  std::vector<Cluster> clusters_;
};

// The band that the catalogue's ranges leave, beside uptime.all, nines and downtime of one cluster. `gaps`: a share of time per mode.
void put_band(const world::Options& options, std::size_t cluster, const std::vector<double>& gaps, std::uint64_t seed, const std::string& prefix,
              analysis::Metrics& metrics);
void put_band(const std::optional<analysis::Band>& band, const std::string& prefix, analysis::Metrics& metrics);

}  // namespace nines::scenarios
