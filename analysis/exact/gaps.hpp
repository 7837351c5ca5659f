// How long partitions cannot be written although a quorum is there: elections, pauses, restarts and what follows the return of a quorum. Measured on
// one fault at a time, by the simulator's own core, and weighed with how often such faults come.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "models/failure/timeline.hpp"
#include "models/world/plan.hpp"
#include "models/world/record.hpp"
#include "models/world/world.hpp"

namespace nines::analysis {

// Beyond the loss of a quorum, per fault or per second of time, whichever is said.
struct Excess {
  double some_s = 0;      // Some partition cannot be written.
  double every_s = 0;     // None can.
  double mean_s = 0;      // Averaged over the partitions.
  double failovers = 0;   // Elections that partitions waited for.
  double failover_s = 0;  // And for how long, added up.
  bool operator==(const Excess&) const = default;
  void add(const Excess& other, double times) {
    some_s += times * other.some_s;
    every_s += times * other.every_s;
    mean_s += times * other.mean_s;
    failovers += times * other.failovers;
    failover_s += times * other.failover_s;
  }
};

// The excess of what a record holds from `since` on, for partitions first .. first + count - 1.
Excess excess_of(const world::Record& record, Instant since, std::uint32_t first, std::uint32_t count);

// Single faults in a world that is otherwise whole. Leaders stand where a life under all failure modes has put them: the world is taken at a random
// instant of the horizon, and what is going on there is waited for.
class GapSampler {
 public:
  GapSampler(std::shared_ptr<const world::Plan> plan, std::uint64_t seed);

  std::size_t modes() const { return rates_.size(); }
  std::size_t clusters() const { return plan_->options.clusters.size(); }
  double per_s(std::size_t mode) const { return rates_[mode]; }  // Faults of a mode, of all its elements together.
  const std::vector<double>& rates() const { return rates_; }    // The same, by mode.

  // One life: `times[m]` faults of each mode m, every one in a copy of the same instant. Per mode and cluster (mode * clusters() + cluster) the
  // excess per fault, averaged. Lives are independent of each other; equal arguments give equal results, on any thread.
  std::vector<Excess> life(std::uint64_t index, const std::vector<std::uint32_t>& times) const;

 private:
  struct Scene;
  world::Record inject(world::World world, Instant at, std::size_t mode, const failure::Element& element, Duration lasts) const;

  std::shared_ptr<const world::Plan> plan_;
  std::uint64_t seed_;
  std::vector<std::vector<failure::Element>> elements_;  // By mode.
  std::vector<double> rates_;
  Duration longest_life_;
};

// Always as long after the last time, and so often that who leads where depends on it.
bool comes_regularly(const failure::Mode& mode);

// Faults of each mode of all its elements together, per second.
std::vector<double> fault_rates(const failure::Site& site, const std::vector<failure::Mode>& modes);

// What lives add up to, weighed with how often the faults of each mode come.
class GapSum {
 public:
  // `times`: how often each mode is tried in a life.
  GapSum(const GapSampler& sampler, std::size_t cluster, std::vector<std::uint32_t> times);
  // Weighed with other rates than those the lives were lived under.
  GapSum(std::vector<double> per_s, std::size_t cluster, std::size_t clusters, std::vector<std::uint32_t> times);

  void add(const std::vector<Excess>& life);
  std::uint64_t lives() const { return lives_; }
  std::uint64_t faults() const;

  struct Mean {
    double value = 0;  // Per second of time.
    // Standard error: the spread between lives, and for each mode as if one more fault had left no gap. Where all that were tried cost the same, one
    // in so many may yet not.
    double error = 0;
    double largest = 0;  // Of one life.
  };
  Mean some() const { return mean(&Excess::some_s); }
  Mean every() const { return mean(&Excess::every_s); }
  Mean of_mean() const { return mean(&Excess::mean_s); }
  Mean failovers() const { return mean(&Excess::failovers); }
  Mean failover_time() const { return mean(&Excess::failover_s); }
  Mean some_of(std::size_t mode) const;  // One mode's part of some(); with the spread between lives only.

  // Where no fault left a gap: at most so many of them did (rule of three, each mode by itself). Infinity before the first life.
  double unseen_per_s() const;

 private:
  Mean mean(double Excess::*what) const;

  std::vector<double> per_s_;
  std::size_t cluster_, clusters_;
  std::vector<std::uint32_t> times_;
  std::uint64_t lives_ = 0;
  Excess total_, total_squares_;  // Running mean and sum of squared deviations (Welford), field by field.
  Excess largest_;                // Of one life.
  std::vector<Excess> by_mode_, by_mode_squares_;
};

inline constexpr std::uint32_t least_faults = 2;  // Of each mode in a life.

// How often each mode is to be tried in a life, from a few lives with one fault each: by its share of the spread.
std::vector<std::uint32_t> allocate(const GapSum& pilot, std::size_t modes, std::uint32_t faults);

// The same for several clusters in one world, by their pilots: each mode as often as the cluster needs that needs it most.
std::vector<std::uint32_t> allocate(const std::vector<GapSum>& pilots, std::size_t modes);
inline constexpr std::uint64_t pilot_lives = 16, first_pilot = std::uint64_t{1} << 32;  // Numbered apart from the lives that count.

// Lives as they were lived, to be weighed with other rates later: see GapSampler::life().
struct Lives {
  std::vector<std::uint32_t> times;         // Faults of each mode in a life.
  std::vector<std::vector<Excess>> excess;  // By life.
};
// A pilot, and after it so many lives that count.
Lives live(const GapSampler& sampler, std::uint64_t count);
// By cluster.
std::vector<GapSum> sum_of(const Lives& lives, const std::vector<double>& per_s, std::size_t clusters);

}  // namespace nines::analysis
