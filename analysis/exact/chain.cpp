#include "analysis/exact/chain.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Sparse>
#include <Eigen/SparseLU>

#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

void normalise(std::vector<double>& law) {
  double total = 0;
  for (const double p : law) total += p;
  SIM_CHECK(total > 0 && std::isfinite(total), "a chain has a stationary law");
  for (double& p : law) p /= total;
}

// Weights of a Poisson law from its mode outwards (Fox and Glynn, Communications of the ACM 31, 1988): first + i jumps with weights[i].
struct Jumps {
  std::size_t first = 0;
  std::vector<double> weights;
};

Jumps poisson(double mean) {
  constexpr double negligible = 1e-22;  // Of the largest weight; what follows falls off at least geometrically.
  const double mode = std::floor(mean);
  std::vector<double> down, up{1};
  for (double k = mode, w = 1; k > 0;) {
    w *= k / mean;
    if (w < negligible) break;
    down.push_back(w);
    k -= 1;
  }
  for (double k = mode, w = 1;;) {
    k += 1;
    w *= mean / k;
    if (w < negligible) break;
    up.push_back(w);
  }
  Jumps jumps;
  jumps.first = static_cast<std::size_t>(mode) - down.size();
  jumps.weights.assign(down.rbegin(), down.rend());
  jumps.weights.insert(jumps.weights.end(), up.begin(), up.end());
  normalise(jumps.weights);
  return jumps;
}

}  // namespace

void Chain::add(std::size_t from, std::size_t to, double rate) {
  SIM_CHECK(from < states_ && to < states_ && from != to, "a transition joins two states of the chain");
  SIM_CHECK(rate >= 0 && std::isfinite(rate), "a rate is not negative");
  if (rate > 0) rates_.push_back({from, to, rate});
}

std::vector<double> Chain::stationary(std::size_t reference) const {
  return states_ <= dense_limit ? stationary_dense() : stationary_sparse(reference);
}

// States leave from the last one on; what passed through one goes straight to the others. Rows of zeros cost nothing.
std::vector<double> Chain::stationary_dense() const {
  const std::size_t n = states_;
  SIM_CHECK(n > 0 && n <= 20'000, "a dense chain has a square of states in memory");
  std::vector<double> rate(n * n, 0.0);
  for (const Rate& r : rates_) rate[r.from * n + r.to] += r.per_time;
  for (std::size_t k = n - 1; k > 0; --k) {
    const double* leave = &rate[k * n];
    double out = 0;
    for (std::size_t j = 0; j < k; ++j) out += leave[j];
    SIM_CHECK(out > 0, "every state of an irreducible chain is left");
    for (std::size_t i = 0; i < k; ++i) {
      double& enter = rate[i * n + k];
      if (enter == 0) continue;
      enter /= out;
      for (std::size_t j = 0; j < k; ++j) rate[i * n + j] += enter * leave[j];
    }
  }
  std::vector<double> law(n, 0.0);
  law[0] = 1;
  for (std::size_t k = 1; k < n; ++k)
    for (std::size_t i = 0; i < k; ++i) law[k] += law[i] * rate[i * n + k];
  normalise(law);
  return law;
}

// With the reference's probability set to 1 the balance of the other states is an M-matrix with a positive right-hand side.
std::vector<double> Chain::stationary_sparse(std::size_t reference) const {
  SIM_CHECK(reference < states_ && states_ > 1, "the reference is a state");
  const auto row = [reference](std::size_t state) { return static_cast<int>(state < reference ? state : state - 1); };
  std::vector<Eigen::Triplet<double>> entries;
  Eigen::VectorXd from_reference = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(states_ - 1));
  for (const Rate& r : rates_) {
    if (r.from == reference) {
      from_reference[row(r.to)] += r.per_time;
      continue;
    }
    entries.emplace_back(row(r.from), row(r.from), r.per_time);
    if (r.to != reference) entries.emplace_back(row(r.to), row(r.from), -r.per_time);
  }
  const auto n = static_cast<Eigen::Index>(states_ - 1);
  Eigen::SparseMatrix<double> balance(n, n);
  balance.setFromTriplets(entries.begin(), entries.end());
  balance.makeCompressed();
  Eigen::SparseLU<Eigen::SparseMatrix<double>> lu;
  lu.compute(balance);
  SIM_CHECK(lu.info() == Eigen::Success, "the chain is irreducible");
  const Eigen::VectorXd others = lu.solve(from_reference);
  std::vector<double> law(states_, 1.0);
  for (std::size_t s = 0; s < states_; ++s)
    if (s != reference) law[s] = others[row(s)];
  normalise(law);
  return law;
}

