#include "analysis/stats/capabilities.hpp"

#include <algorithm>
#include <span>

#include "analysis/stats/interval.hpp"
#include "analysis/stats/replication.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {

std::string name_of(const world::Options& options, const services::Capability& capability, std::string_view family) {
  const std::string cluster = capability.cluster && options.clusters.size() > 1 ? options.clusters[*capability.cluster].name + "." : "";
  return cluster + std::string(family) + capability.name;
}

std::string three_of(const std::vector<Cause>& causes) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, causes.size()); ++i)
    text += (i == 0 ? "" : ", ") + causes[i].mode + ' ' + significant(100 * causes[i].share, 2) + " %";
  return text;
}

CapabilitySums::CapabilitySums(const world::Options& options) : horizon_(options.horizon) {
  if (options.services.capabilities.empty()) return;
  const RepairTimes repairs(options);
  const auto add_cause = [&](const std::string& name, double mean_s) {
    const auto known = std::find(causes_.begin(), causes_.end(), name);
    cause_of_.push_back(static_cast<std::uint32_t>(known - causes_.begin()));
    if (known == causes_.end()) causes_.push_back(name);
    mean_s_.push_back(mean_s);
    if (mean_s <= longest_s_) return;
    longest_s_ = mean_s;
    longest_words_ = human_time(mean_s, 2) + " (mean repair of " + name + ")";
  };
  std::uint16_t index = 0;
  for (const failure::Mode& mode : options.modes) add_cause(mode.name, seconds(repairs.mean(index++)));
  for (const failure::ScriptedFault& fault : options.script) add_cause(fault.mode, seconds(repairs.mean(index++)));
  election_s_ = seconds(repairs.election());
  for (const failure::Mode& mode : options.services.modes) add_cause(mode.name, mode.duration.sample_mean_s());
  for (const services::Capability& capability : options.services.capabilities) {
    One& one = all_.emplace_back();
    one.cluster = capability.cluster;
    one.name = name_of(options, capability, "capability.");
    one.by_cause.resize(causes_.size());
    if (!options.script.empty()) one.down.set_scheduled();
  }
}

void CapabilitySums::add(const world::Record& record, bool few) {
  const Duration batch = horizon_ / EventSum::batches;
  auto next = record.capability_outages.begin();
  for (std::uint32_t c = 0; c < all_.size(); ++c) {
    One& one = all_[c];
    int closed = 0;
    const auto close = [&](int until) {
      for (; few && closed < until; ++closed) one.down.close_batch();
    };
    for (; next != record.capability_outages.end() && next->capability == c; ++next) {
      if (few && batch > Duration{0}) close(static_cast<int>(std::min<std::int64_t>(EventSum::batches - 1, (next->start - Instant{}) / batch)));
      const double length = seconds(next->end - next->start), mean = seconds(next->mean);
      const bool known = next->mode < cause_of_.size();
      const bool long_one = length > election_s_;
      // As long as it was, or as such a repair takes on average.
      const double stretch = long_one && known && length > 0 ? std::max(1.0, mean_s_[next->mode] / length) : 1;
      one.down.add(mean, mean * stretch, long_one);
      if (known) one.by_cause[cause_of_[next->mode]].add(mean);
    }
    close(EventSum::batches);
    one.down.close_replication();
  }
}

void CapabilitySums::merge(const CapabilitySums& later) {
  for (std::size_t c = 0; c < all_.size(); ++c) {
    all_[c].down.merge(later.all_[c].down);
    for (std::size_t m = 0; m < causes_.size(); ++m) all_[c].by_cause[m].merge(later.all_[c].by_cause[m]);
  }
}

void CapabilitySums::write(ByteWriter& out) const {
  out.number(all_.size());
  out.number(causes_.size());
  for (const One& one : all_) {
    one.down.write(out);
    for (const Weights& weights : one.by_cause) weights.write(out);
  }
}

void CapabilitySums::read(ByteReader& in) {
  const std::uint64_t all = in.number(), causes = in.number();
  if (all != all_.size() || causes != causes_.size()) in.fail();
  for (One& one : all_) {
    one.down.read(in);
    for (Weights& weights : one.by_cause) weights.read(in);
  }
}

void CapabilitySums::put_into(Metrics& out, std::optional<std::uint32_t> cluster, double exposure_s) const {
  const auto up = [](std::optional<double> share) { return share ? std::optional(uptime_of(*share)) : std::nullopt; };
  for (const One& one : all_) {
    if (one.cluster != cluster) continue;
    Estimate down = one.down.durations(exposure_s, longest_s_, "outages", longest_words_);
    if (down.high) down.high = std::min(*down.high, 1.0);
    const WeightedSum all = one.down.seen();
    std::vector<std::size_t> seen;
    for (std::size_t m = 0; m < causes_.size(); ++m)
      if (one.by_cause[m].events() > 0) seen.push_back(m);
    const auto sum = [&](std::size_t m) { return one.by_cause[m].total().sum; };
    std::stable_sort(seen.begin(), seen.end(), [&](std::size_t a, std::size_t b) { return sum(a) > sum(b); });
    std::vector<Cause> causes;
    for (const std::size_t m : seen) causes.push_back({causes_[m], all.sum > 0 ? sum(m) / all.sum : 0});
    const std::string method = causes.empty() ? down.method : down.method + std::string(most_by) + three_of(causes);
    out.push_back({.name = one.name + ".uptime", .value = up(down.value), .low = up(down.high), .high = up(down.low), .unit = "1", .method = method});
    for (const std::size_t m : seen)
      out.push_back({.name = one.name + ".share." + causes_[m],
                     .value = all.sum > 0 ? sum(m) / all.sum : 0,
                     .low = {},
                     .high = {},
                     .unit = "1",
                     .method = grouped(one.by_cause[m].events()) + " of " + counted(all.events, "outages") + ", no interval"});
  }
}

}  // namespace nines::analysis
