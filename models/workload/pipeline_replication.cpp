// From the leader's door to the commit: let in, append, batches to followers, fsyncs, acknowledgements, quorum.
#include <algorithm>
#include <array>
#include <utility>

#include "models/workload/pipeline_flow.hpp"

namespace nines::workload {

namespace {

// A disk without fsyncs is behind by no more than this before whoever writes must wait.
constexpr Duration page_cache = 100ms;

}  // namespace

void Pipeline::Flow::on_leader(std::uint32_t index, sim::Key key) {
  Command& command = commands_[index];
  Group& group = groups_[command.partition];
  const Broker& broker = brokers_[command.holder];
  if (!broker.running) return lost_at(index, broker.reset);
  if (parks(command.holder, key)) return;
  if (receives_later(command.holder, deployment_.service.request_bytes, command, key)) return;
  if (!group.serving || group.leader != command.holder) return send_back(index, Rejected::no_leader);
  if (node_of(command.holder).rejects) return send_back(index, Rejected::disk_full);
  if (group.writes.on() && !group.writes.accepts(now_)) return send_back(index, Rejected::write_limit);
  if (!group.limit.accepts(group.in_work)) return send_back(index, Rejected::request_limit);
  ++group.in_work;
  ++counts_.accepted;
  command.in_work = true;
  command.admitted = now_;
  command.term = group.term;
  next_round(index);
}

void Pipeline::Flow::on_leader_done(std::uint32_t index, sim::Key key) {
  Command& command = commands_[index];
  const Group& group = groups_[command.partition];
  const bool here = group.term == command.term;
  if (here && parks(command.holder, key)) return;
  node_of(command.holder).cores.done(now_);
  if (!here) return leader_changed_its_mind(index);
  to_write(index);
}

// The first round of a command is lost with its leader. The next ones follow from what is committed, so the next leader goes on with them.
void Pipeline::Flow::leader_changed_its_mind(std::uint32_t index) {
  Command& command = commands_[index];
  Group& group = groups_[command.partition];
  if (command.round == 0) {
    const Broker& broker = brokers_[command.holder];
    return lost_at(index, broker.running ? !broker.paused && !cut(command.gateway, command.holder) : broker.reset);
  }
  if (!group.serving) return group.carried.push_back(index);
  command.holder = static_cast<std::uint16_t>(group.leader);
  command.term = group.term;
  next_round(index);
}

void Pipeline::Flow::to_write(std::uint32_t index) {
  if (deployment_.service.leader_batch_s <= 0) {
    append(index);
    return written_by_leader(groups_[commands_[index].partition]);
  }
  Group& group = groups_[commands_[index].partition];
  group.unwritten.push(index);
  if (group.writing == 0) begin_write(group);
}

// One batch at a time; where the leader flushes beside its followers the next one waits for that (etcd's raft loop: Ready, Save, Advance).
void Pipeline::Flow::begin_write(Group& group) {
  if (deployment_.replication.leader_flush == LeaderFlush::beside && replicas_[group.lead].flushing != Flushing::idle) return;
  group.writing = std::min(static_cast<std::int64_t>(group.unwritten.size()), entries_per_batch_);
  if (group.writing == 0) return;
  Replica& leader = replicas_[group.lead];
  leader.write_ends = node_of(leader.broker).cores.serve(now_, deployment_.service.leader_batch_s);
  push(leader.write_ends, Kind::write_done, rank_of_replica(group.lead, Kind::write_done), group.lead, 3);
}

void Pipeline::Flow::on_write_done(std::uint32_t index, sim::Key key) {
  Replica& replica = replicas_[index];
  const bool here = replica.write_ends == now_;
  if (here && parks(replica.broker, key)) return;
  node_of(replica.broker).cores.done(now_);
  if (!here) return;
  replica.write_ends = never;
  Group& group = groups_[replica.partition];
  const double full = static_cast<double>(group.writing) / static_cast<double>(entries_per_batch_);
  replica.flush.busy_ns += full * node_of(replica.broker).cores.time(deployment_.service.leader_batch_s);
  for (std::int64_t n = std::exchange(group.writing, 0); n > 0; --n) append(group.unwritten.pop());
  written_by_leader(group);
  if (group.writing == 0) begin_write(group);
}

void Pipeline::Flow::append(std::uint32_t index) {
  Command& command = commands_[index];
  Group& group = groups_[command.partition];
  command.since = now_;
  group.log.push(index);
  ++group.last;
  group.append.arrive(now_);
  if (group.writes.on()) group.writes.written(std::max(1.0, deployment_.service.exported * round_share_));
  Replica& leader = replicas_[group.lead];
  leader.written = group.last;
  if (deployment_.replication.leader_flush != LeaderFlush::after && flushes(leader)) {
    leader.flush.arrive(now_);
    leader.joined.push(now_);
  }
}

// What was appended goes to the followers together, and to the leader's own disk.
void Pipeline::Flow::written_by_leader(Group& group) {
  Replica& leader = replicas_[group.lead];
  for (std::uint32_t r = group.first; r < group.first + group.count; ++r) {
    if (r != group.lead) send_entries(group, r);
  }
  if (deployment_.replication.leader_flush == LeaderFlush::after) {
    if (group.count == 1) advance(group);
    return;
  }
  if (flushes(leader)) {
    if (leader.flushing == Flushing::idle) start_flush(group.lead);
    return;
  }
  leader.durable = leader.written;
  if (group.count == 1) advance(group);
}

void Pipeline::Flow::send_entries(Group& group, std::uint32_t index) {
  Replica& replica = replicas_[index];
  const Replica& leader = replicas_[group.lead];
  while (replica.in_flight < deployment_.replication.window && replica.sent < group.last) {
    const Broker& broker = brokers_[replica.broker];
    if (!group.serving || !broker.running || cut(leader.broker, replica.broker) || nodes_[broker.machine].refuses) return;
    const std::uint32_t b = batches_.take();
    Batch& batch = batches_[b];
    batch.from = replica.sent;
    batch.to = std::min(group.last, replica.sent + entries_per_batch_);
    batch.sent = now_;
    batch.replica = index;
    batch.epoch = replica.epoch;
    batch.order = replica.batches++;
    batch.received = broker.machine == brokers_[leader.broker].machine;
    replica.sent = batch.to;
    ++batches_ever_;
    replicated_ += static_cast<std::uint64_t>(batch.to - batch.from);
    ++replica.in_flight;
    replica.window.arrive(now_);
    const Instant at = send(leader.broker, replica.broker, (batch.to - batch.from) * entry_bytes_, streams_.of(index, Purpose::append_delay),
                            Slot{.index = batch.order}, &replica.last_arrival);
    push(at, Kind::batch_in, rank_of_replica(index, Kind::batch_in, batch.order), b, 4);
  }
}

void Pipeline::Flow::on_batch(std::uint32_t index, sim::Key key) {
  Batch& batch = batches_[index];
  Replica& replica = replicas_[batch.replica];
  if (batch.epoch != replica.epoch) return batches_.give(index);
  if (parks(replica.broker, key)) return;
  if (receives_later(replica.broker, (batch.to - batch.from) * entry_bytes_, batch, key)) return;
  const Service& service = deployment_.service;
  const double work = static_cast<double>(batch.to - batch.from) * service.follower_s * round_share_ + service.follower_batch_s;
  if (work <= 0) return written(index);
  replica.last_written = std::max(replica.last_written, node_of(replica.broker).cores.serve(now_, work));
  push(replica.last_written, Kind::batch_done, rank_of_replica(batch.replica, Kind::batch_done, batch.order), index, 4);
}

void Pipeline::Flow::on_batch_done(std::uint32_t index, sim::Key key) {
  const Replica& replica = replicas_[batches_[index].replica];
  const bool here = batches_[index].epoch == replica.epoch;
  if (here && parks(replica.broker, key)) return;
  node_of(replica.broker).cores.done(now_);
  if (!here) return batches_.give(index);
  written(index);
}

void Pipeline::Flow::written(std::uint32_t index) {
  Batch& batch = batches_[index];
  Replica& replica = replicas_[batch.replica];
  replica.written = std::max(replica.written, batch.to);
  if (flushes(replica)) {
    if (batch.to > replica.durable) {
      replica.unflushed.push(index);
      return join_flush(batch.replica);
    }
  } else {
    replica.durable = replica.written;
  }
  acknowledge(index);
}

void Pipeline::Flow::acknowledge(std::uint32_t index) {
  Batch& batch = batches_[index];
  Replica& replica = replicas_[batch.replica];
  const std::uint16_t leader = replicas_[groups_[replica.partition].lead].broker;
  if (cut(replica.broker, leader)) return batches_.give(index);  // Sent again when the link heals.
  const Instant at =
      send(replica.broker, leader, 0, streams_.of(batch.replica, Purpose::append_delay), Slot{.term = 1, .index = batch.order}, &replica.last_ack);
  push(at, Kind::ack_in, rank_of_replica(batch.replica, Kind::ack_in, batch.order), index, 5);
}

void Pipeline::Flow::on_ack(std::uint32_t index, sim::Key key) {
  const Batch batch = batches_[index];
  Replica& replica = replicas_[batch.replica];
  Group& group = groups_[replica.partition];
  if (batch.epoch == replica.epoch && parks(replicas_[group.lead].broker, key)) return;
  batches_.give(index);
  if (batch.epoch != replica.epoch) return;
  --replica.in_flight;
  replica.window.leave(now_);
  replica.window.stayed(now_ - batch.sent);
  replica.window.busy_ns += static_cast<double>((now_ - batch.sent).count()) * static_cast<double>(batch.to - batch.from) /
                            (static_cast<double>(deployment_.replication.window) * static_cast<double>(entries_per_batch_));
  replica.match = std::max(replica.match, batch.to);
  advance(group);
  send_entries(group, batch.replica);
}

// Whether what a replica writes must pass its disk before anybody hears of it.
bool Pipeline::Flow::flushes(const Replica& replica) const { return must_flush(replica) || nodes_[brokers_[replica.broker].machine].disk.limited(); }

bool Pipeline::Flow::must_flush(const Replica& replica) const {
  const Group& group = groups_[replica.partition];
  const bool leader = group.serving && &replica == &replicas_[group.lead];
  const Replication& how = deployment_.replication;
  return leader ? how.leader_flush != LeaderFlush::none : how.follower_flush;
}

bool Pipeline::Flow::leads(std::uint32_t replica) const {
  const Group& group = groups_[replicas_[replica].partition];
  return group.serving && group.lead == replica;
}

void Pipeline::Flow::join_flush(std::uint32_t index) {
  Replica& replica = replicas_[index];
  replica.flush.arrive(now_);
  replica.joined.push(now_);
  if (replica.flushing == Flushing::idle) start_flush(index);
}

// As soon as the disk may begin another one.
void Pipeline::Flow::start_flush(std::uint32_t index) {
  Replica& replica = replicas_[index];
  Node& node = node_of(replica.broker);
  if (node.flush_spacing == Duration{0} || !must_flush(replica)) return begin_flush(index);
  const Instant begins = std::max(now_, node.next_flush);
  node.next_flush = begins + node.flush_spacing;
  node.flushes.arrive(now_);
  replica.flushing = Flushing::waiting;
  replica.flush_began = now_;
  replica.flush_ends = begins;
  push(begins, Kind::flush, rank_of_replica(index, Kind::flush), index);
}

// All that waits now goes in: group commit.
void Pipeline::Flow::begin_flush(std::uint32_t index) {
  Replica& replica = replicas_[index];
  Node& node = node_of(replica.broker);
  replica.flushing = Flushing::running;
  replica.flush_began = now_;
  replica.flush_joins = replica.joined.size();
  // A leader that flushes after its followers flushes what a quorum of them has.
  const bool after = leads(index) && deployment_.replication.leader_flush == LeaderFlush::after;
  replica.flush_to = after ? replica.wanted : replica.written;
  const Instant bytes_done = node.disk.serve(now_, static_cast<double>((replica.flush_to - replica.durable) * entry_bytes_));
  Instant ends = std::max(now_, bytes_done - page_cache);
  if (must_flush(replica)) {
    const Law& law = deployment_.machines[brokers_[replica.broker].machine].flush;
    const double u = law.kind == Law::Kind::fixed ? 0.5 : streams_.of(index, Purpose::append_flush).uniform(Slot{.index = replica.flushes});
    ends = std::max(now_ + law.sample(u), bytes_done);
  }
  ++replica.flushes;
  replica.flush_ends = ends;
  push(ends, Kind::flush, rank_of_replica(index, Kind::flush), index);
}

void Pipeline::Flow::on_flush(std::uint32_t index, sim::Key key) {
  Replica& replica = replicas_[index];
  if (replica.flush_ends != now_) return;  // Of an earlier life.
  if (replica.flushing == Flushing::waiting) {
    Meter& flushes = node_of(replica.broker).flushes;
    flushes.stayed(now_ - replica.flush_began);
    flushes.leave(now_);
    return begin_flush(index);
  }
  if (brokers_[replica.broker].hung) return brokers_[replica.broker].unflushed.push_back(key);
  if (parks(replica.broker, key)) return;
  // What can wait for it: a window of batches, or one where a leader writes one at a time.
  const bool one_batch = leads(index) && deployment_.service.leader_batch_s > 0;
  const double capacity = static_cast<double>(one_batch ? 1 : deployment_.replication.window) * static_cast<double>(entries_per_batch_);
  const double full = std::min(1.0, static_cast<double>(replica.flush_to - replica.durable) / capacity);
  if (!one_batch || deployment_.replication.leader_flush == LeaderFlush::beside) {
    replica.flush.busy_ns += full * static_cast<double>((now_ - replica.flush_began).count());
  }
  // An fsync that is not full could have taken more, and a leader's takes all there is: only followers' windows make slots scarce.
  if (must_flush(replica) && deployment_.replication.follower_flush) {
    Node& node = node_of(replica.broker);
    node.flushes.busy_ns += full * static_cast<double>(node.flush_spacing.count());
  }
  replica.flush.leave(now_, static_cast<std::int64_t>(replica.flush_joins));
  for (; replica.flush_joins > 0; --replica.flush_joins) replica.flush.stayed(now_ - replica.joined.pop());
  replica.flush_ends = never;
  replica.flushing = Flushing::idle;
  replica.durable = std::max(replica.durable, replica.flush_to);
  if (!replica.joined.empty()) start_flush(index);
  while (!replica.unflushed.empty() && batches_[replica.unflushed.front()].to <= replica.durable) acknowledge(replica.unflushed.pop());
  if (!leads(index)) return;
  Group& group = groups_[replica.partition];
  if (group.writing == 0 && !group.unwritten.empty()) begin_write(group);
  if (deployment_.replication.leader_flush == LeaderFlush::after) {
    commit_to(group, replica.durable);
  } else {
    advance(group);
  }
}

// What a quorum has is committed; a leader that flushes after its followers flushes first.
void Pipeline::Flow::advance(Group& group) {
  if (!group.serving) return;
  const bool after = deployment_.replication.leader_flush == LeaderFlush::after;
  std::array<std::int64_t, 16> have{};
  std::size_t n = 0;
  for (std::uint32_t r = group.first; r < group.first + group.count; ++r) {
    if (!replicas_[r].votes) continue;
    const std::int64_t index = r != group.lead ? replicas_[r].match : after ? group.last : replicas_[r].durable;
    std::size_t at = n++;
    for (; at > 0 && have[at - 1] < index; --at) have[at] = have[at - 1];
    have[at] = index;
  }
  const std::int64_t quorum_has = have[n / 2];
  if (!after) return commit_to(group, quorum_has);
  Replica& leader = replicas_[group.lead];
  if (quorum_has <= leader.wanted) return;
  leader.wanted = quorum_has;
  join_flush(group.lead);
}

void Pipeline::Flow::commit_to(Group& group, std::int64_t index) {
  if (index <= group.commit) return;
  const auto first = static_cast<std::size_t>(group.commit - group.processed);
  const auto count = static_cast<std::size_t>(index - group.commit);
  for (std::size_t i = first; i < first + count; ++i) {
    Command& command = commands_[group.log[i]];
    group.append.stayed(now_ - command.since);
    command.since = now_;
  }
  group.append.leave(now_, static_cast<std::int64_t>(count));
  group.thread.arrive(now_, static_cast<std::int64_t>(count));
  group.commit = index;
  committed_ += count;
  process(group);
}

}  // namespace nines::workload
