#include "analysis/stats/summary.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>

#include "analysis/stats/interval.hpp"
#include "analysis/stats/quantile.hpp"
#include "analysis/stats/text.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace nines::analysis {
namespace {

const double year_s = seconds(year);
constexpr Duration month = 24h * 30;  // Of error budgets, as service levels count them: 43.2 minutes at 99.9 %.
constexpr std::pair<const char*, double> percentiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}};

std::optional<double> scaled(std::optional<double> value, double factor) { return value ? std::optional<double>(*value * factor) : std::nullopt; }

Metric metric(std::string name, const Estimate& estimate, double factor, std::string unit) {
  return {.name = std::move(name),
          .value = scaled(estimate.value, factor),
          .low = scaled(estimate.low, factor),
          .high = scaled(estimate.high, factor),
          .unit = std::move(unit),
          .method = estimate.method};
}

std::optional<double> up(std::optional<double> down) { return down ? std::optional<double>(uptime_of(*down)) : std::nullopt; }

std::optional<double> nines(std::optional<double> down) { return down ? std::optional<double>(nines_of(*down)) : std::nullopt; }

// What a fault of this effect does to those it leaves in office is not in the quorum count: it may last as long as the fault does.
bool reaches_beyond_the_quorum(failure::Effect effect) {
  switch (effect) {
    case failure::Effect::stop:
    case failure::Effect::planned_stop:
    case failure::Effect::replace:
    case failure::Effect::corrupt: return false;
    default: return true;
  }
}

}  // namespace

double longest_excess_s(const world::Options& options, const RepairTimes& repairs) {
  Duration longest = repairs.recovery();
  for (std::size_t m = 0; m < options.modes.size(); ++m)
    if (reaches_beyond_the_quorum(options.modes[m].effect)) longest = std::max(longest, repairs.mean(static_cast<std::uint16_t>(m)));
  for (std::size_t f = 0; f < options.script.size(); ++f)
    if (reaches_beyond_the_quorum(failure::effect_of(options.script[f], options.modes)))
      longest = std::max(longest, repairs.mean(static_cast<std::uint16_t>(options.modes.size() + f)));
  return seconds(longest);
}

Summary::Summary(const world::Options& options, const std::vector<double>& levels)
    : reducer_(options),
      clusters_(options.clusters.size()),
      capabilities_(options),
      procedures_(options, reducer_.layout()),
      scripted_(!options.script.empty()) {
  const Layout& layout = reducer_.layout();
  const RepairTimes& repairs = reducer_.repairs();
  mode_mean_s_.assign(layout.modes.size(), 0);
  for (std::size_t m = 0; m < layout.mode_of_index.size(); ++m) {
    double& mean = mode_mean_s_[layout.mode_of_index[m]];
    mean = std::max(mean, seconds(repairs.mean(static_cast<std::uint16_t>(m))));
  }
  longest_s_ = seconds(repairs.longest());
  longest_words_ = human_time(longest_s_, 2) + (repairs.longest_mode().empty() ? " (elections)" : " (mean repair of " + repairs.longest_mode() + ")");
  longest_excess_s_ = longest_excess_s(options, repairs);
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    Cluster& cluster = clusters_[c];
    cluster.by_mode.resize(layout.modes.size());
    cluster.excess_by_mode.resize(layout.modes.size());
    cluster.clients.resize(layout.zones.size());
    for (const Duration period : {month, year}) cluster.budgets.emplace_back(period, c < levels.size() ? levels[c] : usual_level);
    if (!scripted_) continue;
    for (ErrorBudget& budget : cluster.budgets) budget.set_scheduled();
    for (EventSum Cluster::*sum : event_sums) (cluster.*sum).set_scheduled();
    for (Client& client : cluster.clients) client.down.set_scheduled();
  }
}

