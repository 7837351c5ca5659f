#include "scenarios/run/bill_metrics.hpp"

#include <algorithm>
#include <set>

#include "sim/base/check.hpp"

namespace nines::scenarios {

using cost::Category;

analysis::Metrics metrics_of(const cost::Bill& bill) {
  analysis::Metrics metrics;
  const std::string method = "exact arithmetic; " + provenance_of(bill);
  const auto add = [&](std::string name, std::int64_t micros) {
    analysis::Metric metric;
    metric.name = std::move(name);
    metric.value = cost::value_of(micros);
    metric.unit = bill.currency + "/month";
    metric.method = method;
    metric.exact = true;
    metrics.push_back(std::move(metric));
  };
  const auto of = [&](Category category) {
    const auto sum = cost::total(bill, category);
    SIM_CHECK(sum, "a bill whose parts do not fit");
    return sum->micros;
  };
  const auto all = cost::total(bill);
  SIM_CHECK(all, "a bill that does not fit");
  add("cost.month", all->micros - of(Category::downtime));
  for (const Category category : {Category::compute, Category::storage, Category::traffic, Category::platform, Category::staff})
    add(std::string("cost.") + cost::name(category), of(category));
  return metrics;
}

std::string provenance_of(const cost::Bill& bill) {
  std::optional<cost::Date> first, last;
  cost::Confidence best = cost::Confidence::c, worst = cost::Confidence::a;
  for (const cost::Source& source : cost::used_sources(bill)) {
    if (source.key == "scenario") continue;
    first = first ? std::min(*first, source.date) : source.date;
    last = last ? std::max(*last, source.date) : source.date;
    best = std::min(best, source.confidence);
    worst = std::max(worst, source.confidence);
  }
  if (!first) return "no price of a catalogue";
  std::string out = "prices of " + cost::text(*first) + (*first == *last ? "" : " to " + cost::text(*last)) + ", confidence " + cost::letter(best);
  if (worst != best) out += std::string(" to ") + cost::letter(worst);
  return out;
}

std::vector<std::string> doubts_about(const Scenario& scenario, const cost::Bill& bill, const cost::Date& as_of) {
  std::vector<std::string> doubts;
  const auto stale = [&](const std::string& what, const cost::Date& date) {
    if (cost::is_stale(date, as_of))
      doubts.push_back(what + " is of " + cost::text(date) + ", " + std::to_string(cost::day_number(as_of) - cost::day_number(date)) +
                       " days before " + cost::text(as_of));
  };
  for (const cost::Source& source : cost::used_sources(bill))
    if (source.key != "scenario") stale("the price source '" + source.key + "'", source.date);
  for (const cost::Exchange& exchange : cost::used_exchanges(bill)) stale("the rate from " + exchange.from + " to " + exchange.to, exchange.date);
  if (!scenario.prices) return doubts;
  std::set<std::string> types;
  for (const NodePool& pool : scenario.topology.pools) types.insert(pool.type);
  if (scenario.costs.secondary_storage) types.insert(scenario.costs.secondary_storage->type);
  for (const cost::Outlier& outlier : cost::outliers(*scenario.prices)) {
    const bool is_here = outlier.region.empty() || std::any_of(scenario.topology.regions.begin(), scenario.topology.regions.end(),
                                                               [&](const Region& region) { return region.name == outlier.region; });
    if (is_here && types.contains(outlier.type)) doubts.push_back("an unlikely price: " + outlier.what);
  }
  return doubts;
}

}  // namespace nines::scenarios
