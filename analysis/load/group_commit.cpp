#include "analysis/load/group_commit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr int law_slices = 4000;

bool plain(const Law& law) { return law.minimum <= Duration{0} && law.maximum == Duration::max(); }

// Of the samples: f averaged over the law, slice by slice of probability.
template <class F>
double average(const Law& law, const F& f) {
  const double low = std::max(0.0, seconds(law.minimum));
  const double high = law.maximum == Duration::max() ? std::numeric_limits<double>::infinity() : seconds(law.maximum);
  if (law.kind == Law::Kind::fixed) return f(std::clamp(law.a, low, high));
  double sum = 0;
  for (int i = 0; i < law_slices; ++i) sum += f(std::clamp(law.quantile_s((i + 0.5) / law_slices), low, high));
  return sum / law_slices;
}

}  // namespace

double nobody_arrives_during(const Law& law, double rate) {
  if (plain(law) && law.kind == Law::Kind::exponential) return 1 / (1 + rate * law.a);
  if (plain(law) && law.kind == Law::Kind::gamma) return std::pow(1 + rate * law.a / law.b, -law.b);
  return average(law, [&](double s) { return std::exp(-rate * s); });
}

GroupCommit group_commit(double rate, const Law& flush) {
  const double mean = flush.sample_mean_s();
  if (rate <= 0) return {.time_s = mean};
  const double square = plain(flush) ? flush.mean_square_s2() : average(flush, [](double s) { return s * s; });
  GroupCommit answer;
  answer.batch = rate * mean + nobody_arrives_during(flush, rate);
  answer.flushes_per_s = rate / answer.batch;
  answer.wait_s = rate * square / (2 * answer.batch);
  answer.time_s = mean + answer.wait_s;
  return answer;
}

BulkQueue bulk_queue(double rate, double service_s, int most) {
  SIM_CHECK(rate > 0 && service_s > 0 && most >= 1, "a bulk queue needs arrivals, a service and room for one");
  const double arrivals = rate * service_s;  // During one service.
  if (arrivals >= most)
    return {.waiting = std::numeric_limits<double>::infinity(), .time_s = std::numeric_limits<double>::infinity(), .after_each = {}};
  // Tails fall like exp(-2 x distance / variance of a step) or faster.
  const double slack = most - arrivals;
  const int states = std::min(3000, most + static_cast<int>(std::ceil(14 * arrivals / slack + 40 + 8 * std::sqrt(arrivals))));
  std::vector<double> poisson(static_cast<std::size_t>(states) + 1);
  for (int k = 0; k <= states; ++k) poisson[static_cast<std::size_t>(k)] = std::exp(k * std::log(arrivals) - arrivals - std::lgamma(k + 1.0));
  // Columns of the balance equations: from i to j = max(0, i - most) + those that arrived; what would leave the table stays on its edge.
  Eigen::MatrixXd balance = Eigen::MatrixXd::Zero(states, states);
  for (int i = 0; i < states; ++i) {
    const int left = std::max(0, i - most);
    double rest = 1;
    for (int j = left; j + 1 < states; ++j) {
      const double p = poisson[static_cast<std::size_t>(j - left)];
      balance(j, i) += p;
      rest -= p;
    }
    balance(states - 1, i) += std::max(0.0, rest);
    balance(i, i) -= 1;
  }
  balance.row(states - 1).setOnes();
  Eigen::VectorXd one = Eigen::VectorXd::Zero(states);
  one(states - 1) = 1;
  const Eigen::VectorXd stationary = balance.partialPivLu().solve(one);

  BulkQueue answer;
  double beyond = 0;
  for (int i = most; i < states; ++i) beyond += stationary(i) * (i - most);
  // Between two ends lies one service and, if nobody waited, the time until somebody comes; times in units of the service.
  answer.waiting = (beyond + arrivals / 2) / (1 + stationary(0) / arrivals);
  answer.time_s = service_s + answer.waiting / rate;
  double left = 1;
  for (int i = 0; i < states && left > 1e-12; ++i) {
    answer.after_each.push_back(stationary(i));
    left -= stationary(i);
  }
  return answer;
}

}  // namespace nines::analysis