void Summary::add(const world::Record& record) {
  const std::span<const ClusterEpisodes> episodes = reducer_.reduce(record);
  for (std::size_t c = 0; c < clusters_.size(); ++c) add(clusters_[c], episodes[c], reducer_.layout().clusters[c].partitions);
  // Failovers and client outages one by one: their quantiles are of what a partition sees.
  for (const world::Failover& failover : record.failovers) {
    clusters_[reducer_.layout().cluster_of(failover.partition.value)].failovers.add(failover.duration);
  }
  for (const world::ClientOutage& outage : record.client_outages) {
    Cluster& cluster = clusters_[reducer_.layout().cluster_of(outage.partition.value)];
    cluster.clients[outage.zone.index()].outages.add(outage.end - outage.start);
  }
  capabilities_.add(record, totals_.replications < EventSum::enough_replications);
  procedures_.add(record, reducer_.layout());
  exposure_s_.add(seconds(record.horizon));
  ++totals_.replications;
  years_.add(years(record.horizon));
  totals_.faults += record.faults;
  totals_.events += record.events;
  totals_.wakes += record.wakes;
  group_years_.add(years(record.group_time));
  calm_years_.add(years(record.calm_time));
  histories_.push_back(record.history);
  traces_.push_back(record.trace);
}

void Summary::add(Cluster& cluster, const ClusterEpisodes& episodes, double partitions) {
  const auto stretch = [](const Episode& e) { return seconds(e.cautious) / seconds(e.length); };
  // One episode after the other, in the batches of a replication as long as replications are few.
  const bool few = totals_.replications < EventSum::enough_replications;
  const Duration batch = reducer_.layout().horizon / EventSum::batches;
  const auto each = [&](const std::vector<Episode>& list, std::initializer_list<EventSum*> sums, const auto& add_one) {
    int closed = 0;
    const auto close = [&](int until) {
      for (; few && closed < until; ++closed)
        for (EventSum* sum : sums) sum->close_batch();
    };
    for (const Episode& e : list) {
      if (few && batch > Duration{0}) close(static_cast<int>(std::min<std::int64_t>(EventSum::batches - 1, (e.start - Instant{}) / batch)));
      add_one(e);
    }
    close(EventSum::batches);
    for (EventSum* sum : sums) sum->close_replication();
  };
  double down = 0;
  each(episodes.down, {&cluster.down, &cluster.mean, &cluster.excess_down, &cluster.excess_mean}, [&](const Episode& e) {
    const double length = seconds(e.length), mean = seconds(e.summed) / partitions;
    cluster.down.add(length, std::max(length, seconds(e.cautious)), e.repair);
    cluster.mean.add(mean, std::max(mean, mean * stretch(e)), e.repair);
    cluster.by_mode[reducer_.layout().mode(e.mode)].add(length);
    add_excess(cluster.excess_down, e, e.length - e.without_quorum, 1);
    cluster.excess_by_mode[reducer_.layout().mode(e.mode)].add(seconds(e.length - e.without_quorum));
    add_excess(cluster.excess_mean, e, e.summed - e.summed_without_quorum, partitions);
    cluster.lengths.add(e.length);
    down += length;
  });
  for (ErrorBudget& budget : cluster.budgets) budget.add(episodes.down, reducer_.layout().horizon);
  cluster.by_replication.push_back(down);
  each(episodes.blackout, {&cluster.blackout, &cluster.excess_blackout}, [&](const Episode& e) {
    cluster.blackout.add(seconds(e.length), std::max(seconds(e.length), seconds(e.cautious)), e.repair);
    add_excess(cluster.excess_blackout, e, e.length - e.without_quorum, 1);
  });
  each(episodes.quorum_loss, {&cluster.quorum_time, &cluster.quorum_count, &cluster.quorum_any_time, &cluster.quorum_any_count}, [&](const Episode& e) {
    const double length = seconds(e.length), mean = seconds(e.summed) / partitions;
    cluster.quorum_time.add(mean, std::max(mean, mean * stretch(e)), true);
    cluster.quorum_count.add(e.parts / partitions);
    cluster.quorum_mean.add(seconds(e.summed), e.parts);
    cluster.quorum_any_time.add(length, std::max(length, seconds(e.cautious)), true);
    cluster.quorum_any_count.add(1);
    cluster.quorum_any_mean.add(length, 1);
  });
  each(episodes.failover, {&cluster.failover_count}, [&](const Episode& e) {
    cluster.failover_count.add(e.parts);
    cluster.failover_mean.add(seconds(e.summed), e.parts);
    ++cluster.failover_episodes;
  });
  each(episodes.data_loss, {&cluster.data_loss}, [&](const Episode& e) { cluster.data_loss.add(e.parts); });
  for (std::size_t z = 0; z < cluster.clients.size(); ++z) {
    Client& client = cluster.clients[z];
    each(episodes.clients[z], {&client.down}, [&](const Episode& e) {
      const double mean = seconds(e.summed) / partitions;
      client.down.add(mean, std::max(mean, mean * stretch(e)), e.repair);
      ++client.episodes;
    });
  }
}

