// Closing the books: one Record from all groups, with the client's view of every outage.
#include <algorithm>

#include "models/world/world.hpp"

namespace nines::world {

namespace {

// A client with one request outstanding: what was lost with its leader hangs for the time-out, and each further try as long again.
Instant client_end(Instant start, Instant end, Duration timeout, bool lost_requests) {
  if (!lost_requests || timeout <= 0ns) return end;
  const std::int64_t tries = ((end - start) + timeout - 1ns) / timeout;
  return start + std::max<std::int64_t>(1, tries) * timeout;
}

void add_client_outages(const Group& group, PartitionId partition, std::uint32_t zone, Duration timeout, Instant horizon, std::vector<ClientOutage>& out) {
  std::vector<ClientOutage> own;
  for (const Outage& outage : group.outages()) {
    // A leader that stood still answers when it moves on; the request was not lost.
    const bool lost = outage.phase != Phase::pause || outage.end - outage.start > timeout;
    own.push_back({ZoneId{zone}, partition, outage.start, client_end(outage.start, outage.end, timeout, lost)});
  }
  for (const AccessLoss& loss : group.access_losses())
    if (loss.zone == zone) own.push_back({ZoneId{zone}, partition, loss.start, client_end(loss.start, loss.end, timeout, true)});
  std::sort(own.begin(), own.end(), [](const ClientOutage& a, const ClientOutage& b) { return a.start < b.start; });
  const std::size_t first = out.size();
  for (ClientOutage outage : own) {
    outage.end = std::min(outage.end, horizon);
    if (out.size() > first && outage.start <= out.back().end) {
      out.back().end = std::max(out.back().end, outage.end);
    } else if (outage.end > outage.start) {
      out.push_back(outage);
    }
  }
}

// What lies beyond the horizon did not come to pass; and when the last partition could be written again that the loss, or the way back, had stopped.
void close(Procedure& procedure, Instant horizon, const Plan& plan, const Record& record) {
  const auto is_meant = [&](PartitionId partition) { return plan.groups[partition.index()].cluster == procedure.cluster; };
  for (Instant* step : {&procedure.detected, &procedure.decided, &procedure.rerouted})
    if (*step >= horizon) *step = never;
  const Instant turn = std::min({procedure.forced, procedure.stood_down, horizon});
  Instant last = procedure.lost;
  for (const Outage& outage : record.outages)
    if (is_meant(outage.partition) && outage.start <= turn && outage.end > procedure.lost) last = std::max(last, outage.end);
  if (last < horizon) procedure.writable = last;
  for (const DataLoss& loss : record.data_losses) {
    if (procedure.forced == never || !is_meant(loss.partition) || loss.at < procedure.forced || loss.at > last) continue;
    const GroupPlan& group = plan.groups[loss.partition.index()];
    procedure.lost_entries += loss.entries;
    procedure.lost_time = std::max(procedure.lost_time, static_cast<std::int64_t>(loss.entries / group.arrival_entries) * group.arrival_interval);
  }
}

void close(Restoration& restoration, Instant horizon, const Plan& plan, const Record& record) {
  for (Instant* step : {&restoration.detected, &restoration.decided})
    if (*step >= horizon) *step = never;
  if (restoration.restored == never) return;
  Instant last = restoration.restored;
  for (const Outage& outage : record.outages)
    if (plan.groups[outage.partition.index()].cluster == restoration.cluster && outage.start <= restoration.restored && outage.end > restoration.lost)
      last = std::max(last, outage.end);
  if (last < horizon) restoration.writable = last;
}

}  // namespace

Record World::finish(Instant horizon, std::uint64_t faults) {
  operate_before(horizon);
  Record record;
  record.horizon = horizon - Instant{};
  record.faults = faults;
  Hash history = faults_seen_, trace;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    Group& group = groups_[g];
    group.finish(*plan_, horizon, *scratch_);
    record.events += group.events();
    record.wakes += group.wakes();
    record.absorbed += group.absorbed();
    record.group_time += record.horizon;
    record.calm_time += group.calm_time();
    history.add(group.history());
    trace.add(group.trace());
    record.outages.insert(record.outages.end(), group.outages().begin(), group.outages().end());
    record.quorum_losses.insert(record.quorum_losses.end(), group.quorum_losses().begin(), group.quorum_losses().end());
    record.data_losses.insert(record.data_losses.end(), group.data_losses().begin(), group.data_losses().end());
    for (const Group::Tenure& tenure : group.tenures())
      record.leaderships.push_back({PartitionId{g}, tenure.from, plan_->groups[g].brokers[tenure.leader]});
    record.majorities_lost += group.majorities_lost();
    for (const Outage& outage : group.outages())
      if (outage.phase == Phase::election && outage.end < horizon)
        record.failovers.push_back({outage.partition, outage.start, outage.end - outage.start, outage.mode});
  }
  for (std::uint32_t zone = 0; zone < plan_->options.topology.zones.size(); ++zone)
    for (std::size_t g = 0; g < groups_.size(); ++g)
      add_client_outages(groups_[g], PartitionId{g}, zone, plan_->profile(plan_->groups[g]).client_timeout, horizon, record.client_outages);
  for (std::size_t i = 0; i < operators_.size(); ++i) {
    note_whole(i);
    for (Procedure& procedure : operators_[i].procedures) {
      close(procedure, horizon, *plan_, record);
      record.procedures.push_back(procedure);
    }
  }
  for (Restorers& team : restorers_) {
    for (Restoration& restoration : team.restorations) {
      close(restoration, horizon, *plan_, record);
      record.restorations.push_back(restoration);
    }
  }
  record.fences = fences_;
  record.broker_changes = broker_changes_;
  record.link_changes = link_changes_;
  record.history = history.value();
  record.trace = trace.value();
  return record;
}

}  // namespace nines::world
