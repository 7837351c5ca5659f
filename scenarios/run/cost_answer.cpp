#include "scenarios/run/cost_answer.hpp"

#include <algorithm>
#include <optional>

#include "analysis/report/format.hpp"
#include "analysis/stats/text.hpp"
#include "models/cost/money.hpp"
#include "models/cost/prices.hpp"
#include "scenarios/run/bill_metrics.hpp"
#include "scenarios/run/bill_of.hpp"

namespace nines::scenarios {
namespace {

using analysis::Metric;

// The cluster that is down most is what people wait for.
const Metric* worst_uptime(const analysis::Metrics& metrics) {
  const Metric* worst = nullptr;
  const auto key = [](const Metric& metric) { return metric.value.value_or(metric.low.value_or(1)); };
  for (const Metric& metric : metrics)
    if (analysis::without_cluster(metric.name) == "uptime.all" && (worst == nullptr || key(metric) < key(*worst))) worst = &metric;
  return worst;
}

// "5,000", "0.50".
std::string price_text(const cost::Money& money) {
  constexpr std::int64_t whole = 1'000'000;
  return money.micros % whole == 0 ? cost::rounded(money.micros, 0) : cost::decimal(money.micros, 2);
}

std::optional<Metric> downtime(const Scenario& scenario, const analysis::Metrics& metrics) {
  if (!scenario.operations || !scenario.operations->downtime_cost_per_h) return std::nullopt;
  const Metric* up = worst_uptime(metrics);
  if (up == nullptr) return std::nullopt;
  const cost::Money& money = *scenario.operations->downtime_cost_per_h;
  const double per_h = cost::value_of(money.micros);
  const auto cost = [&](const std::optional<double>& share) -> std::optional<double> {
    if (!share) return std::nullopt;
    return (1 - *share) * cost::hours_per_month * per_h;
  };
  Metric metric{.name = "cost.downtime",
                .value = cost(up->value),
                .low = cost(up->high),
                .high = cost(up->low),
                .unit = money.currency + "/month",
                .method = price_text(money) + ' ' + money.currency + " an hour x " + std::to_string(cost::hours_per_month) +
                          " h x downtime; no expense, and not part of cost.month"};
  if (up->band_low && up->band_high) {
    metric.band_low = cost(up->band_high);
    metric.band_high = cost(up->band_low);
  }
  return metric;
}

}  // namespace

CostAnswer::CostAnswer(const Scenario& scenario) : scenario_(scenario) {
  if (scenario.prices == nullptr) return;
  if (const auto priced = bill_of(scenario)) {
    bill_ = metrics_of(priced->bill);
  } else {
    for (const Error& error : priced.error())
      warnings_.push_back("Not priced: " + error.what + " (" + error.place.file +
                          (error.place.line > 0 ? ':' + std::to_string(error.place.line) : "") + ").");
  }
}

void CostAnswer::put_into(analysis::Metrics& metrics) const {
  std::erase_if(metrics, [](const Metric& metric) { return metric.name.starts_with("cost."); });
  metrics.insert(metrics.end(), bill_.begin(), bill_.end());
  if (auto metric = downtime(scenario_, metrics)) metrics.push_back(std::move(*metric));
}

}  // namespace nines::scenarios
