#include <array>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

enum class Unit : std::uint8_t { fraction, seconds, number, rate, money };

// Metric names; '*' stands for a name of the scenario.
struct Metric {
  std::string_view pattern;
  Unit unit;
};
constexpr std::array<Metric, 44> metrics{{
    {"uptime.all", Unit::fraction},
    {"uptime.mean", Unit::fraction},
    {"uptime.any", Unit::fraction},
    {"nines", Unit::number},
    {"downtime.minutes_per_year", Unit::number},
    {"downtime.p50", Unit::seconds},
    {"downtime.p90", Unit::seconds},
    {"downtime.p99", Unit::seconds},
    {"downtime.share.*", Unit::fraction},
    {"quorum_loss.per_year", Unit::number},
    {"quorum_loss.fraction", Unit::fraction},
    {"quorum_loss.mean", Unit::seconds},
    {"quorum_loss.cluster.per_year", Unit::number},
    {"quorum_loss.cluster.fraction", Unit::fraction},
    {"quorum_loss.cluster.mean", Unit::seconds},
    {"failover.per_year", Unit::number},
    {"failover.mean", Unit::seconds},
    {"failover.p50", Unit::seconds},
    {"failover.p99", Unit::seconds},
    {"failover.max", Unit::seconds},
    {"client.*.uptime", Unit::fraction},
    {"client.*.outage_p50", Unit::seconds},
    {"client.*.outage_p99", Unit::seconds},
    {"data_loss.per_year", Unit::number},
    {"budget.exhausted_month", Unit::fraction},
    {"budget.exhausted_year", Unit::fraction},
    {"rto.*", Unit::seconds},
    {"rpo.*", Unit::seconds},
    {"capability.*.uptime", Unit::fraction},
    {"throughput.healthy", Unit::rate},
    {"throughput.long_run", Unit::rate},
    {"throughput.node_lost", Unit::rate},
    {"throughput.zone_lost", Unit::rate},
    {"throughput.region_lost", Unit::rate},
    {"latency.p50", Unit::seconds},
    {"latency.p99", Unit::seconds},
    {"demand_met", Unit::fraction},
    {"cost.month", Unit::money},
    {"cost.compute", Unit::money},
    {"cost.storage", Unit::money},
    {"cost.traffic", Unit::money},
    {"cost.platform", Unit::money},
    {"cost.staff", Unit::money},
    {"cost.downtime", Unit::money},
}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

const Metric* find_metric(std::string_view name) {
  for (const auto& metric : metrics)
    if (glob(metric.pattern, name)) return &metric;
  return nullptr;
}

bool read_value(std::string_view text, Unit unit, Expectation& out) {
  std::optional<double> value;
  switch (unit) {
    case Unit::fraction: value = read_fraction(text); break;
    case Unit::seconds: value = read_seconds(text); break;
    case Unit::number: value = read_number(text); break;
    case Unit::rate: value = read_rate(text); break;
    case Unit::money:
      if (const auto money = read_money(text); money && money->per.empty()) {
        out.currency = money->money.currency;
        value = cost::value_of(money->money.micros);
      }
      break;
  }
  if (value) out.value = *value;
  return value.has_value();
}

const char* example(Unit unit) {
  switch (unit) {
    case Unit::fraction: return "a fraction such as '99.95%'";
    case Unit::seconds: return "a duration such as '10s'";
    case Unit::number: return "a number such as '4.5'";
    case Unit::rate: return "a rate such as '100/s'";
    case Unit::money: return "money such as '1500 USD'";
  }
  return "";
}

// What the metric is counted in; nothing where the scenario gives it no price, so that there is nothing to compare.
std::string currency_of(std::string_view metric, const Scenario& scenario) {
  if (metric != "cost.downtime") return scenario.prices ? scenario.costs.currency : std::string();
  return scenario.operations && scenario.operations->downtime_cost_per_h ? scenario.operations->downtime_cost_per_h->currency : std::string();
}

void read_expectation(const Written<std::string>& written, Scenario& scenario, Context& context) {
  Expectation expectation{.text = *written, .metric = {}, .currency = {}, .place = written.place};
  const std::string_view text = *written;
  const std::size_t at = text.find_first_of("<>=!");
  if (at == std::string_view::npos) {
    context.error(written.place, "expected a comparison such as 'uptime.all >= 99.95%'");
    return;
  }
  const bool has_equals = at + 1 < text.size() && text[at + 1] == '=';
  if ((text[at] != '<' && text[at] != '>')) {
    context.error(written.place, "expected one of >=, <=, > and <; equality of a measured number means nothing");
    return;
  }
  using enum Expectation::Comparison;
  expectation.comparison = text[at] == '>' ? (has_equals ? at_least : greater) : (has_equals ? at_most : less);
  expectation.metric = trimmed(text.substr(0, at));
  std::string_view name = expectation.metric;
  // Where there are several clusters, the metric begins with the name of one.
  for (const auto& cluster : scenario.clusters)
    if (name.rfind(cluster.name + '.', 0) == 0 && find_metric(name) == nullptr) name.remove_prefix(cluster.name.size() + 1);
  const Metric* metric = find_metric(name);
  if (metric == nullptr) {
    std::vector<std::string> known;
    known.reserve(metrics.size());
    for (const auto& each : metrics) known.emplace_back(each.pattern);
    context.error(written.place, "no metric is called '" + std::string(name.substr(0, 60)) + "'" + did_you_mean(name, known, context));
    return;
  }
  const std::string_view value = trimmed(text.substr(at + (has_equals ? 2 : 1)));
  if (!read_value(value, metric->unit, expectation)) {
    context.error(written.place, "expected " + std::string(example(metric->unit)) + " behind " + expectation.metric.substr(0, 60) + ", not '" +
                                     std::string(value.substr(0, 60)) + "'");
    return;
  }
  if (metric->unit == Unit::fraction && (expectation.value < 0 || expectation.value > 1)) {
    context.error(written.place, "a fraction lies between 0% and 100%");
    return;
  }
  if (metric->unit == Unit::money) {
    const std::string counted_in = currency_of(name, scenario);
    if (!counted_in.empty() && counted_in != expectation.currency) {
      context.error(written.place, std::string(name) + " is in " + counted_in + ", and cannot be compared with " + expectation.currency);
      return;
    }
  }
  scenario.expect.push_back(std::move(expectation));
}

}  // namespace

void resolve_expectations(const std::vector<Written<std::string>>& expect, Scenario& scenario, Context& context) {
  for (const auto& written : expect)
    if (written.ok) read_expectation(written, scenario, context);
}

}  // namespace nines::scenarios