std::string Summary::prefix(std::size_t cluster) const {
  return clusters_.size() > 1 ? reducer_.layout().clusters[cluster].name + "." : std::string();
}

Estimate Summary::of_time(const EventSum& sum, const std::string& events) const {
  if (totals_.replications == 0) return {std::nullopt, std::nullopt, std::nullopt, "nothing simulated"};
  Estimate down = sum.durations(exposure_s(), longest_s_, events, longest_words_);
  if (down.high) down.high = std::min(*down.high, 1.0);
  return down;
}

// Of one episode; `excess` is summed over `partitions`. Longer than an election and catching up may take: something was waited for, and its length is a law's.
void Summary::add_excess(EventSum& sum, const Episode& episode, Duration excess, double partitions) const {
  if (excess <= Duration{0}) return;
  const RepairTimes& repairs = reducer_.repairs();
  const double weight = seconds(excess) / partitions;
  const bool long_one = episode.length - episode.without_quorum > repairs.recovery();
  sum.add(weight, long_one ? std::max(weight, seconds(repairs.mean(episode.mode))) : weight, long_one);
}

Estimate Summary::of_excess(const EventSum& sum) const {
  if (totals_.replications == 0) return {std::nullopt, std::nullopt, std::nullopt, "nothing simulated"};
  const double recovery = seconds(reducer_.repairs().recovery());
  Estimate excess = longest_excess_s_ <= recovery && sum.seen().largest <= recovery
                        ? sum.counts(exposure_s(), recovery, "elections")
                        : sum.short_and_long(exposure_s(), longest_excess_s_, "elections", human_time(longest_excess_s_, 2));
  if (excess.high) excess.high = std::min(*excess.high, 1.0);
  return excess;
}

Summary::Excess Summary::excess(std::size_t cluster) const {
  const Cluster& of = clusters_[cluster];
  return {of_excess(of.excess_down), of_excess(of.excess_mean), of_excess(of.excess_blackout)};
}

Metric Summary::uptime(std::string name, const EventSum& down_sum, const std::string& events) const {
  const Estimate down = of_time(down_sum, events);
  return {.name = std::move(name), .value = up(down.value), .low = up(down.high), .high = up(down.low), .unit = "1", .method = down.method};
}

Metric Summary::headline() const {
  SIM_CHECK(!clusters_.empty(), "a world has a cluster");
  return uptime(prefix(0) + "uptime.all", clusters_[0].down, "outages");
}

namespace {

Summary::Seen seen_of(const EventSum& sum) {
  const WeightedSum seen = sum.seen();
  const bool enough = seen.events >= enough_events && seen.sum * seen.sum >= enough_effective_events * seen.squares;
  return {seen.sum, sum.variance(), seen.events, enough};
}

}  // namespace

std::vector<double> Summary::excess_by_mode(std::size_t cluster) const {
  std::vector<double> shares;
  for (const std::uint32_t mode : reducer_.layout().mode_of_index) shares.push_back(clusters_[cluster].excess_by_mode[mode].value() / exposure_s());
  return shares;
}

