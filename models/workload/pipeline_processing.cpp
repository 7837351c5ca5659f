// What a leader does with what is committed: process it in one thread, answer, export.
#include <algorithm>
#include <cmath>

#include "models/workload/pipeline_flow.hpp"

namespace nines::workload {

namespace {

// An exporter takes what waits, a few entries at a time; more when it is behind, as long as that is no more work than this, so that others get their
// turn on the cores.
constexpr std::int64_t lump = 8, large_lump = 64;
constexpr double longest_lump_s = 5e-3;
constexpr int lumps_at_once = 64;

}  // namespace

// One more round through the log: first the leader's work beside its thread.
void Pipeline::Flow::next_round(std::uint32_t index) {
  Command& command = commands_[index];
  if (deployment_.service.leader_s <= 0) return to_write(index);
  const Instant done = node_of(command.holder).cores.serve(now_, deployment_.service.leader_s * round_share_);
  push(done, Kind::leader_done, rank_of(command, Kind::leader_done), index, 3);
}

void Pipeline::Flow::process(Group& group) {
  if (group.busy || !group.serving || group.commit == group.processed) return;
  Replica& leader = replicas_[group.lead];
  Node& node = node_of(leader.broker);
  if (node.rejects) return;
  const Command& command = commands_[group.log.front()];
  const Service& service = deployment_.service;
  double work = service.processing_s * round_share_;
  if (service.variability == Service::Variability::exponential) {
    work *= -std::log(of_command(command).uniform(Slot{.term = command.round}));
  }
  group.busy = true;
  leader.thread_ends = node.cores.serve_first(now_, work);
  group.thread.busy_ns += node.cores.time(work);
  push(leader.thread_ends, Kind::thread_done, rank_of_replica(group.lead, Kind::thread_done), group.lead);
}

void Pipeline::Flow::on_thread(std::uint32_t index, sim::Key key) {
  Replica& replica = replicas_[index];
  const bool here = replica.thread_ends == now_;
  if (here && parks(replica.broker, key)) return;
  node_of(replica.broker).cores.done(now_);
  if (!here) return;
  Group& group = groups_[replica.partition];
  SIM_CHECK(group.processed < group.commit, "an entry is processed that is not committed");
  replica.thread_ends = never;
  group.busy = false;
  const std::uint32_t c = group.log.pop();
  Command& command = commands_[c];
  ++group.processed;
  group.thread.stayed(now_ - command.since);
  group.thread.leave(now_);
  process(group);
  if (exports_) export_more(group);
  if (++command.round == deployment_.service.rounds) return answer(c);
  command.holder = replica.broker;
  command.term = group.term;
  next_round(c);
}

void Pipeline::Flow::answer(std::uint32_t index) {
  Command& command = commands_[index];
  Group& group = groups_[command.partition];
  const auto leader = static_cast<std::uint16_t>(group.leader);
  if (command.in_work) {
    group.limit.answered(now_, now_ - command.admitted, group.in_work);
    --group.in_work;
    command.in_work = false;
  }
  const Broker& gateway = brokers_[command.gateway];
  if (gateway.epoch != command.gateway_epoch) return is_over(index);
  if (cut(leader, command.gateway)) return is_over(index);
  command.status = Status::completed;
  const std::int64_t bytes = deployment_.service.request_bytes;
  const Slot slot{.term = std::uint64_t{6} << 32};
  command.received = brokers_[leader].machine == gateway.machine;
  const Instant at = send(leader, command.gateway, bytes, of_command(command), slot, nullptr);
  // Where no network is a limit, the gateway adds nothing to the way.
  if (network_limited_) return push(at, Kind::answer_in, rank_of(command, Kind::answer_in), index, 6);
  const Instant heard = travel(deployment_.client_link, at, of_command(command), Slot{.term = std::uint64_t{3} << 32});
  push(heard, Kind::client_in, rank_of(command, Kind::client_in), index, 6);
}

void Pipeline::Flow::export_more(Group& group) {
  const Service& service = deployment_.service;
  if (service.exporter_s <= 0 && !storage_.limited() && !storage_stopped_) {
    group.export_sent = group.exported = group.processed;
    return;
  }
  if (!group.serving) return;
  Node& node = node_of(replicas_[group.lead].broker);
  // Exporters are threads like any other, so they keep up with what is processed; when there is much to catch up with, after a failover, they leave a
  // core to the rest.
  const int most = std::max(1, static_cast<int>(node.cores.cores()) - 1);
  while (!storage_stopped_ && group.lumps < lumps_at_once) {
    const std::int64_t waiting = group.processed - group.export_sent;
    if (waiting == 0 || (group.lumps > 0 && waiting < lump)) return;
    if (node.exporting >= most) {
      if (!group.export_waits) node.exports_waiting.push(replicas_[group.lead].partition);
      group.export_waits = true;
      return;
    }
    const std::uint32_t index = lumps_.take();
    Lump& next = lumps_[index];
    const double each_s = service.exporter_s * round_share_;
    const auto fair = each_s > 0 ? static_cast<std::int64_t>(std::clamp(longest_lump_s / each_s, 1.0, static_cast<double>(large_lump))) : large_lump;
    next.entries = std::min({waiting, waiting > large_lump ? large_lump : lump, fair});
    next.replica = group.lead;
    next.term = group.term;
    next.order = group.lumps_ever++;
    next.in_storage = false;
    group.export_sent += next.entries;
    ++group.lumps;
    ++node.exporting;
    const Instant done = node.cores.serve_first(now_, static_cast<double>(next.entries) * each_s);
    push(done, Kind::exported, rank_of_replica(group.lead, Kind::exported, next.order), index);
  }
}

void Pipeline::Flow::on_exported(std::uint32_t index, sim::Key key) {
  Lump& done = lumps_[index];
  const Replica& replica = replicas_[done.replica];
  Group& group = groups_[replica.partition];
  const bool here = group.term == done.term;
  if (here && !done.in_storage && parks(replica.broker, key)) return;
  if (done.in_storage) return here ? stored(index) : lumps_.give(index);
  Node& node = node_of(replica.broker);
  node.cores.done(now_);
  --node.exporting;
  if (!here)
    lumps_.give(index);
  else if (storage_stopped_)
    stalled_.push_back(index);
  else
    store(index);
  // Those that waited for a core come first, in the order in which they came; then this one again.
  while (node.exporting < std::max(1, static_cast<int>(node.cores.cores()) - 1) && !node.exports_waiting.empty()) {
    Group& other = groups_[node.exports_waiting.pop()];
    other.export_waits = false;
    if (other.serving && &node_of(replicas_[other.lead].broker) == &node) export_more(other);
  }
  if (here) export_more(group);
}

void Pipeline::Flow::store(std::uint32_t index) {
  Lump& next = lumps_[index];
  const Instant at = storage_.serve(now_, static_cast<double>(next.entries) * deployment_.service.exported * round_share_);
  if (at == now_) return stored(index);
  next.in_storage = true;
  push(at, Kind::exported, rank_of_replica(next.replica, Kind::exported, next.order), index);
}

void Pipeline::Flow::stored(std::uint32_t index) {
  const Lump done = lumps_[index];
  lumps_.give(index);
  Group& group = groups_[replicas_[done.replica].partition];
  group.exported += done.entries;
  --group.lumps;
  export_more(group);
}

std::int64_t Pipeline::Flow::records_waiting(const Group& group) const {
  if (!exports_) return 0;
  return static_cast<std::int64_t>(static_cast<double>(group.processed - group.exported) * deployment_.service.exported * round_share_ + 0.5);
}

}  // namespace nines::workload
