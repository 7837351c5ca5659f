// What simulated excursions add up to, how sure the sum is, and whether it can be believed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/rare/system.hpp"

namespace nines::analysis {

struct Diagnostics {
  std::uint64_t paths = 0, hits = 0, changes = 0;
  double effective = 0;      // (sum of contributions)^2 / sum of their squares: so many equal ones would be as sure.
  double largest_share = 0;  // Of the sum, in one contribution.
  double likelihood = 1;     // Mean likelihood ratio; 1 in truth.
  double likelihood_error = 0;
  bool endless = false;      // Excursions were given up: no other way to simulate them would end either.
  std::string text() const;  // A clause for a note.
};

// The shape of an answer, also when it is a refusal.
struct RareEstimate {
  std::optional<double> value;      // Share of time.
  std::optional<double> low, high;  // Of a 95 % interval.
  double per_s = 0;                 // How often it begins.
  double per_s_error = 0;           // Half its interval over it, as relative_error.
  double relative_error = 0;        // Half the interval over the value: 1.96 standard errors, on the scale of the logarithm.
  std::string method;
  Diagnostics diagnostics;
  std::string refused;  // Why there is no value; empty where there is one.
};

class Tally {
 public:
  void add(const Path& path);
  void merge(const Tally& other);  // In the order of batches: sums depend on it in their last digits.

  std::uint64_t paths() const { return paths_; }
  std::uint64_t changes() const { return changes_; }
  bool hopeless() const { return unfinished_ > 0; }  // Excursions were given up; more of them change nothing.
  double value() const { return paths_ > 0 ? sum_ / count() : 0; }
  double losses_per_s() const { return paths_ > 0 ? losses_ / count() : 0; }
  // Of one contribution, over the value.
  double relative_variance() const;
  // The same for plain simulation, whose excursions all have the weight `excursions_per_s`: E[(rate x lost)^2] is estimated with our weights.
  double plain_relative_variance(double excursions_per_s) const;
  // 1.96 standard errors over the value; infinity without a hit.
  double relative_error() const;
  double losses_error() const;  // The same of losses_per_s().
  Diagnostics diagnostics() const;

  // Why the answer must not be given; empty when it may.
  std::string objection() const;

 private:
  double count() const { return static_cast<double>(paths_); }

  std::uint64_t paths_ = 0, hits_ = 0, changes_ = 0, unfinished_ = 0;
  double sum_ = 0, squares_ = 0, largest_ = 0, plain_squares_ = 0, losses_ = 0, losses_squares_ = 0;
  double likelihood_ = 0, likelihood_squares_ = 0;
};

}  // namespace nines::analysis
