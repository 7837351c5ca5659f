#include "scenarios/run/incident_facts.hpp"

#include <algorithm>

namespace nines::scenarios {
namespace {

constexpr Duration calm = 10s;
constexpr Duration least_calm = 5s;    // Where something happens before it is over.
constexpr std::uint64_t enough = 100;  // Commands for a 99th percentile.

bool is_normal(const workload::Interval& interval, Duration usual) {
  return interval.counts.completed > 0 ? interval.latency.p90 <= usual : interval.in_flight == 0;
}

// The first instant from `from` on after which every interval is normal for as long as `calm`, or up to `until`, if that is not too soon to tell.
std::optional<Instant> normal_from(const std::vector<workload::Interval>& intervals, Instant from, Instant until, Duration usual) {
  std::optional<Instant> since;
  for (const workload::Interval& interval : intervals) {
    if (interval.from < from || interval.from >= until) continue;
    if (!is_normal(interval, usual)) {
      since.reset();
      continue;
    }
    if (!since) since = interval.from;
    if (interval.to - *since >= calm) return since;
  }
  if (since && until - *since < least_calm) return std::nullopt;
  return since;
}

}  // namespace

Gap longest_gap(const workload::Timeline& timeline) {
  Gap longest;
  const auto& all = timeline.intervals;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t j = i;
    while (j < all.size() && all[j].counts.completed == 0 && (all[j].in_flight > 0 || all[j].counts.offered > 0)) ++j;
    if (j > i && all[j - 1].to - all[i].from > longest.length()) {
      longest = {all[i].from, all[j - 1].to, 0ns};
      if (i > 0) longest.blur += all[i - 1].to - all[i - 1].from;
      if (j < all.size()) longest.blur += all[j].to - all[j].from;
    }
    i = std::max(j, i + 1);
  }
  return longest;
}

std::optional<Duration> usual_latency(const Played& played) {
  if (played.faults.empty() || played.phases.empty()) return std::nullopt;
  const IncidentPhase& before = played.phases.front();
  if (before.to > played.faults.front().from || before.of.latency.count < enough) return std::nullopt;
  return before.of.latency.p99;
}

std::vector<Normality> normal_again(const Played& played) {
  std::vector<Normality> all;
  const auto usual = usual_latency(played);
  if (!usual) return all;
  const Instant end = Instant{} + played.incident.length;
  std::vector<Instant> happens{end};
  for (const IncidentFault& fault : played.faults) {
    happens.push_back(fault.from);
    happens.push_back(fault.to);
  }
  std::sort(happens.begin(), happens.end());
  for (std::size_t f = 0; f < played.faults.size(); ++f) {
    for (const bool at_its_end : {false, true}) {
      const Instant from = at_its_end ? played.faults[f].to : played.faults[f].from;
      if (from >= end) continue;
      const Instant until = std::min(end, *std::upper_bound(happens.begin(), happens.end(), from));
      all.push_back({f, at_its_end, normal_from(played.timeline.intervals, from, until, *usual)});
    }
  }
  return all;
}

}  // namespace nines::scenarios
