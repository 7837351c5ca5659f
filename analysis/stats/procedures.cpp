#include "analysis/stats/procedures.hpp"

#include <algorithm>

#include "analysis/stats/quantile.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {

ProcedureSums::ProcedureSums(const world::Options& options, const Layout& layout) : clusters_(options.clusters.size()), modes_(layout.modes) {
  for (const world::RegionFailover& failover : options.failovers) {
    Cluster& cluster = clusters_[failover.cluster];
    cluster.may_lose = layout.may_lose_data || removal_may_lose(options, failover.cluster);
    cluster.is_loaded = options.clusters[failover.cluster].load.appends_per_second > 0;
    cluster.by_mode.resize(modes_.size());
    cluster.is_expected.resize(modes_.size());
    for (std::size_t m = 0; m < options.modes.size(); ++m)
      if (options.modes[m].scope == failure::Scope::region) cluster.is_expected[layout.mode_of_index[m]] = true;
  }
  for (const world::BackupRestore& restore : options.restores) {
    Cluster& cluster = clusters_[restore.cluster];
    cluster.is_backed_up = true;
    cluster.every = restore.every;
    cluster.takes = restore.takes;
  }
}

void ProcedureSums::add(const world::Record& record, const Layout& layout) {
  const Instant horizon = Instant{} + record.horizon;
  for (const world::Procedure& procedure : record.procedures) {
    One& one = clusters_[procedure.cluster].by_mode[layout.mode(procedure.mode)];
    const Duration recovery = std::min(procedure.writable, horizon) - procedure.lost;
    one.recoveries.add(recovery);
    one.recovery.add(seconds(recovery), 1);
    if (procedure.whole != never) one.failback.add(seconds(procedure.whole - procedure.returned), 1);
    if (procedure.forced == never) continue;
    one.with_loss += procedure.lost_entries > 0 ? 1u : 0u;
    one.most_lost = std::max(one.most_lost, procedure.lost_time);
    one.loss.add(seconds(procedure.lost_time), 1);
  }
  for (const world::Restoration& restoration : record.restorations) {
    const Duration recovery = std::min(restoration.writable, horizon) - restoration.lost;
    clusters_[restoration.cluster].restorations.add(recovery);
    clusters_[restoration.cluster].restoration.add(seconds(recovery), 1);
  }
}

void ProcedureSums::merge(const ProcedureSums& later) {
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    clusters_[c].restorations.merge(later.clusters_[c].restorations);
    clusters_[c].restoration.merge(later.clusters_[c].restoration);
    for (std::size_t m = 0; m < clusters_[c].by_mode.size(); ++m) {
      One& one = clusters_[c].by_mode[m];
      const One& other = later.clusters_[c].by_mode[m];
      one.recoveries.merge(other.recoveries);
      one.recovery.merge(other.recovery);
      one.failback.merge(other.failback);
      one.loss.merge(other.loss);
      one.with_loss += other.with_loss;
      one.most_lost = std::max(one.most_lost, other.most_lost);
    }
  }
}

void ProcedureSums::write(ByteWriter& out) const {
  for (const Cluster& cluster : clusters_) {
    cluster.restorations.write(out);
    cluster.restoration.write(out);
    for (const One& one : cluster.by_mode) {
      one.recoveries.write(out);
      for (const EventRatio* ratio : {&one.recovery, &one.failback, &one.loss}) ratio->write(out);
      out.number(one.with_loss);
      out.number(static_cast<std::uint64_t>(one.most_lost.count()));
    }
  }
}

void ProcedureSums::read(ByteReader& in) {
  for (Cluster& cluster : clusters_) {
    cluster.restorations.read(in);
    cluster.restoration.read(in);
    for (One& one : cluster.by_mode) {
      one.recoveries.read(in);
      for (EventRatio* ratio : {&one.recovery, &one.failback, &one.loss}) ratio->read(in);
      one.with_loss = in.number();
      one.most_lost = Duration{static_cast<std::int64_t>(in.number())};
    }
  }
}

