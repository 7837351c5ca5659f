// How often and for how long a quorum is lost, computed: by conditioning on what is shared (regions, zones, racks, cuts between them) and passing
// along the brokers in between.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/exact/dual.hpp"
#include "analysis/exact/frontier.hpp"
#include "analysis/exact/model.hpp"

namespace nines::analysis {

// A condition that comes and goes.
struct Recurring {
  double fraction = 0;    // Of time.
  double per_s = 0;       // How often it begins.
  double unexamined = 0;  // The probability of the states that were not looked at: the fraction is at most so much greater.
  double mean_s() const { return per_s > 0 ? fraction / per_s : 0; }
};

struct QuorumAnswer {
  Recurring some;                     // At least one partition has no quorum.
  Recurring every;                    // None has.
  Recurring mean;                     // Averaged over the partitions.
  std::vector<Recurring> partitions;  // Each by itself.
};

// What each atom of the model does: by default its unavailability, and how often it fails as the slope.
std::vector<Dual> laws_of(const Model& model);
// The same where modes have other rates and durations than those the model was made of.
std::vector<Dual> laws_of(const Model& model, const std::vector<failure::Mode>& modes);

class QuorumSolver {
 public:
  // The cluster's structure, worked out once; the model must outlive it.
  QuorumSolver(const Model& model, std::size_t cluster);

  // Empty when the answer is complete; else why it is not: the partitions overlap so widely that only each one by itself was solved.
  const std::string& limits() const { return limits_; }

  // One law per atom of the model. The slopes of a question's answer lie along those of the laws.
  QuorumAnswer solve(std::span<const Dual> laws) const;
  // The parts of that answer.
  Recurring some_lost(std::span<const Dual> laws) const;
  Recurring every_lost(std::span<const Dual> laws) const;
  // The fractions of some_lost() under so many laws side by side, one Many per atom: a fraction of the time for those who need no slope.
  Many some_lost(std::span<const Many> laws) const;

  std::uint64_t states() const { return all_.states; }  // Of what is shared, that a solution walks through.
  std::uint64_t work() const;                           // About how many steps some_lost() takes.
  std::size_t bytes() const;                            // About how much memory the structure takes.

 private:
  // Atoms that do the same to the same element, as one.
  struct Switch {
    enum class Kind : std::uint8_t { stops, island, between };  // island: cut from the outside.
    Kind kind = Kind::stops;
    std::vector<std::uint32_t> inside, other;  // Local brokers.
    std::vector<std::uint32_t> atoms;
  };
  struct Variant {  // Which partitions are broken by which brokers, while some of the cuts are on.
    std::uint64_t cuts = 0;
    Frontier::Broken broken;
  };
  // A set of partitions that is solved together.
  struct Part {
    std::vector<std::vector<std::uint32_t>> partitions;  // Local brokers.
    std::vector<std::vector<std::uint32_t>> nodes;
    std::vector<std::uint32_t> broker_of;  // Local to the model's.
    std::vector<std::vector<std::uint32_t>> node_atoms, broker_atoms;
    std::vector<std::uint32_t> total_atoms;  // They stop every broker.
    std::vector<Switch> shared;
    std::optional<Frontier> frontier;
    std::vector<Variant> variants;
    std::uint32_t most_down = 0;  // Shared switches that are looked at together.
    std::uint64_t states = 0;
  };
  Part part_of(std::vector<std::vector<std::uint32_t>> partitions) const;
  void add_switches(Part& part, const std::map<std::uint32_t, std::uint32_t>& node_at) const;
  void add_variants(Part& part) const;
  Recurring solve(const Part& part, Frontier::Question question, std::span<const Dual> laws) const;
  // What stops everybody, and what the rest of it takes.
  template <class Number>
  struct Taken {
    Number total{}, lost{};
    std::vector<Number> switches;
  };
  template <class Number>
  Taken<Number> walk(const Part& part, Frontier::Question question, std::span<const Number> laws) const;

  const Model* model_;
  const ModelCluster* cluster_;
  std::vector<std::vector<std::uint32_t>> atoms_of_;  // Per broker of the model: those that stop it, or cut it off.
  std::vector<std::vector<std::uint32_t>> unlike_;    // The voters of unlike partitions, ascending.
  std::vector<std::uint32_t> unlike_of_;              // Per partition of the cluster.
  Part all_;
  std::string limits_;
};

}  // namespace nines::analysis
