// Many partitions over a row of nodes: the probability that one of them, or every one, lacks a quorum, by passing along the row with the state of
// those brokers only that partitions still under way need (a transfer matrix; for replicas dealt round a ring of brokers it is as wide as
// twice their number less two).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/exact/dual.hpp"

namespace nines::analysis {

class Frontier {
 public:
  static constexpr std::size_t widest = 20;  // Brokers remembered at once; 2^20 states.

  // `nodes`: per node its brokers, numbered 0, 1, ... over all. `partitions`: the brokers of each one's voters.
  // Nothing when more than `widest` brokers would have to be remembered.
  static std::optional<Frontier> over(const std::vector<std::vector<std::uint32_t>>& nodes, const std::vector<std::vector<std::uint32_t>>& partitions);

  // Which partitions have no quorum for which of their voters up. Partitions whose voters reach each other alike share a table.
  struct Broken {
    std::vector<std::vector<std::uint8_t>> tables;  // Bit i of the index stands for voter i.
    std::vector<std::uint32_t> of_partition;
    const std::vector<std::uint8_t>& of(std::uint32_t partition) const { return tables[of_partition[partition]]; }
  };
  // Two brokers reach each other, both ways.
  using Connected = std::function<bool(std::uint32_t, std::uint32_t)>;
  static Broken broken(const std::vector<std::vector<std::uint32_t>>& partitions, const Connected* connected);

  // A Number is a Dual, or Many.
  template <class Number>
  struct Laws {
    std::vector<Number> node;    // Per node: down as a whole.
    std::vector<Number> broker;  // Per broker: down by itself.
    std::vector<bool> surely;    // Per broker: down whatever its own law says.
  };
  enum class Question : std::uint8_t { some_lost, all_lost };
  template <class Number>
  Number solve(const Laws<Number>& laws, const Broken& broken, Question question) const;

  std::size_t width() const { return width_; }

 private:
  struct Closing {
    std::uint32_t partition;
    std::vector<std::uint8_t> slots;  // Of its voters.
  };
  struct Step {
    std::vector<std::uint32_t> brokers;
    std::vector<std::uint8_t> slots;  // Of the brokers.
    std::vector<Closing> closes;
    std::vector<std::uint8_t> frees;
  };
  std::vector<std::vector<std::uint32_t>> partitions_;
  std::vector<Step> steps_;
  std::size_t width_ = 0;
};

}  // namespace nines::analysis