// What is lost follows from when backups are taken: the loss of data comes at any moment between two of them.
void ProcedureSums::put_restorations_into(Metrics& out, std::size_t cluster, const std::string& at) const {
  const Cluster& from = clusters_[cluster];
  if (!from.is_backed_up) return;
  const Estimate estimate = from.restoration.estimate("restorations");
  out.push_back({.name = at + "rto.backup", .value = estimate.value, .low = estimate.low, .high = estimate.high, .unit = "s", .method = estimate.method});
  const Sketch::Ranked ranked = from.restorations.ranked();
  out.push_back(quantile(
      at + "rto.backup.p95", 0.95, from.restorations.count(), from.restorations.count(), [&](std::uint64_t rank) { return seconds(ranked.at(rank)); },
      "s", "restorations"));
  const auto exact = [&](const char* name, Duration value, const char* why) {
    Metric metric{.name = at + name, .value = static_cast<double>(value.count()) / 1e9, .low = {}, .high = {}, .unit = "s", .method = why};
    metric.exact = true;
    out.push_back(metric);
  };
  exact("rpo.backup", from.takes + from.every / 2,
        "exact: of the partition that lost its data, at any moment between two backups; others go back as far, from when all are stopped");
  exact("rpo.backup.max", from.takes + from.every, "exact: of that partition, just before a backup is complete");
}

void ProcedureSums::put_into(Metrics& out, std::size_t cluster, const std::string& at) const {
  put_restorations_into(out, cluster, at);
  const Cluster& from = clusters_[cluster];
  const auto mean = [&](const std::string& name, const EventRatio& ratio, const std::string& what) {
    const Estimate estimate = ratio.estimate(what);
    out.push_back({.name = name, .value = estimate.value, .low = estimate.low, .high = estimate.high, .unit = "s", .method = estimate.method});
  };
  for (std::size_t m = 0; m < from.by_mode.size(); ++m) {
    const One& one = from.by_mode[m];
    if (one.recovery.events() == 0 && !from.is_expected[m]) continue;
    const std::string rto = at + "rto." + modes_[m];
    mean(rto, one.recovery, "lost regions");
    const Sketch::Ranked ranked = one.recoveries.ranked();
    out.push_back(quantile(
        rto + ".p95", 0.95, one.recoveries.count(), one.recoveries.count(), [&](std::uint64_t rank) { return seconds(ranked.at(rank)); }, "s",
        "lost regions"));
    mean(rto + ".failback", one.failback, "failbacks");
    Metric rpo{.name = at + "rpo." + modes_[m], .value = {}, .low = {}, .high = {}, .unit = "s", .method = {}};
    const std::string removals = counted(one.loss.events(), "forced removals");
    if (!from.may_lose) {
      rpo.value = 0;
      rpo.exact = true;
      rpo.method = "exact: whoever is left holds all that was acknowledged, seen in " + removals;
      if (one.with_loss > 0)
        rpo = Metric{.name = rpo.name, .value = {}, .low = {}, .high = {}, .unit = "s", .method = "contradicted: data were lost"};
    } else if (!from.is_loaded) {
      rpo.method = "not available: without load nothing is written";
    } else if (one.with_loss == 0) {
      rpo.method =
          one.loss.events() == 0 ? "no region was removed by force" : "nothing was lost with " + removals + ", which does not say that nothing can be";
    } else {
      const Estimate estimate = one.loss.estimate("forced removals");
      rpo.value = estimate.value;
      rpo.low = estimate.low;
      rpo.high = estimate.high;
      rpo.method = estimate.method + "; " + grouped(one.with_loss) + " lost something, " + human_time(seconds(one.most_lost), 2) + " at most";
    }
    out.push_back(rpo);
  }
}

}  // namespace nines::analysis
