// Continuous-time Markov chains, for repair that couples elements: crews, spares, maintenance one at a time. Probabilities of rare states
// come out as sums of positive numbers, so that an unavailability of 1e-18 keeps its digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace nines::analysis {

class Chain {
 public:
  struct Rate {
    std::size_t from, to;
    double per_time;
  };
  using States = std::function<bool(std::size_t)>;  // A set of states.

  explicit Chain(std::size_t states) : states_(states) {}
  void add(std::size_t from, std::size_t to, double rate);  // Rates of equal transitions add up; zero is none.
  std::size_t states() const { return states_; }

  // The stationary law of an irreducible chain. Up to `dense_limit` states by the elimination of Grassmann, Taksar and Heyman (Operations
  // Research 33, 1985), which never subtracts and is accurate in every component (O'Cinneide, Numerische Mathematik 65, 1993). Beyond, by
  // sparse LU relative to `reference`, a state that is often visited: its diagonal subtracts, and probabilities far below 1e-16 / (largest
  // over smallest rate) may lose digits.
  std::vector<double> stationary(std::size_t reference = 0) const;
  std::vector<double> stationary_dense() const;
  std::vector<double> stationary_sparse(std::size_t reference) const;
  double stationary_of(const States& set) const;

  // The law at `time` from the law `start`, by uniformisation (Jensen 1953): work grows with the largest rate out of a state times `time`.
  // Terms are positive; the Poisson weights left out add up to less than 1e-18.
  std::vector<double> transient(std::span<const double> start, double time) const;

  // The mean time from `start` until a state of `absorbing` is entered, from the mean cycle of the chain that is thrown back to `start`
  // there: positive sums again, where a linear system would lose a digit for each factor of ten in the answer.
  double mean_time_to(std::size_t start, const States& absorbing) const;

  static constexpr std::size_t dense_limit = 2'000;

 private:
  std::size_t states_;
  std::vector<Rate> rates_;
};

// n like elements and `crews` who repair one each; state: how many are down. crews >= n: independent repair.
Chain repairman(std::size_t n, std::size_t crews, double failure_rate, double repair_rate);

}  // namespace nines::analysis
