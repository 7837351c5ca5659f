#include "analysis/report/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "analysis/stats/capabilities.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {
namespace {

bool ends_with_part(std::string_view name, std::string_view part) {
  return name == part || (name.size() > part.size() && name.ends_with(part) && name[name.size() - part.size() - 1] == '.');
}

bool is_uptime(std::string_view name) {
  const std::string_view own = without_cluster(name);
  return own.starts_with("uptime.") || ends_with_part(own, "uptime") || own == "demand_met";
}
bool is_chance(std::string_view name) { return without_cluster(name).starts_with("budget."); }
bool is_share(std::string_view name) { return without_cluster(name).starts_with("downtime.share."); }

enum class Side { low, middle, high };

// A tenth of a nine, rounded towards the pessimist except where the limit is the optimist's.
std::string tenths(double nines, Side side) {
  const double scaled = nines * 10;
  const double whole = side == Side::high ? std::ceil(scaled - 1e-9) : std::floor(scaled + 1e-9);
  return fixed(whole / 10, 1);
}

// Limits are rounded outwards.
std::string rounded_tenth(double value, Side side) { return side == Side::middle ? fixed(value, 1) : tenths(value, side); }

// Two significant digits of what is missing to 100 %.
int decimals_of(double uptime) {
  const double down = 100 * (1 - uptime);
  return down <= 0 ? 0 : std::clamp(1 - static_cast<int>(std::floor(std::log10(down))), 0, 15);
}

// No simulation shows that something never happens, or always.
std::string percent_of_periods(double share, Side side) {
  if (share < 1e-5) return side == Side::low ? "0 %" : "< 0.001 %";
  if (share > 0.999) return side == Side::high ? "100 %" : "> 99.9 %";
  return significant(100 * share, 3) + " %";
}

std::string number(const Metric& metric, double value, Side side) {
  if (metric.unit == "nines") return tenths(value, side);
  if (metric.unit == "1") {
    if (is_uptime(metric.name)) return percent_up(value);
    if (is_share(metric.name)) {
      if (side == Side::middle && value > 0 && value < 0.0005) return "< 0.1 %";
      return rounded_tenth(100 * value, side) + " %";
    }
    if (is_chance(metric.name)) return percent_of_periods(value, side);
    return significant(value, 3);
  }
  if (metric.unit == "s") return human_time(value, 3);
  if (metric.unit == "1/s")
    return (value >= 1000 && value < 1e15 ? grouped(static_cast<std::uint64_t>(std::llround(value))) : significant(value, 3)) + " a second";
  if (metric.unit.ends_with("/month")) {
    const std::string amount = fixed(std::fabs(value), 2);
    const auto point = amount.find('.');  // 285.998 is 286.00: the whole part is rounded with the rest.
    const std::string whole = std::fabs(value) < 1e15 ? grouped(std::stoull(amount.substr(0, point))) + amount.substr(point) : amount;
    return (value < 0 ? "-" : "") + whole + ' ' + metric.unit.substr(0, metric.unit.size() - 6) + " a month";
  }
  if (metric.unit == "1/year") return significant(value, 3) + " a year";
  if (metric.unit == "min/year") return significant(value, 3) + " min a year";
  return significant(value, 4) + (metric.unit.empty() ? "" : " " + metric.unit);
}

// "3.1 s" and "7.5 s" become "3.1 to 7.5 s".
std::string between(std::string low, const std::string& high) {
  const auto unit = low.find(' ');
  if (unit != std::string::npos && unit != 0 && high.size() > low.size() - unit && high.ends_with(low.substr(unit))) low.resize(unit);
  return low + " to " + high;
}

}  // namespace

