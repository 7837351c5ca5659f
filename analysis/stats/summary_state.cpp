// What a Summary holds, as bytes, and two of them made one.
#include <string>
#include <string_view>

#include "analysis/stats/summary.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {

void Summary::Client::merge(const Client& later) {
  down.merge(later.down);
  outages.merge(later.outages);
  episodes += later.episodes;
}

void Summary::Client::write(ByteWriter& out) const {
  down.write(out);
  out.number(episodes);
}

void Summary::Client::read(ByteReader& in) {
  down.read(in);
  episodes = in.number();
}

void Summary::Cluster::merge(const Cluster& later) {
  for (EventSum Cluster::*sum : event_sums) (this->*sum).merge(later.*sum);
  for (EventRatio Cluster::*ratio : event_ratios) (this->*ratio).merge(later.*ratio);
  failovers.merge(later.failovers);
  failover_episodes += later.failover_episodes;
  for (std::size_t m = 0; m < by_mode.size(); ++m) by_mode[m].merge(later.by_mode[m]);
  for (std::size_t m = 0; m < excess_by_mode.size(); ++m) excess_by_mode[m].merge(later.excess_by_mode[m]);
  by_replication.insert(by_replication.end(), later.by_replication.begin(), later.by_replication.end());
  for (std::size_t z = 0; z < clients.size(); ++z) clients[z].merge(later.clients[z]);
  lengths.merge(later.lengths);
  for (std::size_t b = 0; b < budgets.size(); ++b) budgets[b].merge(later.budgets[b]);
}

// Clients of different zones mostly see the same: each zone says what is new beside the one before.
void Summary::Cluster::write(ByteWriter& out) const {
  for (EventSum Cluster::*sum : event_sums) (this->*sum).write(out);
  for (EventRatio Cluster::*ratio : event_ratios) (this->*ratio).write(out);
  failovers.write(out);
  out.number(failover_episodes);
  for (const Weights& weights : by_mode) weights.write(out);
  for (const ExactSum& sum : excess_by_mode) sum.write(out);
  for (const double down_s : by_replication) out.real(down_s);
  std::string before;
  for (std::size_t z = 0; z < clients.size(); ++z) {
    clients[z].outages.write(out, z > 0 ? &clients[z - 1].outages : nullptr);
    ByteWriter client;
    clients[z].write(client);
    out.byte(client.bytes() == before ? 1 : 0);
    if (client.bytes() == before) continue;
    before = client.take();
    out.text(before);
  }
  lengths.write(out);
  for (const ErrorBudget& budget : budgets) budget.write(out);
}

// `by_replication` is as long as it is to be.
void Summary::Cluster::read(ByteReader& in) {
  for (EventSum Cluster::*sum : event_sums) (this->*sum).read(in);
  for (EventRatio Cluster::*ratio : event_ratios) (this->*ratio).read(in);
  failovers.read(in);
  failover_episodes = in.number();
  for (Weights& weights : by_mode) weights.read(in);
  for (ExactSum& sum : excess_by_mode) sum.read(in);
  for (double& down_s : by_replication) {
    down_s = in.real();
    if (!(down_s >= 0)) in.fail();
  }
  std::string_view client;
  for (std::size_t z = 0; z < clients.size(); ++z) {
    clients[z].outages.read(in, z > 0 ? &clients[z - 1].outages : nullptr);
    if (in.byte() == 0) client = in.text();
    ByteReader from(client);
    clients[z].read(from);
    if (!from.finished()) in.fail();
  }
  lengths.read(in);
  for (ErrorBudget& budget : budgets) budget.read(in);
}

void Summary::merge(const Summary& later) {
  SIM_CHECK(clusters_.size() == later.clusters_.size() && mode_mean_s_.size() == later.mode_mean_s_.size() &&
                reducer_.layout().zones.size() == later.reducer_.layout().zones.size(),
            "summaries that are merged are of one world");
  for (std::size_t c = 0; c < clusters_.size(); ++c) clusters_[c].merge(later.clusters_[c]);
  capabilities_.merge(later.capabilities_);
  procedures_.merge(later.procedures_);
  totals_.replications += later.totals_.replications;
  totals_.faults += later.totals_.faults;
  totals_.events += later.totals_.events;
  totals_.wakes += later.totals_.wakes;
  exposure_s_.merge(later.exposure_s_);
  years_.merge(later.years_);
  group_years_.merge(later.group_years_);
  calm_years_.merge(later.calm_years_);
  histories_.insert(histories_.end(), later.histories_.begin(), later.histories_.end());
  traces_.insert(traces_.end(), later.traces_.begin(), later.traces_.end());
}

void Summary::write(ByteWriter& out) const {
  out.number(clusters_.size());
  out.number(reducer_.layout().modes.size());
  out.number(reducer_.layout().zones.size());
  out.number(totals_.replications);
  for (std::size_t r = 0; r < histories_.size(); ++r) {
    out.word(histories_[r]);
    out.word(traces_[r]);
  }
  for (const std::uint64_t count : {totals_.faults, totals_.events, totals_.wakes}) out.number(count);
  for (const ExactSum* sum : {&exposure_s_, &years_, &group_years_, &calm_years_}) sum->write(out);
  for (const Cluster& cluster : clusters_) cluster.write(out);
  capabilities_.write(out);
  procedures_.write(out);
}

void Summary::read(ByteReader& in) {
  const bool same = in.number() == clusters_.size() && in.number() == reducer_.layout().modes.size() && in.number() == reducer_.layout().zones.size();
  if (!same) in.fail();
  const std::size_t replications = in.count(2 * sizeof(std::uint64_t));
  totals_.replications = replications;
  histories_.assign(replications, 0);
  traces_.assign(replications, 0);
  for (std::size_t r = 0; r < replications; ++r) {
    histories_[r] = in.word();
    traces_[r] = in.word();
  }
  for (std::uint64_t* count : {&totals_.faults, &totals_.events, &totals_.wakes}) *count = in.number();
  for (ExactSum* sum : {&exposure_s_, &years_, &group_years_, &calm_years_}) sum->read(in);
  for (Cluster& cluster : clusters_) {
    cluster.by_replication.assign(replications, 0);
    cluster.read(in);
  }
  capabilities_.read(in);
  procedures_.read(in);
}

}  // namespace nines::analysis