double Chain::stationary_of(const States& set) const {
  const std::vector<double> law = stationary();
  double sum = 0;
  for (std::size_t s = 0; s < states_; ++s)
    if (set(s)) sum += law[s];
  return sum;
}

std::vector<double> Chain::transient(std::span<const double> start, double time) const {
  SIM_CHECK(start.size() == states_ && time >= 0, "a law of the chain's states, and a time");
  std::vector<double> out(states_, 0.0);
  for (const Rate& r : rates_) out[r.from] += r.per_time;
  const double fastest = states_ == 0 ? 0 : *std::max_element(out.begin(), out.end());
  std::vector<double> now(start.begin(), start.end());
  if (fastest * time == 0) return now;
  const Jumps jumps = poisson(fastest * time);
  std::vector<double> law(states_, 0.0), next(states_);
  const std::size_t last = jumps.first + jumps.weights.size();
  for (std::size_t k = 0; k < last; ++k) {
    if (k > 0) {
      for (std::size_t s = 0; s < states_; ++s) next[s] = now[s] * ((fastest - out[s]) / fastest);
      for (const Rate& r : rates_) next[r.to] += now[r.from] * (r.per_time / fastest);
      now.swap(next);
    }
    if (k < jumps.first) continue;
    const double weight = jumps.weights[k - jumps.first];
    for (std::size_t s = 0; s < states_; ++s) law[s] += weight * now[s];
  }
  return law;
}

double Chain::mean_time_to(std::size_t start, const States& absorbing) const {
  SIM_CHECK(start < states_, "the start is a state");
  if (absorbing(start)) return 0;
  // Only what can be reached before absorption: the rest would never be visited, and the chain of cycles must be irreducible.
  std::vector<std::vector<std::size_t>> next(states_);
  for (const Rate& r : rates_) next[r.from].push_back(r.to);
  constexpr std::size_t unseen = static_cast<std::size_t>(-1);
  std::vector<std::size_t> number(states_, unseen);
  std::vector<std::size_t> reached{start};
  number[start] = 0;
  bool ends = false;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (const std::size_t to : next[reached[i]]) {
      if (absorbing(to)) {
        ends = true;
      } else if (number[to] == unseen) {
        number[to] = reached.size();
        reached.push_back(to);
      }
    }
  }
  SIM_CHECK(ends, "absorption can be reached");
  const std::size_t done = reached.size();
  Chain cycles(done + 1);
  for (const Rate& r : rates_)
    if (number[r.from] != unseen) cycles.add(number[r.from], absorbing(r.to) ? done : number[r.to], r.per_time);
  cycles.add(done, 0, 1);  // A stay of mean 1.
  const std::vector<double> law = cycles.stationary();
  double before = 0;
  for (std::size_t i = 0; i < done; ++i) before += law[i];
  return before / law[done];
}

Chain repairman(std::size_t n, std::size_t crews, double failure_rate, double repair_rate) {
  SIM_CHECK(crews > 0, "somebody repairs");
  Chain chain(n + 1);
  for (std::size_t down = 0; down < n; ++down) {
    chain.add(down, down + 1, static_cast<double>(n - down) * failure_rate);
    chain.add(down + 1, down, static_cast<double>(std::min(down + 1, crews)) * repair_rate);
  }
  return chain;
}

}  // namespace nines::analysis