Summary::Seen Summary::quorum_losses(std::size_t cluster) const { return seen_of(clusters_[cluster].quorum_any_count); }
Summary::Seen Summary::quorum_time(std::size_t cluster) const { return seen_of(clusters_[cluster].quorum_any_time); }
Summary::Seen Summary::excess_time(std::size_t cluster) const { return seen_of(clusters_[cluster].excess_down); }

Metrics Summary::metrics() const {
  Metrics out;
  if (totals_.replications == 0) return out;
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    add_cluster_metrics(c, out);
    procedures_.put_into(out, c, prefix(c));
    capabilities_.put_into(out, static_cast<std::uint32_t>(c), exposure_s());
  }
  capabilities_.put_into(out, std::nullopt, exposure_s());
  return out;
}

// What a year has in store, as far as chance decides it: the mean hides that most years are good.
void Summary::add_spread_of_downtime(const Cluster& cluster, const std::string& at, Metrics& out) const {
  std::vector<CompoundPoisson::Outages> seen;
  for (const Sketch::Values& values : cluster.lengths.values()) seen.push_back({seconds(values.value), static_cast<double>(values.number)});
  std::vector<double> yearly = cluster.by_replication;
  std::sort(yearly.begin(), yearly.end());
  const CompoundPoisson years(seen, exposure_s(), year_s);
  for (const auto& [suffix, p] : percentiles) {
    const std::string name = at + "downtime." + suffix;
    if (reducer_.layout().horizon == year)
      out.push_back(quantile(
          name, p, yearly.size(), yearly.size(), [&](std::uint64_t rank) { return yearly[rank - 1]; }, "s", "years"));
    else if (scripted_)
      out.push_back({.name = name, .value = {}, .low = {}, .high = {}, .unit = "s", .method = "not available: a script is not of one year"});
    else
      out.push_back(metric(name, years.quantile(p), 1, "s"));
  }
  out.push_back(metric(at + "budget.exhausted_month", cluster.budgets[0].exhausted(seen, exposure_s()), 1, "1"));
  out.push_back(metric(at + "budget.exhausted_year", cluster.budgets[1].exhausted(seen, exposure_s()), 1, "1"));
}

