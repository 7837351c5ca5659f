#include "scenarios/run/difference.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "analysis/report/format.hpp"
#include "analysis/stats/text.hpp"
#include "sim/base/time.hpp"

namespace nines::scenarios {
namespace {

using analysis::Bound;
using analysis::Difference;
using analysis::Metric;
using analysis::without_cluster;

// Latencies follow from approximations in closed form: there are no limits, and nothing that more replications would narrow.
bool is_closed_form(const Metric& metric) {
  return metric.value && !metric.exact && metric.bound() == Bound::none && without_cluster(metric.name).starts_with("latency.");
}

// The cluster's part of a name, with its dot.
std::string prefix_of(const Metric& metric) { return metric.name.substr(0, metric.name.size() - without_cluster(metric.name).size()); }

const analysis::Series::Cluster* series_of(const Side& side, const std::string& prefix) {
  if (side.series.size() == 1 && prefix.empty()) return &side.series.front();
  for (const auto& cluster : side.series)
    if (cluster.name + '.' == prefix) return &cluster;
  return nullptr;
}

bool starts_alike(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return n > 0 && std::equal(a.begin(), a.begin() + n, b.begin());
}

bool follows_from_the_world(std::string_view name) {
  for (const char* family : {"uptime.", "nines", "downtime.", "quorum_loss.", "failover.", "client.", "data_loss."})
    if (name.starts_with(family)) return true;
  return name.ends_with("uptime");
}
bool follows_from_world_and_load(std::string_view name) {
  return name.starts_with("throughput.") || name.starts_with("latency.") || name == "demand_met";
}

// Whether both have the metric of one design, asked twice in one way.
bool is_one_answer(const Side& base, const Side& head, const Metric& was, const Metric& is) {
  if (!base.storms || !head.storms || base.seed != head.seed || was.name != is.name || !is_one_world(*base.storms, *head.storms)) return false;
  const std::string_view own = without_cluster(is.name);
  if (!follows_from_the_world(own) && !(follows_from_world_and_load(own) && base.storms->load == head.storms->load)) return false;
  const auto *before = series_of(base, prefix_of(was)), *after = series_of(head, prefix_of(is));
  // Of one seed, the shorter run is the beginning of the longer one; what another build of this program has simulated need not be.
  if (before != nullptr && after != nullptr) return starts_alike(before->down_s, after->down_s);
  return before == nullptr && after == nullptr && was.value == is.value && was.low == is.low && was.high == is.high;
}

// "; 3 of 12 sources of faults in common", where not all are.
std::string common_words(const Side& base, const Side& head) {
  const std::size_t all = std::max(base.storms->sources.size(), head.storms->sources.size()), common = common_sources(*base.storms, *head.storms);
  if (common == all) return {};
  return common == 0 ? std::string("; under different storms")
                     : "; " + analysis::grouped(common) + " of " + analysis::counted(all, "sources of faults") + " in common";
}

// Of the share of time that is down, replication by replication. Where the loss of quorums is solved on both sides, that part of the difference is
// exact, and only the time beside it is a matter of chance; where that is not kept by replication, the two answers' own limits know more. How long an outage
// can be must be known of both: one that was not seen yet has to cost width.
std::optional<Difference> paired_downtime(const Side& base, const Side& head, const std::string& base_prefix, const std::string& head_prefix, std::string& why_not) {
  const auto *before = series_of(base, base_prefix), *after = series_of(head, head_prefix);
  if (before == nullptr || after == nullptr || base.seed != head.seed || !(base.horizon_s > 0)) return std::nullopt;
  if (std::fabs(base.horizon_s / head.horizon_s - 1) > 1e-9) return std::nullopt;
  if (!base.storms || !head.storms) {
    why_not = std::string(": how long an outage can last is not known of ") + (base.storms ? "HEAD" : "BASE");
    return std::nullopt;
  }
  const auto solved = [](const Side& side, const std::string& prefix) -> const Metric* {
    const Metric* metric = analysis::find(side.metrics, prefix + "quorum_loss.cluster.fraction");
    return metric != nullptr && metric->exact && metric->value ? metric : nullptr;
  };
  const Metric *was = solved(base, base_prefix), *is = solved(head, head_prefix);
  if (was == nullptr || is == nullptr) {
    const double longest = std::max(base.storms->longest_s, head.storms->longest_s);
    Difference difference = scaled(analysis::paired(before->down_s, after->down_s, longest), 1 / base.horizon_s);
    difference.method += common_words(base, head);
    return difference;
  }
  if (before->beside_s.empty() || after->beside_s.empty()) {
    why_not = std::string(": downtime beside the loss of quorums is not known by replication of ") + (before->beside_s.empty() ? "BASE" : "HEAD");
    return std::nullopt;
  }
  const double longest = std::max(base.storms->longest_beside_s, head.storms->longest_beside_s);
  Difference difference = scaled(analysis::paired(before->beside_s, after->beside_s, longest), 1 / base.horizon_s);
  const double exact = *is->value - *was->value;
  for (std::optional<double>* part : {&difference.value, &difference.low, &difference.high})
    if (*part) **part += exact;
  difference.method = "quorums exact, the rest " + difference.method + common_words(base, head);
  return difference;
}

// Of two answers that know nothing of each other: the worst of both, which is wider than it need be.
Difference unpaired(const Metric& base, const Metric& head) {
  Difference difference{{}, {}, {}, "unpaired"};
  const auto is_sure = [](const Metric& metric) { return metric.value && (metric.exact || is_closed_form(metric)); };
  const auto lowest = [&](const Metric& metric) { return is_sure(metric) ? metric.value : metric.low; };
  const auto highest = [&](const Metric& metric) { return is_sure(metric) ? metric.value : metric.high; };
  if (base.value && head.value) difference.value = *head.value - *base.value;
  if (lowest(head) && highest(base)) difference.low = *lowest(head) - *highest(base);
  if (highest(head) && lowest(base)) difference.high = *highest(head) - *lowest(base);
  if (!difference.low && !difference.high) difference.method = "unpaired, no interval";
  return difference;
}

Difference surely(double by, const char* method) { return {by, by, by, method}; }

}  // namespace

int worse_is(std::string_view name) {
  name = without_cluster(name);
  if (name.starts_with("downtime.share.")) return 0;
  if (name.ends_with("uptime")) return -1;
  for (const char* family : {"uptime.", "nines", "throughput.", "demand_met"})
    if (name.starts_with(family)) return -1;
  for (const char* family : {"downtime.", "quorum_loss.", "failover.", "client.", "data_loss.", "budget.", "rto.", "rpo.", "latency.", "cost."})
    if (name.starts_with(family)) return 1;
  return 0;
}

Difference scaled(Difference difference, double factor) {
  const auto times = [&](std::optional<double>& value) {
    if (value) *value *= factor;
  };
  times(difference.value), times(difference.low), times(difference.high);
  if (factor < 0) std::swap(difference.low, difference.high);
  return difference;
}

Change change_of(const Side& base, const Side& head, const Metric& was, const Metric& is) {
  if (is_one_answer(base, head, was, is)) return {&was, &is, surely(0, "exact: one world under one seed"), true, true};
  if (was.value && is.value) {
    const double by = *is.value - *was.value;
    if (was.exact && is.exact) return {&was, &is, surely(by, "exact"), true};
    if ((was.exact || is_closed_form(was)) && (is.exact || is_closed_form(is))) return {&was, &is, surely(by, "closed form, no interval"), true};
  }
  Change change{&was, &is, {}, false};
  const std::string_view own = without_cluster(is.name);
  std::string why_not;
  if (own == "downtime.minutes_per_year" || own == "uptime.all") {
    if (const auto by = paired_downtime(base, head, prefix_of(was), prefix_of(is), why_not)) {
      change.by = scaled(*by, own == "uptime.all" ? -1 : minutes_a_year);
      // Where most of the difference is exact, the answers' own say more than nothing.
      const bool known = was.value && is.value && change.by.low && change.by.high;
      if (!change.by.value && known && *is.value - *was.value >= *change.by.low && *is.value - *was.value <= *change.by.high &&
          change.by.method.starts_with("quorums exact"))
        change.by.value = *is.value - *was.value;
      return change;
    }
  }
  change.by = unpaired(was, is);
  change.by.method += why_not;
  return change;
}

std::vector<Pair> pairs_of(const Side& base, const Side& head, const std::string& name) {
  const auto named = [&](const Side& side) {
    std::vector<const Metric*> all;
    for (const Metric& metric : side.metrics)
      if (metric.name == name || without_cluster(metric.name) == name) all.push_back(&metric);
    return all;
  };
  const auto before = named(base), after = named(head);
  std::vector<Pair> pairs;
  if (before.size() == 1 && after.size() == 1) return {{before.front(), after.front()}};
  for (const Metric* metric : after) pairs.push_back({analysis::find(base.metrics, metric->name), metric});
  for (const Metric* metric : before)
    if (analysis::find(head.metrics, metric->name) == nullptr) pairs.push_back({metric, nullptr});
  return pairs;
}

std::string pairing_words(const Side& base, const Side& head) {
  std::string words = "paired: replication by replication";
  if (!base.storms || !head.storms || base.seed != head.seed) return words;
  const std::size_t before = base.storms->sources.size(), after = head.storms->sources.size(), common = common_sources(*base.storms, *head.storms);
  if (common == before && common == after) return words + ", under the same storms";
  if (common == 0) return words + ", though no source of faults is common to both: their storms differ";
  return words + "; of " + analysis::counted(before, "sources of faults") + " in BASE and " + analysis::grouped(after) + " in HEAD " +
         analysis::grouped(common) + " are the same, the others' storms differ";
}

}  // namespace nines::scenarios
