// What happens to the cluster from outside, and what is looked at from time to time.
#include <algorithm>

#include "models/workload/backlog.hpp"
#include "models/workload/pipeline_flow.hpp"

namespace nines::workload {

const char* name(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::broker_stops: return "broker stops";
    case Change::Kind::broker_vanishes: return "broker vanishes";
    case Change::Kind::broker_returns: return "broker returns";
    case Change::Kind::leader_serves: return "leader serves";
    case Change::Kind::leader_lost: return "leader lost";
    case Change::Kind::replica_removed: return "replica removed";
    case Change::Kind::replica_joins: return "replica joins";
    case Change::Kind::link_cut: return "link cut";
    case Change::Kind::link_heals: return "link heals";
    case Change::Kind::broker_pauses: return "broker pauses";
    case Change::Kind::broker_resumes: return "broker resumes";
    case Change::Kind::disk_hangs: return "disk hangs";
    case Change::Kind::disk_recovers: return "disk recovers";
    case Change::Kind::export_stops: return "export stops";
    case Change::Kind::export_resumes: return "export resumes";
  }
  return "?";
}

void Pipeline::Flow::on_change(std::uint32_t index) {
  const Change& change = options_.changes[index];
  Broker& broker = brokers_[change.broker];
  switch (change.kind) {
    case Change::Kind::broker_stops: return stop(change.broker, true);
    case Change::Kind::broker_vanishes: return stop(change.broker, false);
    case Change::Kind::broker_returns: return come_back(change.broker);
    case Change::Kind::leader_serves: return lead(change.partition, change.broker);
    case Change::Kind::leader_lost:
      lose_leader(change.partition);
      groups_[change.partition].leader = -1;
      return;
    case Change::Kind::replica_removed:
    case Change::Kind::replica_joins: {
      Group& group = groups_[change.partition];
      for (std::uint32_t r = group.first; r < group.first + group.count; ++r)
        if (replicas_[r].broker == change.broker) replicas_[r].votes = change.kind == Change::Kind::replica_joins;
      return advance(group);
    }
    case Change::Kind::link_cut:
    case Change::Kind::link_heals: {
      std::uint8_t& there = cut_[change.broker * brokers_.size() + change.to];
      const std::uint8_t now_cut = change.kind == Change::Kind::link_cut ? 1 : 0;
      if (there == now_cut || change.broker == change.to) return;
      cuts_ += now_cut != 0 ? 1 : -1;
      there = cut_[change.to * brokers_.size() + change.broker] = now_cut;
      if (now_cut == 0) heal(change.broker, change.to);
      return;
    }
    case Change::Kind::broker_pauses: broker.paused = broker.running; return;
    case Change::Kind::broker_resumes: broker.paused = false; return unpark(broker.parked);
    case Change::Kind::disk_hangs: broker.hung = broker.running; return;
    case Change::Kind::disk_recovers: broker.hung = false; return unpark(broker.unflushed);
    case Change::Kind::export_stops: storage_stopped_ = true; return;
    case Change::Kind::export_resumes: {
      storage_stopped_ = false;
      std::vector<std::uint32_t> waiting;
      waiting.swap(stalled_);
      for (const std::uint32_t lump : waiting) {
        groups_[replicas_[lumps_[lump].replica].partition].term == lumps_[lump].term ? store(lump) : lumps_.give(lump);
      }
      for (Group& group : groups_) export_more(group);
      return;
    }
  }
}

void Pipeline::Flow::stop(std::uint16_t index, bool told) {
  Broker& broker = brokers_[index];
  if (!broker.running) return;
  broker.running = false;
  broker.reset = told;
  ++broker.epoch;
  for (const std::uint32_t r : broker.replicas) {
    Replica& replica = replicas_[r];
    if (leads(r)) lose_leader(replica.partition);
    forget_flight(r);
  }
  broker.paused = broker.hung = false;
  unpark(broker.parked);
  unpark(broker.unflushed);
  set_rates();
  if (told) connections_are_reset(index);
}