void Summary::add_cluster_metrics(std::size_t index, Metrics& out) const {
  const Cluster& cluster = clusters_[index];
  const Layout& layout = reducer_.layout();
  const std::string at = prefix(index);
  const double exposure_years = exposure_s() / year_s;

  const Estimate down = of_time(cluster.down, "outages");
  out.push_back(uptime(at + "uptime.all", cluster.down, "outages"));
  out.push_back(uptime(at + "uptime.mean", cluster.mean, "outages"));
  out.push_back(uptime(at + "uptime.any", cluster.blackout, "total outages"));
  out.push_back({.name = at + "nines", .value = nines(down.value), .low = nines(down.high), .high = nines(down.low), .unit = "nines", .method = down.method});
  out.push_back(metric(at + "downtime.minutes_per_year", down, year_s / 60, "min/year"));

  add_spread_of_downtime(cluster, at, out);

  const WeightedSum all = cluster.down.seen();
  for (std::size_t m = 0; m < layout.modes.size(); ++m) {
    const WeightedSum mine = cluster.by_mode[m].total();
    if (all.events == 0 || (mine.events == 0 && m + 1 == layout.modes.size())) continue;
    Metric share{.name = at + "downtime.share." + layout.modes[m], .value = {}, .low = {}, .high = {}, .unit = "1", .method = {}};
    if (mine.events == 0) {
      const double most = fay_feuer(0, 0, mode_mean_s_[m], confidence, Sides::upper_only).high;
      share.high = most / (most + all.sum);
      share.method = "no outage seen: rule of three x mean repair";
    } else {
      share.value = mine.sum / all.sum;
      share.method = grouped(mine.events) + " of " + counted(all.events, "outages") + ", ";
      if (!down.low || mine.events < enough_events) {  // Without limits of the whole there are none of its parts.
        share.method += "too few for an interval";
      } else {
        const double s = *share.value;
        const double n = static_cast<double>(all.events);
        const double squares = (1 - s) * (1 - s) * mine.squares + s * s * std::max(0.0, all.squares - mine.squares);
        const Interval interval = student(s, std::sqrt(squares / (n - 1)) / (all.sum / n), all.events, confidence);
        share.low = std::max(0.0, interval.low);
        share.high = std::min(1.0, interval.high);
        share.method += "t interval";
      }
    }
    out.push_back(share);
  }

  const auto quorum = [&](const std::string& name, const EventSum& count, const EventSum& time, const EventRatio& mean, const std::string& events) {
    out.push_back(metric(name + "per_year", count.counts(exposure_years, 1, events), 1, "1/year"));
    out.push_back(metric(name + "fraction", of_time(time, events), 1, "1"));
    Estimate length = mean.estimate(events);
    if (mean.events() > 0 && mean.events() < enough_events) {
      // Few sampled repairs say little about their tail; the catalogue knows the mean.
      length.high = std::max(*length.value, longest_s_);
      length.method = "upper bound " + longest_words_ + ", " + counted(mean.events(), events);
    }
    out.push_back(metric(name + "mean", length, 1, "s"));
  };
  quorum(at + "quorum_loss.", cluster.quorum_count, cluster.quorum_time, cluster.quorum_mean, "quorum losses");
  quorum(at + "quorum_loss.cluster.", cluster.quorum_any_count, cluster.quorum_any_time, cluster.quorum_any_mean, "quorum losses");

  const double partitions = layout.clusters[index].partitions;
  if (layout.may_lose_data)
    out.push_back(metric(at + "data_loss.per_year", cluster.data_loss.counts(exposure_years, partitions, "losses of data"), 1, "1/year"));
  out.push_back(metric(at + "failover.per_year", cluster.failover_count.counts(exposure_years, partitions, "failovers"), 1, "1/year"));
  out.push_back(metric(at + "failover.mean", cluster.failover_mean.estimate("failovers"), 1, "s"));
  const auto durations = [](const Sketch::Ranked& ranked) { return [&ranked](std::uint64_t rank) { return seconds(ranked.at(rank)); }; };
  const Sketch& failovers = cluster.failovers;
  const Sketch::Ranked failover_ranks = failovers.ranked();
  for (const auto& [suffix, p] : {percentiles[0], percentiles[2]}) {
    out.push_back(quantile(at + "failover." + suffix, p, failovers.count(), cluster.failover_episodes, durations(failover_ranks), "s", "failovers"));
  }
  Metric longest{.name = at + "failover.max", .value = {}, .low = {}, .high = {}, .unit = "s", .method = "no failovers seen"};
  if (failovers.count() > 0) {
    longest.value = longest.low = seconds(failovers.largest());
    longest.method = "the longest of " + counted(failovers.count(), "failovers") + " seen";
  }
  out.push_back(longest);

  for (std::size_t z = 0; z < cluster.clients.size(); ++z) {
    const Client& client = cluster.clients[z];
    const std::string name = at + "client." + layout.zones[z] + ".";
    const Sketch::Ranked outage_ranks = client.outages.ranked();
    out.push_back(uptime(name + "uptime", client.down, "client outages"));
    for (const auto& [suffix, p] : {percentiles[0], percentiles[2]}) {
      out.push_back(quantile(name + "outage_" + suffix, p, client.outages.count(), client.episodes, durations(outage_ranks), "s", "client outages"));
    }
  }
}

Summary::Totals Summary::totals() const {
  Totals totals = totals_;
  totals.years = years_.value();
  totals.group_years = group_years_.value();
  totals.calm_years = calm_years_.value();
  Hash history, trace;
  for (const std::uint64_t word : histories_) history.add(word);
  for (const std::uint64_t word : traces_) trace.add(word);
  totals.history = history.value();
  totals.trace = trace.value();
  return totals;
}

}  // namespace nines::analysis
