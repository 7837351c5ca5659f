#include "analysis/exact/combine.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/math/special_functions/gamma.hpp>

#include "analysis/stats/text.hpp"

namespace nines::analysis {
namespace {

const double year_s = seconds(year);
constexpr double informative = 5;  // Expected events: fewer say nothing.

struct Share {
  std::optional<double> value, low, high;
};

Share sum_of(const Recurring& solved, const Estimate& excess) {
  Share share;
  if (excess.value || solved.fraction > 0) share.value = solved.fraction + excess.value.value_or(0);
  if (excess.low || solved.fraction > 0) share.low = solved.fraction + excess.low.value_or(0);
  if (excess.high) share.high = std::min(1.0, solved.fraction + solved.unexamined + *excess.high);
  return share;
}

std::optional<double> mapped(const std::optional<double>& value, double (*f)(double)) {
  return value ? std::optional<double>(f(*value)) : std::nullopt;
}
double minutes(double down) { return down * year_s / 60; }

// Lower and upper tail of a Poisson law of mean m at n, both with n itself; n need not be whole.
std::pair<double, double> tails(double n, double m) {
  if (m <= 0) return {1, n > 0 ? 0.0 : 1.0};
  return {boost::math::gamma_q(n + 1, m), n > 0 ? boost::math::gamma_p(n, m) : 1.0};
}

}  // namespace

void put_solved(const QuorumAnswer& solved, const Summary::Excess& excess, const std::string& prefix, Metrics& metrics) {
  const auto put = [&](const std::string& name, std::optional<double> value, std::optional<double> low, std::optional<double> high, std::string method, bool exact) {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& metric) { return metric.name == prefix + name; });
    if (found == metrics.end()) return;
    found->value = value;
    found->low = low;
    found->high = high;
    found->method = std::move(method);
    found->exact = exact;
  };
  const auto falling = [&](const std::string& name, const Share& down, double (*f)(double), const Estimate& from) {
    put(name, mapped(down.value, f), mapped(down.high, f), mapped(down.low, f), "quorum exact; beside it " + from.method, false);
  };
  const Share all = sum_of(solved.some, excess.all);
  falling("uptime.all", all, uptime_of, excess.all);
  falling("uptime.mean", sum_of(solved.mean, excess.mean), uptime_of, excess.mean);
  falling("uptime.any", sum_of(solved.every, excess.any), uptime_of, excess.any);
  falling("nines", all, nines_of, excess.all);
  put("downtime.minutes_per_year", mapped(all.value, minutes), mapped(all.low, minutes), mapped(all.high, minutes),
      "quorum exact; beside it " + excess.all.method, false);
  const auto loss = [&](const std::string& name, const Recurring& lost) {
    if (lost.unexamined > 0) return;  // What is simulated is then as good as what is bounded.
    put(name + "per_year", lost.per_s * year_s, lost.per_s * year_s, lost.per_s * year_s, "exact", true);
    put(name + "fraction", lost.fraction, lost.fraction, lost.fraction, "exact", true);
    if (lost.per_s > 0) put(name + "mean", lost.mean_s(), lost.mean_s(), lost.mean_s(), "exact", true);
  };
  loss("quorum_loss.", solved.mean);
  loss("quorum_loss.cluster.", solved.some);
}

double p_of_sum(double sum, double variance, double expected) {
  const double weight = sum > 0 && variance > 0 ? variance / sum : 1;
  const auto [lower, upper] = tails(sum / weight, expected / weight);
  return std::min(1.0, 2 * std::min(lower, upper));
}

double variance_of_losses(const Model& model, std::size_t cluster, const std::vector<failure::Mode>& modes) {
  const QuorumSolver solver(model, cluster);
  double sum = 0;
  for (std::uint16_t m = 0; m < modes.size(); ++m) {
    std::vector<Dual> laws = laws_of(model);
    bool mine = false;
    for (std::size_t a = 0; a < laws.size(); ++a) {
      mine = mine || model.atoms[a].mode == m;
      if (model.atoms[a].mode != m) laws[a].slope = 0;
    }
    if (mine) sum += solver.some_lost(laws).per_s * modes[m].duration.mean_square_s2();
  }
  return sum;
}

SelfCheck self_check(const QuorumAnswer& solved, double variance_per_s, const Summary& summary, std::size_t cluster, const std::string& name,
                     const std::optional<MeasuredGaps>& gaps) {
  SelfCheck check;
  check.cluster = name;
  const double exposure = summary.exposure_s();
  const auto replications = static_cast<double>(summary.totals().replications);
  const Summary::Seen losses = summary.quorum_losses(cluster), time = summary.quorum_time(cluster);
  // Who looks at the start finds some of them under way.
  const double expected = solved.some.per_s * exposure + solved.some.fraction * replications;
  check.quorum_over = counted(losses.events, "losses of quorum") + ", " + significant(expected, 3) + " expected";
  if (solved.some.unexamined <= 0.01 * solved.some.fraction && (expected >= informative || static_cast<double>(losses.events) >= informative)) {
    double p = p_of_sum(losses.sum, std::max(losses.sum, losses.variance), expected);
    const double mean = solved.some.fraction * exposure, variance = variance_per_s * exposure;
    if (mean * mean >= static_cast<double>(enough_events) * variance) {
      // Scaled to a Poisson count as the solution has it, so that what was seen cannot make itself plausible.
      const double weight = variance / mean;
      p = std::min(1.0, 2 * std::min(p, p_of_sum(time.sum / weight, time.sum / weight, mean / weight)));
    }
    check.quorum = p;
  }
  if (!gaps) return check;
  const Summary::Seen beside = summary.excess_time(cluster);
  check.gaps_over = counted(beside.events, "gaps") + " against " + counted(gaps->faults, "single faults");
  if (beside.events < enough_events || gaps->error <= 0) return check;
  const double difference = beside.sum / exposure - gaps->value;
  const double error = std::hypot(std::sqrt(beside.variance) / exposure, gaps->error);
  check.gaps = std::erfc(std::abs(difference) / error / std::sqrt(2.0));
  return check;
}

}  // namespace nines::analysis
