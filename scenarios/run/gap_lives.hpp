// Gaps beside the quorum, measured on the thread pool: lives until their sum is known well enough.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "analysis/exact/gaps.hpp"
#include "scenarios/run/answer.hpp"

namespace nines::scenarios {

class GapLives {
 public:
  // A few lives with one fault of each mode tell how often each is to be tried in those that count.
  static constexpr std::uint64_t least = 48, most = 4096;

  GapLives(const Question& question, WallTime start);
  GapLives(const GapLives&) = delete;
  GapLives& operator=(const GapLives&) = delete;

  // Merges lives up to that many altogether. False when it was stopped before.
  bool run(std::uint64_t lives);

  std::uint64_t lives() const { return sums_.front().lives(); }
  const analysis::GapSum& of(std::size_t cluster) const { return sums_[cluster]; }
  const std::vector<analysis::GapSum>& sums() const { return sums_; }  // By cluster.
  // What a gap costs that nobody has seen yet.
  double election_s() const { return election_s_; }

  Stop stop() const { return stop_; }
  std::vector<Broken> broken;
  std::shared_ptr<void> under_way;  // See Done.

 private:
  void run(std::uint64_t first, std::uint64_t count);
  void begin();

  const Question* question_;
  WallTime start_;
  analysis::GapSampler sampler_;
  double election_s_;
  std::vector<std::uint32_t> times_;
  std::vector<analysis::GapSum> sums_;
  Stop stop_ = Stop::budget;
};

}  // namespace nines::scenarios
