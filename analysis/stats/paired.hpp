// Two designs under the same storms: the difference that it makes, replication by replication. Randomness is keyed by element, so what both designs suffer
// alike cancels, and the interval of the difference is far narrower than the two designs' own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/stats/replication.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"

namespace nines::analysis {

// Head less base, of the mean of one replication.
struct Difference {
  std::optional<double> value;  // Absent where too few replications differ for an estimate to mean something: the limits still bound it.
  std::optional<double> low, high;
  std::string method;
};

// Of the means of two series of non-negative sums of events, replication by replication; what is left over of the longer series is not used.
// What is worse and what is better is bounded by Fay-Feuer's gamma limits each, around their spread between replications and with one more event of the
// largest size on the upper side, and put together by MOVER (Zou and Donner, Statistics in Medicine 27, 2008): for many even differences that is Student's
// t over the pairs, for few uneven ones it is as lopsided as they are. With fewer than 30 pairs, or differences that do not spread over enough of them
// (enough_effective_events), there is no value, and the limits are bounds. `largest`: the largest mean size of an event that may not have been seen yet: a
// giant that only one design suffers costs width until the replications are too many for it to hide; 0 where nobody knows.
Difference paired(std::span<const double> base, std::span<const double> head, double largest);

// What a replication contributes, by cluster, in the order of their indices.
class Series {
 public:
  explicit Series(const world::Options& options);
  void add(const world::Record& record);

  struct Cluster {
    std::string name;
    std::vector<double> down_s;    // Some partition is not writable.
    std::vector<double> beside_s;  // Of it, the time in which the quorum count alone does not say so.
  };
  const std::vector<Cluster>& clusters() const { return clusters_; }
  double horizon_s() const;                                      // Of a replication.
  double longest_s() const;                                      // The largest mean length of an outage.
  double longest_beside_s() const { return longest_beside_s_; }  // Of one that the quorum count does not know.

 private:
  Reducer reducer_;
  std::vector<Cluster> clusters_;
  double longest_beside_s_;
};

}  // namespace nines::analysis
