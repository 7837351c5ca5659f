// Designs by the hundred thousand: the quorum of each solved, the gaps beside it measured once for all designs in which they are alike.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/exact/gaps.hpp"
#include "analysis/exact/quorum.hpp"
#include "models/world/options.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

// Shares of time in which some partition of a cluster cannot be written.
struct Screened {
  Recurring quorum;       // Solved.
  double gaps = 0;        // Beside it.
  double gaps_error = 0;  // Standard error of the gaps.
  double fraction() const { return quorum.fraction + gaps; }
};

class Screen {
 public:
  // `lives`: for each kind of design whose gaps have not been measured yet.
  explicit Screen(std::uint64_t seed, std::uint64_t lives = 32) : seed_(seed), lives_(lives) {}

  // By cluster. Fails as model_of() does.
  Result<std::vector<Screened>> operator()(const world::Options& options);

  std::size_t kinds() const { return known_.size(); }

 private:
  // Of one failure mode and cluster: what a single fault costs, on average.
  struct Gap {
    double mean_s = 0, error_s = 0;
  };
  const std::vector<Gap>& gaps(const world::Options& options);  // mode * clusters + cluster

  std::uint64_t seed_, lives_;
  std::unordered_map<std::string, std::vector<Gap>> known_;
};

// Everything that the cost of a single fault depends on: profile, replicas, distances, disks, load, what the modes do and for how long; not how often
// they come, nor any price. (How often they come moves leaders about, which moves these costs by a few per cent.)
std::string kind_of_gaps(const world::Options& options);

}  // namespace nines::analysis