void Pipeline::Flow::come_back(std::uint16_t index) {
  Broker& broker = brokers_[index];
  if (broker.running) return;
  broker.running = true;
  set_rates();
  for (const std::uint32_t r : broker.replicas) {
    Group& group = groups_[replicas_[r].partition];
    if (group.serving && r != group.lead) send_entries(group, r);
  }
}

// What had to wait happens now. Its kinds that name a replica are told apart from those of earlier lives by their instants.
void Pipeline::Flow::unpark(std::vector<sim::Key>& parked) {
  for (const sim::Key key : parked) {
    const Instant was = sim::time_of(key);
    const std::uint32_t slot = sim::slot_of(key);
    const auto kind = static_cast<Kind>(slot >> 24);
    if (kind == Kind::thread_done || kind == Kind::write_done || kind == Kind::flush) {
      Replica& replica = replicas_[slot & 0xff'ffffu];
      Instant& due = kind == Kind::thread_done ? replica.thread_ends : kind == Kind::write_done ? replica.write_ends : replica.flush_ends;
      if (due == was) due = now_;
    }
    queue_.push(sim::with_time(key, now_));
  }
  parked.clear();
}

// Nothing that is on its way to or from this replica counts any more; what is on its disk stays.
void Pipeline::Flow::forget_flight(std::uint32_t index) {
  Replica& replica = replicas_[index];
  const Group& group = groups_[replica.partition];
  ++replica.epoch;
  replica.window.vanish(now_, replica.in_flight);
  replica.in_flight = 0;
  while (!replica.unflushed.empty()) batches_.give(replica.unflushed.pop());
  replica.flush.vanish(now_, static_cast<std::int64_t>(replica.joined.size()));
  replica.joined.clear();
  replica.flush_joins = 0;
  if (replica.flushing == Flushing::waiting) node_of(replica.broker).flushes.vanish(now_, 1);
  replica.flushing = Flushing::idle;
  replica.flush_ends = never;
  replica.durable = std::min(replica.durable, group.last);
  replica.written = replica.flush_to = replica.wanted = replica.match = replica.sent = replica.durable;
}

// What is not committed is lost: its clients see an error where the old leader can still say so, and wait where it cannot.
void Pipeline::Flow::lose_leader(std::uint32_t partition) {
  Group& group = groups_[partition];
  if (!group.serving) return;
  Replica& old = replicas_[group.lead];
  const Broker& broker = brokers_[old.broker];
  group.serving = false;
  ++group.term;
  group.busy = false;
  old.thread_ends = old.write_ends = never;
  group.writing = 0;
  group.append.vanish(now_, group.last - group.commit);
  const auto end = [&](std::uint32_t index) {
    Command& command = commands_[index];
    if (command.round > 0) return group.carried.push_back(index);
    lost_at(index, broker.running ? !broker.paused && !cut(command.gateway, old.broker) : broker.reset);
  };
  for (auto i = static_cast<std::size_t>(group.commit - group.processed); i < group.log.size(); ++i) end(group.log[i]);
  lost_ += static_cast<std::uint64_t>(group.last - group.commit);
  for (; group.last > group.commit; --group.last) group.log.pop_back();
  while (!group.unwritten.empty()) end(group.unwritten.pop());
  for (std::uint32_t r = group.first; r < group.first + group.count; ++r) forget_flight(r);
  // The exporter's position is kept in snapshots: what was exported since then is exported again.
  group.export_sent = group.exported = std::min(group.exported, group.snapshot);
  group.lumps = 0;
}

// A new leader has all that is committed: an election gives it to no other.
void Pipeline::Flow::lead(std::uint32_t partition, std::uint16_t broker) {
  Group& group = groups_[partition];
  if (group.serving && group.leader == broker) return;
  lose_leader(partition);
  group.leader = static_cast<std::int16_t>(broker);
  if (!brokers_[broker].running) return;
  group.lead = nobody;
  for (std::uint32_t r = group.first; r < group.first + group.count; ++r) {
    if (replicas_[r].broker == broker) group.lead = r;
  }
  SIM_CHECK(group.lead != nobody, "a partition is led by a broker that has no replica of it");
  ++group.term;
  group.serving = true;
  forget_flight(group.lead);
  Replica& leader = replicas_[group.lead];
  leader.written = leader.durable = leader.flush_to = leader.wanted = leader.match = leader.sent = group.last;
  group.limit = RequestLimit(options_.flow.requests);
  group.writes = WriteLimit(options_.flow.writes);
  group.exported_before = group.exported;
  for (std::uint32_t r = group.first; r < group.first + group.count; ++r) {
    if (r != group.lead) send_entries(group, r);
  }
  std::vector<std::uint32_t> carried;
  carried.swap(group.carried);
  for (const std::uint32_t index : carried) {
    Command& command = commands_[index];
    command.holder = broker;
    command.term = group.term;
    next_round(index);
  }
  process(group);
  group.export_waits = false;
  if (exports_) export_more(group);
}

void Pipeline::Flow::heal(std::uint16_t a, std::uint16_t b) {
  for (const std::uint16_t from : {a, b}) {
    const std::uint16_t to = from == a ? b : a;
    for (const std::uint32_t r : brokers_[to].replicas) {
      Group& group = groups_[replicas_[r].partition];
      if (!group.serving || group.leader != from) continue;
      forget_flight(r);
      send_entries(group, r);
    }
  }
}

// What brokers take without load slows the cores of their machines.
void Pipeline::Flow::set_rates() {
  for (std::size_t m = 0; m < nodes_.size(); ++m) {
    const Machine& machine = deployment_.machines[m];
    const auto running = std::count_if(brokers_.begin(), brokers_.end(), [&](const Broker& b) { return b.machine == m && b.running; });
    const double left = machine.cpu() - deployment_.service.idle_cores * static_cast<double>(running);
    nodes_[m].cores.set_rate(std::max(left, 1e-3 * machine.cpu()) / machine.cores);  // Hardly anything, rather than nothing.
  }
}

void Pipeline::Flow::on_tick(std::uint32_t which) {
  const auto again = [&](Duration period) { push(now_ + period, Kind::tick, sim::make_rank(sim::Class::alarm, which), which); };
  if (which == tick_timeouts) return on_timeouts();
  if (which == tick_disk) {
    check_disks();
    return again(options_.log.disk_checked_every);
  }
  if (which == tick_throttle) {
    for (Group& group : groups_) {
      const double each = deployment_.service.exported * round_share_;
      group.writes.measured(static_cast<double>(group.processed - group.exported) * each, static_cast<double>(group.exported - group.exported_before) * each);
      group.exported_before = group.exported;
    }
    return again(options_.flow.writes.resolution);
  }
  Group& group = groups_[which - tick_snapshot];
  if (group.serving) {
    group.snapshot = exports_ ? std::min(group.processed, group.exported) : group.processed;
    const std::int64_t bytes = group.last * entry_bytes_;
    group.compacted_bytes = std::max(group.compacted_bytes, bytes - kept_bytes(bytes, group.snapshot * entry_bytes_, options_.log.segment_bytes));
  }
  again(options_.log.snapshot_every);
}

std::int64_t Pipeline::Flow::log_bytes(std::size_t machine) const {
  std::int64_t bytes = 0;
  for (const Broker& broker : brokers_) {
    if (broker.machine != machine) continue;
    bytes += options_.log.state_bytes;
    for (const std::uint32_t r : broker.replicas) {
      bytes += std::max<std::int64_t>(0, replicas_[r].written * entry_bytes_ - groups_[replicas_[r].partition].compacted_bytes);
    }
  }
  return bytes;
}

void Pipeline::Flow::check_disks() {
  for (std::size_t m = 0; m < nodes_.size(); ++m) {
    if (deployment_.machines[m].disk_bytes <= 0) continue;
    const std::int64_t free = deployment_.machines[m].disk_bytes - log_bytes(m);
    nodes_[m].rejects = free < options_.log.free_for_commands;
    nodes_[m].refuses = free < options_.log.free_for_replication;
  }
  // Whoever had to stop goes on where there is room again.
  for (Group& group : groups_) {
    if (!group.serving) continue;
    process(group);
    for (std::uint32_t r = group.first; r < group.first + group.count; ++r) {
      if (r != group.lead) send_entries(group, r);
    }
  }
}

}  // namespace nines::workload