std::string_view without_cluster(std::string_view name) {
  static constexpr std::array<std::string_view, 14> families{"uptime.", "nines", "downtime.", "quorum_loss.", "failover.",   "client.",  "data_loss.",
                                                             "budget.", "rto.",  "rpo.",      "capability.",  "throughput.", "latency.", "cost."};
  for (const std::string_view family : families) {
    if (name.starts_with(family)) return name;
  }
  const auto dot = name.find('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string percent_up(double uptime) { return uptime >= 1 ? "100 %" : fixed(100 * uptime, decimals_of(uptime)) + " %"; }

Cells cells(const Metric& metric) {
  const auto show = [&](double value, Side side) { return number(metric, value, side); };
  Cells cells;
  if (metric.band_low && metric.band_high && std::isfinite(*metric.band_low) && std::isfinite(*metric.band_high)) {
    const double most = metric.unit == "1" && is_uptime(metric.name) ? largest_below_one : *metric.band_high;
    cells.band = between(show(*metric.band_low, Side::low), show(std::min(*metric.band_high, most), Side::high));
  }
  switch (metric.bound()) {
    case Bound::exact: cells.range = "exact"; break;
    case Bound::two_sided:
      if (metric.unit == "1" && is_uptime(metric.name)) {
        cells.range = fixed(100 * *metric.low, decimals_of(*metric.high)) + " to " + percent_up(*metric.high);
      } else {
        cells.range = between(show(*metric.low, Side::low), show(*metric.high, Side::high));
      }
      break;
    case Bound::at_least: cells.range = "≥ " + show(*metric.low, Side::low); break;
    case Bound::at_most: cells.range = "≤ " + show(*metric.high, Side::high); break;
    case Bound::none: cells.range = "no interval"; break;
  }
  if (metric.value)
    cells.value = show(*metric.value, Side::middle);
  else if (metric.bound() == Bound::none)
    cells.value = "-";
  else
    std::swap(cells.value, cells.range), cells.range = "bound";
  return cells;
}

std::string short_method(std::string_view method) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words{{
      {"gamma upper bound (Fay-Feuer) on mean repair times", "gamma bound"},
      {"gamma interval (Fay-Feuer)", "gamma"},
      {"gamma interval (Garwood)", "gamma"},
      {"order statistics", "ranks"},
      {"order statistic, ", "rank, "},
  }};
  constexpr std::string_view solved = "quorum exact; beside it ";
  if (method.starts_with(solved)) return "exact + " + short_method(method.substr(solved.size()));
  if (const auto causes = method.find(most_by); causes != std::string_view::npos) method = method.substr(0, causes);  // They stand beside it.
  for (const auto& [phrase, word] : words) {
    if (method.starts_with(phrase)) return std::string(word) + std::string(method.substr(phrase.size()));
  }
  return std::string(method);
}

std::string meaning_of(const Metric& metric) {
  const auto at = metric.method.find(most_by);
  if (at != std::string::npos && without_cluster(metric.name).starts_with("capability.")) return metric.method.substr(at + 2);
  return std::string(meaning(metric.name));
}

std::string_view meaning(std::string_view full_name) {
  struct Row {
    std::string_view name, meaning;
  };
  static constexpr std::array<Row, 41> rows{{
      {"uptime.all", "every one writable"},
      {"uptime.mean", "a partition writable"},
      {"uptime.any", "some partition writable"},
      {"nines", "of uptime.all"},
      {"downtime.minutes_per_year", "some partition is down"},
      {"downtime.p50", "median year"},
      {"downtime.p90", "worst year of 10"},
      {"downtime.p99", "worst year of 100"},
      {"budget.exhausted_month", "30 days over budget"},
      {"budget.exhausted_year", "a year over budget"},
      {"quorum_loss.per_year", "each partition"},
      {"quorum_loss.fraction", "each partition"},
      {"quorum_loss.mean", "each partition"},
      {"quorum_loss.cluster.per_year", "any partition"},
      {"quorum_loss.cluster.fraction", "any partition"},
      {"quorum_loss.cluster.mean", "any partition"},
      {"failover.per_year", "partition-failovers"},
      {"failover.mean", "to the next commit"},
      {"failover.p50", "half are shorter"},
      {"failover.p99", "1 in 100 is longer"},
      {"failover.max", "the longest seen"},
      {"rto.backup", "data lost until written again"},
      {"rto.backup.p95", "1 in 20 takes longer"},
      {"rpo.backup", "lost with the data, on average"},
      {"rpo.backup.max", "at most"},
      {"demand_met", "demand is met"},
      {"throughput.healthy", "all run, leaders balanced"},
      {"throughput.long_run", "over the years"},
      {"throughput.node_lost", "the worst node gone"},
      {"throughput.zone_lost", "the worst zone gone"},
      {"throughput.region_lost", "the worst region gone"},
      {"latency.p50", "half are faster"},
      {"latency.p99", "1 in 100 is slower"},
      {"cost.month", "all of it"},
      {"cost.compute", "machines"},
      {"cost.storage", "disks, backups"},
      {"cost.traffic", "between zones and regions"},
      {"cost.platform", "cluster fees, gateways"},
      {"cost.staff", "people"},
      {"cost.licence", "licences"},
      {"cost.downtime", "expected, beside the bill"},
  }};
  const std::string_view name = without_cluster(full_name);
  for (const Row& row : rows) {
    if (row.name == name) return row.meaning;
  }
  if (name.starts_with("capability.") && name.ends_with(".uptime")) return "users can";
  if (name.starts_with("client.")) {
    if (name.ends_with(".uptime")) return "clients are served";
    if (name.ends_with(".outage_p50")) return "half are shorter";
    if (name.ends_with(".outage_p99")) return "1 in 100 is longer";
  }
  return {};
}

}  // namespace nines::analysis
